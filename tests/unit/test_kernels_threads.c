/* What the kernels of several threads say of themselves, and that their checks see what only threads can get wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "measure/bench.h"
#include "transept/machine.h"
#include "transept/registry.h"

/* A batch, and how many of them are tried until threads that were asleep meet in one. (That locks let nobody else in is for test_locks.) */
#define TRIES 12
#define OPS   300000

/* For what a case says of itself. */
#define FEW 100

static int open_registry(void **state) {
    static struct tsp_registry registry; /* NOLINT: one for all tests, given to them by cmocka */
    const struct tsp_kernel *const *kernels = NULL;
    struct tsp_error error;
    size_t count = tsp_registry_linked(&kernels);
    *state = &registry;
    return tsp_registry_build(&registry, kernels, count, &error);
}

static int close_registry(void **state) {
    tsp_registry_free(*state);
    return 0;
}

/* Runs the case on a machine with lines of that size; returns check's verdict on so many ops, and what it reported. */
static int run_case(const struct tsp_registry *registry, const char *id, size_t line, bool emulated,
                    uint64_t ops, struct tsp_round *round) {
    const struct tsp_case *tcase = tsp_registry_find(registry, id);
    struct tsp_env env = {.line_bytes = line, .page_bytes = 4096, .emulated = emulated};
    struct tsp_bench bench;
    if (tcase == NULL) {
        fail_msg("%s is not in the catalogue", id);
    }
    memset(round, 0, sizeof *round);
    tsp_bench_open(&bench, tcase, &env, 1, round);
    int status = tcase->kernel->setup(&bench);
    if (status == 0) {
        tsp_bench_body (&bench)(bench.state, ops);
        status = tcase->kernel->check(&bench, ops);
    }
    tsp_bench_close(&bench);
    return status;
}

static const struct tsp_round_metric *metric_of(const struct tsp_round *round, const char *name) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, name) == 0) {
            return &round->metrics[i];
        }
    }
    return NULL;
}

static void assert_fact(const struct tsp_registry *registry, const char *id, size_t line, const char *name,
                        double value) {
    struct tsp_round round;
    assert_int_equal(run_case(registry, id, line, false, FEW, &round), 0);
    const struct tsp_round_metric *metric = metric_of(&round, name);
    assert_non_null(metric);
    assert_int_equal(metric->evidence, TSP_COUNTED);
    if (metric->net != value) {
        fail_msg("%s on lines of %zu bytes: %s is %g, not %g", id, line, name, metric->net, value);
    }
}

static void words_share_a_line_below_its_size(void **state) {
    static const size_t lines[] = {64, 128, 256};
    for (size_t i = 0; i < 3; ++i) {
        for (size_t pad = 8; pad <= 256; pad *= 2) {
            char id[TSP_ID_MAX];
            (void)snprintf(id, sizeof id, "barrier/false-sharing/add/pad=%zu/place=same-llc", pad);
            assert_fact(*state, id, lines[i], "lines", pad < lines[i] ? 1 : 2);
        }
    }
}

static void only_entries_on_lines_of_their_own_avoid_each_other(void **state) {
    assert_fact(*state, "layout/entry/packed/place=same-llc", 64, "size", 13);
    assert_fact(*state, "layout/entry/natural/place=same-llc", 64, "size", 16);
    assert_fact(*state, "layout/entry/line/place=same-llc", 64, "size", 64);
    assert_fact(*state, "layout/entry/line/place=same-llc", 256, "size", 256);
    assert_fact(*state, "layout/entry/packed/place=same-llc", 64, "shared-lines", 13); /* 832 bytes */
    assert_fact(*state, "layout/entry/natural/place=same-llc", 64, "shared-lines", 16);
    assert_fact(*state, "layout/entry/natural/place=same-llc", 256, "shared-lines", 4);
    assert_fact(*state, "layout/entry/line/place=same-llc", 64, "shared-lines", 0);
    assert_fact(*state, "layout/entry/line/place=same-llc", 256, "shared-lines", 0);
}

/* A fairness differs from run to run: it is measured, or under an emulator emulated, and never a counted fact. */
static void fairness_is_measured(void **state) {
    static const char *const locks[] = {"ttas", "ticket", "mcs", "futex"};
    for (size_t i = 0; i < sizeof locks / sizeof locks[0]; ++i) {
        for (unsigned threads = 1; threads <= 4; threads *= 2) {
            char id[TSP_ID_MAX];
            struct tsp_round round;
            (void)snprintf(id, sizeof id, "barrier/locks/%s/threads=%u/place=same-cpu", locks[i], threads);
            bool emulated = threads == 4;
            const struct tsp_round_metric *fairness = NULL;
            for (unsigned t = 0; t < TRIES && (fairness == NULL || fairness->net < 0.1); ++t) {
                assert_int_equal(run_case(*state, id, 64, emulated, threads == 2 ? OPS : FEW, &round), 0);
                fairness = metric_of(&round, "fairness");
            }
            if (threads == 1) {
                assert_null(fairness); /* a thread alone is neither fair nor unfair */
                continue;
            }
            assert_non_null(fairness);
            assert_int_equal(fairness->evidence, emulated ? TSP_EMULATED : TSP_MEASURED);
            assert_true(fairness->net >= 0 && fairness->net <= 1);
        }
    }
}

/* Each op is as many additions as there are threads, and the record says so. */
static void an_op_is_an_addition_of_every_thread(void **state) {
    const struct tsp_case *tcase =
        tsp_registry_find(*state, "barrier/contended-add/relaxed/threads=4/place=same-cpu");
    struct tsp_env env = {.line_bytes = 64, .page_bytes = 4096};
    struct tsp_round round;
    struct tsp_bench bench;
    assert_non_null(tcase);
    memset(&round, 0, sizeof round);
    tsp_bench_open(&bench, tcase, &env, 1, &round);
    assert_int_equal(tcase->kernel->setup(&bench), 0);
    assert_int_equal(bench.items, 4);
    assert_string_equal(bench.item_unit, "addition");
    uint64_t ops = 0;
    for (unsigned t = 0; t < TRIES; ++t) {
        tsp_bench_body (&bench)(bench.state, OPS);
        ops += OPS;
        assert_int_equal(tcase->kernel->check(&bench, ops), 0);
    }
    assert_int_equal(tcase->kernel->check(&bench, ops + 1), -1);
    assert_string_equal(round.reason,
                        "the word holds 14400000 after 14400004 additions by 4 threads: some were lost");
    tsp_bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_share_a_line_below_its_size),
        cmocka_unit_test(only_entries_on_lines_of_their_own_avoid_each_other),
        cmocka_unit_test(fairness_is_measured),
        cmocka_unit_test(an_op_is_an_addition_of_every_thread),
    };
    return cmocka_run_group_tests_name("kernels_threads", tests, open_registry, close_registry);
}
