#include "batch_map.h"

#include <string.h>

#include <transept/isa.h>

/* Chosen keys can make a search long under one factor; who chose them does not know the next. After so many, length is borne. */
#define FACTORS_MAX 4

static struct tsp_batch_map *own(struct tsp_map *map) {
    return (struct tsp_batch_map *)map;
}

/* The output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t factor_of(uint64_t seed) {
    uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void set_factor(struct tsp_batch_map *map, uint64_t factor) {
    map->factor = factor;
    map->factor_high = factor >> 32 << 32;
}

static void index_clear(struct tsp_batch_map *map) {
    if (map->line_count != 0) {
        memset(map->lines, 0, map->line_count * sizeof *map->lines);
    }
}

TSP_PAIR_INLINE bool index_as(struct tsp_batch_map *map, uint64_t spot, uint32_t position,
                              enum tsp_pairing as) {
    const uint16_t tag = (uint16_t)spot;
    void *const pair = tsp_pair_at(as, map->pairs, position);
    size_t at = (size_t)(spot >> TSP_BATCH_SPOT_LINE) / sizeof *map->lines;
    for (unsigned probes = 0;; ++probes) {
        struct tsp_batch_line *line = &map->lines[at];
        for (unsigned i = 0; i < line->count; ++i) {
            void *const there = tsp_pair_at(as, map->pairs, line->positions[i]);
            if (line->tags[i] == tag && tsp_keys_equal(as, there, pair)) {
                tsp_value_copy(as, tsp_pair_value(as, there), tsp_pair_value(as, pair));
                return false;
            }
        }
        if (line->count < TSP_BATCH_ENTRIES) {
            line->tags[line->count] = tag;
            line->positions[line->count] = position;
            line->count += 1;
            map->crowded = map->crowded || probes > TSP_BATCH_PROBES;
            return true;
        }
        at = at + 1 == map->line_count ? 0 : at + 1; /* ends: capacity is below the places of all lines */
    }
}

bool tsp_batch_index(struct tsp_batch_map *map, uint64_t spot, uint32_t position) {
    return TSP_PAIR_CALL(map->map.kind->pair, index_as, map, spot, position);
}

TSP_PAIR_INLINE bool get_far_as(const struct tsp_batch_map *map, const void *key, void *value, uint32_t hash,
                                enum tsp_pairing as) {
    const uint64_t spot = tsp_batch_spot(hash, map->line_count);
    const uint16_t tag = (uint16_t)spot;
    size_t at = (size_t)(spot >> TSP_BATCH_SPOT_LINE) / sizeof *map->lines;
    for (;;) {
        const struct tsp_batch_line *line = &map->lines[at];
        for (unsigned i = 0; i < line->count; ++i) {
            void *const there = tsp_pair_at(as, map->pairs, line->positions[i]);
            if (line->tags[i] == tag && tsp_keys_equal(as, there, key)) {
                tsp_value_copy(as, value, tsp_pair_value(as, there));
                return true;
            }
        }
        if (line->count < TSP_BATCH_ENTRIES) {
            return false;
        }
        at = at + 1 == map->line_count ? 0 : at + 1;
    }
}

bool tsp_batch_get_far(const struct tsp_batch_map *map, const void *key, void *value, uint32_t hash) {
    return TSP_PAIR_CALL(map->map.kind->pair, get_far_as, map, key, value, hash);
}

/* Indexes all pairs anew, where they lie; slowly, for only chosen keys bring it about. */
static void reindex(struct tsp_batch_map *map) {
    index_clear(map);
    for (uint32_t i = 0; i < map->map.count; ++i) {
        (void)tsp_batch_index(map, tsp_batch_spot_at(map, i, map->map.kind->pair), i);
    }
}

/* Crowded? Then another factor; at most FACTORS_MAX times, for with so many it is no longer chance or a guess. */
static void refactor(struct tsp_batch_map *map) {
    while (map->crowded) {
        map->crowded = false;
        if (map->refactored == FACTORS_MAX) {
            break;
        }
        map->refactored += 1;
        set_factor(map, factor_of(map->factor ^ map->map.seed));
        reindex(map);
    }
}

void tsp_batch_put_direct(struct tsp_batch_map *map, const void *in, size_t n) {
    const struct tsp_batch_variant *variant = map->map.kind->how;
    refactor(map);
    for (size_t done = 0; done < n;) {
        done += variant->put(map, tsp_pair_in(map->map.kind->pair, in, done), n - done);
        refactor(map);
    }
}

/* All pairs into a map that has room for them. */
static void put_all(struct tsp_batch_map *map, const void *in, size_t n) {
    if (map->scratch == NULL || !tsp_batch_put_parted(map, in, n)) {
        tsp_batch_put_direct(map, in, n);
    }
}

/* What a map of some capacity is made of. */
static size_t lines_for(size_t capacity) {
    return capacity / TSP_BATCH_LOAD + 1;
}

static size_t pair_bytes(const struct tsp_map *map) {
    return tsp_pair_bytes(map->kind->pair);
}

static void release(struct tsp_map *map) {
    struct tsp_batch_map *batch = own(map);
    tsp_map_give(map, batch->pairs, batch->capacity, pair_bytes(map));
    tsp_map_give(map, batch->lines, batch->line_count, sizeof *batch->lines);
    tsp_map_give(map, batch->scratch, batch->scratch_words, sizeof *batch->scratch);
}

static enum tsp_map_status grow(struct tsp_batch_map *map, size_t capacity) {
    struct tsp_batch_map bigger = *map;
    bigger.capacity = capacity;
    bigger.line_count = lines_for(capacity);
    bigger.scratch_words = tsp_batch_scratch(capacity, bigger.line_count, map->map.kind->pair);
    bigger.refactored = 0;
    bigger.pairs = tsp_map_take(&map->map, capacity, pair_bytes(&map->map), 64);
    bigger.lines =
        bigger.pairs == NULL ? NULL : tsp_map_take(&map->map, bigger.line_count, sizeof *map->lines, 64);
    bigger.scratch = NULL;
    if (bigger.lines != NULL && bigger.scratch_words != 0) {
        bigger.scratch = tsp_map_take(&map->map, bigger.scratch_words, sizeof *map->scratch, 64);
    }
    if (bigger.lines == NULL || (bigger.scratch_words != 0 && bigger.scratch == NULL)) {
        release(&bigger.map);
        return TSP_MAP_NO_MEMORY;
    }
    struct tsp_batch_map before = *map;
    *map = bigger;
    map->map.count = 0;
    index_clear(map);
    put_all(map, before.pairs, before.map.count);
    release(&before.map);
    return TSP_MAP_OK;
}

/* Positions have 32 bits, and bytes are counted in size_t. */
static bool too_many(const struct tsp_map *map, size_t capacity) {
    return capacity > UINT32_MAX - 1 || capacity > PTRDIFF_MAX / (2 * pair_bytes(map));
}

static enum tsp_map_status reserve(struct tsp_map *map, size_t pairs) {
    if (too_many(map, pairs)) {
        return TSP_MAP_TOO_MANY;
    }
    return pairs > own(map)->capacity ? grow(own(map), pairs) : TSP_MAP_OK;
}

static enum tsp_map_status create(struct tsp_map *map, size_t hint) {
    set_factor(own(map), factor_of(map->seed));
    return reserve(map, hint);
}

/* Room for all that comes, were it new, and for as much again as there is: growth costs a constant a pair however small batches are. */
static enum tsp_map_status put(struct tsp_map *map, const void *pairs, size_t n) {
    struct tsp_batch_map *batch = own(map);
    size_t all = 0;
    if (__builtin_add_overflow(map->count, n, &all) || too_many(map, all)) {
        return TSP_MAP_TOO_MANY;
    }
    if (all > batch->capacity) {
        const size_t twice = 2 * batch->capacity;
        enum tsp_map_status status = grow(batch, all > twice || too_many(map, twice) ? all : twice);
        if (status != TSP_MAP_OK) {
            return status;
        }
    }
    put_all(batch, pairs, n);
    return TSP_MAP_OK;
}

static size_t get_all(const struct tsp_map *map, const void *keys, size_t n, void *values, bool *found) {
    const struct tsp_batch_map *batch = (const struct tsp_batch_map *)map;
    const struct tsp_batch_variant *variant = map->kind->how;
    if (batch->line_count == 0) {
        memset(found, 0, n * sizeof *found);
        return 0;
    }
    return variant->get_all(batch, keys, n, values, found);
}

static void clear(struct tsp_map *map) {
    own(map)->refactored = 0;
    index_clear(own(map));
}

#define KIND(variant, key, pairing)                                                                          \
    {                                                                                                        \
        .name = "batch/" #variant, .pair = (pairing), .bytes = sizeof(struct tsp_batch_map),                 \
        .how = &tsp_batch_##variant, .create = create, .reserve = reserve, .put = put,                       \
        .get = tsp_batch_get_##key##_##variant, .get_all = get_all, .clear = clear, .release = release       \
    }
#define KINDS(variant)                                                                                       \
    { KIND(variant, u64, TSP_PAIR_U64), KIND(variant, 16, TSP_PAIR_16), KIND(variant, str, TSP_PAIR_STR) }

/* From the narrowest to the widest. */
static const struct tsp_map_kind kinds[][TSP_PAIRINGS] = {
    KINDS(scalar), KINDS(swar),
#if defined(TSP_ISA_X86_64)
    KINDS(sse2),   KINDS(avx2), KINDS(avx512),
#elif defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)
    KINDS(neon),
#elif defined(TSP_ISA_PPC64EL)
    KINDS(vsx),
#elif defined(TSP_ISA_S390X)
    KINDS(vx),
#endif
};

const struct tsp_map_kind *tsp_batch_kind(size_t index, enum tsp_pairing as) {
    return index < sizeof kinds / sizeof kinds[0] ? &kinds[index][as] : NULL;
}

const struct tsp_map_kind *tsp_batch_kind_find(const char *name, enum tsp_pairing as) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const struct tsp_batch_variant *variant = kinds[i][as].how;
        if (strcmp(variant->name, name) == 0) {
            return &kinds[i][as];
        }
    }
    return NULL;
}

const struct tsp_map_kind *tsp_batch_kind_best(uint64_t features, enum tsp_pairing as) {
    const struct tsp_map_kind *best = &kinds[0][as]; /* which needs nothing */
    for (size_t i = 1; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const struct tsp_batch_variant *variant = kinds[i][as].how;
        if ((variant->needs & ~features) == 0) {
            best = &kinds[i][as];
        }
    }
    return best;
}
