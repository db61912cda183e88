# 32-bit Arm with hardware floating point (ARMv7, VFPv3-D16).
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(TRANSEPT_ARCH armhf)
set(TRANSEPT_TRIPLET arm-linux-gnueabihf)
set(TRANSEPT_QEMU arm)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
