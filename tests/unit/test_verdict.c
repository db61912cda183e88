/* Effects and verdicts: against worked figures, against what must hold for any figures, and against simulated records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

#include "near.h"
#include "transept/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct tsp_effect between(const double *a, size_t a_count, const double *b, size_t b_count) {
    struct tsp_effect effect;
    struct tsp_error error = {""};
    if (tsp_effect_between(&effect, a, a_count, b, b_count, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return effect;
}

/* The figures were worked out apart from this code: the formulas in a few lines of Python, the t distribution by integrating its density. */
static void welch_agrees_with_worked_figures(void **unused) {
    (void)unused;
    const double a[] = {10.00, 10.05, 9.95, 10.10, 9.90};
    const double b[] = {10.20, 10.40, 10.10, 10.30, 10.06};
    struct tsp_effect effect = between(a, COUNT(a), b, COUNT(b));
    assert_near(effect.ratio, 1.021148434502564, 1e-12);
    assert_near(effect.df, 6.389242629204022, 1e-9);
    assert_near(effect.p, 0.02368225527512487, 1e-9);
    assert_near(effect.lo, 1.0038488669659424, 1e-7);
    assert_near(effect.hi, 1.0387461296227318, 1e-7);
    assert_int_equal(effect.rounds[0], 5);
    assert_int_equal(effect.rounds[1], 5);
}

static void the_other_way_round_is_the_inverse(void **unused) {
    (void)unused;
    const double a[] = {3.0, 3.2, 2.9, 3.1};
    const double b[] = {2.0, 2.5, 2.2, NAN, 2.1, 2.4};
    struct tsp_effect there = between(a, COUNT(a), b, COUNT(b));
    struct tsp_effect back = between(b, COUNT(b), a, COUNT(a));
    assert_near(there.ratio * back.ratio, 1, 1e-12);
    assert_near(there.lo * back.hi, 1, 1e-12);
    assert_near(there.p, back.p, 1e-15);
    assert_int_equal(there.rounds[1], 5); /* NaN is no round */
}

static void what_never_varies_needs_no_doubt(void **unused) {
    (void)unused;
    const double a[] = {4, 4, 4};
    const double b[] = {5, 5, 5};
    struct tsp_effect equal = between(a, 3, a, 3);
    struct tsp_effect apart = between(a, 3, b, 3);
    assert_true(equal.ratio == 1 && equal.lo == 1 && equal.hi == 1 && equal.p == 1);
    assert_near(apart.lo, 1.25, 1e-12);
    assert_near(apart.hi, 1.25, 1e-12);
    assert_true(apart.p == 0);
}

static void what_has_no_ratio_is_refused(void **unused) {
    (void)unused;
    const double fine[] = {1, 2, 3};
    const double zero[] = {1, 0, 3};
    const double absent[] = {1, NAN, 3};
    struct tsp_effect effect;
    struct tsp_error error = {""};
    assert_int_equal(tsp_effect_between(&effect, fine, 3, zero, 3, &error), -1);
    assert_non_null(strstr(error.text, "not above zero"));
    assert_int_equal(tsp_effect_between(&effect, absent, 3, fine, 3, &error), -1);
    assert_non_null(strstr(error.text, "2 rounds have the value; it takes 3"));
    assert_int_equal(tsp_effect_paired(&effect, fine, zero, 3, &error), -1);
    assert_int_equal(tsp_effect_paired(&effect, fine, absent, 3, &error), -1);
    assert_int_equal(tsp_effect_between(&effect, fine, 0, fine, 3, &error), -1);
    const double chance[] = {1e-6, 2e-3, 5e-5};
    assert_int_equal(tsp_effect_between(&effect, fine, 3, chance, 3, &error), -1);
    assert_non_null(strstr(error.text, "lost in noise"));
}

/* What rounds have in common drops out: the machine is slow by turns, the difference is not. */
static void pairs_take_out_what_they_share(void **unused) {
    (void)unused;
    const double a[] = {1.00, 1.50, 1.20, 2.00, 1.10};
    double b[COUNT(a)];
    struct tsp_effect paired;
    struct tsp_error error = {""};
    for (size_t i = 0; i < COUNT(a); ++i) {
        b[i] = a[i] * (i % 2 == 0 ? 1.021 : 1.019);
    }
    assert_int_equal(tsp_effect_paired(&paired, a, b, COUNT(a), &error), 0);
    struct tsp_effect apart = between(a, COUNT(a), b, COUNT(b));
    assert_near(paired.ratio, apart.ratio, 1e-12);
    assert_true(paired.lo > 1.018 && paired.hi < 1.022);
    assert_true(apart.lo < 1 && apart.hi > 1);
    assert_int_equal(tsp_verdict_on(&paired, paired.p, 0.01), TSP_VERDICT_WORSE);
    assert_int_equal(tsp_verdict_on(&apart, apart.p, 0.01), TSP_VERDICT_INCONCLUSIVE);
}

/* The steps of the procedure by hand: p·m/rank, then never more than a larger one's. */
static void adjustment_is_benjamini_and_hochbergs(void **unused) {
    (void)unused;
    struct tsp_error error = {""};
    double p[] = {0.04, NAN, 0.001, 0.03, 0.5, 0.02};
    const double expected[] = {0.05, NAN, 0.005, 0.05, 0.5, 0.05};
    assert_int_equal(tsp_fdr_adjust(p, COUNT(p), &error), 0);
    for (size_t i = 0; i < COUNT(p); ++i) {
        if (isnan(expected[i])) {
            assert_true(isnan(p[i]));
        } else {
            assert_near(p[i], expected[i], 1e-15);
        }
    }
    double one[] = {0.9};
    assert_int_equal(tsp_fdr_adjust(one, 1, &error), 0);
    assert_near(one[0], 0.9, 0);
    assert_int_equal(tsp_fdr_adjust(NULL, 0, &error), 0);
}

static void each_verdict_has_its_place(void **unused) {
    (void)unused;
    const struct {
        double lo;
        double hi;
        double p;
        enum tsp_effect_verdict verdict;
    } rows[] = {
        {1.02, 1.04, 0.001, TSP_VERDICT_WORSE},
        {0.95, 0.97, 0.001, TSP_VERDICT_BETTER},
        {0.995, 1.005, 0.9, TSP_VERDICT_SAME},
        {1.002, 1.008, 0.001, TSP_VERDICT_SAME}, /* sure, and below the floor */
        {0.99, 1.02, 0.5, TSP_VERDICT_INCONCLUSIVE},
        {1.005, 1.03, 0.01, TSP_VERDICT_INCONCLUSIVE},
        {1.02, 1.04, 0.06, TSP_VERDICT_INCONCLUSIVE}, /* not when so many were tried */
        {0.95, 0.97, 0.06, TSP_VERDICT_INCONCLUSIVE},
    };
    for (size_t i = 0; i < COUNT(rows); ++i) {
        struct tsp_effect effect = {
            .ratio = sqrt(rows[i].lo * rows[i].hi), .lo = rows[i].lo, .hi = rows[i].hi};
        assert_int_equal(tsp_verdict_on(&effect, rows[i].p, 0.01), rows[i].verdict);
    }
}

static void the_floor_sees_drift_and_flutter(void **unused) {
    (void)unused;
    const double drift[] = {1, 1, 1, 1.1, 1.1, 1.1};
    const double flutter[] = {1, 1.1, 1, 1.1, 1, 1.1};
    const double still[] = {2, 2, 2, 2};
    const double few[] = {1, 2, NAN, 0, 3};
    assert_near(tsp_noise_floor(drift, COUNT(drift)), 0.1, 1e-12);
    assert_near(tsp_noise_floor(flutter, COUNT(flutter)), 0.1, 1e-12);
    assert_near(tsp_noise_floor(still, COUNT(still)), 0, 0);
    assert_true(isnan(tsp_noise_floor(few, COUNT(few))));
}

/* With that many rounds of the same spread the interval just clears the edge. */
static void the_wanted_rounds_would_do(void **unused) {
    (void)unused;
    struct tsp_effect effect = {
        .ratio = 1.02, .lo = 1.02 / exp(0.04), .hi = 1.02 * exp(0.04), .rounds = {5, 5}};
    double rounds = (double)tsp_rounds_wanted(&effect, 0.01);
    double reach = 0.04 * sqrt(5 / rounds);
    assert_true(log(1.02) - reach >= log(1.01));
    assert_true(log(1.02) - 0.04 * sqrt(5 / (rounds - 1)) < log(1.01));
    effect.ratio = 1.01; /* on the edge: no number of rounds will tell */
    assert_int_equal(tsp_rounds_wanted(&effect, 0.01), 0);
}

/* A simulated case: `rounds` of each side, log-normal, `shift` apart. */
static enum tsp_effect_verdict simulate(gsl_rng *random, size_t rounds, double spread, double shift,
                                        double *p) {
    double a[64];
    double b[64];
    for (size_t i = 0; i < rounds; ++i) {
        a[i] = exp(gsl_ran_gaussian(random, spread));
        b[i] = shift * exp(gsl_ran_gaussian(random, spread));
    }
    struct tsp_effect effect = between(a, rounds, b, rounds);
    double floor = fmax(0.01, fmax(tsp_noise_floor(a, rounds), tsp_noise_floor(b, rounds)));
    *p = effect.p;
    return tsp_verdict_on(&effect, effect.p, floor); /* not adjusted: the worst case, a comparison of one */
}

#define TRIALS 5000

static double rate_of(enum tsp_effect_verdict verdict, size_t rounds, double spread, double shift) {
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    unsigned hits = 0;
    double p = 0;
    for (unsigned i = 0; i < TRIALS; ++i) {
        hits += simulate(random, rounds, spread, shift, &p) == verdict;
    }
    gsl_rng_free(random);
    return (double)hits / TRIALS;
}

/* The same against the same: at most 1 % false alarms, of either kind, whatever the noise. */
static void false_alarms_are_rare(void **unused) {
    (void)unused;
    const size_t rounds[] = {5, 15, 40};
    const double spreads[] = {0.001, 0.005, 0.02, 0.1};
    for (size_t r = 0; r < COUNT(rounds); ++r) {
        for (size_t s = 0; s < COUNT(spreads); ++s) {
            double worse = rate_of(TSP_VERDICT_WORSE, rounds[r], spreads[s], 1);
            double better = rate_of(TSP_VERDICT_BETTER, rounds[r], spreads[s], 1);
            if (worse + better > 0.01) {
                fail_msg("%.2f %% false alarms with %zu rounds of %.1f %% spread", 100 * (worse + better),
                         rounds[r], 100 * spreads[s]);
            }
        }
    }
}

/* A true difference of 2 % is found where the spread allows it, and none is called the same or the reverse. */
static void true_differences_are_found(void **unused) {
    (void)unused;
    assert_true(rate_of(TSP_VERDICT_WORSE, 15, 0.005, 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_WORSE, 40, 0.01, 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_BETTER, 15, 0.005, 1 / 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_SAME, 15, 0.005, 1.02) <= 0.001);
    assert_true(rate_of(TSP_VERDICT_BETTER, 5, 0.05, 1.02) <= 0.01);
    assert_true(rate_of(TSP_VERDICT_SAME, 40, 0.005, 1) >= 0.95);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welch_agrees_with_worked_figures),
        cmocka_unit_test(the_other_way_round_is_the_inverse),
        cmocka_unit_test(what_never_varies_needs_no_doubt),
        cmocka_unit_test(what_has_no_ratio_is_refused),
        cmocka_unit_test(pairs_take_out_what_they_share),
        cmocka_unit_test(adjustment_is_benjamini_and_hochbergs),
        cmocka_unit_test(each_verdict_has_its_place),
        cmocka_unit_test(the_floor_sees_drift_and_flutter),
        cmocka_unit_test(the_wanted_rounds_would_do),
        cmocka_unit_test(false_alarms_are_rare),
        cmocka_unit_test(true_differences_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
