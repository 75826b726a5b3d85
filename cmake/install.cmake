# find_package(mxemu CONFIG) gives mxemu::spec and mxemu::reference. Headers keep their paths below include/mxemu, so
# a user writes #include "reference/block.hpp" as we do.
include(CMakePackageConfigHelpers)

install(TARGETS mxemu_spec mxemu_reference EXPORT mxemuTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY spec reference DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mxemu FILES_MATCHING PATTERN "*.hpp")
install(EXPORT mxemuTargets NAMESPACE mxemu:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mxemuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/mxemuConfig.cmake.in ${PROJECT_BINARY_DIR}/mxemuConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
install(FILES ${PROJECT_BINARY_DIR}/mxemuConfig.cmake ${PROJECT_BINARY_DIR}/mxemuConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
if(MXEMU_TOOLS)
  install(TARGETS mxemu RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
