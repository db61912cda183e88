#include "bucket_map.h"

#include <string.h>

#include "hash.h"

#define SLOTS 8

/* A slot's byte: free, or the top byte of the hash, moved out of the way of the two marks. A bucket's first byte tells of its move. */
enum { FREE = 0, MOVED = 1, LEAST_TOP = 5 };

struct bucket {
    uint8_t top[SLOTS];
    uint64_t keys[SLOTS];
    uint64_t values[SLOTS];
    struct bucket *overflow;
};

/* A power of two of buckets that keys hash to, followed by some for overflow. */
struct array {
    struct bucket *buckets; /* NULL: no array yet */
    size_t heads;           /* those that keys hash to */
    size_t all;
    size_t used; /* the first one not used yet for overflow */
};

struct bucket_map {
    struct tsp_map map;
    struct array now;
    struct array old;     /* being moved from, when there is one */
    size_t moved;         /* old buckets below this have all moved */
    struct bucket *spare; /* single overflow buckets at hand */
    size_t spares;
};

static struct bucket_map *own(struct tsp_map *map) {
    return (struct bucket_map *)map;
}

/* More than 13 pairs for every two buckets? Up to 8 pairs fit the only bucket of the smallest map. */
static bool over_load(size_t count, size_t heads) {
    return count > SLOTS && count > 13 * (heads / 2);
}

static uint8_t top_of(uint64_t hash) {
    const uint8_t top = (uint8_t)(hash >> 56);
    return top < LEAST_TOP ? (uint8_t)(top + LEAST_TOP) : top;
}

/* A sixteenth more buckets, made at once for overflow: about what is needed at middling load. */
static enum tsp_map_status array_make(const struct tsp_map *map, size_t heads, struct array *array) {
    struct array made = {.heads = heads, .all = heads + heads / 16, .used = heads};
    made.buckets = tsp_map_take(map, made.all, sizeof(struct bucket), _Alignof(struct bucket));
    if (made.buckets == NULL) {
        return TSP_MAP_NO_MEMORY;
    }
    memset(made.buckets, 0, made.all * sizeof(struct bucket));
    *array = made;
    return TSP_MAP_OK;
}

static bool array_has(const struct array *array, const struct bucket *bucket) {
    const uintptr_t begin = (uintptr_t)array->buckets;
    const uintptr_t at = (uintptr_t)bucket;
    return at >= begin && at < begin + array->all * sizeof *bucket;
}

static void spare_push(struct bucket_map *own_map, struct bucket *bucket) {
    bucket->overflow = own_map->spare;
    own_map->spare = bucket;
    own_map->spares += 1;
}

static enum tsp_map_status spare_make(struct bucket_map *own_map) {
    struct bucket *bucket = tsp_map_take(&own_map->map, 1, sizeof *bucket, _Alignof(struct bucket));
    if (bucket == NULL) {
        return TSP_MAP_NO_MEMORY;
    }
    spare_push(own_map, bucket);
    return TSP_MAP_OK;
}

/* An empty bucket for overflow: of the array's own, of the spare ones, or a new one. NULL when memory is out. */
static struct bucket *overflow_make(struct bucket_map *own_map) {
    if (own_map->now.used < own_map->now.all) {
        return &own_map->now.buckets[own_map->now.used++];
    }
    if (own_map->spare == NULL && spare_make(own_map) != TSP_MAP_OK) {
        return NULL;
    }
    struct bucket *bucket = own_map->spare;
    own_map->spare = bucket->overflow;
    own_map->spares -= 1;
    memset(bucket, 0, sizeof *bucket);
    return bucket;
}

/* Where the next pair of a chain goes. */
struct target {
    struct bucket *bucket;
    unsigned slot;
};

static enum tsp_map_status target_put(struct bucket_map *own_map, struct target *target, uint8_t top,
                                      uint64_t key, uint64_t value) {
    if (target->slot == SLOTS) {
        struct bucket *more = overflow_make(own_map);
        if (more == NULL) {
            return TSP_MAP_NO_MEMORY;
        }
        target->bucket->overflow = more;
        *target = (struct target){.bucket = more};
    }
    target->bucket->top[target->slot] = top;
    target->bucket->keys[target->slot] = key;
    target->bucket->values[target->slot] = value;
    target->slot += 1;
    return TSP_MAP_OK;
}

/* Empties a chain; its single buckets become spare, those of the array stay unused until the next growth or clear(). */
static void chain_drop(struct bucket_map *own_map, struct bucket *first) {
    for (struct bucket *next = NULL, *bucket = first->overflow; bucket != NULL; bucket = next) {
        next = bucket->overflow;
        if (!array_has(&own_map->now, bucket)) {
            spare_push(own_map, bucket);
        }
    }
    memset(first, 0, sizeof *first);
}

/* Gives back the single buckets behind an old bucket. */
static void chain_give(const struct bucket_map *own_map, const struct array *array, struct bucket *first) {
    for (struct bucket *next = NULL, *bucket = first->overflow; bucket != NULL; bucket = next) {
        next = bucket->overflow;
        if (!array_has(array, bucket)) {
            tsp_map_give(&own_map->map, bucket, 1, sizeof *bucket);
        }
    }
    first->overflow = NULL;
}

/* Copies the pairs of an old bucket into the two that take its place, by the next bit of their hashes. */
static enum tsp_map_status copy_chain(struct bucket_map *own_map, const struct bucket *from,
                                      struct target targets[2]) {
    for (; from != NULL; from = from->overflow) {
        for (unsigned i = 0; i < SLOTS && from->top[i] != FREE; ++i) {
            const uint64_t hash = tsp_hash_twice(from->keys[i], own_map->map.seed);
            struct target *target = &targets[(hash & own_map->old.heads) != 0];
            enum tsp_map_status status =
                target_put(own_map, target, from->top[i], from->keys[i], from->values[i]);
            if (status != TSP_MAP_OK) {
                return status;
            }
        }
    }
    return TSP_MAP_OK;
}

static void array_give(const struct bucket_map *own_map, struct array *array) {
    tsp_map_give(&own_map->map, array->buckets, array->all, sizeof(struct bucket));
    *array = (struct array){.buckets = NULL};
}

/* Moves one old bucket, if it has not moved yet. When memory is out, both new ones are emptied and the old one stays. */
static enum tsp_map_status move(struct bucket_map *own_map, size_t index) {
    struct bucket *from = &own_map->old.buckets[index];
    if (from->top[0] != MOVED) {
        struct bucket *low = &own_map->now.buckets[index];
        struct bucket *high = low + own_map->old.heads;
        struct target targets[2] = {{.bucket = low}, {.bucket = high}};
        enum tsp_map_status status = copy_chain(own_map, from, targets);
        if (status != TSP_MAP_OK) {
            chain_drop(own_map, low);
            chain_drop(own_map, high);
            return status;
        }
        from->top[0] = MOVED;
        chain_give(own_map, &own_map->old, from);
    }
    while (own_map->moved < own_map->old.heads && own_map->old.buckets[own_map->moved].top[0] == MOVED) {
        own_map->moved += 1;
    }
    if (own_map->moved == own_map->old.heads) {
        array_give(own_map, &own_map->old);
    }
    return TSP_MAP_OK;
}

/* The part of growth that every assignment bears: the bucket it will use, and one more, so that growth comes to an end. */
static enum tsp_map_status move_some(struct bucket_map *own_map, uint64_t hash) {
    enum tsp_map_status status = move(own_map, (size_t)hash & (own_map->old.heads - 1));
    if (status == TSP_MAP_OK && own_map->old.buckets != NULL) {
        status = move(own_map, own_map->moved);
    }
    return status;
}

static enum tsp_map_status grow(struct bucket_map *own_map) {
    struct array bigger;
    enum tsp_map_status status = array_make(&own_map->map, 2 * own_map->now.heads, &bigger);
    if (status == TSP_MAP_OK) {
        own_map->old = own_map->now;
        own_map->now = bigger;
        own_map->moved = 0;
    }
    return status;
}

/* Looks for the key in a chain. Found: its value. Else NULL, and *end is the chain's end, with its first free slot or SLOTS. */
static uint64_t *chain_find(struct bucket *bucket, uint8_t top, uint64_t key, struct target *end) {
    for (;; bucket = bucket->overflow) {
        unsigned i = 0;
        for (; i < SLOTS && bucket->top[i] != FREE; ++i) {
            if (bucket->top[i] == top && bucket->keys[i] == key) {
                return &bucket->values[i];
            }
        }
        if (i < SLOTS || bucket->overflow == NULL) {
            *end = (struct target){.bucket = bucket, .slot = i};
            return NULL;
        }
    }
}

/* One assignment: a call, as it is for compiled code of such a runtime. */
static __attribute__((noinline)) enum tsp_map_status assign(struct bucket_map *own_map, uint64_t key,
                                                            uint64_t value) {
    const uint64_t hash = tsp_hash_twice(key, own_map->map.seed);
    const uint8_t top = top_of(hash);
    enum tsp_map_status status = TSP_MAP_OK;
    if (own_map->now.buckets == NULL) {
        status = array_make(&own_map->map, 1, &own_map->now);
    }
    while (status == TSP_MAP_OK) {
        if (own_map->old.buckets != NULL && (status = move_some(own_map, hash)) != TSP_MAP_OK) {
            break;
        }
        struct target end;
        uint64_t *found = chain_find(&own_map->now.buckets[hash & (own_map->now.heads - 1)], top, key, &end);
        if (found != NULL) {
            *found = value;
            break;
        }
        if (own_map->old.buckets == NULL && over_load(own_map->map.count + 1, own_map->now.heads)) {
            status = grow(own_map);
            continue;
        }
        status = target_put(own_map, &end, top, key, value);
        own_map->map.count += status == TSP_MAP_OK ? 1 : 0;
        break;
    }
    return status;
}

static enum tsp_map_status put(struct tsp_map *map, const struct tsp_pair *pairs, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        enum tsp_map_status status = assign(own(map), pairs[i].key, pairs[i].value);
        if (status != TSP_MAP_OK) {
            return status;
        }
    }
    return TSP_MAP_OK;
}

static bool get(const struct tsp_map *map, uint64_t key, uint64_t *value) {
    const struct bucket_map *own_map = (const struct bucket_map *)map;
    if (own_map->now.buckets == NULL) {
        return false;
    }
    const uint64_t hash = tsp_hash_twice(key, map->seed);
    struct bucket *bucket = &own_map->now.buckets[hash & (own_map->now.heads - 1)];
    if (own_map->old.buckets != NULL) {
        struct bucket *before = &own_map->old.buckets[hash & (own_map->old.heads - 1)];
        bucket = before->top[0] == MOVED ? bucket : before;
    }
    struct target end;
    const uint64_t *found = chain_find(bucket, top_of(hash), key, &end);
    if (found != NULL) {
        *value = *found;
    }
    return found != NULL;
}

/* Gives back the single buckets behind all buckets of an array, and the array. */
static void array_release(const struct bucket_map *own_map, struct array *array) {
    for (size_t i = 0; array->buckets != NULL && i < array->heads; ++i) {
        chain_give(own_map, array, &array->buckets[i]);
    }
    array_give(own_map, array);
}

static void clear(struct tsp_map *map) {
    struct bucket_map *own_map = own(map);
    array_release(own_map, &own_map->old);
    for (size_t i = 0; own_map->now.buckets != NULL && i < own_map->now.heads; ++i) {
        chain_drop(own_map, &own_map->now.buckets[i]);
    }
    if (own_map->now.buckets != NULL) {
        own_map->now.used = own_map->now.heads;
        memset(own_map->now.buckets + own_map->now.used, 0,
               (own_map->now.all - own_map->now.used) * sizeof(struct bucket));
    }
}

static void release(struct tsp_map *map) {
    struct bucket_map *own_map = own(map);
    array_release(own_map, &own_map->old);
    array_release(own_map, &own_map->now);
    while (own_map->spare != NULL) {
        struct bucket *bucket = own_map->spare;
        own_map->spare = bucket->overflow;
        tsp_map_give(map, bucket, 1, sizeof *bucket);
    }
}

/* The smallest array that holds `pairs` below its load factor. */
static enum tsp_map_status heads_for(size_t pairs, size_t *heads) {
    if (pairs > PTRDIFF_MAX / sizeof(struct bucket)) { /* an eighth of them is what an array has at least */
        return TSP_MAP_TOO_MANY;
    }
    for (*heads = 1; over_load(pairs, *heads);) {
        *heads *= 2;
    }
    return TSP_MAP_OK;
}

static enum tsp_map_status create(struct tsp_map *map, size_t hint) {
    size_t heads = 1;
    enum tsp_map_status status = heads_for(hint, &heads);
    if (status != TSP_MAP_OK || hint == 0) {
        return status;
    }
    return array_make(map, heads, &own(map)->now);
}

/* A filled array moves whole: into one that was made for it, with all that may fail done first. */
static enum tsp_map_status resize(struct bucket_map *own_map, size_t heads) {
    enum tsp_map_status status = TSP_MAP_OK;
    while (status == TSP_MAP_OK && own_map->old.buckets != NULL) {
        status = move(own_map, own_map->moved);
    }
    while (status == TSP_MAP_OK && own_map->now.buckets != NULL && own_map->map.count > 0 &&
           own_map->now.heads < heads) {
        status = grow(own_map);
        while (status == TSP_MAP_OK && own_map->old.buckets != NULL) {
            status = move(own_map, own_map->moved);
        }
    }
    return status;
}

static enum tsp_map_status reserve(struct tsp_map *map, size_t pairs) {
    struct bucket_map *own_map = own(map);
    size_t heads = 1;
    enum tsp_map_status status = heads_for(pairs, &heads);
    if (status == TSP_MAP_OK) {
        status = resize(own_map, heads);
    }
    if (status == TSP_MAP_OK && (own_map->now.buckets == NULL || own_map->now.heads < heads)) {
        struct array array;
        status = array_make(map, heads, &array);
        if (status == TSP_MAP_OK) {
            array_release(own_map, &own_map->now);
            own_map->now = array;
        }
    }
    /* No chain of k pairs needs more than k / 8 overflow buckets, wherever the keys fall. */
    while (status == TSP_MAP_OK && own_map->spares < pairs / SLOTS) {
        status = spare_make(own_map);
    }
    return status;
}

const struct tsp_map_kind tsp_bucket_map = {.name = "bucket",
                                            .bytes = sizeof(struct bucket_map),
                                            .create = create,
                                            .reserve = reserve,
                                            .put = put,
                                            .get = get,
                                            .clear = clear,
                                            .release = release};
