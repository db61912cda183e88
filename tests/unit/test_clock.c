/* The clock: arithmetic on made-up series, then the clock of this machine for what must hold on any. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "measure/clock_probe.h"
#include "measure/clock_read.h"
#include "measure/clock_series.h"
#include "transept/measure.h"

#define POINTS 100

/* Repeatable noise in −0.5 … 0.5 (a linear congruential generator, constants of Numerical Recipes). */
static double noise(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return (double)(*state >> 8) / (double)(1U << 24) - 0.5;
}

static void make_points(struct tsp_clock_point *points, double hz, double noise_ns) {
    uint32_t state = 1;
    for (int i = 0; i < POINTS; ++i) {
        double at = 500e3 * i;
        points[i] = (struct tsp_clock_point){
            .reference_ns = at, .width_ns = 40, .ticks = 1e15 + (at + noise_ns * noise(&state)) * hz / 1e9};
    }
}

static void fit_finds_the_rate_and_its_error(void **state) {
    (void)state;
    struct tsp_clock_point points[POINTS];
    struct tsp_clock_fit fit;
    make_points(points, 62.5e6, 0);
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), 0);
    assert_true(fabs(fit.hz / 62.5e6 - 1) < 1e-9);
    assert_true(fit.uncertainty < 1e-8);

    make_points(points, 2.7e9, 100);
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), 0);
    assert_true(fabs(fit.hz / 2.7e9 - 1) < 5 * fit.uncertainty);
    /* 100 ns wide uniform noise has σ = 28.9 ns; slope error = σ / (√n · sd of x) = 28.9 / (10 · 14.4 ms) */
    assert_true(fit.uncertainty > 1e-7 && fit.uncertainty < 4e-7);
}

static void fit_hardly_heeds_a_point_with_a_wide_bracket(void **state) {
    (void)state;
    struct tsp_clock_point points[POINTS];
    struct tsp_clock_fit fit;
    make_points(points, 1e9, 10);
    points[90].width_ns = 4e6;
    points[90].reference_ns += 2e6;
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), 0);
    assert_true(fabs(fit.hz / 1e9 - 1) < 1e-6);
}

static void fit_of_a_counter_that_jumps_is_unsteady(void **state) {
    (void)state;
    struct tsp_clock_point points[POINTS];
    struct tsp_clock_fit fit;
    make_points(points, 1e9, 10);
    for (int i = POINTS / 2; i < POINTS; ++i) {
        points[i].ticks += 10e6;
    }
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), 0);
    assert_true(fit.uncertainty > TSP_CLOCK_RATE_TOLERANCE);
    assert_int_equal(tsp_clock_rate_judge(0, &fit), TSP_RATE_UNSTEADY);
    assert_int_equal(tsp_clock_rate_judge(1e9, &fit), TSP_RATE_UNSTEADY);
}

static void fit_of_a_frozen_counter_is_unsteady(void **state) {
    (void)state;
    struct tsp_clock_point points[POINTS];
    struct tsp_clock_fit fit;
    make_points(points, 0, 0);
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), 0);
    assert_int_equal(tsp_clock_rate_judge(0, &fit), TSP_RATE_UNSTEADY);
}

static void fit_refuses_too_little(void **state) {
    (void)state;
    struct tsp_clock_point points[POINTS];
    struct tsp_clock_fit fit;
    make_points(points, 1e9, 0);
    assert_int_equal(tsp_clock_fit_points(points, 2, &fit), -1);
    for (int i = 0; i < POINTS; ++i) {
        points[i].reference_ns = 7;
    }
    assert_int_equal(tsp_clock_fit_points(points, POINTS, &fit), -1);
}

static void stated_rate_is_checked_against_the_fit(void **state) {
    (void)state;
    struct tsp_clock_fit fit = {.hz = 1e9, .uncertainty = 1e-8};
    assert_int_equal(tsp_clock_rate_judge(1e9 * 1.0009, &fit), TSP_RATE_STATED);
    assert_int_equal(tsp_clock_rate_judge(1e9 * 1.0011, &fit), TSP_RATE_DISAGREES);
    assert_int_equal(tsp_clock_rate_judge(1e9 * 0.9, &fit), TSP_RATE_DISAGREES);
    assert_int_equal(tsp_clock_rate_judge(0, &fit), TSP_RATE_FITTED);
    fit.uncertainty = 5e-4; /* a poor fit cannot convict */
    assert_int_equal(tsp_clock_rate_judge(1e9 * 1.0019, &fit), TSP_RATE_STATED);
    assert_int_equal(tsp_clock_rate_judge(1e9 * 1.0021, &fit), TSP_RATE_DISAGREES);
    fit.uncertainty = NAN;
    assert_int_equal(tsp_clock_rate_judge(1e9, &fit), TSP_RATE_UNSTEADY);
}

static void steps_tell_forward_from_backward(void **state) {
    (void)state;
    struct tsp_clock_steps steps = {.last = 100};
    const uint64_t readings[] = {130, 130, 147, 140, 139, 200};
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; ++i) {
        tsp_clock_steps_add(&steps, readings[i]);
    }
    assert_int_equal(steps.forward, 3); /* by 30, 17 and 61 */
    assert_int_equal(steps.still, 1);
    assert_int_equal(steps.backward, 2);
    assert_int_equal(steps.worst, 7);

    struct tsp_clock_steps wrapping = {.last = UINT64_MAX - 1};
    tsp_clock_steps_add(&wrapping, 3);
    assert_int_equal(wrapping.backward, 0);
    assert_int_equal(tsp_clock_steps_resolution(&wrapping), 5);

    struct tsp_clock_steps frozen = {.last = 9};
    tsp_clock_steps_add(&frozen, 9);
    assert_int_equal(tsp_clock_steps_resolution(&frozen), 0);
}

static uint64_t resolution_of(const uint64_t *moves, size_t count) {
    struct tsp_clock_steps steps = {.last = 1000};
    uint64_t reading = 1000;
    for (unsigned turn = 0; turn < 100; ++turn) {
        for (size_t i = 0; i < count; ++i) {
            reading += moves[i];
            tsp_clock_steps_add(&steps, reading);
        }
    }
    return tsp_clock_steps_resolution(&steps);
}

static void resolution_is_the_grain_of_slow_and_fast_counters(void **state) {
    (void)state;
    const uint64_t slow[] = {0, 0, 16, 0, 16, 32, 0};        /* a 62.5 MHz timer read every 8 ns */
    const uint64_t emulated[] = {0, 0, 992, 0, 1008, 0, 16}; /* one that an emulator moves by a microsecond */
    const uint64_t fast[] = {46, 48, 46, 50, 46};            /* a time-stamp counter that ticks by twos */
    assert_int_equal(resolution_of(slow, 7), 16);
    assert_int_equal(resolution_of(emulated, 7), 992);
    assert_int_equal(resolution_of(fast, 5), 2);
}

static void percentiles_are_type_7(void **state) {
    (void)state;
    double values[] = {5, 1, 4, 2, 3};
    double p5;
    double p50;
    double p95;
    tsp_clock_percentiles(values, 5, &p5, &p50, &p95);
    assert_true(fabs(p5 - 1.2) < 1e-12);
    assert_true(fabs(p50 - 3) < 1e-12);
    assert_true(fabs(p95 - 4.8) < 1e-12);
    tsp_clock_percentiles(values, 0, &p5, &p50, &p95);
    assert_true(isnan(p5) && isnan(p50) && isnan(p95));
}

static void core_clock_is_withheld_when_the_chains_disagree(void **state) {
    (void)state;
    assert_true(fabs(tsp_clock_core_judge(0.39, 1.17, 3) - 1 / 0.39) < 1e-12);
    assert_true(tsp_clock_core_judge(0.39, 1.17 * 1.04, 3) > 0);
    assert_true(tsp_clock_core_judge(0.39, 1.17 * 1.06, 3) == 0);
    assert_true(tsp_clock_core_judge(0.07, 1.17, 3) == 0); /* adds folded at rename */
    assert_true(tsp_clock_core_judge(0.39, 1.17, 0) == 0);
    assert_true(tsp_clock_core_judge(-0.01, 1.17, 3) == 0);
    assert_true(tsp_clock_core_judge(NAN, 1.17, 3) == 0);
}

static void raise_illegal(void) {
    (void)raise(SIGILL);
}

static void raise_segv(void) {
    (void)raise(SIGSEGV);
}

static void do_nothing(void) {}

static void a_trapping_read_is_named_and_survived(void **state) {
    (void)state;
    char reason[TSP_REASON_MAX] = "";
    assert_int_equal(tsp_clock_try(raise_illegal, "pmccntr", reason, sizeof reason), -1);
    assert_string_equal(reason, "reading pmccntr raises SIGILL here");
    assert_int_equal(tsp_clock_try(raise_segv, "pmccntr", reason, sizeof reason), -1);
    assert_string_equal(reason, "reading pmccntr raises SIGSEGV here");
    assert_int_equal(tsp_clock_try(do_nothing, "pmccntr", reason, sizeof reason), 0);
}

static void this_machines_clock_holds_together(void **state) {
    (void)state;
    struct tsp_clock clock;
    struct tsp_error error = {""};
    assert_int_equal(tsp_clock_choose(&clock, &error), 0);
    assert_true(clock.hz > 1e4);
    assert_true(clock.resolution_ns > 0);
    assert_true(clock.overhead_ns_p5 <= clock.overhead_ns_p50 &&
                clock.overhead_ns_p50 <= clock.overhead_ns_p95);
    assert_true(strlen(clock.hz_source) > 0);
    assert_true(clock.isa == (clock.rejected[0] == '\0'));
    assert_string_not_equal(clock.name, "");
    assert_true(strstr(clock.hz_source, "is off by") == NULL);

    /* A span by the clock against the same span by CLOCK_MONOTONIC_RAW; the second encloses the first. */
    uint64_t outer = tsp_clock_raw_ns();
    uint64_t inner = tsp_clock_begin(&clock);
    while (tsp_clock_raw_ns() - outer < 5000000) {
    }
    double inner_ns = tsp_clock_ns(&clock, tsp_clock_end(&clock) - inner);
    double outer_ns = (double)(tsp_clock_raw_ns() - outer);
    assert_true(inner_ns <= outer_ns * 1.001 + clock.resolution_ns);
    double ghz = tsp_clock_core_ghz(&clock);
    assert_true(ghz == 0 || (ghz > 0.05 && ghz < 20));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fit_finds_the_rate_and_its_error),
        cmocka_unit_test(fit_hardly_heeds_a_point_with_a_wide_bracket),
        cmocka_unit_test(fit_of_a_counter_that_jumps_is_unsteady),
        cmocka_unit_test(fit_of_a_frozen_counter_is_unsteady),
        cmocka_unit_test(fit_refuses_too_little),
        cmocka_unit_test(stated_rate_is_checked_against_the_fit),
        cmocka_unit_test(steps_tell_forward_from_backward),
        cmocka_unit_test(resolution_is_the_grain_of_slow_and_fast_counters),
        cmocka_unit_test(percentiles_are_type_7),
        cmocka_unit_test(core_clock_is_withheld_when_the_chains_disagree),
        cmocka_unit_test(a_trapping_read_is_named_and_survived),
        cmocka_unit_test(this_machines_clock_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
