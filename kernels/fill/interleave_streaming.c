/*
 * Interleaving with stores that pass the caches by. On x86_64 they are ordered with nothing that follows until an sfence, so each op ends
 * with one: before it no other thread may be told of the slots.
 */
#include "../vectors.h"
#include "interleave.h"

#ifdef TSP_ISA_X86_64
#include <immintrin.h>

INTERLEAVE_INLINE void stream_words(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    long long *to = (long long *)slots;
    for (size_t i = 0; i < n; ++i, to += 4, keys += 2, values += 2) {
        _mm_stream_si64(to, (long long)keys[0]);
        _mm_stream_si64(to + 1, (long long)keys[1]);
        _mm_stream_si64(to + 2, (long long)values[0]);
        _mm_stream_si64(to + 3, (long long)values[1]);
    }
    tsp_fence_store();
}
INTERLEAVE_BODY(by_movnti, , stream_words)

INTERLEAVE_INLINE VECTOR_32_TARGET void stream_32(uint64_t *slots, const uint64_t *keys,
                                                  const uint64_t *values, size_t n) {
    __m256i *to = (__m256i *)(void *)slots;
    const vector_32 *key = (const vector_32 *)keys;
    const vector_32 *value = (const vector_32 *)values;
    for (size_t i = 0; i < n / 2; ++i) {
        const vector_32 two_keys = key[i];
        const vector_32 two_values = value[i];
        _mm256_stream_si256(to + 2 * i, (__m256i)__builtin_shufflevector(two_keys, two_values, 0, 1, 4, 5));
        _mm256_stream_si256(to + 2 * i + 1,
                            (__m256i)__builtin_shufflevector(two_keys, two_values, 2, 3, 6, 7));
    }
    tsp_fence_store();
}
INTERLEAVE_BODY(by_vmovntdq, VECTOR_32_TARGET, stream_32)
#endif

#ifdef TSP_ISA_ARM64
/* A hint, no other order: nothing need follow. */
INTERLEAVE_INLINE void stream_pairs(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    const vector_16 *key = (const vector_16 *)keys;
    const vector_16 *value = (const vector_16 *)values;
    for (size_t i = 0; i < n; ++i, slots += 4) {
        __asm__ volatile("stnp %q[key], %q[value], [%[slot]]"
                         :
                         : [slot] "r"(slots), [key] "w"(key[i]), [value] "w"(value[i])
                         : "memory");
    }
}
INTERLEAVE_BODY(by_stnp, , stream_pairs)
#endif

INTERLEAVE_KERNEL("streaming-movnti", TSP_NEEDS_X86_64, TSP_ON_X86_64(by_movnti), "movnti; sfence");
INTERLEAVE_KERNEL("streaming-vmovntdq", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(by_vmovntdq),
                  "vmovntdq ymm; sfence");
INTERLEAVE_KERNEL("streaming-stnp", TSP_NEEDS_ARM64, TSP_ON_ARM64(by_stnp), "stnp q, q");
