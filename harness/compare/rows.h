/* Inside of the compare module: finding rows. */
#ifndef TRANSEPT_COMPARE_ROWS_H
#define TRANSEPT_COMPARE_ROWS_H

#include "transept/comparison.h"

/** Fills `index` when all rows are in their place. -1: no memory. */
int tsp_comparison_index(struct tsp_comparison *comparison, struct tsp_error *error);

/** The geometric mean of the series' values, as effects have it; where there is none, the mean. NaN: it has no value. */
double tsp_series_centre(const struct tsp_series *series);

#endif
