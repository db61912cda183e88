/* riscv64. Sources: RISC-V unprivileged ISA, chapters RVWMO, "A", Zicntr, CMO; its table of C11 mappings; the kernel's entry: Linux, SBI-less ecall. */
#ifndef TRANSEPT_ISA_RISCV64_H
#define TRANSEPT_ISA_RISCV64_H

#define TSP_ISA_NAME            "riscv64"
#define TSP_ISA_RISCV64         1
#define TSP_ISA_INT_ARGS        8
#define TSP_ISA_STRUCT_BY_VALUE 16

/* rdcycle is privileged since Linux 6.6. The time counter's rate is in the device tree only. */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "time"
#define TSP_ISA_CLOCK_HZ_SOURCE  "not stated"
#define TSP_IMPL_tsp_clock_start "fence; rdtime"
static inline uint64_t tsp_clock_start(void) {
    uint64_t ticks;
    __asm__ volatile("fence\n\trdtime %0" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stop "rdtime; fence"
static inline uint64_t tsp_clock_stop(void) {
    uint64_t ticks;
    __asm__ volatile("rdtime %0\n\tfence" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stated_hz "none"
static inline double tsp_clock_stated_hz(void) {
    return 0;
}

#define TSP_IMPL_tsp_fence_full     "fence rw,rw"
#define TSP_IMPL_tsp_fence_acquire  "fence r,rw"
#define TSP_IMPL_tsp_fence_release  "fence rw,w"
#define TSP_IMPL_tsp_fence_store    "fence w,w"
#define TSP_IMPL_tsp_fence_pipeline "fence.i"
static inline void tsp_fence_full(void) {
    __asm__ volatile("fence rw, rw" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    __asm__ volatile("fence r, rw" : : : "memory");
}
static inline void tsp_fence_release(void) {
    __asm__ volatile("fence rw, w" : : : "memory");
}
static inline void tsp_fence_store(void) {
    __asm__ volatile("fence w, w" : : : "memory");
}
/* Zifencei by its encoding, for newer assemblers want it named in -march. */
static inline void tsp_fence_pipeline(void) {
    __asm__ volatile(".insn i 0x0f, 1, x0, x0, 0" : : : "memory");
}

/* Written out, for compilers differ in the fences they put around these (gcc 12: iorw,iorw). */
#define TSP_IMPL_tsp_load_acquire  "ld; fence r,rw"
#define TSP_IMPL_tsp_store_release "fence rw,w; sd"
#define TSP_IMPL_tsp_store_seq_cst "fence rw,w; sd; fence rw,rw"
#define TSP_IMPL_tsp_add_atomic    "amoadd.d.aqrl"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    uint64_t value;
    __asm__ volatile("ld %0, %1\n\tfence r, rw" : "=r"(value) : "m"(*from) : "memory");
    return value;
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __asm__ volatile("fence rw, w\n\tsd %1, %0" : "=m"(*to) : "r"(value) : "memory");
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    __asm__ volatile("fence rw, w\n\tsd %1, %0\n\tfence rw, rw" : "=m"(*to) : "r"(value) : "memory");
}
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old;
    __asm__ volatile("amoadd.d.aqrl %0, %2, %1" : "=r"(old), "+A"(*to) : "r"(value) : "memory");
    return old;
}

/* Hints by their encodings (pause is a fence of nothing, prefetch.r an `ori` into x0): without Zihintpause and Zicbop they do nothing. */
#define TSP_IMPL_tsp_spin_hint "pause"
#define TSP_IMPL_tsp_prefetch  "prefetch.r"
static inline void tsp_spin_hint(void) {
    __asm__ volatile(".insn i 0x0f, 0, x0, x0, 0x10" : : : "memory");
}
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("ori zero, %0, 1" : : "r"(line));
}

#define TSP_IMPL_tsp_syscall    "ecall"
#define TSP_SYSCALL_ASM         "ecall"
#define TSP_SYSCALL_LOST        "memory"
#define TSP_SYSCALL_NUMBER      register long number __asm__("a7")
#define TSP_SYSCALL_A           "a0"
#define TSP_SYSCALL_B           "a1"
#define TSP_SYSCALL_C           "a2"
#define TSP_SYSCALL_D           "a3"
#define TSP_SYSCALL_E           "a4"
#define TSP_SYSCALL_F           "a5"
#define TSP_SYSCALL_RESULT      ra
#define TSP_SYSCALL_IN(value)   "r"(value)
#define TSP_SYSCALL_IN_A(value) "0"(value)
#include "transept/isa/syscall_parts.h"

/* mul takes 3 to 5 cycles, depending on the core. */
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

/* Flushing a line is Zicbom, which traps where it is missing: generic_parts.h says "none", kernels ask for TSP_NEEDS_ZICBOM. */

#endif
