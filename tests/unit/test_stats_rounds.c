/* The estimate over rounds: Student's t by hand, and what happens with too few rounds, gaps and zeros. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "transept/stats.h"

/* t of 97.5 % with 2 degrees of freedom, from any table. */
#define T2 4.302652729911275

static void works_on_logarithms_of_positive_values(void **state) {
    (void)state;
    const double values[] = {exp(1.5), exp(0.5), exp(1.0)}; /* logarithms: mean 1, sd ½ */
    struct tsp_estimate e = tsp_stats_across_rounds(values, 3);
    assert_near(e.value, exp(1.0), 1e-12);
    assert_near(e.lo, exp(1.0 - 0.5 * T2 / sqrt(3.0)), 1e-9);
    assert_near(e.hi, exp(1.0 + 0.5 * T2 / sqrt(3.0)), 1e-7);
    assert_int_equal(e.needs, 0);
}

static void works_on_values_when_one_is_not_positive(void **state) {
    (void)state;
    const double values[] = {-1.0, 0.0, 1.0};
    struct tsp_estimate e = tsp_stats_across_rounds(values, 3);
    assert_near(e.value, 0.0, 1e-12);
    assert_near(e.lo, -T2 / sqrt(3.0), 1e-9);
    assert_near(e.hi, T2 / sqrt(3.0), 1e-9);
    const double with_zero[] = {0.0, 1.0, 2.0};
    assert_near(tsp_stats_across_rounds(with_zero, 3).value, 1.0, 1e-12);
}

static void works_on_values_that_are_nothing_but_noise(void **state) {
    (void)state;
    const double values[] = {0.0001, 0.02,
                             0.0004}; /* on logarithms the upper bound would be 0.98: 49 times the largest */
    struct tsp_estimate e = tsp_stats_across_rounds(values, 3);
    assert_near(e.value, 0.0205 / 3.0, 1e-12);
    assert_true(e.lo < 0.0 && e.hi < 0.05);
}

static void has_no_bounds_below_three_rounds(void **state) {
    (void)state;
    const double values[] = {3.0, 5.0};
    struct tsp_estimate e = tsp_stats_across_rounds(values, 2);
    assert_near(e.value, 4.0, 1e-12);
    assert_true(isnan(e.lo) && isnan(e.hi));
    e = tsp_stats_across_rounds(values, 1);
    assert_near(e.value, 3.0, 1e-12);
    assert_true(isnan(e.lo) && isnan(e.hi));
    e = tsp_stats_across_rounds(values, 0);
    assert_true(isnan(e.value) && isnan(e.lo) && isnan(e.hi));
}

static void leaves_out_rounds_without_the_quantile(void **state) {
    (void)state;
    const double gaps[] = {NAN, 2.0, 3.0, NAN, 4.0};
    const double without[] = {2.0, 3.0, 4.0};
    struct tsp_estimate a = tsp_stats_across_rounds(gaps, 5);
    struct tsp_estimate b = tsp_stats_across_rounds(without, 3);
    assert_near(a.value, b.value, 0.0);
    assert_near(a.lo, b.lo, 0.0);
    assert_near(a.hi, b.hi, 0.0);
    a = tsp_stats_across_rounds(gaps, 3);
    assert_near(a.value, 2.5, 1e-12);
    assert_true(isnan(a.lo));
    assert_true(isnan(tsp_stats_across_rounds(gaps, 1).value));
}

static void identical_rounds_give_exactly_their_value(void **state) {
    (void)state;
    const double values[] = {0.1, 0.1, 0.1, 0.1};
    struct tsp_estimate e = tsp_stats_across_rounds(values, 4);
    assert_true(e.value == 0.1 && e.lo == 0.1 && e.hi == 0.1);
}

/* Ratios decide, so a change of unit must change nothing else; and the order of the rounds is chance. */
static void follows_scale_and_ignores_order(void **state) {
    (void)state;
    const double values[] = {5.0, 7.0, 6.0, 5.5, 6.5};
    const double shuffled[] = {6.5, 5.0, 5.5, 7.0, 6.0};
    double scaled[5];
    for (size_t i = 0; i < 5; ++i) {
        scaled[i] = 1e-9 * values[i];
    }
    struct tsp_estimate e = tsp_stats_across_rounds(values, 5);
    struct tsp_estimate s = tsp_stats_across_rounds(shuffled, 5);
    struct tsp_estimate u = tsp_stats_across_rounds(scaled, 5);
    assert_true(e.lo < e.value && e.value < e.hi);
    assert_near(s.value, e.value, 1e-12);
    assert_near(s.hi, e.hi, 1e-12);
    assert_near(u.lo * 1e9, e.lo, 1e-9);
    assert_near(u.hi * 1e9, e.hi, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(works_on_logarithms_of_positive_values),
        cmocka_unit_test(works_on_values_when_one_is_not_positive),
        cmocka_unit_test(works_on_values_that_are_nothing_but_noise),
        cmocka_unit_test(has_no_bounds_below_three_rounds),
        cmocka_unit_test(leaves_out_rounds_without_the_quantile),
        cmocka_unit_test(identical_rounds_give_exactly_their_value),
        cmocka_unit_test(follows_scale_and_ignores_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
