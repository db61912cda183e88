/* What two sets of rounds say of each other: effect, interval, verdict (measurement.md). Pure functions over arrays; GSL underneath. */
#ifndef TRANSEPT_VERDICT_H
#define TRANSEPT_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"

/** Rounds that each side of a comparison takes at the least. */
#define TSP_EFFECT_ROUNDS 3

/** Share of false discoveries that is put up with among all `worse` and `better` of a comparison; of one case alone, the most false alarms. */
#define TSP_FDR 0.01

/** The other side's value over the first's, with the bounds of its 95 % interval. All above zero. */
struct tsp_effect {
    double ratio;
    double lo;
    double hi;
    double p;           /* two-sided, of there being no difference */
    double df;          /* degrees of freedom; INFINITY where no value varies, NaN where ranks were judged */
    unsigned rounds[2]; /* that stand behind it, of the first and of the other side */
};

/**
 * Welch's t on the logarithms of the rounds' values (B. L. Welch, Biometrika 34, 1947, 28–35), degrees of freedom by Satterthwaite
 * (Biometrics Bulletin 2, 1946, 110–114). Values are in the order of their rounds: where successive ones resemble each other, n of them count as
 * n (1 − r) / (1 + r), r being the mean autocorrelation of both sides at lag 1 (G. V. Bayley, J. M. Hammersley, Supplement to J. R. Statist. Soc. 8,
 * 1946, 184–197). Values that are not finite are left out. Returns -1, with the reason, where a side has fewer than
 * TSP_EFFECT_ROUNDS values or one that is not above zero, or rounds differ so much that the value is positive by chance.
 */
int tsp_effect_between(struct tsp_effect *effect, const double *a, size_t a_count, const double *b,
                       size_t b_count, struct tsp_error *error);

/**
 * For rounds that ran side by side: signed ranks of the logarithms of b[i] / a[i] (F. Wilcoxon, Biometrics Bulletin 1, 1945, 80–83; centre and
 * interval by J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34, 1963, 598–611), so that a few wild rounds decide nothing; of fewer
 * than 8 pairs, which no ranks can tell at TSP_FDR, Student's t. Pairs with a value that is not finite are left out. Errors as above, and no memory.
 */
int tsp_effect_paired(struct tsp_effect *effect, const double *a, const double *b, size_t count,
                      struct tsp_error *error);

/**
 * A case's own noise, as a share (0.02: 2 %): by how much the geometric means of two halves of its rounds differ, where nothing did. The
 * larger of two ways to halve them: first and second half (drift), every other (all else). NaN with fewer than 4 positive values.
 */
double tsp_noise_floor(const double *values, size_t count);

/** Benjamini and Hochberg's adjustment of p-values over a family of tests, in place (J. R. Statist. Soc. B 57, 1995, 289–300): a test is a
 *  discovery at rate q when its adjusted value is ≤ q. NaN stays NaN and counts for no test. Returns -1 when memory is out. */
int tsp_fdr_adjust(double *p, size_t count, struct tsp_error *error);

enum tsp_effect_verdict {
    TSP_VERDICT_NONE, /* not judged, with a reason */
    TSP_VERDICT_SAME,
    TSP_VERDICT_WORSE, /* slower; of counts, more */
    TSP_VERDICT_BETTER,
    TSP_VERDICT_INCONCLUSIVE
};

/**
 * The four verdicts on an effect of which smaller is better. `floor` is a share: the effect is WORSE or BETTER when its interval lies wholly beyond
 * 1 + floor or 1 / (1 + floor) and `adjusted_p` is at most TSP_FDR, SAME when the interval lies wholly within both, else INCONCLUSIVE.
 */
enum tsp_effect_verdict tsp_verdict_on(const struct tsp_effect *effect, double adjusted_p, double floor);

/** Rounds a side that an inconclusive effect would likely take to be judged, were its spread and its size what they seem: the interval
 *  shrinks with their square root until it no longer reaches the nearest edge. 0: over a million. */
uint64_t tsp_rounds_wanted(const struct tsp_effect *effect, double floor);

#endif
