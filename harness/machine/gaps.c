/* Gaps: what a thread that does nothing but read the clock misses. */
#include <time.h>

#include "machine/quiet.h"

/* Gaps this short are the clock's own business. */
#define SHORTEST_GAP_NS 1000

static uint64_t now_ns(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC_RAW, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Where reading the clock is a system call it may take a microsecond: only what is well beyond that counts. */
static uint64_t find_threshold(void) {
    uint64_t shortest = SHORTEST_GAP_NS;
    for (int i = 0; i < 1000; ++i) {
        uint64_t first = now_ns();
        uint64_t taken = now_ns() - first;
        shortest = taken < shortest ? taken : shortest;
    }
    return 4 * shortest > SHORTEST_GAP_NS ? 4 * shortest : SHORTEST_GAP_NS;
}

void tsp_gaps_add(struct tsp_gaps *gaps, uint64_t last, uint64_t now) {
    uint64_t gap = now > last ? now - last : 0;
    if (gap > gaps->threshold_ns) {
        ++gaps->count;
        gaps->lost_ns += gap;
        gaps->longest_ns = gap > gaps->longest_ns ? gap : gaps->longest_ns;
    }
}

void tsp_gaps_watch(struct tsp_gaps *gaps, uint64_t duration_ns) {
    *gaps = (struct tsp_gaps){.threshold_ns = find_threshold()};
    uint64_t start = now_ns();
    uint64_t last = start;
    /* A clock that stands still must not hold us for ever: no read takes less than a nanosecond. */
    for (uint64_t reads = 0; last - start < duration_ns && reads < duration_ns; ++reads) {
        uint64_t now = now_ns();
        tsp_gaps_add(gaps, last, now);
        last = now > last ? now : last;
    }
    gaps->watched_ns = last - start;
}
