/*
 * Do the 95 % intervals hold what they promise? Each scenario is simulated 2,000 times from a distribution whose true quantile is
 * known, and the share of intervals that contain it must lie in 93–97 %, four standard errors either side. The generator and its
 * seeds are fixed, so a run that passes once passes always. The last tests show that the simulation bites: intervals that ignore
 * autocorrelation, or that pool the samples of several rounds, must fall out of the band.
 *
 * Autocorrelated samples are x(i) = F⁻¹(Φ(z(i))) with z a normal AR(1) of unit variance: F is then exactly the distribution of
 * every sample, and F⁻¹(p) the truth, whatever ρ.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "transept/stats.h"

#define TRIALS        2000
#define SAMPLES_MAX   10000
#define ROUNDS_MAX    10
#define ROUND_SAMPLES 1000

/* Of 1.5 the mean exists, the variance does not. */
#define PARETO_SHAPE 1.5

enum shape { NORMAL, LOGNORMAL, PARETO, SHAPES };

static const char *const shape_names[SHAPES] = {"normal", "lognormal", "Pareto"};

static double samples[SAMPLES_MAX];

/* F⁻¹(Φ(z)). */
static double from_normal(enum shape shape, double z) {
    switch (shape) {
    case LOGNORMAL:
        return exp(z);
    case PARETO:
        return pow(0.5 * erfc(z / M_SQRT2), -1.0 / PARETO_SHAPE);
    default:
        return 100.0 + z;
    }
}

static double truth(enum shape shape, double p) {
    return from_normal(shape, gsl_cdf_ugaussian_Pinv(p));
}

static gsl_rng *seeded(unsigned long seed) {
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    assert_non_null(rng);
    gsl_rng_set(rng, seed);
    return rng;
}

static void draw_series(gsl_rng *rng, enum shape shape, double rho, size_t n) {
    double innovation = sqrt(1.0 - rho * rho);
    double z = gsl_ran_gaussian_ziggurat(rng, 1.0);
    for (size_t i = 0; i < n; ++i) {
        samples[i] = from_normal(shape, z);
        z = rho * z + innovation * gsl_ran_gaussian_ziggurat(rng, 1.0);
    }
}

/* Ascending uniform samples without sorting: sums of exponential spacings (Devroye 1986, §V.3.1). */
static void draw_sorted_uniforms(gsl_rng *rng, double *values, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sum -= log(gsl_rng_uniform_pos(rng));
        values[i] = sum;
    }
    sum -= log(gsl_rng_uniform_pos(rng));
    for (size_t i = 0; i < n; ++i) {
        values[i] /= sum;
    }
}

struct tally {
    unsigned covered;
    unsigned bounded; /* trials whose interval has both bounds */
};

static void tally_add(struct tally *tally, struct tsp_estimate estimate, double expected) {
    if (!isnan(estimate.lo) && !isnan(estimate.hi)) {
        ++tally->bounded;
        tally->covered += estimate.lo <= expected && expected <= estimate.hi;
    }
}

static double coverage(const struct tally *tally, const char *what, const char *which) {
    /* Intervals that are withheld in many trials would leave a choice sample behind. */
    assert_true(tally->bounded >= TRIALS * 99 / 100);
    double share = (double)tally->covered / tally->bounded;
    print_message("             %-38s %-6s %6.2f %%\n", what, which, 100.0 * share);
    return share;
}

static void assert_covers(const struct tally *tally, const char *what, const char *which) {
    assert_near(coverage(tally, what, which), 0.95, 0.02);
}

/* One round's samples through tsp_stats_describe(), as they are in earnest. */
static void check_description(enum shape shape, double rho, size_t n, unsigned long seed) {
    struct tally p50 = {0, 0};
    struct tally p95 = {0, 0};
    struct tally p99 = {0, 0};
    gsl_rng *rng = seeded(seed);
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        struct tsp_description description;
        draw_series(rng, shape, rho, n);
        assert_int_equal(tsp_stats_describe(samples, n, &description, NULL), 0);
        tally_add(&p50, description.p50, truth(shape, 0.5));
        tally_add(&p95, description.p95, truth(shape, 0.95));
        tally_add(&p99, description.p99, truth(shape, 0.99));
    }
    gsl_rng_free(rng);
    print_message("             n = %zu, AR(1) with rho = %.1f\n", n, rho);
    assert_covers(&p50, shape_names[shape], "P50");
    assert_covers(&p95, shape_names[shape], "P95");
    assert_covers(&p99, shape_names[shape], "P99");
}

static void independent_samples_are_covered(void **state) {
    (void)state;
    check_description(NORMAL, 0.0, 1000, 101);
    check_description(LOGNORMAL, 0.0, 1000, 102);
    check_description(PARETO, 0.0, 1000, 103);
}

static void autocorrelated_samples_are_covered(void **state) {
    (void)state;
    check_description(NORMAL, 0.7, 4000, 111);
    check_description(LOGNORMAL, 0.7, 4000, 112);
    check_description(PARETO, 0.7, 4000, 113);
    /* By the quantile's own signs instead of those at the lower bound (describe.c) P99 would come to 92.5 % with this seed. */
    check_description(NORMAL, 0.9, 10000, 1);
}

/* From the first count that has both bounds on; by whole ranks the coverage would be up to 98.6 % here. */
static void few_samples_are_covered(void **state) {
    (void)state;
    static const struct {
        double p;
        size_t n;
        const char *name;
    } levels[] = {{0.5, 6, "P50"},    {0.5, 9, "P50"},    {0.5, 20, "P50"},   {0.95, 72, "P95"},
                  {0.95, 100, "P95"}, {0.99, 368, "P99"}, {0.99, 500, "P99"}, {0.999, 4000, "P99.9"}};
    gsl_rng *rng = seeded(121);
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; ++k) {
        struct tally light = {0, 0};
        struct tally heavy = {0, 0};
        double p = levels[k].p;
        size_t n = levels[k].n;
        for (unsigned trial = 0; trial < TRIALS; ++trial) {
            draw_sorted_uniforms(rng, samples, n);
            for (size_t i = 0; i < n; ++i) {
                samples[i] = -log1p(-samples[i]);
            }
            tally_add(&light, tsp_stats_quantile_interval(samples, n, (double)n, p), -log1p(-p));
            for (size_t i = 0; i < n; ++i) {
                samples[i] = exp(samples[i] / PARETO_SHAPE);
            }
            tally_add(&heavy, tsp_stats_quantile_interval(samples, n, (double)n, p),
                      exp(-log1p(-p) / PARETO_SHAPE));
        }
        print_message("             n = %zu\n", n);
        assert_covers(&light, "exponential, directly", levels[k].name);
        assert_covers(&heavy, "Pareto, directly", levels[k].name);
    }
    gsl_rng_free(rng);
}

/* Where the upper bound does not exist, the lower one still keeps its own 97.5 %. */
static void lone_bound_keeps_its_promise(void **state) {
    (void)state;
    gsl_rng *rng = seeded(131);
    unsigned below = 0;
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        draw_sorted_uniforms(rng, samples, 300);
        struct tsp_estimate estimate = tsp_stats_quantile_interval(samples, 300, 300.0, 0.99);
        assert_true(isnan(estimate.hi));
        below += estimate.lo <= 0.99;
    }
    gsl_rng_free(rng);
    assert_near((double)below / TRIALS, 0.975, 0.015);
}

/*
 * Rounds: the values of round r are M(r) · X with log M ~ N(0, σ²), fresh for each round, and log X ~ N(0, 0.2²), fresh for each
 * sample. A round's quantile is M(r) · q̂(r), and what the interval over rounds is about is the centre of its logarithm over all
 * rounds that could have been: E log M + E log q̂ = 0 + log q, so the truth is exp(0.2 · Φ⁻¹(p)). For P50 that is exact by symmetry;
 * at P95 the type-7 quantile of 1,000 samples lies 0.2 % lower on average, a twentieth of the half-width.
 */
#define WITHIN 0.2

static double draw_round(gsl_rng *rng, double sigma, double p) {
    draw_sorted_uniforms(rng, samples, ROUND_SAMPLES);
    size_t position = (size_t)(p * (ROUND_SAMPLES - 1)); /* all that the quantile looks at */
    for (size_t i = position; i < position + 2; ++i) {
        samples[i] = exp(WITHIN * gsl_cdf_ugaussian_Pinv(samples[i]));
    }
    return exp(gsl_ran_gaussian_ziggurat(rng, sigma)) * tsp_stats_quantile(samples, ROUND_SAMPLES, p);
}

static void check_rounds(size_t rounds, double sigma, double p, const char *name, unsigned long seed) {
    struct tally tally = {0, 0};
    gsl_rng *rng = seeded(seed);
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        double values[ROUNDS_MAX];
        for (size_t r = 0; r < rounds; ++r) {
            values[r] = draw_round(rng, sigma, p);
        }
        tally_add(&tally, tsp_stats_across_rounds(values, rounds), exp(WITHIN * gsl_cdf_ugaussian_Pinv(p)));
    }
    gsl_rng_free(rng);
    print_message("             %zu rounds, round effect %.0f %%\n", rounds, 100.0 * sigma);
    assert_covers(&tally, "Student's t over rounds", name);
}

static void rounds_with_effects_are_covered(void **state) {
    (void)state;
    check_rounds(3, 0.05, 0.5, "P50", 201);
    check_rounds(5, 0.05, 0.5, "P50", 202);
    check_rounds(10, 0.05, 0.5, "P50", 203);
    check_rounds(5, 0.3, 0.5, "P50", 204);
    check_rounds(10, 0.3, 0.5, "P50", 205);
    check_rounds(5, 0.05, 0.95, "P95", 206);
    check_rounds(10, 0.05, 0.95, "P95", 207);
    check_rounds(10, 0.0, 0.5, "P50", 208);
}

/* Net times about zero cannot be taken on logarithms. */
static void rounds_about_zero_are_covered(void **state) {
    (void)state;
    struct tally tally = {0, 0};
    gsl_rng *rng = seeded(211);
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        double values[ROUNDS_MAX];
        for (size_t r = 0; r < ROUNDS_MAX; ++r) {
            values[r] = gsl_ran_gaussian_ziggurat(rng, 0.1);
        }
        tally_add(&tally, tsp_stats_across_rounds(values, ROUNDS_MAX), 0.0);
    }
    gsl_rng_free(rng);
    assert_covers(&tally, "Student's t over rounds about zero", "P50");
}

/* What the correction is for: samples of ρ = 0.7 taken for independent. τ of the median's signs is 3.6, so 70 % are left. */
static void naive_interval_fails_under_autocorrelation(void **state) {
    (void)state;
    struct tally tally = {0, 0};
    gsl_rng *rng = seeded(301);
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        draw_series(rng, NORMAL, 0.7, 1000);
        gsl_sort(samples, 1, 1000);
        tally_add(&tally, tsp_stats_quantile_interval(samples, 1000, 1000.0, 0.5), truth(NORMAL, 0.5));
    }
    gsl_rng_free(rng);
    assert_true(coverage(&tally, "uncorrected, rho = 0.7 (must fail)", "P50") < 0.80);
}

/* What rounds are for: 10 of them pooled as if they were one. The truth is the same, the median of the mixture, by symmetry. */
static void pooled_interval_fails_under_round_effects(void **state) {
    (void)state;
    struct tally tally = {0, 0};
    gsl_rng *rng = seeded(302);
    for (unsigned trial = 0; trial < TRIALS; ++trial) {
        const size_t each = 100;
        for (size_t r = 0; r < ROUNDS_MAX; ++r) {
            double effect = gsl_ran_gaussian_ziggurat(rng, 0.05);
            for (size_t i = 0; i < each; ++i) {
                samples[r * each + i] = exp(effect + gsl_ran_gaussian_ziggurat(rng, WITHIN));
            }
        }
        gsl_sort(samples, 1, ROUNDS_MAX * each);
        tally_add(&tally,
                  tsp_stats_quantile_interval(samples, ROUNDS_MAX * each, ROUNDS_MAX * (double)each, 0.5),
                  1.0);
    }
    gsl_rng_free(rng);
    assert_true(coverage(&tally, "10 rounds pooled (must fail)", "P50") < 0.80);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_samples_are_covered),
        cmocka_unit_test(autocorrelated_samples_are_covered),
        cmocka_unit_test(few_samples_are_covered),
        cmocka_unit_test(lone_bound_keeps_its_promise),
        cmocka_unit_test(rounds_with_effects_are_covered),
        cmocka_unit_test(rounds_about_zero_are_covered),
        cmocka_unit_test(naive_interval_fails_under_autocorrelation),
        cmocka_unit_test(pooled_interval_fails_under_round_effects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
