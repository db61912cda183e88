/* Callees that use registers which belong to their caller. */
#ifndef KERNELS_ABI_SAVED_H
#define KERNELS_ABI_SAVED_H

#include "callees.h"

/* x(k) from 1 to the number of integer registers that the psABI keeps across a call, ten at most. Left out are the stack pointer and,
 * where there are enough without it, the frame pointer. */
#define TSP_ABI_TO_6(x) x(1) x(2) x(3) x(4) x(5) x(6)
#define TSP_ABI_TO_8(x) TSP_ABI_TO_6(x) x(7) x(8)
#if defined(__x86_64__)
#define TSP_ABI_SAVED_MAX     6
#define TSP_ABI_EACH_SAVED(x) TSP_ABI_TO_6(x)
#elif defined(__s390x__) || defined(__arm__)
#define TSP_ABI_SAVED_MAX     8
#define TSP_ABI_EACH_SAVED(x) TSP_ABI_TO_8(x)
#elif defined(__aarch64__) || defined(__riscv) || defined(__powerpc64__)
#define TSP_ABI_SAVED_MAX     10
#define TSP_ABI_EACH_SAVED(x) TSP_ABI_TO_8(x) x(9) x(10)
#else
#define TSP_ABI_SAVED_MAX 0 /* their names are not known here */
#define TSP_ABI_EACH_SAVED(x)
#endif

/** tsp_abi_saved_<k>(x) is x + 1, from a function that uses k call-saved registers, and so saves and restores them. */
#define TSP_ABI_DECLARE_SAVED(k) TSP_ABI_CALLEE long tsp_abi_saved_##k(long x);
TSP_ABI_DECLARE_SAVED(0)
TSP_ABI_EACH_SAVED(TSP_ABI_DECLARE_SAVED)

#endif
