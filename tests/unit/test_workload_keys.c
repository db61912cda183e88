/* Which keys come how often: chi-square against the shares that are stated, with fixed seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "workload/keys.h"

enum { CELLS_MAX = 200, DRAWS = 200000 };

/* The upper tail of chi-square for what was drawn: small when the shares are others. */
static double p_of(const uint64_t *seen, const double *share, unsigned cells) {
    double square = 0;
    for (unsigned i = 0; i < cells; ++i) {
        double expected = share[i] * DRAWS;
        square += ((double)seen[i] - expected) * ((double)seen[i] - expected) / expected;
    }
    return gsl_cdf_chisq_Q(square, cells - 1);
}

static void draw_all(uint64_t *seen, const struct tsp_workload *workload, uint64_t seed) {
    struct tsp_keys keys;
    struct tsp_key_source source;
    tsp_keys_make(&keys, workload);
    tsp_key_source_make(&source, &keys, 3, 8, seed);
    memset(seen, 0, CELLS_MAX * sizeof *seen);
    for (int i = 0; i < DRAWS; ++i) {
        uint64_t key = tsp_key_next(&source);
        assert_true(key < workload->keys);
        ++seen[key < CELLS_MAX ? key : CELLS_MAX - 1];
    }
}

static void uniform_keys_are_alike(void **unused) {
    (void)unused;
    struct tsp_workload workload = {.keys = CELLS_MAX, .distribution = TSP_KEYS_UNIFORM};
    uint64_t seen[CELLS_MAX];
    double share[CELLS_MAX];
    for (unsigned i = 0; i < CELLS_MAX; ++i) {
        share[i] = 1.0 / CELLS_MAX;
    }
    draw_all(seen, &workload, 1);
    assert_true(p_of(seen, share, CELLS_MAX) > 0.001);
    share[0] *= 1.2; /* the test can tell */
    share[1] *= 0.8;
    assert_true(p_of(seen, share, CELLS_MAX) < 0.001);
}

static void fill_zipf(double *share, double exponent) {
    double sum = 0;
    for (unsigned i = 0; i < CELLS_MAX; ++i) {
        share[i] = pow(i + 1, -exponent);
        sum += share[i];
    }
    for (unsigned i = 0; i < CELLS_MAX; ++i) {
        share[i] /= sum;
    }
}

static void zipf_keys_follow_their_law(void **unused) {
    (void)unused;
    static const double exponents[] = {0.3, 0.99, 1, 1.2, 2};
    for (unsigned i = 0; i < sizeof exponents / sizeof *exponents; ++i) {
        struct tsp_workload workload = {
            .keys = CELLS_MAX, .distribution = TSP_KEYS_ZIPF, .exponent = exponents[i]};
        uint64_t seen[CELLS_MAX];
        double share[CELLS_MAX];
        draw_all(seen, &workload, 2 + i);
        fill_zipf(share, exponents[i]);
        if (!(p_of(seen, share, CELLS_MAX) > 0.001)) {
            fail_msg("exponent %g: chi-square's tail is %g", exponents[i], p_of(seen, share, CELLS_MAX));
        }
        fill_zipf(share, exponents[i] + 0.03); /* the test can tell */
        assert_true(p_of(seen, share, CELLS_MAX) < 0.001);
    }
}

/* Of many keys the likeliest one has its share: 1 ÷ H(10^8, 0.99), where the harmonic number is by Euler and Maclaurin. */
static void zipf_of_many_keys_is_right_at_its_head(void **unused) {
    (void)unused;
    struct tsp_workload workload = {.keys = 100000000, .distribution = TSP_KEYS_ZIPF, .exponent = 0.99};
    uint64_t seen[CELLS_MAX];
    double harmonic = 0;
    for (int i = 1; i <= 1000; ++i) {
        harmonic += pow(i, -0.99);
    }
    harmonic += (pow(1e8, 0.01) - pow(1000, 0.01)) / 0.01 + (pow(1e8, -0.99) - pow(1000, -0.99)) / 2;
    draw_all(seen, &workload, 9);
    double expected = DRAWS / harmonic;
    assert_true(fabs((double)seen[0] - expected) < 4 * sqrt(expected));
    assert_true(fabs((double)seen[1] - expected * pow(2, -0.99)) < 4 * sqrt(expected * pow(2, -0.99)));
}

static void one_key_is_always_that_key(void **unused) {
    (void)unused;
    for (unsigned distribution = 0; distribution <= TSP_KEYS_ZIPF; ++distribution) {
        struct tsp_workload workload = {.keys = 1, .distribution = distribution, .exponent = 1};
        struct tsp_keys keys;
        struct tsp_key_source source;
        tsp_keys_make(&keys, &workload);
        tsp_key_source_make(&source, &keys, 0, 1, 1);
        for (int i = 0; i < 100; ++i) {
            assert_int_equal(tsp_key_next(&source), 0);
        }
    }
}

static void sequential_keys_go_round(void **unused) {
    (void)unused;
    struct tsp_workload workload = {.keys = 10, .distribution = TSP_KEYS_SEQUENTIAL};
    struct tsp_keys keys;
    struct tsp_key_source source;
    tsp_keys_make(&keys, &workload);
    tsp_key_source_make(&source, &keys, 1, 4, 1); /* the second of four begins after a quarter */
    for (uint64_t i = 0; i < 25; ++i) {
        assert_int_equal(tsp_key_next(&source), (2 + i) % 10);
    }
}

static void threads_draw_differently_and_again_the_same(void **unused) {
    (void)unused;
    struct tsp_workload workload = {.keys = 1U << 30, .distribution = TSP_KEYS_UNIFORM};
    struct tsp_keys keys;
    struct tsp_key_source sources[3];
    tsp_keys_make(&keys, &workload);
    tsp_key_source_make(&sources[0], &keys, 0, 2, 1);
    tsp_key_source_make(&sources[1], &keys, 1, 2, 1);
    tsp_key_source_make(&sources[2], &keys, 0, 2, 1);
    unsigned equal = 0;
    for (int i = 0; i < 100; ++i) {
        uint64_t key = tsp_key_next(&sources[0]);
        equal += key == tsp_key_next(&sources[1]);
        assert_int_equal(key, tsp_key_next(&sources[2]));
    }
    assert_true(equal < 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform_keys_are_alike),
        cmocka_unit_test(zipf_keys_follow_their_law),
        cmocka_unit_test(zipf_of_many_keys_is_right_at_its_head),
        cmocka_unit_test(one_key_is_always_that_key),
        cmocka_unit_test(sequential_keys_go_round),
        cmocka_unit_test(threads_draw_differently_and_again_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
