/* The harness's side of a case's threads; kernels use kernel.h. */
#ifndef TRANSEPT_MEASURE_CREW_H
#define TRANSEPT_MEASURE_CREW_H

#include "transept/kernel.h"

/** A call of the crew in which nobody does anything: what calling it costs. */
void tsp_crew_assemble(struct tsp_bench *bench);

/** Ends the helper threads and frees the crew; nothing where there is none. */
void tsp_crew_end(struct tsp_bench *bench);

#endif
