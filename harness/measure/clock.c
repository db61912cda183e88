/* Choosing and calibrating the clock (measurement.md, "Clocks" 1–4). */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/clock_probe.h"
#include "measure/clock_read.h"
#include "transept/measure.h"

#define FIT_MS     60.0
#define FIT_POINTS 121
#define PAIRS      10001

/* A counter that moves by more than this is compared with CLOCK_MONOTONIC_RAW: slower than the timers of today's hardware. */
#define COARSE_NS 100.0

/* One CPU for the whole calibration: the counters of two may differ. The old mask comes back; a refusal does no harm. */
static bool stay_here(cpu_set_t *old) {
    int here = sched_getcpu();
    cpu_set_t one;
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof *old, old) != 0) {
        return false;
    }
    CPU_ZERO(&one);
    CPU_SET((unsigned)here, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

static void resolution_from_steps(struct tsp_clock *clock, const struct tsp_clock_steps *steps) {
    clock->resolution_ns = (double)tsp_clock_steps_resolution(steps) / clock->hz * 1e9;
}

#if TSP_HAS_ISA_CLOCK
static int rate_of_isa_clock(struct tsp_clock *clock) {
    struct tsp_clock_point points[FIT_POINTS];
    struct tsp_clock_fit fit = {.hz = 0, .uncertainty = INFINITY};
    size_t n = tsp_clock_points(clock, FIT_MS, points, FIT_POINTS);
    double stated = tsp_clock_stated_hz();
    (void)tsp_clock_fit_points(points, n, &fit);
    clock->hz = fit.hz;
    clock->hz_uncertainty = fit.uncertainty;
    switch (tsp_clock_rate_judge(stated, &fit)) {
    case TSP_RATE_STATED:
        clock->hz = stated;
        (void)snprintf(clock->hz_source, sizeof clock->hz_source, "%s", TSP_ISA_CLOCK_HZ_SOURCE);
        return 0;
    case TSP_RATE_FITTED:
        (void)snprintf(clock->hz_source, sizeof clock->hz_source, "fit to clock_monotonic_raw");
        return 0;
    case TSP_RATE_DISAGREES:
        (void)snprintf(clock->hz_source, sizeof clock->hz_source, "fit; the stated rate is off by %.2g %%",
                       100 * (stated / fit.hz - 1));
        return 0;
    case TSP_RATE_UNSTEADY:
        break;
    }
    (void)snprintf(clock->rejected, sizeof clock->rejected,
                   "%s has no steady rate: %.3g Hz ± %.2g %% over %.0f ms against clock_monotonic_raw",
                   TSP_ISA_CLOCK_NAME, fit.hz, 100 * fit.uncertainty, FIT_MS);
    return -1;
}

/* 0 when the ISA's counter is the clock; else -1 and clock->rejected says why not. */
static int take_isa_clock(struct tsp_clock *clock) {
    if (tsp_clock_probe_isa(clock->rejected, sizeof clock->rejected) != 0) {
        return -1;
    }
    (void)snprintf(clock->name, sizeof clock->name, "%s", TSP_ISA_CLOCK_NAME);
    clock->isa = true;
    struct tsp_clock_steps steps;
    tsp_clock_watch(clock, &steps);
    if (steps.backward != 0) {
        (void)snprintf(clock->rejected, sizeof clock->rejected,
                       "%s stepped back %llu times in a million reads, by up to %llu ticks",
                       TSP_ISA_CLOCK_NAME, (unsigned long long)steps.backward,
                       (unsigned long long)steps.worst);
        return -1;
    }
    if (rate_of_isa_clock(clock) != 0) {
        return -1;
    }
    resolution_from_steps(clock, &steps);
    return 0;
}
#else
static int take_isa_clock(struct tsp_clock *clock) {
    return tsp_clock_probe_isa(clock->rejected, sizeof clock->rejected);
}
#endif

static int take_posix_clock(struct tsp_clock *clock, struct tsp_error *error) {
    char rejected[sizeof clock->rejected];
    memcpy(rejected, clock->rejected, sizeof rejected);
    *clock = (struct tsp_clock){.name = "clock_monotonic_raw", .hz = 1e9, .hz_source = "definition"};
    memcpy(clock->rejected, rejected, sizeof rejected);
    struct tsp_clock_steps steps;
    tsp_clock_watch(clock, &steps);
    if (steps.backward != 0 || steps.forward == 0) {
        return tsp_error_set(
            error, "no usable clock: %s; and clock_monotonic_raw %s: times cannot be had on this system",
            rejected, steps.backward != 0 ? "steps back" : "stands still");
    }
    resolution_from_steps(clock, &steps);
    return 0;
}

static int measure_overhead(struct tsp_clock *clock, struct tsp_error *error) {
    double *pairs = malloc(PAIRS * sizeof *pairs);
    if (pairs == NULL) {
        return tsp_error_set(error, "clock: no memory for %d readings", PAIRS);
    }
    for (int i = 0; i < PAIRS; ++i) {
        uint64_t begin = tsp_clock_begin(clock);
        uint64_t end = tsp_clock_end(clock);
        pairs[i] = tsp_clock_ns(clock, end - begin);
    }
    tsp_clock_percentiles(pairs, PAIRS, &clock->overhead_ns_p5, &clock->overhead_ns_p50,
                          &clock->overhead_ns_p95);
    free(pairs);
    return 0;
}

double tsp_clock_batch_ns(const struct tsp_clock *clock) {
    return fmax(1000 * clock->resolution_ns, 50 * clock->overhead_ns_p50);
}

/* Under an emulator a timer may move by a microsecond at a time, where the host's own clock is finer for all that it costs. */
static int prefer_finer(struct tsp_clock *clock, struct tsp_error *error) {
    struct tsp_clock posix = {.isa = false};
    if (take_posix_clock(&posix, error) != 0 || measure_overhead(&posix, error) != 0) {
        return -1;
    }
    if (tsp_clock_batch_ns(&posix) < tsp_clock_batch_ns(clock)) {
        (void)snprintf(posix.rejected, sizeof posix.rejected, "%s moves by %.0f ns at a time here",
                       clock->name, clock->resolution_ns);
        *clock = posix;
    }
    return 0;
}

static int choose(struct tsp_clock *clock, struct tsp_error *error) {
    *clock = (struct tsp_clock){.isa = false};
    if ((take_isa_clock(clock) != 0 && take_posix_clock(clock, error) != 0) ||
        measure_overhead(clock, error) != 0) {
        return -1;
    }
    return clock->isa && clock->resolution_ns > COARSE_NS ? prefer_finer(clock, error) : 0;
}

int tsp_clock_choose(struct tsp_clock *clock, struct tsp_error *error) {
    cpu_set_t mask;
    bool pinned = stay_here(&mask);
    int status = choose(clock, error);
    if (pinned) {
        (void)sched_setaffinity(0, sizeof mask, &mask);
    }
    return status;
}

double tsp_clock_ns(const struct tsp_clock *clock, uint64_t ticks) {
    return (double)ticks / clock->hz * 1e9;
}
