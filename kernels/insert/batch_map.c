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

static void index_clear(struct tsp_batch_map *map) {
    if (map->line_count != 0) {
        memset(map->lines, 0, map->line_count * sizeof *map->lines);
    }
}

bool tsp_batch_index(struct tsp_batch_map *map, uint64_t spot, uint32_t position) {
    const uint16_t tag = (uint16_t)spot;
    const struct tsp_pair *pair = &map->pairs[position];
    size_t at = (size_t)(spot >> TSP_BATCH_SPOT_LINE) / sizeof *map->lines;
    for (unsigned probes = 0;; ++probes) {
        struct tsp_batch_line *line = &map->lines[at];
        for (unsigned i = 0; i < line->count; ++i) {
            if (line->tags[i] == tag && map->pairs[line->positions[i]].key == pair->key) {
                map->pairs[line->positions[i]].value = pair->value;
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

const struct tsp_pair *tsp_batch_find(const struct tsp_batch_map *map, uint64_t spot, uint64_t key) {
    const uint16_t tag = (uint16_t)spot;
    size_t at = (size_t)(spot >> TSP_BATCH_SPOT_LINE) / sizeof *map->lines;
    for (;;) {
        const struct tsp_batch_line *line = &map->lines[at];
        for (unsigned i = 0; i < line->count; ++i) {
            if (line->tags[i] == tag && map->pairs[line->positions[i]].key == key) {
                return &map->pairs[line->positions[i]];
            }
        }
        if (line->count < TSP_BATCH_ENTRIES) {
            return NULL;
        }
        at = at + 1 == map->line_count ? 0 : at + 1;
    }
}

/* Indexes all pairs anew, where they lie; slowly, for only chosen keys bring it about. */
static void reindex(struct tsp_batch_map *map) {
    index_clear(map);
    for (uint32_t i = 0; i < map->map.count; ++i) {
        const uint32_t hash = tsp_batch_hash(map->pairs[i].key, map->factor);
        (void)tsp_batch_index(map, tsp_batch_spot(hash, map->line_count), i);
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
        map->factor = factor_of(map->factor ^ map->map.seed);
        reindex(map);
    }
}

void tsp_batch_put_direct(struct tsp_batch_map *map, const struct tsp_pair *in, size_t n) {
    const struct tsp_batch_variant *variant = map->map.kind->how;
    refactor(map);
    for (size_t done = 0; done < n;) {
        done += variant->put(map, in + done, n - done);
        refactor(map);
    }
}

/* All pairs into a map that has room for them. */
static void put_all(struct tsp_batch_map *map, const struct tsp_pair *in, size_t n) {
    if (map->scratch == NULL || !tsp_batch_put_parted(map, in, n)) {
        tsp_batch_put_direct(map, in, n);
    }
}

/* What a map of some capacity is made of. */
static size_t lines_for(size_t capacity) {
    return capacity / TSP_BATCH_LOAD + 1;
}

static void release(struct tsp_map *map) {
    struct tsp_batch_map *batch = own(map);
    tsp_map_give(map, batch->pairs, batch->capacity, sizeof *batch->pairs);
    tsp_map_give(map, batch->lines, batch->line_count, sizeof *batch->lines);
    tsp_map_give(map, batch->scratch, batch->scratch_words, sizeof *batch->scratch);
}

static enum tsp_map_status grow(struct tsp_batch_map *map, size_t capacity) {
    struct tsp_batch_map bigger = *map;
    bigger.capacity = capacity;
    bigger.line_count = lines_for(capacity);
    bigger.scratch_words = tsp_batch_scratch(capacity, bigger.line_count);
    bigger.refactored = 0;
    bigger.pairs = tsp_map_take(&map->map, capacity, sizeof *map->pairs, 64);
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
static bool too_many(size_t capacity) {
    return capacity > UINT32_MAX - 1 || capacity > PTRDIFF_MAX / (2 * sizeof(struct tsp_pair));
}

static enum tsp_map_status reserve(struct tsp_map *map, size_t pairs) {
    if (too_many(pairs)) {
        return TSP_MAP_TOO_MANY;
    }
    return pairs > own(map)->capacity ? grow(own(map), pairs) : TSP_MAP_OK;
}

static enum tsp_map_status create(struct tsp_map *map, size_t hint) {
    own(map)->factor = factor_of(map->seed);
    return reserve(map, hint);
}

/* Room for all that comes, were it new, and for as much again as there is: growth costs a constant a pair however small batches are. */
static enum tsp_map_status put(struct tsp_map *map, const struct tsp_pair *pairs, size_t n) {
    struct tsp_batch_map *batch = own(map);
    size_t all = 0;
    if (__builtin_add_overflow(map->count, n, &all) || too_many(all)) {
        return TSP_MAP_TOO_MANY;
    }
    if (all > batch->capacity) {
        const size_t twice = 2 * batch->capacity;
        enum tsp_map_status status = grow(batch, all > twice || too_many(twice) ? all : twice);
        if (status != TSP_MAP_OK) {
            return status;
        }
    }
    put_all(batch, pairs, n);
    return TSP_MAP_OK;
}

static void clear(struct tsp_map *map) {
    own(map)->refactored = 0;
    index_clear(own(map));
}

#define KIND(variant)                                                                                        \
    {                                                                                                        \
        .name = "batch/" #variant, .bytes = sizeof(struct tsp_batch_map), .how = &tsp_batch_##variant,       \
        .create = create, .reserve = reserve, .put = put, .get = tsp_batch_get_##variant, .clear = clear,    \
        .release = release                                                                                   \
    }

/* From the narrowest to the widest. */
static const struct tsp_map_kind kinds[] = {
    KIND(scalar), KIND(swar),
#if defined(TSP_ISA_X86_64)
    KIND(sse2),   KIND(avx2), KIND(avx512),
#elif defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)
    KIND(neon),
#elif defined(TSP_ISA_PPC64EL)
    KIND(vsx),
#elif defined(TSP_ISA_S390X)
    KIND(vx),
#endif
};

const struct tsp_map_kind *tsp_batch_kind(size_t index) {
    return index < sizeof kinds / sizeof kinds[0] ? &kinds[index] : NULL;
}

const struct tsp_map_kind *tsp_batch_kind_find(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const struct tsp_batch_variant *variant = kinds[i].how;
        if (strcmp(variant->name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

const struct tsp_map_kind *tsp_batch_kind_best(uint64_t features) {
    const struct tsp_map_kind *best = &kinds[0]; /* which needs nothing */
    for (size_t i = 1; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const struct tsp_batch_variant *variant = kinds[i].how;
        if ((variant->needs & ~features) == 0) {
            best = &kinds[i];
        }
    }
    return best;
}
