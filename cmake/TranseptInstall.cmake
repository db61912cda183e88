# cmake --install: the command, the library, its headers, a CMake package, a pkg-config file, and what counts exactly under QEMU.
include(CMakePackageConfigHelpers)

install(TARGETS transept EXPORT transept RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS transept_library transept_main EXPORT transept ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY harness/include/transept DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT transept NAMESPACE transept:: FILE transept-targets.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/transept)
configure_package_config_file(cmake/transept-config.cmake.in ${TRANSEPT_GENERATED}/transept-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/transept)
write_basic_package_version_file(${TRANSEPT_GENERATED}/transept-config-version.cmake
  VERSION ${TRANSEPT_VERSION_BASE} COMPATIBILITY SameMajorVersion)
install(FILES ${TRANSEPT_GENERATED}/transept-config.cmake ${TRANSEPT_GENERATED}/transept-config-version.cmake
  cmake/TranseptKernels.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/transept)
# The prefix follows from where the file lies: a package may be installed anywhere.
file(RELATIVE_PATH TRANSEPT_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/transept.pc.in ${TRANSEPT_GENERATED}/transept.pc @ONLY)
install(FILES ${TRANSEPT_GENERATED}/transept.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The emulator's plugins and their launcher, bin/transept-emulate. They run on the host that built them, so a cross build has none to install.
if(NOT CMAKE_CROSSCOMPILING)
  set(folder ${CMAKE_INSTALL_LIBEXECDIR}/transept)
  install(TARGETS transept-count-1 transept-count-2 transept-count-3 LIBRARY DESTINATION ${folder})
  install(PROGRAMS scripts/emulate scripts/arch DESTINATION ${folder})
  file(RELATIVE_PATH launcher /${CMAKE_INSTALL_BINDIR} /${folder}/emulate)
  install(CODE "file(CREATE_LINK \"${launcher}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/transept-emulate\" SYMBOLIC)")
endif()
