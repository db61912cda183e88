/* The claims and their verdicts for people, in 80 columns. */
#ifndef TRANSEPT_BENCH_CLAIMS_TABLE_H
#define TRANSEPT_BENCH_CLAIMS_TABLE_H

#include <stdio.h>

#include "transept/claims.h"

/** Claims by group, each with a verdict a record and what decided it; with `details` also what was tested and every figure. */
void tsp_claims_table(FILE *stream, const struct tsp_claims_report *report, bool details);

/** The claims without any record: what is told, and how to get verdicts. */
void tsp_claims_list(FILE *stream, const struct tsp_claims_report *report, bool details);

#endif
