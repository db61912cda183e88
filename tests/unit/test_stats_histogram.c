/* The histogram: no bucket errs by more than it says, a merge is a sum, quantiles are those of the values by rank, readings lose nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "stats/histogram.h"
#include "workload/random.h"

static struct tsp_histogram *make(void) {
    struct tsp_histogram *histogram = calloc(1, sizeof *histogram);
    assert_non_null(histogram);
    return histogram;
}

/* A number whose power of two is as likely as any other, so that all scales are tried. */
static uint64_t draw(uint64_t *random) {
    unsigned bits = 1 + (unsigned)tsp_random_below(random, TSP_HISTOGRAM_RANGE_BITS);
    return tsp_random_next(random) >> (64 - bits);
}

static void assert_fits(uint64_t value) {
    unsigned bucket = tsp_histogram_bucket(value);
    uint64_t low = tsp_histogram_low(bucket);
    assert_true(bucket < TSP_HISTOGRAM_BUCKETS);
    assert_true(low <= value && value - low < tsp_histogram_width(bucket));
    assert_true(fabs(tsp_histogram_middle(bucket) - (double)value) <= TSP_HISTOGRAM_ERROR * (double)value);
}

static void every_value_is_near_its_bucket(void **unused) {
    (void)unused;
    uint64_t random = 1;
    for (uint64_t value = 0; value < 5000; ++value) {
        assert_fits(value);
    }
    for (unsigned bits = 0; bits < TSP_HISTOGRAM_RANGE_BITS; ++bits) { /* both sides of each power of two */
        assert_fits((UINT64_C(1) << bits) - 1);
        assert_fits(UINT64_C(1) << bits);
        assert_fits((UINT64_C(1) << bits) + 1);
    }
    for (int i = 0; i < 1000000; ++i) {
        assert_fits(draw(&random));
    }
    assert_fits(TSP_HISTOGRAM_MAX);
    assert_true(TSP_HISTOGRAM_ERROR <= 0.005);
}

/* Buckets follow one another without a gap, up to the end of the range; beyond it there is the last one. */
static void buckets_tile_the_range(void **unused) {
    (void)unused;
    uint64_t next = 0;
    for (unsigned i = 0; i < TSP_HISTOGRAM_BUCKETS; ++i) {
        assert_int_equal(tsp_histogram_low(i), next);
        assert_int_equal(tsp_histogram_bucket(next), i);
        next += tsp_histogram_width(i);
    }
    assert_int_equal(next, TSP_HISTOGRAM_MAX + 1);
    assert_int_equal(tsp_histogram_bucket(TSP_HISTOGRAM_MAX + 1), TSP_HISTOGRAM_BUCKETS - 1);
    assert_int_equal(tsp_histogram_bucket(UINT64_MAX), TSP_HISTOGRAM_BUCKETS - 1);
}

static void a_merge_is_a_sum(void **unused) {
    (void)unused;
    struct tsp_histogram *one = make();
    struct tsp_histogram *other = make();
    struct tsp_histogram *both = make();
    uint64_t random = 2;
    for (int i = 0; i < 20000; ++i) {
        uint64_t value = draw(&random);
        tsp_histogram_add(i % 3 == 0 ? one : other, value, 1 + (uint64_t)(i % 5));
        tsp_histogram_add(both, value, 1 + (uint64_t)(i % 5));
    }
    tsp_histogram_merge(one, other);
    assert_memory_equal(one, both, sizeof *both);
    free(one);
    free(other);
    free(both);
}

static int ascending(const void *a, const void *b) {
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

static void quantiles_are_those_of_the_values(void **unused) {
    (void)unused;
    enum { MOST = 3000 };
    static const double ps[] = {0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1};
    uint64_t values[MOST] = {0};
    uint64_t random = 3;
    for (size_t n = 1; n <= MOST; n = n * 3 / 2 + 1) {
        struct tsp_histogram *histogram = make();
        for (size_t i = 0; i < n; ++i) {
            values[i] = draw(&random);
            tsp_histogram_add(histogram, values[i], 1);
        }
        qsort(values, n, sizeof *values, ascending);
        for (size_t i = 0; i < sizeof ps / sizeof *ps; ++i) {
            size_t rank = (size_t)ceil(ps[i] * (double)n * (1 - 1e-15));
            double exact = (double)values[rank > 0 ? rank - 1 : 0];
            assert_true(fabs(tsp_histogram_quantile(histogram, ps[i]) - exact) <=
                        TSP_HISTOGRAM_ERROR * exact);
        }
        assert_int_equal(tsp_histogram_up_to(histogram, (double)values[n - 1]), n);
        free(histogram);
    }
}

static void what_has_no_quantile_says_so(void **unused) {
    (void)unused;
    struct tsp_histogram *histogram = make();
    assert_true(isnan(tsp_histogram_quantile(histogram, 0.5)));
    assert_int_equal(tsp_histogram_up_to(histogram, 1e300), 0);
    tsp_histogram_add(histogram, 7, 1);
    assert_true(isnan(tsp_histogram_quantile(histogram, -0.1)) &&
                isnan(tsp_histogram_quantile(histogram, 1.1)));
    assert_true(isnan(tsp_histogram_quantile(histogram, NAN)));
    assert_true(tsp_histogram_quantile(histogram, 0) == 7 && tsp_histogram_quantile(histogram, 1) == 7);
    assert_int_equal(tsp_histogram_up_to(histogram, 6), 0);
    assert_int_equal(tsp_histogram_up_to(histogram, -1), 0);
    free(histogram);
}

/* --- recorders ---------------------------------------------------------------------------------------------------------------------- */

enum { RECORDED = 300000 };

static void *record_all(void *data) {
    uint64_t random = 4;
    for (int i = 0; i < RECORDED; ++i) {
        tsp_recorder_add(data, tsp_random_below(&random, 100000));
    }
    return NULL;
}

/* Two threads write while a third collects: nothing is lost, nothing comes twice. */
static void collecting_loses_nothing(void **unused) {
    (void)unused;
    struct tsp_recorder *recorders[2];
    pthread_t threads[2];
    struct tsp_histogram *collected = make();
    struct tsp_histogram *wanted = make();
    uint32_t *seen = calloc(TSP_HISTOGRAM_BUCKETS, sizeof *seen);
    uint64_t random = 4;
    assert_non_null(seen);
    for (int i = 0; i < 2; ++i) {
        recorders[i] = calloc(1, sizeof *recorders[i]);
        assert_non_null(recorders[i]);
        assert_int_equal(pthread_create(&threads[i], NULL, record_all, recorders[i]), 0);
    }
    for (int i = 0; i < 50; ++i) {
        (void)tsp_recorders_collect(recorders, 2, seen, collected);
    }
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    (void)tsp_recorders_collect(recorders, 2, seen, collected);
    assert_int_equal(tsp_recorders_collect(recorders, 2, seen, collected), 0);
    for (int i = 0; i < RECORDED; ++i) {
        tsp_histogram_add(wanted, tsp_random_below(&random, 100000), 2);
    }
    assert_memory_equal(collected, wanted, sizeof *wanted);
    free(recorders[0]);
    free(recorders[1]);
    free(seen);
    free(collected);
    free(wanted);
}

/* Counts of 32 bits pass through 2^32, and the difference does not. */
static void a_count_may_wrap(void **unused) {
    (void)unused;
    struct tsp_recorder *recorder = calloc(1, sizeof *recorder);
    struct tsp_histogram *histogram = make();
    uint32_t *seen = calloc(TSP_HISTOGRAM_BUCKETS, sizeof *seen);
    assert_true(recorder != NULL && seen != NULL);
    atomic_store(&recorder->counts[5], UINT32_MAX);
    seen[5] = UINT32_MAX;
    tsp_recorder_add(recorder, 5);
    tsp_recorder_add(recorder, 5);
    assert_int_equal(tsp_recorders_collect(&recorder, 1, seen, histogram), 2);
    assert_int_equal(histogram->counts[5], 2);
    free(recorder);
    free(histogram);
    free(seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_near_its_bucket),
        cmocka_unit_test(buckets_tile_the_range),
        cmocka_unit_test(a_merge_is_a_sum),
        cmocka_unit_test(quantiles_are_those_of_the_values),
        cmocka_unit_test(what_has_no_quantile_says_so),
        cmocka_unit_test(collecting_loses_nothing),
        cmocka_unit_test(a_count_may_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
