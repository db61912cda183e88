/*
 * One sample by signed ranks: Hodges and Lehmann's centre, the interval around it, and Wilcoxon's test (M. Hollander, D. A. Wolfe, Nonparametric
 * Statistical Methods, 2nd ed., Wiley 1999, 3.1 to 3.3). All three follow from the Walsh averages (x_i + x_j) / 2, i ≤ j: the centre is their
 * median, the bounds are two of them by rank, and the statistic is how many of them are above zero. So the interval leaves out
 * zero where and only where the test says so.
 */
#include "compare/signed_rank.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>

enum {
    EXACT_MAX =
        50, /* values up to which the statistic's distribution is worked out, and not taken for normal */
    AVERAGES_MAX = EXACT_MAX * (EXACT_MAX + 1) / 2
};

static size_t averages(size_t count) {
    return count * (count + 1) / 2;
}

/* How many Walsh averages of the sorted values are at most `x`; below `x` where `strictly`. One pass: as the left value grows the right one shrinks. */
static size_t count_up_to(const double *sorted, size_t count, double x, bool strictly) {
    size_t found = 0;
    size_t end = count; /* sorted[i] goes with those before it */
    for (size_t i = 0; i < end; ++i) {
        while (end > i) {
            double average = 0.5 * (sorted[i] + sorted[end - 1]);
            if (strictly ? average < x : average <= x) {
                break;
            }
            --end;
        }
        found += end - i;
    }
    return found;
}

/* The Walsh average of that rank, from 1: the least number that so many do not exceed. By halving, for there are too many of them to be kept. */
static double average_of_rank(const double *sorted, size_t count, size_t rank) {
    double lo = sorted[0];
    double hi = sorted[count - 1];
    if (count_up_to(sorted, count, lo, false) >= rank) {
        return lo;
    }
    double middle = 0.5 * (lo + hi);
    while (lo < middle && middle < hi) {
        if (count_up_to(sorted, count, middle, false) >= rank) {
            hi = middle;
        } else {
            lo = middle;
        }
        middle = 0.5 * (lo + hi);
    }
    return hi;
}

/* Of the 2^n ways to give signs to the ranks 1 … n, the share with positive ranks that add up to each sum. */
static void null_distribution(double shares[AVERAGES_MAX + 1], size_t count) {
    for (size_t sum = 0; sum <= AVERAGES_MAX; ++sum) {
        shares[sum] = sum == 0;
    }
    for (size_t rank = 1; rank <= count; ++rank) {
        for (size_t left = averages(rank) + 1; left > 0; --left) {
            size_t sum = left - 1;
            shares[sum] = 0.5 * (shares[sum] + (sum >= rank ? shares[sum - rank] : 0));
        }
    }
}

static double null_deviation(size_t count) {
    double n = (double)count;
    return sqrt(n * (n + 1) * (2 * n + 1) / 24);
}

/* The chance of a statistic of at most `sum` where nothing differs. Beyond EXACT_MAX normal, corrected for continuity. */
static double chance_of(double sum, size_t count) {
    if (count > EXACT_MAX) {
        return gsl_cdf_ugaussian_P((sum + 0.5 - 0.5 * (double)averages(count)) / null_deviation(count));
    }
    double shares[AVERAGES_MAX + 1];
    double chance = 0;
    null_distribution(shares, count);
    for (size_t i = 0; i <= averages(count) && (double)i <= sum; ++i) {
        chance += shares[i];
    }
    return chance;
}

/* How many Walsh averages lie outside the interval on either side: the greatest statistic whose chance is at most 2.5 %. */
static size_t left_out(size_t count) {
    if (count > EXACT_MAX) {
        double edge =
            0.5 * (double)averages(count) - gsl_cdf_ugaussian_Pinv(0.975) * null_deviation(count) - 0.5;
        return (size_t)edge;
    }
    double shares[AVERAGES_MAX + 1];
    double chance = 0;
    size_t sum = 0;
    null_distribution(shares, count);
    while ((chance += shares[sum]) <= 0.025) {
        ++sum;
    }
    return sum - 1;
}

void tsp_signed_rank(struct tsp_signed_rank *result, double *values, size_t count) {
    size_t all = averages(count);
    size_t outside = left_out(count);
    gsl_sort(values, 1, count);
    result->centre =
        0.5 * (average_of_rank(values, count, (all + 1) / 2) + average_of_rank(values, count, all / 2 + 1));
    result->lo = average_of_rank(values, count, outside + 1);
    result->hi = average_of_rank(values, count, all - outside);
    /* What is zero counts half on either side; of half ones the less telling whole. */
    double below = (double)count_up_to(values, count, 0, true);
    double up_to = (double)count_up_to(values, count, 0, false);
    double sum = fmin(0.5 * (below + up_to), (double)all - 0.5 * (below + up_to));
    result->p = fmin(1, 2 * chance_of(ceil(sum), count));
}
