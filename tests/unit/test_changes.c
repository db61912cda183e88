/* Change points and bands: against worked figures, against what must hold for any series, and against simulated ones of known changes. Seeds are fixed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "transept/changes.h"
#include "transept/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TRIALS       1000
#define RUNS_MAX     64

static gsl_rng *rng;

static int start(void **unused) {
    (void)unused;
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    return rng == NULL;
}

static int end(void **unused) {
    (void)unused;
    gsl_rng_free(rng);
    return 0;
}

enum shape { NORMAL, UNIFORM, LAPLACE, STUDENT, SHAPES };

/* Of standard deviation 1. */
static double noise(enum shape shape) {
    switch (shape) {
    case UNIFORM:
        return gsl_ran_flat(rng, -sqrt(3), sqrt(3));
    case LAPLACE:
        return gsl_ran_laplace(rng, M_SQRT1_2);
    case STUDENT: /* of 3 degrees of freedom: it has no third moment */
        return gsl_ran_tdist(rng, 3) / sqrt(3);
    default:
        return gsl_ran_gaussian_ziggurat(rng, 1);
    }
}

/* Around 100, so that logarithms and values are nearly the same. */
static void draw(double *values, size_t count, enum shape shape) {
    for (size_t i = 0; i < count; ++i) {
        values[i] = 100 + noise(shape);
    }
}

static void add(double *values, size_t first, size_t end_at, double step) {
    for (size_t i = first; i < end_at; ++i) {
        values[i] += step;
    }
}

static struct tsp_changes find(const double *values, size_t count, double floor) {
    struct tsp_changes changes;
    struct tsp_error error = {""};
    if (tsp_changes_find(&changes, values, count, TSP_FDR, floor, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return changes;
}

/* --- figures ---------------------------------------------------------------------------------------------------------------------- */

/* Twelve runs, worked out apart from this code by the formulas in a few lines of Python: Student's t of the two levels, once for each of 28 places. */
static void agrees_with_worked_figures(void **unused) {
    (void)unused;
    const double values[] = {10.0, 10.2, 9.9, 10.1, 10.0, 10.2, 9.9, 10.1, 11.0, 10.8, 11.1, 10.9};
    assert_near(tsp_change_likeliest(values, COUNT(values), NULL), 9.521414204603588e-06, 1e-9);
    struct tsp_changes changes = find(values, COUNT(values), 0.01);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.of[0].index, 8);
    assert_near(changes.of[0].from, 10.049378065577068, 1e-9);
    assert_near(changes.of[0].to, 10.949429189823144, 1e-9);
    assert_near(changes.of[0].p, 9.521414204603588e-06, 1e-9);
    struct tsp_band band = tsp_changes_band(values, COUNT(values), &changes, 0);
    assert_near(band.lo, 10.630584724813765, 1e-6);
    assert_near(band.hi, 11.277836796983097, 1e-6);
    band = tsp_changes_band(values, COUNT(values), &changes, 0.25);
    assert_near(band.hi, changes.of[0].to * 1.25, 1e-9);
    assert_near(band.lo, changes.of[0].to / 1.25, 1e-9);
    tsp_changes_free(&changes);
}

/* The same runs in an order in which they resemble the ones before them: r is 0.514. */
static void runs_that_resemble_each_other_tell_less(void **unused) {
    (void)unused;
    const double values[] = {9.9, 9.9, 10.0, 10.1, 10.2, 10.2, 10.1, 10.0, 11.1, 11.0, 10.9, 10.8};
    assert_near(tsp_change_likeliest(values, COUNT(values), NULL), 0.0015246621869273718, 1e-9);
}

/* The energy statistic of a place by its definition: Matteson & James 2014, (5) to (7). */
static double divergence(const double *x, size_t at, size_t end_at) {
    double sums[3] = {0, 0, 0};
    for (size_t i = 0; i < end_at; ++i) {
        for (size_t k = 0; k < i; ++k) {
            sums[k >= at ? 2 : i >= at ? 1 : 0] += fabs(x[i] - x[k]);
        }
    }
    double a = (double)at;
    double b = (double)(end_at - at);
    return a * b / (a + b) *
           (2 * sums[1] / (a * b) - 2 * sums[0] / (a * (a - 1)) - 2 * sums[2] / (b * (b - 1)));
}

/* Where a change is found first, its place is the one that the definition gives. */
static void the_place_is_that_of_the_definition(void **unused) {
    (void)unused;
    gsl_rng_set(rng, 11);
    for (int trial = 0; trial < 50; ++trial) {
        double values[17];
        double logs[17];
        size_t best = 0;
        double most = 0;
        draw(values, 17, NORMAL);
        add(values, 3 + gsl_rng_uniform_int(rng, 12), 17, 12);
        for (size_t i = 0; i < 17; ++i) {
            logs[i] = log(values[i]);
        }
        for (size_t at = TSP_CHANGE_SEGMENT; at + TSP_CHANGE_SEGMENT <= 17; ++at) {
            for (size_t end_at = at + TSP_CHANGE_SEGMENT; end_at <= 17; ++end_at) {
                double here = divergence(logs, at, end_at);
                best = here > most ? at : best;
                most = fmax(most, here);
            }
        }
        struct tsp_changes changes = find(values, 17, 0.05);
        assert_int_equal(changes.count, 1);
        assert_int_equal(changes.of[0].index, best);
        tsp_changes_free(&changes);
    }
}

/* --- what holds for any series ------------------------------------------------------------------------------------------------------ */

static void the_unit_does_not_matter(void **unused) {
    (void)unused;
    double values[20];
    double others[20];
    gsl_rng_set(rng, 12);
    draw(values, 20, LAPLACE);
    add(values, 13, 20, 4);
    for (size_t i = 0; i < 20; ++i) {
        others[i] = values[i] * 1e-6;
    }
    double p = tsp_change_likeliest(values, 20, NULL);
    assert_near(tsp_change_likeliest(others, 20, NULL) / p, 1, 1e-6);
}

/* A net time may be nothing but noise around zero: it is judged as it is, and has no shares and no floor. */
static void values_below_zero_are_judged_as_they_are(void **unused) {
    (void)unused;
    const double values[] = {-0.01, 0.02, 0.0, 0.01, -0.02, 0.0, 1.01, 0.99, 1.0, 1.02, 0.98, 1.0};
    struct tsp_changes changes = find(values, COUNT(values), 0.5);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.of[0].index, 6);
    assert_near(changes.of[0].from, 0, 1e-9);
    assert_near(changes.of[0].to, 1, 1e-9);
    tsp_changes_free(&changes);
}

static void too_few_runs_say_nothing(void **unused) {
    (void)unused;
    const double values[] = {1, 1, 1, 9, 9, 9};
    const struct tsp_changes none = {.count = 0};
    for (size_t count = 0; count < 6; ++count) {
        struct tsp_changes changes = find(values, count, 0);
        assert_true(isnan(tsp_change_likeliest(values, count, NULL)));
        assert_int_equal(changes.count, 0);
        tsp_changes_free(&changes);
        assert_int_equal(isnan(tsp_changes_band(values, count, &none, 0).lo), count < TSP_BAND_LEAST);
    }
    struct tsp_changes changes = find(values, 6, 0); /* nothing varies, so there is nothing to doubt */
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.of[0].index, 3);
    assert_true(changes.of[0].p == 0);
    tsp_changes_free(&changes);
    const double equal[] = {5, 5, 5, 5, 5, 5, 5};
    assert_true(tsp_change_likeliest(equal, 7, NULL) == 1);
}

static void a_change_below_the_floor_is_none(void **unused) {
    (void)unused;
    double values[20];
    gsl_rng_set(rng, 13);
    for (size_t i = 0; i < 20; ++i) {
        values[i] = (i < 10 ? 100 : 103) + 0.1 * noise(NORMAL);
    }
    struct tsp_changes found = find(values, 20, 0.02);
    struct tsp_changes none = find(values, 20, 0.05);
    assert_int_equal(found.count, 1);
    assert_int_equal(none.count, 0);
    tsp_changes_free(&found);
    tsp_changes_free(&none);
}

static void every_other_count_is_a_change(void **unused) {
    (void)unused;
    const double counts[] = {12, 12, 13, 13, 12.5, 12.5};
    struct tsp_changes changes;
    assert_int_equal(tsp_changes_exact(&changes, counts, COUNT(counts), NULL), 0);
    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.of[0].index, 2);
    assert_true(changes.of[0].from == 12 && changes.of[0].to == 13 && changes.of[0].p == 0);
    assert_int_equal(changes.of[1].index, 4);
    tsp_changes_free(&changes);
}

static void the_level_is_that_of_benjamini_and_hochberg(void **unused) {
    (void)unused;
    double level = -1;
    const double p[] = {0.0001, NAN, 0.004, 0.5, 0.9, 0.0035};
    assert_int_equal(tsp_changes_level(p, COUNT(p), &level, NULL), 0);
    assert_near(level, 3 * TSP_FDR / 5, 1e-15); /* the third of five is 0.004 ≤ 0.006 */
    const double none[] = {0.5, 0.02, NAN};
    assert_int_equal(tsp_changes_level(none, COUNT(none), &level, NULL), 0);
    assert_true(level == 0);
    assert_int_equal(tsp_changes_level(none, 0, &level, NULL), 0);
    assert_true(level == 0);
}

/* --- simulated series --------------------------------------------------------------------------------------------------------------- */

/* What is stated is 1 %, and 2 % of noise that has no tails at all: so much more 1,000 trials may show by chance. */
static void nothing_is_found_where_nothing_changed(void **unused) {
    (void)unused;
    static const size_t counts[] = {6, 12, 20, 30};
    for (unsigned shape = 0; shape < SHAPES; ++shape) {
        for (size_t c = 0; c < COUNT(counts); ++c) {
            unsigned alarms = 0;
            gsl_rng_set(rng, 100 + shape);
            for (int trial = 0; trial < TRIALS; ++trial) {
                double values[RUNS_MAX];
                draw(values, counts[c], (enum shape)shape);
                alarms += tsp_change_likeliest(values, counts[c], NULL) <= TSP_FDR;
            }
            print_message("             shape %u, %2zu runs: %.1f %% false alarms\n", shape, counts[c],
                          100.0 * alarms / TRIALS);
            assert_true(alarms <= (shape == UNIFORM ? 25 : 15));
        }
    }
}

/* Of series that never changed, together, one in a hundred tables at most has one that is said to have. */
static void many_series_do_not_make_many_alarms(void **unused) {
    (void)unused;
    enum { SERIES = 40, TABLES = 250, LONG = 12 };
    unsigned alarms = 0;
    gsl_rng_set(rng, 21);
    for (int table = 0; table < TABLES; ++table) {
        double p[SERIES];
        double level = 0;
        for (size_t i = 0; i < SERIES; ++i) {
            double values[LONG];
            draw(values, LONG, NORMAL);
            p[i] = tsp_change_likeliest(values, LONG, NULL);
        }
        assert_int_equal(tsp_changes_level(p, SERIES, &level, NULL), 0);
        alarms += level > 0;
    }
    print_message("             %u of %d tables of %d series\n", alarms, TABLES, SERIES);
    assert_true(alarms <= 8); /* 2.5 expected: beyond 8 in one of a thousand */
}

/* A step of `step` standard deviations before the last `tail` runs: in how many of 100 trials it alone is found, where it is. */
static double share_found(size_t count, size_t tail, double step) {
    enum { STEPS = 400 };
    unsigned right = 0;
    gsl_rng_set(rng, 31);
    for (int trial = 0; trial < STEPS; ++trial) {
        double values[RUNS_MAX];
        draw(values, count, NORMAL);
        add(values, count - tail, count, step);
        struct tsp_changes changes = find(values, count, 0.01);
        right += changes.count == 1 && changes.of[0].index == count - tail;
        tsp_changes_free(&changes);
    }
    print_message("             %2zu runs, the last %2zu by %2.0f sd: %.1f %%\n", count, tail, step,
                  100.0 * right / STEPS);
    return (double)right / STEPS;
}

static void steps_are_found_where_they_are(void **unused) {
    (void)unused;
    assert_true(share_found(30, 15, 5) >= 0.95);
    assert_true(share_found(30, 3, 5) >= 0.93);
    assert_true(share_found(20, 10, 5) >= 0.94);
    assert_true(share_found(12, 6, 5) >= 0.90);
    assert_true(share_found(12, 3, 10) >= 0.97);
    assert_true(share_found(8, 4, 10) >= 0.97);
    assert_true(share_found(6, 3, 10) >= 0.97);
}

/* Both its ends, though the levels before and after are the same: one halving alone would find neither. */
static void a_slip_that_was_mended_is_found(void **unused) {
    (void)unused;
    unsigned right = 0;
    gsl_rng_set(rng, 41);
    for (int trial = 0; trial < 300; ++trial) {
        double values[21];
        draw(values, 21, NORMAL);
        add(values, 7, 14, 10);
        struct tsp_changes changes = find(values, 21, 0.01);
        right += changes.count == 2 && changes.of[0].index == 7 && changes.of[1].index == 14;
        tsp_changes_free(&changes);
    }
    assert_true(right >= 280);
}

static void one_bad_run_is_no_change(void **unused) {
    (void)unused;
    static const double sizes[] = {10, 100, 1000};
    unsigned alarms = 0;
    unsigned trials = 0;
    gsl_rng_set(rng, 51);
    for (size_t count = 6; count <= 30; count += 4) {
        for (size_t bad = 0; bad < count; ++bad) {
            for (size_t k = 0; k < COUNT(sizes); ++k) {
                double values[RUNS_MAX];
                draw(values, count, NORMAL);
                values[bad] += sizes[k];
                alarms += tsp_change_likeliest(values, count, NULL) <= TSP_FDR;
                ++trials;
            }
        }
    }
    print_message("             %u of %u series\n", alarms, trials);
    assert_true(alarms <= trials / 100);
}

/*
 * A drift has no point at which it began: its runs resemble the ones before them too much to be levels, and as a rule nothing is told. What is told goes
 * its way, and within the floor there is nothing.
 */
static void a_drift_is_hardly_ever_a_change(void **unused) {
    (void)unused;
    unsigned told = 0;
    gsl_rng_set(rng, 61);
    for (int trial = 0; trial < 100; ++trial) {
        double values[30];
        for (size_t i = 0; i < 30; ++i) {
            values[i] = 100 + 0.05 * (double)i + 0.1 * noise(NORMAL);
        }
        struct tsp_changes within = find(values, 30, 0.02);
        struct tsp_changes beyond = find(values, 30, 0);
        assert_int_equal(within.count, 0);
        for (size_t i = 0; i < beyond.count; ++i) {
            assert_true(beyond.of[i].to > beyond.of[i].from);
        }
        told += beyond.count > 0;
        tsp_changes_free(&within);
        tsp_changes_free(&beyond);
    }
    print_message("             %u of 100 drifts\n", told);
    assert_true(told <= 10);
}

/* The run after those that the band was made of, also with a step among these. */
static void the_band_holds_the_next_run(void **unused) {
    (void)unused;
    static const size_t counts[] = {3, 6, 12, 30};
    for (size_t c = 0; c < COUNT(counts); ++c) {
        unsigned within = 0;
        size_t count = counts[c];
        struct tsp_change step = {.index = count / 2};
        struct tsp_changes changes = {.count = count >= 12, .of = &step};
        gsl_rng_set(rng, 71);
        for (int trial = 0; trial < 2 * TRIALS; ++trial) {
            double values[RUNS_MAX];
            draw(values, count + 1, NORMAL);
            add(values, count / 2, count + 1, changes.count > 0 ? 9 : 0);
            struct tsp_band band = tsp_changes_band(values, count, &changes, 0);
            within += band.lo <= values[count] && values[count] <= band.hi;
        }
        print_message("             %2zu runs: %.1f %%\n", count, 50.0 * within / TRIALS);
        assert_near(0.5 * within / TRIALS, 0.95, 0.02);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_worked_figures),
        cmocka_unit_test(runs_that_resemble_each_other_tell_less),
        cmocka_unit_test(the_place_is_that_of_the_definition),
        cmocka_unit_test(the_unit_does_not_matter),
        cmocka_unit_test(values_below_zero_are_judged_as_they_are),
        cmocka_unit_test(too_few_runs_say_nothing),
        cmocka_unit_test(a_change_below_the_floor_is_none),
        cmocka_unit_test(every_other_count_is_a_change),
        cmocka_unit_test(the_level_is_that_of_benjamini_and_hochberg),
        cmocka_unit_test(nothing_is_found_where_nothing_changed),
        cmocka_unit_test(many_series_do_not_make_many_alarms),
        cmocka_unit_test(steps_are_found_where_they_are),
        cmocka_unit_test(a_slip_that_was_mended_is_found),
        cmocka_unit_test(one_bad_run_is_no_change),
        cmocka_unit_test(a_drift_is_hardly_ever_a_change),
        cmocka_unit_test(the_band_holds_the_next_run),
    };
    return cmocka_run_group_tests(tests, start, end);
}
