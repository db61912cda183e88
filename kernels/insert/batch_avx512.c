/* The batch map with AVX-512: eight keys hashed at a time, and comparisons that end in a mask register. */
#include <transept/isa.h>

#ifdef TSP_ISA_X86_64

#include <immintrin.h>

#define BATCH_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define BATCH_LANES  8
typedef uint64_t lanes __attribute__((vector_size(8 * BATCH_LANES)));

static inline BATCH_TARGET lanes multiply_low(lanes a, lanes b) {
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
}

#include "batch_lanes.h"
#include "batch_x86.h"

/* A bit a tag; the line's first half ends with what are none. */
static inline BATCH_TARGET unsigned equal_tags(const struct tsp_batch_line *line, uint16_t tag) {
    const __m256i tags = _mm256_load_si256((const __m256i *)(const void *)line);
    return _mm256_cmpeq_epi16_mask(tags, _mm256_set1_epi16((short)tag)) & ((1U << TSP_BATCH_ENTRIES) - 1);
}

static inline BATCH_TARGET bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return equal_tags(line, tag) != 0;
}

static inline BATCH_TARGET unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    return (unsigned)__builtin_ctz(equal_tags(line, tag));
}

#include "batch_steps.h"

BATCH_VARIANT(avx512, TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512)

#endif
