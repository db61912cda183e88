/*
 * What the maps of this family have in common: pairs, memory, errors and one set of functions over every kind of map.
 *
 * A map belongs to one thread. No function prints, and none but the memory it was given allocates.
 */
#ifndef KERNELS_INSERT_MAP_H
#define KERNELS_INSERT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pair.h"

/** Why a map did not do what it was asked for. */
enum tsp_map_status {
    TSP_MAP_OK,
    TSP_MAP_NULL,     /* no map, or no pairs although some were announced */
    TSP_MAP_TOO_MANY, /* more pairs than the map's positions or the machine's sizes can tell apart */
    TSP_MAP_NO_MEMORY
};

/** The status in words for a person. Static text. */
const char *tsp_map_status_text(enum tsp_map_status status);

/**
 * Where a map's memory comes from, so that tests can count and refuse. `take` returns `bytes` bytes (never 0), undefined, at a multiple of
 * `align` (a power of two), or NULL; `give` takes back what `take` gave. Must outlive its maps.
 */
struct tsp_map_memory {
    void *(*take)(void *context, size_t bytes, size_t align);
    void (*give)(void *context, void *block, size_t bytes);
    void *context;
};

/** libc's. */
extern const struct tsp_map_memory tsp_map_libc;

/** The head of every map; a kind's own struct begins with it. */
struct tsp_map {
    const struct tsp_map_kind *kind;
    const struct tsp_map_memory *memory;
    size_t count; /* pairs in the map */
    uint64_t seed;
};

/** One kind of map, called by the functions below only, which check their arguments: `pairs` is never NULL and `n` never 0. */
struct tsp_map_kind {
    const char *name;
    enum tsp_pairing pair;
    size_t bytes;    /* of the kind's own struct, which create() zeroes */
    const void *how; /* the kind's own: which variant */
    enum tsp_map_status (*create)(struct tsp_map *map, size_t hint);
    enum tsp_map_status (*reserve)(struct tsp_map *map, size_t pairs);
    enum tsp_map_status (*put)(struct tsp_map *map, const void *pairs, size_t n);
    bool (*get)(const struct tsp_map *map, const void *key, void *value);
    /** NULL: the kind has nothing better than get() for each. */
    size_t (*get_all)(const struct tsp_map *map, const void *keys, size_t n, void *values, bool *found);
    void (*clear)(struct tsp_map *map);
    void (*release)(struct tsp_map *map); /* gives back all but the struct itself */
};

/**
 * Makes an empty map with as much room as its kind makes for `hint` pairs (0: none yet). `seed` goes into the hash: who does not know it
 * cannot choose keys that collide. On error *map is NULL.
 */
enum tsp_map_status tsp_map_create(struct tsp_map **map, const struct tsp_map_kind *kind,
                                   const struct tsp_map_memory *memory, uint64_t seed, size_t hint);

/** Makes room: while the map's pairs and those of a call are together no more than `pairs`, nothing is allocated, not even after clear(). */
enum tsp_map_status tsp_map_reserve(struct tsp_map *map, size_t pairs);

/**
 * Puts `n` pairs, which are of the kind's pairing; of equal keys the last one wins. On error a batch map is as it was; a map that puts one pair at
 * a time holds the pairs before the one that failed and is otherwise as it was. `pairs` must not lie in the map.
 */
enum tsp_map_status tsp_map_put(struct tsp_map *map, const void *pairs, size_t n);

/** Whether `*key` is in the map (not in NULL), and its value; *value is left alone when it is not. Both are of the kind's pairing. Inline: a call
 *  more is felt. */
static inline bool tsp_map_find(const struct tsp_map *map, const void *key, void *value) {
    return map != NULL && map->kind->get(map, key, value);
}

/** The same of a map of u64-u64. */
static inline bool tsp_map_get(const struct tsp_map *map, uint64_t key, uint64_t *value) {
    return tsp_map_find(map, &key, value);
}

/** Looks up `n` keys that lie one after the other. found[i] tells whether key i is in the map (none is in NULL); values[i] is then its value, and is
 *  left alone otherwise. Returns how many are. */
size_t tsp_map_find_all(const struct tsp_map *map, const void *keys, size_t n, void *values, bool *found);

/** Pairs in the map; 0 for NULL. */
size_t tsp_map_count(const struct tsp_map *map);

/** Empties the map and keeps its memory. NULL is allowed. */
void tsp_map_clear(struct tsp_map *map);

/** Gives back all memory. NULL is allowed. */
void tsp_map_free(struct tsp_map *map);

/** For the kinds: memory for `count` things of `size` bytes, NULL also when the bytes overflow; and back again (NULL is allowed). */
void *tsp_map_take(const struct tsp_map *map, size_t count, size_t size, size_t align);
void tsp_map_give(const struct tsp_map *map, void *block, size_t count, size_t size);

#endif
