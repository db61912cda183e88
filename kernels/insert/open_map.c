#include "open_map.h"

#include <string.h>

#define SLOTS      8
#define EACH_BYTE  UINT64_C(0x0101010101010101)
#define HIGH_BITS  (EACH_BYTE * 0x80)
#define FREE_SLOTS HIGH_BITS /* a group's control bytes when all its slots are free */

/* 2^k groups; NULL members when there are none. */
struct table {
    uint64_t *controls; /* one word a group: slot i's byte at bits 8i, on every ISA */
    void *pairs;        /* SLOTS a group */
    size_t groups;
};

struct open_map {
    struct tsp_map map;
    struct table table;
};

static struct open_map *own(struct tsp_map *map) {
    return (struct open_map *)map;
}

/* 7 of 8 slots of each group on average. */
static size_t room_of(size_t groups) {
    return groups * (SLOTS - 1);
}

/* Bit 8i + 7 is set where byte i is `tag`, and seldom where it is not: what carries over from a byte that matched may mark the one above
 * ("Determine if a word has a zero byte", Anderson, Bit Twiddling Hacks). Keys are compared anyway. */
static uint64_t match(uint64_t control, uint64_t tag) {
    const uint64_t difference = control ^ (EACH_BYTE * tag);
    return (difference - EACH_BYTE) & ~difference & HIGH_BITS;
}

static unsigned first_slot(uint64_t matches) {
    return (unsigned)__builtin_ctzll(matches) / 8;
}

static size_t group_bytes(const struct tsp_map *map) {
    return SLOTS * tsp_pair_bytes(map->kind->pair);
}

static void table_give(const struct tsp_map *map, struct table *table) {
    tsp_map_give(map, table->controls, table->groups, sizeof *table->controls);
    tsp_map_give(map, table->pairs, table->groups, group_bytes(map));
    *table = (struct table){.groups = 0};
}

static void table_clear(const struct table *table) {
    for (size_t i = 0; i < table->groups; ++i) {
        table->controls[i] = FREE_SLOTS;
    }
}

static enum tsp_map_status table_make(const struct tsp_map *map, size_t groups, struct table *table) {
    struct table made = {.groups = groups};
    made.controls = tsp_map_take(map, groups, sizeof *made.controls, 64);
    made.pairs = made.controls == NULL ? NULL : tsp_map_take(map, groups, group_bytes(map), 64);
    if (made.pairs == NULL) {
        table_give(map, &made);
        return TSP_MAP_NO_MEMORY;
    }
    table_clear(&made);
    *table = made;
    return TSP_MAP_OK;
}

/* Where a key is or, when it is not in the table, the first free slot on its way. */
struct place {
    size_t group;
    unsigned slot;
    bool found;
};

TSP_PAIR_INLINE void *pair_at(const struct table *table, struct place place, enum tsp_pairing as) {
    return tsp_pair_at(as, table->pairs, place.group * SLOTS + place.slot);
}

TSP_PAIR_INLINE void slot_fill(const struct table *table, struct place place, uint64_t hash, const void *pair,
                               enum tsp_pairing as) {
    table->controls[place.group] ^= ((hash & 0x7f) ^ 0x80) << (8 * place.slot);
    tsp_pair_copy(as, pair_at(table, place, as), pair);
}

/* Steps of 1, 2, 3, … visit each of 2^k groups once (triangular numbers), and one of them has a free slot: room_of() is below all slots. */
TSP_PAIR_INLINE struct place find(const struct table *table, uint64_t hash, const void *key,
                                  enum tsp_pairing as) {
    size_t group = (size_t)(hash >> 7) & (table->groups - 1);
    for (size_t step = 1;; ++step) {
        const uint64_t control = table->controls[group];
        for (uint64_t matches = match(control, hash & 0x7f); matches != 0; matches &= matches - 1) {
            const struct place place = {.group = group, .slot = first_slot(matches), .found = true};
            if (tsp_keys_equal(as, pair_at(table, place, as), key)) {
                return place;
            }
        }
        if ((control & HIGH_BITS) != 0) {
            return (struct place){.group = group, .slot = first_slot(control & HIGH_BITS)};
        }
        group = (group + step) & (table->groups - 1);
    }
}

TSP_PAIR_INLINE void move_all(const struct tsp_map *map, const struct table *from, const struct table *to,
                              enum tsp_pairing as) {
    for (size_t group = 0; group < from->groups; ++group) {
        uint64_t taken = ~from->controls[group] & HIGH_BITS;
        for (; taken != 0; taken &= taken - 1) {
            const void *pair = pair_at(from, (struct place){.group = group, .slot = first_slot(taken)}, as);
            const uint64_t hash = tsp_key_hash_once(as, pair, map->seed);
            slot_fill(to, find(to, hash, pair, as), hash, pair, as);
        }
    }
}

/* All pairs into a table of `groups` groups; the old one goes. */
static __attribute__((noinline)) enum tsp_map_status rehash(struct open_map *open, size_t groups) {
    struct table bigger;
    enum tsp_map_status status = table_make(&open->map, groups, &bigger);
    if (status != TSP_MAP_OK) {
        return status;
    }
    TSP_PAIR_CALL(open->map.kind->pair, move_all, &open->map, &open->table, &bigger);
    table_give(&open->map, &open->table);
    open->table = bigger;
    return TSP_MAP_OK;
}

TSP_PAIR_INLINE enum tsp_map_status put_one(struct open_map *open, const void *pair, enum tsp_pairing as) {
    const uint64_t hash = tsp_key_hash_once(as, pair, open->map.seed);
    struct place place = {.found = false};
    if (open->table.groups != 0) {
        place = find(&open->table, hash, pair, as);
    }
    if (place.found) {
        tsp_value_copy(as, tsp_pair_value(as, pair_at(&open->table, place, as)), tsp_pair_value_in(as, pair));
        return TSP_MAP_OK;
    }
    if (open->map.count == room_of(open->table.groups)) {
        if (open->table.groups > PTRDIFF_MAX / 2 / SLOTS / tsp_pair_bytes(as)) {
            return TSP_MAP_TOO_MANY;
        }
        enum tsp_map_status status = rehash(open, open->table.groups == 0 ? 1 : 2 * open->table.groups);
        if (status != TSP_MAP_OK) {
            return status;
        }
        place = find(&open->table, hash, pair, as);
    }
    slot_fill(&open->table, place, hash, pair, as);
    open->map.count += 1;
    return TSP_MAP_OK;
}

TSP_PAIR_INLINE enum tsp_map_status put_each(struct open_map *open, const void *pairs, size_t n,
                                             enum tsp_pairing as) {
    for (size_t i = 0; i < n; ++i) {
        enum tsp_map_status status = put_one(open, tsp_pair_in(as, pairs, i), as);
        if (status != TSP_MAP_OK) {
            return status;
        }
    }
    return TSP_MAP_OK;
}

static enum tsp_map_status put(struct tsp_map *map, const void *pairs, size_t n) {
    return TSP_PAIR_CALL(map->kind->pair, put_each, own(map), pairs, n);
}

TSP_PAIR_INLINE bool get_one(const struct tsp_map *map, const void *key, void *value, enum tsp_pairing as) {
    const struct table *table = &((const struct open_map *)map)->table;
    if (table->groups == 0) {
        return false;
    }
    const struct place place = find(table, tsp_key_hash_once(as, key, map->seed), key, as);
    if (place.found) {
        tsp_value_copy(as, value, tsp_pair_value(as, pair_at(table, place, as)));
    }
    return place.found;
}

static bool get(const struct tsp_map *map, const void *key, void *value) {
    return TSP_PAIR_CALL(map->kind->pair, get_one, map, key, value);
}

static enum tsp_map_status reserve(struct tsp_map *map, size_t pairs) {
    size_t groups = 1;
    if (pairs > PTRDIFF_MAX / (4 * tsp_pair_bytes(map->kind->pair))) {
        return TSP_MAP_TOO_MANY;
    }
    while (room_of(groups) < pairs) {
        groups *= 2;
    }
    return groups > own(map)->table.groups ? rehash(own(map), groups) : TSP_MAP_OK;
}

static enum tsp_map_status create(struct tsp_map *map, size_t hint) {
    return hint == 0 ? TSP_MAP_OK : reserve(map, hint);
}

static void clear(struct tsp_map *map) {
    table_clear(&own(map)->table);
}

static void release(struct tsp_map *map) {
    table_give(map, &own(map)->table);
}

#define KIND(pairing)                                                                                        \
    {                                                                                                        \
        .name = "open", .pair = (pairing), .bytes = sizeof(struct open_map), .create = create,               \
        .reserve = reserve, .put = put, .get = get, .clear = clear, .release = release                       \
    }

const struct tsp_map_kind tsp_open_maps[TSP_PAIRINGS] = {KIND(TSP_PAIR_U64), KIND(TSP_PAIR_16),
                                                         KIND(TSP_PAIR_STR)};
