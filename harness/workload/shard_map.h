/*
 * A map that threads share: keys of 64 bits and values of one size, dealt out by hash to shards, each a table of its own behind a lock of its own.
 *
 * A table is an array with linear probing that doubles when it is 3/4 full and closes the gap when a pair is removed, so that it has no marks of
 * the dead and a search ends at the first free slot. It doubles under its shard's lock: who comes meanwhile waits, and that is part of what is measured.
 */
#ifndef TRANSEPT_WORKLOAD_SHARD_MAP_H
#define TRANSEPT_WORKLOAD_SHARD_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"

struct tsp_shard_map;

/** Makes an empty map of 1 … 2^16 shards; the seed goes into its hash. Free with tsp_shard_map_free(). */
int tsp_shard_map_make(struct tsp_shard_map **map, unsigned shards, size_t value_bytes, uint64_t seed,
                       struct tsp_error *error);
void tsp_shard_map_free(struct tsp_shard_map *map);

/** Copies the key's value out. False: there is none, and `value` is as it was. */
bool tsp_shard_map_get(struct tsp_shard_map *map, uint64_t key, void *value);

/** Puts a pair, and copies the value that it replaces to `old`. Returns 1 when it replaced one, 0 when the key was new, -1 when there was no memory: then
 *  the map is as it was. */
int tsp_shard_map_put(struct tsp_shard_map *map, uint64_t key, const void *value, void *old);

/** Takes a pair out, and copies its value to `old`. False: there was none. */
bool tsp_shard_map_remove(struct tsp_shard_map *map, uint64_t key, void *old);

/** Calls `visit` for each pair, shard by shard under its lock: the map must not be used from within. */
void tsp_shard_map_each(struct tsp_shard_map *map, void (*visit)(void *data, uint64_t key, const void *value),
                        void *data);

/** Bytes that such a map takes at most while it holds `keys` pairs or fewer, with the tables that it outgrew. */
uint64_t tsp_shard_map_bytes(uint64_t keys, unsigned shards, size_t value_bytes);

#endif
