/* Crews: every member does exactly what was asked for, none begins before all are there, and all of them are gone afterwards. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>
#include <sched.h>

#include "machine/topology.h"
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

/* The same once nobody is on his way out any more. */
static unsigned settled_threads(void) {
    unsigned seen;
    do {
        seen = threads_of_this_process();
        (void)usleep(20000);
    } while (threads_of_this_process() != seen);
    return seen;
}

/* A thread that was joined is still listed for a moment. */
static void assert_threads(unsigned expected) {
    for (unsigned tries = 0; tries < 5000 && threads_of_this_process() != expected; ++tries) {
        (void)usleep(1000);
    }
    assert_int_equal(threads_of_this_process(), expected);
}

static void every_member_runs_exactly_the_ops(void **state) {
    (void)state;
    unsigned before = 0;
    for (int i = 0; i < 8; ++i) {
        int threads = 1 << i % 4;
        struct tsp_env env = {.line_bytes = 64, .emulated = i >= 4}; /* where they wait asleep */
        struct tsp_case tcase = case_of(&crew_kernel, threads, NULL);
        struct tsp_round round = {.status = TSP_OK};
        struct tsp_bench bench;
        uint64_t total = 0;
        tsp_bench_open(&bench, &tcase, &env, 1, &round);
        assert_int_equal(setup(&bench), 0);
        assert_int_equal(tsp_crew_size(&bench), threads);
        for (unsigned call = 0; call < 400; ++call) {
            uint64_t ops = call % 23;
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
        if (i == 1) { /* with the first helper came a sanitizer's own thread, which stays */
            before = settled_threads();
        }
    }
    assert_threads(before);
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

/* A crew that is there already when setup finds that the case cannot run. */
static int setup_half(struct tsp_bench *bench) {
    return setup(bench) != 0 ? -1 : tsp_skip(bench, "changed its mind");
}

/* The second helper belongs on a CPU that there is not: the first one is waiting already. */
static void a_crew_that_cannot_start_leaves_nobody_behind(void **state) {
    (void)state;
    unsigned before = settled_threads();
    struct tsp_env env = {.line_bytes = 64};
    struct tsp_case tcase = case_of(&crew_kernel, 3, NULL);
    struct tsp_round round = {.status = TSP_OK};
    unsigned here = (unsigned)sched_getcpu();
    struct tsp_placement placement = {.cpu_count = 3, .cpus = {here, here, 60000}};
    struct tsp_bench bench;
    tsp_bench_open(&bench, &tcase, &env, 1, &round);
    bench.placement = &placement;
    assert_int_equal(setup(&bench), -1);
    assert_string_equal(round.reason,
                        "cannot start thread 3 of 3: Invalid argument; its CPU may have gone offline");
    tsp_bench_close(&bench);
    assert_threads(before);
}

static struct tsp_topology *topology;
static struct tsp_clock clock_;
static struct tsp_env env_;

static struct tsp_round measure(const struct tsp_kernel *kernel, int threads, const char *place) {
    struct tsp_case tcase = case_of(kernel, threads, place);
    struct tsp_profile profile = {.time_ms = 3, .warmup_ms = 3, .limit_ms = 20000, .memory_bytes = 64 << 20};
    struct tsp_session session = {.clock = &clock_,
                                  .topology = topology,
                                  .env = &env_,
                                  .counters = "none",
                                  .emulated = env_.emulated,
                                  .seed = 1,
                                  .cpu = -1};
    struct tsp_round round;
    struct tsp_error error;
    if (tsp_round_isolate(&session, &profile, &tcase, 0, NULL, NULL, &round, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return round;
}

static int check_pinned(struct tsp_bench *bench, uint64_t ops) {
    const struct work *work = bench->state;
    for (unsigned i = 0; i < tsp_crew_size(bench); ++i) {
        unsigned cpu = bench->placement->cpus[i % bench->placement->cpu_count];
        if (work->cpus[i] != (int)cpu) {
            return tsp_fail(bench, "member %u ran on CPU %d, not %u", i, work->cpus[i], cpu);
        }
    }
    return check(bench, ops);
}

static void a_round_is_measured_where_its_case_says(void **state) {
    (void)state;
    static const char *const places[] = {"same-cpu", "same-core", "same-l2",
                                         "same-llc", "same-node", "cross-node"};
    struct tsp_kernel kernel = crew_kernel;
    kernel.check = check_pinned;
    unsigned measured = 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; ++i) {
        struct tsp_case tcase = case_of(&kernel, 2, places[i]);
        char reason[TSP_REASON_MAX] = "";
        if (tsp_case_obstacle(&tcase, &env_, topology, -1, reason, sizeof reason) != NULL) {
            continue;
        }
        struct tsp_round round = measure(&kernel, 2, places[i]);
        if (round.status != TSP_OK) {
            fail_msg("%s: %s", places[i], round.reason);
        }
        assert_string_equal(round.shares, places[i]);
        assert_int_equal(round.cpu_count, strcmp(places[i], "same-cpu") == 0 ? 1 : 2);
        assert_false(round.per_op); /* AUTO: assembling a crew is no op */
        ++measured;
    }
    assert_true(measured >= 1); /* same-cpu takes one CPU alone */
}

static void a_setup_that_ends_half_way_ends_its_crew(void **state) {
    (void)state;
    struct tsp_kernel kernel = crew_kernel;
    kernel.setup = setup_half;
    struct tsp_round round = measure(&kernel, 4, "same-cpu");
    assert_int_equal(round.status, TSP_SKIPPED);
    assert_string_equal(round.reason, "changed its mind");
}

static void obstacle(const struct tsp_topology *machine, int threads, const char *place, int cpu,
                     const char *words) {
    struct tsp_case tcase = case_of(&crew_kernel, threads, place);
    char reason[TSP_REASON_MAX];
    const char *found = tsp_case_obstacle(&tcase, &env_, machine, cpu, reason, sizeof reason);
    if (words == NULL) {
        assert_null(found);
    } else {
        assert_non_null(found);
        assert_string_equal(found, words);
    }
}

static void what_a_machine_lacks_is_said(void **state) {
    (void)state;
    struct tsp_topology *machine = NULL;
    struct tsp_error error;
    assert_int_equal(tsp_topology_load_synthetic(&machine, "l3:1 l2:2 core:1 pu:1", NULL, &error), 0);
    obstacle(machine, 1, NULL, -1, NULL);
    obstacle(machine, 1, "same-cpu", -1, NULL);
    obstacle(machine, 2, "same-cpu", -1, NULL);
    obstacle(machine, 2, "same-llc", -1, NULL);
    obstacle(machine, 2, "same-llc", 1, NULL);
    obstacle(machine, 2, NULL, -1, NULL);
    obstacle(
        machine, 2, "same-l2", -1,
        "no 2 CPUs here share an L2 without sharing a core: of those this process may use (0-1) there is "
        "same-llc");
    obstacle(machine, 4, "same-llc", -1, "needs 4 CPUs: this process may use 2 (0-1)");
    obstacle(machine, 1, "same-llc", -1, "one thread shares nothing: it is measured under place=same-cpu");
    obstacle(machine, 0, NULL, -1, "a case has 1 to 32 threads, not 0");
    obstacle(machine, 2, "same-llc", 5,
             "CPU 5 is not usable here: this process may use 0-1; choose one of them with --cpu");
    tsp_topology_free(machine);

    assert_int_equal(tsp_topology_load_synthetic(&machine, "core:4 pu:1", "2", &error), 0);
    obstacle(machine, 2, "same-cpu", -1, NULL);
    obstacle(machine, 2, "same-llc", -1, "needs 2 CPUs: this process may use 1 (2)");
    obstacle(NULL, 2, "same-llc", -1, NULL); /* of an unknown machine nothing is asked */
    tsp_topology_free(machine);
}

static int open_machine(void **state) {
    (void)state;
    struct tsp_error error;
    struct tsp_machine *machine = calloc(1, sizeof *machine);
    int status = machine == NULL || tsp_topology_load(&topology, &error) != 0 ||
                 tsp_machine_probe(machine, topology, &error) != 0 || tsp_clock_choose(&clock_, &error) != 0;
    if (status == 0) {
        tsp_env_from_machine(&env_, machine);
    }
    free(machine);
    return status;
}

static int close_machine(void **state) {
    (void)state;
    tsp_topology_free(topology);
    return 0;
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
        cmocka_unit_test(a_crew_that_cannot_start_leaves_nobody_behind),
        cmocka_unit_test(a_round_is_measured_where_its_case_says),
        cmocka_unit_test(a_setup_that_ends_half_way_ends_its_crew),
        cmocka_unit_test(what_a_machine_lacks_is_said),
        cmocka_unit_test(a_partner_is_pinned),
    };
    return cmocka_run_group_tests_name("crew", tests, open_machine, close_machine);
}
