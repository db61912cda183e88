/* From effects to verdicts: what noise alone does, what many tests do, and where the bounds lie. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "transept/verdict.h"

/* Geometric mean of each half, as logarithms; `alternate` takes every other value. */
static double halves_differ(const double *values, size_t count, size_t usable, bool alternate) {
    double sums[2] = {0, 0};
    size_t counts[2] = {0, 0};
    size_t seen = 0;
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(values[i]) && values[i] > 0) {
            size_t half = alternate ? seen % 2 : seen >= usable / 2;
            sums[half] += log(values[i]);
            ++counts[half];
            ++seen;
        }
    }
    return fabs(sums[0] / (double)counts[0] - sums[1] / (double)counts[1]);
}

double tsp_noise_floor(const double *values, size_t count) {
    size_t usable = 0;
    for (size_t i = 0; i < count; ++i) {
        usable += isfinite(values[i]) && values[i] > 0;
    }
    if (usable < 4) {
        return NAN;
    }
    return expm1(
        fmax(halves_differ(values, count, usable, false), halves_differ(values, count, usable, true)));
}

struct test {
    double p;
    size_t at; /* where it came from */
};

static int compare_tests(const void *a, const void *b) {
    double first = ((const struct test *)a)->p;
    double other = ((const struct test *)b)->p;
    return (first > other) - (first < other);
}

int tsp_fdr_adjust(double *p, size_t count, struct tsp_error *error) {
    struct test *tests = calloc(count > 0 ? count : 1, sizeof *tests);
    if (tests == NULL) {
        return tsp_error_set(error, "no memory to put %zu tests in order", count);
    }
    size_t made = 0;
    for (size_t i = 0; i < count; ++i) {
        if (!isnan(p[i])) {
            tests[made++] = (struct test){.p = p[i], .at = i};
        }
    }
    qsort(tests, made, sizeof *tests, compare_tests);
    double least = 1;
    for (size_t rank = made; rank > 0; --rank) {
        least = fmin(least, tests[rank - 1].p * (double)made / (double)rank);
        p[tests[rank - 1].at] = least;
    }
    free(tests);
    return 0;
}

enum tsp_effect_verdict tsp_verdict_on(const struct tsp_effect *effect, double adjusted_p, double floor) {
    double above = 1 + floor;
    double below = 1 / above;
    if (effect->lo > above && adjusted_p <= TSP_FDR) {
        return TSP_VERDICT_WORSE;
    }
    if (effect->hi < below && adjusted_p <= TSP_FDR) {
        return TSP_VERDICT_BETTER;
    }
    return effect->lo >= below && effect->hi <= above ? TSP_VERDICT_SAME : TSP_VERDICT_INCONCLUSIVE;
}

uint64_t tsp_rounds_wanted(const struct tsp_effect *effect, double floor) {
    const double most = 1e6;
    double reach = 0.5 * (log(effect->hi) - log(effect->lo));
    double room = fabs(fabs(log(effect->ratio)) - log1p(floor));
    double rounds = 0.5 * (effect->rounds[0] + effect->rounds[1]);
    double wanted = ceil(rounds * (reach / room) * (reach / room));
    return wanted <= most ? (uint64_t)fmax(wanted, rounds + 1) : 0; /* also when there is no room at all */
}
