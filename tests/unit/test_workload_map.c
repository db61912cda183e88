/* The sharded map against a model, and under threads: what thread sanitizers run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "workload/pair.h"
#include "workload/random.h"
#include "workload/shard_map.h"

enum { KEYS = 700, VALUE = 28 }; /* no multiple of 8: the last word is cut */

static struct tsp_shard_map *make(unsigned shards, uint64_t seed) {
    struct tsp_shard_map *map = NULL;
    struct tsp_error error;
    if (tsp_shard_map_make(&map, shards, VALUE, seed, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return map;
}

/* --- one thread --------------------------------------------------------------------------------------------------------------------- */

struct model {
    uint64_t writers[KEYS]; /* 0: absent */
    uint64_t pairs;
};

static void count_pair(void *data, uint64_t key, const void *value) {
    struct model *left = data;
    uint64_t writer = 0;
    assert_true(key < KEYS && tsp_pair_read(value, VALUE, key, &writer));
    assert_int_equal(left->writers[key], writer); /* once: it is taken off */
    left->writers[key] = 0;
    --left->pairs;
}

static void compare(struct tsp_shard_map *map, const struct model *model) {
    struct model left = *model;
    unsigned char value[VALUE];
    uint64_t writer = 0;
    for (uint64_t key = 0; key < KEYS; ++key) {
        bool found = tsp_shard_map_get(map, key, value);
        assert_int_equal(found, model->writers[key] != 0);
        if (found) {
            assert_true(tsp_pair_read(value, VALUE, key, &writer));
            assert_int_equal(writer, model->writers[key]);
        }
    }
    tsp_shard_map_each(map, count_pair, &left);
    assert_int_equal(left.pairs, 0);
}

static void step(struct tsp_shard_map *map, struct model *model, uint64_t *random, uint64_t writer,
                 unsigned removes) {
    unsigned char value[VALUE];
    unsigned char old[VALUE];
    uint64_t key = tsp_random_below(random, KEYS);
    uint64_t was = model->writers[key];
    uint64_t found = 0;
    bool replaced;
    if (tsp_random_below(random, 100) < removes) {
        replaced = tsp_shard_map_remove(map, key, old);
        model->writers[key] = 0;
        model->pairs -= was != 0;
    } else {
        tsp_pair_write(value, VALUE, key, writer);
        replaced = tsp_shard_map_put(map, key, value, old) == 1;
        model->writers[key] = writer;
        model->pairs += was == 0;
    }
    assert_int_equal(replaced, was != 0);
    if (replaced) {
        assert_true(tsp_pair_read(old, VALUE, key, &found));
        assert_int_equal(found, was);
    }
}

static void the_map_is_the_model(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 6; ++seed) {
        struct tsp_shard_map *map = make(seed % 2 == 0 ? 1 : 13, seed);
        struct model model = {.pairs = 0};
        uint64_t random = seed;
        for (uint64_t i = 1; i <= 20000; ++i) {
            step(map, &model, &random, i, i / 4000 % 2 == 0 ? 20 : 80); /* it fills, and empties, and fills */
            if (i % 2000 == 0) {
                compare(map, &model);
            }
        }
        tsp_shard_map_free(map);
    }
}

static void an_empty_map_has_nothing(void **unused) {
    (void)unused;
    struct tsp_shard_map *map = make(3, 1);
    unsigned char value[VALUE] = {1};
    assert_false(tsp_shard_map_get(map, 0, value));
    assert_false(tsp_shard_map_remove(map, UINT64_MAX, value));
    assert_int_equal(value[0], 1);
    tsp_shard_map_free(map);
    tsp_shard_map_free(NULL);
}

/* What is stated holds the tables that a map of so many keys has: checked by arithmetic on the fullest shard. */
static void the_stated_memory_grows_with_keys_and_values(void **unused) {
    (void)unused;
    assert_true(tsp_shard_map_bytes(1000000, 64, 64) >= UINT64_C(1000000) * 73 * 4 / 3);
    assert_true(tsp_shard_map_bytes(1000000, 64, 64) < UINT64_C(1000000) * 73 * 8);
    assert_true(tsp_shard_map_bytes(1000000, 64, 128) > tsp_shard_map_bytes(1000000, 64, 64));
}

/* --- values ------------------------------------------------------------------------------------------------------------------------- */

static void any_changed_byte_is_seen(void **unused) {
    (void)unused;
    static const size_t sizes[] = {16, 17, 24, 28, 64, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
        unsigned char value[100];
        uint64_t writer = 0;
        tsp_pair_write(value, sizes[i], 42, tsp_pair_writer(7, 99));
        assert_true(tsp_pair_read(value, sizes[i], 42, &writer));
        assert_int_equal(writer, tsp_pair_writer(7, 99));
        assert_false(tsp_pair_read(value, sizes[i], 43, &writer));
        for (size_t byte = 0; byte < sizes[i]; ++byte) {
            bool of_writer = byte >= 8 && byte < 16;
            value[byte] ^= 0x10;
            assert_int_equal(tsp_pair_read(value, sizes[i], 42, &writer), of_writer && sizes[i] == 16);
            value[byte] ^= 0x10;
        }
    }
}

/* The books agree with the map whatever the order, and not when a put is missing, comes twice, or is another. */
static void books_balance_only_if_all_is_there(void **unused) {
    (void)unused;
    struct tsp_books a = {.came = 0};
    struct tsp_books b = {.came = 0};
    struct tsp_books there = {.came = 0};
    tsp_books_came(&a, 1, 10);
    tsp_books_came(&b, 1, 20);
    tsp_books_went(&b, 1, 10);
    tsp_books_came(&a, 2, 11);
    tsp_books_merge(&a, &b);
    tsp_books_came(&there, 2, 11);
    tsp_books_came(&there, 1, 20);
    assert_int_equal(a.came - a.went, there.came);
    assert_int_equal(a.came_sum - a.went_sum, there.came_sum);
    struct tsp_books stale = {.came = 0};
    tsp_books_came(&stale, 2, 11);
    tsp_books_came(&stale, 1, 10); /* the put of 20 was lost */
    assert_int_equal(a.came - a.went, stale.came);
    assert_true(a.came_sum - a.went_sum != stale.came_sum);
}

/* --- threads ------------------------------------------------------------------------------------------------------------------------ */

enum { THREADS = 4, STEPS = 40000 };

struct actor {
    pthread_t thread;
    struct tsp_shard_map *map;
    unsigned index;
    struct tsp_books books;
    unsigned wrong;
};

static void *act(void *data) {
    struct actor *actor = data;
    unsigned char value[VALUE];
    unsigned char old[VALUE];
    uint64_t random = actor->index;
    uint64_t writer = 0;
    for (uint64_t i = 1; i <= STEPS; ++i) {
        uint64_t key = tsp_random_below(&random, KEYS);
        bool found = false;
        bool went = true;
        switch (tsp_random_below(&random, 4)) {
        case 0:
            found = tsp_shard_map_get(actor->map, key, old);
            went = false;
            break;
        case 1:
            found = tsp_shard_map_remove(actor->map, key, old);
            break;
        default:
            tsp_pair_write(value, VALUE, key, tsp_pair_writer(actor->index, i));
            found = tsp_shard_map_put(actor->map, key, value, old) == 1;
            tsp_books_came(&actor->books, key, tsp_pair_writer(actor->index, i));
        }
        actor->wrong += found && !tsp_pair_read(old, VALUE, key, &writer);
        if (found && went) {
            tsp_books_went(&actor->books, key, writer);
        }
    }
    return NULL;
}

static void add_pair(void *data, uint64_t key, const void *value) {
    uint64_t writer = 0;
    assert_true(tsp_pair_read(value, VALUE, key, &writer));
    tsp_books_came(data, key, writer);
}

/* Threads that put, remove and read the same few keys while tables grow: no pair is lost, invented or torn. */
static void threads_lose_nothing(void **unused) {
    (void)unused;
    static const unsigned shards[] = {1, 2, 16};
    for (unsigned i = 0; i < sizeof shards / sizeof *shards; ++i) {
        struct actor actors[THREADS];
        struct tsp_books all = {.came = 0};
        struct tsp_books there = {.came = 0};
        struct tsp_shard_map *map = make(shards[i], i);
        for (unsigned k = 0; k < THREADS; ++k) {
            actors[k] = (struct actor){.map = map, .index = k};
            assert_int_equal(pthread_create(&actors[k].thread, NULL, act, &actors[k]), 0);
        }
        for (unsigned k = 0; k < THREADS; ++k) {
            assert_int_equal(pthread_join(actors[k].thread, NULL), 0);
            assert_int_equal(actors[k].wrong, 0);
            tsp_books_merge(&all, &actors[k].books);
        }
        tsp_shard_map_each(map, add_pair, &there);
        assert_int_equal(all.came - all.went, there.came);
        assert_int_equal(all.came_sum - all.went_sum, there.came_sum);
        tsp_shard_map_free(map);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_map_is_the_model),
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(the_stated_memory_grows_with_keys_and_values),
        cmocka_unit_test(any_changed_byte_is_seen),
        cmocka_unit_test(books_balance_only_if_all_is_there),
        cmocka_unit_test(threads_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
