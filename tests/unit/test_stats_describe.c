/* The description of one round's samples, and the autocorrelation time it rests on. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "transept/stats.h"

#define LONG 100000

static double series[LONG];
static double other[LONG];

/* A normal AR(1) of unit variance: its integrated autocorrelation time is (1 + ρ) / (1 − ρ). */
static void fill_autocorrelated(double *values, size_t n, double rho, unsigned long seed) {
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    assert_non_null(rng);
    gsl_rng_set(rng, seed);
    double x = gsl_ran_ugaussian(rng);
    for (size_t i = 0; i < n; ++i) {
        values[i] = x;
        x = rho * x + sqrt(1.0 - rho * rho) * gsl_ran_ugaussian(rng);
    }
    gsl_rng_free(rng);
}

static struct tsp_description describe(const double *samples, size_t n) {
    struct tsp_description d;
    struct tsp_error error = {""};
    assert_int_equal(tsp_stats_describe(samples, n, &d, &error), 0);
    return d;
}

/* Geyer's initial monotone sequence as the paper writes it: every autocovariance by its definition, one after the other. */
static double time_by_definition(const double *x, size_t n) {
    double mean = 0.0;
    for (size_t i = 0; i < n; ++i) {
        mean += x[i] / (double)n;
    }
    double first = 0.0;
    double pair_before = INFINITY;
    double sum = 0.0;
    for (size_t m = 0; 2 * m + 1 < n; ++m) {
        double pair = 0.0;
        for (size_t lag = 2 * m; lag <= 2 * m + 1; ++lag) {
            double covariance = 0.0;
            for (size_t i = 0; i + lag < n; ++i) {
                covariance += (x[i] - mean) * (x[i + lag] - mean);
            }
            first = lag == 0 ? covariance : first;
            pair += covariance;
        }
        if (pair <= 0.0) {
            break;
        }
        pair_before = pair < pair_before ? pair : pair_before;
        sum += pair_before / first;
    }
    return fmax(1.0, 2.0 * sum - 1.0);
}

static void autocorrelation_time_by_hand(void **state) {
    (void)state;
    const double steps[] = {0.0, 0.0, 1.0, 1.0}; /* ρ: 1, ¼, −½, −¼: pairs 5/4 and −3/4, so 2 · 5/4 − 1 */
    assert_near(tsp_stats_autocorrelation_time(steps, 4), 1.5, 1e-12);
    const double alternating[] = {1.0, -1.0, 1.0, -1.0, 1.0, -1.0};
    assert_near(tsp_stats_autocorrelation_time(alternating, 6), 1.0,
                1e-12); /* never counted as more than n */
    const double constant[] = {0.1, 0.1, 0.1};
    assert_near(tsp_stats_autocorrelation_time(constant, 3), 1.0, 1e-12);
    assert_near(tsp_stats_autocorrelation_time(constant, 1), 1.0, 1e-12);
    assert_true(isnan(tsp_stats_autocorrelation_time(constant, 0)));
}

/* The last of them ends beyond the lags that are summed directly, in the Fourier transform. */
static void autocorrelation_time_matches_its_definition(void **state) {
    (void)state;
    static const double rhos[] = {0.0, 0.5, 0.9, 0.99, 0.999};
    for (unsigned k = 0; k < 5; ++k) {
        for (size_t n = 3000; n <= 3003; ++n) {
            fill_autocorrelated(series, n, rhos[k], 40 + k);
            double expected = time_by_definition(series, n);
            assert_near(tsp_stats_autocorrelation_time(series, n), expected, 1e-7 * expected);
        }
    }
    assert_true(time_by_definition(series, 3000) > 300.0); /* so that the transform was used indeed */
    for (size_t i = 0; i < 4096; ++i) {
        series[i] =
            (double)i; /* positive up to lag 1,200, where a transform too short to hold n lags would wrap */
    }
    double expected = time_by_definition(series, 4096);
    assert_near(tsp_stats_autocorrelation_time(series, 4096), expected, 1e-7 * expected);
}

static void autocorrelation_time_finds_the_true_one(void **state) {
    (void)state;
    static const double rhos[] = {0.0, 0.5, 0.9, 0.99};
    for (unsigned k = 0; k < 4; ++k) {
        fill_autocorrelated(series, LONG, rhos[k], 50 + k);
        double expected = (1.0 + rhos[k]) / (1.0 - rhos[k]);
        assert_near(tsp_stats_autocorrelation_time(series, LONG), expected, 0.15 * expected);
    }
}

static void describes_by_hand(void **state) {
    (void)state;
    const double x[] = {4.0, 1.0, 3.0, 2.0, 5.0, 105.0};
    struct tsp_description d = describe(x, 6);
    assert_int_equal(d.n, 6);
    assert_near(d.mean, 20.0, 1e-12);
    assert_near(d.sd, sqrt((16.0 * 16 + 19 * 19 + 17 * 17 + 18 * 18 + 15 * 15 + 85 * 85) / 5.0), 1e-9);
    assert_near(d.min, 1.0, 0.0);
    assert_near(d.max, 105.0, 0.0);
    assert_near(d.mad, 1.5, 1e-12); /* median 3.5, deviations ½ ½ 1½ 1½ 2½ 101½ */
    assert_int_equal(d.outliers, 1);
    /* Σ d(i) d(i+1) / Σ d²: (16·19 + 19·17 + 17·18 + 18·15 − 15·85) / 8680 */
    assert_near(d.autocorrelation, (304.0 + 323 + 306 + 270 - 1275) / 8680.0, 1e-12);
    assert_near(d.effective, 6.0, 1e-12); /* Γ(0) = 8608/8680, Γ(1) < 0: 2 Γ(0) − 1 < 1 */
    /* above and below the median: + − − − + +, Γ(0) = 7/6, Γ(1) < 0, τ = 4/3: worth 4.5 samples, and bounds take 6 */
    assert_near(d.p50.value, 3.5, 1e-12);
    assert_true(isnan(d.p50.lo) && isnan(d.p50.hi) && d.p50.needs == 6);
    assert_true(isnan(d.p95.value) && d.p95.needs == 60);
    assert_true(isnan(d.p99.value) && d.p99.needs == 300);
    assert_true(isnan(d.p999.value) && d.p999.needs == 3000);
    assert_near(d.sketch[0], 1.0, 0.0);
    assert_near(d.sketch[50], 3.5, 1e-12);
    assert_near(d.sketch[90], 55.0, 1e-9); /* position 4.5 */
    assert_near(d.sketch[100], 105.0, 0.0);
}

static void one_sample_has_no_spread(void **state) {
    (void)state;
    const double x = 7.0;
    struct tsp_description d = describe(&x, 1);
    assert_int_equal(d.n, 1);
    assert_true(isnan(d.sd) && isnan(d.autocorrelation));
    assert_near(d.mean, 7.0, 0.0);
    assert_near(d.sketch[99], 7.0, 0.0);
    assert_true(isnan(d.p50.value) && d.p50.needs == 6);
}

static void equal_samples_have_a_sharp_interval(void **state) {
    (void)state;
    for (size_t i = 0; i < 100; ++i) {
        series[i] = 0.1;
    }
    struct tsp_description d = describe(series, 100);
    assert_near(d.effective, 100.0, 0.0);
    assert_near(d.p95.lo, 0.1, 0.0);
    assert_near(d.p95.hi, 0.1, 0.0);
    assert_near(d.mad, 0.0, 0.0);
    assert_int_equal(d.outliers, 0);
    assert_true(isnan(d.autocorrelation));
}

/* A clock that ticks in 10s: MAD is 0, yet 30 % of the samples, one tick up, are not outliers; the interrupt is. */
static void outliers_are_told_where_mad_is_zero(void **state) {
    (void)state;
    for (size_t i = 0; i < 100; ++i) {
        series[i] = i % 10 < 3 ? 20.0 : 10.0;
    }
    assert_int_equal(describe(series, 100).outliers, 0);
    series[55] = 5000.0;
    struct tsp_description d = describe(series, 100);
    assert_near(d.mad, 0.0, 0.0);
    assert_int_equal(d.outliers, 1);
    assert_int_equal(d.n, 100);
    assert_near(d.max, 5000.0, 0.0); /* counted, not removed */
}

static void outliers_lie_beyond_ten_mads_above_only(void **state) {
    (void)state;
    for (size_t i = 0; i < 101; ++i) {
        series[i] = (double)i; /* median 50, MAD 25: the fence is 300 */
    }
    series[101] = 300.0;
    series[102] = -900.0; /* keeps the median; fast is no disturbance */
    struct tsp_description d = describe(series, 103);
    assert_near(d.mad, 26.0, 1e-12);
    assert_int_equal(d.outliers, 0);
    series[101] = 311.0;
    assert_int_equal(describe(series, 103).outliers, 1);
}

static void order_matters_to_nothing_but_the_autocorrelation(void **state) {
    (void)state;
    fill_autocorrelated(series, 2000, 0.9, 60);
    memcpy(other, series, 2000 * sizeof *series);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    assert_non_null(rng);
    gsl_ran_shuffle(rng, other, 2000, sizeof *other);
    gsl_rng_free(rng);
    struct tsp_description a = describe(series, 2000);
    struct tsp_description b = describe(other, 2000);
    assert_memory_equal(a.sketch, b.sketch, sizeof a.sketch);
    assert_near(a.p50.value, b.p50.value, 0.0);
    assert_near(a.mad, b.mad, 0.0);
    assert_near(a.mean, b.mean, 1e-12);
    assert_near(a.sd, b.sd, 1e-12);
    assert_int_equal(a.outliers, b.outliers);
    assert_true(a.autocorrelation > 0.8 && fabs(b.autocorrelation) < 0.1);
    assert_true(a.effective < 250.0 && b.effective > 1500.0);
    assert_true(a.p50.hi - a.p50.lo > 2.0 * (b.p50.hi - b.p50.lo)); /* √12 by theory */
    assert_true(isnan(a.p99.value) && a.p99.needs == 300);          /* 2,000 samples, but worth a hundred */
    assert_true(isfinite(b.p99.value));
}

/* Had the interval gone by the values' autocorrelation, one sample of 10⁶ would have hidden it. */
static void one_huge_sample_does_not_hide_autocorrelation(void **state) {
    (void)state;
    fill_autocorrelated(series, 4000, 0.9, 61);
    struct tsp_description before = describe(series, 4000);
    series[1234] = 1e6;
    struct tsp_description after = describe(series, 4000);
    assert_true(after.effective > 3000.0);
    assert_near(after.p50.hi - after.p50.lo, before.p50.hi - before.p50.lo,
                0.02 * (before.p50.hi - before.p50.lo));
}

static void description_follows_scale_and_shift(void **state) {
    (void)state;
    fill_autocorrelated(series, 5000, 0.3, 62);
    for (size_t i = 0; i < 5000; ++i) {
        other[i] = 4.0 * series[i] + 64.0;
    }
    struct tsp_description a = describe(series, 5000);
    struct tsp_description b = describe(other, 5000);
    assert_near(b.mean, 4.0 * a.mean + 64.0, 1e-9);
    assert_near(b.sd, 4.0 * a.sd, 1e-9);
    assert_near(b.mad, 4.0 * a.mad, 1e-9);
    assert_near(b.effective, a.effective, 1e-6 * a.effective);
    assert_near(b.p99.lo, 4.0 * a.p99.lo + 64.0, 1e-9);
    assert_near(b.p99.hi, 4.0 * a.p99.hi + 64.0, 1e-9);
    assert_near(b.sketch[37], 4.0 * a.sketch[37] + 64.0, 1e-9);
}

static void refuses_what_cannot_be_described(void **state) {
    (void)state;
    double x[] = {1.0, NAN, 3.0};
    struct tsp_description d;
    struct tsp_error error = {""};
    assert_int_equal(tsp_stats_describe(x, 0, &d, &error), -1);
    assert_non_null(strstr(error.text, "no samples"));
    assert_int_equal(tsp_stats_describe(x, 3, &d, &error), -1);
    assert_non_null(strstr(error.text, "sample 2 of 3"));
    x[1] = 2.0;
    x[2] = INFINITY;
    assert_int_equal(tsp_stats_describe(x, 3, &d, &error), -1);
    assert_non_null(strstr(error.text, "sample 3 of 3"));
    assert_int_equal(tsp_stats_describe(x, 3, &d, NULL), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(autocorrelation_time_by_hand),
        cmocka_unit_test(autocorrelation_time_matches_its_definition),
        cmocka_unit_test(autocorrelation_time_finds_the_true_one),
        cmocka_unit_test(describes_by_hand),
        cmocka_unit_test(one_sample_has_no_spread),
        cmocka_unit_test(equal_samples_have_a_sharp_interval),
        cmocka_unit_test(outliers_are_told_where_mad_is_zero),
        cmocka_unit_test(outliers_lie_beyond_ten_mads_above_only),
        cmocka_unit_test(order_matters_to_nothing_but_the_autocorrelation),
        cmocka_unit_test(one_huge_sample_does_not_hide_autocorrelation),
        cmocka_unit_test(description_follows_scale_and_shift),
        cmocka_unit_test(refuses_what_cannot_be_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
