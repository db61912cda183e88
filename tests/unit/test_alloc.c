/* The alloc family: that its checks see blocks that overlap, that are not aligned and that were not given, and that first use is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc/cases.h"
#include "machine/emulator.h"
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

/* A case that has been set up, and what it says. */
struct scene {
    const struct tsp_case *tcase;
    struct tsp_env env;
    struct tsp_bench bench;
    struct tsp_round round;
    struct tsp_alloc_case *alloc;
};

static struct scene *open_case(const struct tsp_registry *registry, const char *id) {
    static struct scene scene; /* NOLINT: large for a stack */
    memset(&scene, 0, sizeof scene);
    scene.tcase = tsp_registry_find(registry, id);
    assert_non_null(scene.tcase);
    scene.env = (struct tsp_env){.line_bytes = 64, .page_bytes = (size_t)sysconf(_SC_PAGESIZE)};
    tsp_bench_open(&scene.bench, scene.tcase, &scene.env, 1, &scene.round);
    assert_int_equal(scene.tcase->kernel->setup(&scene.bench), 0);
    scene.alloc = scene.bench.state;
    return &scene;
}

static void close_case(struct scene *scene) {
    scene->tcase->kernel->teardown(&scene->bench);
    tsp_bench_close(&scene->bench);
}

static void run(struct scene *scene, uint64_t ops) {
    scene->tcase->kernel->run(scene->bench.state, ops);
}

/* The check fails and says so; then nothing is given back of a store that is no longer sound. */
static void assert_seen(struct scene *scene, uint64_t ops, const char *words) {
    assert_int_equal(scene->tcase->kernel->check(&scene->bench, ops), -1);
    if (strstr(scene->round.reason, words) == NULL) {
        fail_msg("'%s' does not say '%s'", scene->round.reason, words);
    }
    for (unsigned t = 0; t < scene->alloc->threads && scene->alloc->kind->capacity != 0; ++t) {
        scene->alloc->workers[t].held = 0;
    }
    close_case(scene);
}

static void a_block_given_twice_is_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/pool/steady/size=256/threads=1");
    run(scene, 100);
    scene->alloc->workers[0].store.free = scene->alloc->workers[0].blocks[90 % TSP_ALLOC_LIVE];
    scene->alloc->workers[0].blocks[100 % TSP_ALLOC_LIVE] =
        scene->alloc->workers[0].blocks[101 % TSP_ALLOC_LIVE];
    run(scene, TSP_ALLOC_LIVE);
    assert_seen(scene, 100 + TSP_ALLOC_LIVE, "lay over one another");
}

static void blocks_that_overlap_are_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/arena/steady/size=256/threads=1");
    scene->alloc->workers[0].stride = 240;
    run(scene, 1);
    scene->alloc->workers[0].stride = 320;
    scene->alloc->workers[0].store.end = NULL; /* never begun anew */
    run(scene, 1);
    assert_seen(scene, 2, "two living blocks of 256 bytes lie 240 apart");
}

static void blocks_that_lie_within_others_are_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/malloc/steady/size=4096/threads=1");
    unsigned char **blocks = scene->alloc->workers[0].blocks;
    unsigned char *kept = blocks[3];
    blocks[3] = blocks[4] + 2048;
    tsp_alloc_mark(&scene->alloc->workers[0], blocks[3], 3);
    tsp_alloc_mark(&scene->alloc->workers[0], blocks[4], 4);
    assert_int_equal(scene->tcase->kernel->check(&scene->bench, 0), -1);
    assert_string_equal(scene->round.reason, "two living blocks of 4096 bytes lie 2048 apart");
    blocks[3] = kept;
    close_case(scene);
}

static void what_is_not_aligned_is_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/malloc/steady/size=64/threads=1");
    scene->alloc->workers[0].below = 4095;
    run(scene, TSP_ALLOC_LIVE);
    assert_seen(scene, TSP_ALLOC_LIVE, "not aligned to 4096 bytes");
}

static void what_is_not_given_is_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/pool/first-use/size=64/threads=1");
    scene->tcase->kernel->before(&scene->bench);
    scene->alloc->workers[0].store.end = scene->alloc->workers[0].store.next;
    run(scene, 1);
    assert_seen(scene, 1, "64 blocks of 64 bytes were not given to thread 0");
}

/* Every thread has its part of each op. */
static void an_op_left_out_by_a_thread_is_seen(void **state) {
    struct scene *scene = open_case(*state, "alloc/malloc/steady/size=64/threads=4");
    assert_int_equal(scene->bench.items, 4);
    run(scene, 10);
    assert_int_equal(scene->tcase->kernel->check(&scene->bench, 10), 0);
    scene->alloc->workers[2].taken -= 1;
    scene->alloc->workers[2].held -= 1;
    assert_int_equal(scene->tcase->kernel->check(&scene->bench, 10), -1);
    scene->alloc->workers[2].taken += 1;
    scene->alloc->workers[2].held += 1;
    close_case(scene);
}

static double faults_of(const struct tsp_registry *registry, const char *id, unsigned ops) {
    struct scene *scene = open_case(registry, id);
    double faults = -1;
    for (unsigned i = 0; i < ops; ++i) {
        scene->tcase->kernel->before(&scene->bench);
        run(scene, 1);
        assert_true(scene->alloc->workers[0].held <= scene->alloc->most);
    }
    assert_int_equal(scene->tcase->kernel->check(&scene->bench, ops), 0);
    for (unsigned i = 0; i < scene->round.metric_count; ++i) {
        if (strcmp(scene->round.metrics[i].name, "faults") == 0) {
            faults = scene->round.metrics[i].net;
        }
    }
    close_case(scene);
    return faults;
}

/* A sanitizer's malloc keeps what is freed, and QEMU's user mode the pages below a break that is lowered. */
static bool heap_is_given_back(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    struct tsp_executor executor;
    tsp_executor_detect(&executor);
    return !executor.emulated;
#endif
}

/* Through several times as much as a case may hold: what comes after it was given back has no pages again. */
static void first_use_brings_page_faults(void **state) {
    if (sysconf(_SC_PAGESIZE) != 4096) {
        skip();
    }
    assert_true(faults_of(*state, "alloc/arena/first-use/size=4096/threads=1", 200) >= 0.9);
    assert_true(faults_of(*state, "alloc/pool/first-use/size=65536/threads=1", 20) >= 0.9);
    if (heap_is_given_back()) {
        assert_true(faults_of(*state, "alloc/malloc/first-use/size=4096/threads=1", 200) >= 0.9);
        assert_true(faults_of(*state, "alloc/aligned/first-use/size=65536/threads=1", 20) >= 0.9);
    }
    assert_true(faults_of(*state, "alloc/arena/first-use/size=16/threads=1", 200) < 0.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_given_twice_is_seen),
        cmocka_unit_test(blocks_that_overlap_are_seen),
        cmocka_unit_test(blocks_that_lie_within_others_are_seen),
        cmocka_unit_test(what_is_not_aligned_is_seen),
        cmocka_unit_test(what_is_not_given_is_seen),
        cmocka_unit_test(an_op_left_out_by_a_thread_is_seen),
        cmocka_unit_test(first_use_brings_page_faults),
    };
    return cmocka_run_group_tests_name("alloc", tests, open_registry, close_registry);
}
