/* What calibration found of this machine's noise, for verdicts. */
#ifndef TRANSEPT_BENCH_NOISE_H
#define TRANSEPT_BENCH_NOISE_H

#include "transept/floors.h"

/**
 * Lets the question heed the noise floors of that machine, below the folder `root`. Returns 1, 0 where the machine has not been calibrated, -1 for a file that
 * cannot be read. `floors` must outlive the question; free it whatever is returned.
 */
int tsp_noise_use(struct tsp_floors *floors, const char *root, const struct tsp_machine *machine,
                  struct tsp_question *question, struct tsp_error *error);

#endif
