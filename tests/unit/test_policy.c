/* Policies: what is written is what is read, mistakes have their place, rules rule, and the lock remembers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transept/policy.h"

static int parse(struct tsp_policy *policy, const char *yaml, struct tsp_error *error) {
    memset(error, 0, sizeof *error);
    return tsp_policy_parse(policy, yaml, strlen(yaml), "gate.yaml", error);
}

#define RULE "cases: [a], metric: time, evidence: measured, threshold: 2%"

static void every_key_arrives(void **unused) {
    (void)unused;
    struct tsp_policy policy;
    struct tsp_error error;
    const char *yaml =
        "name: ci\nrules:\n- {name: one, " RULE "}\n"
        "- name: two\n  cases: [abi, 'barrier/*']\n  exclude: ['*/n=3']\n  metric: time:p99\n"
        "  evidence: modelled\n  threshold: 0.05\n  across: compiler,page\n  inconclusive: refuse\n"
        "- {name: three, confirm: duel, executed_by: hardware, " RULE "}\n";
    if (parse(&policy, yaml, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_string_equal(policy.name, "ci");
    assert_int_equal(policy.rule_count, 3);
    const struct tsp_rule *one = &policy.rules[0];
    const struct tsp_rule *two = &policy.rules[1];
    assert_string_equal(one->question.metric, "time");
    assert_int_equal(one->question.statistic, TSP_STATISTIC_P50);
    assert_true(one->evidence == TSP_MEASURED && one->question.threshold == 0.02 &&
                one->doubt == TSP_DOUBT_PASS);
    assert_true(one->question.across == 0 && one->confirm == TSP_CONFIRM_NONE && one->exclude.count == 0);
    assert_int_equal(two->question.statistic, TSP_STATISTIC_P99);
    assert_true(two->evidence == TSP_MODELLED && two->question.threshold == 0.05);
    assert_true(two->question.across == (TSP_ACROSS_COMPILER | TSP_ACROSS_PAGE) &&
                two->doubt == TSP_DOUBT_REFUSE);
    assert_int_equal(policy.rules[2].confirm, TSP_CONFIRM_DUEL);
    assert_int_equal(policy.rules[2].executed_by, TSP_RULE_FOR_HARDWARE);
    assert_int_equal(tsp_rule_match(two, "abi/args/n=2", &error), 1);
    assert_int_equal(tsp_rule_match(two, "abi/args/n=3", &error), 0);
    assert_int_equal(tsp_rule_match(two, "syscall/getppid", &error), 0);
    tsp_policy_free(&policy);
}

static void mistakes_have_their_place(void **unused) {
    (void)unused;
    static const struct {
        const char *yaml;
        const char *place;
        const char *hint;
    } mistakes[] = {
        {"name: a\n", "gate.yaml:1:1: ", "'rules' is missing"},
        {"name: a\nrules: []\n", "gate.yaml:2:8: ", "write 1 to 64"},
        {"name: a\nrules: {}\n", "gate.yaml:2:8: ", "is a group of keys"},
        {"name: a\nrules: [b]\n", "gate.yaml:2:9: ", "is a single value"},
        {"name: a\nrules:\n- {name: b, cases: [c], metric: time, evidence: measured}\n",
         "gate.yaml:3:3: ", "'threshold' is missing"},
        {"name: a\nrules:\n- name: b\n  metrc: time\n", "gate.yaml:4:3: ", "did you mean 'metric'"},
        {"name: a\nrules:\n- name: b\n  evidence: emulated\n",
         "gate.yaml:4:13: ", "none of measured, counted, modelled"},
        {"name: a\nrules:\n- name: b\n  threshold: 5\n", "gate.yaml:4:14: ", "no share"},
        {"name: a\nrules:\n- name: b\n  threshold: nan\n", "gate.yaml:4:14: ", "no share"},
        {"name: a\nrules:\n- name: b\n  cases: ['/(/']\n", "gate.yaml:4:11: ", "'cases'"},
        {"name: a\nrules:\n- name: b\n  across: moon\n", "gate.yaml:4:11: ", "nothing to compare across"},
        {"name: a\nrules:\n- name: two words\n", "gate.yaml:3:9: ", "one short word"},
        {"name: a\nrules:\n- {name: b, " RULE "}\n- {name: b, " RULE "}\n",
         "gate.yaml: ", "two rules are called b"},
        {"name: a\nrules:\n- {name: b, cases: [c], metric: m, evidence: counted, threshold: 0, confirm: duel}\n",
         "gate.yaml: ", "a duel confirms what was measured"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; ++i) {
        struct tsp_policy policy;
        struct tsp_error error;
        assert_int_equal(parse(&policy, mistakes[i].yaml, &error), -1);
        if (strncmp(error.text, mistakes[i].place, strlen(mistakes[i].place)) != 0 ||
            strstr(error.text, mistakes[i].hint) == NULL) {
            fail_msg("wanted %s…%s, got %s", mistakes[i].place, mistakes[i].hint, error.text);
        }
        tsp_policy_free(&policy);
    }
}

/* --- judging ---------------------------------------------------------------------------------------------------------------------- */

static struct tsp_side_case ok_case = {.status = TSP_OK};
static struct tsp_side_case bad_case = {.status = TSP_FAULTED};
static struct tsp_side_case gone_case = {.status = TSP_SKIPPED};

static enum tsp_ruling judge(unsigned evidence, double threshold, const struct tsp_row *row) {
    char reason[128];
    struct tsp_rule rule = {.evidence = evidence, .question = {.threshold = threshold}};
    return tsp_rule_judge(&rule, row, reason, sizeof reason);
}

static void verdicts_become_rulings(void **unused) {
    (void)unused;
    struct tsp_series time = {.name = "time", .evidence = TSP_MEASURED};
    struct tsp_row row = {.cases = {&ok_case, &ok_case}, .series = {&time, &time}, .adjusted_p = 0.001};
    static const enum tsp_ruling wanted[] = {[TSP_VERDICT_NONE] = TSP_RULING_UNJUDGED,
                                             [TSP_VERDICT_SAME] = TSP_RULING_PASS,
                                             [TSP_VERDICT_WORSE] = TSP_RULING_WORSE,
                                             [TSP_VERDICT_BETTER] = TSP_RULING_PASS,
                                             [TSP_VERDICT_INCONCLUSIVE] = TSP_RULING_DOUBT};
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; ++i) {
        row.verdict = (enum tsp_effect_verdict)i;
        assert_int_equal(judge(TSP_MEASURED, 0.01, &row), wanted[i]);
        assert_int_equal(judge(TSP_COUNTED, 0.01, &row), TSP_RULING_UNJUDGED);
    }
    time.evidence = TSP_EMULATED;
    row.verdict = TSP_VERDICT_SAME;
    assert_int_equal(judge(TSP_MEASURED, 0.01, &row), TSP_RULING_UNJUDGED);
}

static void what_no_longer_ends_well_is_a_regression(void **unused) {
    (void)unused;
    struct tsp_row row = {.cases = {&ok_case, &bad_case}, .verdict = TSP_VERDICT_NONE};
    assert_int_equal(judge(TSP_MEASURED, 0.01, &row), TSP_RULING_WORSE);
    row.cases[0] = &bad_case; /* it never did */
    assert_int_equal(judge(TSP_MEASURED, 0.01, &row), TSP_RULING_UNJUDGED);
    row.cases[0] = &ok_case;
    row.cases[1] = &gone_case;
    assert_int_equal(judge(TSP_MEASURED, 0.01, &row), TSP_RULING_UNJUDGED);
}

static void counts_have_a_threshold_too(void **unused) {
    (void)unused;
    struct tsp_series count = {.name = "instructions", .evidence = TSP_COUNTED, .exact = true};
    struct tsp_row row = {.cases = {&ok_case, &ok_case},
                          .series = {&count, &count},
                          .adjusted_p = NAN,
                          .verdict = TSP_VERDICT_WORSE,
                          .effect = {.ratio = 1.05}};
    assert_int_equal(judge(TSP_COUNTED, 0, &row), TSP_RULING_WORSE);
    assert_int_equal(judge(TSP_COUNTED, 0.04, &row), TSP_RULING_WORSE);
    assert_int_equal(judge(TSP_COUNTED, 0.06, &row), TSP_RULING_PASS);
    row.effect.ratio = NAN; /* from nothing to something */
    assert_int_equal(judge(TSP_COUNTED, 0.06, &row), TSP_RULING_WORSE);
}

/* --- the lock --------------------------------------------------------------------------------------------------------------------- */

static void the_lock_lies_beside_its_policy(void **unused) {
    (void)unused;
    struct tsp_error error;
    char path[64];
    assert_int_equal(tsp_lock_path(path, sizeof path, "ci/gate.yaml", &error), 0);
    assert_string_equal(path, "ci/gate.lock");
    assert_int_equal(tsp_lock_path(path, sizeof path, "ci.d/gate", &error), 0);
    assert_string_equal(path, "ci.d/gate.lock");
    assert_int_equal(tsp_lock_path(path, 8, "ci/gate.yaml", &error), -1);
}

static void the_lock_remembers_by_isa(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_lock lock;
    char folder[] = "/tmp/test_policy-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/gate.lock", folder);
    assert_int_equal(tsp_lock_read(&lock, path, &error), 1);
    assert_int_equal(tsp_lock_add(&lock, "x86_64", "r", "a/b/c/n=10", &error), 0);
    assert_int_equal(tsp_lock_add(&lock, "x86_64", "r", "a/b/c/n=9", &error), 0);
    assert_int_equal(tsp_lock_add(&lock, "arm64", "r", "a/b/c/n=9", &error), 0);
    assert_int_equal(tsp_lock_write(&lock, path, &error), 0);
    tsp_lock_free(&lock);
    assert_int_equal(tsp_lock_read(&lock, path, &error), 0);
    assert_int_equal(lock.count, 3);
    assert_string_equal(lock.of[0].arch, "arm64");
    assert_string_equal(lock.of[1].id, "a/b/c/n=9");
    struct tsp_machine machine = {.arch = "x86_64"};
    tsp_lock_forget(&lock, &(struct tsp_policy){.name = NULL}, &machine);
    assert_int_equal(lock.count, 1);
    assert_string_equal(lock.of[0].arch, "arm64");
    tsp_lock_free(&lock);

    FILE *stream = fopen(path, "a");
    assert_non_null(stream);
    assert_true(fputs("arm64 r\n", stream) >= 0);
    (void)fclose(stream);
    assert_int_equal(tsp_lock_read(&lock, path, &error), -1);
    assert_non_null(strstr(error.text, "gate.lock:6: "));
    tsp_lock_free(&lock);
    (void)unlink(path);
    (void)rmdir(folder);
}

/* One ISA has counts from an emulator and times from hardware: what one record makes anew the other's rules keep. */
static void a_rule_is_for_one_kind_of_record(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_lock lock = {.of = NULL};
    struct tsp_machine hardware = {.arch = "arm64"};
    struct tsp_machine emulator = {.arch = "arm64", .emulated = true};
    char counts[] = "counts";
    char times[] = "times";
    char both[] = "both";
    struct tsp_rule rules[] = {{.name = counts, .executed_by = TSP_RULE_FOR_EMULATOR},
                               {.name = times, .executed_by = TSP_RULE_FOR_HARDWARE},
                               {.name = both}};
    const struct tsp_policy policy = {.rules = rules, .rule_count = 3};
    assert_true(tsp_rule_applies(&rules[0], &emulator) && !tsp_rule_applies(&rules[0], &hardware));
    assert_true(!tsp_rule_applies(&rules[1], &emulator) && tsp_rule_applies(&rules[1], &hardware));
    assert_true(tsp_rule_applies(&rules[2], &emulator) && tsp_rule_applies(&rules[2], &hardware));
    static const char *const names[] = {"counts", "times", "both", "removed"};
    for (unsigned i = 0; i < 4; ++i) {
        assert_int_equal(tsp_lock_add(&lock, "arm64", names[i], "a/b/c", &error), 0);
    }
    tsp_lock_forget(&lock, &policy, &hardware);
    assert_int_equal(lock.count, 1);
    assert_string_equal(lock.of[0].rule, "counts");
    tsp_lock_forget(&lock, &policy, &emulator);
    assert_int_equal(lock.count, 0);
    tsp_lock_free(&lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(mistakes_have_their_place),
        cmocka_unit_test(verdicts_become_rulings),
        cmocka_unit_test(what_no_longer_ends_well_is_a_regression),
        cmocka_unit_test(counts_have_a_threshold_too),
        cmocka_unit_test(the_lock_lies_beside_its_policy),
        cmocka_unit_test(the_lock_remembers_by_isa),
        cmocka_unit_test(a_rule_is_for_one_kind_of_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
