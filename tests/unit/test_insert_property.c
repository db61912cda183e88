/*
 * Whatever is put, a map holds what a table with one place a key holds: every kind and variant that this CPU runs, every pairing, random batches,
 * with what goes wrong in between.
 *
 *   TSP_INSERT_BATCHES=2000000   batches a variant, spread over the pairings; by default so many as take some seconds (tests/CMakeLists.txt)
 *   TSP_INSERT_SEED=7            other ones
 *   TSP_INSERT_ONLY=batch/avx2   of this kind only
 *
 * `make proof-insert` runs it with millions. Batches are small, so that many of them come to each step of growth; those that are partitioned,
 * with a hundred thousand pairs and more, are test_insert_parted's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insert_life.h"

/* A pair of the batch, by the numbers of its key. The ways are: any keys; runs of equal ones; one key; keys in a row; a few keys. */
static size_t next_number(struct life *life, unsigned way, size_t first, size_t before, size_t i) {
    switch (way) {
    case 0:
        return below(life, life->size);
    case 1:
        return below(life, 2) == 0 ? before : below(life, life->size);
    case 2:
        return first;
    case 3:
        return (first + i) % life->size;
    default:
        return (first + below(life, 5)) % life->size;
    }
}

static size_t draw_batch(struct life *life) {
    static const size_t most[] = {9, 9, 9, 9, 9, 9, 9, 9, 40, 40, 40, 40, 40, 1, 2, BATCH_MOST};
    const size_t n = below(life, most[below(life, 16)]);
    const unsigned way = (unsigned)below(life, 5);
    const size_t first = below(life, life->size);
    size_t number = first;
    for (size_t i = 0; i < n; ++i) {
        number = next_number(life, way, first, number, i);
        life->numbers[i] = number;
        write_pair(life, i, number, ++life->value);
    }
    return n;
}

static void hold(struct life *life, size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
        life->count += life->values[life->numbers[i]] == 0;
        life->values[life->numbers[i]] = life->value - life->n + i + 1;
    }
}

/* Puts pairs `from` to under `to` in one call, whose allocations may be refused; then they are put again. After an error the map is as it was. */
static void put(struct life *life, size_t from, size_t to) {
    const enum tsp_pairing as = life->map->kind->pair;
    enum tsp_map_status status = tsp_map_put(life->map, tsp_pair_in(as, life->pairs, from), to - from);
    if (status != TSP_MAP_OK) {
        expect(life, status == TSP_MAP_NO_MEMORY, "an error that is none of memory");
        life->refused += 1;
        life->memory.until_refusal = -1;
        compare(life);
        status = tsp_map_put(life->map, tsp_pair_in(as, life->pairs, from), to - from);
    }
    expect(life, status == TSP_MAP_OK, "an error without a reason");
    hold(life, from, to);
}

/* A map that puts one pair at a time is given one at a time where an allocation is refused: the ones before it stay. */
static void put_batch(struct life *life) {
    life->n = draw_batch(life);
    life->memory.until_refusal = below(life, 8) == 0 ? (long)below(life, 4) : -1;
    if (life->memory.until_refusal >= 0 && !model_is_batch(life->map->kind)) {
        for (size_t i = 0; i < life->n; ++i) {
            put(life, i, i + 1);
        }
    } else {
        put(life, 0, life->n);
    }
    life->memory.until_refusal = -1;
    life->batches += 1;
    life->put += life->n;
}

static void make_room(struct life *life) {
    const size_t room = below(life, below(life, 32) == 0 ? 5000 : 2 * life->size);
    life->memory.until_refusal = below(life, 4) == 0 ? (long)below(life, 3) : -1;
    const enum tsp_map_status status = tsp_map_reserve(life->map, room);
    life->refused += status != TSP_MAP_OK;
    expect(life, status == TSP_MAP_OK || status == TSP_MAP_NO_MEMORY, "no room for a few pairs");
    life->memory.until_refusal = -1;
}

/* What no map does leaves each as it was. */
static void ask_the_impossible(struct life *life) {
    expect(life, tsp_map_put(NULL, life->pairs, 1) == TSP_MAP_NULL, "pairs in no map");
    expect(life, tsp_map_put(life->map, NULL, 1) == TSP_MAP_NULL, "no pairs were put");
    expect(life, tsp_map_put(life->map, life->pairs, SIZE_MAX / 4) == TSP_MAP_TOO_MANY, "too many were put");
    expect(life, tsp_map_reserve(life->map, SIZE_MAX / 4) == TSP_MAP_TOO_MANY, "room for too many");
}

static void step(struct life *life) {
    const size_t what = below(life, 40);
    if (what == 0) {
        tsp_map_clear(life->map);
        forget(life);
    } else if (what < 3) {
        make_room(life);
    } else if (what == 3) {
        ask_the_impossible(life);
    }
    put_batch(life);
    expect(life, tsp_map_count(life->map) == life->count, "another number of pairs");
    for (unsigned i = 0; i < 4; ++i) {
        look_up(life, below(life, life->size));
    }
    if (what > 37) {
        compare(life);
    } else if (what > 35) {
        look_up_all(life);
    }
}

struct sum {
    uint64_t lives;
    uint64_t batches;
    uint64_t pairs;
    uint64_t refused;
};

static void live(const struct tsp_map_kind *kind, uint64_t seed, uint64_t most, struct sum *sum) {
    static struct life life; /* NOLINT: large for a stack */
    life_open(&life, kind, seed);
    for (size_t left = 1 + below(&life, 60); left > 0 && life.batches < most; --left) {
        step(&life);
    }
    compare(&life);
    sum->lives += 1;
    sum->batches += life.batches;
    sum->pairs += life.put;
    sum->refused += life.refused;
    life_close(&life);
}

static uint64_t number_of(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    char *end = NULL;
    if (text == NULL || *text == '\0') {
        return otherwise;
    }
    const unsigned long long number = strtoull(text, &end, 10);
    if (*end != '\0' || number == 0) {
        fail_msg("%s=%s is no number of 1 and more", name, text);
    }
    return number;
}

static void maps_hold_what_was_put(void **state) {
    (void)state;
    static const char *const pairings[] = {"u64-u64", "16-16", "str-u64"};
    const uint64_t budget = number_of("TSP_INSERT_BATCHES", 200000);
    const uint64_t seed = number_of("TSP_INSERT_SEED", 1);
    const char *only = getenv("TSP_INSERT_ONLY");
    unsigned kinds = 0;
    for (size_t i = 0; model_kind(i) != NULL; ++i) {
        if (only != NULL && *only != '\0' && strcmp(only, model_kind(i)->name) != 0) {
            continue;
        }
        kinds += 1;
        for (unsigned as = 0; as < TSP_PAIRINGS; ++as) {
            struct sum sum = {.lives = 0};
            const uint64_t share = (budget + TSP_PAIRINGS - 1 - as) / TSP_PAIRINGS;
            while (sum.batches < share) {
                live(model_kind_as(i, as), seed + (sum.lives << 32), share - sum.batches, &sum);
            }
            print_message("%-13s %-7s: %llu batches of %llu pairs in %llu maps, %llu times without memory\n",
                          model_kind(i)->name, pairings[as], (unsigned long long)sum.batches,
                          (unsigned long long)sum.pairs, (unsigned long long)sum.lives,
                          (unsigned long long)sum.refused);
            assert_true(budget < 1000 || (sum.refused > 0 && sum.pairs > sum.batches));
        }
    }
    assert_true(kinds > 0); /* else there is none called TSP_INSERT_ONLY */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(maps_hold_what_was_put)};
    return cmocka_run_group_tests_name("insert_property", tests, NULL, NULL);
}
