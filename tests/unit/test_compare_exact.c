/* The exact gate: what moved, what is gone, what is only told, and what cannot be judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "transept/compare.h"

#define VARIES INFINITY

/* A set of at most 3 cases of at most 2 counts, without any memory of its own. */
struct sample {
    struct tsp_counts counts;
    struct tsp_counted_case cases[3];
    struct tsp_count values[3][2];
};

static void set_up(struct sample *sample) {
    memset(sample, 0, sizeof *sample);
    sample->counts.cases = sample->cases;
    (void)snprintf(sample->counts.arch, sizeof sample->counts.arch, "riscv64");
    for (unsigned i = 0; i < TSP_TOOLCHAIN_FIELDS; ++i) {
        (void)snprintf(sample->counts.toolchain.of[i], sizeof sample->counts.toolchain.of[i], "some %u", i);
    }
}

/* Cases come in order of their ids. */
static void add(struct sample *sample, const char *id, double instructions, double loads) {
    size_t at = sample->counts.case_count++;
    struct tsp_counted_case *counted = &sample->cases[at];
    const double values[] = {instructions, loads};
    static const char *const names[] = {"instructions", "loads"};
    (void)snprintf(counted->id, sizeof counted->id, "%s", id);
    counted->status = TSP_OK;
    counted->counts = sample->values[at];
    for (size_t i = 0; i < 2; ++i) {
        if (!isnan(values[i])) {
            struct tsp_count *count = &counted->counts[counted->count_count++];
            (void)snprintf(count->name, sizeof count->name, "%s", names[i]);
            count->varies = isinf(values[i]);
            count->value = count->varies ? (double)NAN : values[i];
        }
    }
}

static struct tsp_exact compare(const struct sample *reference, const struct sample *now) {
    struct tsp_exact exact;
    struct tsp_error error = {""};
    if (tsp_exact_compare(&exact, &reference->counts, &now->counts, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return exact;
}

static void refused(const struct sample *reference, const struct sample *now, const char *why) {
    struct tsp_exact exact;
    struct tsp_error error = {""};
    assert_int_equal(tsp_exact_compare(&exact, &reference->counts, &now->counts, &error), -1);
    if (strstr(error.text, why) == NULL) {
        fail_msg("'%s' lacks '%s'", error.text, why);
    }
}

static void the_same_is_the_same(void **unused) {
    (void)unused;
    struct sample sample;
    set_up(&sample);
    add(&sample, "a/b/c/n=2", 4.1875, 0);
    add(&sample, "a/b/c/n=10", 7, VARIES);
    struct tsp_exact exact = compare(&sample, &sample);
    assert_int_equal(exact.difference_count, 0);
    assert_int_equal(exact.cases, 2);
    assert_int_equal(exact.cases_varying, 1);
    assert_int_equal(exact.counts, 3);
    tsp_exact_free(&exact);
}

static void one_instruction_more_in_256_ops_has_moved(void **unused) {
    (void)unused;
    struct sample reference;
    struct sample now;
    set_up(&reference);
    set_up(&now);
    add(&reference, "a/b/c", 4, 1);
    add(&reference, "a/b/d", 9, 1);
    add(&now, "a/b/c", 4 + 1.0 / 256, 1);
    add(&now, "a/b/d", 9, 1);
    struct tsp_exact exact = compare(&reference, &now);
    assert_int_equal(exact.difference_count, 1);
    const struct tsp_difference *difference = &exact.differences[0];
    assert_int_equal(difference->kind, TSP_COUNT_MOVED);
    assert_true(tsp_difference_fails(difference->kind));
    assert_string_equal(difference->reference_case->id, "a/b/c");
    assert_string_equal(difference->now->name, "instructions");
    assert_true(difference->reference == &reference.values[0][0] && difference->now == &now.values[0][0]);
    assert_int_equal(exact.cases_moved, 1);
    assert_int_equal(exact.counts_moved, 1);
    tsp_exact_free(&exact);
}

/* One count of the reference against one of now, NAN for none: the kind of the only difference. */
static void kind_is(double before, double after, enum tsp_difference_kind kind, bool fails) {
    struct sample reference;
    struct sample now;
    set_up(&reference);
    set_up(&now);
    add(&reference, "a/b/c", 4, before);
    add(&now, "a/b/c", 4, after);
    struct tsp_exact exact = compare(&reference, &now);
    assert_int_equal(exact.difference_count, 1);
    assert_int_equal(exact.differences[0].kind, kind);
    assert_int_equal(tsp_difference_fails(kind), fails);
    assert_int_equal(exact.cases_moved, fails);
    assert_int_equal(exact.counts_moved, fails);
    tsp_exact_free(&exact);
}

static void every_end_of_a_count_is_told(void **unused) {
    (void)unused;
    kind_is(0, 1, TSP_COUNT_MOVED, true);
    kind_is(1, VARIES, TSP_COUNT_UNSETTLED, true);
    kind_is(1, NAN, TSP_COUNT_GONE, true);
    kind_is(VARIES, NAN, TSP_COUNT_GONE, true);
    kind_is(VARIES, 1, TSP_COUNT_SETTLED, false);
    kind_is(NAN, 1, TSP_COUNT_NEW, false);
}

static void cases_come_and_go(void **unused) {
    (void)unused;
    struct sample reference;
    struct sample now;
    set_up(&reference);
    set_up(&now);
    add(&reference, "a/b/c", 4, 1);
    add(&reference, "a/b/gone", 4, 1);
    add(&reference, "a/b/skipped", 4, 1);
    reference.cases[2].status = TSP_SKIPPED; /* it runs now: new */
    add(&now, "a/b/c", 4, 1);
    add(&now, "a/b/new", 4, 1);
    add(&now, "a/b/skipped", 4, 1);
    struct tsp_exact exact = compare(&reference, &now);
    assert_int_equal(exact.difference_count, 3);
    assert_int_equal(exact.differences[0].kind, TSP_CASE_GONE);
    assert_string_equal(exact.differences[0].reference_case->id, "a/b/gone");
    assert_int_equal(exact.differences[1].kind, TSP_CASE_NEW);
    assert_string_equal(exact.differences[1].now_case->id, "a/b/new");
    assert_int_equal(exact.differences[2].kind, TSP_CASE_NEW);
    assert_int_equal(exact.cases_moved, 1);
    tsp_exact_free(&exact);

    exact = compare(&now, &reference); /* the other way: one more ended, one is skipped */
    assert_int_equal(exact.cases_moved, 2);
    assert_int_equal(exact.differences[1].kind, TSP_CASE_ENDED);
    tsp_exact_free(&exact);
}

static void what_cannot_be_judged_is_refused(void **unused) {
    (void)unused;
    struct sample reference;
    struct sample now;
    set_up(&reference);
    set_up(&now);
    add(&reference, "a/b/c", 4, 1);
    add(&now, "a/b/other", 4, 1);
    refused(&reference, &now, "no case has counts in both");
    reference.counts.case_count = 0;
    refused(&reference, &now, "no case has counts in both");
    (void)snprintf(now.counts.arch, sizeof now.counts.arch, "s390x");
    refused(&reference, &now, "counts of s390x cannot be held against a reference of riscv64");
}

static void another_toolchain_is_named(void **unused) {
    (void)unused;
    for (unsigned i = 0; i < TSP_TOOLCHAIN_FIELDS; ++i) {
        struct sample reference;
        struct sample now;
        char wanted[64];
        set_up(&reference);
        set_up(&now);
        add(&reference, "a/b/c", 4, 1);
        add(&now, "a/b/c", 4, 1);
        (void)snprintf(now.counts.toolchain.of[i], sizeof now.counts.toolchain.of[i], "other");
        (void)snprintf(wanted, sizeof wanted,
                       "another %s than the reference's: 'other' here, 'some %u' there;",
                       tsp_toolchain_name((enum tsp_toolchain_field)i), i);
        refused(&reference, &now, wanted);
        now.counts.toolchain.of[TSP_TOOLCHAIN_RECORD][0] = '\0';
        if (i != TSP_TOOLCHAIN_RECORD) {
            refused(&reference, &now, "(1 more differ)");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_the_same),
        cmocka_unit_test(one_instruction_more_in_256_ops_has_moved),
        cmocka_unit_test(every_end_of_a_count_is_told),
        cmocka_unit_test(cases_come_and_go),
        cmocka_unit_test(what_cannot_be_judged_is_refused),
        cmocka_unit_test(another_toolchain_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
