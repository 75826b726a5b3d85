# One file that includes every header of spec, reference and conformance: two types of one name in one namespace, which
# two programs' linkers would quietly make one, are an error here, and so is a header that does not stand alone.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     ${PROJECT_SOURCE_DIR}/spec/*.hpp ${PROJECT_SOURCE_DIR}/reference/*.hpp ${PROJECT_SOURCE_DIR}/conformance/*.hpp)
list(FILTER headers EXCLUDE REGEX "^conformance/((tests|vectors)/|verdict/json_text)")
list(SORT headers)
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n" OUTPUT_VARIABLE includes)
string(CONCAT includes ${includes})
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/headers.cpp CONTENT "${includes}" @ONLY)
add_library(mxemu_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/headers.cpp)
target_link_libraries(mxemu_headers PRIVATE mxemu::conformance mxemu_compiler)
