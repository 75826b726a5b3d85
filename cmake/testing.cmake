include(GoogleTest)

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
