/* On which CPUs a case runs, by its parameters. */
#ifndef TRANSEPT_MEASURE_PLACE_H
#define TRANSEPT_MEASURE_PLACE_H

#include "transept/machine.h"
#include "transept/registry.h"

/** Threads that the case has: its parameter `threads`; without it 2 where there is `place`, else 1. */
int64_t tsp_case_threads(const struct tsp_case *tcase);

/**
 * Chooses the case's CPUs by its parameters `threads` and `place` (kernel.h, tsp_crew_start()); `cpu` is the first of them, or -1: choose. With
 * `topology` NULL only the parameters are looked at, and the placement has no CPU. Fails with the reason, in words for who runs the case.
 */
int tsp_case_place(const struct tsp_case *tcase, const struct tsp_topology *topology, int cpu,
                   struct tsp_placement *placement, struct tsp_error *error);

#endif
