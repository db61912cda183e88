/* What the exact gate found, as text. */
#ifndef TRANSEPT_BENCH_GATE_EXACT_H
#define TRANSEPT_BENCH_GATE_EXACT_H

#include "transept/compare.h"

/** Prints what moved, by how much, in which case; what is new or varies; and the sum, in the last line. `path` is the reference's. */
void tsp_print_exact(const struct tsp_exact *exact, const char *arch, const char *path);

#endif
