include(GoogleTest)

# Of the interpreters there are, one that has NumPy is taken.
if(NOT DEFINED MXEMU_PYTHON)
  foreach(name python3 /usr/bin/python3)
    find_program(python NAMES ${name} NO_CACHE REQUIRED)
    execute_process(COMMAND ${python} -c "import numpy" RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
      break()
    endif()
    unset(python)
  endforeach()
  if(NOT python)
    find_program(python python3 NO_CACHE REQUIRED)
  endif()
  set(MXEMU_PYTHON ${python} CACHE FILEPATH "Python interpreter of the tests")
endif()

set(sanitizer_environment "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/sanitizer_suppressions.txt:print_suppressions=0")

# mxemu_test(NAME SOURCES... [LIBRARIES libs...]): one GoogleTest program, one CTest entry named NAME.
# One entry per program, not per case: a program's cases share tables that are slow to build.
function(mxemu_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES;LABELS")
  add_executable(${name} ${test_SOURCES})
  target_link_libraries(${name} PRIVATE mxemu_compiler ${test_LIBRARIES} GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "quick;${test_LABELS}" TIMEOUT 600
                       ENVIRONMENT "MXEMU_SOURCE_DIR=${CMAKE_SOURCE_DIR};${sanitizer_environment}")
endfunction()
