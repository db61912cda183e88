/* The batch map with SSE2, which every x86_64 has: two keys hashed and eight tags compared at a time. */
#include <transept/isa.h>

#ifdef TSP_ISA_X86_64

#include <immintrin.h>

#define BATCH_TARGET __attribute__((target("sse2")))
#define BATCH_LANES  2
typedef uint64_t lanes __attribute__((vector_size(8 * BATCH_LANES)));

static inline BATCH_TARGET lanes multiply_low(lanes a, lanes b) {
    return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
}

#include "batch_lanes.h"
#include "batch_x86.h"

static inline BATCH_TARGET bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return equal_tags_by_8(line, tag) != 0;
}

static inline BATCH_TARGET unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    return (unsigned)__builtin_ctz(equal_tags_by_8(line, tag));
}

#include "batch_steps.h"

BATCH_VARIANT(sse2, TSP_NEEDS_X86_64 | TSP_NEEDS_SSE2)

#endif
