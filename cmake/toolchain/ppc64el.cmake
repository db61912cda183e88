# 64-bit POWER, little-endian (POWER8 and later).
set(CMAKE_SYSTEM_PROCESSOR ppc64le)
set(TRANSEPT_ARCH ppc64el)
set(TRANSEPT_TRIPLET powerpc64le-linux-gnu)
set(TRANSEPT_QEMU ppc64le)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
