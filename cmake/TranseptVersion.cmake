# version.h from git: refreshed at every build, rewritten only when it changed. Also run as a script by that target.
if(CMAKE_SCRIPT_MODE_FILE)
  cmake_policy(VERSION 3.22) # a script has no project above it to say so
  execute_process(COMMAND git -C ${SOURCE} describe --tags --always --dirty --match "v*"
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(failed)
    set(version ${BASE}) # a tarball, not a checkout
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
" @ONLY)
  return()
endif()

set(TRANSEPT_VERSION_BASE 0.1.0)
set(TRANSEPT_GENERATED ${CMAKE_CURRENT_BINARY_DIR}/generated)
add_custom_target(transept_version
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR} -DBASE=${TRANSEPT_VERSION_BASE}
          -DOUTPUT=${TRANSEPT_GENERATED}/transept_version.h -P ${CMAKE_CURRENT_LIST_FILE}
  BYPRODUCTS ${TRANSEPT_GENERATED}/transept_version.h
  COMMENT "")
