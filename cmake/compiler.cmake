# One set of language rules for every target: `target_link_libraries(x PRIVATE mxemu_compiler)`.
add_library(mxemu_compiler INTERFACE)
target_compile_features(mxemu_compiler INTERFACE cxx_std_20)
# No contraction, no fast-math: a fused or reassociated operation is a different answer.
target_compile_options(mxemu_compiler INTERFACE -Wall -Wextra -Wconversion -Wshadow -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in `"literal" + std::string` (GCC bug 105651); every finding is false.
  target_compile_options(mxemu_compiler INTERFACE -Wno-restrict)
endif()
# -O2 builds the tests in half the time of -O3; what must be fast asks for more itself.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
if(MXEMU_WERROR)
  target_compile_options(mxemu_compiler INTERFACE -Werror)
endif()
if(MXEMU_SANITIZE)
  add_compile_options(-fsanitize=${MXEMU_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MXEMU_SANITIZE})
endif()
