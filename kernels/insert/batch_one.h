/* block_spots(), block_entries() and entry_spots() one key at a time, for variants that have no vectors to hash with. */
#ifndef KERNELS_INSERT_BATCH_ONE_H
#define KERNELS_INSERT_BATCH_ONE_H

#include "batch_map.h"

static inline void block_spots(const struct tsp_batch_map *map, const uint64_t *keys, size_t stride, size_t n,
                               uint64_t *spots) {
    const uint64_t factor = map->factor;
    const uint64_t line_count = map->line_count;
    for (size_t i = 0; i < n; ++i) {
        spots[i] = tsp_batch_spot(tsp_batch_hash(keys[i * stride], factor), line_count);
    }
}

static inline void block_entries(const struct tsp_batch_map *map, const uint64_t *keys, size_t stride,
                                 uint32_t first, size_t n, uint64_t *entries) {
    const uint64_t factor = map->factor;
    for (size_t i = 0; i < n; ++i) {
        entries[i] = tsp_batch_entry(tsp_batch_hash(keys[i * stride], factor), first + (uint32_t)i);
    }
}

static inline void entry_spots(const struct tsp_batch_map *map, const uint64_t *entries, size_t n,
                               uint64_t *spots) {
    const uint64_t line_count = map->line_count;
    for (size_t i = 0; i < n; ++i) {
        spots[i] = tsp_batch_spot((uint32_t)entries[i], line_count);
    }
}

#endif
