/*
 * block_spots(), block_entries() and entry_spots() in vectors of BATCH_LANES 64-bit lanes. The including file also defines BATCH_TARGET and multiply_low(a, b), which
 * multiplies the low 32 bits of each lane of two vectors into the whole lane: the one step for which there is no C.
 */
#ifndef KERNELS_INSERT_BATCH_LANES_H
#define KERNELS_INSERT_BATCH_LANES_H

#include <string.h>

#include "batch_map.h"

#if BATCH_LANES == 2
#define BATCH_EVEN    0, 2
#define BATCH_NUMBERS 0, 1
#elif BATCH_LANES == 4
#define BATCH_EVEN    0, 2, 4, 6
#define BATCH_NUMBERS 0, 1, 2, 3
#elif BATCH_LANES == 8
#define BATCH_EVEN    0, 2, 4, 6, 8, 10, 12, 14
#define BATCH_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7
#endif

static inline BATCH_TARGET lanes lanes_of(uint64_t number) {
    return (lanes){0} + number;
}

typedef uint32_t halves __attribute__((vector_size(8 * BATCH_LANES)));

/* As many keys as there are lanes: every word or every second one. */
static inline BATCH_TARGET lanes keys_of(const uint64_t *keys, size_t stride) {
    lanes
        low; /* two copies, not one: gcc puts one longer than a register on the stack, whence it returns late */
    lanes high;
    memcpy(&low, keys, sizeof low);
    if (stride == 1) {
        return low;
    }
    memcpy(&high, keys + BATCH_LANES, sizeof high);
    return __builtin_shufflevector(low, high, BATCH_EVEN);
}

/* tsp_batch_hash(), in the lower half of each lane. */
static inline BATCH_TARGET lanes hash_of(lanes keys, lanes factor) {
    const lanes sums = (lanes)((halves)keys + (halves)factor);
    const lanes product = multiply_low(sums, sums >> 32);
    const halves hash = (halves)(product ^ (product >> 32));
    return multiply_low((lanes)(hash ^ (hash >> 16)), lanes_of(TSP_BATCH_MIX)) & UINT32_MAX;
}

/* tsp_batch_spot(). The product's lower half goes out to the right with the bits that the line's place leaves free. */
static inline BATCH_TARGET lanes spot_of(lanes hash, lanes line_count) {
    const lanes line = multiply_low(hash, line_count) >> 32;
    return (line << (TSP_BATCH_SPOT_LINE + 6)) | (hash & UINT16_MAX) | TSP_BATCH_TAG_BIT;
}

static inline BATCH_TARGET void block_spots(const struct tsp_batch_map *map, const uint64_t *keys,
                                            size_t stride, size_t n, uint64_t *spots) {
    const lanes factor = lanes_of(map->factor);
    const lanes line_count = lanes_of(map->line_count);
    size_t i = 0;
    for (; i + BATCH_LANES <= n; i += BATCH_LANES) {
        const lanes found = spot_of(hash_of(keys_of(keys + i * stride, stride), factor), line_count);
        memcpy(spots + i, &found, sizeof found);
    }
    for (; i < n; ++i) {
        spots[i] = tsp_batch_spot(tsp_batch_hash(keys[i * stride], map->factor), map->line_count);
    }
}

static inline BATCH_TARGET void block_entries(const struct tsp_batch_map *map, const uint64_t *keys,
                                              size_t stride, uint32_t first, size_t n, uint64_t *entries) {
    const lanes factor = lanes_of(map->factor);
    lanes numbers = (lanes){BATCH_NUMBERS} + first;
    size_t i = 0;
    for (; i + BATCH_LANES <= n; i += BATCH_LANES) {
        const lanes found = hash_of(keys_of(keys + i * stride, stride), factor) | (numbers << 32);
        memcpy(entries + i, &found, sizeof found);
        numbers += BATCH_LANES;
    }
    for (; i < n; ++i) {
        entries[i] = tsp_batch_entry(tsp_batch_hash(keys[i * stride], map->factor), first + (uint32_t)i);
    }
}

static inline BATCH_TARGET void entry_spots(const struct tsp_batch_map *map, const uint64_t *entries,
                                            size_t n, uint64_t *spots) {
    const lanes line_count = lanes_of(map->line_count);
    size_t i = 0;
    for (; i + BATCH_LANES <= n; i += BATCH_LANES) {
        lanes some;
        memcpy(&some, entries + i, sizeof some);
        const lanes found = spot_of(some & UINT32_MAX, line_count);
        memcpy(spots + i, &found, sizeof found);
    }
    for (; i < n; ++i) {
        spots[i] = tsp_batch_spot((uint32_t)entries[i], map->line_count);
    }
}

#endif
