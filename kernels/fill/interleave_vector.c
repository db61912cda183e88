/* Interleaving with vectors: one of 16 bytes is a key or a value; wider ones hold several and are taken apart. */
#include "../vectors.h"
#include "interleave.h"

#ifdef VECTOR_16
INTERLEAVE_INLINE VECTOR_16_TARGET void with_16(uint64_t *slots, const uint64_t *keys, const uint64_t *values,
                                                size_t n) {
    vector_16 *to = (vector_16 *)slots;
    const vector_16 *key = (const vector_16 *)keys;
    const vector_16 *value = (const vector_16 *)values;
    for (size_t i = 0; i < n; ++i) {
        VECTOR_16_STORE(to + 2 * i, key[i]);
        VECTOR_16_STORE(to + 2 * i + 1, value[i]);
    }
}
INTERLEAVE_BODY(by_16, VECTOR_16_TARGET, with_16)
#endif

#ifdef VECTOR_32
INTERLEAVE_INLINE VECTOR_32_TARGET void with_32(uint64_t *slots, const uint64_t *keys, const uint64_t *values,
                                                size_t n) {
    vector_32 *to = (vector_32 *)slots;
    const vector_32 *key = (const vector_32 *)keys;
    const vector_32 *value = (const vector_32 *)values;
    for (size_t i = 0; i < n / 2; ++i) {
        const vector_32 two_keys = key[i];
        const vector_32 two_values = value[i];
        to[2 * i] = __builtin_shufflevector(two_keys, two_values, 0, 1, 4, 5);
        to[2 * i + 1] = __builtin_shufflevector(two_keys, two_values, 2, 3, 6, 7);
    }
}
INTERLEAVE_BODY(by_32, VECTOR_32_TARGET, with_32)
#endif

#ifdef VECTOR_64
INTERLEAVE_INLINE VECTOR_64_TARGET void with_64(uint64_t *slots, const uint64_t *keys, const uint64_t *values,
                                                size_t n) {
    vector_64 *to = (vector_64 *)slots;
    const vector_64 *key = (const vector_64 *)keys;
    const vector_64 *value = (const vector_64 *)values;
    for (size_t i = 0; i < n / 4; ++i) {
        const vector_64 four_keys = key[i];
        const vector_64 four_values = value[i];
        to[2 * i] = __builtin_shufflevector(four_keys, four_values, 0, 1, 8, 9, 2, 3, 10, 11);
        to[2 * i + 1] = __builtin_shufflevector(four_keys, four_values, 4, 5, 12, 13, 6, 7, 14, 15);
    }
}
INTERLEAVE_BODY(by_64, VECTOR_64_TARGET, with_64)
#endif

#ifdef TSP_ISA_RISCV64
/* Structs of two words are read, a register for each member, and structs of four are written. */
INTERLEAVE_INLINE void with_segments(uint64_t *slots, const uint64_t *keys, const uint64_t *values,
                                     size_t n) {
    size_t taken;
    __asm__ volatile(
        VECTOR_RVV("0:\n\t"
                   "vsetvli %[taken], %[n], e64, m1, ta, ma\n\t"
                   "vlseg2e64.v v0, (%[keys])\n\t"
                   "vlseg2e64.v v2, (%[values])\n\t"
                   "vsseg4e64.v v0, (%[slots])\n\t"
                   "sub %[n], %[n], %[taken]\n\t"
                   "slli %[taken], %[taken], 4\n\t"
                   "add %[keys], %[keys], %[taken]\n\t"
                   "add %[values], %[values], %[taken]\n\t"
                   "slli %[taken], %[taken], 1\n\t"
                   "add %[slots], %[slots], %[taken]\n\t"
                   "bnez %[n], 0b")
        : [slots] "+r"(slots), [keys] "+r"(keys), [values] "+r"(values), [n] "+r"(n), [taken] "=&r"(taken)
        :
        : "memory");
}
INTERLEAVE_BODY(by_segments, , with_segments)
#endif

INTERLEAVE_KERNEL("sse2", TSP_NEEDS_X86_64 | TSP_NEEDS_SSE2, TSP_ON_X86_64(by_16), "movdqa");
INTERLEAVE_KERNEL("avx2", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(by_32), "vperm2i128; vmovdqa ymm");
INTERLEAVE_KERNEL("avx512", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512, TSP_ON_X86_64(by_64),
                  "vpermt2q; vmovdqa64 zmm");
INTERLEAVE_KERNEL("neon", TSP_NEEDS_NEON, VECTOR_ON_NEON(by_16), "q registers, by this compiler");
INTERLEAVE_KERNEL("vsx", TSP_NEEDS_PPC64EL | TSP_NEEDS_VSX, TSP_ON_PPC64EL(by_16), "lxvd2x; stxvd2x");
INTERLEAVE_KERNEL("vx", TSP_NEEDS_S390X | TSP_NEEDS_VX, TSP_ON_S390X(by_16), "vl; vst");
INTERLEAVE_KERNEL("rvv", TSP_NEEDS_RISCV64 | TSP_NEEDS_RVV, TSP_ON_RISCV64(by_segments),
                  "vlseg2e64.v; vsseg4e64.v");
