# 64-bit RISC-V, as Debian builds for it (rv64gc).
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(TRANSEPT_ARCH riscv64)
set(TRANSEPT_TRIPLET riscv64-linux-gnu)
set(TRANSEPT_QEMU riscv64)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

# Up to version 13 gcc calls libatomic for atomics of one and two bytes here, and names it only under -pthread.
set(CMAKE_C_STANDARD_LIBRARIES "-Wl,--push-state,--as-needed -latomic -Wl,--pop-state")
