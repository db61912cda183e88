/* Effects and verdicts: against worked figures, and against what must hold for any figures (test_verdict_rates.c: against simulated records). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

#include "compare/signed_rank.h"
#include "effects.h"
#include "near.h"
#include "transept/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

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

/* Rounds that rise and fall slowly: r is 0.475, so that 2.81 count as one; worked out apart from this code, as above. */
static void rounds_that_resemble_each_other_count_for_fewer(void **unused) {
    (void)unused;
    double a[8];
    double b[8];
    double mixed[8];
    const double steps[] = {0, 1, 2, 3, 3, 2, 1, 0};
    const double shuffled[] = {0, 3, 1, 2, 0, 3, 1, 2};
    for (size_t i = 0; i < COUNT(a); ++i) {
        a[i] = exp(0.01 * steps[i]);
        b[i] = 1.02 * a[i];
        mixed[i] = exp(0.01 * shuffled[i]);
    }
    struct tsp_effect alike = between(a, COUNT(a), b, COUNT(b));
    struct tsp_effect apart = between(mixed, COUNT(a), b, COUNT(b));
    assert_near(alike.ratio, 1.02, 1e-12);
    assert_near(alike.df, 3.6949152542372907, 1e-9);
    assert_near(log(alike.hi / alike.lo), 0.057482219380062115, 1e-7);
    assert_true(apart.df > alike.df && apart.hi - apart.lo < alike.hi - alike.lo);
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

/* Nine patients before and after: Hollander & Wolfe's table 3.1, as logarithms. Estimate 0.46, bounds the 6th and the 40th average of 45 (their
 * example 3.3; 96.1 %), p 20/512 by exact counting. */
static void ranks_agree_with_a_published_example(void **unused) {
    (void)unused;
    const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double logs[COUNT(before)];
    struct tsp_signed_rank ranks;
    for (size_t i = 0; i < COUNT(logs); ++i) {
        logs[i] = before[i] - after[i];
    }
    tsp_signed_rank(&ranks, logs, COUNT(logs));
    assert_near(ranks.centre, 0.46, 1e-12);
    assert_near(ranks.lo, 0.01, 1e-12);
    assert_near(ranks.hi, 0.786, 1e-12);
    assert_near(ranks.p, 20.0 / 512, 1e-15);
}

/* All Walsh averages in a list, sorted: what the halving must find. */
static double average_by_list(const double *values, size_t count, size_t rank) {
    double all[60 * 61 / 2];
    size_t made = 0;
    for (size_t i = 0; i < count; ++i) {
        for (size_t j = i; j < count; ++j) {
            all[made++] = 0.5 * (values[i] + values[j]);
        }
    }
    gsl_sort(all, 1, made);
    return all[rank - 1];
}

/* Beyond 50 the normal approximation: of 60 values the 649th average from either end (915 − 1.96 · √18452.5 − ½, and one more). */
static void many_ranks_are_as_the_list_of_averages_says(void **unused) {
    (void)unused;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned trial = 0; trial < 20; ++trial) {
        double values[60];
        struct tsp_signed_rank ranks;
        for (size_t i = 0; i < COUNT(values); ++i) {
            values[i] = round(gsl_ran_tdist(random, 3) * (trial % 2 == 0 ? 1e6 : 5)) /
                        1e6; /* with ties and without */
        }
        tsp_signed_rank(&ranks, values, COUNT(values));
        assert_near(ranks.lo, average_by_list(values, COUNT(values), 649), 1e-15);
        assert_near(ranks.hi, average_by_list(values, COUNT(values), 1830 + 1 - 649), 1e-15);
        assert_near(
            ranks.centre,
            0.5 * (average_by_list(values, COUNT(values), 915) + average_by_list(values, COUNT(values), 916)),
            1e-15);
        assert_true((ranks.p <= 0.05) == (ranks.lo > 0 || ranks.hi < 0));
    }
    gsl_rng_free(random);
}

static void ranks_of_nothing_say_nothing(void **unused) {
    (void)unused;
    double none[8] = {0};
    double same[8] = {2, 2, 2, 2, 2, 2, 2, 2};
    double even[8] = {-3, -2, -1, 0, 0, 1, 2, 3};
    struct tsp_signed_rank ranks;
    tsp_signed_rank(&ranks, none, COUNT(none));
    assert_true(ranks.centre == 0 && ranks.lo == 0 && ranks.hi == 0 && ranks.p == 1);
    tsp_signed_rank(&ranks, same, COUNT(same));
    assert_true(ranks.centre == 2 && ranks.lo == 2 && ranks.hi == 2);
    assert_near(ranks.p, 2.0 / 256, 1e-15);
    tsp_signed_rank(&ranks, even, COUNT(even));
    assert_true(ranks.centre == 0 && ranks.p == 1);
}

/* Where a few rounds are hit hard, ranks still tell what a mean cannot. */
static void wild_rounds_decide_nothing(void **unused) {
    (void)unused;
    double a[40];
    double b[40];
    struct tsp_effect effect;
    struct tsp_error error = {""};
    for (size_t i = 0; i < COUNT(a); ++i) {
        a[i] = 1 + 0.001 * (double)(i % 7);
        b[i] = 1.02 * (1 + 0.001 * (double)(i % 5));
    }
    a[3] = 1.7;
    b[17] = 2.5;
    b[31] = 1.9;
    assert_int_equal(tsp_effect_paired(&effect, a, b, COUNT(a), &error), 0);
    assert_int_equal(tsp_verdict_on(&effect, effect.p, 0.01), TSP_VERDICT_WORSE);
    assert_true(effect.hi < 1.03);
    effect = between(a, COUNT(a), b, COUNT(b));
    assert_int_equal(tsp_verdict_on(&effect, effect.p, 0.01), TSP_VERDICT_INCONCLUSIVE);
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
        {1.02, 1.04, 0.011, TSP_VERDICT_INCONCLUSIVE}, /* not when so many were tried */
        {0.95, 0.97, 0.011, TSP_VERDICT_INCONCLUSIVE},
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welch_agrees_with_worked_figures),
        cmocka_unit_test(rounds_that_resemble_each_other_count_for_fewer),
        cmocka_unit_test(the_other_way_round_is_the_inverse),
        cmocka_unit_test(what_never_varies_needs_no_doubt),
        cmocka_unit_test(what_has_no_ratio_is_refused),
        cmocka_unit_test(pairs_take_out_what_they_share),
        cmocka_unit_test(ranks_agree_with_a_published_example),
        cmocka_unit_test(many_ranks_are_as_the_list_of_averages_says),
        cmocka_unit_test(ranks_of_nothing_say_nothing),
        cmocka_unit_test(wild_rounds_decide_nothing),
        cmocka_unit_test(adjustment_is_benjamini_and_hochbergs),
        cmocka_unit_test(each_verdict_has_its_place),
        cmocka_unit_test(the_floor_sees_drift_and_flutter),
        cmocka_unit_test(the_wanted_rounds_would_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
