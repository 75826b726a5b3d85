# find_package(mxemu CONFIG) gives mxemu::spec and mxemu::reference. Headers keep their paths below include/mxemu, so
# a user writes #include "reference/block.hpp" as we do.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS mxemu_spec mxemu_reference EXPORT mxemuTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY spec reference DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mxemu FILES_MATCHING PATTERN "*.hpp")
install(EXPORT mxemuTargets NAMESPACE mxemu:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/mxemuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/mxemuConfig.cmake.in ${CMAKE_BINARY_DIR}/mxemuConfig.cmake @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mxemuConfig.cmake ${CMAKE_BINARY_DIR}/mxemuConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
if(MXEMU_TOOLS)
  install(TARGETS mxemu RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
