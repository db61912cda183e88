/* Inside of the compare module: keeping counts in order. */
#ifndef TRANSEPT_COMPARE_COUNTS_H
#define TRANSEPT_COMPARE_COUNTS_H

#include "transept/compare.h"

/** Puts the cases in the order that tsp_counts_find() relies on. */
void tsp_counts_sort(struct tsp_counts *counts);

#endif
