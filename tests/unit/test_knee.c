/* Knees and ladders of curves whose truth is known, with the noise and the half-way steps that real ones have. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "transept/knee.h"

static int knee(const double *times, size_t count, double *drop) {
    *drop = -1;
    return tsp_knee_find(times, count, drop);
}

static void a_clean_step_is_the_line(void **state) {
    (void)state;
    double drop;
    assert_int_equal(knee((double[]){30, 31, 29, 4, 4, 4}, 6, &drop), 3); /* pads 8, 16, 32, 64 …: 64 */
    assert_float_equal(drop, 29.0 / 4, 1e-9);
    assert_int_equal(knee((double[]){30, 30, 30, 30, 30, 4}, 6, &drop), 5); /* s390x: 256 */
    assert_int_equal(knee((double[]){30, 4}, 2, &drop), 1);
}

static void lines_fetched_in_pairs_do_not_hide_it(void **state) {
    (void)state;
    double drop;
    assert_int_equal(knee((double[]){30, 28, 33, 6, 4, 4.2}, 6, &drop), 3);
    assert_int_equal(knee((double[]){30, 28, 33, 20, 4, 4.2}, 6, &drop),
                     4); /* the larger step is the one that matters */
}

/* One pair of threads that never met, or one that was disturbed, makes no knee. */
static void what_does_not_fall_has_none(void **state) {
    (void)state;
    double drop;
    assert_int_equal(knee((double[]){4, 4.1, 3.9, 4, 4, 4.05}, 6, &drop), -1);
    assert_true(drop > 0.9 && drop < 1.1);
    assert_int_equal(knee((double[]){30, 31, 29, 30, 28, 29.5}, 6, &drop), -1);
    assert_int_equal(knee((double[]){4, 4, 4, 30, 30, 30}, 6, &drop), -1);
    assert_int_equal(knee((double[]){30, 30, 4, 30, 4, 30}, 6, &drop), -1);
    assert_int_equal(knee((double[]){30}, 1, &drop), -1);
    assert_true(drop == 0);
    assert_int_equal(knee(NULL, 0, &drop), -1);
}

static void times_that_are_none_are_refused(void **state) {
    (void)state;
    double drop;
    assert_int_equal(knee((double[]){30, (double)NAN, 4, 4}, 4, &drop), -1);
    assert_int_equal(knee((double[]){30, 30, 0, 4}, 4, &drop), -1);
    assert_int_equal(knee((double[]){30, 30, -4, -4}, 4, &drop), -1);
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels((double[]){1, 1, 1, (double)INFINITY}, 4, levels), 0);
    assert_int_equal(tsp_ladder_levels((double[]){1, 1, 0, 1}, 4, levels), 0);
    assert_int_equal(tsp_ladder_levels((double[]){1, 1}, 2, levels), 0);
    assert_int_equal(tsp_ladder_levels((double[]){1, 1}, TSP_LADDER_POINTS_MAX + 1, levels), 0);
}

static void assert_level(const struct tsp_level *level, size_t first, size_t last, double time) {
    assert_int_equal(level->first, first);
    assert_int_equal(level->last, last);
    assert_true(fabs(level->time / time - 1) < 0.05);
}

/* Three caches and memory, by half powers of two; each step takes one or two points. */
static void a_ladder_has_its_levels(void **state) {
    (void)state;
    static const double times[] = {1.5, 1.52, 1.49, 1.5, 1.55, 2.6, 4.1, 4.0, 4.05, 4.1, 4.3, 8,
                                   15,  20.5, 21,   20,  21.5, 20,  48,  82,  85,   83,  87};
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels(times, sizeof times / sizeof times[0], levels), 4);
    assert_level(&levels[0], 0, 4, 1.51);
    assert_level(&levels[1], 6, 10, 4.1);
    assert_level(&levels[2], 13, 17, 20.6);
    assert_level(&levels[3], 19, 22, 84.2);
}

static void noise_makes_no_level(void **state) {
    (void)state;
    static const double times[] = {4, 4.2, 3.9, 4.1, 4.3, 3.95, 4.05, 4.2, 4.1, 4, 4.25, 3.9};
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels(times, sizeof times / sizeof times[0], levels), 1);
    assert_level(&levels[0], 0, 11, 4.08);
    assert_int_equal(tsp_ladder_levels((double[]){3, 3, 3}, 3, levels), 1);
}

/* A lone outlier is a slope, not a level, and what lies on both its sides is one. */
static void an_outlier_parts_nothing(void **state) {
    (void)state;
    static const double times[] = {4, 4, 4, 4, 40, 4, 4, 4, 4};
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels(times, sizeof times / sizeof times[0], levels), 1);
    assert_int_equal(levels[0].first, 0);
    assert_int_equal(levels[0].last, 8);
}

static void a_steady_climb_has_no_level_of_its_own(void **state) {
    (void)state;
    double times[12];
    for (unsigned i = 0; i < 12; ++i) {
        times[i] = pow(2, i);
    }
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels(times, 12, levels), 0);
}

static void more_levels_than_fit_are_left_out(void **state) {
    (void)state;
    double times[40];
    for (unsigned i = 0; i < 40; ++i) {
        const unsigned level = i / 4;
        times[i] = pow(4, level);
    }
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    assert_int_equal(tsp_ladder_levels(times, 40, levels), TSP_LADDER_LEVELS_MAX);
    assert_level(&levels[0], 0, 3, 1);
    assert_level(&levels[TSP_LADDER_LEVELS_MAX - 1], 28, 31, pow(4, 7));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_step_is_the_line),
        cmocka_unit_test(lines_fetched_in_pairs_do_not_hide_it),
        cmocka_unit_test(what_does_not_fall_has_none),
        cmocka_unit_test(times_that_are_none_are_refused),
        cmocka_unit_test(a_ladder_has_its_levels),
        cmocka_unit_test(noise_makes_no_level),
        cmocka_unit_test(an_outlier_parts_nothing),
        cmocka_unit_test(a_steady_climb_has_no_level_of_its_own),
        cmocka_unit_test(more_levels_than_fit_are_left_out),
    };
    return cmocka_run_group_tests_name("knee", tests, NULL, NULL);
}
