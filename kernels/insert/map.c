/* The doors to every kind of map: arguments are checked here, once. */
#include "map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const char *tsp_map_status_text(enum tsp_map_status status) {
    switch (status) {
    case TSP_MAP_OK:
        return "no error";
    case TSP_MAP_NULL:
        return "there is no map, or there are no pairs to put";
    case TSP_MAP_TOO_MANY:
        return "more pairs than the map can hold";
    case TSP_MAP_NO_MEMORY:
        return "no memory for the map";
    }
    return "an unknown status";
}

/* Aligned here, in a block of malloc's, whose address stands before what is given out: glibc's aligned allocations leave other gaps each time
 * they are made, so that the same batches would never again take the same path through malloc. */
static void *take(void *context, size_t bytes, size_t align) {
    (void)context;
    const size_t most = align < sizeof(void *) ? sizeof(void *) : align;
    size_t whole = 0;
    char *block = __builtin_add_overflow(bytes, most + sizeof(void *), &whole) ? NULL : malloc(whole);
    if (block == NULL) {
        return NULL;
    }
    char *const first = block + sizeof(void *);
    char *const given = first + (-(uintptr_t)first & (most - 1));
    memcpy(given - sizeof(void *), &block, sizeof block);
    return given;
}

static void give(void *context, void *block, size_t bytes) {
    (void)context;
    (void)bytes;
    if (block != NULL) {
        char *whole = NULL;
        memcpy(&whole, (char *)block - sizeof(void *), sizeof whole);
        free(whole);
    }
}

const struct tsp_map_memory tsp_map_libc = {.take = take, .give = give};

void *tsp_map_take(const struct tsp_map *map, size_t count, size_t size, size_t align) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX) {
        return NULL;
    }
    return map->memory->take(map->memory->context, bytes, align);
}

void tsp_map_give(const struct tsp_map *map, void *block, size_t count, size_t size) {
    if (block != NULL) {
        map->memory->give(map->memory->context, block, count * size);
    }
}

enum tsp_map_status tsp_map_create(struct tsp_map **map, const struct tsp_map_kind *kind,
                                   const struct tsp_map_memory *memory, uint64_t seed, size_t hint) {
    *map = NULL;
    struct tsp_map *made = memory->take(memory->context, kind->bytes, 64);
    if (made == NULL) {
        return TSP_MAP_NO_MEMORY;
    }
    memset(made, 0, kind->bytes);
    *made = (struct tsp_map){.kind = kind, .memory = memory, .seed = seed};
    enum tsp_map_status status = kind->create(made, hint);
    if (status != TSP_MAP_OK) {
        tsp_map_free(made);
        return status;
    }
    *map = made;
    return TSP_MAP_OK;
}

enum tsp_map_status tsp_map_reserve(struct tsp_map *map, size_t pairs) {
    return map == NULL ? TSP_MAP_NULL : map->kind->reserve(map, pairs);
}

enum tsp_map_status tsp_map_put(struct tsp_map *map, const void *pairs, size_t n) {
    if (map == NULL || (pairs == NULL && n != 0)) {
        return TSP_MAP_NULL;
    }
    if (n > PTRDIFF_MAX /
                tsp_pair_bytes(map->kind->pair)) { /* so many cannot lie in memory: a count gone wrong */
        return TSP_MAP_TOO_MANY;
    }
    return n == 0 ? TSP_MAP_OK : map->kind->put(map, pairs, n);
}

size_t tsp_map_find_all(const struct tsp_map *map, const void *keys, size_t n, void *values, bool *found) {
    if (map != NULL && map->kind->get_all != NULL) {
        return map->kind->get_all(map, keys, n, values, found);
    }
    const size_t key_bytes = map == NULL ? 0 : tsp_key_bytes(map->kind->pair);
    const size_t value_bytes = map == NULL ? 0 : tsp_value_bytes(map->kind->pair);
    size_t count = 0;
    for (size_t i = 0; i < n; ++i) {
        found[i] = tsp_map_find(map, (const char *)keys + i * key_bytes, (char *)values + i * value_bytes);
        count += found[i];
    }
    return count;
}

size_t tsp_map_count(const struct tsp_map *map) {
    return map == NULL ? 0 : map->count;
}

void tsp_map_clear(struct tsp_map *map) {
    if (map != NULL) {
        map->kind->clear(map);
        map->count = 0;
    }
}

void tsp_map_free(struct tsp_map *map) {
    if (map != NULL) {
        map->kind->release(map);
        map->memory->give(map->memory->context, map, map->kind->bytes);
    }
}
