/* find_tag() of the variants for x86_64: in 16 bytes, which lookups one at a time have done sooner than what wider vectors ask for at the end of
 * a function. The including file defines BATCH_TARGET. */
#ifndef KERNELS_INSERT_BATCH_X86_H
#define KERNELS_INSERT_BATCH_X86_H

#include <immintrin.h>

#include "batch_map.h"

/* A bit a tag; the second half of the line's tags ends with what are none. */
static inline BATCH_TARGET unsigned equal_tags_by_8(const struct tsp_batch_line *line, uint16_t tag) {
    const __m128i *words = (const __m128i *)(const void *)line;
    const __m128i wanted = _mm_set1_epi16((short)tag);
    const __m128i low = _mm_cmpeq_epi16(_mm_load_si128(words), wanted);
    const __m128i high = _mm_cmpeq_epi16(_mm_load_si128(words + 1), wanted);
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high)) & ((1U << TSP_BATCH_ENTRIES) - 1);
}

static inline BATCH_TARGET size_t find_tag(const struct tsp_batch_line *line, uint16_t tag) {
    const unsigned equal = equal_tags_by_8(line, tag);
    return equal == 0 ? TSP_BATCH_ENTRIES : (unsigned)__builtin_ctz(equal);
}

#endif
