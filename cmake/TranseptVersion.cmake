# version.h from git, toolchain.h from the compiler and linker: refreshed at every build, rewritten only when they changed. Also run as a
# script by that target.
if(CMAKE_SCRIPT_MODE_FILE)
  cmake_policy(VERSION 3.22) # a script has no project above it to say so
  execute_process(COMMAND git -C ${SOURCE} describe --tags --always --dirty --match "v*"
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND git -C ${SOURCE} show -s --format=%cs HEAD
    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(failed)
    set(version ${BASE}) # a tarball, not a checkout
    set(date "")
    set(commit "")
  elseif(described MATCHES "^v([0-9].*)$")
    set(version ${CMAKE_MATCH_1})
  else()
    set(version "${BASE}+g${described}")
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} CONTENT
"/* Made by cmake/TranseptVersion.cmake. */
#define TSP_VERSION \"@version@\"
#define TSP_COMMIT \"@commit@\"
#define TSP_DATE \"@date@\"
" @ONLY)

  # What a package manager replaces while the build folder stays: asked anew, as nobody configures again after an upgrade.
  set(ENV{LC_ALL} C)
  separate_arguments(link UNIX_COMMAND "${LINK_FLAGS}")
  foreach(fact release:--version target:-dumpmachine linker:-Wl,--version)
    string(REGEX MATCH "^([a-z]+):(.*)$" ignored ${fact})
    set(name ${CMAKE_MATCH_1})
    execute_process(COMMAND ${COMPILER} ${link} ${CMAKE_MATCH_2} OUTPUT_VARIABLE said ERROR_QUIET)
    string(REGEX REPLACE "\n.*" "" said "${said}")
    string(REGEX REPLACE "[\"\\]" "" ${name} "${said}")
  endforeach()
  string(REGEX REPLACE "^[^ ()]+ \\(" "(" release "${release}") # gcc begins with the name by which it was called
  file(CONFIGURE OUTPUT ${TOOLCHAIN} CONTENT
"/* Made by cmake/TranseptVersion.cmake. */
#define TSP_COMPILER_RELEASE \"@release@\"
#define TSP_COMPILER_TARGET \"@target@\"
#define TSP_LINKER \"@linker@\"
" @ONLY)
  return()
endif()

set(TRANSEPT_VERSION_BASE 0.1.0)
set(TRANSEPT_GENERATED ${CMAKE_CURRENT_BINARY_DIR}/generated)
add_custom_target(transept_version
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR} -DBASE=${TRANSEPT_VERSION_BASE}
          -DOUTPUT=${TRANSEPT_GENERATED}/transept_version.h -DTOOLCHAIN=${TRANSEPT_GENERATED}/transept_toolchain.h
          -DCOMPILER=${CMAKE_C_COMPILER} "-DLINK_FLAGS=${CMAKE_EXE_LINKER_FLAGS}" -P ${CMAKE_CURRENT_LIST_FILE}
  BYPRODUCTS ${TRANSEPT_GENERATED}/transept_version.h ${TRANSEPT_GENERATED}/transept_toolchain.h
  COMMENT "" VERBATIM)
