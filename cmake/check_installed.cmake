# Installs the build, builds cmake/consumer against it and compares what it prints. Run by the CTest `installed_package`.
#   cmake -DBUILD=<build> -DSOURCE=<root> -DGENERATOR=<generator> -DCOMPILER=<c++> -DFLAGS=<flags> -P check_installed.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(work ${BUILD}/installed_package)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/prefix)
run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE}/cmake/consumer -B ${work}/build -DCMAKE_PREFIX_PATH=${work}/prefix
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/consumer)
if(NOT output STREQUAL "7f: 2 4 f\n")
  message(FATAL_ERROR "the installed library printed: ${output}")
endif()
