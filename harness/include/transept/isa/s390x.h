/* s390x. Sources: z/Architecture Principles of Operation (SA22-7832), chapter 5 on serialization, chapter 4 on the TOD clock;
 * the kernel's entry: Linux, arch/s390/kernel/syscall.c. */
#ifndef TRANSEPT_ISA_S390X_H
#define TRANSEPT_ISA_S390X_H

#define TSP_ISA_NAME            "s390x"
#define TSP_ISA_S390X           1
#define TSP_ISA_INT_ARGS        5
#define TSP_ISA_STRUCT_BY_VALUE 8

/* stckf stores the TOD clock without waiting for a value of its own, which stck does. It is not serialising. */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "tod"
#define TSP_ISA_CLOCK_HZ_SOURCE  "the architecture: TOD bit 51 is 1 us"
#define TSP_IMPL_tsp_clock_start "stckf"
#define TSP_IMPL_tsp_clock_stop  "stckf"
static inline uint64_t tsp_clock_start(void) {
    uint64_t ticks;
    __asm__ volatile("stckf %0" : "=Q"(ticks) : : "cc", "memory");
    return ticks;
}
static inline uint64_t tsp_clock_stop(void) {
    return tsp_clock_start();
}

/* Bits count from the left: bit 51 of 0 … 63 is worth 2^12 of the value's units, so the unit is 1 us / 4096, whatever the model's step is. */
#define TSP_IMPL_tsp_clock_stated_hz "none"
static inline double tsp_clock_stated_hz(void) {
    return 4.096e9;
}

/* Loads and stores stay in order, but for a store and a later load: one fence needs an instruction. */
#define TSP_IMPL_tsp_fence_full     "bcr 14,0"
#define TSP_IMPL_tsp_fence_acquire  "compiler only"
#define TSP_IMPL_tsp_fence_release  "compiler only"
#define TSP_IMPL_tsp_fence_store    "compiler only"
#define TSP_IMPL_tsp_fence_pipeline "compiler only"
static inline void tsp_fence_full(void) {
    __asm__ volatile("bcr 14, 0" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    TSP_CLOBBER();
}
static inline void tsp_fence_release(void) {
    TSP_CLOBBER();
}
static inline void tsp_fence_store(void) {
    TSP_CLOBBER();
}
static inline void tsp_fence_pipeline(void) {
    TSP_CLOBBER();
}

/* laag needs z196, Debian's baseline; it serialises its own operand (interlocked-access facility 1). */
#define TSP_IMPL_tsp_load_acquire  "lg"
#define TSP_IMPL_tsp_store_release "stg"
#define TSP_IMPL_tsp_store_seq_cst "stg; bcr 14,0"
#define TSP_IMPL_tsp_add_atomic    "laag"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __atomic_store_n(to, value, __ATOMIC_RELEASE);
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    tsp_store_release(to, value);
    tsp_fence_full();
}
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old;
    __asm__ volatile("laag %0, %2, %1" : "=d"(old), "+QS"(*to) : "d"(value) : "cc", "memory");
    return old;
}

#define TSP_IMPL_tsp_prefetch "pfd"
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("pfd 1, 0(%0)" : : "a"(line));
}

#define TSP_IMPL_tsp_syscall    "svc 0"
#define TSP_SYSCALL_ASM         "svc 0"
#define TSP_SYSCALL_LOST        "memory"
#define TSP_SYSCALL_NUMBER      register long number __asm__("r1")
#define TSP_SYSCALL_A           "r2"
#define TSP_SYSCALL_B           "r3"
#define TSP_SYSCALL_C           "r4"
#define TSP_SYSCALL_D           "r5"
#define TSP_SYSCALL_E           "r6"
#define TSP_SYSCALL_F           "r7"
#define TSP_SYSCALL_RESULT      ra
#define TSP_SYSCALL_IN(value)   "r"(value)
#define TSP_SYSCALL_IN_A(value) "0"(value)
#include "transept/isa/syscall_parts.h"

/* IBM states no latencies. */
#define TSP_CHAIN_MASK         UINT64_MAX
#define TSP_CHAIN_MUL_CYCLES   0
#define TSP_IMPL_tsp_chain_add "agr"
#define TSP_IMPL_tsp_chain_mul "msgr"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    __asm__ volatile("agr %0, %1" : "+d"(x) : "d"(y) : "cc");
    return x;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    __asm__ volatile("msgr %0, %1" : "+d"(x) : "d"(y));
    return x;
}

/* User mode has no spin hint and cannot flush a line: generic_parts.h says so. */

#endif
