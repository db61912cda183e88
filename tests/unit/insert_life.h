/* A map and what it should hold, for tests with random batches: keys are numbered, and each number has a place for its value. */
#ifndef TESTS_INSERT_LIFE_H
#define TESTS_INSERT_LIFE_H

#include "insert/hash.h"
#include "insert_model.h"

#define BATCH_MOST 300 /* pairs */
#define SIZE_MOST  700 /* keys */
#define TEXT_MOST  48  /* bytes of a key that is a string */

struct life {
    struct model_memory memory;
    struct tsp_map *map;
    uint64_t seed;   /* of this life, for whoever wants to see it again */
    uint64_t random; /* numbers drawn from it */
    uint64_t secret; /* of the map's hash as it began */
    struct model style;
    bool chosen; /* keys that collide, by who knows the secret */
    size_t size; /* keys there are */
    size_t count;
    uint64_t value;                      /* the last one given to a pair: each has its own */
    uint64_t values[SIZE_MOST];          /* 0: not in the map */
    char texts[2][SIZE_MOST][TEXT_MOST]; /* each string twice: equal keys need not lie in one place */
    size_t numbers[BATCH_MOST];          /* of the keys of the batch */
    size_t n;
    union {
        struct tsp_pair u64[BATCH_MOST];
        struct tsp_pair_16 words[BATCH_MOST];
        struct tsp_pair_str str[BATCH_MOST];
    } batch;
    void *pairs; /* the batch */
    uint64_t batches;
    uint64_t put;
    uint64_t refused;
};

static inline size_t below(struct life *life, size_t bound) {
    return model_below(&life->random, bound);
}

static inline void expect(const struct life *life, bool right, const char *wrong) {
    if (!right) {
        fail_msg("%s, pairing %d, life %llu, batch %llu: %s", life->map->kind->name,
                 (int)life->map->kind->pair, (unsigned long long)life->seed,
                 (unsigned long long)life->batches, wrong);
    }
}

/* Keys with one hash: (2^32 - 1) y has the halves y - 1 and its complement, whatever y > 0 (the batch map's, of 64 bits). */
static inline uint64_t chosen_u64(const struct life *life, size_t number) {
    const uint32_t low = UINT32_MAX - (uint32_t)life->secret;
    const uint32_t high = (uint32_t)number + 1 - (uint32_t)(life->secret >> 32);
    return (uint64_t)high << 32 | low;
}

static inline uint64_t u64_of(const struct life *life, size_t number) {
    return life->chosen ? chosen_u64(life, number) : model_key(&life->style, number);
}

/* Chosen: one half of a product is 0, whatever the other. */
static inline struct tsp_words words_of(const struct life *life, size_t number) {
    const uint64_t word = model_key(&life->style, number);
    return life->chosen ? (struct tsp_words){.first = tsp_hash_other(life->secret), .second = number}
           : life->style.style % 2 == 0 ? (struct tsp_words){.first = word, .second = 7}
                                        : (struct tsp_words){.first = number % 3, .second = word};
}

/* None, three bytes, or from 8 bytes on, the first of which are a number; chosen as above. */
static inline struct tsp_text text_of(struct life *life, size_t number) {
    char *bytes = life->texts[below(life, 2)][number];
    const struct tsp_words chosen = {.first = tsp_hash_other(life->secret), .second = number};
    const uint64_t word = model_key(&life->style, number);
    size_t length = number == 0 ? 0 : number < 100 ? 3 : 8 + number % 33;
    memset(bytes, (int)(number % 250) + 1, TEXT_MOST);
    if (life->chosen) {
        length = sizeof chosen;
        memcpy(bytes, &chosen, sizeof chosen);
    } else if (length >= 8) {
        memcpy(bytes, &word, sizeof word);
    }
    return (struct tsp_text){.bytes = bytes, .length = length};
}

/** The batch's pair number `i`. */
static inline void write_pair(struct life *life, size_t i, size_t number, uint64_t value) {
    switch (life->map->kind->pair) {
    case TSP_PAIR_U64:
        life->batch.u64[i] = (struct tsp_pair){.key = u64_of(life, number), .value = value};
        break;
    case TSP_PAIR_16:
        life->batch.words[i] =
            (struct tsp_pair_16){.key = words_of(life, number), .value = {.first = value, .second = ~value}};
        break;
    case TSP_PAIR_STR:
        life->batch.str[i] = (struct tsp_pair_str){.key = text_of(life, number), .value = value};
        break;
    }
}

/** What the map says of a key is what it should say. */
static inline void look_up(struct life *life, size_t number) {
    const enum tsp_pairing as = life->map->kind->pair;
    const struct tsp_words unset = {.first = UINT64_MAX, .second = UINT64_MAX};
    struct tsp_words value = unset;
    const uint64_t u64 = u64_of(life, number);
    const struct tsp_words words = words_of(life, number);
    const struct tsp_text text = text_of(life, number);
    const void *key = as == TSP_PAIR_U64  ? (const void *)&u64
                      : as == TSP_PAIR_16 ? (const void *)&words
                                          : &text;
    const bool found = tsp_map_find(life->map, key, &value);
    expect(life, found == (life->values[number] != 0), found ? "a key that was not put" : "a key is lost");
    expect(life, value.first == (found ? life->values[number] : unset.first), "another value");
    expect(life, value.second == (found && as == TSP_PAIR_16 ? ~value.first : unset.second), "half a value");
}

/** The same of all keys in one call; the batch's pairs are lost. */
static inline void look_up_all(struct life *life) {
    _Alignas(struct tsp_words) static char keys[SIZE_MOST * sizeof(struct tsp_words)];
    _Alignas(struct tsp_words) static char values[SIZE_MOST * sizeof(struct tsp_words)];
    static bool found[SIZE_MOST];
    const enum tsp_pairing as = life->map->kind->pair;
    for (size_t number = 0; number < life->size; ++number) {
        write_pair(life, 0, number, 0);
        tsp_key_copy(as, keys + number * tsp_key_bytes(as), life->pairs);
    }
    memset(values, 0, sizeof values);
    expect(life, tsp_map_find_all(life->map, keys, life->size, values, found) == life->count,
           "another count");
    for (size_t number = 0; number < life->size; ++number) {
        const uint64_t value = life->values[number];
        struct tsp_words seen = {.first = 0};
        tsp_value_copy(as, &seen, values + number * tsp_value_bytes(as));
        expect(life, found[number] == (value != 0) && seen.first == value,
               "found with others, another value");
        expect(life, seen.second == (as == TSP_PAIR_16 && value != 0 ? ~value : 0), "half a value");
    }
}

/** The map holds exactly what it should. */
static inline void compare(struct life *life) {
    expect(life, tsp_map_count(life->map) == life->count, "another number of pairs");
    for (size_t number = 0; number < life->size; ++number) {
        look_up(life, number);
    }
}

static inline void forget(struct life *life) {
    memset(life->values, 0, sizeof life->values);
    life->count = 0;
}

static inline void life_open(struct life *life, const struct tsp_map_kind *kind, uint64_t seed) {
    *life = (struct life){.seed = seed, .random = seed};
    life->pairs = &life->batch;
    model_memory_open(&life->memory);
    life->style.style = (unsigned)below(life, MODEL_STYLES);
    life->size = 1 + below(life, below(life, 2) == 0 ? 40 : SIZE_MOST - 1);
    life->chosen = below(life, 64) == 0;
    const uint64_t map_seed = model_random(&life->random);
    life->map = model_map(kind, &life->memory, map_seed, below(life, 3) * 100);
    life->secret = model_is_batch(kind) ? ((const struct tsp_batch_map *)life->map)->factor : map_seed;
}

static inline void life_close(struct life *life) {
    tsp_map_free(life->map);
    model_memory_close(&life->memory);
}

#endif
