/*
 * The per-ISA primitives (isa.md): this header only selects; each ISA's own header in isa/ defines the same names.
 *
 * Every ISA header defines
 *   TSP_ISA_NAME               "x86_64", "arm64", "riscv64", "ppc64el", "s390x", "armhf"; on any other ISA a name of its own or "generic"
 *   TSP_ISA_<NAME>             1 on that ISA alone (TSP_ISA_X86_64, TSP_ISA_ARM64, TSP_ISA_RISCV64, TSP_ISA_PPC64EL, TSP_ISA_S390X, TSP_ISA_ARMHF)
 *   TSP_ISA_INT_ARGS           integer arguments that travel in registers (isa.md)
 *   TSP_ISA_STRUCT_BY_VALUE    bytes of the largest struct passed in registers
 * and the functions below; for each function f also the text TSP_IMPL_f, to be had as TSP_IMPL(f), which says what it compiles to:
 * mnemonics with "; " between them (checked against the disassembly by tests/cli/test_isa_instructions.sh), "compiler only" where no
 * instruction is needed or there is none, "none" where nothing is done, "generic C11" or "generic POSIX" where the compiler or libc decides.
 *
 *   TSP_HAS_ISA_CLOCK          1 when the two reads exist (they may still trap: probe under a signal handler)
 *   uint64_t tsp_clock_start(void), tsp_clock_stop(void)   raw counter, serialised as isa.md says; TSP_ISA_CLOCK_NAME
 *   double   tsp_clock_stated_hz(void)                     the architecture's statement, or 0; TSP_ISA_CLOCK_HZ_SOURCE. Never traps
 *   void     tsp_fence_full, tsp_fence_acquire, tsp_fence_release, tsp_fence_store, tsp_fence_pipeline (void)
 *   uint64_t tsp_load_acquire(const uint64_t *), void tsp_store_release(uint64_t *, uint64_t), void tsp_store_seq_cst(uint64_t *, uint64_t)
 *   uint64_t tsp_add_atomic(uint64_t *, uint64_t)          sequentially consistent; returns the old value
 *   void     tsp_spin_hint(void), tsp_prefetch(const void *)
 *   void     tsp_line_flush(const void *)                  writes the line back and drops it; done only after tsp_fence_full().
 *                                                          TSP_HAS_LINE_FLUSH is 0 where user mode cannot (nothing is done then)
 *   long     tsp_syscall0(nr) … tsp_syscall6(nr, a … f)    raw kernel call: negative errno on failure, errno untouched
 *   uint64_t tsp_chain_add(uint64_t x, uint64_t y)         one dependent 1-cycle register-register operation the core cannot fold:
 *                                                          (x + y) & TSP_CHAIN_MASK
 *   uint64_t tsp_chain_mul(uint64_t x, uint64_t y)         one dependent multiply: (x * y) & TSP_CHAIN_MASK;
 *                                                          TSP_CHAIN_MUL_CYCLES is 3, 4 or 5 where known, else 0
 * TSP_CHAIN_MASK is UINT64_MAX, on 32-bit ISAs UINT32_MAX: one operation, one instruction, one register.
 *
 * An ISA's header may leave a primitive out: isa/generic_parts.h then gives it in C11 or POSIX. With TSP_ISA_FORCE_GENERIC defined
 * all of them come from there, on any ISA (so that they are tested everywhere).
 */
#ifndef TRANSEPT_ISA_H
#define TRANSEPT_ISA_H

#include <stddef.h>
#include <stdint.h>

/* What a case may need. isa/features.c tells which bits hold here, and why one does not. */
#define TSP_NEEDS_X86_64      (UINT64_C(1) << 0)
#define TSP_NEEDS_ARM64       (UINT64_C(1) << 1)
#define TSP_NEEDS_RISCV64     (UINT64_C(1) << 2)
#define TSP_NEEDS_PPC64EL     (UINT64_C(1) << 3)
#define TSP_NEEDS_S390X       (UINT64_C(1) << 4)
#define TSP_NEEDS_ARMHF       (UINT64_C(1) << 5)
#define TSP_NEEDS_SSE2        (UINT64_C(1) << 8)
#define TSP_NEEDS_AVX2        (UINT64_C(1) << 9)
#define TSP_NEEDS_AVX512      (UINT64_C(1) << 10) /* F, BW, DQ, VL */
#define TSP_NEEDS_SERIALIZE   (UINT64_C(1) << 11)
#define TSP_NEEDS_CLFLUSHOPT  (UINT64_C(1) << 12)
#define TSP_NEEDS_CLWB        (UINT64_C(1) << 13)
#define TSP_NEEDS_WAITPKG     (UINT64_C(1) << 14) /* x86_64 tpause */
#define TSP_NEEDS_LSE         (UINT64_C(1) << 16) /* arm64 single-instruction atomics */
#define TSP_NEEDS_RCPC        (UINT64_C(1) << 17) /* arm64 ldapr */
#define TSP_NEEDS_NEON        (UINT64_C(1) << 18) /* arm64 always, armhf probed */
#define TSP_NEEDS_SVE         (UINT64_C(1) << 19)
#define TSP_NEEDS_RVV         (UINT64_C(1) << 24)
#define TSP_NEEDS_ZIHINTPAUSE (UINT64_C(1) << 25)
#define TSP_NEEDS_ZICBOM      (UINT64_C(1) << 26)
#define TSP_NEEDS_ZICBOP      (UINT64_C(1) << 27)
#define TSP_NEEDS_ZACAS       (UINT64_C(1) << 28) /* riscv64 amocas */
#define TSP_NEEDS_VSX         (UINT64_C(1) << 32)
#define TSP_NEEDS_SCV         (UINT64_C(1) << 33) /* ppc64el scv 0 */
#define TSP_NEEDS_POWER9      (UINT64_C(1) << 34) /* ppc64el, Power ISA 3.0: ldat */
#define TSP_NEEDS_VX          (UINT64_C(1) << 36) /* s390x vector facility */
#define TSP_NEEDS_VDSO        (UINT64_C(1) << 48)
#define TSP_NEEDS_HARDWARE    (UINT64_C(1) << 49) /* means nothing under an emulator */
#define TSP_NEEDS_REORDERING  (UINT64_C(1) << 50) /* what executes this reorders more than store-load */

/**
 * The TSP_NEEDS_… bits that hold on this machine (getauxval, CPUID, riscv_hwprobe): CPU and kernel both offer it to user mode. Never faults.
 * TSP_NEEDS_HARDWARE and TSP_NEEDS_REORDERING are always clear: only the machine module, which looks for an emulator, can set them.
 */
uint64_t tsp_features_probe(void);

/** Why the bits in `missing` do not hold, in one line ("needs AVX2, which exists only on x86_64", "needs LSE atomics: this CPU has none"),
 *  all of them, joined by "; ". Empty when `missing` is 0; cut short where `size` bytes do not hold it. Returns `text`. */
const char *tsp_features_explain(uint64_t missing, char *text, size_t size);

/** Name of one bit ("avx2"), or NULL. Static text. */
const char *tsp_feature_name(uint64_t bit);

/* Sinks: a value is needed (keep), is no longer known to the compiler (hide), or memory may have changed (clobber). */
#define TSP_KEEP(value)    __asm__ volatile("" : : "r"(value))
#define TSP_KEEP_FP(value) __asm__ volatile("" : : "m"(value))
#define TSP_HIDE(lvalue)   __asm__ volatile("" : "+r"(lvalue))
#define TSP_CLOBBER()      __asm__ volatile("" : : : "memory")

#if defined(TSP_ISA_FORCE_GENERIC)
#include "transept/isa/generic.h"
#elif defined(__x86_64__) && !defined(__ILP32__)
#include "transept/isa/x86_64.h"
#elif defined(__aarch64__)
#include "transept/isa/arm64.h"
#elif defined(__riscv) && __riscv_xlen == 64
#include "transept/isa/riscv64.h"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#include "transept/isa/ppc64el.h"
#elif defined(__s390x__)
#include "transept/isa/s390x.h"
#elif defined(__arm__) && __ARM_ARCH >= 7
#include "transept/isa/armhf.h"
#else
#include "transept/isa/generic.h"
#endif
#include "transept/isa/generic_parts.h"

/** What a primitive is made of here: TSP_IMPL(tsp_fence_full) is "mfence" on x86_64. A string literal. */
#define TSP_IMPL(function) TSP_IMPL_##function

/* One ISA's function, NULL elsewhere: .run = TSP_ON_X86_64(body_avx2) */
#ifdef TSP_ISA_X86_64
#define TSP_ON_X86_64(function) function
#else
#define TSP_ON_X86_64(function) NULL
#endif
#ifdef TSP_ISA_ARM64
#define TSP_ON_ARM64(function) function
#else
#define TSP_ON_ARM64(function) NULL
#endif
#ifdef TSP_ISA_RISCV64
#define TSP_ON_RISCV64(function) function
#else
#define TSP_ON_RISCV64(function) NULL
#endif
#ifdef TSP_ISA_PPC64EL
#define TSP_ON_PPC64EL(function) function
#else
#define TSP_ON_PPC64EL(function) NULL
#endif
#ifdef TSP_ISA_S390X
#define TSP_ON_S390X(function) function
#else
#define TSP_ON_S390X(function) NULL
#endif
#ifdef TSP_ISA_ARMHF
#define TSP_ON_ARMHF(function) function
#else
#define TSP_ON_ARMHF(function) NULL
#endif

#endif
