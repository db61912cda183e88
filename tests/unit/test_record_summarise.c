/* From rounds to a case: its status, its warnings, its metrics. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "record_sample.h"
#include "transept/stats.h"

/* Adds a round with a time of `net` ns; NaN: without. */
static void add(struct tsp_result *result, enum tsp_status status, const char *reason, double net) {
    struct tsp_round *round = sample_round(result->round_count, status);
    round->disturbance = (struct tsp_disturbance){.migrations = -1, .steal_ms = -1};
    SET(round->reason, reason);
    if (!isnan(net)) {
        sample_time(round, TSP_MEASURED, net);
    }
    sample_add(result, round);
}

static void summarise(struct tsp_result *result) {
    struct tsp_error error = {""};
    assert_int_equal(tsp_result_summarise(result, &error), 0);
}

static void release(struct tsp_result *result) {
    free(result->rounds);
    free(result->metrics);
    memset(result, 0, sizeof *result);
}

static const struct tsp_metric *metric_of(const struct tsp_result *result, const char *name) {
    for (unsigned i = 0; i < result->metric_count; ++i) {
        if (strcmp(result->metrics[i].name, name) == 0) {
            return &result->metrics[i];
        }
    }
    fail_msg("there is no metric %s", name);
    return NULL;
}

static void assert_warns(const struct tsp_result *result, const char *warning) {
    for (unsigned i = 0; i < result->warning_count; ++i) {
        if (strcmp(result->warnings[i], warning) == 0) {
            return;
        }
    }
    fail_msg("there is no warning '%s', the first of %u is '%s'", warning, result->warning_count,
             result->warnings[0]);
}

static void the_gravest_round_decides(void **unused) {
    (void)unused;
    static const struct {
        enum tsp_status rounds[4];
        enum tsp_status expected;
        const char *reason;
    } table[] = {
        {{TSP_OK, TSP_OK, TSP_OK, TSP_OK}, TSP_OK, ""},
        {{TSP_SKIPPED, TSP_OK, TSP_SKIPPED, TSP_OK}, TSP_OK, ""},
        {{TSP_SKIPPED, TSP_SKIPPED, TSP_SKIPPED, TSP_SKIPPED}, TSP_SKIPPED, "skipped 0"},
        {{TSP_OK, TSP_FAILED, TSP_FAILED, TSP_OK}, TSP_FAILED, "failed 1"},
        {{TSP_OK, TSP_FAILED, TSP_TIMED_OUT, TSP_OK}, TSP_TIMED_OUT, "timed-out 2"},
        {{TSP_TIMED_OUT, TSP_FAILED, TSP_OK, TSP_FAULTED}, TSP_FAULTED, "faulted 3"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        struct tsp_result result = {.id = "a/b/c"};
        for (unsigned k = 0; k < 4; ++k) {
            char reason[32];
            (void)snprintf(reason, sizeof reason, "%s %u", tsp_status_name(table[i].rounds[k]), k);
            add(&result, table[i].rounds[k], table[i].rounds[k] == TSP_OK ? "" : reason, NAN);
        }
        summarise(&result);
        assert_int_equal(result.status, table[i].expected);
        assert_string_equal(result.reason, table[i].reason);
        release(&result);
    }
}

static void a_case_without_rounds_is_never_ok(void **unused) {
    (void)unused;
    struct tsp_result result = {.status = TSP_SKIPPED, .reason = "needs AVX2: not on arm64"};
    summarise(&result);
    assert_int_equal(result.status, TSP_SKIPPED);
    assert_string_equal(result.reason, "needs AVX2: not on arm64");
    result = (struct tsp_result){.status = TSP_OK};
    summarise(&result);
    assert_int_equal(result.status, TSP_SKIPPED);
    assert_true(result.reason[0] != '\0');
    struct tsp_result mute = {.id = "a/b/c"};
    add(&mute, TSP_FAULTED, "", NAN);
    summarise(&mute);
    assert_true(mute.reason[0] != '\0');
    release(&mute);
}

static void three_rounds_carry_the_interval(void **unused) {
    (void)unused;
    const double nets[] = {100, 104, 98};
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 3; ++i) {
        add(&result, TSP_OK, "", nets[i]);
        summarise(&result);
        const struct tsp_metric *time = metric_of(&result, "time");
        assert_int_equal(time->rounds, i + 1);
        assert_int_equal(time->n, 100 * (i + 1));
        assert_int_equal(time->across_rounds, i == 2);
    }
    const struct tsp_metric *time = metric_of(&result, "time");
    struct tsp_estimate across = tsp_stats_across_rounds(nets, 3);
    assert_near(time->p50.value, across.value, 1e-9);
    assert_near(time->p50.lo, across.lo, 1e-9);
    assert_near(time->p50.hi, across.hi, 1e-9);
    assert_near(time->net, 100, 1e-9); /* the median, not the mean */
    assert_near(time->gross, 100.25, 1e-9);
    assert_true(isnan(time->p99.value));
    assert_int_equal(time->p99.needs, 300);
    assert_near(time->min, 98 * 0.96, 1e-9);
    assert_near(time->max, 104 * 1.5, 1e-9);
    release(&result);
}

static void a_tail_rests_on_all_rounds_or_none(void **unused) {
    (void)unused;
    static const double nets[] = {10, 10, 10, 90,
                                  90}; /* the slow rounds were noisy and do not support a tail */
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 5; ++i) {
        add(&result, TSP_OK, "", nets[i]);
    }
    for (unsigned i = 3; i < 5; ++i) {
        result.rounds[i].metrics[0].description.p95 = (struct tsp_estimate){NAN, NAN, NAN, 60};
    }
    summarise(&result);
    const struct tsp_metric *time = metric_of(&result, "time");
    assert_true(time->p50.value > 20);
    assert_true(isnan(time->p95.value)); /* and not some 10 ns, below the median */
    assert_int_equal(time->p95.needs, 60);
    release(&result);
}

static void one_or_two_rounds_keep_their_own_interval(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    add(&result, TSP_OK, "", 100);
    summarise(&result);
    assert_near(metric_of(&result, "time")->p50.lo, 99.5, 1e-9);
    add(&result, TSP_OK, "", 110);
    summarise(&result);
    const struct tsp_metric *time = metric_of(&result, "time");
    assert_near(time->p50.value, 105, 1e-9);
    assert_near(time->p50.lo, 99.5, 1e-9);
    assert_near(time->p50.hi, 110.55, 1e-9);
    release(&result);
}

/* One value a round, as a hardware counter gives: no interval below 3 rounds, not one of width 0. */
static void a_single_value_has_no_interval(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    struct tsp_round *round = sample_round(0, TSP_OK);
    sample_count(round, "instructions:u", "count/op", TSP_MEASURED, 7);
    round->metrics[0].description.p50 = (struct tsp_estimate){.value = 7, .lo = 7, .hi = 7};
    sample_add(&result, round);
    summarise(&result);
    const struct tsp_metric *metric = metric_of(&result, "instructions:u");
    assert_near(metric->p50.value, 7, 0);
    assert_true(isnan(metric->p50.lo) && isnan(metric->p50.hi));
    assert_true(isnan(metric->p95.value));
    assert_int_equal(metric->p95.needs, 60);
    assert_false(metric->exact);
    release(&result);
}

/* The same as all samples together would give: 1, 2, 3 and 5, 7. */
static void moments_are_those_of_all_samples(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    add(&result, TSP_OK, "", 1);
    add(&result, TSP_OK, "", 1);
    struct tsp_description *first = &result.rounds[0].metrics[0].description;
    struct tsp_description *second = &result.rounds[1].metrics[0].description;
    *first = (struct tsp_description){.n = 3, .mean = 2, .sd = 1, .min = 1, .max = 3};
    *second = (struct tsp_description){.n = 2, .mean = 6, .sd = sqrt(2), .min = 5, .max = 7};
    summarise(&result);
    const struct tsp_metric *time = metric_of(&result, "time");
    assert_near(time->mean, 3.6, 1e-12);
    assert_near(time->sd, sqrt(5.8), 1e-12);
    assert_int_equal(time->n, 5);
    release(&result);
}

static void count_rounds(struct tsp_result *result, const double *values, unsigned count, bool marked) {
    for (unsigned i = 0; i < count; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        sample_count(round, "loads", "count/op", TSP_COUNTED, values[i]);
        round->metrics[0].nondeterministic = marked && i == 1;
        sample_add(result, round);
    }
    summarise(result);
}

static void counts_are_equal_or_marked(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    const double equal[] = {4, 4, 4 * (1 + 1e-13)}; /* the last as it comes back from a journal */
    count_rounds(&result, equal, 3, false);
    const struct tsp_metric *loads = metric_of(&result, "loads");
    assert_true(loads->exact && !loads->nondeterministic);
    assert_near(loads->p50.lo, 4, 0);
    assert_near(loads->p50.hi, 4, 0);
    assert_near(loads->sd, 0, 0);
    release(&result);

    const double unequal[] = {4, 4, 4.000001}; /* one more in a million ops */
    count_rounds(&result, unequal, 3, false);
    loads = metric_of(&result, "loads");
    assert_true(!loads->exact && loads->nondeterministic);
    assert_near(loads->p50.lo, 4, 0);
    assert_near(loads->p50.hi, 4.000001, 0);
    assert_warns(&result, "nondeterministic count: loads from 4 to 4.000001");
    release(&result);

    count_rounds(&result, equal, 2, true); /* a round noticed by itself that its repetitions differ */
    assert_true(metric_of(&result, "loads")->nondeterministic);
    release(&result);
}

static void a_counter_that_failed_once_has_no_value(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 3; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        sample_count(round, "cycles:u", "count/op", TSP_MEASURED, 30);
        round->metrics[0].status = i == 1 ? TSP_COUNTER_IMPLAUSIBLE : TSP_COUNTER_OK;
        SET(round->metrics[0].reason, i == 1 ? "frozen" : "");
        sample_no_count(round, "loads:u", TSP_COUNTER_UNSUPPORTED, "the CPU has no such event");
        sample_add(&result, round);
    }
    summarise(&result);
    const struct tsp_metric *cycles = metric_of(&result, "cycles:u");
    assert_int_equal(cycles->status, TSP_COUNTER_IMPLAUSIBLE);
    assert_string_equal(cycles->reason, "frozen");
    assert_true(isnan(cycles->p50.value) && isnan(cycles->net) && isnan(cycles->mean));
    assert_int_equal(cycles->n, 0);
    const struct tsp_metric *loads = metric_of(&result, "loads:u"); /* its fields are all zero */
    assert_true(isnan(loads->p50.value) && isnan(loads->net) && isnan(loads->min) && isnan(loads->max));
    assert_string_equal(loads->reason, "the CPU has no such event");
    release(&result);
}

static void only_rounds_that_ended_ok_count(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    add(&result, TSP_OK, "", 100);
    add(&result, TSP_FAILED, "wrong", 1);
    summarise(&result);
    assert_int_equal(metric_of(&result, "time")->rounds, 1);
    assert_near(metric_of(&result, "time")->min, 96, 1e-9);
    assert_warns(&result, "failed in 1 of 2 rounds");
    release(&result);
}

static void evidence_is_never_mixed(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    add(&result, TSP_OK, "", 100);
    add(&result, TSP_OK, "", 50);
    result.rounds[1].metrics[0].evidence = TSP_EMULATED;
    summarise(&result);
    assert_int_equal(result.metric_count, 1);
    assert_int_equal(result.metrics[0].evidence, TSP_MEASURED);
    assert_int_equal(result.metrics[0].rounds, 1);
    assert_warns(&result, "time changed its unit or evidence in round 1, which was left out");
    release(&result);
}

/* Only with its whole interval: about 0 noise alone makes a time negative. */
static void a_time_below_zero_is_told(void **unused) {
    (void)unused;
    static const char warning[] = "net time below zero: the reference took longer than the case";
    struct tsp_result below = {.id = "a/b/c"};
    struct tsp_result about = {.id = "a/b/d"};
    for (unsigned i = 0; i < 5; ++i) {
        add(&below, TSP_OK, "", -100.0 - i);
        add(&about, TSP_OK, "", i - 2.0);
    }
    summarise(&below);
    summarise(&about);
    assert_true(below.metrics[0].p50.hi < 0);
    assert_warns(&below, warning);
    assert_int_equal(about.warning_count, 0);
    release(&below);
    release(&about);
}

static void disturbances_are_told(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 5; ++i) {
        add(&result, TSP_OK, "", 100);
    }
    summarise(&result);
    assert_int_equal(result.warning_count, 0);
    result.rounds[1].frequency_drift = result.rounds[3].frequency_drift = true;
    result.rounds[0].warm = result.rounds[1].warm = result.rounds[2].warm = false;
    result.rounds[4].disturbance.involuntary_switches = 12;
    result.rounds[4].disturbance.major_faults = 1;
    result.rounds[4].disturbance.migrations = 2;
    result.rounds[2].disturbance.steal_ms = 30;
    summarise(&result);
    assert_warns(&result, "frequency-drift in 2 of 5 rounds");
    assert_warns(&result, "warm-up hit its bound in 3 of 5 rounds");
    assert_warns(&result, "involuntary context switches: 12 in 1 of 5 rounds");
    assert_warns(&result, "major page faults: 1 in 1 of 5 rounds");
    assert_warns(&result, "migrations: 2 in 1 of 5 rounds");
    assert_warns(&result, "milliseconds stolen by the hypervisor: 30 in 1 of 5 rounds");
    assert_int_equal(result.warning_count, 6);
    release(&result);
}

/* What a kernel says of a value that is as it should be stands for the case only where every round says it. */
static void an_event_that_no_round_saw_is_not_shown(void **unused) {
    (void)unused;
    for (unsigned seen = 0; seen < 2; ++seen) {
        struct tsp_result result = {.id = "a/b/c"};
        for (unsigned i = 0; i < 3; ++i) {
            struct tsp_round *round = sample_round(i, TSP_OK);
            round->disturbance = (struct tsp_disturbance){.migrations = -1, .steal_ms = -1};
            sample_count(round, "weak", "per million", TSP_MEASURED, i == 1 ? 7.0 * seen : 0);
            if (i != 1 || seen == 0) {
                SET(round->metrics[0].reason, "allowed, but not shown here");
            }
            sample_add(&result, round);
        }
        summarise(&result);
        const struct tsp_metric *metric = metric_of(&result, "weak");
        assert_int_equal(metric->status, TSP_COUNTER_OK);
        assert_string_equal(metric->reason, seen != 0 ? "" : "allowed, but not shown here");
        assert_int_equal(result.warning_count, seen != 0 ? 0 : 1);
        if (seen == 0) {
            assert_true(metric->p50.value == 0);
            assert_warns(&result, "weak allowed, but not shown here");
        }
        release(&result);
    }
}

/* An event that should not have been is kept, though most rounds had none. */
static void what_one_round_says_of_an_event_is_kept(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 3; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        round->disturbance = (struct tsp_disturbance){.migrations = -1, .steal_ms = -1};
        sample_count(round, "weak", "per million", TSP_EMULATED, i == 1 ? 7.0 : 0);
        if (i == 1) {
            SET(round->metrics[0].reason, "are the emulator's, not a processor's: both loads see 0");
        }
        sample_add(&result, round);
    }
    summarise(&result);
    const struct tsp_metric *metric = metric_of(&result, "weak");
    assert_int_equal(metric->status, TSP_COUNTER_OK);
    assert_string_equal(metric->reason, "are the emulator's, not a processor's: both loads see 0");
    assert_warns(&result, "weak are the emulator's, not a processor's: both loads see 0");
    release(&result);
}

static void too_many_warnings_are_counted(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    for (unsigned i = 0; i < 2; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        for (unsigned k = 0; k < 10; ++k) {
            char name[16];
            (void)snprintf(name, sizeof name, "count%u", k);
            sample_count(round, name, "count/op", TSP_COUNTED, i);
        }
        sample_add(&result, round);
    }
    summarise(&result);
    assert_int_equal(result.warning_count, 8);
    assert_string_equal(result.warnings[7], "and 4 more"); /* 7 shown of the 10 and of the stolen time */
    release(&result);
}

static void items_share_the_time(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    struct tsp_round *round = sample_round(0, TSP_OK);
    round->items = 64;
    SET(round->item_unit, "pair");
    sample_time(round, TSP_MEASURED, 1280);
    sample_add(&result, round);
    summarise(&result);
    const struct tsp_metric *item = metric_of(&result, "time_per_item");
    assert_string_equal(item->unit, "ns/pair");
    assert_near(item->p50.value, 20, 1e-12);
    assert_near(item->p50.lo, 1273.6 / 64, 1e-12);
    assert_near(item->sd, 0.4, 1e-12);
    assert_near(result.rounds[0].metrics[1].description.sketch[0], 1280 * 0.96 / 64, 1e-12);
    assert_near(metric_of(&result, "time")->p50.value, 1280, 0);
    release(&result);
}

static void rounds_are_kept_in_order_and_once(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    const unsigned order[] = {2, 0, 3, 1};
    for (unsigned i = 0; i < 4; ++i) {
        sample_add(&result, sample_round(order[i], TSP_OK));
    }
    for (unsigned i = 0; i < 4; ++i) {
        assert_int_equal(result.rounds[i].index, i);
    }
    struct tsp_error error = {""};
    struct tsp_round *again = sample_round(2, TSP_OK);
    assert_int_equal(tsp_result_add_round(&result, again, &error), -1);
    assert_string_equal(error.text, "a/b/c has a round 2 already");
    free(again);
    release(&result);
}

/* The memory of a round is shared with the case, which may write anywhere. */
static void an_overwritten_round_is_faulted(void **unused) {
    (void)unused;
    struct tsp_result result = {.id = "a/b/c"};
    struct tsp_round *round = malloc(sizeof *round);
    assert_non_null(round);
    memset(round, 0xa5, sizeof *round);
    sample_add(&result, round);
    summarise(&result);
    assert_int_equal(result.status, TSP_FAULTED);
    assert_string_equal(result.reason, "the case overwrote the round's own record");
    assert_true(strlen(result.rounds[0].shares) < sizeof result.rounds[0].shares);
    release(&result);
}

static void words_go_there_and_back(void **unused) {
    (void)unused;
    for (int i = TSP_MEASURED; i <= TSP_EMULATED; ++i) {
        assert_int_equal(tsp_evidence_parse(tsp_evidence_name((enum tsp_evidence)i)), i);
    }
    for (int i = TSP_OK; i <= TSP_TIMED_OUT; ++i) {
        assert_int_equal(tsp_status_parse(tsp_status_name((enum tsp_status)i)), i);
    }
    for (int i = TSP_COUNTER_OK; i <= TSP_COUNTER_IMPLAUSIBLE; ++i) {
        assert_int_equal(tsp_counter_status_parse(tsp_counter_status_name((enum tsp_counter_status)i)), i);
    }
    assert_string_equal(tsp_status_name(TSP_TIMED_OUT), "timed-out");
    assert_int_equal(tsp_status_parse("timed out"), -1);
    assert_int_equal(tsp_evidence_parse(""), -1);
    assert_int_equal(tsp_counter_status_parse("OK"), -1);
    enum tsp_status broken;
    memset(&broken, 0x5a, sizeof broken);
    assert_string_equal(tsp_status_name(broken), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gravest_round_decides),
        cmocka_unit_test(a_case_without_rounds_is_never_ok),
        cmocka_unit_test(three_rounds_carry_the_interval),
        cmocka_unit_test(a_tail_rests_on_all_rounds_or_none),
        cmocka_unit_test(one_or_two_rounds_keep_their_own_interval),
        cmocka_unit_test(a_single_value_has_no_interval),
        cmocka_unit_test(moments_are_those_of_all_samples),
        cmocka_unit_test(counts_are_equal_or_marked),
        cmocka_unit_test(a_counter_that_failed_once_has_no_value),
        cmocka_unit_test(only_rounds_that_ended_ok_count),
        cmocka_unit_test(evidence_is_never_mixed),
        cmocka_unit_test(a_time_below_zero_is_told),
        cmocka_unit_test(disturbances_are_told),
        cmocka_unit_test(an_event_that_no_round_saw_is_not_shown),
        cmocka_unit_test(what_one_round_says_of_an_event_is_kept),
        cmocka_unit_test(too_many_warnings_are_counted),
        cmocka_unit_test(items_share_the_time),
        cmocka_unit_test(rounds_are_kept_in_order_and_once),
        cmocka_unit_test(an_overwritten_round_is_faulted),
        cmocka_unit_test(words_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
