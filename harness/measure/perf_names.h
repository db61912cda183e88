/* The names of perf events: ours and libpfm4's, and what they mean to the kernel. */
#ifndef TRANSEPT_MEASURE_PERF_NAMES_H
#define TRANSEPT_MEASURE_PERF_NAMES_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

#include "measure/reading.h"

/** What became of a name. */
enum tsp_perf_name {
    TSP_NAME_KNOWN,  /* `attr` is filled */
    TSP_NAME_ABSENT, /* a good name that means nothing here: the reason says why */
    TSP_NAME_UNKNOWN /* a mistake: the reason says what libpfm4 thinks of it */
};

/**
 * Turns "instructions:u", "page-faults", "INST_RETIRED:ANY_P:u" into an attribute for perf_event_open(2), disabled, counting the
 * calling thread alone. Without :u or :k a hardware event counts both modes, faults those of user mode (so that the name means the same at every
 * paranoia level); context switches and migrations always count in the kernel, where they happen.
 */
enum tsp_perf_name tsp_perf_encode(const char *name, struct perf_event_attr *attr, char *reason, size_t size);

/** How an event can be tested, from its name and attribute. */
enum tsp_counter_kind tsp_perf_kind(const char *name, const struct perf_event_attr *attr);

/** A hardware event: one that takes a counter of a PMU. */
bool tsp_perf_is_hardware(const struct perf_event_attr *attr);

/** Calls `visit` with every name that can be asked for here: ours, then the events of the PMUs that libpfm4 sees. */
void tsp_perf_each_name(void (*visit)(void *context, const char *name), void *context);

/** "icl (Intel Icelake)": the core PMU that libpfm4 recognises by the CPU, or "none". It may not work for all that. */
void tsp_perf_pmu_name(char *name, size_t size);

#endif
