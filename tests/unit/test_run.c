/* A run: who is told what, what an interruption, a fault or a full disk leaves behind, and how a run is taken up again. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "transept/run.h"

#define CASES    5 /* three that are fine, one that faults, one that cannot run here */
#define ROUNDS   3
#define EXPECTED (3 * ROUNDS + 1) /* rounds: a case that faulted gets no second one */

static void behave(void *state, uint64_t ops) {
    (void)state;
    uint64_t x = 1;
    TSP_REPEAT(ops, x = x * 3 + 1; TSP_HIDE(x));
    TSP_KEEP(x);
}

static void segfault(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    volatile char *nowhere = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *nowhere = 1;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    (void)bench;
    (void)ops;
    return 0;
}

static const char *never(const struct tsp_bench *bench) {
    (void)bench;
    return "never here";
}

#define KERNEL(name, ...)                                                                                    \
    { .family = "run", .kernel = "test", .variant = name, .source = __FILE__, .check = check, __VA_ARGS__ }

static const struct tsp_kernel fine = KERNEL("fine", .run = behave, .params = {{"n", "1..3"}});
static const struct tsp_kernel faulty = KERNEL("faulty", .run = segfault, .implementation = "a store");
static const struct tsp_kernel unfit = KERNEL("unfit", .run = behave, .unfit = never);
static const struct tsp_kernel *const kernels[] = {&fine, &faulty, &unfit};

struct fixture {
    struct tsp_registry registry;
    struct tsp_topology *topology;
    struct tsp_machine machine;
    struct tsp_env env;
    struct tsp_clock clock;
    struct tsp_session session;
    struct tsp_suite suite;
    struct tsp_plan plan;
    struct tsp_record record;
    char folder[64];
    char path[128];
    volatile int interrupted;
    unsigned started;
    unsigned finished;
    unsigned warned;
    unsigned interrupt_after; /* rounds; 0: never */
    bool orderly;             /* progress only ever grew, and stayed within its bounds */
    size_t last_steps;
};

static struct fixture shared; /* clock and machine are found out once */

static int find_out(void **state) {
    struct tsp_error error = {""};
    *state = &shared;
    if (tsp_registry_build(&shared.registry, kernels, 3, &error) != 0 ||
        tsp_topology_load(&shared.topology, &error) != 0 ||
        tsp_machine_probe(&shared.machine, shared.topology, &error) != 0 ||
        tsp_clock_choose(&shared.clock, &error) != 0) {
        print_error("%s\n", error.text);
        return -1;
    }
    tsp_env_from_machine(&shared.env, &shared.machine);
    return 0;
}

static int forget(void **state) {
    (void)state;
    tsp_registry_free(&shared.registry);
    tsp_topology_free(shared.topology);
    return 0;
}

static int set_up(void **state) {
    struct fixture *fixture = *state = &shared;
    struct tsp_error error;
    const char *yaml =
        "{name: test, about: a test, time: 2ms, warmup: 1ms, limits: {time: 5s}, cases: [run]}";
    fixture->session = (struct tsp_session){.clock = &fixture->clock,
                                            .topology = fixture->topology,
                                            .env = &fixture->env,
                                            .counters = "none",
                                            .emulated = fixture->machine.emulated,
                                            .seed = 7,
                                            .cpu = -1};
    fixture->interrupted = 0;
    fixture->started = fixture->finished = fixture->warned = fixture->interrupt_after = 0;
    fixture->orderly = true;
    fixture->last_steps = 0;
    memset(&fixture->record, 0, sizeof fixture->record);
    fixture->record.machine = fixture->machine;
    fixture->record.clock = fixture->clock;
    tsp_build_describe(&fixture->record.build);
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/transept-run-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL) {
        return -1;
    }
    (void)snprintf(fixture->path, sizeof fixture->path, "%.63s/a.journal", fixture->folder);
    return tsp_suite_parse(&fixture->suite, yaml, strlen(yaml), "test", &error) != 0 ||
           tsp_plan_make(&fixture->plan, &fixture->registry, &fixture->suite, NULL, ROUNDS, &fixture->session,
                         &error) != 0 ||
           tsp_run_prepare(&fixture->record, &fixture->plan, "test", "transept run", &error) != 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    tsp_record_free(&fixture->record);
    tsp_plan_free(&fixture->plan);
    tsp_suite_free(&fixture->suite);
    (void)unlink(fixture->path);
    return rmdir(fixture->folder);
}

static void on_start(void *data, const struct tsp_progress *progress) {
    struct fixture *fixture = data;
    ++fixture->started;
    fixture->orderly = fixture->orderly && progress->tcase != NULL && progress->round < ROUNDS &&
                       progress->left_ms > 0 && progress->steps_done < progress->step_count;
}

static void on_finish(void *data, const struct tsp_progress *progress, const struct tsp_round *round) {
    struct fixture *fixture = data;
    ++fixture->finished;
    fixture->orderly = fixture->orderly && progress->steps_done > fixture->last_steps &&
                       progress->cases_done <= progress->case_count && progress->case_count == CASES - 1 &&
                       round->index == progress->round;
    fixture->last_steps = progress->steps_done;
    if (fixture->finished == fixture->interrupt_after) {
        fixture->interrupted = 1;
    }
}

static void on_warning(void *data, const char *text) {
    struct fixture *fixture = data;
    ++fixture->warned;
    assert_non_null(strstr(text, fixture->path));
}

static void execute(struct fixture *fixture, struct tsp_journal *journal) {
    struct tsp_observer observer = {
        .data = fixture, .started = on_start, .finished = on_finish, .warned = on_warning};
    struct tsp_error error = {""};
    if (tsp_run_execute(&fixture->plan, &fixture->session, &fixture->record, journal, &observer,
                        &fixture->interrupted, &error) != 0) {
        fail_msg("%s", error.text);
    }
}

static const struct tsp_result *result_of(const struct fixture *fixture, const char *id) {
    const struct tsp_result *result = tsp_record_find(&fixture->record, id);
    assert_non_null(result);
    return result;
}

static void a_record_is_prepared_from_the_plan(void **state) {
    const struct fixture *fixture = *state;
    const struct tsp_run *run = &fixture->record.run;
    assert_int_equal(fixture->record.result_count, CASES);
    assert_int_equal(run->seed, 7);
    assert_int_equal(run->rounds, ROUNDS);
    assert_int_equal(strlen(run->id), 36);
    assert_int_equal(strlen(run->started), 20);
    assert_string_equal(run->finished, "");
    assert_string_equal(result_of(fixture, "run/test/fine/n=2")->params, "n=2");
    assert_string_equal(result_of(fixture, "run/test/fine/n=2")->implementation, "C");
    assert_string_equal(result_of(fixture, "run/test/faulty")->implementation, "a store");
    assert_int_equal(result_of(fixture, "run/test/unfit")->status, TSP_SKIPPED);
    assert_non_null(strstr(result_of(fixture, "run/test/unfit")->reason, "never here"));
}

static void everything_else_runs_beside_a_fault(void **state) {
    struct fixture *fixture = *state;
    execute(fixture, NULL);
    assert_int_equal(fixture->started, EXPECTED);
    assert_int_equal(fixture->finished, EXPECTED);
    assert_true(fixture->orderly);
    assert_int_equal(fixture->last_steps, fixture->plan.step_count);
    assert_int_equal(result_of(fixture, "run/test/fine/n=1")->round_count, ROUNDS);
    assert_int_equal(result_of(fixture, "run/test/fine/n=1")->status, TSP_OK);
    assert_true(result_of(fixture, "run/test/fine/n=1")->metric_count > 0);
    assert_int_equal(result_of(fixture, "run/test/faulty")->round_count, 1);
    assert_int_equal(result_of(fixture, "run/test/faulty")->status, TSP_FAULTED);
    assert_int_equal(result_of(fixture, "run/test/unfit")->round_count, 0);
    assert_int_equal(result_of(fixture, "run/test/unfit")->status, TSP_SKIPPED);
    assert_false(fixture->record.run.interrupted);
    assert_int_equal(strlen(fixture->record.run.finished), 20);
}

static void an_interruption_keeps_what_is_finished(void **state) {
    struct fixture *fixture = *state;
    fixture->interrupt_after = 2;
    execute(fixture, NULL);
    assert_int_equal(fixture->finished, 2);
    assert_true(fixture->record.run.interrupted);
    unsigned rounds = 0;
    unsigned never_begun = 0;
    for (size_t i = 0; i < fixture->record.result_count; ++i) {
        const struct tsp_result *result = &fixture->record.results[i];
        rounds += result->round_count;
        if (strcmp(result->reason, "interrupted before its first round") == 0) {
            assert_int_equal(result->status, TSP_SKIPPED);
            assert_int_equal(result->round_count, 0);
            ++never_begun;
        }
    }
    assert_int_equal(rounds, 2);
    assert_int_equal(never_begun, CASES - 1 - 2);
}

static void an_interruption_after_the_last_round_is_none(void **state) {
    struct fixture *fixture = *state;
    fixture->interrupt_after = EXPECTED;
    execute(fixture, NULL);
    assert_false(fixture->record.run.interrupted);
}

static void a_run_is_taken_up_where_it_was_left(void **state) {
    struct fixture *fixture = *state;
    struct tsp_journal *journal = NULL;
    struct tsp_error error = {""};
    assert_int_equal(tsp_journal_create(&journal, fixture->path, &fixture->record, &error), 0);
    fixture->interrupt_after = 4;
    execute(fixture, journal);
    tsp_journal_close(journal, false);
    unsigned first = fixture->finished;

    tsp_record_free(&fixture->record);
    tsp_plan_free(&fixture->plan);
    assert_int_equal(tsp_journal_resume(&journal, fixture->path, &fixture->record, &error), 0);
    if (tsp_run_take_up(&fixture->plan, &fixture->record, &fixture->registry, &fixture->machine,
                        &fixture->session, &error) != 0) {
        fail_msg("%s", error.text);
    }
    fixture->interrupted = 0;
    fixture->interrupt_after = 0;
    fixture->last_steps = 0;
    execute(fixture, journal);
    tsp_journal_close(journal, true);
    assert_int_equal(first, 4);
    assert_int_equal(fixture->finished, EXPECTED);
    assert_true(fixture->orderly);
    assert_int_equal(fixture->last_steps, fixture->plan.step_count);
    assert_int_equal(result_of(fixture, "run/test/fine/n=3")->round_count, ROUNDS);
    assert_int_equal(result_of(fixture, "run/test/faulty")->status, TSP_FAULTED);
    assert_string_equal(result_of(fixture, "run/test/faulty")->implementation, "a store");
    assert_false(fixture->record.run.interrupted);
}

static void other_versions_and_machines_are_not_taken_up(void **state) {
    struct fixture *fixture = *state;
    struct tsp_plan plan;
    struct tsp_error error = {""};
    struct tsp_machine other = fixture->machine;
    (void)snprintf(other.id, sizeof other.id, "elsewhere");
    assert_int_equal(
        tsp_run_take_up(&plan, &fixture->record, &fixture->registry, &other, &fixture->session, &error), -1);
    assert_non_null(strstr(error.text, "elsewhere"));
    (void)snprintf(fixture->record.run.version, sizeof fixture->record.run.version, "0.0.1");
    assert_int_equal(tsp_run_take_up(&plan, &fixture->record, &fixture->registry, &fixture->machine,
                                     &fixture->session, &error),
                     -1);
    assert_non_null(strstr(error.text, "0.0.1"));
}

/* Rounds of a case that lie on other CPUs than its next ones would. */
static void a_run_is_taken_up_on_its_own_cpus_only(void **state) {
    struct fixture *fixture = *state;
    struct tsp_plan plan;
    struct tsp_error error = {""};
    char advice[32];
    execute(fixture, NULL);
    struct tsp_round *last = &fixture->record.results[0].rounds[ROUNDS - 1];
    unsigned cpu = last->cpus[0];
    assert_int_equal(last->cpu_count, 1);
    last->cpus[0] = 4001; /* of one round alone: no --cpu fits them all */
    assert_int_equal(tsp_run_take_up(&plan, &fixture->record, &fixture->registry, &fixture->machine,
                                     &fixture->session, &error),
                     -1);
    assert_non_null(strstr(error.text, "rounds ran on CPU 4001, and this would go on on CPU"));
    assert_non_null(strstr(error.text, "; start the run anew"));
    last->cpus[0] = cpu;
    fixture->session.cpu = 4002;
    assert_int_equal(tsp_run_take_up(&plan, &fixture->record, &fixture->registry, &fixture->machine,
                                     &fixture->session, &error),
                     -1);
    (void)snprintf(advice, sizeof advice, "; give --cpu %u, or", cpu);
    assert_non_null(strstr(error.text, advice));
    assert_non_null(strstr(error.text, "this cannot go on there (CPU 4002 is not usable"));
    fixture->session.cpu = (int)cpu;
    assert_int_equal(tsp_run_take_up(&plan, &fixture->record, &fixture->registry, &fixture->machine,
                                     &fixture->session, &error),
                     0);
    tsp_plan_free(&plan);
}

static void a_journal_that_fails_is_told_of_once(void **state) {
    struct fixture *fixture = *state;
    struct tsp_journal *journal = NULL;
    struct tsp_error error = {""};
    struct rlimit old;
    assert_int_equal(tsp_journal_create(&journal, fixture->path, &fixture->record, &error), 0);
    /* The file may not grow any more: as good as a full disk, and to be had everywhere. */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = {.rlim_cur = 1024, .rlim_max = old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    execute(fixture, journal);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    tsp_journal_close(journal, true);
    assert_int_equal(fixture->warned, 1);
    assert_int_equal(fixture->finished, EXPECTED);
    assert_false(fixture->record.run.interrupted);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_record_is_prepared_from_the_plan),
        WITH_FIXTURE(everything_else_runs_beside_a_fault),
        WITH_FIXTURE(an_interruption_keeps_what_is_finished),
        WITH_FIXTURE(an_interruption_after_the_last_round_is_none),
        WITH_FIXTURE(a_run_is_taken_up_where_it_was_left),
        WITH_FIXTURE(other_versions_and_machines_are_not_taken_up),
        WITH_FIXTURE(a_run_is_taken_up_on_its_own_cpus_only),
        WITH_FIXTURE(a_journal_that_fails_is_told_of_once),
    };
    return cmocka_run_group_tests(tests, find_out, forget);
}
