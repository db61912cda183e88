/* The batch map's lookups, one at a time and many; batch_steps.h, whose words they use, includes them. */
#ifndef KERNELS_INSERT_BATCH_FIND_H
#define KERNELS_INSERT_BATCH_FIND_H

/* Few instructions: of lookups that wait for memory, a CPU keeps as many going as it has instructions room for. So it ends in a call that needs nothing
 * of this one, lest there be anything to save. */
BATCH_INLINE bool get_as(const struct tsp_map *map, const void *key, void *value, enum tsp_pairing as) {
    const struct tsp_batch_map *batch = (const struct tsp_batch_map *)map;
    const uint64_t line_count = batch->line_count;
    if (__builtin_expect(line_count == 0, 0)) {
        return false;
    }
    const uint64_t digest = tsp_key_digest(as, key, batch->factor);
    const uint32_t hash = tsp_batch_hash_with(digest, batch->factor, batch->factor_high);
    const struct tsp_batch_line *line = &batch->lines[(size_t)((hash * line_count) >> 32)];
    const size_t entry = find_tag(line, (uint16_t)(hash | TSP_BATCH_TAG_BIT));
    if (__builtin_expect(entry == TSP_BATCH_ENTRIES, 0)) {
        return tsp_batch_get_far(batch, key, value, hash);
    }
    void *there = tsp_pair_at(as, batch->pairs, line->positions[entry]);
    if (__builtin_expect(!tsp_keys_equal(as, there, key), 0)) {
        return tsp_batch_get_far(batch, key, value, hash);
    }
    tsp_value_copy(as, value, tsp_pair_value(as, there));
    return true;
}

#define BATCH_GET(id, key, pairing)                                                                          \
    BATCH_TARGET bool tsp_batch_get_##key##_##id(const struct tsp_map *map, const void *wanted,              \
                                                 void *value) {                                              \
        return get_as(map, wanted, value, pairing);                                                          \
    }

/* --- many ------------------------------------------------------------------------------------------------------------------------------- */

#define BATCH_NOWHERE UINT32_MAX /* no pair's position */

/* Where the pair is that has the first equal tag of the home line: it is asked for. */
BATCH_INLINE uint32_t find_position(const struct tsp_batch_map *map, uint64_t spot, enum tsp_pairing as) {
    const struct tsp_batch_line *line =
        (const void *)((const char *)map->lines + (size_t)(spot >> TSP_BATCH_SPOT_LINE));
    if (__builtin_expect(!has_tag(line, (uint16_t)spot), 0)) {
        return BATCH_NOWHERE;
    }
    const uint32_t position = line->positions[entry_with(line, (uint16_t)spot)];
    __builtin_prefetch(tsp_pair_at(as, map->pairs, position));
    return position;
}

/* Key number i of a block. What is not the first pair with its tag in its home line is looked for once more. */
BATCH_INLINE bool find_one(const struct tsp_batch_map *map, const void *key, uint32_t position, void *value,
                           enum tsp_pairing as) {
    void *there = position == BATCH_NOWHERE ? NULL : tsp_pair_at(as, map->pairs, position);
    if (__builtin_expect(there != NULL && tsp_keys_equal(as, there, key), 1)) {
        tsp_value_copy(as, value, tsp_pair_value(as, there));
        return true;
    }
    const uint32_t hash = tsp_batch_hash(tsp_key_digest(as, key, map->factor), map->factor);
    return tsp_batch_get_far(map, key, value, hash);
}

BATCH_INLINE size_t find_block(const struct tsp_batch_map *map, const void *keys, size_t n, void *values,
                               bool *found, enum tsp_pairing as) {
    uint64_t spots[TSP_BATCH_BLOCK];
    uint32_t positions[TSP_BATCH_BLOCK];
    size_t count = 0;
    key_spots(map, keys, n, spots, as);
    for (size_t i = 0; i < n && map->line_count > TSP_BATCH_NEAR_LINES; ++i) {
        __builtin_prefetch((const char *)map->lines + (size_t)(spots[i] >> TSP_BATCH_SPOT_LINE));
    }
    for (size_t i = 0; i < n; ++i) {
        positions[i] = find_position(map, spots[i], as);
    }
    for (size_t i = 0; i < n; ++i) {
        found[i] = find_one(map, (const char *)keys + i * tsp_key_bytes(as), positions[i],
                            (char *)values + i * tsp_value_bytes(as), as);
        count += found[i];
    }
    return count;
}

/* Block by block, as pairs are put: what must be waited for is asked for in a row. */
BATCH_INLINE size_t get_all_as(const struct tsp_batch_map *map, const void *keys, size_t n, void *values,
                               bool *found, enum tsp_pairing as) {
    size_t count = 0;
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        count += find_block(map, (const char *)keys + done * tsp_key_bytes(as), block_of(n - done),
                            (char *)values + done * tsp_value_bytes(as), found + done, as);
    }
    return count;
}

static BATCH_TARGET size_t get_all(const struct tsp_batch_map *map, const void *keys, size_t n, void *values,
                                   bool *found) {
    return TSP_PAIR_CALL(map->map.kind->pair, get_all_as, map, keys, n, values, found);
}

#endif
