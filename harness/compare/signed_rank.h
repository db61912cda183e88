/* Between the files of the comparison: what a sample says of its own middle, whatever its tails. */
#ifndef TRANSEPT_COMPARE_SIGNED_RANK_H
#define TRANSEPT_COMPARE_SIGNED_RANK_H

#include <stdbool.h>
#include <stddef.h>

/** Values that a p of 0.01 takes: of seven the two most extreme of the 128 ways to give signs are 1.6 %. */
#define TSP_SIGNED_RANK_LEAST 8

struct tsp_signed_rank {
    double centre; /* Hodges and Lehmann's: the median of all averages of two */
    double lo;     /* its interval of 95 % */
    double hi;
    double p; /* Wilcoxon's, two-sided, of the values being as often above zero as below it, and as far */
};

/** Signed ranks of at least TSP_SIGNED_RANK_LEAST finite values, which are sorted. No memory is taken; n values take some 100 n steps. */
void tsp_signed_rank(struct tsp_signed_rank *result, double *values, size_t count);

#endif
