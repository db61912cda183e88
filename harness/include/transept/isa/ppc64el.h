/* ppc64el (Debian's name; uname says ppc64le). Sources: Power ISA 2.07, book II; its appendix B.2 on barriers;
 * the kernel's entry: Linux, Documentation/arch/powerpc/syscall64-abi.rst. */
#ifndef TRANSEPT_ISA_PPC64EL_H
#define TRANSEPT_ISA_PPC64EL_H

#define TSP_ISA_NAME            "ppc64el"
#define TSP_ISA_PPC64EL         1
#define TSP_ISA_INT_ARGS        8
#define TSP_ISA_STRUCT_BY_VALUE 64

/* The time base runs at 512 MHz on most machines, but no register says so. */
#define TSP_HAS_ISA_CLOCK        1
#define TSP_ISA_CLOCK_NAME       "timebase"
#define TSP_ISA_CLOCK_HZ_SOURCE  "not stated"
#define TSP_IMPL_tsp_clock_start "isync; mftb"
static inline uint64_t tsp_clock_start(void) {
    uint64_t ticks;
    __asm__ volatile("isync\n\tmfspr %0, 268" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stop "mftb"
static inline uint64_t tsp_clock_stop(void) {
    uint64_t ticks;
    __asm__ volatile("mfspr %0, 268" : "=r"(ticks) : : "memory");
    return ticks;
}

#define TSP_IMPL_tsp_clock_stated_hz "none"
static inline double tsp_clock_stated_hz(void) {
    return 0;
}

#define TSP_IMPL_tsp_fence_full     "sync"
#define TSP_IMPL_tsp_fence_acquire  "lwsync"
#define TSP_IMPL_tsp_fence_release  "lwsync"
#define TSP_IMPL_tsp_fence_store    "eieio"
#define TSP_IMPL_tsp_fence_pipeline "isync"
static inline void tsp_fence_full(void) {
    __asm__ volatile("sync" : : : "memory");
}
static inline void tsp_fence_acquire(void) {
    __asm__ volatile("lwsync" : : : "memory");
}
static inline void tsp_fence_release(void) {
    __asm__ volatile("lwsync" : : : "memory");
}
static inline void tsp_fence_store(void) {
    __asm__ volatile("eieio" : : : "memory");
}
static inline void tsp_fence_pipeline(void) {
    __asm__ volatile("isync" : : : "memory");
}

/* A branch that depends on the loaded value, then isync: nothing later runs before the load is done. */
#define TSP_IMPL_tsp_load_acquire  "ld; cmpd; bne-; isync"
#define TSP_IMPL_tsp_store_release "lwsync; std"
#define TSP_IMPL_tsp_store_seq_cst "sync; std"
#define TSP_IMPL_tsp_add_atomic    "sync; ldarx; stdcx.; isync"
static inline uint64_t tsp_load_acquire(const uint64_t *from) {
    uint64_t value;
    __asm__ volatile("ld %0, 0(%1)\n\tcmpd 7, %0, %0\n\tbne- 7, 1f\n1:\tisync"
                     : "=r"(value)
                     : "b"(from)
                     : "cr7", "memory");
    return value;
}
static inline void tsp_store_release(uint64_t *to, uint64_t value) {
    __asm__ volatile("lwsync\n\tstd %1, 0(%0)" : : "b"(to), "r"(value) : "memory");
}
static inline void tsp_store_seq_cst(uint64_t *to, uint64_t value) {
    __asm__ volatile("sync\n\tstd %1, 0(%0)" : : "b"(to), "r"(value) : "memory");
}
static inline uint64_t tsp_add_atomic(uint64_t *to, uint64_t value) {
    uint64_t old, sum;
    __asm__ volatile("sync\n1:\tldarx %0, 0, %2\n\tadd %1, %0, %3\n\tstdcx. %1, 0, %2\n\tbne- 1b\n\tisync"
                     : "=&r"(old), "=&r"(sum)
                     : "r"(to), "r"(value)
                     : "cr0", "memory");
    return old;
}

/* Program priority very low: what the kernel's and glibc's spin loops use. */
#define TSP_IMPL_tsp_spin_hint "or 27,27,27"
static inline void tsp_spin_hint(void) {
    __asm__ volatile("or 27, 27, 27" : : : "memory");
}

#define TSP_HAS_LINE_FLUSH      1
#define TSP_IMPL_tsp_line_flush "dcbf"
#define TSP_IMPL_tsp_prefetch   "dcbt"
static inline void tsp_line_flush(const void *line) {
    __asm__ volatile("dcbf 0, %0" : : "r"(line) : "memory");
}
static inline void tsp_prefetch(const void *line) {
    __asm__ volatile("dcbt 0, %0" : : "r"(line));
}

/*
 * sc overwrites every volatile register, so each argument is an output too, and those not used are named as lost.
 * Failure is the summary overflow bit with a positive errno in r3: turned into the negative errno of the other ISAs.
 */
#define TSP_IMPL_tsp_syscall                     "sc"
#define TSP_SYSCALL_SET_(variable, where, value) register long variable __asm__(where) = (value)
#define TSP_SYSCALL_SC_                          "sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
#define TSP_SYSCALL_LOST_                        "r9", "r10", "r11", "r12", "cr0", "cr1", "cr5", "cr6", "cr7", "ctr", "xer", "memory"
static inline long tsp_syscall0(long nr) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    register long ra __asm__("r3");
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "=r"(ra)
                     :
                     : "r4", "r5", "r6", "r7", "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall1(long nr, long a) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra)
                     :
                     : "r4", "r5", "r6", "r7", "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall2(long nr, long a, long b) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    TSP_SYSCALL_SET_(rb, "r4", b);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra), "+r"(rb)
                     :
                     : "r5", "r6", "r7", "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall3(long nr, long a, long b, long c) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    TSP_SYSCALL_SET_(rb, "r4", b);
    TSP_SYSCALL_SET_(rc, "r5", c);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra), "+r"(rb), "+r"(rc)
                     :
                     : "r6", "r7", "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall4(long nr, long a, long b, long c, long d) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    TSP_SYSCALL_SET_(rb, "r4", b);
    TSP_SYSCALL_SET_(rc, "r5", c);
    TSP_SYSCALL_SET_(rd, "r6", d);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra), "+r"(rb), "+r"(rc), "+r"(rd)
                     :
                     : "r7", "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall5(long nr, long a, long b, long c, long d, long e) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    TSP_SYSCALL_SET_(rb, "r4", b);
    TSP_SYSCALL_SET_(rc, "r5", c);
    TSP_SYSCALL_SET_(rd, "r6", d);
    TSP_SYSCALL_SET_(re, "r7", e);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra), "+r"(rb), "+r"(rc), "+r"(rd), "+r"(re)
                     :
                     : "r8", TSP_SYSCALL_LOST_);
    return ra;
}
static inline long tsp_syscall6(long nr, long a, long b, long c, long d, long e, long f) {
    TSP_SYSCALL_SET_(number, "r0", nr);
    TSP_SYSCALL_SET_(ra, "r3", a);
    TSP_SYSCALL_SET_(rb, "r4", b);
    TSP_SYSCALL_SET_(rc, "r5", c);
    TSP_SYSCALL_SET_(rd, "r6", d);
    TSP_SYSCALL_SET_(re, "r7", e);
    TSP_SYSCALL_SET_(rf, "r8", f);
    __asm__ volatile(TSP_SYSCALL_SC_
                     : "+r"(number), "+r"(ra), "+r"(rb), "+r"(rc), "+r"(rd), "+r"(re), "+r"(rf)
                     :
                     : TSP_SYSCALL_LOST_);
    return ra;
}

/* mulld takes 4 or 5 cycles, depending on the core. */
#define TSP_CHAIN_MASK         UINT64_MAX
#define TSP_CHAIN_MUL_CYCLES   0
#define TSP_IMPL_tsp_chain_add "add"
#define TSP_IMPL_tsp_chain_mul "mulld"
static inline uint64_t tsp_chain_add(uint64_t x, uint64_t y) {
    __asm__ volatile("add %0, %0, %1" : "+r"(x) : "r"(y));
    return x;
}
static inline uint64_t tsp_chain_mul(uint64_t x, uint64_t y) {
    __asm__ volatile("mulld %0, %0, %1" : "+r"(x) : "r"(y));
    return x;
}

#endif
