/* The emulator's page of exact counts (harness/emulator/page.h), as the guest reads it. */
#ifndef TRANSEPT_MEASURE_COUNTERS_PAGE_H
#define TRANSEPT_MEASURE_COUNTERS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "emulator/page.h"
#include "transept/measure.h"

_Static_assert(TSP_PAGE_COUNTERS_MAX <= TSP_COUNTERS_MAX, "a page alone always fits into a set");

struct tsp_page {
    void *mapping; /* NULL: there is no page */
    size_t bytes;
    bool swapped; /* written in the other byte order */
    unsigned counter_count;
    unsigned block_count;
    size_t block_bytes;
    size_t blocks_offset;
    uint64_t readings; /* stands in for time in the readings: this source never pauses */
    struct tsp_page_counter counters[TSP_PAGE_COUNTERS_MAX]; /* in this machine's byte order */
};

/**
 * Maps and validates the page at `path` (NULL or empty: there is none). Returns 0 also without a page; -1 with `reason` when there
 * is one that cannot be used: unreadable, not a page, another version, damaged.
 */
int tsp_page_open(struct tsp_page *page, const char *path, char *reason, size_t size);
void tsp_page_close(struct tsp_page *page);

/**
 * Rings for this process's counts and reads all counters into readings[counter_count]: the sum over all vCPUs, that is over all threads of
 * the guest. The calls cost the same instructions every time as long as no thread is created, so a difference of differences is exact.
 * When nobody answers (no plugin executes this process) the readings say that they never ran. Async-signal-safe.
 */
void tsp_page_read(struct tsp_page *page, struct tsp_reading *readings);

#endif
