#include "bucket_map.h"

#include <string.h>

#include "bucket_layout.h"

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

static enum tsp_pairing pairing_of(const struct bucket_map *own_map) {
    return own_map->map.kind->pair;
}

static size_t bytes_of(const struct tsp_map *map) {
    return bucket_bytes(map->kind->pair);
}

/* More than 13 pairs for every two buckets? Up to 8 pairs fit the only bucket of the smallest map. */
static bool over_load(size_t count, size_t heads) {
    return count > SLOTS && count > 13 * (heads / 2);
}

/* A sixteenth more buckets, made at once for overflow: about what is needed at middling load. */
static enum tsp_map_status array_make(const struct tsp_map *map, size_t heads, struct array *array) {
    struct array made = {.heads = heads, .all = heads + heads / 16, .used = heads};
    made.buckets = tsp_map_take(map, made.all, bytes_of(map), BUCKET_ALIGN);
    if (made.buckets == NULL) {
        return TSP_MAP_NO_MEMORY;
    }
    memset(made.buckets, 0, made.all * bytes_of(map));
    *array = made;
    return TSP_MAP_OK;
}

static bool array_has(const struct bucket_map *own_map, const struct array *array,
                      const struct bucket *bucket) {
    const uintptr_t begin = (uintptr_t)array->buckets;
    const uintptr_t at = (uintptr_t)bucket;
    return at >= begin && at < begin + array->all * bytes_of(&own_map->map);
}

static void spare_push(struct bucket_map *own_map, struct bucket *bucket) {
    *overflow_of(bucket, pairing_of(own_map)) = own_map->spare;
    own_map->spare = bucket;
    own_map->spares += 1;
}

static enum tsp_map_status spare_make(struct bucket_map *own_map) {
    struct bucket *bucket = tsp_map_take(&own_map->map, 1, bytes_of(&own_map->map), BUCKET_ALIGN);
    if (bucket == NULL) {
        return TSP_MAP_NO_MEMORY;
    }
    spare_push(own_map, bucket);
    return TSP_MAP_OK;
}

/* An empty bucket for overflow: of the array's own, of the spare ones, or a new one. NULL when memory is out. */
static struct bucket *overflow_make(struct bucket_map *own_map) {
    if (own_map->now.used < own_map->now.all) {
        return bucket_at(own_map->now.buckets, own_map->now.used++, pairing_of(own_map));
    }
    if (own_map->spare == NULL && spare_make(own_map) != TSP_MAP_OK) {
        return NULL;
    }
    struct bucket *bucket = own_map->spare;
    own_map->spare = *overflow_of(bucket, pairing_of(own_map));
    own_map->spares -= 1;
    memset(bucket, 0, bytes_of(&own_map->map));
    return bucket;
}

/* Where the next pair of a chain goes. */
struct target {
    struct bucket *bucket;
    unsigned slot;
};

TSP_PAIR_INLINE enum tsp_map_status target_put(struct bucket_map *own_map, struct target *target, uint8_t top,
                                               const void *key, const void *value, enum tsp_pairing as) {
    if (target->slot == SLOTS) {
        struct bucket *more = overflow_make(own_map);
        if (more == NULL) {
            return TSP_MAP_NO_MEMORY;
        }
        *overflow_of(target->bucket, as) = more;
        *target = (struct target){.bucket = more};
    }
    target->bucket->top[target->slot] = top;
    tsp_key_copy(as, key_at(target->bucket, target->slot, as), key);
    tsp_value_copy(as, value_at(target->bucket, target->slot, as), value);
    target->slot += 1;
    return TSP_MAP_OK;
}

/* Empties a chain; its single buckets become spare, those of the array stay unused until the next growth or clear(). */
static void chain_drop(struct bucket_map *own_map, struct bucket *first) {
    const enum tsp_pairing as = pairing_of(own_map);
    for (struct bucket *next = NULL, *bucket = *overflow_of(first, as); bucket != NULL; bucket = next) {
        next = *overflow_of(bucket, as);
        if (!array_has(own_map, &own_map->now, bucket)) {
            spare_push(own_map, bucket);
        }
    }
    memset(first, 0, bytes_of(&own_map->map));
}

/* Gives back the single buckets behind an old bucket. */
static void chain_give(const struct bucket_map *own_map, const struct array *array, struct bucket *first) {
    const enum tsp_pairing as = pairing_of(own_map);
    for (struct bucket *next = NULL, *bucket = *overflow_of(first, as); bucket != NULL; bucket = next) {
        next = *overflow_of(bucket, as);
        if (!array_has(own_map, array, bucket)) {
            tsp_map_give(&own_map->map, bucket, 1, bytes_of(&own_map->map));
        }
    }
    *overflow_of(first, as) = NULL;
}

/* Copies the pairs of an old bucket into the two that take its place, by the next bit of their hashes. */
TSP_PAIR_INLINE enum tsp_map_status copy_chain_as(struct bucket_map *own_map, struct bucket *from,
                                                  struct target targets[2], enum tsp_pairing as) {
    for (; from != NULL; from = *overflow_of(from, as)) {
        for (unsigned i = 0; i < SLOTS && from->top[i] != FREE; ++i) {
            const void *key = key_at(from, i, as);
            const uint64_t hash = tsp_key_hash_twice(as, key, own_map->map.seed);
            struct target *target = &targets[(hash & own_map->old.heads) != 0];
            enum tsp_map_status status =
                target_put(own_map, target, from->top[i], key, value_at(from, i, as), as);
            if (status != TSP_MAP_OK) {
                return status;
            }
        }
    }
    return TSP_MAP_OK;
}

static enum tsp_map_status copy_chain(struct bucket_map *own_map, struct bucket *from,
                                      struct target targets[2]) {
    return TSP_PAIR_CALL(pairing_of(own_map), copy_chain_as, own_map, from, targets);
}

static void array_give(const struct bucket_map *own_map, struct array *array) {
    tsp_map_give(&own_map->map, array->buckets, array->all, bytes_of(&own_map->map));
    *array = (struct array){.buckets = NULL};
}

/* Moves one old bucket, if it has not moved yet. When memory is out, both new ones are emptied and the old one stays. */
static enum tsp_map_status move(struct bucket_map *own_map, size_t index) {
    const enum tsp_pairing as = pairing_of(own_map);
    struct bucket *from = bucket_at(own_map->old.buckets, index, as);
    if (from->top[0] != MOVED) {
        struct bucket *low = bucket_at(own_map->now.buckets, index, as);
        struct bucket *high = bucket_at(low, own_map->old.heads, as);
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
    while (own_map->moved < own_map->old.heads &&
           bucket_at(own_map->old.buckets, own_map->moved, as)->top[0] == MOVED) {
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
TSP_PAIR_INLINE void *chain_find(struct bucket *bucket, uint8_t top, const void *key, struct target *end,
                                 enum tsp_pairing as) {
    for (;; bucket = *overflow_of(bucket, as)) {
        unsigned i = 0;
        for (; i < SLOTS && bucket->top[i] != FREE; ++i) {
            if (bucket->top[i] == top && tsp_keys_equal(as, key_at(bucket, i, as), key)) {
                return value_at(bucket, i, as);
            }
        }
        if (i < SLOTS || *overflow_of(bucket, as) == NULL) {
            *end = (struct target){.bucket = bucket, .slot = i};
            return NULL;
        }
    }
}

TSP_PAIR_INLINE enum tsp_map_status assign(struct bucket_map *own_map, const void *pair,
                                           enum tsp_pairing as) {
    const uint64_t hash = tsp_key_hash_twice(as, pair, own_map->map.seed);
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
        struct bucket *home = bucket_at(own_map->now.buckets, (size_t)hash & (own_map->now.heads - 1), as);
        void *found = chain_find(home, top, pair, &end, as);
        if (found != NULL) {
            tsp_value_copy(as, found, tsp_pair_value_in(as, pair));
            break;
        }
        if (own_map->old.buckets == NULL && over_load(own_map->map.count + 1, own_map->now.heads)) {
            status = grow(own_map);
            continue;
        }
        status = target_put(own_map, &end, top, pair, tsp_pair_value_in(as, pair), as);
        own_map->map.count += status == TSP_MAP_OK ? 1 : 0;
        break;
    }
    return status;
}

/* One assignment: a call, as it is for compiled code of such a runtime, which also has one for each kind of key. */
#define ASSIGN(id, as)                                                                                       \
    static __attribute__((noinline)) enum tsp_map_status assign_##id(struct bucket_map *own_map,             \
                                                                     const void *pair) {                     \
        return assign(own_map, pair, as);                                                                    \
    }
ASSIGN(u64, TSP_PAIR_U64)
ASSIGN(16, TSP_PAIR_16)
ASSIGN(str, TSP_PAIR_STR)

TSP_PAIR_INLINE enum tsp_map_status assign_each(struct bucket_map *own_map, const void *pairs, size_t n,
                                                enum tsp_pairing as) {
    enum tsp_map_status status = TSP_MAP_OK;
    for (size_t i = 0; i < n && status == TSP_MAP_OK; ++i) {
        const void *pair = tsp_pair_in(as, pairs, i);
        status = as == TSP_PAIR_U64  ? assign_u64(own_map, pair)
                 : as == TSP_PAIR_16 ? assign_16(own_map, pair)
                                     : assign_str(own_map, pair);
    }
    return status;
}

static enum tsp_map_status put(struct tsp_map *map, const void *pairs, size_t n) {
    return TSP_PAIR_CALL(map->kind->pair, assign_each, own(map), pairs, n);
}

TSP_PAIR_INLINE bool get_one(const struct tsp_map *map, const void *key, void *value, enum tsp_pairing as) {
    const struct bucket_map *own_map = (const struct bucket_map *)map;
    if (own_map->now.buckets == NULL) {
        return false;
    }
    const uint64_t hash = tsp_key_hash_twice(as, key, map->seed);
    struct bucket *bucket = bucket_at(own_map->now.buckets, (size_t)hash & (own_map->now.heads - 1), as);
    if (own_map->old.buckets != NULL) {
        struct bucket *before = bucket_at(own_map->old.buckets, (size_t)hash & (own_map->old.heads - 1), as);
        bucket = before->top[0] == MOVED ? bucket : before;
    }
    struct target end;
    const void *found = chain_find(bucket, top_of(hash), key, &end, as);
    if (found != NULL) {
        tsp_value_copy(as, value, found);
    }
    return found != NULL;
}

static bool get(const struct tsp_map *map, const void *key, void *value) {
    return TSP_PAIR_CALL(map->kind->pair, get_one, map, key, value);
}

/* Gives back the single buckets behind all buckets of an array, and the array. */
static void array_release(const struct bucket_map *own_map, struct array *array) {
    for (size_t i = 0; array->buckets != NULL && i < array->heads; ++i) {
        chain_give(own_map, array, bucket_at(array->buckets, i, pairing_of(own_map)));
    }
    array_give(own_map, array);
}

static void clear(struct tsp_map *map) {
    struct bucket_map *own_map = own(map);
    array_release(own_map, &own_map->old);
    for (size_t i = 0; own_map->now.buckets != NULL && i < own_map->now.heads; ++i) {
        chain_drop(own_map, bucket_at(own_map->now.buckets, i, map->kind->pair));
    }
    if (own_map->now.buckets != NULL) {
        own_map->now.used = own_map->now.heads;
        memset(bucket_at(own_map->now.buckets, own_map->now.used, map->kind->pair), 0,
               (own_map->now.all - own_map->now.used) * bytes_of(map));
    }
}

static void release(struct tsp_map *map) {
    struct bucket_map *own_map = own(map);
    array_release(own_map, &own_map->old);
    array_release(own_map, &own_map->now);
    while (own_map->spare != NULL) {
        struct bucket *bucket = own_map->spare;
        own_map->spare = *overflow_of(bucket, map->kind->pair);
        tsp_map_give(map, bucket, 1, bytes_of(map));
    }
}

/* The smallest array that holds `pairs` below its load factor. */
static enum tsp_map_status heads_for(const struct tsp_map *map, size_t pairs, size_t *heads) {
    if (pairs > PTRDIFF_MAX / bytes_of(map)) { /* an eighth of them is what an array has at least */
        return TSP_MAP_TOO_MANY;
    }
    for (*heads = 1; over_load(pairs, *heads);) {
        *heads *= 2;
    }
    return TSP_MAP_OK;
}

static enum tsp_map_status create(struct tsp_map *map, size_t hint) {
    size_t heads = 1;
    enum tsp_map_status status = heads_for(map, hint, &heads);
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
    enum tsp_map_status status = heads_for(map, pairs, &heads);
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

#define KIND(pairing)                                                                                        \
    {                                                                                                        \
        .name = "bucket", .pair = (pairing), .bytes = sizeof(struct bucket_map), .create = create,           \
        .reserve = reserve, .put = put, .get = get, .clear = clear, .release = release                       \
    }

const struct tsp_map_kind tsp_bucket_maps[TSP_PAIRINGS] = {KIND(TSP_PAIR_U64), KIND(TSP_PAIR_16),
                                                           KIND(TSP_PAIR_STR)};
