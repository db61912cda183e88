/* Crews: every member does exactly what was asked for, none begins before all are there, and all of them are gone afterwards. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>
#include <sched.h>

#include "measure/bench.h"
#include "measure/crew.h"
#include "measure/place.h"
#include "transept/measure.h"

#define MEMBERS_MAX 8

struct work {
    struct tsp_bench *bench;
    uint64_t done[MEMBERS_MAX];  /* plain: what the crew does must be visible when its call returns */
    uint64_t other[MEMBERS_MAX]; /* by the second member */
    int cpus[MEMBERS_MAX];
};

static void do_work(void *state, unsigned index, uint64_t ops) {
    struct work *work = state;
    work->cpus[index] = sched_getcpu();
    TSP_REPEAT(ops, ++work->done[index]; TSP_CLOBBER());
}

static void do_other(void *state, unsigned index, uint64_t ops) {
    struct work *work = state;
    work->other[index] += ops;
}

static void run(void *state, uint64_t ops) {
    struct work *work = state;
    tsp_crew_run(work->bench, ops);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct work *work = bench->state;
    for (unsigned i = 0; i < tsp_crew_size(bench); ++i) {
        if (work->done[i] != ops) {
            return tsp_fail(bench, "member %u did %llu ops of %llu", i, (unsigned long long)work->done[i],
                            (unsigned long long)ops);
        }
    }
    return 0;
}

static int setup(struct tsp_bench *bench) {
    struct work *work = tsp_alloc(bench, sizeof *work, 256);
    if (work == NULL) {
        return -1;
    }
    work->bench = bench;
    bench->state = work;
    return tsp_crew_start(bench, (unsigned)tsp_param_int(bench, "threads"), do_work);
}

static struct tsp_case case_of(const struct tsp_kernel *kernel, int threads, const char *place) {
    struct tsp_case tcase = {.kernel = kernel, .value_count = place == NULL ? 1 : 2, .id = "fake/crew/fake"};
    tcase.values[0] = (struct tsp_value){.name = "threads", .number = threads};
    tcase.values[1] = (struct tsp_value){.name = "place"};
    (void)snprintf(tcase.values[1].text, sizeof tcase.values[1].text, "%s", place == NULL ? "" : place);
    return tcase;
}

static const struct tsp_kernel crew_kernel = {.family = "fake",
                                              .kernel = "crew",
                                              .variant = "fake",
                                              .mode = TSP_MODE_AUTO,
                                              .setup = setup,
                                              .run = run,
                                              .check = check};

static unsigned threads_of_this_process(void) {
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    while (readdir(tasks) != NULL) {
        ++count;
    }
    (void)closedir(tasks);
    return count - 2;
}

static void every_member_runs_exactly_the_ops(void **state) {
    (void)state;
    struct tsp_env env = {.line_bytes = 64};
    unsigned before = threads_of_this_process();
    for (int threads = 1; threads <= MEMBERS_MAX; threads += threads) {
        struct tsp_case tcase = case_of(&crew_kernel, threads, NULL);
        struct tsp_round round = {.status = TSP_OK};
        struct tsp_bench bench;
        uint64_t total = 0;
        tsp_bench_open(&bench, &tcase, &env, 1, &round);
        assert_int_equal(setup(&bench), 0);
        assert_int_equal(tsp_crew_size(&bench), threads);
        for (unsigned i = 0; i < 400; ++i) {
            uint64_t ops = i % 23;
            run(bench.state, ops);
            total += ops;
            if (check(&bench, total) != 0) {
                fail_msg("%s", round.reason);
            }
        }
        tsp_crew_run_as(&bench, do_other, 7);
        assert_int_equal(((struct work *)bench.state)->other[threads - 1], 7);
        assert_int_equal(check(&bench, total), 0); /* the other member's ops are not this one's */
        assert_int_equal(check(&bench, total + 1), -1);
        tsp_bench_close(&bench);
        assert_null(bench.crew);
    }
    assert_int_equal(threads_of_this_process(), before);
}

static void crews_of_no_sense_are_refused(void **state) {
    (void)state;
    struct tsp_env env = {.line_bytes = 64};
    struct tsp_case tcase = case_of(&crew_kernel, 2, NULL);
    static const struct {
        unsigned first;
        unsigned second;
        const char *reason;
    } tried[] = {{0, 0, "a crew has 1 to 32 threads, not 0"},
                 {33, 0, "a crew has 1 to 32 threads, not 33"},
                 {2, 2, "the kernel starts a second crew"}};
    for (size_t i = 0; i < sizeof tried / sizeof tried[0]; ++i) {
        struct tsp_round round = {.status = TSP_OK};
        struct tsp_bench bench;
        tsp_bench_open(&bench, &tcase, &env, 1, &round);
        int status = tsp_crew_start(&bench, tried[i].first, do_work);
        if (tried[i].second != 0) {
            assert_int_equal(status, 0);
            status = tsp_crew_start(&bench, tried[i].second, do_work);
        }
        assert_int_equal(status, -1);
        assert_string_equal(round.reason, tried[i].reason);
        tsp_bench_close(&bench);
    }
}

/* A partner outside the crew goes to the CPU of the thread that it stands for, and nowhere where nothing is pinned. */
static void a_partner_is_pinned(void **state) {
    (void)state;
    cpu_set_t allowed;
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    struct tsp_placement placement = {.cpu_count = 0};
    for (unsigned cpu = 0; cpu < CPU_SETSIZE && placement.cpu_count < 2; ++cpu) {
        if (CPU_ISSET(cpu, &allowed)) {
            placement.cpus[placement.cpu_count++] = cpu;
        }
    }
    struct tsp_bench bench = {.placement = &placement};
    for (unsigned index = 0; index < 4; ++index) {
        assert_int_equal(tsp_crew_pin(&bench, index), 0);
        assert_int_equal(sched_getcpu(), placement.cpus[index % placement.cpu_count]);
    }
    placement.cpus[0] = 60000; /* no such CPU */
    assert_int_equal(tsp_crew_pin(&bench, 0), EINVAL);
    assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
    bench.placement = NULL;
    assert_int_equal(tsp_crew_pin(&bench, 1), 0);
    cpu_set_t now;
    assert_int_equal(sched_getaffinity(0, sizeof now, &now), 0);
    assert_true(CPU_EQUAL(&now, &allowed));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_runs_exactly_the_ops),
        cmocka_unit_test(crews_of_no_sense_are_refused),
        cmocka_unit_test(a_partner_is_pinned),
    };
    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
