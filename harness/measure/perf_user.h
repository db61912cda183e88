/* Reading a PMU counter in user space, without a system call. */
#ifndef TRANSEPT_MEASURE_PERF_USER_H
#define TRANSEPT_MEASURE_PERF_USER_H

#include <linux/perf_event.h>
#include <stdbool.h>

#include "transept/measure.h"

/** The instructions that the protocol needs; the tests put their own in their place. */
struct tsp_perf_cpu {
    uint64_t (*counter)(uint32_t index); /* raw counter of the page's index - 1 */
    uint64_t (*time)(void);              /* the counter that the page's time_… fields scale */
};

/** This ISA's, or NULL where user space cannot read counters at all. Static. */
const struct tsp_perf_cpu *tsp_perf_cpu_here(void);

/** True when the kernel lets the page's event be read in user space, with its times. */
bool tsp_perf_user_can(const struct perf_event_mmap_page *page);

/**
 * Reads by the seqlock protocol of struct perf_event_mmap_page (linux/perf_event.h, the comment above `lock`; and the one at
 * `time_cycles` for short clocks). Async-signal-safe.
 */
struct tsp_reading tsp_perf_user_read(const struct perf_event_mmap_page *page,
                                      const struct tsp_perf_cpu *cpu);

#endif
