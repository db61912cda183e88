# IBM Z, big-endian (z10 and later).
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(TRANSEPT_ARCH s390x)
set(TRANSEPT_TRIPLET s390x-linux-gnu)
set(TRANSEPT_QEMU s390x)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
