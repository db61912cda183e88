/* Numbers as table cells. */
#include "cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "terminal.h"

/* Digits before the point that still fit a cell of eight columns, with the decimals given. */
#define CELL_DIGITS 7

struct tsp_scale tsp_scale_choose(double smallest, double largest) {
    struct tsp_scale scale = {1, "ns", 3};
    if (largest >= 1e9 && smallest >= 1e6) {
        scale = (struct tsp_scale){1e9, "s", 3};
    } else if (largest >= 1e6 && smallest >= 1e4) {
        scale = (struct tsp_scale){1e6, "ms", 3};
    } else if (largest >= 1e4 && smallest >= 1e2) {
        scale = (struct tsp_scale){1e3, tsp_signs()->utf8 ? "µs" : "us", 3};
    }
    double bound = 1; /* a digit before the point for each one less behind it */
    while (scale.decimals > 0 && smallest / scale.divisor >= bound) {
        --scale.decimals;
        bound *= 10;
    }
    int digits = largest / scale.divisor < 10 ? 1 : (int)log10(largest / scale.divisor) + 1;
    while (scale.decimals > 0 && digits + 1 + scale.decimals > CELL_DIGITS) {
        --scale.decimals;
    }
    return scale;
}

struct tsp_scale tsp_scale_refine(struct tsp_scale scale, const struct tsp_estimate *estimate,
                                  double largest) {
    double reach = fmax(estimate->hi - estimate->value, estimate->value - estimate->lo) / scale.divisor;
    int digits = largest / scale.divisor < 10 ? 1 : (int)log10(largest / scale.divisor) + 1;
    while (reach > 0 && reach < 0.5 * pow(10, -scale.decimals) && scale.decimals < 3 &&
           digits + 2 + scale.decimals <= CELL_DIGITS) {
        ++scale.decimals;
    }
    return scale;
}

const char *tsp_cell_time(char *text, size_t size, const struct tsp_scale *scale, double ns) {
    if (!isfinite(ns)) {
        (void)snprintf(text, size, "%s", tsp_signs()->none);
        return text;
    }
    double value = ns / scale->divisor;
    double half = 0.5 * pow(10, -scale->decimals);
    /* A minus before zeros alone would look like a sign of something. */
    (void)snprintf(text, size, "%.*f", scale->decimals, fabs(value) < half ? 0.0 : value);
    return text;
}

const char *tsp_cell_interval(char *text, size_t size, const struct tsp_scale *scale,
                              const struct tsp_estimate *estimate) {
    double half = fmax(estimate->hi - estimate->value, estimate->value - estimate->lo);
    if (!isfinite(estimate->lo) || !isfinite(estimate->hi)) {
        text[0] = '\0';
        return text;
    }
    int decimals = scale->decimals;
    do { /* an interval wider than its value has more digits than the scale allowed for */
        (void)snprintf(text, size, "%s%.*f", tsp_signs()->plus_minus, decimals, half / scale->divisor);
    } while (tsp_text_columns(text) > CELL_DIGITS && --decimals >= 0);
    return text;
}

const char *tsp_cell_quantile(char *text, size_t size, const struct tsp_scale *scale,
                              const struct tsp_estimate *estimate) {
    if (!isfinite(estimate->value) && estimate->needs > 0) {
        (void)snprintf(text, size, "n<%" PRIu64, estimate->needs);
        return text;
    }
    return tsp_cell_time(text, size, scale, estimate->value);
}

/* Decimals with which a number that is not whole does not look as if it were. */
static int count_decimals(double scaled) {
    enum { MOST = 4 };
    int decimals = fabs(scaled) < 1000 ? 2 : 1;
    while (decimals < MOST && fabs(scaled - round(scaled)) < 0.5 * pow(10, -decimals)) {
        ++decimals;
    }
    return decimals;
}

const char *tsp_cell_count(char *text, size_t size, double value) {
    static const struct {
        double bound;
        double divisor;
        const char *suffix;
    } steps[] = {{1e5, 1, ""}, {1e7, 1e3, "k"}, {1e10, 1e6, "M"}, {HUGE_VAL, 1e9, "G"}};
    if (!isfinite(value)) {
        (void)snprintf(text, size, "%s", tsp_signs()->none);
        return text;
    }
    unsigned i = 0;
    while (fabs(value) >= steps[i].bound && i + 1 < sizeof steps / sizeof *steps) {
        ++i;
    }
    double scaled = value / steps[i].divisor;
    /* What lies nearer than this came of the arithmetic. */
    bool whole = fabs(scaled - round(scaled)) < (i == 0 ? 1e-9 * fmax(1, fabs(scaled)) : 0.005);
    if (!whole && fabs(scaled) < 0.00005) {
        (void)snprintf(text, size, "%.0e", scaled);
        return text;
    }
    (void)snprintf(text, size, "%.*f%s",
                   whole                 ? 0
                   : i == 0              ? count_decimals(scaled)
                   : fabs(scaled) < 1000 ? 2
                                         : 1,
                   whole ? round(scaled) + 0.0 : scaled, steps[i].suffix);
    return text;
}
