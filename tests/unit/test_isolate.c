/* A case that misbehaves costs only itself: each fault gets its status and reason, and no process is left behind. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "measure/limits.h"
#include "transept/measure.h"

/* Over the limit of run(), and little enough to be touched in no time. */
#define GREEDY_BYTES ((size_t)320 << 20)

static int check(struct tsp_bench *bench, uint64_t ops) {
    (void)bench;
    return ops > 0 ? 0 : tsp_fail(bench, "no op was run");
}

static void behave(void *state, uint64_t ops) {
    (void)state;
    uint64_t x = 1;
    TSP_REPEAT(ops, x = x * 3; TSP_HIDE(x));
    TSP_KEEP(x);
}

static void loop_for_ever(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    for (;;) {
        __asm__ volatile("");
    }
}

static void segfault(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    volatile char *nowhere = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *nowhere = 1;
}

static void illegal(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
#if defined(__x86_64__)
    __asm__ volatile("ud2");
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("udf #0");
#elif defined(__s390x__)
    __asm__ volatile(".short 0");
#else
    __asm__ volatile(".long 0");
#endif
}

/* Where a child's child tells the test who it is. */
static volatile pid_t *runaway;

static void abandon_children(void *state, uint64_t ops) {
    behave(state, ops);
    if (fork() == 0) {
        for (;;) {
            (void)pause();
        }
    }
    if (fork() == 0) { /* and one that tries to get away */
        (void)setsid();
        *runaway = getpid();
        for (;;) {
            (void)pause();
        }
    }
    while (*runaway == 0) { /* it must have got away before this process ends */
    }
    _exit(0);
}

static void bomb(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    for (;;) {
        if (fork() == 0) {
            for (;;) {
                (void)pause();
            }
        }
    }
}

static void eat_memory(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    for (;;) {
        char *piece = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (piece == MAP_FAILED) {
            abort();
        }
        memset(piece, 1, 1 << 20);
    }
}

static void leave(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    _exit(3);
}

static int refuse_check(struct tsp_bench *bench, uint64_t ops) {
    return tsp_fail(bench, "counted %d of %d", (int)ops - 1, (int)ops);
}

static int skip_setup(struct tsp_bench *bench) {
    return tsp_skip(bench, "not on a Tuesday");
}

static int greedy_setup(struct tsp_bench *bench) {
    return tsp_alloc(bench, GREEDY_BYTES, 64) == NULL ? -1 : 0;
}

static int wrong_parameter(struct tsp_bench *bench) {
    return (int)tsp_param_int(bench, "nosuch");
}

static struct tsp_clock clock_;
static struct tsp_topology *topology;
static struct tsp_env env;
static volatile int interrupted;

static struct tsp_session session_here(void) {
    return (struct tsp_session){.clock = &clock_,
                                .topology = topology,
                                .env = &env,
                                .counters = "none",
                                .emulated = env.emulated,
                                .seed = 1,
                                .cpu = -1};
}

static struct tsp_round run(struct tsp_kernel kernel) {
    kernel.family = "fake";
    kernel.kernel = "fake";
    kernel.variant = "fake";
    if (kernel.check == NULL) {
        kernel.check = check;
    }
    if (kernel.run == NULL) {
        kernel.run = behave;
    }
    struct tsp_case tcase = {.kernel = &kernel, .id = "fake/fake/fake"};
    struct tsp_session session = session_here();
    struct tsp_profile profile = {
        .time_ms = 5, .warmup_ms = 2, .limit_ms = 60000, .memory_bytes = (uint64_t)256 << 20, .files = 64};
    struct tsp_round round;
    struct tsp_error error = {{0}};
    if (kernel.run == loop_for_ever) {
        profile.limit_ms = 300;
    }
    assert_int_equal(tsp_round_isolate(&session, &profile, &tcase, 2, NULL, &interrupted, &round, &error), 0);
    assert_int_equal(round.index, 2);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0); /* nobody is left */
    return round;
}

static void expect(const struct tsp_kernel *kernel, enum tsp_status status, const char *words) {
    struct tsp_round round = run(*kernel);
    if (round.status != status || strstr(round.reason, words) == NULL) {
        fail_msg("status %d, '%s'; expected %d, '%s'", round.status, round.reason, status, words);
    }
}

static void a_good_case_is_ok(void **unused) {
    (void)unused;
    struct tsp_round round = run((struct tsp_kernel){.run = behave});
    assert_string_equal(round.reason, "");
    assert_int_equal(round.status, TSP_OK);
    assert_true(round.metric_count >= 1);
    assert_string_equal(round.metrics[0].name, "time");
    assert_true(round.metrics[0].description.n > 0);
    assert_int_equal(round.metrics[0].evidence, env.emulated ? TSP_EMULATED : TSP_MEASURED);
    assert_true(round.ops > 0);
    assert_int_equal(round.cpu_count, 1);
}

static void misbehaviour_is_named(void **unused) {
    (void)unused;
    expect(&(struct tsp_kernel){.run = loop_for_ever}, TSP_TIMED_OUT, "0.3 s");
    expect(&(struct tsp_kernel){.run = segfault}, TSP_FAULTED, "SIGSEGV");
    expect(&(struct tsp_kernel){.run = illegal}, TSP_FAULTED, "SIGILL");
    expect(&(struct tsp_kernel){.run = leave}, TSP_FAILED, "status 3");
    expect(&(struct tsp_kernel){.check = refuse_check}, TSP_FAILED, "counted");
    expect(&(struct tsp_kernel){.setup = skip_setup}, TSP_SKIPPED, "Tuesday");
    expect(&(struct tsp_kernel){.setup = wrong_parameter}, TSP_FAILED, "nosuch");
}

static void a_segfault_tells_its_address(void **unused) {
    (void)unused;
    struct tsp_round round = run((struct tsp_kernel){.run = segfault});
    if (!env.emulated) {
        assert_non_null(strstr(round.reason, "at address 0x"));
    }
}

/* Does the process run still? One that nobody has reaped yet is dead all the same. */
static bool lives(pid_t process) {
    char path[64];
    char state = 'X';
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *stat = fopen(path, "re");
    if (stat != NULL) {
        (void)fscanf(stat, "%*d (%*[^)]) %c", &state);
        (void)fclose(stat);
    }
    return state != 'X' && state != 'Z';
}

static void children_do_not_outlive_their_round(void **unused) {
    (void)unused;
    runaway = mmap(NULL, sizeof *runaway, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(runaway != MAP_FAILED);
    expect(&(struct tsp_kernel){.run = abandon_children}, TSP_FAILED, "status 0");
    assert_true(*runaway > 0);
    for (unsigned i = 0; lives(*runaway); ++i) {
        assert_true(
            i < 2000); /* killed before the round was over; the kernel may take a moment to be done with it */
        (void)usleep(1000);
    }
    (void)munmap((void *)runaway, sizeof *runaway);
}

static void a_fork_bomb_is_defused(void **unused) {
    (void)unused;
    struct tsp_round round = run((struct tsp_kernel){.run = bomb});
    assert_true(round.status == TSP_FAILED || round.status == TSP_TIMED_OUT);
}

static void memory_is_limited(void **unused) {
    (void)unused;
    struct tsp_round round = run((struct tsp_kernel){.run = eat_memory});
    assert_true(round.status == TSP_FAILED || round.status == TSP_FAULTED);
    if (tsp_limits_by_address_space(
            env.emulated)) { /* set-up is refused at once; elsewhere the parent ends the round a little later */
        expect(&(struct tsp_kernel){.setup = greedy_setup}, TSP_FAILED, "335544320 bytes");
        struct tsp_round declared = run((struct tsp_kernel){
            .setup = greedy_setup, .memory_bytes = GREEDY_BYTES}); /* it said so beforehand */
        assert_int_equal(declared.status, TSP_OK);
    }
}

static void an_interrupt_ends_the_round_at_once(void **unused) {
    (void)unused;
    interrupted = 1;
    struct tsp_round round = run((struct tsp_kernel){.run = loop_for_ever});
    interrupted = 0;
    assert_int_equal(round.status, TSP_SKIPPED);
    assert_string_equal(round.reason, "interrupted");
}

static void later_rounds_keep_mode_and_batch(void **unused) {
    (void)unused;
    struct tsp_kernel kernel = {.family = "fake",
                                .kernel = "fake",
                                .variant = "fake",
                                .run = behave,
                                .check = check,
                                .mode = TSP_MODE_BATCHED};
    struct tsp_case tcase = {.kernel = &kernel, .id = "fake/fake/fake"};
    struct tsp_session session = session_here();
    struct tsp_profile profile = {.time_ms = 2, .warmup_ms = 1, .limit_ms = 4000};
    struct tsp_round like = {.per_op = false, .ops_per_sample = 7 * (uint64_t)TSP_BATCH_UNIT};
    struct tsp_round round;
    tsp_round_measure(&session, &profile, &tcase, 1, &like, &round);
    assert_int_equal(round.status, TSP_OK);
    assert_false(round.per_op);
    assert_int_equal(round.ops_per_sample, 7 * TSP_BATCH_UNIT);
}

static int prepare(void **unused) {
    (void)unused;
    struct tsp_error error = {{0}};
    struct tsp_machine machine;
    if (tsp_clock_choose(&clock_, &error) != 0 || tsp_topology_load(&topology, &error) != 0 ||
        tsp_machine_probe(&machine, topology, &error) != 0) {
        print_error("%s\n", error.text);
        return -1;
    }
    tsp_env_from_machine(&env, &machine);
    return 0;
}

static int leave_topology(void **unused) {
    (void)unused;
    tsp_topology_free(topology);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_case_is_ok),
        cmocka_unit_test(misbehaviour_is_named),
        cmocka_unit_test(a_segfault_tells_its_address),
        cmocka_unit_test(children_do_not_outlive_their_round),
        cmocka_unit_test(a_fork_bomb_is_defused),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(an_interrupt_ends_the_round_at_once),
        cmocka_unit_test(later_rounds_keep_mode_and_batch),
    };
    return cmocka_run_group_tests(tests, prepare, leave_topology);
}
