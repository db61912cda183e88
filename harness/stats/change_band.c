/* How far the noise of a series reaches. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats/series.h"
#include "transept/changes.h"

/* Squares around the mean of a level, on its scale; `mean` gets that. Works on logarithms without keeping them. */
static double squares_of(const double *values, size_t count, bool logarithms, double *mean) {
    double squares = 0;
    *mean = 0;
    for (size_t i = 0; i < count; ++i) { /* Welford's updates */
        double x = logarithms ? log(values[i]) : values[i];
        double distance = x - *mean;
        *mean += distance / (double)(i + 1);
        squares += distance * (x - *mean);
    }
    return squares;
}

struct tsp_band tsp_changes_band(const double *values, size_t count, const struct tsp_changes *changes,
                                 double noise) {
    size_t levels = changes->count + 1;
    if (count < TSP_BAND_LEAST || count <= levels) {
        return (struct tsp_band){NAN, NAN};
    }
    bool logarithms = tsp_series_has_logarithms(values, count);
    double squares = 0;
    double centre = 0;
    size_t first = 0;
    size_t last = 0; /* values of the last level */
    for (size_t i = 0; i < levels; ++i) {
        size_t end = i < changes->count ? changes->of[i].index : count;
        last = end - first;
        squares += squares_of(values + first, last, logarithms, &centre);
        first = end;
    }
    double df = (double)(count - levels);
    double reach = gsl_cdf_tdist_Pinv(0.975, df) * sqrt(squares / df * (1 + 1 / (double)last));
    double least = isfinite(noise) ? noise : 0;
    reach = fmax(reach, logarithms ? log1p(least) : fabs(centre) * least);
    struct tsp_band band = {centre - reach, centre + reach};
    return logarithms ? (struct tsp_band){exp(band.lo), exp(band.hi)} : band;
}
