/* The emulation family: why a case cannot run here, what its checks see, and that an emulator's version is in the record. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "emulation/protocol.h"
#include "measure/bench.h"
#include "transept/machine.h"
#include "transept/registry.h"

#define EMULATED "emulation/start-up/emulated/isa="

/* An ISA that is not this one, and what runs its programs. */
#ifdef TSP_ISA_ARM64
#define FOREIGN  "riscv64"
#define EMULATOR "qemu-riscv64"
#else
#define FOREIGN  "arm64"
#define EMULATOR "qemu-aarch64"
#endif

struct scene {
    struct tsp_registry registry;
    char folder[64];
    char *path; /* as it was */
};

static int open_scene(void **state) {
    static struct scene scene; /* NOLINT: one for all tests, given to them by cmocka */
    const struct tsp_kernel *const *kernels = NULL;
    struct tsp_error error;
    size_t count = tsp_registry_linked(&kernels);
    (void)snprintf(scene.folder, sizeof scene.folder, "/tmp/transept-emulation.XXXXXX");
    const char *path = getenv("PATH");
    scene.path = strdup(path != NULL ? path : "/bin:/usr/bin");
    *state = &scene;
    return mkdtemp(scene.folder) == NULL || scene.path == NULL ||
           tsp_registry_build(&scene.registry, kernels, count, &error) != 0;
}

static int close_scene(void **state) {
    struct scene *scene = *state;
    char command[128];
    (void)setenv("PATH", scene->path, 1);
    free(scene->path);
    tsp_registry_free(&scene->registry);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT: a folder of our own */
}

/* A script in the scene's folder. */
static void write_script(const struct scene *scene, const char *name, const char *text) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", scene->folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static void make_folder(const struct scene *scene, const char *name) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", scene->folder, name);
    assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
}

static void open_case(const struct scene *scene, const char *id, struct tsp_bench *bench,
                      struct tsp_round *round) {
    static const struct tsp_env env = {.line_bytes = 64, .page_bytes = 4096};
    const struct tsp_case *tcase = tsp_registry_find(&scene->registry, id);
    assert_non_null(tcase);
    memset(round, 0, sizeof *round);
    tsp_bench_open(bench, tcase, &env, 1, round);
}

static const char *unfit(const struct scene *scene, const char *id) {
    struct tsp_round round;
    struct tsp_bench bench;
    open_case(scene, id, &bench, &round);
    return bench.kernel->unfit(&bench); // cppcheck-suppress returnDanglingLifetime ; static text
}

static void what_is_missing_is_said_with_its_remedy(void **state) {
    const struct scene *scene = *state;
    (void)setenv("PATH", scene->folder, 1);
    (void)setenv("TRANSEPT_BUILDS", scene->folder, 1);
    const char *reason = unfit(scene, EMULATED FOREIGN);
    assert_string_equal(reason, "there is no " EMULATOR " in PATH: install the package qemu-user");
    write_script(scene, EMULATOR, "exit 3");
    reason = unfit(scene, EMULATED FOREIGN);
    assert_non_null(reason);
    assert_non_null(strstr(reason, "build it by make build ARCH=" FOREIGN));
    make_folder(scene, FOREIGN);
    make_folder(scene, FOREIGN "/kernels");
    write_script(scene, FOREIGN "/kernels/transept-program", "exit 42");
    assert_null(unfit(scene, EMULATED FOREIGN));
}

/* After the test above: emulator and program are there. */
static void an_emulator_that_does_not_work_is_said(void **state) {
    const struct scene *scene = *state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_bench bench;
    write_script(scene, EMULATOR, "exit 3");
    open_case(scene, EMULATED FOREIGN, &bench, &round);
    assert_int_equal(bench.kernel->setup(&bench), 1);
    assert_non_null(strstr(round.reason, EMULATOR " does not run its program: it ended with 3, not 42"));
    tsp_bench_close(&bench);
}

static void an_emulators_version_is_told(void **state) {
    const struct scene *scene = *state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_bench bench;
    write_script(scene, EMULATOR,
                 "[ \"$1\" = --version ] && echo '" EMULATOR " version 9.12.3 (x)' && exit\nexec \"$1\"");
    open_case(scene, EMULATED FOREIGN, &bench, &round);
    assert_int_equal(bench.kernel->setup(&bench), 0);
    assert_string_equal(round.metrics[0].name, "emulator");
    assert_true(round.metrics[0].net > 9.119 && round.metrics[0].net < 9.121);
    bench.kernel->run(bench.state, 2);
    assert_int_equal(bench.kernel->check(&bench, 2), 0);
    write_script(scene, FOREIGN "/kernels/transept-program", "exit 41"); /* another end than its own */
    bench.kernel->run(bench.state, 1);
    assert_int_equal(bench.kernel->check(&bench, 3), -1);
    assert_string_equal(round.reason, "2 of 3 programs ended as they should");
    bench.kernel->teardown(&bench);
    tsp_bench_close(&bench);
}

static void the_program_counts_what_it_calls(void **state) {
    const struct scene *scene = *state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_bench bench;
    open_case(scene, "emulation/add/native", &bench, &round);
    if (bench.kernel->setup(&bench) != 0) { /* an emulator starts no programs of its guest's ISA */
        assert_true(strlen(round.reason) > 8);
        tsp_bench_close(&bench);
        skip();
    }
    bench.kernel->run(bench.state, 16);
    bench.kernel->reference(bench.state, 16);
    bench.kernel->run(bench.state, 256);
    assert_int_equal(bench.kernel->check(&bench, 272), 0);
    assert_int_equal(bench.kernel->check(&bench, 271), -1);
    bench.kernel->teardown(&bench);
    tsp_bench_close(&bench);
}

/* After the tests above: what is started there ends at once. */
static void a_program_that_ends_early_is_seen(void **state) {
    const struct scene *scene = *state;
    static struct tsp_round round; /* NOLINT: large for a stack */
    struct tsp_bench bench;
    write_script(scene, FOREIGN "/kernels/transept-program", "exit 42");
    open_case(scene, "emulation/add/emulated/isa=" FOREIGN, &bench, &round);
    assert_int_equal(bench.kernel->setup(&bench), 0);
    bench.kernel->run(bench.state, 1);
    assert_int_equal(bench.kernel->check(&bench, 1), -1);
    assert_string_equal(round.reason, "the program ended before it was told to");
    bench.kernel->teardown(&bench);
    tsp_bench_close(&bench);
}

static void numbers_are_the_same_for_every_isa(void **state) {
    (void)state;
    unsigned char bytes[8];
    tsp_program_put(bytes, UINT64_C(0x0102030405060708));
    assert_int_equal(bytes[0], 8);
    assert_int_equal(bytes[7], 1);
    assert_true(tsp_program_get(bytes) == UINT64_C(0x0102030405060708));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_said_with_its_remedy),
        cmocka_unit_test(an_emulator_that_does_not_work_is_said),
        cmocka_unit_test(an_emulators_version_is_told),
        cmocka_unit_test(the_program_counts_what_it_calls),
        cmocka_unit_test(a_program_that_ends_early_is_seen),
        cmocka_unit_test(numbers_are_the_same_for_every_isa),
    };
    return cmocka_run_group_tests_name("emulation", tests, open_scene, close_scene);
}
