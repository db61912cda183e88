/* Claims: every question to a number, each reason for showing nothing, which cases and which records count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transept/claims.h"

enum { CASES_MAX = 6, SERIES_MAX = 3, VALUES_MAX = 5 };

/* A record without any memory of its own. Cases are added in the order of their ids. */
struct sample {
    struct tsp_claim_record record;
    struct tsp_side_case cases[CASES_MAX];
    struct tsp_series series[CASES_MAX][SERIES_MAX];
    double values[CASES_MAX][SERIES_MAX][VALUES_MAX];
    char ids[CASES_MAX][TSP_ID_MAX];
};

static void begin(struct sample *sample, const char *arch, bool emulated) {
    memset(sample, 0, sizeof *sample);
    sample->record.cases = sample->cases;
    sample->record.emulated = emulated;
    (void)snprintf(sample->record.arch, sizeof sample->record.arch, "%s", arch);
}

static struct tsp_side_case *add_case(struct sample *sample, const char *id, enum tsp_status status) {
    static char reason[] = "SIGBUS at 0x7f";
    size_t at = sample->record.case_count++;
    (void)snprintf(sample->ids[at], sizeof sample->ids[at], "%s", id);
    sample->cases[at] = (struct tsp_side_case){
        .id = sample->ids[at], .status = status, .reason = reason, .series = sample->series[at]};
    return &sample->cases[at];
}

/* To the case added last. */
static struct tsp_series *add_series(struct sample *sample, const char *name, enum tsp_evidence evidence,
                                     size_t count, const double *values) {
    size_t at = sample->record.case_count - 1;
    size_t place = sample->cases[at].series_count++;
    struct tsp_series *series = &sample->series[at][place];
    *series = (struct tsp_series){.evidence = evidence,
                                  .exact = evidence == TSP_COUNTED,
                                  .count = count,
                                  .values = sample->values[at][place]};
    (void)snprintf(series->name, sizeof series->name, "%s", name);
    memcpy(series->values, values, count * sizeof *values);
    return series;
}

static void add_count(struct sample *sample, const char *id, const char *name, double value) {
    (void)add_case(sample, id, TSP_OK);
    (void)add_series(sample, name, TSP_COUNTED, 1, &value);
}

/* Five rounds around a time, `spread` (a share) apart. */
static void add_time(struct sample *sample, const char *id, double time, double spread) {
    double values[5];
    for (int i = 0; i < 5; ++i) {
        values[i] = time * (1 + spread * (i - 2) / 2);
    }
    (void)add_case(sample, id, TSP_OK);
    (void)add_series(sample, "time", TSP_MEASURED, 5, values);
}

/* --- claims------------------------------------------------------------------------------------------------------------------------ */

#define HEAD "name: n\nclaims:\n  - id: X1\n    group: g\n    claim: c\n    tested: t\n"

static struct tsp_claims parse(const char *checks) {
    char yaml[4096];
    struct tsp_claims claims;
    struct tsp_error error = {""};
    (void)snprintf(yaml, sizeof yaml, HEAD "%s", checks);
    if (tsp_claims_parse(&claims, yaml, strlen(yaml), "f.yaml", &error) != 0) {
        fail_msg("%s", error.text);
    }
    return claims;
}

/* --- a number and its bounds -------------------------------------------------------------------------------------------------------- */

static struct tsp_claim_bounds no_bounds(void) {
    return (struct tsp_claim_bounds){NAN, NAN, NAN, NAN, NAN};
}

static void judged(struct tsp_claim_bounds bounds, double lo, double hi, bool exact,
                   enum tsp_claim_verdict verdict) {
    char why[128];
    assert_int_equal(tsp_claim_judge(&bounds, (lo + hi) / 2, lo, hi, exact, why, sizeof why), verdict);
    assert_int_equal(why[0] != '\0', verdict == TSP_CLAIM_NOT_SHOWN);
}

static void intervals_decide(void **unused) {
    (void)unused;
    struct tsp_claim_bounds least = no_bounds();
    least.at_least = 2;
    judged(least, 2, 3, false, TSP_CLAIM_HOLDS);
    judged(least, 1.99, 3, false, TSP_CLAIM_NOT_SHOWN);
    judged(least, 1, 2, false, TSP_CLAIM_NOT_SHOWN);
    judged(least, 1, 1.99, false, TSP_CLAIM_FAILS);
    struct tsp_claim_bounds most = no_bounds();
    most.at_most = 2;
    judged(most, 1, 2, false, TSP_CLAIM_HOLDS);
    judged(most, 1, 2.01, false, TSP_CLAIM_NOT_SHOWN);
    judged(most, 2.01, 3, false, TSP_CLAIM_FAILS);
    struct tsp_claim_bounds above = no_bounds();
    above.above = 2;
    judged(above, 2.01, 3, false, TSP_CLAIM_HOLDS);
    judged(above, 2, 3, false, TSP_CLAIM_NOT_SHOWN);
    judged(above, 1, 2, false, TSP_CLAIM_FAILS);
    judged(above, 2, 2, true, TSP_CLAIM_FAILS);
    struct tsp_claim_bounds below = no_bounds();
    below.below = 2;
    judged(below, 1, 1.99, false, TSP_CLAIM_HOLDS);
    judged(below, 1, 2, false, TSP_CLAIM_NOT_SHOWN);
    judged(below, 2, 3, false, TSP_CLAIM_FAILS);
    judged(below, 2, 2, true, TSP_CLAIM_FAILS);
}

static void two_bounds_make_a_range(void **unused) {
    (void)unused;
    struct tsp_claim_bounds range = no_bounds();
    range.at_least = 20;
    range.at_most = 80;
    judged(range, 20, 80, false, TSP_CLAIM_HOLDS);
    judged(range, 10, 19, false, TSP_CLAIM_FAILS);
    judged(range, 81, 90, false, TSP_CLAIM_FAILS);
    judged(range, 19, 30, false, TSP_CLAIM_NOT_SHOWN);
    judged(range, 70, 90, false, TSP_CLAIM_NOT_SHOWN);
}

static void only_counts_are_equal(void **unused) {
    (void)unused;
    char why[128];
    struct tsp_claim_bounds equals = no_bounds();
    equals.equals = 16;
    judged(equals, 16, 16, true, TSP_CLAIM_HOLDS);
    judged(equals, 8, 8, true, TSP_CLAIM_FAILS);
    judged(equals, 16, 16, false, TSP_CLAIM_NOT_SHOWN);
    struct tsp_claim_bounds most = no_bounds();
    most.at_most = 2;
    assert_int_equal(tsp_claim_judge(&most, 1, NAN, NAN, false, why, sizeof why), TSP_CLAIM_NOT_SHOWN);
    assert_string_equal(why, "has no interval: it takes 3 rounds");
    assert_int_equal(tsp_claim_judge(&most, NAN, NAN, NAN, true, why, sizeof why), TSP_CLAIM_NOT_SHOWN);
}

/* --- checks on records --------------------------------------------------------------------------------------------------------------- */

/* The verdict of a claim of these checks on a record, or on two. */
static enum tsp_claim_verdict verdict_of(const char *checks, const struct sample *first,
                                         const struct sample *second, const char *reason) {
    struct tsp_claims claims = parse(checks);
    struct tsp_claim_finding finding;
    struct tsp_error error = {""};
    assert_int_equal(tsp_claim_test(&finding, &claims.of[0], first != NULL ? &first->record : NULL,
                                    second != NULL ? &second->record : NULL, &error),
                     0);
    if (strstr(finding.reason, reason) == NULL) {
        fail_msg("'%s' lacks '%s'", finding.reason, reason);
    }
    assert_int_equal(finding.reason[0] != '\0', finding.verdict == TSP_CLAIM_NOT_SHOWN);
    char text[512];
    assert_true(strlen(tsp_claim_why(&finding, text, sizeof text)) > 0);
    enum tsp_claim_verdict verdict = finding.verdict;
    tsp_claim_finding_free(&finding);
    tsp_claims_free(&claims);
    return verdict;
}

static void holds(const char *checks, const struct sample *sample) {
    assert_int_equal(verdict_of(checks, sample, NULL, ""), TSP_CLAIM_HOLDS);
}

static void fails(const char *checks, const struct sample *sample) {
    assert_int_equal(verdict_of(checks, sample, NULL, ""), TSP_CLAIM_FAILS);
}

static void not_shown(const char *checks, const struct sample *sample, const char *reason) {
    assert_int_equal(verdict_of(checks, sample, NULL, reason), TSP_CLAIM_NOT_SHOWN);
}

#define ALL(check) "    all:\n      - {" check "}\n"
#define ANY(check) "    any:\n      - {" check "}\n"
#define AND(check) "      - {" check "}\n"

static void counts_are_exact(void **unused) {
    (void)unused;
    struct sample s;
    begin(&s, "s390x", true);
    add_count(&s, "a/n=0", "stores", 0);
    add_count(&s, "a/n=6", "stores", 0);
    add_count(&s, "a/n=7", "stores", 2);
    holds(ALL("of: a/n=6, metric: stores, equals: 0"), &s);
    fails(ALL("of: a/n=7, metric: stores, equals: 0"), &s);
    holds(ALL("of: a/n=6, minus: a/n=0, metric: stores, equals: 0"), &s);
    holds(ALL("of: a/n=7, minus: a/n=6, metric: stores, above: 0"), &s);
    fails(ALL("of: a/n=6, minus: a/n=7, metric: stores, above: 0"), &s);
    holds(ALL("of: a/n=6, to: a/n=0, metric: stores, equals: 1"), &s); /* none as well */
    not_shown(ALL("of: a/n=7, to: a/n=6, metric: stores, above: 1"), &s, "2 to 0 is no ratio");
    holds(ALL("of: a/n=7, metric: stores, per: 2, equals: 1"), &s);
    holds(ALL("of: a/n=7, metric: \"loads,stores\", equals: 2"), &s); /* the first of the two that is there */
    holds(ALL("of: a/n=7, metric: \"st*\", equals: 2"), &s);
    s.cases[2].series[0].varies = true;
    not_shown(ALL("of: a/n=7, metric: stores, equals: 2"), &s, "not the same every time");
}

static void times_have_intervals(void **unused) {
    (void)unused;
    struct sample s;
    begin(&s, "arm64", false);
    add_time(&s, "a", 100, 0.02);
    add_time(&s, "b", 50, 0.02);
    add_time(&s, "c", 51, 0.4);
    holds(ALL("of: b, to: a, metric: time, at-most: 0.55"), &s);
    fails(ALL("of: b, to: a, metric: time, at-most: 0.45"), &s);
    not_shown(ALL("of: b, to: a, metric: time, at-most: 0.5"), &s, "spans 0.5");
    not_shown(ALL("of: c, to: b, metric: time, below: 1"), &s, "the interval ");
    fails(ALL("of: a, to: b, metric: time, below: 1"), &s);
    holds(ALL("of: a, metric: time, at-least: 90, at-most: 110"), &s);
    holds(ALL("of: a, metric: time, per: 10, at-least: 9, at-most: 11"), &s);
    not_shown(ALL("of: a, metric: time, equals: 100"), &s, "no measured value is exactly 100");
    not_shown(ALL("of: a, minus: b, metric: time, above: 0"), &s, "only exact counts");
    s.cases[0].series[0].count = 2;
    not_shown(ALL("of: b, to: a, metric: time, at-most: 0.55"), &s, "it takes 3 on each side");
    not_shown(ALL("of: a, metric: time, at-least: 1"), &s, "has no interval");
    s.cases[0].series[0].count = 0;
    not_shown(ALL("of: a, metric: time, at-least: 1"), &s, "no round has samples");
}

static void nothing_is_shown_without_evidence(void **unused) {
    (void)unused;
    static const double one = 1;
    static char denied[] = "denied: perf_event_paranoid is 4";
    struct sample s;
    begin(&s, "arm64", false);
    add_time(&s, "a", 100, 0.02);
    (void)add_series(&s, "cycles:u", TSP_MEASURED, 0, &one);
    s.cases[0].series[1].reason = denied;
    (void)add_case(&s, "b", TSP_SKIPPED);
    (void)add_case(&s, "c", TSP_FAULTED);
    add_count(&s, "d", "time", 1);
    not_shown(ALL("of: b, metric: time, at-most: 1"), &s, "skipped: SIGBUS");
    not_shown(ALL("of: c, metric: time, at-most: 1"), &s, "faulted: SIGBUS at 0x7f");
    not_shown(ALL("of: e, metric: time, at-most: 1"), &s, "e is not in this record");
    not_shown(ALL("of: e*, metric: time, at-most: 1"), &s, "no case of e* is in this record");
    not_shown(ALL("of: a, to: e, metric: time, at-most: 1"), &s, "e is not in this record");
    not_shown(ALL("of: a, metric: \"cycles:u\", at-most: 1"), &s, "denied: perf_event_paranoid is 4");
    not_shown(ALL("of: a, metric: \"cache-misses:u\", at-most: 1"), &s, "needs the counter cache-misses:u");
    not_shown(ALL("of: a, metric: \"time:p99\", at-most: 1"), &s, "a has no time:p99");
    not_shown(ALL("of: a, metric: stores, at-most: 1"), &s, "no exact counts in this record");
    not_shown(ALL("of: a, to: d, metric: time, at-most: 1"), &s,
              "measured there, counted here: never compared");
    not_shown(ALL("of: a, metric: time, at-most: 1, arch: [x86_64, s390x]"), &s, "is told of x86_64, s390x");
    s.record.counts_only = true;
    not_shown(ALL("of: a, metric: \"cache-misses:u\", at-most: 1"), &s,
              "exact counts only: cache-misses:u takes a run on hardware");
    s.cases[0].series[0].evidence = TSP_EMULATED;
    not_shown(ALL("of: a, metric: time, at-most: 1"), &s, "says nothing of a processor");
}

static void events_prove_by_being_seen(void **unused) {
    (void)unused;
    static const double none[] = {0, 0, 0};
    static const double some[] = {0, 3, 0};
    static char allowed[] = "allowed, but not shown here";
    struct sample s;
    begin(&s, "x86_64", false);
    (void)add_case(&s, "a", TSP_OK);
    (void)add_series(&s, "weak", TSP_MEASURED, 3, none);
    (void)add_case(&s, "b", TSP_OK);
    (void)add_series(&s, "weak", TSP_MEASURED, 3, some);
    holds(ALL("of: a, metric: weak, is: never"), &s);
    fails(ALL("of: b, metric: weak, is: never"), &s);
    holds(ALL("of: b, metric: weak, is: seen"), &s);
    not_shown(ALL("of: a, metric: weak, is: seen"), &s, "none seen; that proves nothing");
    s.cases[0].series[0].reason = allowed;
    not_shown(ALL("of: a, metric: weak, is: never"), &s,
              "none seen: allowed, but not shown here; that proves nothing");
    s.cases[1].series[0].evidence = TSP_EMULATED;
    not_shown(ALL("of: b, metric: weak, is: never"), &s, "emulated");
    not_shown(ALL("of: b, metric: weak, is: seen"), &s, "emulated");
}

static void a_fault_is_an_answer(void **unused) {
    (void)unused;
    struct sample s;
    begin(&s, "arm64", false);
    add_time(&s, "a", 1, 0.01);
    (void)add_case(&s, "b", TSP_FAULTED);
    (void)add_case(&s, "c", TSP_SKIPPED);
    fails(ALL("of: a, is: faulted"), &s);
    holds(ALL("of: b, is: faulted"), &s);
    not_shown(ALL("of: c, is: faulted"), &s, "skipped");
    not_shown(ALL("of: d, is: faulted"), &s, "not in this record");
    s.record.emulated = true;
    not_shown(ALL("of: b, is: faulted"), &s, "emulated");
}

/* --- several checks and cases -------------------------------------------------------------------------------------------------------- */

static void three_valued(void **unused) {
    (void)unused;
    struct sample s;
    begin(&s, "armhf", true);
    add_count(&s, "a", "n", 1);
#define YES  "of: a, metric: n, equals: 1"
#define NO   "of: a, metric: n, equals: 2"
#define NONE "of: b, metric: n, equals: 1"
    holds(ALL(YES) AND(YES), &s);
    fails(ALL(YES) AND(NO), &s);
    fails(ALL(NONE) AND(NO), &s);
    not_shown(ALL(YES) AND(NONE), &s, "b is not in this record");
    holds(ANY(NO) AND(YES), &s);
    holds(ANY(NONE) AND(YES), &s);
    fails(ANY(NO) AND(NO), &s);
    not_shown(ANY(NO) AND(NONE), &s, "b is not in this record");
    holds(ALL(YES) AND(YES ", given: yes"), &s);
    not_shown(ALL(NO) AND(NO ", given: yes"), &s, "not the claim's conditions: n is 1, not exactly 2");
    not_shown(ALL(YES) AND(NONE ", given: yes"), &s, "b is not in this record");
    holds(ALL(YES) AND("of: b, metric: n"), &s);           /* only shown: decides nothing */
    holds(ALL(YES) AND(NO ", arch: [arm64, x86_64]"), &s); /* of others */
    not_shown(ALL(YES ", arch: [arm64]") AND("of: a, metric: n"), &s, "is told of arm64");
}

static void stars_and_choices(void **unused) {
    (void)unused;
    struct sample s;
    begin(&s, "riscv64", true);
    add_count(&s, "a/x/p=1", "n", 1);
    add_count(&s, "a/x/p=2", "n", 3);
    (void)add_case(&s, "a/x/p=3", TSP_SKIPPED);
    add_count(&s, "b/p=1", "n", 2);
    add_count(&s, "b/p=2", "n", 4);
    (void)add_case(&s, "c/p=4", TSP_SKIPPED);
    holds(ALL("of: a/*/p=*, metric: n, at-most: 3"), &s); /* what cannot run here is not meant */
    fails(ALL("of: a/*/p=*, metric: n, at-most: 2"), &s); /* each */
    fails(ALL("of: \"a/x/p=1,a/x/p=2\", metric: n, at-most: 2"), &s);
    not_shown(ALL("of: \"a/x/p=1,a/x/p=3\", metric: n, at-most: 2"), &s,
              "skipped"); /* named in full: asked for */
    holds(ALL("of: a/x/p=*, to: b/p=*, metric: n, at-most: 0.75"), &s);
    fails(ALL("of: a/x/p=*, to: b/p=*, metric: n, at-most: 0.5"), &s);
    holds(ALL("of: a/*, metric: n, equals: 1, choose: least"), &s);
    holds(ALL("of: a/*, metric: n, equals: 3, choose: most"), &s);
    holds(ALL("of: \"a/x/p=3,a/x/p=1\", metric: n, equals: 1, choose: least"), &s);
    not_shown(ALL("of: c/*, metric: n, equals: 1"), &s, "skipped");
    not_shown(ALL("of: d/*, metric: n, equals: 1, choose: least"), &s, "no case of d/*");
}

/* --- two records ------------------------------------------------------------------------------------------------------------------- */

static void across_two_records(void **unused) {
    (void)unused;
    struct sample arm;
    struct sample x86;
    begin(&arm, "arm64", false);
    begin(&x86, "x86_64", false);
    add_count(&arm, "f", "size", 32);
    (void)add_series(&arm, "align", TSP_COUNTED, 1, (const double[]){8});
    add_time(&arm, "t", 90, 0.01);
    add_count(&x86, "f", "size", 32);
    (void)add_series(&x86, "align", TSP_COUNTED, 1, (const double[]){8});
    add_time(&x86, "t", 100, 0.01);
#define ACROSS ", across: arm64/x86_64"
    assert_int_equal(verdict_of(ALL("of: t, metric: time, at-most: 1.1" ACROSS), &arm, &x86, ""),
                     TSP_CLAIM_HOLDS);
    assert_int_equal(verdict_of(ALL("of: t, metric: time, at-least: 1" ACROSS), &arm, &x86, ""),
                     TSP_CLAIM_FAILS);
    assert_int_equal(verdict_of(ALL("of: f, metric: \"*\", equals: 1" ACROSS), &arm, &x86, ""),
                     TSP_CLAIM_HOLDS);
    x86.values[0][1][0] = 16;
    assert_int_equal(verdict_of(ALL("of: f, metric: \"*\", equals: 1" ACROSS), &arm, &x86, ""),
                     TSP_CLAIM_FAILS);
    assert_int_equal(verdict_of(ALL("of: t, metric: time, at-most: 1" ACROSS), NULL, &x86,
                                "takes records of arm64 and of x86_64: none of arm64 is given"),
                     TSP_CLAIM_NOT_SHOWN);
    assert_int_equal(
        verdict_of(ALL("of: t, metric: time, at-most: 1" ACROSS), &arm, NULL, "none of x86_64 is given"),
        TSP_CLAIM_NOT_SHOWN);
    /* A half of one ISA is tested by its record. */
    assert_int_equal(verdict_of(ALL("of: t, metric: time, at-most: 1.1" ACROSS)
                                    AND("of: t, metric: time, below: 95, arch: [x86_64]"),
                                &arm, &x86, ""),
                     TSP_CLAIM_FAILS);
    assert_int_equal(verdict_of(ALL("of: t, metric: time, at-most: 1.1" ACROSS)
                                    AND("of: t, metric: time, below: 95, arch: [x86_64]"),
                                NULL, &x86, ""),
                     TSP_CLAIM_FAILS);
}

static void the_first_pair_that_shows(void **unused) {
    (void)unused;
    struct sample samples[4];
    struct tsp_claim_record records[4];
    struct tsp_error error = {""};
    static const char *const names[] = {"x86_64", "arm64", "arm64", "x86_64"};
    for (int i = 0; i < 4; ++i) {
        begin(&samples[i], names[i], false);
        add_time(&samples[i], "t", 100 + 10 * i, 0.01);
        records[i] = samples[i].record;
    }
    samples[1].cases[0].status = TSP_SKIPPED;
    struct tsp_claims claims = parse(ALL("of: t, metric: time, at-least: 1" ACROSS));
    struct tsp_claims_report report;
    assert_int_equal(tsp_claims_report_make(&report, &claims, NULL, records, 4, &error), 0);
    assert_int_equal(report.count, 1);
    assert_ptr_equal(report.findings[0].records[0], &records[2]);
    assert_ptr_equal(report.findings[0].records[1], &records[0]);
    assert_int_equal(report.findings[0].verdict, TSP_CLAIM_HOLDS);
    tsp_claims_report_free(&report);
    /* Where none shows anything, the first pair tells why. */
    samples[2].cases[0].status = TSP_SKIPPED;
    assert_int_equal(tsp_claims_report_make(&report, &claims, NULL, records, 4, &error), 0);
    assert_ptr_equal(report.findings[0].records[0], &records[1]);
    assert_ptr_equal(report.findings[0].records[1], &records[0]);
    tsp_claims_report_free(&report);
    tsp_claims_free(&claims);
}

static void builds_of_one_machine(void **unused) {
    (void)unused;
    struct sample samples[3];
    struct tsp_claim_record records[3];
    struct tsp_error error = {""};
    for (int i = 0; i < 3; ++i) {
        begin(&samples[i], "x86_64", false);
        add_time(&samples[i], "t", 100 - 10 * i, 0.01);
        (void)snprintf(samples[i].record.machine, sizeof samples[i].record.machine, "%s",
                       i == 0 ? "other" : "this");
        records[i] = samples[i].record;
    }
    records[2].profile_guided = true;
    struct tsp_claims claims = parse(ALL("of: t, metric: time, below: 1, across: profile-guided"));
    struct tsp_claims_report report;
    assert_int_equal(tsp_claims_report_make(&report, &claims, NULL, records, 3, &error), 0);
    assert_ptr_equal(report.findings[0].records[0], &records[2]);
    assert_ptr_equal(report.findings[0].records[1], &records[1]);
    assert_int_equal(report.findings[0].verdict, TSP_CLAIM_HOLDS);
    tsp_claims_report_free(&report);
    (void)snprintf(records[1].machine, sizeof records[1].machine, "third");
    assert_int_equal(tsp_claims_report_make(&report, &claims, NULL, records, 3, &error), 0);
    assert_int_equal(report.findings[0].verdict, TSP_CLAIM_NOT_SHOWN);
    assert_non_null(strstr(report.findings[0].reason, "none of an ordinary one is given"));
    tsp_claims_report_free(&report);
    tsp_claims_free(&claims);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_decide),
        cmocka_unit_test(two_bounds_make_a_range),
        cmocka_unit_test(only_counts_are_equal),
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(times_have_intervals),
        cmocka_unit_test(nothing_is_shown_without_evidence),
        cmocka_unit_test(events_prove_by_being_seen),
        cmocka_unit_test(a_fault_is_an_answer),
        cmocka_unit_test(three_valued),
        cmocka_unit_test(stars_and_choices),
        cmocka_unit_test(across_two_records),
        cmocka_unit_test(the_first_pair_that_shows),
        cmocka_unit_test(builds_of_one_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
