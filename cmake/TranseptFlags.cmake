# Flags for everything that is ours; none of them travels with the installed package.
add_library(transept_flags INTERFACE)
target_compile_definitions(transept_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(transept_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wundef
  -ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=)
if(TRANSEPT_WERROR)
  target_compile_options(transept_flags INTERFACE -Werror)
endif()

if(TRANSEPT_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(TRANSEPT_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread -fno-omit-frame-pointer)
elseif(NOT TRANSEPT_SANITIZE STREQUAL "")
  message(FATAL_ERROR "TRANSEPT_SANITIZE is '${TRANSEPT_SANITIZE}': use address, thread or nothing")
endif()
if(TRANSEPT_COVERAGE)
  list(APPEND sanitizers --coverage)
endif()
target_compile_options(transept_flags INTERFACE ${sanitizers})
target_link_options(transept_flags INTERFACE ${sanitizers})
