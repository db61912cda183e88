/* What a series of clock readings says. Pure arithmetic over GSL. */
#include "measure/clock_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_fit.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

static uint64_t distance(uint64_t a, uint64_t b) {
    return a > b ? a - b : b - a;
}

static void add_forward(struct tsp_clock_steps *steps, uint64_t step) {
    uint64_t difference = steps->forward == 0 ? 0 : distance(step, steps->step);
    if (difference != 0 && (steps->finest == 0 || difference < steps->finest)) {
        steps->finest = difference;
    }
    if (steps->forward < TSP_CLOCK_STEPS_KEPT) {
        steps->first[steps->forward] = step;
    }
    steps->forward += 1;
    steps->step = step;
}

void tsp_clock_steps_add(struct tsp_clock_steps *steps, uint64_t reading) {
    uint64_t forward = reading - steps->last;
    if (forward > UINT64_MAX / 2) {
        uint64_t back = steps->last - reading;
        steps->backward += 1;
        steps->worst = back > steps->worst ? back : steps->worst;
    } else if (forward == 0) {
        steps->still += 1;
    } else {
        add_forward(steps, forward);
    }
    steps->last = reading;
}

static int compare_ticks(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

uint64_t tsp_clock_steps_resolution(const struct tsp_clock_steps *steps) {
    uint64_t sorted[TSP_CLOCK_STEPS_KEPT];
    size_t kept = steps->forward < TSP_CLOCK_STEPS_KEPT ? (size_t)steps->forward : TSP_CLOCK_STEPS_KEPT;
    if (kept == 0) {
        return 0;
    }
    memcpy(sorted, steps->first, kept * sizeof *sorted);
    qsort(sorted, kept, sizeof *sorted, compare_ticks);
    uint64_t median = sorted[kept / 2];
    return steps->still > 0 || steps->finest == 0 ? median : steps->finest;
}

int tsp_clock_fit_points(const struct tsp_clock_point *points, size_t n, struct tsp_clock_fit *fit) {
    double *columns = n >= 3 ? calloc(n, 3 * sizeof *columns) : NULL;
    if (columns == NULL) {
        return -1;
    }
    double *x = columns;
    double *y = columns + n;
    double *weight = columns + 2 * n;
    for (size_t i = 0; i < n; ++i) {
        /* From the first point on: differences keep their digits where 64-bit readings would not. */
        x[i] = points[i].reference_ns - points[0].reference_ns;
        y[i] = points[i].ticks - points[0].ticks;
        double width = fmax(points[i].width_ns, 1.0);
        weight[i] = 1.0 / (width * width);
    }
    double intercept = 0;
    double slope = 0;
    double cov00 = 0;
    double cov01 = 0;
    double cov11 = 0;
    double chi2 = 0;
    int status = -1;
    if (x[n - 1] > 0 &&
        gsl_fit_wlinear(x, 1, weight, 1, y, 1, n, &intercept, &slope, &cov00, &cov01, &cov11, &chi2) == 0 &&
        isfinite(slope)) {
        fit->hz = slope * 1e9;
        fit->uncertainty = slope > 0 ? sqrt(cov11 * chi2 / (double)(n - 2)) / slope : INFINITY;
        status = 0;
    }
    free(columns);
    return status;
}

enum tsp_clock_rate tsp_clock_rate_judge(double stated_hz, const struct tsp_clock_fit *fit) {
    if (!(fit->hz > 0) || !(fit->uncertainty < TSP_CLOCK_RATE_TOLERANCE)) {
        return TSP_RATE_UNSTEADY;
    }
    if (!(stated_hz > 0)) {
        return TSP_RATE_FITTED;
    }
    double off = fabs(stated_hz / fit->hz - 1.0);
    return off <= fmax(TSP_CLOCK_RATE_TOLERANCE, 4 * fit->uncertainty) ? TSP_RATE_STATED : TSP_RATE_DISAGREES;
}

void tsp_clock_percentiles(double *values, size_t n, double *p5, double *p50, double *p95) {
    *p5 = *p50 = *p95 = NAN;
    if (n != 0) {
        gsl_sort(values, 1, n);
        *p5 = gsl_stats_quantile_from_sorted_data(values, 1, n, 0.05);
        *p50 = gsl_stats_quantile_from_sorted_data(values, 1, n, 0.50);
        *p95 = gsl_stats_quantile_from_sorted_data(values, 1, n, 0.95);
    }
}

double tsp_clock_core_judge(double add_ns, double mul_ns, double mul_cycles) {
    if (!(add_ns > 0) || !(mul_ns > 0) || !(mul_cycles > 0)) {
        return 0;
    }
    double by_add = 1.0 / add_ns;
    double by_mul = mul_cycles / mul_ns;
    return fabs(by_mul / by_add - 1.0) <= 0.05 ? by_add : 0;
}
