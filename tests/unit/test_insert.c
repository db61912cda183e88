/* The maps of the insert family against a model: every kind and every variant that this CPU can run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "insert/hash.h"
#include "insert/keys.h"
#include "insert_model.h"

/* Beyond a batch map's cache, so that it partitions. */
#define MANY 250000

/* A life: batches of many sizes with keys that come again, room made or not, emptied in between. */
static void live(const struct tsp_map_kind *kind, uint64_t seed) {
    struct tsp_pair pairs[700];
    struct model_memory memory;
    struct model model;
    uint64_t random = seed;
    model_memory_open(&memory);
    model_open(&model, 1 + model_below(&random, 900), (unsigned)model_below(&random, MODEL_STYLES));
    struct tsp_map *map = model_map(kind, &memory, model_random(&random), model_below(&random, 3) * 100);
    const size_t batches = 1 + model_below(&random, 6);
    for (size_t batch = 0; batch < batches; ++batch) {
        const size_t what = model_below(&random, 8);
        if (what == 0) {
            tsp_map_clear(map);
            model_clear(&model);
        } else if (what == 1) {
            assert_int_equal(tsp_map_reserve(map, model_below(&random, 2000)), TSP_MAP_OK);
        }
        const size_t n = model_below(&random, model_below(&random, 2) == 0 ? 12 : 700);
        model_batch(&model, pairs, n, 1 + batch * 1000, &random);
        assert_int_equal(tsp_map_put(map, pairs, n), TSP_MAP_OK);
        model_compare(&model, map);
    }
    tsp_map_free(map);
    model_close(&model);
    model_memory_close(&memory);
}

static void random_batches_leave_what_the_model_holds(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        for (uint64_t seed = 0; seed < 1500; ++seed) {
            live(model_kind(i), seed);
        }
    }
}

/* Every size on the way, so that each step of growth is seen between its beginning and its end. */
static void growth_loses_nothing(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        struct model_memory memory;
        struct model model;
        model_memory_open(&memory);
        model_open(&model, 600, 5);
        struct tsp_map *map = model_map(model_kind(i), &memory, 1, 0);
        for (size_t number = 0; number < model.size; ++number) {
            const struct tsp_pair pair = {.key = model_key(&model, number), .value = number + 1};
            assert_int_equal(tsp_map_put(map, &pair, 1), TSP_MAP_OK);
            model_put(&model, number, number + 1);
            model_compare(&model, map);
        }
        tsp_map_free(map);
        model_close(&model);
        model_memory_close(&memory);
    }
}

static struct tsp_pair *many_pairs(void) {
    struct tsp_pair *pairs = calloc(MANY, sizeof *pairs);
    assert_non_null(pairs);
    return pairs;
}

/* Two big batches: keys that come about twice in a batch and again in the next, and one key that comes again and again. */
static void big_batches_are_partitioned_and_right(void **state) {
    (void)state;
    struct tsp_pair *pairs = many_pairs();
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        struct model_memory memory;
        struct model model;
        uint64_t random = 7;
        model_memory_open(&memory);
        model_open(&model, MANY / 2, 5);
        struct tsp_map *map = model_map(model_kind(i), &memory, 3, 0);
        for (uint64_t batch = 0; batch < 2; ++batch) {
            model_batch(&model, pairs, MANY, 1 + batch * MANY, &random);
            for (size_t again = 0; batch == 1 && again < MANY; again += 2) { /* does not fit any partition */
                pairs[again].key = pairs[MANY - 1].key;
            }
            if (batch == 1) { /* what these were before has not come */
                tsp_map_clear(map);
                model_clear(&model);
            }
            assert_int_equal(tsp_map_put(map, pairs, MANY), TSP_MAP_OK);
            if (batch == 0) {
                model_compare(&model, map);
            }
        }
        for (size_t at = 0; at < MANY; ++at) {
            uint64_t value = 0;
            assert_true(tsp_map_get(map, pairs[at].key, &value));
            assert_true(value >= pairs[at].value && pairs[value - 1 - MANY].key == pairs[at].key);
        }
        assert_true(!model_is_batch(model_kind(i)) || ((struct tsp_batch_map *)map)->scratch != NULL);
        tsp_map_free(map);
        model_close(&model);
        model_memory_close(&memory);
    }
    free(pairs);
}

/* One algorithm: whatever the variant, the same batches leave the same index and the same pairs. */
static void compare_with_scalar(const struct tsp_map_kind *kind, const struct tsp_pair *pairs, size_t n) {
    struct model_memory memory;
    model_memory_open(&memory);
    struct tsp_map *expected = model_map(tsp_batch_kind_find("scalar", TSP_PAIR_U64), &memory, 9, n);
    struct tsp_map *map = model_map(kind, &memory, 9, n);
    assert_int_equal(tsp_map_put(expected, pairs, n), TSP_MAP_OK);
    assert_int_equal(tsp_map_put(map, pairs, n), TSP_MAP_OK);
    const struct tsp_batch_map *a = (const struct tsp_batch_map *)expected;
    const struct tsp_batch_map *b = (const struct tsp_batch_map *)map;
    assert_int_equal(a->map.count, b->map.count);
    assert_int_equal(a->line_count, b->line_count);
    assert_memory_equal(a->pairs, b->pairs, a->map.count * sizeof(struct tsp_pair));
    for (size_t line = 0; line < a->line_count; ++line) {
        const size_t count = a->lines[line].count;
        assert_int_equal(count, b->lines[line].count);
        assert_memory_equal(a->lines[line].tags, b->lines[line].tags, count * sizeof(uint16_t));
        assert_memory_equal(a->lines[line].positions, b->lines[line].positions, count * sizeof(uint32_t));
    }
    tsp_map_free(expected);
    tsp_map_free(map);
    model_memory_close(&memory);
}

static void the_widest_variant_is_taken(void **state) {
    (void)state;
    const struct tsp_map_kind *widest = NULL;
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        widest = model_kind(i);
    }
    assert_ptr_equal(tsp_batch_kind_best(tsp_features_probe(), TSP_PAIR_U64), widest);
    assert_ptr_equal(tsp_batch_kind_best(0, TSP_PAIR_U64), tsp_batch_kind_find("swar", TSP_PAIR_U64));
}

static void variants_do_the_same(void **state) {
    (void)state;
    struct tsp_pair *pairs = many_pairs();
    uint64_t stream = 1;
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        for (size_t n = 1; n < 300; ++n) {
            (void)tsp_keys_fill(pairs, n, n % 2 == 0 ? TSP_KEYS_RANDOM : TSP_KEYS_HALF_DUPLICATE, &stream, 1);
            compare_with_scalar(model_kind(i), pairs, n);
        }
        (void)tsp_keys_fill(pairs, MANY, TSP_KEYS_RANDOM, &stream, 1);
        compare_with_scalar(model_kind(i), pairs, MANY);
    }
    free(pairs);
}

/* Puts keys that all look the same to the map, and finds them. */
static void put_chosen(struct tsp_map *map, const struct tsp_pair *pairs, size_t n) {
    for (size_t half = 0; half < 2; ++half) { /* the second time they are there already */
        assert_int_equal(tsp_map_put(map, pairs, n), TSP_MAP_OK);
        assert_int_equal(tsp_map_count(map), n);
    }
    for (size_t i = 0; i < n; ++i) {
        uint64_t value = 0;
        assert_true(tsp_map_get(map, pairs[i].key, &value));
        assert_int_equal(value, pairs[i].value);
    }
    uint64_t value = 0;
    assert_false(tsp_map_get(map, pairs[0].key + 1, &value));
}

static void chosen_keys_do_not_confuse_loops(void **state) {
    (void)state;
    enum { KEYS = 300 };
    static const struct {
        const struct tsp_map_kind *kind;
        uint64_t (*hash)(uint64_t key, uint64_t seed);
        uint64_t mask; /* of what is the same: the slot's byte, and a few bits of the bucket or group */
    } loops[] = {{&tsp_bucket_maps[TSP_PAIR_U64], tsp_hash_twice, UINT64_C(0xff00000000000007)},
                 {&tsp_open_maps[TSP_PAIR_U64], tsp_hash_once, 0x3ff}};
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_pair pairs[KEYS];
        struct model_memory memory;
        model_memory_open(&memory);
        struct tsp_map *map = model_map(loops[i].kind, &memory, 5, 0);
        size_t found = 0;
        for (uint64_t key = 0; found < KEYS; key += 2) {
            if (((loops[i].hash(key, 5) ^ loops[i].hash(0, 5)) & loops[i].mask) == 0) {
                pairs[found++] = (struct tsp_pair){.key = key, .value = key ^ 1};
            }
        }
        put_chosen(map, pairs, KEYS);
        tsp_map_free(map);
        model_memory_close(&memory);
    }
}

/* The key whose halves, with the factor's added, are these. */
static uint64_t key_with_sums(uint32_t low, uint32_t high, uint64_t factor) {
    return (uint64_t)(high - (uint32_t)(factor >> 32)) << 32 | (low - (uint32_t)factor);
}

/* x with x * number = 1, by Newton's steps modulo 2^32. */
static uint32_t inverse(uint32_t number) {
    uint32_t x = number;
    for (int i = 0; i < 5; ++i) {
        x *= 2 - number * x;
    }
    return x;
}

/* The key with this hash whose lower sum is 1. */
static uint64_t key_with_hash(uint32_t hash, uint64_t factor) {
    const uint32_t unmixed = hash * inverse(TSP_BATCH_MIX);
    const uint64_t key = key_with_sums(1, unmixed ^ (unmixed >> 16), factor);
    assert_int_equal(tsp_batch_hash(key, factor), hash);
    return key;
}

/* One of many keys with one hash: (2^32 - 1) y has the halves y - 1 and its complement, whatever y > 0. */
static uint64_t key_of_one_line(uint32_t number, uint64_t factor) {
    const uint64_t key = key_with_sums(UINT32_MAX, number + 1, factor);
    assert_int_equal(tsp_batch_hash(key, factor), (UINT32_MAX ^ UINT16_MAX) * TSP_BATCH_MIX);
    return key;
}

/* All keys with one tag; then all with one hash, for which a map changes its factor, so that no search stays long. */
static void chosen_keys_do_not_confuse_batches(void **state) {
    (void)state;
    enum { KEYS = 2000 };
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        for (uint32_t one_line = 0; one_line < 2; ++one_line) {
            struct tsp_pair pairs[KEYS];
            struct model_memory memory;
            model_memory_open(&memory);
            struct tsp_map *map = model_map(model_kind(i), &memory, 5, (size_t)2 * KEYS);
            const struct tsp_batch_map *batch = (const struct tsp_batch_map *)map;
            const uint64_t factor = batch->factor;
            for (uint32_t k = 0; k < KEYS; ++k) {
                pairs[k].key =
                    one_line != 0 ? key_of_one_line(k, factor) : key_with_hash(k << 21 | 0x1234, factor);
                pairs[k].value = k;
            }
            put_chosen(map, pairs, KEYS);
            assert_int_equal(batch->refactored, one_line);
            assert_true((batch->factor == factor) == (one_line == 0));
            tsp_map_free(map);
            model_memory_close(&memory);
        }
    }
}

/*
 * Keys at equal distances lie in the lines as random ones do: of 12,000 in 2,000 lines of ten places, sum P(Poisson(6) > i), i from 10 on, per
 * line 0.077, or 1.29 % of the keys, find their home full at the end.
 */
static void usual_keys_spread(void **state) {
    (void)state;
    enum { KEYS = 12000, LINES = 2000, FACTORS = 100 };
    static const uint64_t distances[] = {1,
                                         3,
                                         8,
                                         64,
                                         1000,
                                         4096,
                                         1 << 20,
                                         1 << 30,
                                         UINT64_C(1) << 32,
                                         UINT64_C(1) << 33,
                                         UINT64_C(1) << 48,
                                         UINT64_C(0x100000001)};
    uint64_t stream = 11;
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; ++i) {
        size_t all = 0;
        for (unsigned run = 0; run < FACTORS; ++run) {
            static unsigned held[LINES];
            struct tsp_pair drawn[2];
            size_t full = 0;
            (void)tsp_keys_fill(drawn, 2, TSP_KEYS_RANDOM, &stream, 0);
            memset(held, 0, sizeof held);
            for (uint64_t k = 0; k < KEYS; ++k) {
                const uint32_t hash = tsp_batch_hash((uint32_t)drawn[0].key + k * distances[i], drawn[1].key);
                const size_t line = (size_t)(tsp_batch_spot(hash, LINES) >> TSP_BATCH_SPOT_LINE) / 64;
                full += ++held[line] > TSP_BATCH_ENTRIES;
            }
            assert_in_range(full, KEYS / 200, KEYS / 30);
            all += full;
        }
        assert_in_range(all, FACTORS * KEYS * 11 / 1000, FACTORS * KEYS * 15 / 1000);
    }
}

/* The 128-bit product, known without one. */
static void folded_products_are_known(void **state) {
    (void)state;
    assert_true(tsp_hash_fold(UINT64_C(1) << 63, 2) == 1);
    assert_true(tsp_hash_fold(UINT64_MAX, UINT64_MAX) == UINT64_MAX); /* 2^128 - 2^65 + 1 */
    assert_true(tsp_hash_fold(UINT64_C(0xffffffff), UINT64_C(0x100000001)) == UINT64_MAX);
    assert_true(tsp_hash_fold(UINT64_C(0x123456789abcdef0), UINT64_C(0xfedcba9876543210)) ==
                (UINT64_C(0x121fa00ad77d7422) ^ UINT64_C(0x236d88fe5618cf00)));
}

/* A duplicate's first pair comes before it, and there are exactly as many keys as is said. */
static void keys_are_distributed_as_they_say(void **state) {
    (void)state;
    static const char *const names[] = {"random", "sequential", "half-duplicate"};
    uint64_t stream = 1;
    uint64_t first_key = 0;
    for (size_t i = 0; i < 6; ++i) {
        struct tsp_pair pairs[1001];
        struct model_memory memory;
        enum tsp_keys keys;
        assert_int_equal(tsp_keys_find(names[i % 3], &keys), 0);
        const size_t different = tsp_keys_fill(pairs, 1001, keys, &stream, 5);
        assert_int_equal(different, keys == TSP_KEYS_HALF_DUPLICATE ? 501 : 1001);
        assert_true(pairs[0].key != first_key); /* another batch, other keys */
        first_key = pairs[0].key;
        model_memory_open(&memory);
        struct tsp_map *map = model_map(&tsp_open_maps[TSP_PAIR_U64], &memory, 1, 0);
        for (size_t k = 0; k < 1001; ++k) {
            assert_int_equal(pairs[k].value, 5 + k);
            assert_true(keys != TSP_KEYS_SEQUENTIAL || pairs[k].key == pairs[0].key + k);
            assert_int_equal(tsp_map_put(map, &pairs[k], 1), TSP_MAP_OK);
        }
        assert_int_equal(tsp_map_count(map), different);
        tsp_map_free(map);
    }
    enum tsp_keys none;
    assert_int_equal(tsp_keys_find("zip", &none), -1);
}

/* How far the likeliest keys of a batch are from the shares that an exponent gives them: chi-square of so many cells and one for the rest. */
enum { CELLS = 50, ZIPF_PAIRS = 20000 };
static double chi_square(const size_t *seen, double exponent) {
    double all = 0;
    double rest = ZIPF_PAIRS;
    double square = 0;
    size_t left = ZIPF_PAIRS;
    for (unsigned k = 1; k <= ZIPF_PAIRS; ++k) {
        all += pow(k, -exponent);
    }
    for (unsigned k = 0; k < CELLS; ++k) {
        const double expected = ZIPF_PAIRS * pow(k + 1, -exponent) / all;
        square += ((double)seen[k] - expected) * ((double)seen[k] - expected) / expected;
        rest -= expected;
        left -= seen[k];
    }
    return square + ((double)left - rest) * ((double)left - rest) / rest;
}

static void zipf_keys_follow_their_law(void **state) {
    (void)state;
    static struct tsp_pair pairs[ZIPF_PAIRS];
    size_t seen[CELLS] = {0};
    struct model_memory memory;
    uint64_t stream = 5;
    uint64_t drawn = stream;
    const uint64_t base = model_random(&drawn);
    const size_t different = tsp_keys_fill(pairs, ZIPF_PAIRS, TSP_KEYS_ZIPF, &stream, 1);
    for (uint64_t k = 0; k < CELLS; ++k) {
        uint64_t before = base + k - UINT64_C(0x9e3779b97f4a7c15);
        const uint64_t key = model_random(&before); /* the k-th likeliest */
        for (size_t i = 0; i < ZIPF_PAIRS; ++i) {
            seen[k] += pairs[i].key == key;
        }
    }
    assert_true(chi_square(seen, TSP_KEYS_EXPONENT) < 86.7); /* the upper 0.001 of 50 degrees of freedom */
    assert_true(chi_square(seen, TSP_KEYS_EXPONENT + 0.1) > 86.7); /* the test can tell */
    model_memory_open(&memory);
    struct tsp_map *map = model_map(&tsp_open_maps[TSP_PAIR_U64], &memory, 1, 0);
    assert_int_equal(tsp_map_put(map, pairs, ZIPF_PAIRS), TSP_MAP_OK);
    assert_int_equal(tsp_map_count(map), different);
    for (size_t i = 0; i < ZIPF_PAIRS; ++i) {
        assert_int_equal(pairs[i].value, i + 1);
    }
    tsp_map_free(map);
    model_memory_close(&memory);
}

/* Hashes of bytes read every byte, and none behind them. */
static void every_byte_of_a_string_counts(void **state) {
    (void)state;
    for (size_t length = 0; length <= 70; ++length) {
        char *bytes = calloc(1, length + 1); /* to the byte, for who looks at accesses */
        assert_non_null(bytes);
        const uint64_t hash = tsp_hash_bytes(bytes + 1, length, 3);
        assert_true(hash != tsp_hash_bytes(bytes + 1, length, 4));
        for (size_t i = 1; i <= length; ++i) {
            bytes[i] = 1;
            assert_true(tsp_hash_bytes(bytes + 1, length, 3) != hash);
            bytes[i] = 0;
        }
        assert_true(length == 0 || tsp_hash_bytes(bytes + 1, length - 1, 3) != hash);
        free(bytes);
    }
}

/* Other pairs of the same batch: as many keys, equal where they were, and a value that tells the first one. */
static void pairs_turn_into_others(void **state) {
    (void)state;
    enum { PAIRS = 500 };
    static struct tsp_pair from[PAIRS];
    static struct tsp_pair_16 turned[PAIRS]; /* the largest */
    static char texts[PAIRS][TSP_KEYS_TEXT];
    uint64_t stream = 1;
    (void)tsp_keys_fill(from, PAIRS, TSP_KEYS_HALF_DUPLICATE, &stream, 9);
    for (enum tsp_pairing as = TSP_PAIR_U64; as <= TSP_PAIR_STR; ++as) {
        memcpy(turned, from, sizeof from);
        tsp_keys_turn(turned, PAIRS, as, texts[0]);
        for (size_t i = 0; i < PAIRS; ++i) {
            const void *pair = tsp_pair_in(as, turned, i);
            assert_memory_equal(tsp_pair_value_in(as, pair), &from[i].value, sizeof from[i].value);
            for (size_t k = 0; k < PAIRS; ++k) {
                assert_int_equal(tsp_keys_equal(as, pair, tsp_pair_in(as, turned, k)),
                                 from[i].key == from[k].key);
            }
            if (as == TSP_PAIR_STR) {
                const struct tsp_text *text = pair;
                assert_ptr_equal(text->bytes, texts[i]);
                assert_in_range(text->length, 11, 26);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folded_products_are_known),
        cmocka_unit_test(zipf_keys_follow_their_law),
        cmocka_unit_test(every_byte_of_a_string_counts),
        cmocka_unit_test(pairs_turn_into_others),
        cmocka_unit_test(keys_are_distributed_as_they_say),
        cmocka_unit_test(usual_keys_spread),
        cmocka_unit_test(random_batches_leave_what_the_model_holds),
        cmocka_unit_test(growth_loses_nothing),
        cmocka_unit_test(big_batches_are_partitioned_and_right),
        cmocka_unit_test(the_widest_variant_is_taken),
        cmocka_unit_test(variants_do_the_same),
        cmocka_unit_test(chosen_keys_do_not_confuse_loops),
        cmocka_unit_test(chosen_keys_do_not_confuse_batches),
    };
    return cmocka_run_group_tests_name("insert", tests, NULL, NULL);
}
