/* Workloads out of YAML: what is written is what is read, and every mistake has its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "transept/workload.h"

#define HEAD "name: a\nabout: b\nthreads: 2\nduration: 1s\n"
#define KEYS "keys: {count: 10, distribution: uniform}\n"

static int parse(struct tsp_workload *workload, const char *yaml, struct tsp_error *error) {
    memset(error, 0, sizeof *error);
    return tsp_workload_parse(workload, yaml, strlen(yaml), "w.yaml", error);
}

static void every_key_arrives(void **unused) {
    (void)unused;
    struct tsp_workload workload;
    struct tsp_error error;
    char text[64];
    const char *yaml = HEAD
        "warmup: 20ms\nweights: {get: 95, put: 4, remove: 1}\nkeys: {count: 1000, distribution: zipf, exponent: 1.2}\n"
        "value: 1KiB\npreload: half\nshards: 8\nrate: 5000\nspin: 50us\nseed: 7\n";
    if (parse(&workload, yaml, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_string_equal(workload.name, "a");
    assert_true(workload.threads == 2 && workload.duration_ms == 1000 && workload.warmup_ms == 20);
    assert_true(workload.cycle == NULL && workload.weights[TSP_GET] == 95 && workload.weights[TSP_PUT] == 4 &&
                workload.weights[TSP_REMOVE] == 1);
    assert_true(workload.keys == 1000 && workload.distribution == TSP_KEYS_ZIPF && workload.exponent == 1.2);
    assert_true(workload.value_bytes == 1024 && workload.preload == TSP_PRELOAD_HALF && workload.shards == 8);
    assert_true(workload.rate == 5000 && workload.spin_ms == 0.05 && workload.seed == 7);
    assert_string_equal(tsp_workload_mix_text(&workload, text, sizeof text), "95 get, 4 put, 1 remove");
    assert_string_equal(tsp_workload_keys_text(&workload, text, sizeof text), "zipf 1.2");
    tsp_workload_free(&workload);
}

static void what_is_left_out_has_its_default(void **unused) {
    (void)unused;
    struct tsp_workload workload;
    struct tsp_error error;
    char text[64];
    assert_int_equal(parse(&workload, HEAD KEYS "mix: [get, put, get]\n", &error), 0);
    assert_true(workload.warmup_ms == 1000 && workload.value_bytes == 64 && workload.shards == 64);
    assert_true(workload.preload == TSP_PRELOAD_ALL && workload.rate == 0 && workload.seed == 1);
    assert_true(workload.cycle_count == 3 && workload.cycle[1] == TSP_PUT);
    assert_true(workload.weights[TSP_GET] == 2 && workload.weights[TSP_PUT] == 1);
    assert_string_equal(tsp_workload_mix_text(&workload, text, sizeof text), "get put get");
    tsp_workload_free(&workload);
}

static void mistakes_have_their_place(void **unused) {
    (void)unused;
    static const struct {
        const char *yaml;
        const char *said;
    } mistakes[] = {
        {"about: b\n", "w.yaml:1:1: 'name' is missing; add it"},
        {HEAD KEYS, "w.yaml:1:1: neither 'mix' nor 'weights'; add mix: [get, put]"},
        {HEAD KEYS "mix: [get, got]\n", "w.yaml:6:12: 'mix': 'got' is none of get, put, remove"},
        {HEAD KEYS "mix: []\n", "w.yaml:6:6: 'mix' has 1 to 1000 entries; else use 'weights'"},
        {HEAD KEYS "mix: get\n",
         "w.yaml:6:6: 'mix' is a single value; write a list: one '- …' a line, or [a, b]"},
        {HEAD KEYS "mix: [get]\nweights: {get: 1}\n",
         "w.yaml:7:10: 'weights' beside 'mix'; keep one: mix is an order, weights are shares"},
        {HEAD KEYS "weights: {}\n", "w.yaml:6:10: 'weights' is empty; write get: 3, say"},
        {HEAD KEYS "weights: {get: 0}\n", "w.yaml:6:16: 'get': '0' is not a whole number from 1 to 1000000"},
        {HEAD KEYS "weights: {gte: 1}\n", "w.yaml:6:11: unknown key 'gte'; did you mean 'get'?"},
        {"name: a\nabout: b\nthreads: 2000\n",
         "w.yaml:3:10: 'threads': '2000' is not a whole number from 1 to 1024"},
        {"name: a\nabout: b\nduration: 30\n",
         "w.yaml:3:11: 'duration': '30' is not a time: write a number and ns, us, ms, s or min, as in 50ms"},
        {HEAD "mix: [get]\nkeys: {count: 10}\n", "w.yaml:6:7: 'distribution' is missing; add it"},
        {HEAD "mix: [get]\nkeys: {count: 10, distribution: gauss}\n",
         "w.yaml:6:33: 'distribution' is none of uniform, sequential, zipf"},
        {HEAD "mix: [get]\nkeys: {count: 10, distribution: zipf}\n",
         "w.yaml:6:7: zipf without 'exponent'; add exponent: 0.99"},
        {HEAD "mix: [get]\nkeys: {count: 10, distribution: uniform, exponent: 1}\n",
         "w.yaml:6:52: 'exponent' goes with distribution: zipf only; take it out"},
        {HEAD "mix: [get]\nkeys: {count: 10, distribution: zipf, exponent: -1}\n",
         "w.yaml:6:49: 'exponent': '-1' is no number over 0 and up to 10"},
        {HEAD KEYS "mix: [get]\nvalue: 8B\n",
         "w.yaml:7:8: 'value' is 16B to 64KiB: key and writer are kept in it, for the check"},
        {HEAD KEYS "mix: [get]\nvalue: 1MiB\n",
         "w.yaml:7:8: 'value' is 16B to 64KiB: key and writer are kept in it, for the check"},
        {HEAD KEYS "mix: [get]\nspin: 1us\n",
         "w.yaml:7:7: 'spin' goes with a rate: a closed loop waits for nothing; add rate or take it out"},
        {HEAD KEYS "mix: [get]\nthread: 1\n", "w.yaml:7:1: unknown key 'thread'; did you mean 'threads'?"},
        {HEAD KEYS "mix: [get]\nseed: 1\nseed: 2\n", "w.yaml:8:1: 'seed' is there twice; keep one of them"},
        {HEAD KEYS "mix: [get\n",
         "w.yaml:7:1: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence; mend that line or the one before it"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; ++i) {
        struct tsp_workload workload;
        struct tsp_error error;
        assert_int_equal(parse(&workload, mistakes[i].yaml, &error), -1);
        assert_string_equal(error.text, mistakes[i].said);
    }
}

static void shipped_ones_are_found_by_name(void **unused) {
    (void)unused;
    struct tsp_workload workload;
    struct tsp_error error;
    size_t count = 0;
    for (; tsp_workload_name(count) != NULL; ++count) {
        if (tsp_workload_load(&workload, tsp_workload_name(count), &error) != 0) {
            fail_msg("%s", error.text);
        }
        assert_string_equal(workload.name, tsp_workload_name(count));
        tsp_workload_free(&workload);
    }
    assert_true(count >= 2);
    char mix[64];
    assert_int_equal(tsp_workload_load(&workload, "read-heavy", &error), 0);
    assert_int_equal(workload.threads, 64);
    assert_string_equal(tsp_workload_mix_text(&workload, mix, sizeof mix), "get get get put");
    tsp_workload_free(&workload);
    assert_int_equal(tsp_workload_load(&workload, "write-skewed", &error), 0);
    assert_int_equal(workload.threads, 128);
    assert_string_equal(tsp_workload_mix_text(&workload, mix, sizeof mix), "put put get");
    assert_int_equal(workload.distribution, TSP_KEYS_ZIPF);
    tsp_workload_free(&workload);
}

static void what_is_not_there_is_told(void **unused) {
    (void)unused;
    struct tsp_workload workload;
    struct tsp_error error;
    assert_int_equal(tsp_workload_load(&workload, "read-havy", &error), -1);
    assert_string_equal(
        error.text,
        "no workload is called 'read-havy'; there are read-heavy, write-skewed, or give the path of a YAML file");
    assert_int_equal(tsp_workload_load(&workload, "/nowhere/w.yaml", &error), -1);
    assert_string_equal(error.text,
                        "workload /nowhere/w.yaml: No such file or directory; give a readable YAML file");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives),         cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(mistakes_have_their_place), cmocka_unit_test(shipped_ones_are_found_by_name),
        cmocka_unit_test(what_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
