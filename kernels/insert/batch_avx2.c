/* The batch map with AVX2: four keys hashed and a whole line of tags compared at a time. */
#include <transept/isa.h>

#ifdef TSP_ISA_X86_64

#include <immintrin.h>

#define BATCH_TARGET __attribute__((target("avx2")))
#define BATCH_LANES  4
typedef uint64_t lanes __attribute__((vector_size(8 * BATCH_LANES)));

static inline BATCH_TARGET lanes multiply_low(lanes a, lanes b) {
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

#include "batch_lanes.h"
#include "batch_x86.h"

/* Two bits a tag; the line's first half ends with what are none. */
static inline BATCH_TARGET unsigned equal_tags(const struct tsp_batch_line *line, uint16_t tag) {
    const __m256i tags = _mm256_load_si256((const __m256i *)(const void *)line);
    const __m256i equal = _mm256_cmpeq_epi16(tags, _mm256_set1_epi16((short)tag));
    return (unsigned)_mm256_movemask_epi8(equal) & ((1U << (2 * TSP_BATCH_ENTRIES)) - 1);
}

static inline BATCH_TARGET bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return equal_tags(line, tag) != 0;
}

static inline BATCH_TARGET unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    return (unsigned)__builtin_ctz(equal_tags(line, tag)) / 2;
}

#include "batch_steps.h"

BATCH_VARIANT(avx2, TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2)

#endif
