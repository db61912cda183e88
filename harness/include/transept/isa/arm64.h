/* arm64. Sources: Arm ARM (DDI 0487), B2.3 on barriers, D11 on the generic timer; the kernel's entry: Linux, arch/arm64/kernel/syscall.c. */
#ifndef TRANSEPT_ISA_ARM64_H
#define TRANSEPT_ISA_ARM64_H

#define TSP_ISA_NAME            "arm64"
#define TSP_ISA_ARM64           1
#define TSP_ISA_INT_ARGS        8
#define TSP_ISA_STRUCT_BY_VALUE 16

/* The counter may be read early; the isb before it holds it back, the one after the second read holds back what follows. */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "cntvct_el0"
#define TSP_ISA_CLOCK_HZ_SOURCE  "cntfrq_el0"
#define TSP_IMPL_tsp_clock_start "isb; mrs cntvct_el0"
static inline uint64_t tsp_clock_start(void) {
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stop "isb; mrs cntvct_el0; isb"
static inline uint64_t tsp_clock_stop(void) {
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
}

/* Written by firmware, readable wherever the counter is. */
#define TSP_IMPL_tsp_clock_stated_hz "mrs cntfrq_el0"
static inline double tsp_clock_stated_hz(void) {
    uint64_t hz;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
    return (double)hz;
}

#define TSP_IMPL_tsp_fence_full     "dmb ish"
#define TSP_IMPL_tsp_fence_acquire  "dmb ishld"
#define TSP_IMPL_tsp_fence_release  "dmb ish"
#define TSP_IMPL_tsp_fence_store    "dmb ishst"
#define TSP_IMPL_tsp_fence_pipeline "isb"
static inline void tsp_fence_full(void) {
    __asm__ volatile("dmb ish" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    __asm__ volatile("dmb ishld" : : : "memory");
}
static inline void tsp_fence_release(void) {
    __asm__ volatile("dmb ish" : : : "memory");
}
static inline void tsp_fence_store(void) {
    __asm__ volatile("dmb ishst" : : : "memory");
}
static inline void tsp_fence_pipeline(void) {
    __asm__ volatile("isb" : : : "memory");
}

/* Written out, for the compiler chooses ldapr for ldar, and LSE or a library call for the loop, by its flags. */
#define TSP_IMPL_tsp_load_acquire  "ldar"
#define TSP_IMPL_tsp_store_release "stlr"
#define TSP_IMPL_tsp_store_seq_cst "stlr"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    uint64_t value;
    __asm__ volatile("ldar %0, %1" : "=r"(value) : "Q"(*from) : "memory");
    return value;
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __asm__ volatile("stlr %1, %0" : "=Q"(*to) : "r"(value) : "memory");
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    tsp_store_release(to, value);
}

#ifdef __ARM_FEATURE_ATOMICS
#define TSP_IMPL_tsp_add_atomic "ldaddal"
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old;
    __asm__ volatile("ldaddal %2, %0, %1" : "=r"(old), "+Q"(*to) : "r"(value) : "memory");
    return old;
}
#else
#define TSP_IMPL_tsp_add_atomic "ldaxr; stlxr"
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old, sum;
    uint32_t lost;
    __asm__ volatile("1:\tldaxr %0, %3\n\tadd %1, %0, %4\n\tstlxr %w2, %1, %3\n\tcbnz %w2, 1b"
                     : "=&r"(old), "=&r"(sum), "=&r"(lost), "+Q"(*to)
                     : "r"(value)
                     : "memory");
    return old;
}
#endif

/* isb stalls for tens of cycles; yield is a nop on server cores. */
#define TSP_IMPL_tsp_spin_hint "isb"
static inline void tsp_spin_hint(void) {
    __asm__ volatile("isb" : : : "memory");
}

#define TSP_HAS_LINE_FLUSH      1
#define TSP_IMPL_tsp_line_flush "dc civac"
#define TSP_IMPL_tsp_prefetch   "prfm pldl1keep"
static inline void tsp_line_flush(const void *line) {
    __asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("prfm pldl1keep, [%0]" : : "r"(line));
}

#define TSP_IMPL_tsp_syscall    "svc 0"
#define TSP_SYSCALL_ASM         "svc 0"
#define TSP_SYSCALL_LOST        "memory"
#define TSP_SYSCALL_NUMBER      register long number __asm__("x8")
#define TSP_SYSCALL_A           "x0"
#define TSP_SYSCALL_B           "x1"
#define TSP_SYSCALL_C           "x2"
#define TSP_SYSCALL_D           "x3"
#define TSP_SYSCALL_E           "x4"
#define TSP_SYSCALL_F           "x5"
#define TSP_SYSCALL_RESULT      ra
#define TSP_SYSCALL_IN(value)   "r"(value)
#define TSP_SYSCALL_IN_A(value) "0"(value)
#include "transept/isa/syscall_parts.h"

/* A 64-bit mul takes 2 to 5 cycles, depending on the core. */
#define TSP_CHAIN_MASK         UINT64_MAX
#define TSP_CHAIN_MUL_CYCLES   0
#define TSP_IMPL_tsp_chain_add "add"
#define TSP_IMPL_tsp_chain_mul "mul"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    __asm__ volatile("add %0, %0, %1" : "+r"(x) : "r"(y));
    return x;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    __asm__ volatile("mul %0, %0, %1" : "+r"(x) : "r"(y));
    return x;
}

#endif
