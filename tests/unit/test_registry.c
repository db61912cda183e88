/* Kernels into cases: ids, axes, and every way a registration can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "registry/axis.h"
#include "transept/registry.h"

static void body(void *state, uint64_t ops) {
    (void)state;
    TSP_REPEAT(ops, __asm__ volatile(""));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    (void)bench;
    (void)ops;
    return 0;
}

TSP_KERNEL(.family = "linked", .kernel = "here", .variant = "first", .run = body, .check = check);
TSP_KERNEL(.family = "linked", .kernel = "here", .variant = "b", .run = body, .check = check);
TSP_KERNEL(.family = "linked", .kernel = "here", .variant = "a", .run = body, .check = check);

static const struct tsp_kernel plain = {
    .family = "b", .kernel = "k", .variant = "v", .run = body, .check = check, .source = "b.c"};
static const struct tsp_kernel axes = {.family = "a",
                                       .kernel = "k",
                                       .variant = "v",
                                       .run = body,
                                       .check = check,
                                       .source = "a.c",
                                       .params = {{"n", "0..2,16"}, {"ws", "l1,dram"}}};

static struct tsp_registry build(const struct tsp_kernel *const *kernels, size_t count) {
    struct tsp_registry registry;
    struct tsp_error error = {{0}};
    assert_int_equal(tsp_registry_build(&registry, kernels, count, &error), 0);
    return registry;
}

static void refuse(const struct tsp_kernel *kernel, const char *words) {
    struct tsp_registry registry;
    struct tsp_error error = {{0}};
    assert_int_equal(tsp_registry_build(&registry, &kernel, 1, &error), -1);
    assert_non_null(strstr(error.text, words));
    assert_non_null(strstr(error.text, "b.c")); /* it names the file */
    assert_int_equal(registry.count, 0);
}

static void the_linker_collects_kernels(void **unused) {
    (void)unused;
    const struct tsp_kernel *const *kernels = NULL;
    assert_int_equal(tsp_registry_linked(&kernels), 3);
    assert_string_equal(kernels[0]->family, "linked");
    assert_non_null(strstr(kernels[0]->source, "test_registry.c"));
    struct tsp_registry registry = build(kernels, 3);
    assert_string_equal(registry.cases[0].id, "linked/here/first"); /* as they stand in the file */
    assert_string_equal(registry.cases[1].id, "linked/here/b");
    assert_string_equal(registry.cases[2].id, "linked/here/a");
    tsp_registry_free(&registry);
}

static void cases_are_all_combinations_last_axis_fastest(void **unused) {
    (void)unused;
    const struct tsp_kernel *kernels[] = {&plain, &axes};
    struct tsp_registry registry = build(kernels, 2);
    const char *expected[] = {"a/k/v/n=0/ws=l1",   "a/k/v/n=0/ws=dram",  "a/k/v/n=1/ws=l1",
                              "a/k/v/n=1/ws=dram", "a/k/v/n=2/ws=l1",    "a/k/v/n=2/ws=dram",
                              "a/k/v/n=16/ws=l1",  "a/k/v/n=16/ws=dram", "b/k/v"};
    assert_int_equal(registry.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < registry.count; ++i) {
        assert_string_equal(registry.cases[i].id, expected[i]);
    }
    const struct tsp_case *last = tsp_registry_find(&registry, "a/k/v/n=16/ws=dram");
    assert_non_null(last);
    assert_int_equal(last->values[0].number, 16);
    assert_int_equal(last->values[0].index, 3);
    assert_string_equal(last->values[1].text, "dram");
    assert_null(tsp_registry_find(&registry, "a/k/v/n=3/ws=l1"));
    tsp_registry_free(&registry);
}

static void an_empty_registry_is_no_error(void **unused) {
    (void)unused;
    struct tsp_registry registry = build(NULL, 0);
    assert_int_equal(registry.count, 0);
    tsp_registry_free(&registry);
}

static void wrong_kernels_are_refused_with_their_file(void **unused) {
    (void)unused;
    struct tsp_kernel kernel = plain;
    kernel.family = NULL;
    refuse(&kernel, ".family");
    kernel = plain;
    kernel.variant = "has space";
    refuse(&kernel, ".variant");
    kernel = plain;
    kernel.check = NULL;
    refuse(&kernel, ".check");
    kernel = plain;
    kernel.run = NULL;
    refuse(&kernel, ".run");
    kernel = plain;
    kernel.runs = (tsp_body *const[]){body};
    refuse(&kernel, "parameter");
    kernel = plain;
    kernel.params[0] = (struct tsp_param){"n", "3..1"};
    refuse(&kernel, "3..1");
    kernel.params[0] = (struct tsp_param){"n", "1,,2"};
    refuse(&kernel, "'n'");
    kernel.params[0] = (struct tsp_param){"n", "0..1000"};
    refuse(&kernel, "128");
    kernel.params[0] = (struct tsp_param){"n/x", "1"};
    refuse(&kernel, "n/x");
    kernel.params[0] = (struct tsp_param){"n", "a/b"};
    refuse(&kernel, "a/b");
}

static void facts_need_no_hot_function(void **unused) {
    (void)unused;
    struct tsp_kernel kernel = plain;
    kernel.run = NULL;
    kernel.mode = TSP_MODE_FACTS;
    const struct tsp_kernel *kernels[] = {&kernel};
    struct tsp_registry registry = build(kernels, 1);
    assert_int_equal(registry.count, 1);
    tsp_registry_free(&registry);
}

static void two_cases_of_one_name_are_refused(void **unused) {
    (void)unused;
    struct tsp_kernel twin = plain;
    twin.source = "twin.c";
    const struct tsp_kernel *kernels[] = {&plain, &axes, &twin};
    struct tsp_registry registry;
    struct tsp_error error = {{0}};
    assert_int_equal(tsp_registry_build(&registry, kernels, 3, &error), -1);
    assert_non_null(strstr(error.text, "twin.c"));
    assert_non_null(strstr(error.text, "b/k/v"));
}

static void errors_stay_one_line(void **unused) {
    (void)unused;
    struct tsp_error error = {{0}};
    assert_int_equal(tsp_error_set(&error, "a\nb %d", 7), -1);
    assert_string_equal(error.text, "a b 7");
    assert_int_equal(tsp_error_prefix(&error, "file %s", "x.yaml"), -1);
    assert_string_equal(error.text, "file x.yaml: a b 7");
    assert_int_equal(tsp_error_set(NULL, "nobody listens"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_linker_collects_kernels),
        cmocka_unit_test(cases_are_all_combinations_last_axis_fastest),
        cmocka_unit_test(an_empty_registry_is_no_error),
        cmocka_unit_test(wrong_kernels_are_refused_with_their_file),
        cmocka_unit_test(facts_need_no_hot_function),
        cmocka_unit_test(two_cases_of_one_name_are_refused),
        cmocka_unit_test(errors_stay_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
