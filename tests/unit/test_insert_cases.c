/* The cases of the insert family: they report what they allocate, and their check notices maps that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "insert/cases.h"
#include "insert_model.h"
#include "measure/bench.h"
#include "transept/registry.h"
#include "transept/round.h"

/* The open table, made wrong. */
static enum tsp_map_status put_all_but_last(struct tsp_map *map, const void *pairs, size_t n) {
    return tsp_open_maps[TSP_PAIR_U64].put(map, pairs, n - 1);
}

static enum tsp_map_status put_first_wins(struct tsp_map *map, const void *batch, size_t n) {
    const struct tsp_pair *pairs = batch;
    for (size_t i = 0; i < n; ++i) {
        uint64_t value = 0;
        if (!tsp_map_get(map, pairs[i].key, &value) &&
            tsp_open_maps[TSP_PAIR_U64].put(map, &pairs[i], 1) != TSP_MAP_OK) {
            return TSP_MAP_NO_MEMORY;
        }
    }
    return TSP_MAP_OK;
}

static enum tsp_map_status put_one_more(struct tsp_map *map, const void *pairs, size_t n) {
    const struct tsp_pair *first = pairs;
    const struct tsp_pair more = {.key = ~first->key};
    return tsp_open_maps[TSP_PAIR_U64].put(map, pairs, n) == TSP_MAP_OK
               ? tsp_open_maps[TSP_PAIR_U64].put(map, &more, 1)
               : TSP_MAP_NO_MEMORY;
}

static enum tsp_map_status put_and_allocate(struct tsp_map *map, const void *pairs, size_t n) {
    tsp_map_give(map, tsp_map_take(map, 1, 64, 64), 1, 64);
    return tsp_open_maps[TSP_PAIR_U64].put(map, pairs, n);
}

static enum tsp_map_status put_nothing(struct tsp_map *map, const void *pairs, size_t n) {
    (void)map;
    (void)pairs;
    (void)n;
    return TSP_MAP_NO_MEMORY;
}

/* The second half of each value is lost. */
static enum tsp_map_status put_half_values(struct tsp_map *map, const void *pairs, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        struct tsp_pair_16 pair;
        tsp_pair_copy(TSP_PAIR_16, &pair, tsp_pair_in(TSP_PAIR_16, pairs, i));
        pair.value.second = 0;
        if (tsp_open_maps[TSP_PAIR_16].put(map, &pair, 1) != TSP_MAP_OK) {
            return TSP_MAP_NO_MEMORY;
        }
    }
    return TSP_MAP_OK;
}

/* The first string is taken for another one. */
static enum tsp_map_status put_other_text(struct tsp_map *map, const void *pairs, size_t n) {
    static char first[] = "";
    struct tsp_pair_str pair;
    tsp_pair_copy(TSP_PAIR_STR, &pair, tsp_pair_in(TSP_PAIR_STR, pairs, 0));
    pair.key = (struct tsp_text){.bytes = first};
    return tsp_open_maps[TSP_PAIR_STR].put(map, &pair, 1) == TSP_MAP_OK
               ? tsp_open_maps[TSP_PAIR_STR].put(map, tsp_pair_in(TSP_PAIR_STR, pairs, 1), n - 1)
               : TSP_MAP_NO_MEMORY;
}

typedef enum tsp_map_status put_function(struct tsp_map *map, const void *pairs, size_t n);

static struct tsp_registry registry(void) {
    struct tsp_registry made;
    const struct tsp_kernel *const *kernels = NULL;
    struct tsp_error error = {{0}};
    const size_t count = tsp_registry_linked(&kernels);
    assert_int_equal(tsp_registry_build(&made, kernels, count, &error), 0);
    return made;
}

/* Two ops of a case over some kind of map, checked as `ops`; what it reports and complains of is in `round`. */
static int run_kind(const char *parameters, const struct tsp_map_kind *kind, uint64_t ops,
                    struct tsp_round *round) {
    char id[TSP_ID_MAX];
    struct tsp_bench bench;
    struct tsp_env env = {.line_bytes = 64};
    struct tsp_registry cases = registry();
    (void)snprintf(id, sizeof id, "insert/open-loop/swar/%s", parameters);
    const struct tsp_case *tcase = tsp_registry_find(&cases, id);
    assert_non_null(tcase);
    memset(round, 0, sizeof *round);
    tsp_bench_open(&bench, tcase, &env, 1, round);
    int verdict = tsp_insert_setup(&bench, kind);
    if (verdict == 0) {
        for (int op = 0; op < 2; ++op) {
            tsp_insert_before(&bench);
            tsp_insert_run(bench.state, 1);
        }
        verdict = tsp_insert_check(&bench, ops);
        tsp_insert_teardown(&bench);
    }
    assert_int_equal(bench.items, strncmp(parameters, "n=100/", 6) == 0 ? 100 : 1000);
    tsp_bench_close(&bench);
    tsp_registry_free(&cases);
    return verdict;
}

static enum tsp_pairing pairing_in(const char *parameters) {
    return strstr(parameters, "pair=16-16") != NULL     ? TSP_PAIR_16
           : strstr(parameters, "pair=str-u64") != NULL ? TSP_PAIR_STR
                                                        : TSP_PAIR_U64;
}

static void refuse(const char *parameters, put_function *put, const char *words) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_map_kind wrong = tsp_open_maps[pairing_in(parameters)];
    wrong.put = put;
    assert_int_equal(run_kind(parameters, &wrong, 2, &round), -1);
    if (strstr(round.reason, words) == NULL) {
        fail_msg("'%s' does not speak of '%s'", round.reason, words);
    }
}

static void wrong_maps_are_noticed(void **state) {
    (void)state;
    refuse("n=100/pair=u64-u64/keys=random/state=fresh", put_all_but_last,
           "pair 99 of 100 is not in the map");
    refuse("n=1000/pair=u64-u64/keys=sequential/state=sized", put_all_but_last,
           "pair 999 of 1000 is not in the map");
    refuse("n=1000/pair=u64-u64/keys=half-duplicate/state=fresh", put_first_wins,
           "not that of its last pair");
    refuse("n=100/pair=u64-u64/keys=random/state=reused", put_one_more, "the map holds 101 pairs");
    refuse("n=100/pair=u64-u64/keys=random/state=reused", put_and_allocate,
           "2 allocations in a map that had room");
    refuse("n=100/pair=u64-u64/keys=random/state=fresh", put_nothing, "no memory for the map");
    refuse("n=1000/pair=16-16/keys=random/state=sized", put_half_values, "not that of its last pair");
    refuse("n=1000/pair=str-u64/keys=random/state=fresh", put_other_text, "pair 0 of 1000 is not in the map");
}

/* Every kind of map, every pairing, all keys. */
static void right_maps_pass(void **state) {
    (void)state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    static const char *const keys[] = {"random", "sequential", "half-duplicate", "zipf"};
    static const char *const pairs[] = {"u64-u64", "16-16", "str-u64"};
    for (unsigned as = 0; as < TSP_PAIRINGS; ++as) {
        for (size_t kind = 0; model_kind_as(kind, as) != NULL; ++kind) {
            char parameters[96];
            (void)snprintf(parameters, sizeof parameters, "n=1000/pair=%s/keys=%s/state=reused", pairs[as],
                           keys[(kind + as) % 4]);
            if (run_kind(parameters, model_kind_as(kind, as), 2, &round) != 0) {
                fail_msg("%s by %s: %s", parameters, model_kind_as(kind, as)->name, round.reason);
            }
        }
    }
}

static void work_left_undone_is_noticed(void **state) {
    (void)state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    assert_int_equal(
        run_kind("n=100/pair=u64-u64/keys=random/state=fresh", &tsp_open_maps[TSP_PAIR_U64], 2, &round), 0);
    assert_int_equal(
        run_kind("n=100/pair=u64-u64/keys=random/state=fresh", &tsp_open_maps[TSP_PAIR_U64], 3, &round), -1);
    assert_non_null(strstr(round.reason, "2 batches were put, not 3"));
}

static double reported(const struct tsp_round *round, const char *metric) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, metric) == 0) {
            return round->metrics[i].net;
        }
    }
    fail_msg("no metric '%s'", metric);
    return 0;
}

/* Known numbers: the map itself, its pairs and its index are all that a batch allocates, however many pairs. */
static void allocations_are_reported(void **state) {
    (void)state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    const struct tsp_map_kind *batch = tsp_batch_kind_find("scalar", TSP_PAIR_U64);
    const size_t lines = 1000 / TSP_BATCH_LOAD + 1;
    const size_t bytes =
        sizeof(struct tsp_batch_map) + sizeof(struct tsp_pair[1000]) + lines * sizeof(struct tsp_batch_line);
    assert_int_equal(run_kind("n=1000/pair=u64-u64/keys=random/state=fresh", batch, 2, &round), 0);
    assert_true(reported(&round, "allocations") == 3);
    assert_true(reported(&round, "allocated_bytes") == (double)bytes);
    assert_int_equal(run_kind("n=1000/pair=u64-u64/keys=random/state=reused", batch, 2, &round), 0);
    assert_true(reported(&round, "allocations") == 0);
    assert_true(reported(&round, "allocated_bytes") == 0);
    assert_int_equal(run_kind("n=1000/pair=u64-u64/keys=half-duplicate/state=sized",
                              &tsp_open_maps[TSP_PAIR_U64], 2, &round),
                     0);
    assert_true(reported(&round, "allocations") == 3); /* the map, control bytes, slots */
    assert_int_equal(
        run_kind("n=100/pair=u64-u64/keys=random/state=fresh", &tsp_open_maps[TSP_PAIR_U64], 2, &round), 0);
    assert_true(reported(&round, "allocations") == 1 + 2 * 5); /* 1, 2, 4, 8, 16 groups */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_maps_are_noticed),
        cmocka_unit_test(right_maps_pass),
        cmocka_unit_test(work_left_undone_is_noticed),
        cmocka_unit_test(allocations_are_reported),
    };
    return cmocka_run_group_tests_name("insert_cases", tests, NULL, NULL);
}
