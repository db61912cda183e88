/* x86_64. Sources: Intel SDM and AMD APM volumes 2–3; the kernel's entry: System V psABI for x86_64, appendix A.2.1. */
#ifndef TRANSEPT_ISA_X86_64_H
#define TRANSEPT_ISA_X86_64_H

#include <cpuid.h>

#define TSP_ISA_NAME            "x86_64"
#define TSP_ISA_X86_64          1
#define TSP_ISA_INT_ARGS        6
#define TSP_ISA_STRUCT_BY_VALUE 16

/* lfence waits for what came before; rdtscp waits for it by itself, and the lfence after it holds back what follows (SDM, RDTSC, RDTSCP). */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "tsc"
#define TSP_ISA_CLOCK_HZ_SOURCE  "CPUID 15h"
#define TSP_IMPL_tsp_clock_start "lfence; rdtsc"
static inline uint64_t tsp_clock_start(void) {
    uint64_t low, high;
    __asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
    return high << 32 | low;
}

#define TSP_IMPL_tsp_clock_stop "rdtscp; lfence"
static inline uint64_t tsp_clock_stop(void) {
    uint64_t low, high;
    __asm__ volatile("rdtscp\n\tlfence" : "=a"(low), "=d"(high) : : "rcx", "memory");
    return high << 32 | low;
}

/* Leaf 15h: TSC rate = crystal (ECX) * EBX / EAX. Many CPUs and hypervisors leave the crystal 0: then nothing is stated. */
#define TSP_IMPL_tsp_clock_stated_hz "cpuid"
static inline double tsp_clock_stated_hz(void) {
    unsigned denominator = 0, numerator = 0, crystal_hz = 0, reserved = 0;
    if (!__get_cpuid_count(0x15, 0, &denominator, &numerator, &crystal_hz, &reserved) || denominator == 0) {
        return 0;
    }
    return (double)crystal_hz * numerator / denominator;
}

#define TSP_IMPL_tsp_fence_full     "mfence"
#define TSP_IMPL_tsp_fence_acquire  "compiler only"
#define TSP_IMPL_tsp_fence_release  "compiler only"
#define TSP_IMPL_tsp_fence_store    "sfence"
#define TSP_IMPL_tsp_fence_pipeline "lfence"
static inline void tsp_fence_full(void) {
    __asm__ volatile("mfence" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    TSP_CLOBBER();
}
static inline void tsp_fence_release(void) {
    TSP_CLOBBER();
}
static inline void tsp_fence_store(void) {
    __asm__ volatile("sfence" : : : "memory");
}
static inline void tsp_fence_pipeline(void) {
    __asm__ volatile("lfence" : : : "memory");
}

#define TSP_IMPL_tsp_load_acquire  "mov"
#define TSP_IMPL_tsp_store_release "mov"
#define TSP_IMPL_tsp_store_seq_cst "xchg"
#define TSP_IMPL_tsp_add_atomic    "lock xadd"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __atomic_store_n(to, value, __ATOMIC_RELEASE);
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    __asm__ volatile("xchg{q} {%1, %0|%0, %1}" : "+m"(*to), "+r"(value) : : "memory");
}

/* Written out, for a compiler makes `lock add` of it where the old value is not used. */
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    __asm__ volatile("lock xadd{q} {%1, %0|%0, %1}" : "+m"(*to), "+r"(value) : : "memory", "cc");
    return value;
}

#define TSP_IMPL_tsp_spin_hint "pause"
static inline void tsp_spin_hint(void) {
    __asm__ volatile("pause" : : : "memory");
}

/* clflush is the baseline's; clflushopt and clwb are variants for kernels that ask for them. */
#define TSP_HAS_LINE_FLUSH      1
#define TSP_IMPL_tsp_line_flush "clflush"
#define TSP_IMPL_tsp_prefetch   "prefetcht0"
static inline void tsp_line_flush(const void *line) {
    __asm__ volatile("clflush {(%0)|[%0]}" : : "r"(line) : "memory");
}
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("prefetcht0 {(%0)|[%0]}" : : "r"(line));
}

#define TSP_IMPL_tsp_syscall    "syscall"
#define TSP_SYSCALL_ASM         "syscall"
#define TSP_SYSCALL_LOST        "rcx", "r11", "cc", "memory"
#define TSP_SYSCALL_NUMBER      register long number __asm__("rax")
#define TSP_SYSCALL_A           "rdi"
#define TSP_SYSCALL_B           "rsi"
#define TSP_SYSCALL_C           "rdx"
#define TSP_SYSCALL_D           "r10"
#define TSP_SYSCALL_E           "r8"
#define TSP_SYSCALL_F           "r9"
#define TSP_SYSCALL_RESULT      number
#define TSP_SYSCALL_IN(value)   "0"(value)
#define TSP_SYSCALL_IN_A(value) "r"(value)
#include "transept/isa/syscall_parts.h"

/* A 64-bit imul takes 3 cycles on the x86 cores in use (measurement.md saw 117 ns for 100 beside 39 ns for 100 adds); where one differs, the
 * core-clock estimate is withheld, as the two chains then disagree. */
#define TSP_CHAIN_MASK         UINT64_MAX
#define TSP_CHAIN_MUL_CYCLES   3
#define TSP_IMPL_tsp_chain_add "add"
#define TSP_IMPL_tsp_chain_mul "imul"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    __asm__ volatile("add {%1, %0|%0, %1}" : "+r"(x) : "r"(y) : "cc");
    return x;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    __asm__ volatile("imul {%1, %0|%0, %1}" : "+r"(x) : "r"(y) : "cc");
    return x;
}

#endif
