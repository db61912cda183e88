/* Ctrl-C, and the seed of what is drawn at random. */
#ifndef TRANSEPT_BENCH_INTERRUPT_H
#define TRANSEPT_BENCH_INTERRUPT_H

#include <stdint.h>

/** From now on the first Ctrl-C (SIGINT, SIGTERM, SIGHUP) makes the int that is returned non-zero, so that what goes on ends in good order; a
 *  second one ends the process at once. */
const volatile int *tsp_interrupts_catch(void);

/** A seed that is short enough to be typed again. */
uint64_t tsp_seed_draw(void);

#endif
