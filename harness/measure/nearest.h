/* "Did you mean": the known names nearest to a mistyped one. Pure. */
#ifndef TRANSEPT_MEASURE_NEAREST_H
#define TRANSEPT_MEASURE_NEAREST_H

#include <stddef.h>

/** Longest name that is compared; longer ones are cut. */
#define TSP_NEAREST_LENGTH 64

/** The three best so far. Start from {.wanted = name}; names must outlive it. */
struct tsp_nearest {
    const char *wanted;
    unsigned count;
    const char *names[3];
    size_t distances[3];
};

/** Offers one more name; kept when it is among the three nearest and at most a third of its letters differ (2 for short ones). */
void tsp_nearest_offer(struct tsp_nearest *nearest, const char *name);

/** Writes "a, b, c", or nothing. */
void tsp_nearest_list(const struct tsp_nearest *nearest, char *text, size_t size);

#endif
