# What the toolchains of all foreign instruction sets share. A toolchain file sets these and includes this one:
#   TRANSEPT_ARCH      our name for it, which is also the sysroot's
#   TRANSEPT_TRIPLET   the GNU triplet of the compiler and of the sysroot's folders
#   TRANSEPT_QEMU      QEMU's name for it: qemu-<name>
# The sysroot comes from scripts/sysroot. Nothing here reaches an installed package: all of it is flags and search
# paths of this build folder alone.
set(CMAKE_SYSTEM_NAME Linux)

# CMake reads this file again for every trial compilation, where neither the cache nor a changed environment is seen.
if(NOT TRANSEPT_SYSROOTS)
  if(DEFINED ENV{TRANSEPT_SYSROOTS})
    get_filename_component(TRANSEPT_SYSROOTS "$ENV{TRANSEPT_SYSROOTS}" ABSOLUTE)
  else()
    get_filename_component(TRANSEPT_SYSROOTS "${CMAKE_CURRENT_LIST_DIR}/../../sysroots" ABSOLUTE)
  endif()
endif()
set(TRANSEPT_SYSROOTS "${TRANSEPT_SYSROOTS}" CACHE PATH "Folder of the sysroots that scripts/sysroot makes")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRANSEPT_SYSROOTS)

set(CMAKE_SYSROOT ${TRANSEPT_SYSROOTS}/${TRANSEPT_ARCH})
if(NOT EXISTS ${CMAKE_SYSROOT}/.transept-sysroot)
  message(FATAL_ERROR "There is no sysroot at ${CMAKE_SYSROOT}: make it with scripts/sysroot ${TRANSEPT_ARCH}")
endif()

# A distribution's cross compiler searches the headers and libraries of its own cross libc before --sysroot, and those
# may be of another version than what the program runs with. So it gets no built-in folders but the compiler's own.
# As arguments of the compiler, and not as flags, these paths stay out of what a record says of how it was built.
execute_process(COMMAND ${TRANSEPT_TRIPLET}-gcc -print-file-name=include
  OUTPUT_VARIABLE compiler_include OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "There is no ${TRANSEPT_TRIPLET}-gcc: install it with scripts/deps cross ${TRANSEPT_ARCH}")
endif()
set(CMAKE_C_COMPILER ${TRANSEPT_TRIPLET}-gcc -nostdinc -isystem ${compiler_include}
  -isystem ${CMAKE_SYSROOT}/usr/include/${TRANSEPT_TRIPLET} -isystem ${CMAKE_SYSROOT}/usr/include
  -B${CMAKE_SYSROOT}/usr/lib/${TRANSEPT_TRIPLET}/)

set(CMAKE_LIBRARY_ARCHITECTURE ${TRANSEPT_TRIPLET})
set(CMAKE_FIND_ROOT_PATH ${CMAKE_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# pkg-config knows the sysroot's packages and no others.
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_LIBDIR}
  "${CMAKE_SYSROOT}/usr/lib/${TRANSEPT_TRIPLET}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})

# ctest runs the tests through this.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${TRANSEPT_QEMU} -L ${CMAKE_SYSROOT})
