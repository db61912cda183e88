/*
 * A log-linear histogram of whole numbers (after Gil Tene's HdrHistogram): every power of two is cut into 256 buckets of equal width.
 *
 * Below 512 a bucket holds one value. Above, one of width 2^e begins at 256·2^e or more, so the value in its middle is at most 2^(e-1)
 * from any other in it: a relative error of 2^-9, under 0.2 %, wherever the value lies.
 */
#ifndef TRANSEPT_STATS_HISTOGRAM_H
#define TRANSEPT_STATS_HISTOGRAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TSP_HISTOGRAM_BITS 8

/** What a bucket's value differs at most from those in it, relative to them. */
#define TSP_HISTOGRAM_ERROR (1.0 / (2 << TSP_HISTOGRAM_BITS))

/** Values from here on share the last bucket: 2^42 ns are 73 minutes. */
#define TSP_HISTOGRAM_RANGE_BITS 42
#define TSP_HISTOGRAM_MAX        ((UINT64_C(1) << TSP_HISTOGRAM_RANGE_BITS) - 1)

#define TSP_HISTOGRAM_BUCKETS ((TSP_HISTOGRAM_RANGE_BITS - TSP_HISTOGRAM_BITS + 1) << TSP_HISTOGRAM_BITS)

struct tsp_histogram {
    uint64_t n;
    uint64_t counts[TSP_HISTOGRAM_BUCKETS];
};

/** The bucket of a value; beyond the range the last one. Pure, without a branch but for the smallest values. */
static inline unsigned tsp_histogram_bucket(uint64_t value) {
    if (value > TSP_HISTOGRAM_MAX) {
        return TSP_HISTOGRAM_BUCKETS - 1;
    }
    if (value < (UINT64_C(1) << TSP_HISTOGRAM_BITS)) {
        return (unsigned)value;
    }
    unsigned exponent = 63U - (unsigned)__builtin_clzll(value) - TSP_HISTOGRAM_BITS;
    return (exponent << TSP_HISTOGRAM_BITS) + (unsigned)(value >> exponent);
}

/** The least value of a bucket, and how many whole numbers are in it. */
uint64_t tsp_histogram_low(unsigned bucket);
uint64_t tsp_histogram_width(unsigned bucket);

/** The value that stands for a bucket: its middle. */
double tsp_histogram_middle(unsigned bucket);

void tsp_histogram_add(struct tsp_histogram *histogram, uint64_t value, uint64_t times);

/** Adds all of `other`. */
void tsp_histogram_merge(struct tsp_histogram *histogram, const struct tsp_histogram *other);

/**
 * The quantile by rank: the middle of the bucket that holds the ⌈p·n⌉-th smallest value (the first for p = 0). That value itself differs from it by
 * at most TSP_HISTOGRAM_ERROR, unless it is beyond the range. NaN when it is empty or p is outside 0 … 1.
 */
double tsp_histogram_quantile(const struct tsp_histogram *histogram, double p);

/** How many values lie in buckets up to that of `value`. */
uint64_t tsp_histogram_up_to(const struct tsp_histogram *histogram, double value);

/* --- one that a thread fills while others read it ---------------------------------------------------------------------------------- */

/**
 * Counts of one writer. Of 32 bits, so that they are single loads and stores on every ISA: they wrap, and who reads them takes differences, which
 * are right while no bucket gets 2^32 values between two readings.
 */
struct tsp_recorder {
    _Atomic uint32_t counts[TSP_HISTOGRAM_BUCKETS];
};

/** Counts a value. No lock and no read-modify-write: there is one writer. Relaxed, for the counts publish nothing but themselves. */
static inline void tsp_recorder_add(struct tsp_recorder *recorder, uint64_t value) {
    _Atomic uint32_t *count = &recorder->counts[tsp_histogram_bucket(value)];
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + 1, memory_order_relaxed);
}

/**
 * Adds to `histogram` what `count` recorders counted since the last call; `seen` (TSP_HISTOGRAM_BUCKETS numbers, zero at first) keeps what was read
 * of all together. Values that are recorded meanwhile come now or with the next call, never twice. Returns how many were added.
 */
uint64_t tsp_recorders_collect(struct tsp_recorder *const *recorders, size_t count, uint32_t *seen,
                               struct tsp_histogram *histogram);

#endif
