/* The tests of test_isa.c on the C11 and POSIX forms, which an ISA without a header of its own runs on. */
#define TSP_ISA_FORCE_GENERIC
#include "test_isa.c"
