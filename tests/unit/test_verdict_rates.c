/* How often verdicts are right and how often wrong, on simulated records and duels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

#include "effects.h"
#include "transept/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A simulated case: `rounds` of each side, log-normal, `shift` apart. */
static enum tsp_effect_verdict simulate(gsl_rng *random, size_t rounds, double spread, double shift,
                                        double *p) {
    double a[64];
    double b[64];
    for (size_t i = 0; i < rounds; ++i) {
        a[i] = exp(gsl_ran_gaussian(random, spread));
        b[i] = shift * exp(gsl_ran_gaussian(random, spread));
    }
    struct tsp_effect effect = between(a, rounds, b, rounds);
    double floor = fmax(0.01, fmax(tsp_noise_floor(a, rounds), tsp_noise_floor(b, rounds)));
    *p = effect.p;
    return tsp_verdict_on(&effect, effect.p, floor); /* not adjusted: the worst case, a comparison of one */
}

#define TRIALS 5000
#define DUELS  400

static double rate_of(enum tsp_effect_verdict verdict, size_t rounds, double spread, double shift) {
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    unsigned hits = 0;
    double p = 0;
    for (unsigned i = 0; i < TRIALS; ++i) {
        hits += simulate(random, rounds, spread, shift, &p) == verdict;
    }
    gsl_rng_free(random);
    return (double)hits / TRIALS;
}

/* The same against the same: at most 1 % false alarms, of either kind, whatever the noise. */
static void false_alarms_are_rare(void **unused) {
    (void)unused;
    const size_t rounds[] = {5, 15, 40};
    const double spreads[] = {0.001, 0.005, 0.02, 0.1};
    for (size_t r = 0; r < COUNT(rounds); ++r) {
        for (size_t s = 0; s < COUNT(spreads); ++s) {
            double worse = rate_of(TSP_VERDICT_WORSE, rounds[r], spreads[s], 1);
            double better = rate_of(TSP_VERDICT_BETTER, rounds[r], spreads[s], 1);
            if (worse + better > 0.01) {
                fail_msg("%.2f %% false alarms with %zu rounds of %.1f %% spread", 100 * (worse + better),
                         rounds[r], 100 * spreads[s]);
            }
        }
    }
}

/* A true difference of 2 % is found where the spread allows it, and none is called the same or the reverse. */
static void true_differences_are_found(void **unused) {
    (void)unused;
    assert_true(rate_of(TSP_VERDICT_WORSE, 15, 0.005, 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_WORSE, 40, 0.01, 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_BETTER, 15, 0.005, 1 / 1.02) >= 0.95);
    assert_true(rate_of(TSP_VERDICT_SAME, 15, 0.005, 1.02) <= 0.001);
    assert_true(rate_of(TSP_VERDICT_BETTER, 5, 0.05, 1.02) <= 0.01);
    assert_true(rate_of(TSP_VERDICT_SAME, 40, 0.005, 1) >= 0.95);
}

/* A duel's pairs: what they share drops out, what remains has tails without a variance. How often each verdict came. */
static void simulate_duels(double shares[TSP_VERDICT_INCONCLUSIVE + 1], size_t pairs, double spread,
                           double shift) {
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    struct tsp_error error = {""};
    double a[100];
    double b[100];
    memset(shares, 0, (TSP_VERDICT_INCONCLUSIVE + 1) * sizeof *shares);
    for (unsigned trial = 0; trial < DUELS; ++trial) {
        for (size_t i = 0; i < pairs; ++i) {
            double shared = gsl_ran_gaussian(random, 0.1);
            a[i] = exp(shared + spread * gsl_ran_tdist(random, 2));
            b[i] = shift * exp(shared + spread * gsl_ran_tdist(random, 2));
        }
        struct tsp_effect effect;
        assert_int_equal(tsp_effect_paired(&effect, a, b, pairs, &error), 0);
        shares[tsp_verdict_on(&effect, effect.p, 0.01)] += 1.0 / DUELS;
    }
    gsl_rng_free(random);
}

/* No more false alarms than elsewhere, and the difference is found where a mean would have nothing to say. */
static void duels_are_judged_as_records_are(void **unused) {
    (void)unused;
    const size_t pairs[] = {5, 8, 12, 50};
    const double spreads[] = {0.001, 0.005, 0.025};
    double shares[TSP_VERDICT_INCONCLUSIVE + 1];
    for (size_t i = 0; i < COUNT(pairs) * COUNT(spreads); ++i) {
        size_t count = pairs[i / COUNT(spreads)];
        double spread = spreads[i % COUNT(spreads)];
        simulate_duels(shares, count, spread, 1);
        double alarms = shares[TSP_VERDICT_WORSE] + shares[TSP_VERDICT_BETTER];
        if (alarms > 0.01) {
            fail_msg("%.2f %% false alarms with %zu pairs of %.1f %% spread", 100 * alarms, count,
                     100 * spread);
        }
    }
    simulate_duels(shares, 100, 0.008, 1.02);
    assert_true(shares[TSP_VERDICT_WORSE] >= 0.95);
    simulate_duels(shares, 100, 0.005, 1);
    assert_true(shares[TSP_VERDICT_SAME] >= 0.95);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(false_alarms_are_rare),
        cmocka_unit_test(true_differences_are_found),
        cmocka_unit_test(duels_are_judged_as_records_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
