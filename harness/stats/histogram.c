/* A log-linear histogram: its bounds and its quantiles. */
#include "stats/histogram.h"

#include <math.h>

enum { SUB_BUCKETS = 1 << TSP_HISTOGRAM_BITS };

/* The power of two that is a bucket's width. The first 512 buckets hold one value each. */
static unsigned exponent_of(unsigned bucket) {
    return bucket < 2 * SUB_BUCKETS ? 0 : (bucket >> TSP_HISTOGRAM_BITS) - 1;
}

uint64_t tsp_histogram_low(unsigned bucket) {
    unsigned exponent = exponent_of(bucket);
    return (uint64_t)(bucket - (exponent << TSP_HISTOGRAM_BITS)) << exponent;
}

uint64_t tsp_histogram_width(unsigned bucket) {
    return UINT64_C(1) << exponent_of(bucket);
}

double tsp_histogram_middle(unsigned bucket) {
    return (double)tsp_histogram_low(bucket) + ((double)tsp_histogram_width(bucket) - 1) / 2;
}

void tsp_histogram_add(struct tsp_histogram *histogram, uint64_t value, uint64_t times) {
    histogram->counts[tsp_histogram_bucket(value)] += times;
    histogram->n += times;
}

void tsp_histogram_merge(struct tsp_histogram *histogram, const struct tsp_histogram *other) {
    for (unsigned i = 0; i < TSP_HISTOGRAM_BUCKETS; ++i) {
        histogram->counts[i] += other->counts[i];
    }
    histogram->n += other->n;
}

double tsp_histogram_quantile(const struct tsp_histogram *histogram, double p) {
    if (histogram->n == 0 || !(p >= 0 && p <= 1)) {
        return NAN;
    }
    double wanted = ceil(p * (double)histogram->n * (1 - 1e-15)); /* 0.99 · 100 is a little over 99 */
    uint64_t rank = wanted < 1 ? 1 : (uint64_t)wanted;
    uint64_t below = 0;
    unsigned bucket = 0;
    while ((below += histogram->counts[bucket]) < rank && bucket + 1 < TSP_HISTOGRAM_BUCKETS) {
        ++bucket;
    }
    return tsp_histogram_middle(bucket);
}

uint64_t tsp_histogram_up_to(const struct tsp_histogram *histogram, double value) {
    uint64_t sum = 0;
    if (!(value >= 0)) {
        return 0;
    }
    unsigned last = value >= (double)TSP_HISTOGRAM_MAX ? TSP_HISTOGRAM_BUCKETS - 1
                                                       : tsp_histogram_bucket((uint64_t)value);
    for (unsigned i = 0; i <= last; ++i) {
        sum += histogram->counts[i];
    }
    return sum;
}

uint64_t tsp_recorders_collect(struct tsp_recorder *const *recorders, size_t count, uint32_t *seen,
                               struct tsp_histogram *histogram) {
    uint64_t added = 0;
    for (unsigned i = 0; i < TSP_HISTOGRAM_BUCKETS; ++i) {
        uint32_t total = 0; /* wraps as each of its parts does */
        for (size_t k = 0; k < count; ++k) {
            total += atomic_load_explicit(&recorders[k]->counts[i], memory_order_relaxed);
        }
        uint32_t fresh = total - seen[i];
        seen[i] = total;
        histogram->counts[i] += fresh;
        added += fresh;
    }
    histogram->n += added;
    return added;
}
