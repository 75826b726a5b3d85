# Installs the build, builds cmake/consumer against it and compares what its programs print. Run by the CTest
# `installed_package`.
#   cmake -DBUILD=<build> -DSOURCE=<root> -DGENERATOR=<generator> -DC=<cc> -DCXX=<c++>
#         -DFLAGS=<flags> -DC_LIBRARIES=<libraries a program in C needs>
#         -DPYTHON=<interpreter, or nothing> -P check_installed.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_output expected)
  run(${ARGN})
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${ARGN} printed:\n${output}\nwhere this was expected:\n${expected}")
  endif()
endfunction()

set(work ${BUILD}/installed_package)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/before)
file(RENAME ${work}/before ${work}/prefix)  # an installed tree may be moved
run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE}/cmake/consumer -B ${work}/build -DCMAKE_PREFIX_PATH=${work}/prefix
    -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_FLAGS=${FLAGS} -DCMAKE_CXX_FLAGS=${FLAGS}
    "-DCMAKE_C_STANDARD_LIBRARIES=${C_LIBRARIES}")
run(${CMAKE_COMMAND} --build ${work}/build)
expect_output("7f: 2 4 f, as the reference\n" ${work}/build/consumer)
expect_output("8 scales from 7f, codes from cd ac, -2.4375 becomes -2
-0.5 is half of -1, -1.75 is half of -3.5, -1.25 is half of -2.5, 0.375 is half of 0.75
scale_rule: no word \"sideways\"\n"
              ${work}/build/simulator)
expect_output("7f: a46, package found\n" ${work}/build/bench)
expect_output("PASSED block  MXFP4_E2M1   profile=ocp   2 elements in 1 blocks\n" ${work}/build/verdict)
if(EXISTS ${work}/build/gpu)
  run(${work}/build/gpu)
  if(NOT output MATCHES "^(7f: f2|no GPU that CUDA can use)")
    message(FATAL_ERROR "gpu printed:\n${output}")
  endif()
endif()
if(PYTHON)  # finds the libraries of the tree that it is in, wherever that has been moved
  expect_output("PASSED tensor  MXFP4_E2M1   profile=ocp   32 elements in 1 blocks\n"
    ${CMAKE_COMMAND} -E env --unset=MXEMU_LIBRARY PYTHONPATH=${work}/prefix/share/mxemu/python ${PYTHON} -c
    "import mxemu
x = memoryview(bytes(128)).cast('f')
print(mxemu.judge(x, *mxemu.quantize(x, 'MXFP4_E2M1'), format='MXFP4_E2M1'))")
endif()
