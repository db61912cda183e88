/* Intervals over blocks of time: by hand for a small case, and by how often they cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/blocks.h"
#include "workload/random.h"

static void a_case_by_hand(void **unused) {
    (void)unused;
    const double part[] = {8, 10, 12, 10};
    const double whole[] = {1, 1, 1, 1};
    struct tsp_estimate estimate = tsp_blocks_ratio(part, whole, 4);
    /* The mean of four numbers: sd = sqrt(8/3), half = t(0.975; 3) · sd ÷ 2 = 3.182446 · 0.816497. */
    assert_true(fabs(estimate.value - 10) < 1e-12);
    assert_true(fabs(estimate.hi - 10 - 2.598457) < 1e-5 && fabs(10 - estimate.lo - 2.598457) < 1e-5);
}

static void blocks_count_by_their_length(void **unused) {
    (void)unused;
    const double part[] = {10, 20, 5};
    const double whole[] = {1, 2, 0.5};
    struct tsp_estimate estimate = tsp_blocks_ratio(part, whole, 3);
    assert_true(estimate.value == 10 && estimate.lo == 10 && estimate.hi == 10);
}

static void too_few_blocks_have_no_bounds(void **unused) {
    (void)unused;
    const double part[] = {1, 2};
    const double whole[] = {1, 1};
    const double nothing[] = {0, 0};
    struct tsp_estimate estimate = tsp_blocks_ratio(part, whole, 2);
    assert_true(estimate.value == 1.5 && isnan(estimate.lo) && isnan(estimate.hi));
    assert_true(isnan(tsp_blocks_ratio(part, nothing, 2).value));
    assert_true(isnan(tsp_blocks_ratio(part, whole, 0).value));
}

/* Blocks of unequal length around a rate of 5, drawn with a fixed seed: 95 % intervals cover in 93 to 97 % of the trials. */
static void intervals_cover(void **unused) {
    (void)unused;
    enum { TRIALS = 4000, BLOCKS = 12 };
    uint64_t random = 1;
    unsigned covered = 0;
    for (int i = 0; i < TRIALS; ++i) {
        double part[BLOCKS];
        double whole[BLOCKS];
        for (int k = 0; k < BLOCKS; ++k) {
            double noise = 0; /* near to normal: a sum of uniform numbers */
            for (int j = 0; j < 12; ++j) {
                noise += tsp_random_unit(&random) - 0.5;
            }
            whole[k] = 0.8 + 0.4 * tsp_random_unit(&random);
            part[k] = whole[k] * 5 + noise;
        }
        struct tsp_estimate estimate = tsp_blocks_ratio(part, whole, BLOCKS);
        covered += estimate.lo <= 5 && 5 <= estimate.hi;
    }
    assert_true(covered >= TRIALS * 93 / 100 && covered <= TRIALS * 97 / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_by_hand),
        cmocka_unit_test(blocks_count_by_their_length),
        cmocka_unit_test(too_few_blocks_have_no_bounds),
        cmocka_unit_test(intervals_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
