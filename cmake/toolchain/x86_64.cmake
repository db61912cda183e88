# x86_64, for hosts that are something else.
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(TRANSEPT_ARCH x86_64)
set(TRANSEPT_TRIPLET x86_64-linux-gnu)
set(TRANSEPT_QEMU x86_64)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
