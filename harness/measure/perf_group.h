/* Events in groups: opened, proved to run, split where the PMU cannot take them together, read. */
#ifndef TRANSEPT_MEASURE_PERF_GROUP_H
#define TRANSEPT_MEASURE_PERF_GROUP_H

#include "measure/perf_kernel.h"
#include "measure/perf_user.h"
#include "transept/measure.h"

struct tsp_perf_event {
    struct perf_event_attr attr;
    int fd; /* -1: not open */
    enum tsp_counter_status status;
    char reason[TSP_REASON_MAX];
    struct perf_event_mmap_page *page; /* NULL: read by the kernel */
};

/** Events that count during the same time. */
struct tsp_perf_group {
    unsigned count;
    unsigned members
        [TSP_COUNTERS_MAX]; /* indices of events, the leader first: the order in which read(2) gives their values */
    bool hardware;
    bool in_user_space; /* every member is read from its page */
};

struct tsp_perf_set {
    const struct tsp_perf_kernel *kernel;
    const struct tsp_perf_cpu *cpu; /* NULL: no reading in user space */
    unsigned event_count;
    struct tsp_perf_event events[TSP_COUNTERS_MAX];
    unsigned group_count;
    struct tsp_perf_group groups[TSP_COUNTERS_MAX];
};

/**
 * Opens the events whose status is ok (the caller filled `attr`), software events in one group, hardware events in as few as the PMU
 * takes. A group that opens but never runs (PMUs do that) is split in halves until it runs; one event that never runs is
 * unsupported. Afterwards every event is open or has a status and a reason. All groups are stopped.
 */
void tsp_perf_set_open(struct tsp_perf_set *set);

/** Starts or stops one group. */
void tsp_perf_group_enable(struct tsp_perf_set *set, unsigned group, bool on);

/** Reads one group into readings[event], for its members only. Async-signal-safe. */
void tsp_perf_group_read(const struct tsp_perf_set *set, unsigned group, struct tsp_reading *readings);

/** Closes everything. */
void tsp_perf_set_close(struct tsp_perf_set *set);

#endif
