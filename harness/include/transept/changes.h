/* Where a series of runs changed, and how far its noise reaches. Pure functions over arrays; GSL underneath; no I/O. docs/history.md has the method. */
#ifndef TRANSEPT_CHANGES_H
#define TRANSEPT_CHANGES_H

#include <stddef.h>

#include "transept/error.h"

/** Runs that each side of a change has at the least: one bad run is no change. A series is judged from twice as many on. */
#define TSP_CHANGE_SEGMENT 3

/** Values that a band takes: below it their spread says nothing. */
#define TSP_BAND_LEAST 3

/** A change point: the values from `index` on lie elsewhere than those before it. */
struct tsp_change {
    size_t index; /* of the first value of the new level; at least 1 */
    double from;  /* centre of the values between the change before it and this one */
    double
        to; /* and between this one and the next. A centre is a geometric mean where all values are above zero, else a mean */
    double p; /* two-sided, corrected for the places it was chosen from; 0 of counts */
};

/** Owns its array; free with tsp_changes_free(). */
struct tsp_changes {
    size_t count;
    struct tsp_change *of; /* by index */
};

/**
 * The p-value of the likeliest change in a series (finite values in the order of their runs), of there being none: E-divisive's energy statistic finds
 * the place (D. S. Matteson, N. A. James, J. Amer. Statist. Assoc. 109, 2014, 334–345), Student's t tells whether it is one (M. Fleming et al.,
 * ICPE 2023), times the number of places that it was chosen from (Bonferroni). On logarithms where all values are above zero. Where values resemble the ones
 * before them, the variance is taken to be the larger for it, as in tsp_effect_between(). NaN: fewer than 2 × TSP_CHANGE_SEGMENT values; NaN with an error
 * in `error` when memory is out.
 */
double tsp_change_likeliest(const double *values, size_t count, struct tsp_error *error);

/**
 * The level at which each of many series is searched, so that of those said to have changed the share TSP_FDR at most has not: R · TSP_FDR / m, where the
 * procedure of Benjamini and Hochberg takes R of the m p-values of tsp_change_likeliest() for discoveries (Y. Benjamini, M. Bogomolov, J. R. Statist.
 * Soc. B 76, 2014, 297–318). 0 where it takes none. NaN counts for no series. -1 when memory is out.
 */
int tsp_changes_level(const double *p, size_t count, double *level, struct tsp_error *error);

/**
 * All changes of a series whose p is at most `level` and whose size exceeds `floor` (a share: 0.01 is 1 %; values that are not all above zero have no
 * shares, and no floor), by halving it where the change is likeliest, and so on within the parts. Fills `changes`, which is to be freed whatever is
 * returned. -1 when memory is out.
 */
int tsp_changes_find(struct tsp_changes *changes, const double *values, size_t count, double level,
                     double floor, struct tsp_error *error);

/** The same of exact counts: every value that differs from the one before it. */
int tsp_changes_exact(struct tsp_changes *changes, const double *values, size_t count,
                      struct tsp_error *error);

void tsp_changes_free(struct tsp_changes *changes);

/** Where the next value lies, with 95 %, if nothing changes. NaN: too few values. */
struct tsp_band {
    double lo;
    double hi;
};

/**
 * c ± t(0.975, n − k) · s · √(1 + 1/l), the prediction interval of one further value (W. Q. Meeker, G. J. Hahn, L. A. Escobar, Statistical
 * Intervals, 2nd ed., Wiley 2017, 3.1 and 4.8), on logarithms where all values are above zero: n values in k levels that `changes` parts, s their pooled
 * standard deviation around their levels, c the centre of the last level, of l values. Never narrower than ± `noise` (a share) around the centre.
 * NaN with fewer than TSP_BAND_LEAST values, or none left over to tell the spread by.
 */
struct tsp_band tsp_changes_band(const double *values, size_t count, const struct tsp_changes *changes,
                                 double noise);

#endif
