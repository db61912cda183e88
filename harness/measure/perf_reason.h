/* Why an event does not count, and what to do about it. Pure. */
#ifndef TRANSEPT_MEASURE_PERF_REASON_H
#define TRANSEPT_MEASURE_PERF_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/round.h"

/** What is known when perf_event_open() refuses. */
struct tsp_perf_refusal {
    int error;          /* errno, positive */
    int paranoid;       /* kernel.perf_event_paranoid, or TSP_PARANOID_UNKNOWN */
    bool hardware;      /* a PMU's event, not a software one */
    bool counts_kernel; /* kernel mode was asked for */
    bool has_pmu;       /* as far as the kernel tells */
};

/** Status and one-line reason, with the line that mends it where there is one. */
enum tsp_counter_status tsp_perf_refusal_explain(const struct tsp_perf_refusal *refusal, char *reason,
                                                 size_t size);

#endif
