/* The epoll family: how many connections there are under a limit, how many calls they take, and what its check sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "epoll/cases.h"
#include "measure/bench.h"
#include "transept/machine.h"
#include "transept/registry.h"

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

static struct tsp_env environment(void) {
    return (struct tsp_env){.line_bytes = 64, .page_bytes = 4096};
}

static const struct tsp_round_metric *metric_of(const struct tsp_round *round, const char *name) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, name) == 0) {
            return &round->metrics[i];
        }
    }
    return NULL;
}

/* Sets the case up, and where that succeeds takes a few ops and checks them. Returns the first verdict that is not 0. */
static int run_case(const struct tsp_registry *registry, const char *id, struct tsp_round *round) {
    const struct tsp_case *tcase = tsp_registry_find(registry, id);
    const struct tsp_env env = environment();
    struct tsp_bench bench;
    memset(round, 0, sizeof *round);
    tsp_bench_open(&bench, tcase, &env, 1, round);
    int status = tcase->kernel->setup(&bench);
    if (status == 0) {
        for (unsigned i = 0; i < 3; ++i) {
            tcase->kernel->before(&bench);
            tcase->kernel->run(bench.state, 1);
        }
        status = tcase->kernel->check(&bench, 3);
        tcase->kernel->teardown(&bench);
    }
    tsp_bench_close(&bench);
    return status;
}

/* The same in a process of its own, whose limits on descriptors are these (0: as they are). */
static int run_limited(const struct tsp_registry *registry, const char *id, rlim_t soft, rlim_t hard,
                       struct tsp_round *round) {
    int ends[2];
    int status = 0;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        struct rlimit limit;
        (void)getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = soft;
        limit.rlim_max = hard != 0 ? hard : limit.rlim_max;
        status = setrlimit(RLIMIT_NOFILE, &limit) != 0 ? 99 : run_case(registry, id, round);
        const bool told = write(ends[1], round, sizeof *round) == (ssize_t)sizeof *round;
        _exit(told ? status & 0xff : 98);
    }
    assert_true(child > 0);
    (void)close(ends[1]);
    char *into = (char *)round;
    size_t had = 0;
    for (ssize_t some = 1; some > 0 && had < sizeof *round; had += (size_t)some) {
        some = read(ends[0], into + had, sizeof *round - had);
        assert_true(some > 0);
    }
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void connections_fit_the_limit(void **state) {
    (void)state;
    assert_int_equal(tsp_epoll_fit(16384, 20000, 10), 16384);
    assert_int_equal(tsp_epoll_fit(16384, 16384 + 64 + 10, 10), 16384);
    assert_int_equal(tsp_epoll_fit(16384, 16384 + 64 + 9, 10), 16384 - 16); /* a whole number of shares */
    assert_int_equal(tsp_epoll_fit(16384, 1024, 10), 944);
    assert_int_equal(tsp_epoll_fit(256, 89, 10), 0);
    assert_int_equal(tsp_epoll_fit(256, 90, 10), 16);
    assert_int_equal(tsp_epoll_fit(256, 5, 10), 0);
    assert_int_equal(tsp_epoll_fit(1, 20000, 10), 1);
}

/* Each turn handles one connection in 16 and asks no more often than it must. */
static void more_events_a_call_are_fewer_calls(void **state) {
    static const struct {
        unsigned at_once;
        double waits; /* calls in a thousand events: of 16 */
    } cases[] = {{1, 1000}, {8, 125}, {32, 62.5}, {128, 62.5}, {512, 62.5}};
    static struct tsp_round round; /* NOLINT: large for a stack */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char id[TSP_ID_MAX];
        (void)snprintf(id, sizeof id, "epoll/burst/%s/connections=256/maxevents=%u",
                       i % 2 == 0 ? "level" : "edge", cases[i].at_once);
        assert_int_equal(run_case(*state, id, &round), 0);
        assert_non_null(metric_of(&round, "waits"));
        assert_true(metric_of(&round, "waits")->net == cases[i].waits);
        assert_true(metric_of(&round, "connections")->net == 256);
        assert_string_equal(metric_of(&round, "connections")->reason, "");
    }
}

static void the_soft_limit_is_raised(void **state) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    assert_int_equal(run_limited(*state, "epoll/burst/level/connections=256/maxevents=8", 64, 0, &round), 0);
    assert_true(metric_of(&round, "connections")->net == 256);
}

static void under_a_low_limit_there_are_fewer_and_it_is_said(void **state) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    assert_int_equal(
        run_limited(*state, "epoll/burst/level/connections=16384/maxevents=512", 400, 400, &round), 0);
    const struct tsp_round_metric *connections = metric_of(&round, "connections");
    assert_true(connections->net >= 256 && connections->net < 400);
    assert_non_null(
        strstr(connections->reason, "are fewer than 16384: the limit on open descriptors is 400"));
    assert_int_equal(run_limited(*state, "epoll/burst/level/connections=16384/maxevents=512", 80, 80, &round),
                     1);
    assert_int_equal(round.status, TSP_SKIPPED);
    assert_string_equal(round.reason, "80 descriptors are too few: raise ulimit -Hn");
}

/* What goes wrong on purpose: an event that somebody else takes, a connection told apart wrongly, a call in vain. */
static void a_check_sees(const struct tsp_registry *registry, void (*spoil)(struct tsp_epoll *),
                         const char *words) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    const struct tsp_case *tcase =
        tsp_registry_find(registry, "epoll/burst/level/connections=256/maxevents=8");
    const struct tsp_env env = environment();
    struct tsp_bench bench;
    memset(&round, 0, sizeof round);
    tsp_bench_open(&bench, tcase, &env, 1, &round);
    assert_int_equal(tcase->kernel->setup(&bench), 0);
    tcase->kernel->before(&bench);
    spoil(bench.state);
    tcase->kernel->run(bench.state, 1);
    assert_int_equal(tcase->kernel->check(&bench, 1), -1);
    if (strstr(round.reason, words) == NULL) {
        fail_msg("'%s' does not say '%s'", round.reason, words);
    }
    tcase->kernel->teardown(&bench);
    tsp_bench_close(&bench);
}

static void steal(struct tsp_epoll *epoll) {
    uint64_t message = 0;
    assert_int_equal(read(epoll->files[epoll->order[0]], &message, sizeof message), (int)sizeof message);
}

static void mistake(struct tsp_epoll *epoll) {
    epoll->due += 1;
}

static void wait_in_vain(struct tsp_epoll *epoll) {
    epoll->waits += 1;
}

static void a_check_sees_what_went_wrong(void **state) {
    a_check_sees(*state, steal, "saw no event");
    a_check_sees(*state, mistake, "not of those connections");
    a_check_sees(*state, wait_in_vain, "3 calls of epoll_wait(), not 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_fit_the_limit),
        cmocka_unit_test(more_events_a_call_are_fewer_calls),
        cmocka_unit_test(the_soft_limit_is_raised),
        cmocka_unit_test(under_a_low_limit_there_are_fewer_and_it_is_said),
        cmocka_unit_test(a_check_sees_what_went_wrong),
    };
    return cmocka_run_group_tests_name("epoll", tests, open_registry, close_registry);
}
