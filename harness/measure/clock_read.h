/* Reading the chosen clock where it matters: inline, one well predicted branch beside the ISA's own instructions. */
#ifndef TRANSEPT_MEASURE_CLOCK_READ_H
#define TRANSEPT_MEASURE_CLOCK_READ_H

#include <stdint.h>
#include <time.h>

#include "transept/isa.h"
#include "transept/measure.h"

/** CLOCK_MONOTONIC_RAW in nanoseconds: every machine has it, and time servers do not bend it. */
static inline uint64_t tsp_clock_raw_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/** Raw reading before what is timed: nothing of it can begin earlier. */
static inline uint64_t tsp_clock_begin(const struct tsp_clock *clock) {
#if TSP_HAS_ISA_CLOCK
    if (clock->isa) {
        return tsp_clock_start();
    }
#else
    (void)clock;
#endif
    return tsp_clock_raw_ns();
}

/** Raw reading after what is timed: all of it is done. Take the difference as uint64_t, then tsp_clock_ns(). */
static inline uint64_t tsp_clock_end(const struct tsp_clock *clock) {
#if TSP_HAS_ISA_CLOCK
    if (clock->isa) {
        return tsp_clock_stop();
    }
#else
    (void)clock;
#endif
    return tsp_clock_raw_ns();
}

#endif
