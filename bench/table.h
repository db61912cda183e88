/* The closing table: what a person wants to know of a record, in 80 columns. */
#ifndef TRANSEPT_BENCH_TABLE_H
#define TRANSEPT_BENCH_TABLE_H

#include <stdio.h>

#include "transept/record.h"

/** The results that have times or facts, by family and kernel; then the notes on them; then what was skipped and what failed,
 *  with the reasons. `pattern` (may be NULL) narrows it. Returns -1 with the error of a broken pattern. */
int tsp_table_print(FILE *stream, const struct tsp_record *record, const char *pattern,
                    struct tsp_error *error);

/** One line on the run and the machine above the table; more where times are emulated or the run is not whole. */
void tsp_table_head(FILE *stream, const struct tsp_record *record);

#endif
