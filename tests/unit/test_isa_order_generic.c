/* The tests of test_isa_order.c on the C11 forms, which an ISA without a header of its own runs on. */
#define TSP_ISA_FORCE_GENERIC
#include "test_isa_order.c"
