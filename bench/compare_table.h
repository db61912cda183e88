/* A comparison for people: 80 columns, the biggest effects of each family first. */
#ifndef TRANSEPT_BENCH_COMPARE_TABLE_H
#define TRANSEPT_BENCH_COMPARE_TABLE_H

#include <stdio.h>

#include "transept/comparison.h"

/** One other side: values, ratio, interval, verdict. Several: a column each with ratio and verdict. Above it what is compared and in what the
 *  sides differ, below it the counts of the verdicts. -1: no memory. */
int tsp_compare_table(FILE *stream, const struct tsp_comparison *comparisons, size_t count,
                      const struct tsp_question *question, struct tsp_error *error);

#endif
