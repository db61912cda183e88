/* Quantiles of sorted values and their intervals: hand-computed examples, properties, and a second implementation. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "transept/stats.h"

#define CLOSE 1e-12

static void fill_sorted(double *values, size_t n, unsigned long seed) {
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    assert_non_null(rng);
    gsl_rng_set(rng, seed);
    for (size_t i = 0; i < n; ++i) {
        values[i] = gsl_ran_lognormal(rng, 1.0, 0.7);
    }
    gsl_rng_free(rng);
    gsl_sort(values, 1, n);
}

/* Hyndman & Fan 1996, definition 7, from their general form with m = 1 − p: nothing shared with GSL's code. */
static double quantile_by_definition(const double *sorted, size_t n, double p) {
    double position = (double)n * p + 1.0 - p;
    double whole = floor(position);
    size_t j = (size_t)whole;
    if (j >= n) {
        return sorted[n - 1];
    }
    return (1.0 - (position - whole)) * sorted[j - 1] + (position - whole) * sorted[j];
}

static void quantile_matches_hand_computed_examples(void **state) {
    (void)state;
    const double four[] = {1.0, 2.0, 4.0, 8.0};
    assert_near(tsp_stats_quantile(four, 4, 0.0), 1.0, CLOSE);
    assert_near(tsp_stats_quantile(four, 4, 0.25), 1.75, CLOSE); /* position 3 · ¼ = 0.75 */
    assert_near(tsp_stats_quantile(four, 4, 0.5), 3.0, CLOSE);
    assert_near(tsp_stats_quantile(four, 4, 0.9), 6.8, CLOSE); /* position 2.7: 4 + 0.7 · 4 */
    assert_near(tsp_stats_quantile(four, 4, 1.0), 8.0, CLOSE);
    assert_near(tsp_stats_quantile(four, 1, 0.99), 1.0, CLOSE);
}

static void quantile_matches_its_definition(void **state) {
    (void)state;
    static double values[997];
    for (size_t n = 1; n <= 997; n += 83) {
        fill_sorted(values, n, (unsigned long)n);
        for (unsigned i = 0; i <= 1000; ++i) {
            double p = (double)i / 1000.0;
            double expected = quantile_by_definition(values, n, p);
            assert_near(tsp_stats_quantile(values, n, p), expected, 1e-10 * expected);
        }
    }
}

static void quantile_refuses_what_has_none(void **state) {
    (void)state;
    const double two[] = {1.0, 2.0};
    assert_true(isnan(tsp_stats_quantile(two, 0, 0.5)));
    assert_true(isnan(tsp_stats_quantile(two, 2, -0.001)));
    assert_true(isnan(tsp_stats_quantile(two, 2, 1.001)));
    assert_true(isnan(tsp_stats_quantile(two, 2, NAN)));
}

static void quantile_rises_with_p(void **state) {
    (void)state;
    static double values[313];
    fill_sorted(values, 313, 5);
    for (unsigned i = 1; i <= 10000; ++i) {
        double before = tsp_stats_quantile(values, 313, (double)(i - 1) / 10000.0);
        assert_true(tsp_stats_quantile(values, 313, (double)i / 10000.0) >= before);
    }
}

static void median_is_the_middle_in_any_order(void **state) {
    (void)state;
    double odd[] = {9.0, 1.0, 5.0};
    double even[] = {8.0, 1.0, 4.0, 2.0};
    assert_near(tsp_stats_median(odd, 3), 5.0, CLOSE);
    assert_near(tsp_stats_median(even, 4), 3.0, CLOSE);
    assert_true(isnan(tsp_stats_median(odd, 0)));
}

static void needed_counts_are_those_of_the_design(void **state) {
    (void)state;
    assert_int_equal(tsp_stats_needed(0.5), 6);
    assert_int_equal(tsp_stats_needed(0.9), 30);
    assert_int_equal(tsp_stats_needed(0.95), 60);
    assert_int_equal(tsp_stats_needed(0.05), 60);
    assert_int_equal(tsp_stats_needed(0.99), 300);
    assert_int_equal(tsp_stats_needed(0.999), 3000);
    assert_int_equal(tsp_stats_needed(0.7), 10);
    assert_true(tsp_stats_needed(0.0) == UINT64_MAX);
    assert_true(tsp_stats_needed(1.0) == UINT64_MAX);
    assert_true(tsp_stats_needed(NAN) == UINT64_MAX);
    assert_int_equal(tsp_stats_needed_for_bounds(0.5), 6);
    assert_int_equal(tsp_stats_needed_for_bounds(0.95), 72);
    assert_int_equal(tsp_stats_needed_for_bounds(0.05), 72);
    assert_int_equal(tsp_stats_needed_for_bounds(0.99), 368);
    assert_int_equal(tsp_stats_needed_for_bounds(0.999), 3688);
    assert_true(tsp_stats_needed_for_bounds(1.0) == UINT64_MAX);
}

/* Where a bound falls on a whole rank nothing is interpolated, and the textbook's binomial must say 97.5 % there. */
static void bounds_bracket_the_binomial_ranks(void **state) {
    (void)state;
    static const double levels[] = {0.5, 0.95, 0.99, 0.05};
    static double ranks[4000];
    for (size_t i = 0; i < 4000; ++i) {
        ranks[i] = (double)(i + 1); /* a value is its own rank */
    }
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; ++k) {
        for (unsigned n = (unsigned)tsp_stats_needed_for_bounds(levels[k]); n <= 4000; n = n * 3 / 2) {
            struct tsp_estimate e = tsp_stats_quantile_interval(ranks, n, n, levels[k]);
            /* P(X_(r) ≤ q) = P(Bin ≥ r) is at least 97.5 % at the rank below `lo` and at most that at the one above */
            unsigned below = (unsigned)fmax(floor(e.lo - 0.03), 1.0);
            unsigned above = (unsigned)ceil(e.lo + 0.03);
            assert_true(gsl_cdf_binomial_Q(below - 1, levels[k], n) >= 0.975);
            assert_true(gsl_cdf_binomial_Q(above - 1, levels[k], n) <= 0.975);
            /* P(X_(r) > q) = P(Bin < r), the same from above */
            below = (unsigned)floor(e.hi - 0.03);
            above = (unsigned)ceil(e.hi + 0.03);
            assert_true(gsl_cdf_binomial_P(above - 1, levels[k], n) >= 0.975);
            assert_true(gsl_cdf_binomial_P(below - 1, levels[k], n) <= 0.975);
        }
    }
}

/* n = 6, P50: the least and the largest contain the median with 1 − 2/64 = 96.9 %, the next ranks with 78 %. */
static void smallest_median_interval_is_nearly_the_range(void **state) {
    (void)state;
    const double six[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
    struct tsp_estimate e = tsp_stats_quantile_interval(six, 6, 6.0, 0.5);
    assert_near(e.value, 3.5, CLOSE);
    assert_true(e.lo >= 1.0 && e.lo < 1.2);
    assert_near(e.lo + e.hi, 7.0, 1e-9); /* the mirror image */
    assert_int_equal(e.needs, 0);
}

static void unsupported_quantile_is_nan_and_says_what_it_takes(void **state) {
    (void)state;
    static double values[1000];
    fill_sorted(values, 1000, 7);
    struct tsp_estimate e = tsp_stats_quantile_interval(values, 1000, 299.9, 0.99);
    assert_true(isnan(e.value) && isnan(e.lo) && isnan(e.hi));
    assert_int_equal(e.needs, 300);
    e = tsp_stats_quantile_interval(values, 1000, NAN, 0.5);
    assert_true(isnan(e.value));
    assert_int_equal(e.needs, 6);
    e = tsp_stats_quantile_interval(values, 5, 1000.0,
                                    0.5); /* more effective samples than there are samples */
    assert_true(isnan(e.value));
    e = tsp_stats_quantile_interval(values, 1000, 1000.0, 1.0);
    assert_true(isnan(e.value) && e.needs == UINT64_MAX);
}

static void missing_bound_is_nan_and_the_other_stays(void **state) {
    (void)state;
    static double values[1000];
    fill_sorted(values, 1000, 8);
    struct tsp_estimate e = tsp_stats_quantile_interval(values, 1000, 300.0, 0.99);
    assert_true(e.lo < e.value && isnan(e.hi));
    assert_int_equal(e.needs, 368);
    e = tsp_stats_quantile_interval(values, 1000, 300.0, 0.01);
    assert_true(isnan(e.lo) && e.hi > e.value);
    assert_int_equal(e.needs, 368);
    assert_true(isnan(tsp_stats_quantile_interval(values, 1000, 367.0, 0.99).hi));
    e = tsp_stats_quantile_interval(values, 1000, 368.0, 0.99);
    assert_true(e.hi > e.value);
    assert_int_equal(e.needs, 0);
}

static void interval_contains_its_value_and_shrinks_with_effective_samples(void **state) {
    (void)state;
    static const double levels[] = {0.05, 0.3, 0.5, 0.95, 0.99, 0.999};
    static double values[20000];
    fill_sorted(values, 20000, 9);
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; ++k) {
        double width = INFINITY;
        double effective = (double)tsp_stats_needed_for_bounds(levels[k]);
        while (effective <= 20000.0) {
            struct tsp_estimate e = tsp_stats_quantile_interval(values, 20000, effective, levels[k]);
            assert_true(e.lo <= e.value && e.value <= e.hi);
            assert_true(e.hi - e.lo < width);
            width = e.hi - e.lo;
            effective *= 1.37;
        }
    }
}

/* The ranks of 50 effective samples, carried over to 1,001: still as far below the middle as above it. */
static void thinned_interval_stays_centred(void **state) {
    (void)state;
    static double ranks[1001];
    for (size_t i = 0; i < 1001; ++i) {
        ranks[i] = (double)i;
    }
    struct tsp_estimate e = tsp_stats_quantile_interval(ranks, 1001, 50.0, 0.5);
    assert_near(e.lo + e.hi, 1000.0, 1e-6);
    assert_near(e.hi - e.lo, 1001.0 * 1.96 / sqrt(50.0), 20.0); /* the binomial's normal approximation */
}

/* The expansion for many samples takes over from the beta function at n·p·(1 − p) = 200 without a step. */
static void interval_has_no_step_where_the_method_changes(void **state) {
    (void)state;
    static const double levels[] = {0.5, 0.95, 0.99, 0.01};
    static double ranks[20300];
    for (size_t i = 0; i < 20300; ++i) {
        ranks[i] = (double)i;
    }
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; ++k) {
        double change = 200.0 / (levels[k] * (1.0 - levels[k]));
        size_t n = (size_t)ceil(change);
        struct tsp_estimate exact = tsp_stats_quantile_interval(ranks, n, change - 0.001, levels[k]);
        struct tsp_estimate expanded = tsp_stats_quantile_interval(ranks, n, change + 0.001, levels[k]);
        assert_near(exact.lo, expanded.lo, 0.03);
        assert_near(exact.hi, expanded.hi, 0.03);
    }
}

static void interval_follows_scale_and_shift(void **state) {
    (void)state;
    static double values[500];
    static double moved[500];
    fill_sorted(values, 500, 10);
    for (size_t i = 0; i < 500; ++i) {
        moved[i] = 3.0 * values[i] + 100.0;
    }
    struct tsp_estimate e = tsp_stats_quantile_interval(values, 500, 450.0, 0.95);
    struct tsp_estimate m = tsp_stats_quantile_interval(moved, 500, 450.0, 0.95);
    assert_near(m.value, 3.0 * e.value + 100.0, 1e-9);
    assert_near(m.lo, 3.0 * e.lo + 100.0, 1e-9);
    assert_near(m.hi, 3.0 * e.hi + 100.0, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantile_matches_hand_computed_examples),
        cmocka_unit_test(quantile_matches_its_definition),
        cmocka_unit_test(quantile_refuses_what_has_none),
        cmocka_unit_test(quantile_rises_with_p),
        cmocka_unit_test(median_is_the_middle_in_any_order),
        cmocka_unit_test(needed_counts_are_those_of_the_design),
        cmocka_unit_test(bounds_bracket_the_binomial_ranks),
        cmocka_unit_test(smallest_median_interval_is_nearly_the_range),
        cmocka_unit_test(unsupported_quantile_is_nan_and_says_what_it_takes),
        cmocka_unit_test(missing_bound_is_nan_and_the_other_stays),
        cmocka_unit_test(interval_contains_its_value_and_shrinks_with_effective_samples),
        cmocka_unit_test(thinned_interval_stays_centred),
        cmocka_unit_test(interval_has_no_step_where_the_method_changes),
        cmocka_unit_test(interval_follows_scale_and_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
