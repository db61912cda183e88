/* From raw times of batches to the cost of an op. Pure arithmetic. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "measure/sampler.h"
#include "transept/stats.h"

uint64_t tsp_batch_ops(double target_ns, double took_ns, uint64_t ops) {
    const uint64_t unit = TSP_BATCH_UNIT;
    const double most = 1e9;
    double wanted = took_ns > 0 ? target_ns / took_ns * (double)ops
                                : 2 * (double)ops; /* a clock too coarse to see it: twice as many */
    double units = ceil(fmin(fmax(wanted, 1), most) / (double)unit);
    return (uint64_t)units * unit;
}

bool tsp_window_agrees(const double *window, size_t count, double *scratch) {
    size_t half = count / 2;
    memcpy(scratch, window, half * sizeof *scratch);
    double first = tsp_stats_median(scratch, half);
    memcpy(scratch, window + half, half * sizeof *scratch);
    double second = tsp_stats_median(scratch, half);
    return fabs(first - second) <= 0.01 * fmin(first, second);
}

/* What a batch costs beside its ops: the median of 2·T(n) − T(2n) over neighbours (measurement.md). */
static double fixed_cost(const double *one, const double *two, size_t count, double *scratch) {
    for (size_t i = 0; i < count; ++i) {
        scratch[i] = 2 * one[i] - two[i];
    }
    return tsp_stats_median(scratch, count);
}

static double median_of(const double *values, size_t count, double *scratch) {
    memcpy(scratch, values, count * sizeof *scratch);
    return tsp_stats_median(scratch, count);
}

/* The reference's cost an op, and the width P5…P95 of what is taken off each single op. */
static double reference_cost(const struct tsp_trace *trace, double *bias) {
    *bias = 0;
    if (trace->reference_count == 0) {
        return 0;
    }
    if (!trace->per_op) {
        double fixed =
            fixed_cost(trace->reference_one, trace->reference_two, trace->reference_count, trace->scratch);
        return (median_of(trace->reference_one, trace->reference_count, trace->scratch) - fixed) /
               (double)trace->ops;
    }
    double median = median_of(trace->reference_one, trace->reference_count, trace->scratch);
    gsl_sort(trace->scratch, 1, trace->reference_count);
    *bias = tsp_stats_quantile(trace->scratch, trace->reference_count, 0.95) -
            tsp_stats_quantile(trace->scratch, trace->reference_count, 0.05);
    return median;
}

int tsp_trace_reduce(struct tsp_trace *trace, struct tsp_round_metric *metric, struct tsp_error *error) {
    if (trace->count == 0) {
        return tsp_error_set(error, "no sample could be taken in the round's time; give it more with --time");
    }
    double fixed = trace->per_op ? 0 : fixed_cost(trace->one, trace->two, trace->count, trace->scratch);
    metric->reference = reference_cost(trace, &metric->bias);
    metric->gross = (median_of(trace->one, trace->count, trace->scratch) - fixed) / (double)trace->ops;
    metric->net = metric->gross - metric->reference;
    for (size_t i = 0; i < trace->count; ++i) {
        trace->one[i] = (trace->one[i] - fixed) / (double)trace->ops - metric->reference;
    }
    return tsp_stats_describe(trace->one, trace->count, &metric->description, error);
}

uint64_t tsp_trace_gaps(const struct tsp_trace *trace) {
    double limit = median_of(trace->reference_one, trace->reference_count, trace->scratch) + 1000;
    uint64_t gaps = 0;
    for (size_t i = 0; i < trace->reference_count; ++i) {
        gaps += trace->reference_one[i] > limit;
    }
    return gaps;
}
