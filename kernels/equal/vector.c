/* Are two blocks the same: with vectors, in constant time. All of both blocks are read, and nothing is decided before their end. */
#include "../vectors.h"
#include "equal.h"

/* Hidden in each turn, as in scalar.c; `fold` brings a vector's lanes together. */
#define CONSTANT_VECTORS(width, load, fold)                                                                  \
    EQUAL_INLINE VECTOR_##width##_TARGET unsigned long with_##width(const char *left, const char *right,     \
                                                                    size_t bytes) {                          \
        vector_##width found = {0};                                                                          \
        for (size_t i = 0; i < bytes; i += (width)) {                                                        \
            found |= load(left + i) ^ load(right + i);                                                       \
            VECTOR_##width##_HIDE(found);                                                                    \
        }                                                                                                    \
        uint64_t lanes = fold;                                                                               \
        TSP_HIDE(lanes);                                                                                     \
        return EQUAL_NOT_ZERO(lanes);                                                                        \
    }                                                                                                        \
    EQUAL_BODY(by_##width, VECTOR_##width##_TARGET, with_##width)

#define LOAD_32(at) (*(const vector_32 *)(const void *)(at))
#define LOAD_64(at) (*(const vector_64 *)(const void *)(at))
#define FOLD_2(at)  (found[at] | found[(at) + 1])
#define FOLD_4(at)  (FOLD_2(at) | FOLD_2((at) + 2))

#ifdef VECTOR_16
CONSTANT_VECTORS(16, VECTOR_16_LOAD, FOLD_2(0))
#endif
#ifdef VECTOR_32
CONSTANT_VECTORS(32, LOAD_32, FOLD_4(0))
#endif
#ifdef VECTOR_64
CONSTANT_VECTORS(64, LOAD_64, FOLD_4(0) | FOLD_4(4))
#endif

#ifdef TSP_ISA_RISCV64
/* The last turn may have fewer words than the registers hold: what was found beyond them stays (tu). */
EQUAL_INLINE unsigned long with_rvv(const char *left, const char *right, size_t bytes) {
    size_t words = bytes / sizeof(uint64_t);
    size_t taken;
    uint64_t found;
    __asm__ volatile(VECTOR_RVV("vsetvli %[taken], zero, e64, m4, ta, ma\n\t"
                                "vmv.v.i v8, 0\n"
                                "0:\n\t"
                                "vsetvli %[taken], %[words], e64, m4, tu, ma\n\t"
                                "vle64.v v0, (%[left])\n\t"
                                "vle64.v v4, (%[right])\n\t"
                                "vxor.vv v0, v0, v4\n\t"
                                "vor.vv v8, v8, v0\n\t"
                                "sub %[words], %[words], %[taken]\n\t"
                                "slli %[taken], %[taken], 3\n\t"
                                "add %[left], %[left], %[taken]\n\t"
                                "add %[right], %[right], %[taken]\n\t"
                                "bnez %[words], 0b\n\t"
                                "vsetvli %[taken], zero, e64, m4, ta, ma\n\t"
                                "vmv.s.x v0, zero\n\t"
                                "vredor.vs v0, v8, v0\n\t"
                                "vmv.x.s %[found], v0")
                     : [left] "+r"(left), [right] "+r"(right), [words] "+r"(words), [taken] "=&r"(taken),
                       [found] "=r"(found)
                     :
                     : "memory");
    return EQUAL_NOT_ZERO(found);
}
EQUAL_BODY(by_rvv, , with_rvv)
#endif

static const char *fits_32(const struct tsp_bench *bench) {
    return tsp_param_int(bench, "bytes") < 32 ? "the blocks are shorter than a vector of 32 bytes" : NULL;
}

static const char *fits_64(const struct tsp_bench *bench) {
    return tsp_param_int(bench, "bytes") < 64 ? "the blocks are shorter than a vector of 64 bytes" : NULL;
}

#define VECTOR_KERNEL(name, what, body, fits, how)                                                           \
    EQUAL_KERNEL(name, what, body, fits, "all vectors of both blocks, whatever they hold", how)

VECTOR_KERNEL("sse2", TSP_NEEDS_X86_64 | TSP_NEEDS_SSE2, TSP_ON_X86_64(by_16), NULL, "pxor, por");
VECTOR_KERNEL("avx2", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(by_32), fits_32, "vpxor, vpor ymm");
VECTOR_KERNEL("avx512", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512, TSP_ON_X86_64(by_64), fits_64, "vpternlogq zmm");
VECTOR_KERNEL("neon", TSP_NEEDS_NEON, VECTOR_ON_NEON(by_16), NULL, "eor, orr in q registers");
VECTOR_KERNEL("vsx", TSP_NEEDS_PPC64EL | TSP_NEEDS_VSX, TSP_ON_PPC64EL(by_16), NULL, "lvx; xxlxor, xxlor");
VECTOR_KERNEL("vx", TSP_NEEDS_S390X | TSP_NEEDS_VX, TSP_ON_S390X(by_16), NULL, "vx, vo");
VECTOR_KERNEL("rvv", TSP_NEEDS_RISCV64 | TSP_NEEDS_RVV, TSP_ON_RISCV64(by_rvv), NULL,
              "vxor.vv, vor.vv of four registers");
