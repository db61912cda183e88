/* A workload and its result for people. */
#ifndef TRANSEPT_BENCH_WORKLOAD_TABLE_H
#define TRANSEPT_BENCH_WORKLOAD_TABLE_H

#include <stdio.h>

#include "transept/workload.h"

/** What is asked for, in two lines and a half. */
void tsp_workload_print_head(FILE *stream, const struct tsp_workload *workload, unsigned cpus);

/** The latencies, the throughput by second, the check, the notes; 80 columns. */
void tsp_workload_print_result(FILE *stream, const struct tsp_workload *workload,
                               const struct tsp_workload_result *result);

/** "4.52 µs". Returns `text`. */
const char *tsp_workload_time_text(char *text, size_t size, double ns);

#endif
