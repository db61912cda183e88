/*
 * block_spots() in vectors of BATCH_LANES 64-bit lanes. The including file also defines BATCH_TARGET and multiply_low(a, b), which
 * multiplies the low 32 bits of each lane of two vectors into the whole lane: the one step for which there is no C.
 */
#ifndef KERNELS_INSERT_BATCH_LANES_H
#define KERNELS_INSERT_BATCH_LANES_H

#include <string.h>

#include "batch_map.h"

#if BATCH_LANES == 2
#define BATCH_EVEN 0, 2
#elif BATCH_LANES == 4
#define BATCH_EVEN 0, 2, 4, 6
#elif BATCH_LANES == 8
#define BATCH_EVEN 0, 2, 4, 6, 8, 10, 12, 14
#endif

static inline BATCH_TARGET lanes lanes_of(uint64_t number) {
    return (lanes){0} + number;
}

/* tsp_batch_hash() and tsp_batch_spot() in 32-bit products: of the low 64 bits of the whole product only the upper half is needed. */
static inline BATCH_TARGET lanes spots_of(lanes keys, lanes factor, lanes factor_high, lanes line_count) {
    const lanes x = keys ^ (keys >> 32);
    const lanes middle = multiply_low(x, factor_high) + multiply_low(x >> 32, factor);
    const lanes high = ((multiply_low(x, factor) >> 32) + middle) & UINT32_MAX;
    const lanes hash = multiply_low(high ^ (high >> 16), lanes_of(TSP_BATCH_MIX)) & UINT32_MAX;
    return (multiply_low(hash, line_count) & ~(uint64_t)UINT32_MAX) | hash | TSP_BATCH_TAG_BIT;
}

static inline BATCH_TARGET void block_spots(const struct tsp_batch_map *map, const struct tsp_pair *in,
                                            size_t n, uint64_t *spots) {
    const lanes factor = lanes_of(map->factor);
    const lanes factor_high = lanes_of(map->factor >> 32);
    const lanes line_count = lanes_of(map->line_count);
    size_t i = 0;
    for (; i + BATCH_LANES <= n; i += BATCH_LANES) {
        lanes
            low; /* two copies, not one: gcc puts one longer than a register on the stack, whence it returns late */
        lanes high;
        memcpy(&low, in + i, sizeof low);
        memcpy(&high, in + i + BATCH_LANES / 2, sizeof high);
        const lanes keys = __builtin_shufflevector(low, high, BATCH_EVEN);
        const lanes found = spots_of(keys, factor, factor_high, line_count);
        memcpy(spots + i, &found, sizeof found);
    }
    for (; i < n; ++i) {
        spots[i] = tsp_batch_spot(tsp_batch_hash(in[i].key, map->factor), map->line_count);
    }
}

#endif
