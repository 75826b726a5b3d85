# find_package(mxemu CONFIG) gives mxemu::spec, mxemu::reference, mxemu::fast (C++, static), mxemu::mxemu (the C ABI,
# libmxemu.so), mxemu::dpi (libmxemu_dpi.so, for test benches) and, with the tools, mxemu::check (the suite, C,
# libmxemu_check.so). C++ headers keep their paths below include/mxemu, so a user writes #include "reference/block.hpp" as
# we do; a C program writes #include <mxemu.h>. The SystemVerilog package over libmxemu_dpi.so is share/mxemu/mxemu_pkg.sv,
# in CMake ${mxemu_SV_PACKAGE}.
# A build with CUDA adds mxemu::cuda, for which a user asks as the component `cuda`: it needs the CUDA toolkit, the rest does not.
include(CMakePackageConfigHelpers)

install(TARGETS mxemu_spec mxemu_reference mxemu_fast mxemu_shared mxemu_dpi EXPORT mxemuTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY spec reference fast DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mxemu FILES_MATCHING PATTERN "*.hpp"
        PATTERN "avx*" EXCLUDE PATTERN "amx*" EXCLUDE)
install(FILES fast/mxemu.h conformance/dpi/mxemu_dpi.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(MXEMU_SV_DIR ${CMAKE_INSTALL_DATADIR}/mxemu)
install(FILES conformance/dpi/mxemu_pkg.sv DESTINATION ${MXEMU_SV_DIR})
if(MXEMU_TOOLS)
  install(TARGETS mxemu_check EXPORT mxemuTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES conformance/plugin/mx_subject.h conformance/plugin/mxemu_check.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
if(MXEMU_CUDA)
  install(TARGETS mxemu_cuda mxemu_cuda_bf16 EXPORT mxemuCudaTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY cuda DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mxemu FILES_MATCHING PATTERN "*.hpp" PATTERN "on_*" EXCLUDE)
  install(EXPORT mxemuCudaTargets NAMESPACE mxemu:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/mxemu.pc.in ${PROJECT_BINARY_DIR}/mxemu.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/mxemu.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(EXPORT mxemuTargets NAMESPACE mxemu:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mxemuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/mxemuConfig.cmake.in ${PROJECT_BINARY_DIR}/mxemuConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu PATH_VARS MXEMU_SV_DIR)
install(FILES ${PROJECT_BINARY_DIR}/mxemuConfig.cmake ${PROJECT_BINARY_DIR}/mxemuConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mxemu)
if(MXEMU_TOOLS)
  install(TARGETS mxemu RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY conformance/python/mxemu DESTINATION ${CMAKE_INSTALL_DATADIR}/mxemu/python FILES_MATCHING PATTERN "*.py"
          PATTERN "__pycache__" EXCLUDE)
endif()
