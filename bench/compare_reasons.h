/* The rows of a comparison that have no ratio. */
#ifndef TRANSEPT_BENCH_COMPARE_REASONS_H
#define TRANSEPT_BENCH_COMPARE_REASONS_H

#include <stdio.h>

#include "transept/comparison.h"

/** Prints them by reason: of each reason the first three by name, and how many more. Nothing when all have one. `letter` is the other side's. -1: no
 *  memory. */
int tsp_compare_reasons(FILE *stream, const struct tsp_comparison *comparison, char letter, unsigned width,
                        struct tsp_error *error);

#endif
