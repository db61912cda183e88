/* Everything about a kernel, and everything that a record says of a case. */
#ifndef TRANSEPT_BENCH_DETAILS_H
#define TRANSEPT_BENCH_DETAILS_H

#include "transept/record.h"
#include "transept/registry.h"

/** What a kernel measures and how, on stdout. `tcase` is the case asked for, or the first of `cases` there are. `obstacle` is NULL where it
 *  runs here. */
void tsp_kernel_details(const struct tsp_case *tcase, size_t cases, const char *obstacle);

/** Warnings, rounds and every metric of a result, on stdout. */
void tsp_result_details(const struct tsp_result *result);

#endif
