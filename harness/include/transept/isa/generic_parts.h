/*
 * Every primitive that the ISA's header did not define, in C11 and POSIX. isa.h includes this last.
 * A primitive counts as defined when its TSP_IMPL_… text is. tests/unit/test_isa.c says which ISA may fall back on what,
 * so that a misspelt name cannot bring in a generic primitive unnoticed.
 */
#ifndef TRANSEPT_ISA_GENERIC_PARTS_H
#define TRANSEPT_ISA_GENERIC_PARTS_H

#ifndef TSP_HAS_ISA_CLOCK
#include <time.h>
#define TSP_HAS_ISA_CLOCK            0
#define TSP_ISA_CLOCK_NAME           "clock_gettime"
#define TSP_ISA_CLOCK_HZ_SOURCE      "POSIX: struct timespec is in nanoseconds"
#define TSP_IMPL_tsp_clock_start     "generic POSIX"
#define TSP_IMPL_tsp_clock_stop      "generic POSIX"
#define TSP_IMPL_tsp_clock_stated_hz "generic POSIX"
static inline uint64_t tsp_clock_start(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}
static inline uint64_t tsp_clock_stop(void) {
    return tsp_clock_start();
}
static inline double tsp_clock_stated_hz(void) {
    return 1e9;
}
#endif

/* gcc warns that its thread sanitizer does not see fences. They are right without it. */
#if defined(__SANITIZE_THREAD__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#ifndef TSP_IMPL_tsp_fence_full
#define TSP_IMPL_tsp_fence_full "generic C11"
static inline void tsp_fence_full(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
#endif

#ifndef TSP_IMPL_tsp_fence_acquire
#define TSP_IMPL_tsp_fence_acquire "generic C11"
static inline void tsp_fence_acquire(void) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}
#endif

#ifndef TSP_IMPL_tsp_fence_release
#define TSP_IMPL_tsp_fence_release "generic C11"
static inline void tsp_fence_release(void) {
    __atomic_thread_fence(__ATOMIC_RELEASE);
}
#endif

/* C11 has no fence for stores alone; release, which also holds back earlier loads, is the weakest that contains it. */
#ifndef TSP_IMPL_tsp_fence_store
#define TSP_IMPL_tsp_fence_store "generic C11"
static inline void tsp_fence_store(void) {
    __atomic_thread_fence(__ATOMIC_RELEASE);
}
#endif

#if defined(__SANITIZE_THREAD__)
#pragma GCC diagnostic pop
#endif

/* C11 knows no pipeline. */
#ifndef TSP_IMPL_tsp_fence_pipeline
#define TSP_IMPL_tsp_fence_pipeline "compiler only"
static inline void tsp_fence_pipeline(void) {
    TSP_CLOBBER();
}
#endif

#ifndef TSP_IMPL_tsp_load_acquire
#define TSP_IMPL_tsp_load_acquire "generic C11"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}
#endif

#ifndef TSP_IMPL_tsp_store_release
#define TSP_IMPL_tsp_store_release "generic C11"
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __atomic_store_n(to, value, __ATOMIC_RELEASE);
}
#endif

#ifndef TSP_IMPL_tsp_store_seq_cst
#define TSP_IMPL_tsp_store_seq_cst "generic C11"
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    __atomic_store_n(to, value, __ATOMIC_SEQ_CST);
}
#endif

#ifndef TSP_IMPL_tsp_add_atomic
#define TSP_IMPL_tsp_add_atomic "generic C11"
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    return __atomic_fetch_add(to, value, __ATOMIC_SEQ_CST);
}
#endif

#ifndef TSP_IMPL_tsp_spin_hint
#define TSP_IMPL_tsp_spin_hint "compiler only"
static inline void tsp_spin_hint(void) {
    TSP_CLOBBER();
}
#endif

/* There is no portable way to push a line out of the caches; TSP_HAS_LINE_FLUSH says so. */
#ifndef TSP_IMPL_tsp_line_flush
#define TSP_HAS_LINE_FLUSH      0
#define TSP_IMPL_tsp_line_flush "none"
static inline void tsp_line_flush(const void *line) {
    (void)line;
}
#endif

#ifndef TSP_IMPL_tsp_prefetch
#define TSP_IMPL_tsp_prefetch "generic C11"
static inline void tsp_prefetch(const void *line) {
    __builtin_prefetch(line, 0, 3);
}
#endif

/* One place for the arithmetic mod 2^64; TSP_HIDE keeps the compiler from folding a chain of them. */
#ifndef TSP_CHAIN_MASK
#define TSP_CHAIN_MASK         UINT64_MAX
#define TSP_CHAIN_MUL_CYCLES   0
#define TSP_IMPL_tsp_chain_add "generic C11"
#define TSP_IMPL_tsp_chain_mul "generic C11"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    uint64_t sum = x + y;
    TSP_HIDE(sum);
    return sum;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    uint64_t product = x * y;
    TSP_HIDE(product);
    return product;
}
#endif

/* syscall(3) says failure by -1 and errno; the raw call's result is made of it, and the caller's errno put back. */
#ifndef TSP_IMPL_tsp_syscall
#include <errno.h>
#include <unistd.h>
#define TSP_IMPL_tsp_syscall "generic POSIX"
#define TSP_SYSCALL_VIA_LIBC_(...)                                                                           \
    const int errno_before = errno;                                                                          \
    errno = 0;                                                                                               \
    long result = syscall(__VA_ARGS__);                                                                      \
    if (result == -1 && errno != 0) {                                                                        \
        result = -(long)errno;                                                                               \
    }                                                                                                        \
    errno = errno_before;                                                                                    \
    return result
static inline long tsp_syscall0(long nr) {
    TSP_SYSCALL_VIA_LIBC_(nr);
}
static inline long tsp_syscall1(long nr, long a) {
    TSP_SYSCALL_VIA_LIBC_(nr, a);
}
static inline long tsp_syscall2(long nr, long a, long b) {
    TSP_SYSCALL_VIA_LIBC_(nr, a, b);
}
static inline long tsp_syscall3(long nr, long a, long b, long c) {
    TSP_SYSCALL_VIA_LIBC_(nr, a, b, c);
}
static inline long tsp_syscall4(long nr, long a, long b, long c, long d) {
    TSP_SYSCALL_VIA_LIBC_(nr, a, b, c, d);
}
static inline long tsp_syscall5(long nr, long a, long b, long c, long d, long e) {
    TSP_SYSCALL_VIA_LIBC_(nr, a, b, c, d, e);
}
static inline long tsp_syscall6(long nr, long a, long b, long c, long d, long e, long f) {
    TSP_SYSCALL_VIA_LIBC_(nr, a, b, c, d, e, f);
}
#endif

/* All seven are one implementation. */
#define TSP_IMPL_tsp_syscall0 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall1 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall2 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall3 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall4 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall5 TSP_IMPL_tsp_syscall
#define TSP_IMPL_tsp_syscall6 TSP_IMPL_tsp_syscall

#endif
