/* What a series of clock readings says: its rate, its steps, its overhead. Pure arithmetic, tested with made-up series. */
#ifndef TRANSEPT_MEASURE_CLOCK_SERIES_H
#define TRANSEPT_MEASURE_CLOCK_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How many of a series' steps forward are kept for their median. */
#define TSP_CLOCK_STEPS_KEPT 255

/** Steps between consecutive readings of a counter, gathered one by one. Start from {.last = first reading}. */
struct tsp_clock_steps {
    uint64_t last;
    uint64_t step;                        /* the last step forward that was not zero */
    uint64_t finest;                      /* smallest non-zero difference of two such steps; 0: none yet */
    uint64_t still;                       /* how many steps were zero */
    uint64_t forward;                     /* how many went forward */
    uint64_t backward;                    /* how many went back */
    uint64_t worst;                       /* the longest of those, in ticks */
    uint64_t first[TSP_CLOCK_STEPS_KEPT]; /* the first steps forward */
};

/** Takes one more reading. A wrap of the 64-bit counter counts as forward. */
void tsp_clock_steps_add(struct tsp_clock_steps *steps, uint64_t reading);

/**
 * The resolution in ticks; 0 for a counter that never moved. One that is slower than its reads (it stood still between some) moves by
 * its grain: the median step. (The least will not do: an emulated counter that moves by 1,000 at a time now and then shows a
 * 16.) One that moves with every read is finer than its steps, and shows its grain only in how they differ.
 */
uint64_t tsp_clock_steps_resolution(const struct tsp_clock_steps *steps);

/** One moment, read from both clocks: the counter's reading lies between two readings of the reference `width_ns` apart. */
struct tsp_clock_point {
    double reference_ns; /* middle of the two */
    double width_ns;
    double ticks;
};

/** A straight line through points: the counter's rate. */
struct tsp_clock_fit {
    double hz;
    double uncertainty; /* relative, one standard error of the slope, from the residuals */
};

/**
 * Weighted least squares (gsl_fit_wlinear; weights 1 / width², so that a point whose bracket an interrupt fell into hardly
 * pulls). The standard error is scaled by the residuals (χ² / (n − 2)), so that a counter which steps or changes its rate shows.
 * Returns -1 with fewer than 3 points or when the reference does not move.
 */
int tsp_clock_fit_points(const struct tsp_clock_point *points, size_t n, struct tsp_clock_fit *fit);

/** How a counter's stated rate and its fit go together. */
enum tsp_clock_rate { TSP_RATE_STATED, TSP_RATE_FITTED, TSP_RATE_DISAGREES, TSP_RATE_UNSTEADY };

/** Relative disagreement between statement and fit that is still put down to the fit: crystals are off by some 10⁻⁴ at most. */
#define TSP_CLOCK_RATE_TOLERANCE 1e-3

/**
 * Chooses: STATED when a statement (> 0) agrees with the fit within TSP_CLOCK_RATE_TOLERANCE or 4 standard errors, FITTED when
 * there is none, DISAGREES when it is wrong (use the fit), UNSTEADY when the fit itself is no better than that tolerance or not
 * positive (use another clock).
 */
enum tsp_clock_rate tsp_clock_rate_judge(double stated_hz, const struct tsp_clock_fit *fit);

/** P5, P50 and P95 of values, which it sorts. NaN when n is 0. */
void tsp_clock_percentiles(double *values, size_t n, double *p5, double *p50, double *p95);

/**
 * Core clock from two chains: nanoseconds that one more dependent 1-cycle operation and one more multiply of `mul_cycles` cycles
 * take. In GHz; 0 (withheld) when the two disagree by over 5 %, the multiply's latency is not known (0), or a time is not positive.
 */
double tsp_clock_core_judge(double add_ns, double mul_ns, double mul_cycles);

#endif
