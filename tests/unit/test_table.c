/* What a reader sees of numbers and warnings: cells that hide nothing, and marks that can be counted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cells.h"
#include "notes.h"
#include "terminal.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What is not whole never looks as if it were, and nothing but 0 is "0". */
static void counts_are_whole_only_where_they_are(void **unused) {
    (void)unused;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"},           {-0.0, "0"},        {12, "12"},          {3.0000000001, "3"},
                {12.5, "12.50"},    {0.0039, "0.004"},  {-0.0039, "-0.004"}, {1.004, "1.004"},
                {0.00001, "1e-05"}, {1999.5, "1999.5"}, {123456, "123.46k"}, {2e6, "2000k"},
                {5e9, "5000M"}};
    for (size_t i = 0; i < COUNT(rows); ++i) {
        char cell[32];
        assert_string_equal(tsp_cell_count(cell, sizeof cell, rows[i].value), rows[i].text);
    }
    char cell[32];
    assert_string_equal(tsp_cell_count(cell, sizeof cell, NAN), tsp_signs()->none);
}

/* Beside a time of milliseconds one of nanoseconds has its interval still; a cell stays a cell. */
static void an_interval_is_not_written_as_nothing(void **unused) {
    (void)unused;
    const struct tsp_scale group = tsp_scale_choose(5.9, 162485);
    const struct tsp_estimate small = {.value = 5.906, .lo = 5.737, .hi = 6.081};
    char cell[32];
    assert_string_equal(group.unit, "ns");
    assert_int_equal(group.decimals, 0);
    struct tsp_scale row = tsp_scale_refine(group, &small, 6.2);
    assert_int_equal(row.decimals, 1);
    assert_string_equal(tsp_cell_time(cell, sizeof cell, &row, small.value), "5.9");
    assert_string_equal(tsp_cell_interval(cell, sizeof cell, &row, &small) + strlen(tsp_signs()->plus_minus),
                        "0.2");
    assert_int_equal(tsp_scale_refine(group, &small, 162485).decimals, 0); /* its P99 would have no room */
    const struct tsp_estimate exact = {.value = 6, .lo = 6, .hi = 6};
    assert_int_equal(tsp_scale_refine(group, &exact, 6).decimals, 0);
    const struct tsp_estimate none = {.value = 6, .lo = NAN, .hi = NAN};
    assert_int_equal(tsp_scale_refine(group, &none, 6).decimals, 0);
}

/* However often a case has a warning, it has one mark and is counted once; how many more there are is no warning. */
static void a_case_has_a_mark_a_kind(void **unused) {
    (void)unused;
    static struct tsp_result result;
    static struct tsp_notes notes;
    char marks[TSP_NOTES_MAX + 1];
    static const char *const warnings[] = {"nondeterministic count: loads from 1 to 2",
                                           "migrations: 3 in 1 of 5 rounds",
                                           "nondeterministic count: stores from 1 to 2", "and 5 more"};
    for (size_t i = 0; i < COUNT(warnings); ++i) {
        (void)snprintf(result.warnings[result.warning_count++], sizeof result.warnings[0], "%s", warnings[i]);
    }
    tsp_notes_mark(&notes, &result, marks);
    assert_string_equal(marks, "ab");
    assert_int_equal(notes.count, 2);
    assert_string_equal(notes.kinds[0], "nondeterministic count");
    assert_int_equal(notes.rows[0], 1);
    tsp_notes_mark(&notes, &result, marks);
    assert_int_equal(notes.rows[0], 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_whole_only_where_they_are),
        cmocka_unit_test(an_interval_is_not_written_as_nothing),
        cmocka_unit_test(a_case_has_a_mark_a_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
