# 64-bit RISC-V, as Debian builds for it (rv64gc).
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(TRANSEPT_ARCH riscv64)
set(TRANSEPT_TRIPLET riscv64-linux-gnu)
set(TRANSEPT_QEMU riscv64)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
