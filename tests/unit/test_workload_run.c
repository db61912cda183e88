/* Whole runs, short ones: all is counted, the histogram agrees with the samples, an open loop counts from the intended start, and damage is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "transept/workload.h"
#include "workload/pace.h"
#include "workload/pair.h"
#include "workload/shard_map.h"

/* --- pacing ------------------------------------------------------------------------------------------------------------------------- */

static void threads_take_turns(void **unused) {
    (void)unused;
    const struct tsp_pace pace = {.start_ns = 1000, .rate = 1000, .threads = 4}; /* one a millisecond */
    assert_int_equal(tsp_pace_intended(&pace, 0, 0), 1000);
    assert_int_equal(tsp_pace_intended(&pace, 3, 0), 3001000);
    assert_int_equal(tsp_pace_intended(&pace, 0, 1), 4001000);
    assert_int_equal(tsp_pace_intended(&pace, 2, 250), 1002001000);
}

static void an_hour_later_the_pace_is_right(void **unused) {
    (void)unused;
    const struct tsp_pace pace = {.start_ns = UINT64_C(1) << 50, .rate = 333333333, .threads = 128};
    uint64_t index = UINT64_C(333333333) * 3600 / 128;
    double exact = ((double)index * 128 + 5) * (1e9 / 333333333.0);
    assert_true(fabs((double)(tsp_pace_intended(&pace, 5, index) - pace.start_ns) - exact) < 2);
}

static void what_is_due_is_what_was_intended(void **unused) {
    (void)unused;
    static const uint64_t rates[] = {1, 7, 1000, 999999};
    for (unsigned i = 0; i < 4; ++i) {
        const struct tsp_pace pace = {.start_ns = 12345, .rate = rates[i], .threads = 3};
        uint64_t until = 12345 + UINT64_C(2718281828) / rates[i] * 10;
        uint64_t intended = 0;
        for (unsigned thread = 0; thread < 3; ++thread) {
            uint64_t k = 0;
            for (; tsp_pace_intended(&pace, thread, k) < until; ++k) {
                ++intended;
            }
            assert_int_equal(tsp_pace_first(&pace, thread, until), k);
        }
        uint64_t due = tsp_pace_due(&pace, until);
        assert_true(due == intended || due + 1 == intended); /* a nanosecond's rounding */
        assert_int_equal(tsp_pace_due(&pace, 12345), 0);
        assert_int_equal(tsp_pace_due(&pace, 0), 0);
    }
}

/* --- runs --------------------------------------------------------------------------------------------------------------------------- */

static struct tsp_clock clock_here;
static volatile int interrupted;

static struct tsp_workload small(void) {
    static unsigned char cycle[] = {TSP_GET, TSP_PUT, TSP_GET};
    return (struct tsp_workload){.threads = 4,
                                 .duration_ms = 300,
                                 .warmup_ms = 20,
                                 .cycle = cycle,
                                 .cycle_count = 3,
                                 .weights = {[TSP_GET] = 2, [TSP_PUT] = 1},
                                 .keys = 2000,
                                 .value_bytes = 40,
                                 .shards = 4,
                                 .seed = 1};
}

static void run(const struct tsp_workload *workload, struct tsp_workload_result *result,
                void (*sabotage)(struct tsp_shard_map *, bool)) {
    struct tsp_error error;
    struct tsp_workload_setting setting = {
        .clock = &clock_here, .cpus = 2, .keep_raw = true, .interrupted = &interrupted, .sabotage = sabotage};
    if (tsp_workload_run(workload, &setting, result, &error) != 0) {
        fail_msg("%s", error.text);
    }
}

/* Every figure agrees with every other. */
static void assert_sound(const struct tsp_workload_result *result) {
    const struct tsp_latency *all = &result->latencies[TSP_OPERATIONS];
    uint64_t of_kinds = 0;
    if (!result->check.passed) {
        fail_msg("%s", result->check.reason);
    }
    for (unsigned i = 0; i <= TSP_OPERATIONS; ++i) {
        uint64_t of_seconds = 0;
        for (size_t k = 0; k < result->second_count; ++k) {
            of_seconds += result->seconds[k].n[i];
        }
        assert_int_equal(of_seconds, result->latencies[i].n);
        of_kinds += i < TSP_OPERATIONS ? of_seconds : 0;
    }
    assert_true(all->n > 0);
    assert_int_equal(of_kinds, all->n);
    assert_int_equal(result->raw_count, all->n);
    for (unsigned i = 0; i <= TSP_OPERATIONS; ++i) {
        const struct tsp_latency *latency = &result->latencies[i];
        for (unsigned k = 0; k < TSP_WORKLOAD_QUANTILES; ++k) {
            double found = latency->quantiles[k].value;
            assert_int_equal(isnan(found), isnan(latency->raw[k]));
            if (!isnan(found)) {
                assert_true(fabs(found - latency->raw[k]) <= 0.002 * latency->raw[k]);
                assert_true(latency->raw[k] >= latency->min && latency->raw[k] <= latency->max);
            }
        }
    }
}

static void a_closed_loop_is_sound(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    run(&workload, &result, NULL);
    assert_sound(&result);
    assert_int_equal(result.check.pairs, 2000);
    assert_true(result.latencies[TSP_GET].n > result.latencies[TSP_PUT].n);
    assert_int_equal(result.latencies[TSP_REMOVE].n, 0);
    assert_true(result.evidence == TSP_MEASURED && result.due == 0);
    tsp_workload_result_free(&result);
}

static void removing_and_growing_is_sound(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    workload.cycle = NULL;
    workload.weights[TSP_GET] = 1;
    workload.weights[TSP_PUT] = 3;
    workload.weights[TSP_REMOVE] = 2;
    workload.preload = TSP_PRELOAD_NONE;
    workload.distribution = TSP_KEYS_ZIPF;
    workload.exponent = 0.8;
    workload.value_bytes = 16;
    run(&workload, &result, NULL);
    assert_sound(&result);
    assert_true(result.latencies[TSP_REMOVE].n > 0);
    assert_true(result.check.pairs < 2000);
    tsp_workload_result_free(&result);
}

static void an_open_loop_does_what_was_due(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    workload.rate = 2000;
    run(&workload, &result, NULL);
    assert_sound(&result);
    assert_true(result.due >= 599 && result.latencies[TSP_OPERATIONS].n <= result.due + workload.threads);
    tsp_workload_result_free(&result);
}

/* The first operation after the map is filled holds up all shards for 150 ms. */
static struct tsp_shard_map *held;
static void hold_up(void *data, uint64_t key, const void *value) {
    (void)key;
    (void)value;
    unsigned *first = data;
    if (*first == 0) {
        const struct timespec time = {.tv_nsec = 150000000};
        (void)nanosleep(&time, NULL);
        *first = 1;
    }
}

static volatile bool held_once;
static void stall(void *data, double done, double whole, double rate, double p99_ns) {
    (void)data;
    (void)whole;
    (void)rate;
    (void)p99_ns;
    unsigned first = 0;
    if (done < 0 && held != NULL &&
        !held_once) { /* warm-up is 20 ms: the stall reaches into the measured time */
        held_once = true;
        tsp_shard_map_each(held, hold_up, &first);
    }
}

static void keep_map(struct tsp_shard_map *map, bool over) {
    held = over ? NULL : map;
}

/* A stall hits all operations that were meant to begin in it, not only those few that were under way: no coordinated omission. */
static void a_stall_is_not_hidden(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    struct tsp_error error;
    workload.shards = 1;
    workload.rate = 1000;
    workload.duration_ms = 1000;
    struct tsp_workload_setting setting = {.clock = &clock_here,
                                           .cpus = 2,
                                           .keep_raw = true,
                                           .interrupted = &interrupted,
                                           .observer = stall,
                                           .sabotage = keep_map};
    held_once = false;
    assert_int_equal(tsp_workload_run(&workload, &setting, &result, &error), 0);
    assert_sound(&result);
    unsigned late =
        0; /* by 20 ms and more: of the 130 that were meant to begin in the stall, all but the last 20 at least */
    for (size_t i = 0; i < result.raw_count; ++i) {
        late += (result.raw[i] & ((UINT64_C(1) << 56) - 1)) > 20000000;
    }
    if (late < 80) {
        fail_msg("%u operations came late; the loop must have waited for its stalled threads", late);
    }
    tsp_workload_result_free(&result);
}

static void a_rate_that_is_not_reached_is_told(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    workload.rate = TSP_WORKLOAD_RATE_MAX;
    run(&workload, &result, NULL);
    assert_sound(&result);
    bool told = false;
    for (unsigned i = 0; i < result.note_count; ++i) {
        told |= strstr(result.notes[i], "the rate asked was not reached") != NULL;
    }
    assert_true(told);
    tsp_workload_result_free(&result);
}

static void what_was_measured_before_an_interrupt_is_kept(void **unused) {
    (void)unused;
    struct tsp_workload workload = small();
    struct tsp_workload_result result;
    interrupted = 1;
    run(&workload, &result, NULL);
    interrupted = 0;
    assert_true(result.interrupted && result.check.passed);
    assert_int_equal(result.latencies[TSP_OPERATIONS].n, 0);
    assert_int_equal(result.note_count, 2); /* and that there are more threads than CPUs */
    tsp_workload_result_free(&result);
}

/* --- damage ------------------------------------------------------------------------------------------------------------------------- */

static void lose(struct tsp_shard_map *map, bool over) {
    unsigned char old[40];
    if (over) {
        assert_true(tsp_shard_map_remove(map, 5, old));
    }
}

static void invent(struct tsp_shard_map *map, bool over) {
    unsigned char value[40];
    unsigned char old[40];
    if (over) { /* whole, by a writer that there is, of a key that there is not */
        tsp_pair_write(value, sizeof value, 2000, tsp_pair_writer(1, 1));
        assert_int_equal(tsp_shard_map_put(map, 2000, value, old), 0);
    }
}

static void swap(struct tsp_shard_map *map, bool over) {
    unsigned char value[40];
    unsigned char old[40];
    if (over) { /* an earlier put's value stands in the place of the last one's */
        assert_true(tsp_shard_map_get(map, 5, value));
        uint64_t writer = 0;
        assert_true(tsp_pair_read(value, sizeof value, 5, &writer));
        tsp_pair_write(value, sizeof value, 5,
                       writer == tsp_pair_writer(2, 1) ? tsp_pair_writer(2, 2) : tsp_pair_writer(2, 1));
        assert_int_equal(tsp_shard_map_put(map, 5, value, old), 1);
    }
}

static void lose_early(struct tsp_shard_map *map, bool over) {
    unsigned char old[40];
    if (!over) {
        for (uint64_t key = 0; key < 2000; key += 2) {
            assert_true(tsp_shard_map_remove(map, key, old));
        }
    }
}

static void tear(struct tsp_shard_map *map, bool over) {
    unsigned char value[40];
    unsigned char old[40];
    if (!over) {
        for (uint64_t key = 0; key < 2000; ++key) {
            assert_true(tsp_shard_map_get(map, key, value));
            value[39] ^= 1U;
            assert_int_equal(tsp_shard_map_put(map, key, value, old), 1);
        }
    }
}

static void damage_is_found(void **unused) {
    (void)unused;
    static const struct {
        void (*sabotage)(struct tsp_shard_map *, bool);
        const char *said;
    } kinds[] = {
        {lose, "pairs lost: 1"},
        {invent,
         "pairs in the map that were invented or damaged, as no put made them: 1, the first of key 2000"},
        {swap, "are not those that were put last"},
        {lose_early, "reads that found no pair where one must be"},
        {tear, "operations that found a value which no put made"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i) {
        struct tsp_workload workload = small();
        struct tsp_workload_result result;
        workload.duration_ms = 50;
        run(&workload, &result, kinds[i].sabotage);
        assert_false(result.check.passed);
        if (strstr(result.check.reason, kinds[i].said) == NULL) {
            fail_msg("wanted '%s', got '%s'", kinds[i].said, result.check.reason);
        }
        tsp_workload_result_free(&result);
    }
}

int main(void) {
    struct tsp_error error;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_take_turns),
        cmocka_unit_test(an_hour_later_the_pace_is_right),
        cmocka_unit_test(what_is_due_is_what_was_intended),
        cmocka_unit_test(a_closed_loop_is_sound),
        cmocka_unit_test(removing_and_growing_is_sound),
        cmocka_unit_test(an_open_loop_does_what_was_due),
        cmocka_unit_test(a_stall_is_not_hidden),
        cmocka_unit_test(a_rate_that_is_not_reached_is_told),
        cmocka_unit_test(what_was_measured_before_an_interrupt_is_kept),
        cmocka_unit_test(damage_is_found),
    };
    if (tsp_clock_choose(&clock_here, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
