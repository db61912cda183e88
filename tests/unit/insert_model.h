/* What the tests of the insert family share: all kinds of map that this CPU can run, memory that counts and refuses, and a model that is
 * right by being simple: keys are numbered, and what each has is in an array. */
#ifndef TESTS_INSERT_MODEL_H
#define TESTS_INSERT_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "insert/batch_map.h"
#include "insert/bucket_map.h"
#include "insert/open_map.h"
#include "transept/isa.h"

/** Kind number `index` of those that this CPU can run with such pairs, from 0; NULL beyond the last. */
static inline const struct tsp_map_kind *model_kind_as(size_t index, enum tsp_pairing as) {
    if (index < 2) {
        return index == 0 ? &tsp_bucket_maps[as] : &tsp_open_maps[as];
    }
    const uint64_t features = tsp_features_probe();
    for (size_t i = 0, left = index - 2; tsp_batch_kind(i, as) != NULL; ++i) {
        const struct tsp_batch_variant *variant = tsp_batch_kind(i, as)->how;
        if ((variant->needs & ~features) == 0 && left-- == 0) {
            return tsp_batch_kind(i, as);
        }
    }
    return NULL;
}

/** The same with pairs of two numbers. */
static inline const struct tsp_map_kind *model_kind(size_t index) {
    return model_kind_as(index, TSP_PAIR_U64);
}

static inline bool model_is_batch(const struct tsp_map_kind *kind) {
    return kind->how != NULL;
}

/** SplitMix64. */
static inline uint64_t model_random(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline size_t model_below(uint64_t *state, size_t bound) {
    return (size_t)(model_random(state) % bound);
}

/** libc's memory, counted; the allocation after `until_refusal` others is refused, once (never when it is negative). */
struct model_memory {
    struct tsp_map_memory memory;
    size_t allocations;
    size_t blocks; /* not given back yet */
    size_t bytes;
    size_t largest; /* block ever taken */
    long until_refusal;
};

static inline void *model_take(void *context, size_t bytes, size_t align) {
    struct model_memory *memory = context;
    if (memory->until_refusal >= 0 && memory->until_refusal-- == 0) {
        return NULL;
    }
    memory->allocations += 1;
    memory->blocks += 1;
    memory->bytes += bytes;
    memory->largest = bytes > memory->largest ? bytes : memory->largest;
    void *block = tsp_map_libc.take(NULL, bytes, align);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % align, 0);
    memset(block, 0xa5, bytes); /* what is not initialised is seen */
    return block;
}

static inline void model_give(void *context, void *block, size_t bytes) {
    struct model_memory *memory = context;
    memory->blocks -= 1;
    memory->bytes -= bytes;
    tsp_map_libc.give(NULL, block, bytes);
}

static inline void model_memory_open(struct model_memory *memory) {
    *memory = (struct model_memory){.memory = {.take = model_take, .give = model_give, .context = memory},
                                    .until_refusal = -1};
}

/** All came back, to the byte. */
static inline void model_memory_close(const struct model_memory *memory) {
    assert_int_equal(memory->blocks, 0);
    assert_int_equal(memory->bytes, 0);
}

/** Keys 0 … size-1 by number, how each is written, and whether the map has it and with which value. */
struct model {
    size_t size;
    unsigned style;
    size_t count;
    uint64_t *values; /* 0: not in the map */
};

static inline void model_open(struct model *model, size_t size, unsigned style) {
    *model = (struct model){.size = size, .style = style, .values = calloc(size, sizeof *model->values)};
    assert_non_null(model->values);
}

static inline void model_close(struct model *model) {
    free(model->values);
}

static inline void model_clear(struct model *model) {
    memset(model->values, 0, model->size * sizeof *model->values);
    model->count = 0;
}

/** Small numbers, multiples of 2^16, 2^32 and 2^48, runs that end at the largest number, anything. */
#define MODEL_STYLES 6
static inline uint64_t model_key(const struct model *model, size_t number) {
    uint64_t any = number;
    switch (model->style) {
    case 0:
        return number;
    case 1:
        return (uint64_t)number << 16;
    case 2:
        return (uint64_t)number << 32;
    case 3:
        return (uint64_t)number << 48 | number >> 16;
    case 4:
        return UINT64_MAX - number;
    default:
        return model_random(&any);
    }
}

static inline void model_put(struct model *model, size_t number, uint64_t value) {
    model->count += model->values[number] == 0;
    model->values[number] = value;
}

/** A batch of `n` pairs with values from `first` (> 0) on, into `pairs` and into the model. */
static inline void model_batch(struct model *model, struct tsp_pair *pairs, size_t n, uint64_t first,
                               uint64_t *random) {
    for (size_t i = 0; i < n; ++i) {
        const size_t number = model_below(random, model->size);
        pairs[i] = (struct tsp_pair){.key = model_key(model, number), .value = first + i};
        model_put(model, number, first + i);
    }
}

/** The map holds exactly what the model holds. */
static inline void model_compare(const struct model *model, const struct tsp_map *map) {
    assert_int_equal(tsp_map_count(map), model->count);
    for (size_t number = 0; number < model->size; ++number) {
        const uint64_t unset = UINT64_MAX;
        uint64_t value = unset;
        const bool found = tsp_map_get(map, model_key(model, number), &value);
        if (found != (model->values[number] != 0) || value != (found ? model->values[number] : unset)) {
            fail_msg("%s: key number %zu of style %u has %s %llu, not %llu", map->kind->name, number,
                     model->style, found ? "value" : "no value, and not", (unsigned long long)value,
                     (unsigned long long)model->values[number]);
        }
    }
}

static inline struct tsp_map *model_map(const struct tsp_map_kind *kind, struct model_memory *memory,
                                        uint64_t seed, size_t hint) {
    struct tsp_map *map = NULL;
    assert_int_equal(tsp_map_create(&map, kind, &memory->memory, seed, hint), TSP_MAP_OK);
    assert_non_null(map);
    return map;
}

#endif
