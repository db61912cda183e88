/*
 * From what was gathered to what is reported.
 *
 * The interval of a quantile q rests on blocks of time (stats/blocks.h): the share of values up to q is a ratio over blocks with an interval of its own,
 * and the quantiles at that interval's ends bound q (Woodruff 1952, "Confidence intervals for medians and other position measures", JASA 47: 635–646).
 */
#include "workload/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/blocks.h"
#include "transept/stats.h"

const double tsp_workload_quantiles[TSP_WORKLOAD_QUANTILES] = {0.5, 0.95, 0.99, 0.999};
const char *const tsp_workload_quantile_names[TSP_WORKLOAD_QUANTILES] = {"p50", "p95", "p99", "p999"};

/* The kinds that belong to a row of the result: one, or all. */
static bool is_part(unsigned kind, unsigned row) {
    return row == TSP_OPERATIONS || kind == row;
}

/* Counts of a block that belong to the row: all of them, or those up to a value. */
static double count_block(const struct tsp_block *block, unsigned row, double up_to) {
    double sum = 0;
    for (unsigned kind = 0; kind < TSP_OPERATIONS; ++kind) {
        if (is_part(kind, row)) {
            sum +=
                (double)(isfinite(up_to) ? tsp_histogram_up_to(&block->of[kind], up_to) : block->of[kind].n);
        }
    }
    return sum;
}

static struct tsp_estimate estimate_quantile(const struct tsp_gather *gather, unsigned row, double p,
                                             const struct tsp_histogram *histogram) {
    struct tsp_estimate estimate = {.value = NAN, .lo = NAN, .hi = NAN, .needs = tsp_stats_needed(p)};
    double below[TSP_GATHER_BLOCKS_MAX + 2];
    double of[TSP_GATHER_BLOCKS_MAX + 2];
    if (histogram->n < estimate.needs) {
        return estimate;
    }
    estimate.needs = 0;
    estimate.value = tsp_histogram_quantile(histogram, p);
    for (size_t i = 0; i < gather->block_count; ++i) {
        below[i] = count_block(&gather->blocks[i], row, estimate.value);
        of[i] = count_block(&gather->blocks[i], row, INFINITY);
    }
    struct tsp_estimate share = tsp_blocks_ratio(below, of, gather->block_count);
    double lo = p - (share.value - share.lo); /* as wide as the share's, about the quantile itself */
    double hi = p + (share.hi - share.value);
    if (lo > 0) {
        estimate.lo = tsp_histogram_quantile(histogram, lo);
    }
    if (hi < 1) {
        estimate.hi = tsp_histogram_quantile(histogram, hi);
    }
    return estimate;
}

static struct tsp_estimate estimate_rate(const struct tsp_gather *gather, unsigned row) {
    double n[TSP_GATHER_BLOCKS_MAX + 2];
    double seconds[TSP_GATHER_BLOCKS_MAX + 2];
    for (size_t i = 0; i < gather->block_count; ++i) {
        n[i] = count_block(&gather->blocks[i], row, INFINITY);
        seconds[i] = gather->blocks[i].seconds;
    }
    return tsp_blocks_ratio(n, seconds, gather->block_count);
}

/* What each thread kept exactly. */
static void sum_tallies(struct tsp_latency *latency, const struct tsp_worker *workers, uint64_t threads,
                        unsigned row) {
    double sum = 0;
    *latency = (struct tsp_latency){.min = NAN, .mean = NAN, .max = NAN};
    for (uint64_t i = 0; i < threads; ++i) {
        for (unsigned kind = 0; kind < TSP_OPERATIONS; ++kind) {
            const struct tsp_tally *tally = &workers[i].tallies[kind];
            if (is_part(kind, row) && tally->n > 0) {
                latency->n += tally->n;
                latency->min = fmin(latency->min, (double)tally->min); /* fmin() prefers a number to NaN */
                latency->max = fmax(latency->max, (double)tally->max);
                sum += tally->sum;
            }
        }
    }
    if (latency->n > 0) {
        latency->mean = sum / (double)latency->n;
    }
}

int tsp_workload_summarise(struct tsp_gather *gather, const struct tsp_worker *workers,
                           struct tsp_workload_result *result, struct tsp_error *error) {
    struct tsp_histogram *histogram = malloc(sizeof *histogram);
    if (histogram == NULL) {
        return tsp_error_set(error, "no memory for a histogram");
    }
    for (unsigned row = 0; row <= TSP_OPERATIONS; ++row) {
        struct tsp_latency *latency = &result->latencies[row];
        memset(histogram, 0, sizeof *histogram);
        for (size_t i = 0; i < gather->block_count; ++i) {
            for (unsigned kind = 0; kind < TSP_OPERATIONS; ++kind) {
                if (is_part(kind, row)) {
                    tsp_histogram_merge(histogram, &gather->blocks[i].of[kind]);
                }
            }
        }
        sum_tallies(latency, workers, gather->workload->threads, row);
        latency->rate = estimate_rate(gather, row);
        for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
            latency->quantiles[i] = estimate_quantile(gather, row, tsp_workload_quantiles[i], histogram);
            latency->raw[i] = NAN;
        }
    }
    free(histogram);
    result->seconds = gather->seconds;
    result->second_count = gather->second_count;
    gather->seconds = NULL;
    return 0;
}

/* --- kept samples ------------------------------------------------------------------------------------------------------------------- */

static int compare_raw(const void *a, const void *b) {
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Samples of one operation, sorted. */
struct stretch {
    const uint64_t *raw;
    size_t n;
};

/* How many of them are up to `ns`. */
static size_t count_up_to(const struct stretch *stretch, uint64_t ns) {
    size_t low = 0;
    size_t high = stretch->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tsp_raw_ns(stretch->raw[middle]) <= ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The rank-th smallest of some stretches together: by halving the range of values, so that they need not be merged. */
static uint64_t find_rank(const struct stretch *stretches, unsigned count, uint64_t rank) {
    uint64_t low = 0;
    uint64_t high = (UINT64_C(1) << TSP_RAW_NS_BITS) - 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint64_t up_to = 0;
        for (unsigned i = 0; i < count; ++i) {
            up_to += count_up_to(&stretches[i], middle);
        }
        if (up_to >= rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* By rank, as the histogram has it. */
static void fill_raw(struct tsp_latency *latency, const struct stretch *stretches, unsigned count) {
    uint64_t n = 0;
    for (unsigned i = 0; i < count; ++i) {
        n += stretches[i].n;
    }
    for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
        double p = tsp_workload_quantiles[i];
        if (n >= tsp_stats_needed(p)) {
            latency->raw[i] =
                (double)find_rank(stretches, count, (uint64_t)ceil(p * (double)n * (1 - 1e-15)));
        }
    }
}

int tsp_workload_take_raw(struct tsp_worker *workers, const struct tsp_workload *workload,
                          struct tsp_workload_result *result, struct tsp_error *error) {
    size_t count = 0;
    for (uint64_t i = 0; i < workload->threads; ++i) {
        count += workers[i].raw_count;
    }
    uint64_t *all = malloc((count + 1) * sizeof *all);
    if (all == NULL) {
        return tsp_error_set(error, "no memory to sort %zu samples; ask for a shorter run", count);
    }
    result->raw = all;
    for (uint64_t i = 0; i < workload->threads; ++i) {
        memcpy(all + result->raw_count, workers[i].raw, workers[i].raw_count * sizeof *all);
        result->raw_count += workers[i].raw_count;
    }
    struct stretch stretches[TSP_OPERATIONS] = {{.raw = all}};
    qsort(all, count, sizeof *all, compare_raw); /* operation by operation */
    for (size_t i = 0; i < count; ++i) {
        struct stretch *stretch = &stretches[tsp_raw_operation(all[i])];
        stretch->raw = stretch->n++ == 0 ? &all[i] : stretch->raw;
    }
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        fill_raw(&result->latencies[i], &stretches[i], 1);
    }
    fill_raw(&result->latencies[TSP_OPERATIONS], stretches, TSP_OPERATIONS);
    return 0;
}
