/* When operations of an open loop are meant to begin. Pure. */
#ifndef TRANSEPT_WORKLOAD_PACE_H
#define TRANSEPT_WORKLOAD_PACE_H

#include <stdint.h>

/** All threads together begin an operation every 1/rate seconds; thread i of n begins the i-th, the (i+n)-th, … of them. */
struct tsp_pace {
    uint64_t start_ns; /* when the first of all is meant to begin */
    uint64_t rate;     /* operations a second, over 0 */
    unsigned threads;
};

/** When the index-th operation of a thread is meant to begin. Exact to a nanosecond for an hour at any rate: a double holds 2^53. */
static inline uint64_t tsp_pace_intended(const struct tsp_pace *pace, unsigned thread, uint64_t index) {
    double place = (double)index * pace->threads + thread;
    return pace->start_ns + (uint64_t)(place * 1e9 / (double)pace->rate);
}

/** How many operations of all threads are meant to begin before that time. */
static inline uint64_t tsp_pace_due(const struct tsp_pace *pace, uint64_t until_ns) {
    if (until_ns <= pace->start_ns) {
        return 0;
    }
    double passed = (double)(until_ns - pace->start_ns) * (double)pace->rate / 1e9;
    uint64_t whole = (uint64_t)passed;
    return whole + ((double)whole < passed ? 1 : 0);
}

/** The first operation of a thread that is meant to begin at `from_ns` or later. */
static inline uint64_t tsp_pace_first(const struct tsp_pace *pace, unsigned thread, uint64_t from_ns) {
    uint64_t due = tsp_pace_due(pace, from_ns);
    uint64_t index = due > thread ? (due - thread - 1) / pace->threads : 0; /* or the one before it */
    while (tsp_pace_intended(pace, thread, index) < from_ns) {
        ++index;
    }
    return index;
}

#endif
