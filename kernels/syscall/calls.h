/* System calls that must each return the same: how they are added up, and how a case proves that all of them did. */
#ifndef TRANSEPT_KERNELS_SYSCALL_CALLS_H
#define TRANSEPT_KERNELS_SYSCALL_CALLS_H

#include <stdint.h>

#include <transept/kernel.h>

/* Adds 1 to `done` where the call returns what it should, something else where not: an error is a small negative number. Hidden, so that
 * no compiler regroups the sum. */
#define DONE_IF(done, expected, call)                                                                        \
    (done) += (unsigned long)(call) - (unsigned long)(expected) + 1UL;                                       \
    TSP_HIDE(done)

/* The kernel leaves the arguments' registers alone, a call of a function would not. Said to be lost, they are loaded for each op. */
#ifdef TSP_SYSCALL_A
#define LOSE_ARGUMENTS()                                                                                     \
    __asm__ volatile(""                                                                                      \
                     :                                                                                       \
                     :                                                                                       \
                     : TSP_SYSCALL_A, TSP_SYSCALL_B, TSP_SYSCALL_C, TSP_SYSCALL_D, TSP_SYSCALL_E,            \
                       TSP_SYSCALL_F)
#else
#define LOSE_ARGUMENTS() (void)0 /* ppc64el: its kernel overwrites them */
#endif

/* What `check` makes of it: `calls` an op. */
static inline int check_done(struct tsp_bench *bench, unsigned long done, uint64_t ops, unsigned calls) {
    unsigned long expected = (unsigned long)ops * calls;
    if (done != expected) {
        return tsp_fail(bench, "of %lu calls %lu returned what they should", expected, done);
    }
    return 0;
}

#endif
