/* Batches beyond the cache, in every variant of the batch map: by entries, whose known keys leave holes; by pairs, where many are known;
 * and what is taken back when the one turns out to be the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insert/keys.h"
#include "insert_model.h"

#define MANY   60000
#define CHOSEN 300 /* keys of one line; few enough for any partition's spare room */

struct life {
    struct model_memory memory;
    struct model model;
    struct tsp_map *map;
    struct tsp_pair *pairs;
    uint64_t random;
    size_t fresh; /* the first number that has not come yet */
    uint64_t value;
};

static struct tsp_batch_map *batch_of(struct life *life) {
    return (struct tsp_batch_map *)life->map;
}

static void open_life(struct life *life, const struct tsp_map_kind *kind) {
    *life = (struct life){.random = 21, .value = 1};
    model_memory_open(&life->memory);
    model_open(&life->model, (size_t)4 * MANY, 5);
    life->map = model_map(kind, &life->memory, 77, (size_t)4 * MANY);
    life->pairs = calloc(MANY, sizeof *life->pairs);
    assert_non_null(life->pairs);
    assert_non_null(batch_of(life)->scratch);
}

static void close_life(struct life *life) {
    tsp_map_free(life->map);
    model_close(&life->model);
    model_memory_close(&life->memory);
    free(life->pairs);
}

/* A batch in which one of `of` pairs (0: none) brings a number that came before, in this batch or an earlier one. */
static void fill(struct life *life, size_t of) {
    for (size_t i = 0; i < MANY; ++i) {
        const bool known = of != 0 && life->fresh != 0 && model_below(&life->random, of) == 0;
        const size_t number = known ? model_below(&life->random, life->fresh) : life->fresh++;
        life->pairs[i] = (struct tsp_pair){.key = model_key(&life->model, number), .value = life->value};
        model_put(&life->model, number, life->value++);
    }
}

/* The pairs lie one after the other, and the index leads to each of them once. */
static void check_places(const struct life *life) {
    const struct tsp_batch_map *batch = (const struct tsp_batch_map *)life->map;
    const struct tsp_pair *pairs = batch->pairs;
    size_t entries = 0;
    for (size_t i = 0; i < batch->line_count; ++i) {
        entries += batch->lines[i].count;
        for (size_t k = 0; k < TSP_BATCH_ENTRIES; ++k) {
            assert_true((batch->lines[i].tags[k] != 0) == (k < batch->lines[i].count));
        }
    }
    assert_int_equal(entries, life->map->count);
    for (size_t i = 0; i < life->map->count; ++i) {
        uint64_t value = 0;
        assert_true(tsp_map_get(life->map, pairs[i].key, &value));
        assert_true(value == pairs[i].value);
    }
}

static void put(struct life *life, size_t of, bool knows_afterwards) {
    const size_t allocations = life->memory.allocations;
    fill(life, of);
    assert_int_equal(tsp_map_put(life->map, life->pairs, MANY), TSP_MAP_OK);
    assert_int_equal(life->memory.allocations, allocations); /* there was room */
    assert_int_equal(batch_of(life)->knows, knows_afterwards);
    model_compare(&life->model, life->map);
    check_places(life);
}

static void clear(struct life *life) {
    tsp_map_clear(life->map);
    model_clear(&life->model);
    life->fresh = 0;
}

static void known_keys_leave_no_holes(void **state) {
    (void)state;
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        struct life life;
        open_life(&life, model_kind(i));
        put(&life, 0, false);
        put(&life, 20, false); /* entries, and holes */
        put(&life, 9, false);
        clear(&life);
        put(&life, 100, false); /* known from this batch alone */
        close_life(&life);
    }
}

static void many_known_keys_go_another_way(void **state) {
    (void)state;
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        struct life life;
        open_life(&life, model_kind(i));
        put(&life, 0, false);
        const size_t before = life.map->count;
        put(&life, 2, true); /* begun by entries, taken back, beside pairs that were there */
        assert_true(life.map->count > before);
        put(&life, 2, true);
        put(&life, 1, true); /* all known */
        clear(&life);
        put(&life, 0, false); /* and back to entries */
        put(&life, 20, false);
        close_life(&life);
    }
}

/* --- chosen keys -------------------------------------------------------------------------------------------------------------------- */

/* The key whose halves, with the factor's added, are these. */
static uint64_t key_with_sums(const struct life *life, uint32_t low, uint32_t high) {
    const uint64_t factor = ((const struct tsp_batch_map *)life->map)->factor;
    return (uint64_t)(high - (uint32_t)(factor >> 32)) << 32 | (low - (uint32_t)factor);
}

/* Keys with one hash, as (2^32 - 1) y has the halves y - 1 and its complement. */
static uint64_t key_of_one_hash(const struct life *life, uint32_t number) {
    return key_with_sums(life, UINT32_MAX, number + 1);
}

/* Keys of the last whole line of the first of 32 partitions. */
static uint64_t key_of_last_line(const struct life *life, uint32_t number) {
    const struct tsp_batch_map *batch = (const struct tsp_batch_map *)life->map;
    const uint64_t line = batch->line_count / 32 - 1;
    for (uint32_t sum = number * 10000000;; ++sum) {
        const uint64_t key = key_with_sums(life, 1, sum);
        const uint64_t spot = tsp_batch_spot(tsp_batch_hash(key, batch->factor), batch->line_count);
        if ((spot >> TSP_BATCH_SPOT_LINE) / sizeof *batch->lines == line) {
            return key;
        }
    }
}

/* A batch that begins with chosen keys; the pairs whose place they take are put before. */
static void put_chosen(struct life *life, size_t of, const uint64_t *keys, size_t n) {
    fill(life, of);
    const size_t others = life->model.count;
    assert_int_equal(tsp_map_put(life->map, life->pairs, n), TSP_MAP_OK);
    for (size_t i = 0; i < n; ++i) {
        life->pairs[i].key = keys[i];
    }
    assert_int_equal(tsp_map_put(life->map, life->pairs, MANY), TSP_MAP_OK);
    assert_false(batch_of(life)->crowded);
    check_places(life);
    assert_int_equal(tsp_map_count(life->map), others + n);
    for (size_t i = 0; i < n; ++i) {
        uint64_t value = 0;
        assert_true(tsp_map_get(life->map, keys[i], &value));
        assert_true(value == life->pairs[i].value);
    }
}

/* They find their line full so often that the map indexes anew, in the midst of a batch. */
static void chosen_keys_are_put_directly(void **state) {
    (void)state;
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        struct life life;
        uint64_t keys[CHOSEN];
        open_life(&life, model_kind(i));
        put(&life, 0, false);
        const uint64_t factor = batch_of(&life)->factor;
        for (uint32_t k = 0; k < CHOSEN; ++k) {
            keys[k] = key_of_one_hash(&life, k);
        }
        put_chosen(&life, 30, keys, CHOSEN);
        assert_true(batch_of(&life)->factor != factor);
        close_life(&life);
    }
}

static void what_ran_over_is_taken_back(void **state) {
    (void)state;
    enum { OVER = 25 }; /* more than there is room for in two lines */
    for (size_t i = 2; model_kind(i) != NULL; ++i) {
        struct life life;
        uint64_t keys[OVER];
        open_life(&life, model_kind(i));
        put(&life, 0, false);
        for (uint32_t k = 0; k < OVER; ++k) {
            keys[k] = key_of_last_line(&life, k);
        }
        put_chosen(&life, 2, keys, OVER);
        assert_true(batch_of(&life)->knows);
        close_life(&life);
    }
}

/* --- other pairs --------------------------------------------------------------------------------------------------------------------- */

/* A batch of other pairs than of two numbers. */
struct other {
    enum tsp_pairing as;
    uint64_t first;
    void *pairs;
    char *texts;
};

/* One of `of` pairs brings a key of `known` (0: none does). */
static struct other other_make(enum tsp_pairing as, enum tsp_keys keys, uint64_t first, uint64_t *stream,
                               const struct other *known, size_t of) {
    struct other other = {.as = as,
                          .first = first,
                          .pairs = calloc(MANY, sizeof(struct tsp_pair_16)),
                          .texts = calloc(MANY, TSP_KEYS_TEXT)};
    assert_true(other.pairs != NULL && other.texts != NULL);
    (void)tsp_keys_fill(other.pairs, MANY, keys, stream, first);
    tsp_keys_turn(other.pairs, MANY, as, other.texts);
    for (size_t i = 0; of != 0 && i < MANY; i += of) {
        tsp_key_copy(as, tsp_pair_at(as, other.pairs, i), tsp_pair_in(as, known->pairs, i));
    }
    return other;
}

static void other_free(struct other *other) {
    free(other->pairs);
    free(other->texts);
}

/* Each key's value is that of the last pair of the batch that brought it. */
static void other_check(const struct tsp_map *map, const struct other *other) {
    for (size_t i = 0; i < MANY; ++i) {
        struct tsp_words value = {.first = 0};
        const void *key = tsp_pair_in(other->as, other->pairs, i);
        assert_true(tsp_map_find(map, key, &value));
        const uint64_t from = value.first - other->first;
        assert_true(from >= i && from < MANY);
        assert_true(tsp_keys_equal(other->as, tsp_pair_in(other->as, other->pairs, (size_t)from), key));
        assert_true(other->as != TSP_PAIR_16 || value.second == ~value.first);
    }
}

static void other_put(struct tsp_map *map, const struct other *other, size_t count_afterwards, bool knows) {
    assert_int_equal(tsp_map_put(map, other->pairs, MANY), TSP_MAP_OK);
    assert_int_equal(tsp_map_count(map), count_afterwards);
    assert_int_equal(((const struct tsp_batch_map *)map)->knows, knows);
    other_check(map, other);
}

/* By entries, with holes, and by pairs. */
static void other_pairs_are_parted_as_well(void **state) {
    (void)state;
    for (enum tsp_pairing as = TSP_PAIR_16; as <= TSP_PAIR_STR; ++as) {
        uint64_t stream = 1;
        struct other fresh = other_make(as, TSP_KEYS_RANDOM, 1, &stream, NULL, 0);
        struct other few = other_make(as, TSP_KEYS_RANDOM, 1 + MANY, &stream, &fresh, 20);
        struct other half = other_make(as, TSP_KEYS_HALF_DUPLICATE, 1 + 2 * MANY, &stream, NULL, 0);
        for (size_t i = 2; model_kind_as(i, as) != NULL; ++i) {
            struct model_memory memory;
            model_memory_open(&memory);
            struct tsp_map *map = model_map(model_kind_as(i, as), &memory, 5, (size_t)4 * MANY);
            assert_non_null(((const struct tsp_batch_map *)map)->scratch);
            other_put(map, &fresh, MANY, false);
            other_put(map, &few, 2 * MANY - MANY / 20, false);
            other_put(map, &half, 2 * MANY - MANY / 20 + MANY / 2, true);
            other_put(map, &fresh, 2 * MANY - MANY / 20 + MANY / 2, true);
            tsp_map_free(map);
            model_memory_close(&memory);
        }
        other_free(&fresh);
        other_free(&few);
        other_free(&half);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_keys_leave_no_holes),      cmocka_unit_test(many_known_keys_go_another_way),
        cmocka_unit_test(chosen_keys_are_put_directly),   cmocka_unit_test(what_ran_over_is_taken_back),
        cmocka_unit_test(other_pairs_are_parted_as_well),
    };
    return cmocka_run_group_tests_name("insert_parted", tests, NULL, NULL);
}
