/* Numbers as people write them are taken strictly, and slips are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "transept/nearest.h"
#include "transept/plan.h"

static double ms_of(const char *text) {
    double ms = 0;
    struct tsp_error error;
    return tsp_time_parse(text, &ms, &error) == 0 ? ms : -1;
}

static uint64_t bytes_of(const char *text) {
    uint64_t bytes = 0;
    struct tsp_error error;
    return tsp_bytes_parse(text, &bytes, &error) == 0 ? bytes : 0;
}

static void a_time_has_a_number_and_a_unit(void **unused) {
    (void)unused;
    assert_true(ms_of("50ms") == 50);
    assert_true(ms_of("1.5s") == 1500);
    assert_true(ms_of("20us") > 0.0199 && ms_of("20us") < 0.0201);
    assert_true(ms_of("2min") == 120000);
    const char *refused[] = {"",      "50",   "ms",   "50 ms", " 50ms", "50ms ",
                             "-50ms", "+5ms", "0ms",  "0.0s",  "5e3ms", "0x5ms",
                             ".5s",   "5.s",  "infs", "nans",  "61min", "99999999999999999999999s",
                             "50msx", "50Ms", "1,5s"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
        if (ms_of(refused[i]) != -1) {
            fail_msg("'%s' was taken for a time", refused[i]);
        }
    }
}

static void a_size_has_a_whole_number_and_a_unit(void **unused) {
    (void)unused;
    assert_int_equal(bytes_of("1GiB"), 1073741824);
    assert_int_equal(bytes_of("4096B"), 4096);
    assert_true(bytes_of("17179869183GiB") == UINT64_C(17179869183) << 30);
    const char *refused[] = {
        "", "1", "GiB", "1GB", "1.5GiB", "0B", "-1B", "1 GiB", "17179869185GiB", "99999999999999999999B"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
        if (bytes_of(refused[i]) != 0) {
            fail_msg("'%s' was taken for a size", refused[i]);
        }
    }
}

static void a_count_is_digits_within_bounds(void **unused) {
    (void)unused;
    uint64_t value = 0;
    struct tsp_error error;
    assert_int_equal(tsp_count_parse("17", 1, 100, &value, &error), 0);
    assert_int_equal(value, 17);
    assert_int_equal(tsp_count_parse("18446744073709551615", 0, UINT64_MAX, &value, &error), 0);
    assert_true(value == UINT64_MAX);
    const char *refused[] = {
        "", "0", "101", "1.0", "1e2", "0x10", " 5", "5 ", "-1", "five", "18446744073709551616"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
        if (tsp_count_parse(refused[i], 1, 100, &value, &error) == 0) {
            fail_msg("'%s' was taken for a count", refused[i]);
        }
        assert_non_null(strstr(error.text, "from 1 to 100"));
    }
}

static void distances_count_slips(void **unused) {
    (void)unused;
    assert_int_equal(tsp_text_distance("", ""), 0);
    assert_int_equal(tsp_text_distance("abc", ""), 3);
    assert_int_equal(tsp_text_distance("", "abc"), 3);
    assert_int_equal(tsp_text_distance("kitten", "sitting"), 3);
    assert_int_equal(tsp_text_distance("filter", "fitler"), 1);
    assert_int_equal(tsp_text_distance("ca", "abc"), 3);
    assert_int_equal(tsp_text_distance("Cycles", "cYCLES"), 0);
}

static void a_number_is_digits_with_a_point_at_most(void **unused) {
    (void)unused;
    double value = 0;
    struct tsp_error error;
    assert_true(tsp_number_parse("0.99", 10, &value, &error) == 0 && value == 0.99);
    assert_true(tsp_number_parse("10", 10, &value, &error) == 0 && value == 10);
    static const char *const refused[] = {"",    "0",  "0.0", "-1", "+1",  "1e1", "nan",
                                          "inf", ".5", "5.",  "1 ", "1,5", "2%",  "10.1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
        if (tsp_number_parse(refused[i], 10, &value, &error) == 0) {
            fail_msg("'%s' was taken for a number", refused[i]);
        }
    }
    assert_true(value == 10); /* as it was */
}

static void the_nearest_name_is_found_and_far_ones_are_not(void **unused) {
    (void)unused;
    const char *known[] = {"run", "list", "show", "doctor"};
    assert_string_equal(tsp_name_nearest("lsit", known, 4), "list");
    assert_string_equal(tsp_name_nearest("docter", known, 4), "doctor");
    assert_null(tsp_name_nearest("xyzzy", known, 4));
    assert_null(tsp_name_nearest("anything", known, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_has_a_number_and_a_unit),
        cmocka_unit_test(a_size_has_a_whole_number_and_a_unit),
        cmocka_unit_test(a_count_is_digits_within_bounds),
        cmocka_unit_test(a_number_is_digits_with_a_point_at_most),
        cmocka_unit_test(distances_count_slips),
        cmocka_unit_test(the_nearest_name_is_found_and_far_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
