/* Suites: what is written is what is read, and what is wrong is named with line and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "transept/plan.h"

static int parse(struct tsp_suite *suite, const char *yaml, struct tsp_error *error) {
    memset(error, 0, sizeof *error);
    return tsp_suite_parse(suite, yaml, strlen(yaml), "my.yaml", error);
}

static void every_key_arrives(void **unused) {
    (void)unused;
    struct tsp_suite suite;
    struct tsp_error error;
    const char *yaml =
        "name: mine\nabout: Two families\nrounds: 7\ntime: 1.5s\nwarmup: 30ms\n"
        "limits: {time: 1min, memory: 64MiB, files: 99}\ncases: [syscall, 'abi/*']\nexclude:\n- '*/n=3'\n";
    assert_int_equal(parse(&suite, yaml, &error), 0);
    assert_string_equal(suite.name, "mine");
    assert_string_equal(suite.about, "Two families");
    assert_int_equal(suite.rounds, 7);
    assert_true(suite.profile.time_ms == 1500 && suite.profile.warmup_ms == 30 &&
                suite.profile.limit_ms == 60000);
    assert_int_equal(suite.profile.memory_bytes, 64 << 20);
    assert_int_equal(suite.profile.files, 99);
    assert_int_equal(suite.cases.count, 2);
    assert_string_equal(suite.cases.items[1], "abi/*");
    assert_int_equal(suite.exclude.count, 1);
    assert_string_equal(suite.exclude.items[0], "*/n=3");
    tsp_suite_free(&suite);
}

static void what_is_left_out_has_a_default(void **unused) {
    (void)unused;
    struct tsp_suite suite;
    struct tsp_error error;
    assert_int_equal(parse(&suite, "name: a\nabout: b\ncases: [c]\n", &error), 0);
    assert_true(suite.rounds > 0 && suite.profile.time_ms > 0 && suite.profile.warmup_ms > 0);
    assert_true(suite.profile.limit_ms > suite.profile.time_ms && suite.profile.memory_bytes > 0 &&
                suite.profile.files > 0);
    assert_int_equal(suite.exclude.count, 0);
    tsp_suite_free(&suite);
}

struct mistake {
    const char *yaml;
    const char *place; /* how the error begins */
    const char *hint;  /* and what it says */
};

static void an_emulator_gets_a_shorter_suite(void **unused) {
    (void)unused;
    struct tsp_suite suite = {.rounds = 7, .profile = {.time_ms = 100, .warmup_ms = 2, .limit_ms = 5000}};
    tsp_suite_shorten(&suite);
    assert_int_equal(suite.rounds, 3);
    assert_true(suite.profile.time_ms == 10 && suite.profile.warmup_ms == 2 &&
                suite.profile.limit_ms == 5000); /* never longer, and no case is cut off earlier */
}

static void mistakes_are_named_with_their_place(void **unused) {
    (void)unused;
    static const struct mistake mistakes[] = {
        {"", "my.yaml:1:1: ", "empty"},
        {"- a\n", "my.yaml:1:1: ", "key: value"},
        {"name: a\nabout: b\nrouds: 3\ncases: [c]\n", "my.yaml:3:1: ", "did you mean 'rounds'"},
        {"name: a\nabout: b\nxyzzy: 3\ncases: [c]\n", "my.yaml:3:1: ", "name, about, rounds"},
        {"name: a\nabout: b\nrounds: many\ncases: [c]\n", "my.yaml:3:9: ", "'rounds': 'many'"},
        {"name: a\nabout: b\nrounds: 0\ncases: [c]\n", "my.yaml:3:9: ", "from 1 to 10000"},
        {"name: a\nabout: b\nrounds: [3]\ncases: [c]\n", "my.yaml:3:9: ", "'rounds' is a list"},
        {"name: a\nabout: b\nrounds:\ncases: [c]\n", "my.yaml:3:8: ", "whole number"},
        {"name: a\nabout: b\ntime: 50\ncases: [c]\n", "my.yaml:3:7: ", "as in 50ms"},
        {"name: a\nabout: b\nlimits:\n  memory: 1G\ncases: [c]\n", "my.yaml:4:11: ", "as in 1GiB"},
        {"name: a\nabout: b\nlimits: {tiem: 1s}\ncases: [c]\n", "my.yaml:3:10: ", "did you mean 'time'"},
        {"name: a\nabout: b\nlimits: 3\ncases: [c]\n", "my.yaml:3:9: ", "'limits' is a single value"},
        {"name: a\nabout: b\n", "my.yaml:1:1: ", "'cases' is missing"},
        {"name: a\nabout: b\ncases: c\n", "my.yaml:3:8: ", "'cases' is a single value"},
        {"name: a\nabout: b\ncases: []\n", "my.yaml:3:8: ", "'cases' is empty"},
        {"name: a\nabout: b\ncases: [c, [d]]\n", "my.yaml:3:12: ", "'cases' is a list"},
        {"name: a\nabout: b\ncases: [c, '']\n", "my.yaml:3:12: ", "'cases' is empty"},
        {"name: a\nname: b\nabout: b\ncases: [c]\n", "my.yaml:2:1: ", "twice"},
        {"name: a\nabout: b\ncases: [c\nexclude: [d]\n", "my.yaml:4:", "not valid YAML"},
        {"name: a\n\tabout: b\n", "my.yaml:2:1: ", "not valid YAML"},
        {"name: a\nabout: *b\ncases: [c]\n", "my.yaml:2:8: ", "undefined alias"},
        {"name: a\nabout: \xff\ncases: [c]\n", "my.yaml:2:8: ", "not valid YAML"},
        {"name: a\nabout: b\ncases: [c]\n---\nname: d\n", "my.yaml:4:1: ", "second document"},
        {"name: a\nabout: b\ntime: 2s\nlimits: {time: 1s}\ncases: [c]\n", "my.yaml:4:16: ", "limits.time"},
        {"name: a\nabout: b\ntime: 30s\ncases: [c]\n", "my.yaml:3:7: ", "limits.time"},
        {"name: a\nabout: b\nwarmup: 30s\ncases: [c]\n", "my.yaml:3:9: ", "limits.time"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; ++i) {
        struct tsp_suite suite;
        struct tsp_error error;
        if (parse(&suite, mistakes[i].yaml, &error) == 0) {
            fail_msg("taken for a suite:\n%s", mistakes[i].yaml);
        }
        if (strncmp(error.text, mistakes[i].place, strlen(mistakes[i].place)) != 0 ||
            strstr(error.text, mistakes[i].hint) == NULL || strchr(error.text, '\n') != NULL) {
            fail_msg("wanted \"%s…%s\", got \"%s\"", mistakes[i].place, mistakes[i].hint, error.text);
        }
    }
}

/* 100,000 levels would take libyaml minutes. */
static void what_is_too_deep_is_told_at_once(void **unused) {
    (void)unused;
    enum { LEVELS = 100000 };
    static char yaml[LEVELS + 1];
    struct tsp_suite suite;
    struct tsp_error error;
    memset(yaml, '[', LEVELS);
    assert_int_equal(parse(&suite, yaml, &error), -1);
    assert_string_equal(error.text, "my.yaml:1:17: more than 16 levels deep; nothing here is");
}

static void built_in_suites_load_under_their_names(void **unused) {
    (void)unused;
    bool has_default = false;
    for (size_t i = 0; tsp_suite_name(i) != NULL; ++i) {
        struct tsp_suite suite;
        struct tsp_error error = {""};
        if (tsp_suite_load(&suite, tsp_suite_name(i), &error) != 0) {
            fail_msg("%s", error.text);
        }
        assert_string_equal(suite.name, tsp_suite_name(i));
        assert_true(suite.builtin);
        has_default = has_default || strcmp(suite.name, "default") == 0;
        tsp_suite_free(&suite);
    }
    assert_true(has_default);
    assert_null(tsp_suite_name(1000));
}

static void unknown_names_and_files_are_refused(void **unused) {
    (void)unused;
    struct tsp_suite suite;
    struct tsp_error error;
    assert_int_equal(tsp_suite_load(&suite, "defualt", &error), -1);
    assert_non_null(strstr(error.text, "default"));
    assert_non_null(strstr(error.text, "quick"));
    assert_int_equal(tsp_suite_load(&suite, "/nowhere/at/all.yaml", &error), -1);
    assert_non_null(strstr(error.text, "No such file"));
    assert_int_equal(tsp_suite_load(&suite, "/", &error), -1);
    assert_non_null(strstr(error.text, "directory"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(what_is_left_out_has_a_default),
        cmocka_unit_test(an_emulator_gets_a_shorter_suite),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(what_is_too_deep_is_told_at_once),
        cmocka_unit_test(built_in_suites_load_under_their_names),
        cmocka_unit_test(unknown_names_and_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
