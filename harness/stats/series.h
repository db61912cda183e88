/* On which scale the values of a series are judged. */
#ifndef TRANSEPT_STATS_SERIES_H
#define TRANSEPT_STATS_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/** Are all values above zero? A net time need not be. */
bool tsp_series_has_logarithms(const double *values, size_t count);

#endif
