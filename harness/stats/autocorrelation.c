/*
 * How many samples a series is worth: the integrated autocorrelation time τ = 1 + 2 Σ ρ(k), so that n samples in a row say as much
 * about their mean as n / τ independent ones.
 *
 * The sum must end somewhere, for far lags hold nothing but noise. It ends by the initial monotone sequence of Geyer, "Practical
 * Markov Chain Monte Carlo", Statistical Science 7 (1992), §3.3: sums of adjacent pairs Γ(m) = ρ(2m) + ρ(2m + 1) are taken until one
 * is not positive, and none counts for more than the one before it. Of the published rules it adds the least noise to a series that
 * has no autocorrelation, the usual case here, where it mostly ends at once.
 */
#include <gsl/gsl_fft_halfcomplex.h>
#include <gsl/gsl_fft_real.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "transept/stats.h"

/* Lags taken one by one, each in n steps; a series that is still correlated there is cheaper through the Fourier transform. */
#define DIRECT_LAGS 256

/* The running sum over pairs. */
struct geyer {
    double previous; /* Γ of the pair before */
    double sum;
    bool ended;
};

static void geyer_add(struct geyer *geyer, double pair) {
    if (!(pair > 0.0)) {
        geyer->ended = true;
        return;
    }
    geyer->previous = fmin(pair, geyer->previous);
    geyer->sum += geyer->previous;
}

/* Σ (x(i) − mean)(x(i + lag) − mean); four sums, or the adder's latency would set the pace. */
static double lagged_product(const double *series, size_t n, double mean, size_t lag) {
    double sums[4] = {0.0, 0.0, 0.0, 0.0};
    size_t i = 0;
    for (; i + lag + 4 <= n; i += 4) {
        for (size_t lane = 0; lane < 4; ++lane) {
            sums[lane] += (series[i + lane] - mean) * (series[i + lag + lane] - mean);
        }
    }
    for (; i + lag < n; ++i) {
        sums[0] += (series[i] - mean) * (series[i + lag] - mean);
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/*
 * All lagged products at once (Wiener and Khinchin): the transform of the squared moduli of the transform, padded with zeros to
 * twice the length so that the end does not wrap round to the beginning. Returns an array to be freed, or NULL: memory is out.
 */
static double *lagged_products(const double *series, size_t n, double mean) {
    size_t length = 1;
    while (length < 2 * n) {
        length *= 2;
    }
    double *data = calloc(length, sizeof *data);
    if (data == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < n; ++i) {
        data[i] = series[i] - mean;
    }
    gsl_fft_real_radix2_transform(data, 1, length);
    data[0] *= data[0];
    data[length / 2] *= data[length / 2];
    for (size_t k = 1; k < length / 2; ++k) {
        data[k] = data[k] * data[k] + data[length - k] * data[length - k];
        data[length - k] = 0.0; /* a squared modulus has no imaginary part */
    }
    gsl_fft_halfcomplex_radix2_inverse(data, 1, length);
    return data;
}

/* Goes on from pair DIRECT_LAGS / 2. Returns false when memory is out. */
static bool geyer_add_far_pairs(struct geyer *geyer, const double *series, size_t n, double mean) {
    double *products = lagged_products(series, n, mean);
    if (products == NULL) {
        return false;
    }
    for (size_t lag = DIRECT_LAGS; lag + 1 < n && !geyer->ended; lag += 2) {
        geyer_add(geyer, (products[lag] + products[lag + 1]) / products[0]);
    }
    free(products);
    return true;
}

double tsp_stats_autocorrelation_time(const double *series, size_t n) {
    if (n == 0) {
        return NAN;
    }
    double mean = gsl_stats_mean(series, 1, n);
    double variance = lagged_product(series, n, mean, 0);
    if (!(variance > 0.0)) {
        return 1.0; /* a constant has nothing to be correlated */
    }
    struct geyer geyer = {.previous = INFINITY, .sum = 0.0, .ended = false};
    for (size_t lag = 0; lag < DIRECT_LAGS && lag + 1 < n && !geyer.ended; lag += 2) {
        double even = lag == 0 ? variance : lagged_product(series, n, mean, lag);
        geyer_add(&geyer, (even + lagged_product(series, n, mean, lag + 1)) / variance);
    }
    if (!geyer.ended && n > DIRECT_LAGS + 1 && !geyer_add_far_pairs(&geyer, series, n, mean)) {
        return NAN;
    }
    return fmax(1.0, 2.0 * geyer.sum - 1.0);
}
