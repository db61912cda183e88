/* The maps of the insert family when memory is out, when they are asked for too much, and when they must not allocate at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insert/hash.h"
#include "insert/keys.h"
#include "insert_model.h"

#define PAIRS 1500

/* Puts pairs, one call for all or one for each as the kind has it; the allocation `refused` fails. A call that fails leaves the map as it
 * was, and succeeds when it is made again. Returns whether one failed. */
static bool put_refused(struct tsp_map *map, struct model *model, struct model_memory *memory,
                        size_t refused) {
    struct tsp_pair pairs[PAIRS];
    struct model after;
    uint64_t random = 3;
    bool failed = false;
    model_open(&after, model->size, model->style);
    memcpy(after.values, model->values, model->size * sizeof *model->values);
    after.count = model->count;
    model_batch(&after, pairs, PAIRS, 10000, &random);
    const size_t step = model_is_batch(map->kind) ? PAIRS : 1;
    memory->until_refusal = (long)refused;
    for (size_t i = 0; i < PAIRS; i += step) {
        enum tsp_map_status status = tsp_map_put(map, pairs + i, step);
        if (status != TSP_MAP_OK) {
            assert_int_equal(status, TSP_MAP_NO_MEMORY);
            model_compare(model, map);
            assert_int_equal(tsp_map_put(map, pairs + i, step), TSP_MAP_OK);
            failed = true;
        }
        for (size_t number = 0; step == 1 && !failed && number < model->size; ++number) {
            if (model_key(model, number) ==
                pairs[i].key) { /* the model follows as long as it will be compared with */
                model_put(model, number, pairs[i].value);
                break;
            }
        }
    }
    memory->until_refusal = -1;
    model_compare(&after, map);
    model_close(&after);
    return failed;
}

static void every_allocation_of_put_may_fail(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        bool failed = true;
        size_t refused = 0;
        for (; failed; ++refused) {
            struct tsp_pair pairs[60];
            struct model_memory memory;
            struct model model;
            uint64_t random = 1;
            model_memory_open(&memory);
            model_open(&model, 1000, 0);
            struct tsp_map *map = model_map(model_kind(i), &memory, 1, 0);
            model_batch(&model, pairs, 60, 1, &random);
            assert_int_equal(tsp_map_put(map, pairs, 60), TSP_MAP_OK);
            failed = put_refused(map, &model, &memory, refused);
            tsp_map_free(map);
            model_close(&model);
            model_memory_close(&memory);
        }
        assert_true(refused > 2); /* some did fail */
    }
}

/* Keys that share a bucket of 16, so that growth moves long chains; it may stop within any of them. */
static void moving_a_long_chain_may_fail(void **state) {
    (void)state;
    enum { KEYS = 250 };
    struct tsp_pair pairs[KEYS];
    size_t chosen = 0;
    for (uint64_t key = 0; chosen < KEYS; ++key) {
        if (tsp_hash_twice(key, 1) % 16 == 0) {
            pairs[chosen++] = (struct tsp_pair){.key = key, .value = key + 1};
        }
    }
    bool failed = true;
    for (long refused = 0; failed; ++refused) {
        struct model_memory memory;
        model_memory_open(&memory);
        struct tsp_map *map = model_map(&tsp_bucket_maps[TSP_PAIR_U64], &memory, 1, 0);
        memory.until_refusal = refused;
        failed = false;
        for (size_t i = 0; i < KEYS; ++i) {
            while (tsp_map_put(map, &pairs[i], 1) != TSP_MAP_OK) {
                failed = true;
                assert_int_equal(tsp_map_count(map), i);
                for (size_t before = 0; before < KEYS; ++before) {
                    uint64_t value = 0;
                    assert_int_equal(tsp_map_get(map, pairs[before].key, &value), before < i);
                    assert_true(value == (before < i ? pairs[before].value : 0));
                }
            }
        }
        assert_int_equal(tsp_map_count(map), KEYS);
        tsp_map_free(map);
        model_memory_close(&memory);
    }
}

static void every_allocation_of_create_may_fail(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        size_t refused = 0;
        for (enum tsp_map_status status = TSP_MAP_NO_MEMORY; status != TSP_MAP_OK; ++refused) {
            struct model_memory memory;
            struct tsp_map *map = NULL;
            model_memory_open(&memory);
            memory.until_refusal = (long)refused;
            status = tsp_map_create(&map, model_kind(i), &memory.memory, 1,
                                    300000); /* so many that a batch map partitions */
            assert_true((map == NULL) == (status == TSP_MAP_NO_MEMORY));
            assert_true(status == TSP_MAP_OK || memory.blocks == 0);
            tsp_map_free(map);
            model_memory_close(&memory);
        }
        assert_int_equal(refused, model_kind(i) == &tsp_bucket_maps[TSP_PAIR_U64] ? 3
                                  : model_is_batch(model_kind(i))                 ? 5
                                                                                  : 4);
    }
}

static void every_allocation_of_reserve_may_fail(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        struct tsp_pair pairs[200];
        struct model_memory memory;
        struct model model;
        uint64_t random = 1;
        model_memory_open(&memory);
        model_open(&model, 1000, 4);
        struct tsp_map *map = model_map(model_kind(i), &memory, 1, 0);
        model_batch(&model, pairs, 200, 1, &random);
        assert_int_equal(tsp_map_put(map, pairs, 200), TSP_MAP_OK);
        size_t failures = 0;
        for (enum tsp_map_status status = TSP_MAP_NO_MEMORY; status != TSP_MAP_OK;) {
            memory.until_refusal = (long)(failures % 3); /* what did succeed may stay */
            status = tsp_map_reserve(map, 1000 + 8 * failures);
            memory.until_refusal = -1;
            model_compare(&model, map);
            failures += status != TSP_MAP_OK;
            assert_true(failures < 1000);
            if (failures >= 30) {
                status = tsp_map_reserve(map, 3000);
                assert_int_equal(status, TSP_MAP_OK);
            }
        }
        assert_true(failures > 0);
        model_compare(&model, map);
        tsp_map_free(map);
        model_close(&model);
        model_memory_close(&memory);
    }
}

/* Counts whose bytes or positions overflow, no map, no pairs: refused, and the map is as it was. */
static void impossible_requests_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        struct tsp_pair pairs[50];
        struct model_memory memory;
        struct model model;
        uint64_t random = 1;
        uint64_t value = 77;
        model_memory_open(&memory);
        model_open(&model, 40, 1);
        struct tsp_map *map = model_map(model_kind(i), &memory, 1, 0);
        assert_false(tsp_map_get(map, 0, &value));
        model_batch(&model, pairs, 50, 1, &random);
        assert_int_equal(tsp_map_put(map, pairs, 50), TSP_MAP_OK);
        const size_t allocations = memory.allocations;
        assert_int_equal(tsp_map_put(map, NULL, 1), TSP_MAP_NULL);
        assert_int_equal(tsp_map_put(map, NULL, 0), TSP_MAP_OK);
        assert_int_equal(tsp_map_put(map, pairs, SIZE_MAX), TSP_MAP_TOO_MANY);
        assert_int_equal(tsp_map_put(map, pairs, SIZE_MAX / sizeof pairs[0] + 1), TSP_MAP_TOO_MANY);
        assert_int_equal(tsp_map_reserve(map, SIZE_MAX), TSP_MAP_TOO_MANY);
        assert_int_equal(tsp_map_reserve(map, SIZE_MAX / sizeof pairs[0] + 1), TSP_MAP_TOO_MANY);
        if (model_is_batch(model_kind(i))) {
            /* the last count that would have 32-bit positions, but for the pairs that are there */
            const size_t most =
                SIZE_MAX / sizeof pairs[0] / 4 < UINT32_MAX ? SIZE_MAX / sizeof pairs[0] / 4 : UINT32_MAX;
            assert_int_equal(tsp_map_put(map, pairs, most - 20), TSP_MAP_TOO_MANY);
        }
        assert_int_equal(memory.allocations, allocations);
        model_compare(&model, map);
        struct tsp_map *none = map;
        assert_int_equal(tsp_map_create(&none, model_kind(i), &memory.memory, 1, SIZE_MAX), TSP_MAP_TOO_MANY);
        assert_null(none);
        tsp_map_free(map);
        model_close(&model);
        model_memory_close(&memory);
    }
    struct tsp_pair pair = {.key = 1};
    uint64_t value = 77;
    assert_int_equal(tsp_map_put(NULL, &pair, 1), TSP_MAP_NULL);
    assert_int_equal(tsp_map_reserve(NULL, 1), TSP_MAP_NULL);
    assert_false(tsp_map_get(NULL, 1, &value));
    assert_int_equal(value, 77);
    assert_int_equal(tsp_map_count(NULL), 0);
    tsp_map_clear(NULL);
    tsp_map_free(NULL);
}

/* Room once made suffices for every batch of that size, also when all its keys want to be in the same place. */
static void reused_maps_allocate_nothing(void **state) {
    (void)state;
    enum { ROOM = 3000 };
    struct tsp_pair pairs[ROOM];
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        struct model_memory memory;
        uint64_t stream = 1;
        model_memory_open(&memory);
        struct tsp_map *map = model_map(model_kind(i), &memory, 1, 0);
        assert_int_equal(tsp_map_reserve(map, ROOM), TSP_MAP_OK);
        const size_t allocations = memory.allocations;
        for (unsigned round = 0; round < 40; ++round) {
            const size_t different = tsp_keys_fill(pairs, ROOM, (enum tsp_keys)(round % 3), &stream, 1);
            assert_int_equal(tsp_map_put(map, pairs, ROOM), TSP_MAP_OK);
            assert_int_equal(tsp_map_count(map), different);
            assert_int_equal(memory.allocations, allocations);
            tsp_map_clear(map);
            assert_int_equal(tsp_map_count(map), 0);
            uint64_t value = 0;
            assert_false(tsp_map_get(map, pairs[0].key, &value));
        }
        size_t found = 0;
        for (uint64_t key = 0; found < ROOM;
             ++key) { /* one bucket of the 512 that there are, and most of 375 more */
            if (model_kind(i) != &tsp_bucket_maps[TSP_PAIR_U64] || tsp_hash_twice(key, 1) % 512 == 0) {
                pairs[found++] = (struct tsp_pair){.key = key, .value = key};
            }
        }
        assert_int_equal(tsp_map_put(map, pairs, ROOM), TSP_MAP_OK);
        assert_int_equal(tsp_map_count(map), ROOM);
        assert_int_equal(memory.allocations, allocations);
        tsp_map_free(map);
        model_memory_close(&memory);
    }
}

/* As the runtime that it is after does: one array an empty map's first pair, twice as long each time it is over 13 pairs for 2 buckets,
 * moved from by two buckets an assignment. */
static void buckets_grow_by_doubling(void **state) {
    (void)state;
    struct model_memory memory;
    model_memory_open(&memory);
    struct tsp_map *map = model_map(&tsp_bucket_maps[TSP_PAIR_U64], &memory, 1, 0);
    assert_int_equal(memory.blocks, 1); /* the map alone: its first array comes with its first pair */
    /* pair 1; pair 9, more than a bucket; then 6.5 a bucket and one, with 2, 4, 8, 16 and 32 buckets */
    static const uint64_t expected[] = {0, 8, 13, 26, 52, 104, 208};
    size_t arrays = 0;
    memory.largest = 0;
    for (uint64_t key = 0; key < 209; ++key) {
        const size_t largest = memory.largest;
        const struct tsp_pair pair = {.key = key, .value = key};
        assert_int_equal(tsp_map_put(map, &pair, 1), TSP_MAP_OK);
        if (memory.largest != largest) {
            assert_true(arrays < 7);
            assert_int_equal(key, expected[arrays++]);
        }
    }
    assert_int_equal(arrays, 7);
    tsp_map_free(map);
    model_memory_close(&memory);
}

static void statuses_have_words(void **state) {
    (void)state;
    for (int status = TSP_MAP_OK; status <= TSP_MAP_NO_MEMORY; ++status) {
        assert_true(strlen(tsp_map_status_text((enum tsp_map_status)status)) > 5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_put_may_fail),
        cmocka_unit_test(moving_a_long_chain_may_fail),
        cmocka_unit_test(every_allocation_of_create_may_fail),
        cmocka_unit_test(every_allocation_of_reserve_may_fail),
        cmocka_unit_test(impossible_requests_are_refused),
        cmocka_unit_test(reused_maps_allocate_nothing),
        cmocka_unit_test(buckets_grow_by_doubling),
        cmocka_unit_test(statuses_have_words),
    };
    return cmocka_run_group_tests_name("insert_memory", tests, NULL, NULL);
}
