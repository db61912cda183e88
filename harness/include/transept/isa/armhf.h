/* armhf: 32-bit ARMv7-A and later, hard float. Sources: Arm ARM (DDI 0406C), A3.8 on barriers, B8 on the generic timer;
 * the kernel's entry: Linux, arch/arm/kernel/entry-common.S. */
#ifndef TRANSEPT_ISA_ARMHF_H
#define TRANSEPT_ISA_ARMHF_H

#define TSP_ISA_NAME            "armhf"
#define TSP_ISA_ARMHF           1
#define TSP_ISA_INT_ARGS        4
#define TSP_ISA_STRUCT_BY_VALUE 16

/* CNTVCT. ARMv7 without the generic timer, a kernel that closes it, and QEMU's user mode answer with SIGILL: probe. */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "cntvct"
#define TSP_ISA_CLOCK_HZ_SOURCE  "not stated"
#define TSP_IMPL_tsp_clock_start "isb; mrrc 15,1,c14"
static inline uint64_t tsp_clock_start(void) {
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stop "isb; mrrc 15,1,c14; isb"
static inline uint64_t tsp_clock_stop(void) {
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
}

/* CNTFRQ would say, but may trap as the counter does, and this function never traps. */
#define TSP_IMPL_tsp_clock_stated_hz "none"
static inline double tsp_clock_stated_hz(void) {
    return 0;
}

#define TSP_IMPL_tsp_fence_full     "dmb ish"
#define TSP_IMPL_tsp_fence_acquire  "dmb ish"
#define TSP_IMPL_tsp_fence_release  "dmb ish"
#define TSP_IMPL_tsp_fence_store    "dmb ishst"
#define TSP_IMPL_tsp_fence_pipeline "isb"
static inline void tsp_fence_full(void) {
    __asm__ volatile("dmb ish" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    tsp_fence_full();
}
static inline void tsp_fence_release(void) {
    tsp_fence_full();
}
static inline void tsp_fence_store(void) {
    __asm__ volatile("dmb ishst" : : : "memory");
}
static inline void tsp_fence_pipeline(void) {
    __asm__ volatile("isb" : : : "memory");
}

/* 64 bits at once: only ldrexd and strexd promise that on every ARMv7-A (ldrd does with LPAE alone). Pairs of registers are even, odd. */
#define TSP_IMPL_tsp_load_acquire  "ldrexd; dmb ish"
#define TSP_IMPL_tsp_store_release "dmb ish; ldrexd; strexd"
#define TSP_IMPL_tsp_store_seq_cst "dmb ish; ldrexd; strexd; dmb ish"
#define TSP_IMPL_tsp_add_atomic    "dmb ish; ldrexd; strexd; dmb ish"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    uint64_t value;
    __asm__ volatile("ldrexd %0, %H0, [%1]" : "=&r"(value) : "r"(from) : "memory");
    tsp_fence_full();
    return value;
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    uint64_t old;
    uint32_t lost;
    tsp_fence_full();
    __asm__ volatile("1:\tldrexd %0, %H0, [%2]\n\tstrexd %1, %3, %H3, [%2]\n\tteq %1, #0\n\tbne 1b"
                     : "=&r"(old), "=&r"(lost)
                     : "r"(to), "r"(value)
                     : "cc", "memory");
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    tsp_store_release(to, value);
    tsp_fence_full();
}
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old, sum;
    uint32_t lost;
    tsp_fence_full();
    __asm__ volatile("1:\tldrexd %0, %H0, [%3]\n\tadds %Q1, %Q0, %Q4\n\tadc %R1, %R0, %R4\n\t"
                     "strexd %2, %1, %H1, [%3]\n\tteq %2, #0\n\tbne 1b"
                     : "=&r"(old), "=&r"(sum), "=&r"(lost)
                     : "r"(to), "r"(value)
                     : "cc", "memory");
    tsp_fence_full();
    return old;
}

#define TSP_IMPL_tsp_spin_hint "yield"
#define TSP_IMPL_tsp_prefetch  "pld"
static inline void tsp_spin_hint(void) {
    __asm__ volatile("yield" : : : "memory");
}
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("pld [%0]" : : "r"(line));
}

#define TSP_IMPL_tsp_syscall "svc 0"
#ifdef __thumb__
/* r7 is Thumb's frame pointer, which an operand may not name: it is put aside in r12, which the kernel preserves. */
#define TSP_SYSCALL_ASM    "mov r12, r7\n\tmov r7, %[number]\n\tsvc 0\n\tmov r7, r12"
#define TSP_SYSCALL_LOST   "r12", "memory"
#define TSP_SYSCALL_NUMBER long number
#else
#define TSP_SYSCALL_ASM    "svc 0"
#define TSP_SYSCALL_LOST   "memory"
#define TSP_SYSCALL_NUMBER register long number __asm__("r7")
#endif
#define TSP_SYSCALL_A           "r0"
#define TSP_SYSCALL_B           "r1"
#define TSP_SYSCALL_C           "r2"
#define TSP_SYSCALL_D           "r3"
#define TSP_SYSCALL_E           "r4"
#define TSP_SYSCALL_F           "r5"
#define TSP_SYSCALL_RESULT      ra
#define TSP_SYSCALL_IN(value)   "r"(value)
#define TSP_SYSCALL_IN_A(value) "0"(value)
#include "transept/isa/syscall_parts.h"

/* On the low 32 bits: 64 would take two dependent additions and three multiplies. Latencies differ by core. */
#define TSP_CHAIN_MASK         UINT32_MAX
#define TSP_CHAIN_MUL_CYCLES   0
#define TSP_IMPL_tsp_chain_add "add"
#define TSP_IMPL_tsp_chain_mul "mul"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    uint32_t low = (uint32_t)x;
    __asm__ volatile("add %0, %0, %1" : "+r"(low) : "r"((uint32_t)y));
    return low;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    uint32_t low = (uint32_t)x;
    __asm__ volatile("mul %0, %1, %0" : "+r"(low) : "r"((uint32_t)y));
    return low;
}

/* User mode cannot flush a line: generic_parts.h says so. */

#endif
