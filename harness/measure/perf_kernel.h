/* The kernel's perf interface as a table of functions, so that the tests can put a made-up kernel and PMU in its place. */
#ifndef TRANSEPT_MEASURE_PERF_KERNEL_H
#define TRANSEPT_MEASURE_PERF_KERNEL_H

#include <limits.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/known_work.h"

/** What paranoid() returns where the level cannot be read. */
#define TSP_PARANOID_UNKNOWN INT_MIN

struct tsp_perf_kernel {
    void *self;
    /** perf_event_open(2) for the calling thread on any CPU. A descriptor, or the negative errno. */
    int (*open)(void *self, struct perf_event_attr *attr, int group);
    /** Starts or stops the group that `leader` leads. 0, or the negative errno. */
    int (*enable)(void *self, int leader, bool on);
    /** Bytes read, or the negative errno. Async-signal-safe. */
    long (*read)(void *self, int fd, void *buffer, size_t bytes);
    /** The event's first mmap page, or NULL. */
    struct perf_event_mmap_page *(*map)(void *self, int fd);
    void (*unmap)(void *self, struct perf_event_mmap_page *page);
    void (*close)(void *self, int fd);
    /** kernel.perf_event_paranoid, or TSP_PARANOID_UNKNOWN. */
    int (*paranoid)(void *self);
    /** False when the kernel lists its PMUs and no CPU's is among them. */
    bool (*has_pmu)(void *self);
    /** Runs known work where this kernel's counters count it. */
    void (*work)(void *self, enum tsp_known_work work);
};

/** The kernel we run on. Static, never changed. */
const struct tsp_perf_kernel *tsp_perf_kernel_linux(void);

#endif
