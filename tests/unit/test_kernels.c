/* The catalogue, case by case: what can run here does its work for any number of ops, and its check notices when that is not so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "machine/emulator.h"
#include "measure/bench.h"
#include "transept/machine.h"
#include "transept/measure.h"
#include "transept/registry.h"

/* Small working sets, so that every case takes a moment; the machine's own line, page, features and executor. */
static struct tsp_env environment(void) {
    static struct tsp_executor executor; /* NOLINT: asked once, for an emulator takes a while to tell */
    static bool asked;                   /* NOLINT */
    if (!asked) {
        tsp_executor_detect(&executor);
        asked = true;
    }
    return (struct tsp_env){.line_bytes = 64,
                            .page_bytes = (size_t)sysconf(_SC_PAGESIZE),
                            .l1_bytes = 8192,
                            .l2_bytes = 16384,
                            .llc_bytes = 32768,
                            .dram_bytes = 65536,
                            .emulated = executor.emulated,
                            .features = tsp_features_probe()};
}

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

/* Ops that are timed one by one are long (a process, a thread), and their bodies write out 16 at most: a sixteenth of the turns will do. */
static uint64_t few(const struct tsp_case *tcase, uint64_t ops) {
    return tcase->kernel->mode == TSP_MODE_PER_OP ? ops / 16 + ops % 16 : ops;
}

/* Runs a case for the given numbers of ops, then checks it for what it was asked plus `lie`. Returns check's verdict, 1 where setup
 * found that it cannot run. */
static int run_case(const struct tsp_case *tcase, const uint64_t *ops, size_t count, uint64_t lie,
                    char *reason, size_t size) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_env env = environment();
    struct tsp_bench bench;
    uint64_t total = 0;
    memset(&round, 0, sizeof round);
    tsp_bench_open(&bench, tcase, &env, 1, &round);
    int ready = tcase->kernel->setup != NULL ? tcase->kernel->setup(&bench) : 0;
    int verdict = ready;
    if (ready == 0) {
        tsp_body *body = tsp_bench_body(&bench);
        tsp_body *reference = tcase->kernel->reference != NULL ? tcase->kernel->reference : tsp_reference;
        for (size_t i = 0; i < count && body != NULL; ++i) {
            const uint64_t some = few(tcase, ops[i]);
            if (tcase->kernel->before != NULL) {
                tcase->kernel->before(&bench);
            }
            body(bench.state, some);
            reference(bench.state, some); /* must leave no trace that check could take for work */
            total += some;
        }
        verdict = tcase->kernel->check(&bench, total + lie);
    }
    if (ready == 0 && tcase->kernel->teardown != NULL) {
        tcase->kernel->teardown(&bench);
    }
    tsp_bench_close(&bench);
    (void)snprintf(reason, size, "%s", round.reason);
    return verdict;
}

static bool can_run(const struct tsp_case *tcase) {
    struct tsp_env env = environment();
    char reason[TSP_REASON_MAX];
    return tsp_case_obstacle(tcase, &env, NULL, -1, reason, sizeof reason) == NULL;
}

/* Ops that handle so many things each that a unit test leaves them to measurements; the same code runs with fewer. */
static bool is_long(const struct tsp_case *tcase) {
    /* Throttled to some operations a second where a kernel or hypervisor minds a locked bus. */
    const bool atomic = strcmp(tcase->kernel->kernel, "atomic") == 0;
    for (unsigned i = 0; i < tcase->value_count; ++i) {
        if (atomic && strcmp(tcase->values[i].name, "offset") == 0 && tcase->values[i].index > 4) {
            return true;
        }
        if (strcmp(tcase->values[i].name, "n") == 0 && tcase->values[i].number > 1000) {
            return true;
        }
        if (strcmp(tcase->values[i].name, "kib") == 0 && tcase->values[i].number > 16384) {
            return true; /* of a ladder that ends at 256 MiB, laid out anew for each try */
        }
        if (strcmp(tcase->values[i].name, "place") == 0 && tcase->values[i].index > 0) {
            return true; /* nothing is pinned here: all places are one */
        }
    }
    return false;
}

/* Tries all cases; `lie` as in run_case(). Fails with the first case whose verdict is not as expected. */
static void try_all(const struct tsp_registry *registry, const uint64_t *ops, size_t count, uint64_t lie) {
    size_t ran = 0;
    for (size_t i = 0; i < registry->count; ++i) {
        const struct tsp_case *tcase = &registry->cases[i];
        /* With `before` each op starts afresh, and facts take no op: their checks need not know how many there were. */
        if (!can_run(tcase) || is_long(tcase) ||
            (count > 1 && tcase->kernel->before != NULL) || /* which the harness runs op by op only */
            (lie != 0 && (tcase->kernel->before != NULL || tcase->kernel->mode == TSP_MODE_FACTS))) {
            continue;
        }
        char reason[TSP_REASON_MAX];
        int verdict = run_case(tcase, ops, count, lie, reason, sizeof reason);
        if (lie == 0 ? verdict < 0 : verdict == 0) {
            fail_msg("%s: %s", tcase->id, lie == 0 ? reason : "check believed that one op more was done");
        }
        if (verdict < 0 && reason[0] == '\0') {
            fail_msg("%s failed without a reason", tcase->id);
        }
        ran += verdict <= 0;
    }
    assert_true(ran > 0);
}

static void test_single_ops(void **state) {
    try_all(*state, (const uint64_t[]){1}, 1, 0);
}

static void test_batches_of_any_size(void **state) {
    try_all(*state, (const uint64_t[]){1, 255, 256, 512, 17, 3}, 6, 0);
}

static void test_no_op_at_all(void **state) {
    try_all(*state, (const uint64_t[]){0, 256}, 2, 0);
}

static void test_checks_notice_an_op_too_few(void **state) {
    try_all(*state, (const uint64_t[]){1}, 1, 1);
    try_all(*state, (const uint64_t[]){256, 512, 7}, 3, 1);
}

static void test_checks_notice_an_op_too_many(void **state) {
    try_all(*state, (const uint64_t[]){256, 256}, 2, (uint64_t)-1);
}

/* A need that is met brings a body with it, and one that is not is explained. */
static void test_every_case_has_a_body_or_a_reason(void **state) {
    const struct tsp_registry *registry = *state;
    struct tsp_env env = environment();
    for (size_t i = 0; i < registry->count; ++i) {
        const struct tsp_case *tcase = &registry->cases[i];
        const struct tsp_kernel *kernel = tcase->kernel;
        char reason[TSP_REASON_MAX] = "";
        const char *obstacle = tsp_case_obstacle(tcase, &env, NULL, -1, reason, sizeof reason);
        if ((kernel->needs & ~env.features) == 0) {
            if (kernel->run == NULL && kernel->runs == NULL && kernel->mode != TSP_MODE_FACTS) {
                fail_msg("%s has no body although its needs are met", tcase->id);
            }
        } else if (obstacle == NULL || strlen(obstacle) < 8) {
            fail_msg("%s does not say why it cannot run", tcase->id);
        }
        assert_non_null(kernel->summary);
    }
}

/* Of every family some, by name: a file that is not collected is not missed by any other test. */
static const char *const expected[] = {
    "harness/empty/loop",
    "harness/chain/add",
    "harness/chain/add-twice",
    "harness/chain/mul",
    "syscall/getppid/raw",
    "syscall/getppid/syscall",
    "syscall/getppid/libc",
    "syscall/getppid/checked",
    "syscall/enosys/raw/args=0",
    "syscall/enosys/raw/args=6",
    "syscall/clock_gettime/vdso",
    "syscall/clock_gettime/raw",
    "syscall/futex-wake/raw",
    "syscall/getcpu/vdso",
    "syscall/getcpu/raw",
    "syscall/read/raw/bytes=1",
    "syscall/write/raw/bytes=65536",
    "syscall/sched_yield/raw",
    "syscall/eventfd/round-trip",
    "syscall/pipe/round-trip",
    "syscall/poll/libc",
    "syscall/epoll_wait/libc",
    "syscall/page-fault/first-touch/page=base",
    "syscall/page-fault/after-dontneed/page=huge",
    "syscall/mmap-munmap/touched",
    "syscall/mprotect/round-trip",
    "syscall/signal/tgkill",
    "syscall/setjmp-longjmp/mask",
    "syscall/thread-create/join",
    "syscall/fork-exit/wait",
    "syscall/vfork-exec/wait",
    "syscall/switch/pipe/place=same-cpu",
    "syscall/switch/futex/place=cross-node",
    "syscall/uring-nop/ring/batch=64",
    "syscall/uring-nop/calls/batch=8",
    "syscall/seccomp/number",
    "abi/args-int/direct/n=0",
    "abi/args-int/direct/n=16",
    "abi/struct-arg/value/size=8",
    "abi/struct-arg/pointer/size=128",
    "barrier/fence/seq-cst/pending=64",
    "barrier/fence/dmb-ish/pending=0",
    "barrier/fence/mfence/pending=0",
    "barrier/fence/bcr-14/pending=0",
    "barrier/load/acquire",
    "barrier/store/seq-cst",
    "barrier/rmw-add/lse-seq-cst",
    "barrier/rmw-cas/llsc-acquire",
    "barrier/rmw-swap/amo-acq-rel",
    "align/load/latency/width=2/offset=0",
    "align/load/throughput/width=64/offset=63",
    "align/load/latency-avx512/width=64/offset=page",
    "align/store/throughput/width=2/offset=63",
    "align/store-forward/latency/widths=8-4/store=60/shift=4",
    "align/atomic/lock-xadd/width=8/offset=60",
    "align/copy/memcpy/bytes=4096/from=1/to=63",
    "align/pool-buffer/fill/align=8/bytes=64",
    "layout/fields/wide-last",
    "layout/assign/wide-first/ws=l1",
    "layout/chase/random/ws=dram",
    "insert/bucket-loop/scalar/n=100/pair=u64-u64/keys=random/state=fresh",
    "insert/open-loop/swar/n=1000/pair=u64-u64/keys=sequential/state=sized",
    "insert/putall/scalar/n=1000000/pair=u64-u64/keys=half-duplicate/state=reused",
    "insert/putall/auto/n=100/pair=u64-u64/keys=random/state=fresh",
    "insert/bucket-loop/scalar/n=100000/pair=str-u64/keys=zipf/state=fresh",
    "insert/putall/swar/n=1000/pair=16-16/keys=random/state=reused",
    "insert/copy-floor/pairs/n=10000000",
    "insert/scatter-floor/pairs/n=100",
    "insert/putall/neon/n=10000/pair=u64-u64/keys=random/state=reused",
    "alloc/malloc/steady/size=64/threads=1",
    "alloc/aligned/first-use/size=65536/threads=4",
    "alloc/pool/steady/size=16/threads=2",
    "alloc/arena/first-use/size=4096/threads=1",
    "epoll/burst/edge/connections=16384/maxevents=512",
    "epoll/single/level/connections=1",
    "emulation/add/emulated/isa=armhf",
    "emulation/start-up/native",
    "fill/interleave/bytes/n=64",
    "fill/interleave/copy-floor/n=1048576",
    "fill/interleave/avx512/n=1024",
    "fill/interleave/streaming-stnp/n=16384",
    "fill/store-bandwidth/vx/ws=dram",
    "fill/store-buffer/after-miss/stores=160/ws=llc",
    "equal/blocks/constant-time/bytes=16/diff=first",
    "equal/blocks/memcmp/bytes=65536/diff=none",
    "equal/blocks/rvv/bytes=1024/diff=middle"};

static void test_kernels_are_collected(void **state) {
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; ++i) {
        if (tsp_registry_find(*state, expected[i]) == NULL) {
            fail_msg("%s is not in the catalogue", expected[i]);
        }
    }
}

/* A value that a case reports as a fact. */
static double reported(const struct tsp_registry *registry, const char *id, const char *metric) {
    static struct tsp_round round; /* NOLINT: large for a stack */
    const struct tsp_case *tcase = tsp_registry_find(registry, id);
    assert_non_null(tcase);
    struct tsp_env env = environment();
    struct tsp_bench bench;
    memset(&round, 0, sizeof round);
    tsp_bench_open(&bench, tcase, &env, 1, &round);
    assert_int_equal(tcase->kernel->setup(&bench), 0);
    tsp_bench_close(&bench);
    for (unsigned i = 0; i < round.metric_count; ++i) {
        if (strcmp(round.metrics[i].name, metric) == 0) {
            return round.metrics[i].net;
        }
    }
    fail_msg("%s does not report %s", id, metric);
    return 0;
}

/* Folklore C08 (40 and 32 bytes) is wrong on all six ISAs: 32 and 24. */
static void test_wide_first_saves_a_quarter(void **state) {
    assert_true(reported(*state, "layout/fields/wide-last", "size") == 32);
    assert_true(reported(*state, "layout/fields/wide-last", "padding") == 11);
    assert_true(reported(*state, "layout/fields/wide-last", "offset:f64") == 24);
    assert_true(reported(*state, "layout/fields/wide-first", "size") == 24);
    assert_true(reported(*state, "layout/fields/wide-first", "padding") == 3);
    assert_true(reported(*state, "layout/fields/wide-first", "offset:u8") == 20);
}

/* kernels.md: over offsets 0 … 63, exactly width - 1 of 64 accesses cross a 64-byte line; an op that is made of several pieces has that
 * of each piece. */
static void width_less_one_offsets_cross(const struct tsp_registry *registry, const char *kernel) {
    for (unsigned width = 2; width <= 64; width *= 2) {
        unsigned crossings = 0;
        double split = 0;
        double pieces = 0;
        for (unsigned offset = 0; offset < 64; ++offset) {
            char id[TSP_ID_MAX];
            (void)snprintf(id, sizeof id, "align/%s/latency/width=%u/offset=%u", kernel, width, offset);
            crossings += reported(registry, id, "lines") > 1;
            split += reported(registry, id, "split-pieces");
            pieces = reported(registry, id, "pieces");
        }
        assert_int_equal(crossings, width - 1);
        assert_true(pieces == 1 || width > sizeof(void *));
        assert_true(split == pieces * (width / pieces - 1));
    }
}

static void test_width_less_one_offsets_cross_a_line(void **state) {
    width_less_one_offsets_cross(*state, "load");
    width_less_one_offsets_cross(*state, "store");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels_are_collected),
        cmocka_unit_test(test_every_case_has_a_body_or_a_reason),
        cmocka_unit_test(test_single_ops),
        cmocka_unit_test(test_batches_of_any_size),
        cmocka_unit_test(test_no_op_at_all),
        cmocka_unit_test(test_checks_notice_an_op_too_few),
        cmocka_unit_test(test_checks_notice_an_op_too_many),
        cmocka_unit_test(test_wide_first_saves_a_quarter),
        cmocka_unit_test(test_width_less_one_offsets_cross_a_line),
    };
    return cmocka_run_group_tests_name("kernels", tests, open_registry, close_registry);
}
