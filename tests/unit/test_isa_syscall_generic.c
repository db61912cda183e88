/* The tests of test_isa_syscall.c on the POSIX form, which an ISA without a header of its own runs on. */
#define TSP_ISA_FORCE_GENERIC
#include "test_isa_syscall.c"
