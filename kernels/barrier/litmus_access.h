/* The accesses that litmus tests are made of: one instruction each where the order is relaxed, whatever the compiler makes of
 * C11 elsewhere. */
#ifndef KERNELS_BARRIER_LITMUS_ACCESS_H
#define KERNELS_BARRIER_LITMUS_ACCESS_H

#include <transept/kernel.h>

/*
 * Relaxed C11 accesses are a plain load and a plain store, but GCC before 14
 * makes an amoswap of riscv64's atomic stores, which is more than the relaxed
 * store of a test's `none` may be. The thread sanitizer sees only C11's own.
 */
#if defined(TSP_ISA_RISCV64) && !defined(__SANITIZE_THREAD__)
static inline void litmus_store_relaxed(unsigned long *to, unsigned long value) {
    __asm__ volatile("sd %1, %0" : "=m"(*to) : "r"(value));
}
#else
static inline void litmus_store_relaxed(unsigned long *to, unsigned long value) {
    __atomic_store_n(to, value, __ATOMIC_RELAXED);
}
#endif
static inline void litmus_store_release(unsigned long *to, unsigned long value) {
    __atomic_store_n(to, value, __ATOMIC_RELEASE);
}
static inline void litmus_store_seq_cst(unsigned long *to, unsigned long value) {
    __atomic_store_n(to, value, __ATOMIC_SEQ_CST);
}

static inline unsigned long litmus_load_relaxed(const unsigned long *from) {
    return __atomic_load_n(from, __ATOMIC_RELAXED);
}
static inline unsigned long litmus_load_acquire(const unsigned long *from) {
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}
static inline unsigned long litmus_load_seq_cst(const unsigned long *from) {
    return __atomic_load_n(from, __ATOMIC_SEQ_CST);
}

/* gcc warns that its thread sanitizer does not see fences. It need not: no access here is a race without them. */
#if defined(__SANITIZE_THREAD__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
static inline void litmus_fence_acquire(void) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}
static inline void litmus_fence_release(void) {
    __atomic_thread_fence(__ATOMIC_RELEASE);
}
static inline void litmus_fence_seq_cst(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
#if defined(__SANITIZE_THREAD__)
#pragma GCC diagnostic pop
#endif

#endif
