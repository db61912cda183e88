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

# The page of `transept report`, where scripts/web has made it: `make install` sees to it.
install(FILES build/web/report-template.html DESTINATION ${CMAKE_INSTALL_DATADIR}/transept OPTIONAL)

# Man pages and completion, which the command itself writes. A foreign one runs under the emulator; what it writes is the same on every ISA.
set(TRANSEPT_MANUAL "" CACHE PATH "man pages and completion of a native build (its folder manual/), where nothing runs what is built")
set(manual ${PROJECT_BINARY_DIR}/manual)
if(TRANSEPT_MANUAL)
  set(manual ${TRANSEPT_MANUAL})
elseif(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "No man pages and no completion: nothing runs this command here. Name those of a native build: -DTRANSEPT_MANUAL=build/native/manual")
  return()
else()
  add_custom_command(OUTPUT ${manual}/stamp
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
    COMMAND transept man --output ${manual}/man1
    COMMAND transept completion --output ${manual}/share
    COMMAND ${CMAKE_COMMAND} -E touch ${manual}/stamp
    DEPENDS transept COMMENT "Man pages and completion" VERBATIM)
  add_custom_target(transept_manual ALL DEPENDS ${manual}/stamp)
endif()
install(DIRECTORY ${manual}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(DIRECTORY ${manual}/share/ DESTINATION ${CMAKE_INSTALL_DATADIR})
