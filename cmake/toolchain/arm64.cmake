# 64-bit Arm.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(TRANSEPT_ARCH arm64)
set(TRANSEPT_TRIPLET aarch64-linux-gnu)
set(TRANSEPT_QEMU aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
