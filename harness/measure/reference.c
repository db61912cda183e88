/* The empty loops that are taken off: compiled with the kernels' own flags, for they stand for the kernels' own loops. */
#include "transept/kernel.h"

void tsp_reference(void *state, uint64_t ops) {
    (void)state;
    TSP_REPEAT(ops, __asm__ volatile(""));
}

void tsp_reference_long(void *state, uint64_t ops) {
    (void)state;
    TSP_REPEAT_LONG(ops, __asm__ volatile(""));
}
