/* How much one side differs from the other, and how sure that is. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "compare/signed_rank.h"
#include "transept/verdict.h"

/* Mean and squared standard error of the logarithms. */
struct moments {
    size_t count;
    double mean;
    double variance_of_mean;
};

static struct moments take(struct moments moments, double value) {
    double before = value - moments.mean;
    ++moments.count;
    moments.mean += before / (double)moments.count;
    moments.variance_of_mean += before * (value - moments.mean); /* so far the sum of squares */
    return moments;
}

static struct moments finish(struct moments moments) {
    double n = (double)moments.count;
    moments.variance_of_mean /= (n - 1) * n;
    return moments;
}

/* -1: a value that has no logarithm. */
static int moments_of(struct moments *moments, const double *values, size_t count) {
    *moments = (struct moments){.count = 0};
    for (size_t i = 0; i < count; ++i) {
        if (!isfinite(values[i])) {
            continue;
        }
        if (values[i] <= 0) {
            return -1;
        }
        *moments = take(*moments, log(values[i]));
    }
    *moments = finish(*moments);
    return 0;
}

/* How much successive values resemble each other: their autocorrelation at lag 1, at least 0. */
static double likeness_of(const struct moments *moments, const double *values, size_t count) {
    double squares = moments->variance_of_mean * (double)moments->count * (double)(moments->count - 1);
    double products = 0;
    double before = 0; /* the first has none before it */
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(values[i])) {
            double distance = log(values[i]) - moments->mean;
            products += before * distance;
            before = distance;
        }
    }
    return squares > 0 ? fmax(0, products / squares) : 0;
}

/* Beyond this so few values tell no more than that they are alike. */
#define MOST_ALIKE 0.9

static int not_above_zero(struct tsp_error *error) {
    return tsp_error_set(
        error, "a round's value is not above zero: the cost is lost in what is taken off, and has no ratio");
}

static int too_few(size_t count, struct tsp_error *error) {
    return tsp_error_set(error, "%zu %s the value; it takes %d on each side", count,
                         count == 1 ? "round has" : "rounds have", TSP_EFFECT_ROUNDS);
}

/* An interval as wide as this factor is that of a net cost which is positive by chance. */
#define WIDEST 1e3

static int check_width(const struct tsp_effect *effect, struct tsp_error *error) {
    if (effect->hi > WIDEST * effect->lo) {
        return tsp_error_set(
            error, "the rounds differ by orders of magnitude: the cost is lost in noise, and has no ratio");
    }
    return 0;
}

/* From the logarithm of the ratio, its squared standard error and degrees of freedom. Where nothing varies there is nothing to doubt. */
static int conclude(struct tsp_effect *effect, double difference, double variance, double df,
                    struct tsp_error *error) {
    if (variance > 0) {
        double deviation = sqrt(variance);
        double reach = gsl_cdf_tdist_Pinv(0.975, df) * deviation;
        effect->lo = exp(difference - reach);
        effect->hi = exp(difference + reach);
        effect->p = 2 * gsl_cdf_tdist_Q(fabs(difference) / deviation, df);
        effect->df = df;
    } else {
        effect->lo = effect->hi = exp(difference);
        effect->p = difference == 0 ? 1 : 0;
        effect->df = INFINITY;
    }
    effect->ratio = exp(difference);
    return check_width(effect, error);
}

int tsp_effect_between(struct tsp_effect *effect, const double *a, size_t a_count, const double *b,
                       size_t b_count, struct tsp_error *error) {
    struct moments first;
    struct moments other;
    if (moments_of(&first, a, a_count) != 0 || moments_of(&other, b, b_count) != 0) {
        return not_above_zero(error);
    }
    size_t least = first.count < other.count ? first.count : other.count;
    if (least < TSP_EFFECT_ROUNDS) {
        return too_few(least, error);
    }
    double alike =
        fmin(MOST_ALIKE, 0.5 * (likeness_of(&first, a, a_count) + likeness_of(&other, b, b_count)));
    double weight = (1 + alike) / (1 - alike); /* so many rounds tell what one of independent ones would */
    double va = weight * first.variance_of_mean;
    double vb = weight * other.variance_of_mean;
    double variance = va + vb;
    double df = variance * variance /
                (va * va / fmax(1, (double)first.count / weight - 1) +
                 vb * vb / fmax(1, (double)other.count / weight - 1));
    effect->rounds[0] = (unsigned)first.count;
    effect->rounds[1] = (unsigned)other.count;
    return conclude(effect, other.mean - first.mean, variance, df, error);
}

/* From pairs enough for signed ranks: their centre and interval, back from logarithms. */
static int conclude_ranks(struct tsp_effect *effect, double *logs, size_t count, struct tsp_error *error) {
    struct tsp_signed_rank ranks;
    tsp_signed_rank(&ranks, logs, count);
    *effect = (struct tsp_effect){.ratio = exp(ranks.centre),
                                  .lo = exp(ranks.lo),
                                  .hi = exp(ranks.hi),
                                  .p = ranks.p,
                                  .df = NAN,
                                  .rounds = {(unsigned)count, (unsigned)count}};
    return check_width(effect, error);
}

/* From few. */
static int conclude_few(struct tsp_effect *effect, const double *logs, size_t count,
                        struct tsp_error *error) {
    struct moments pairs = {.count = 0};
    if (count < TSP_EFFECT_ROUNDS) {
        return too_few(count, error);
    }
    for (size_t i = 0; i < count; ++i) {
        pairs = take(pairs, logs[i]);
    }
    pairs = finish(pairs);
    effect->rounds[0] = effect->rounds[1] = (unsigned)count;
    return conclude(effect, pairs.mean, pairs.variance_of_mean, (double)(count - 1), error);
}

/* The logarithms of what is finite of b[i] / a[i]. -1: one has none. */
static int ratios_of(double *logs, size_t *made, const double *a, const double *b, size_t count) {
    *made = 0;
    for (size_t i = 0; i < count; ++i) {
        if (!isfinite(a[i]) || !isfinite(b[i])) {
            continue;
        }
        if (a[i] <= 0 || b[i] <= 0) {
            return -1;
        }
        logs[(*made)++] = log(b[i] / a[i]);
    }
    return 0;
}

int tsp_effect_paired(struct tsp_effect *effect, const double *a, const double *b, size_t count,
                      struct tsp_error *error) {
    size_t made = 0;
    int status = 0;
    double *logs = calloc(count + 1, sizeof *logs);
    if (logs == NULL) {
        return tsp_error_set(error, "no memory for %zu pairs of rounds", count);
    }
    if (ratios_of(logs, &made, a, b, count) != 0) {
        status = not_above_zero(error);
    } else if (made >= TSP_SIGNED_RANK_LEAST) {
        status = conclude_ranks(effect, logs, made, error);
    } else {
        status = conclude_few(effect, logs, made, error);
    }
    free(logs);
    return status;
}
