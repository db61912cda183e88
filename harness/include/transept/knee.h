/*
 * Where a curve bends: what sizes and times say of lines and caches. Pure functions over arrays, no I/O; times are in any unit, as long as
 * it is one.
 */
#ifndef TRANSEPT_KNEE_H
#define TRANSEPT_KNEE_H

#include <stddef.h>
#include <stdint.h>

/** Most points of a ladder, and most levels found in one. */
#define TSP_LADDER_POINTS_MAX 128
#define TSP_LADDER_LEVELS_MAX 8

/** Two threads slow each other down by at least so much while they share a line; less is not told from noise. */
#define TSP_KNEE_LEAST 1.3

/**
 * The first size from which on all times are low: of `count` times by ascending size (two threads' writes by the distance between their
 * words) the index k for which the lowest time before k stands highest above the highest from k on. `*drop` receives that ratio. Half-way
 * steps (lines fetched in pairs) lose to the true one, being smaller. Returns -1 where nothing falls by TSP_KNEE_LEAST (then `*drop` is
 * the most that does, 0 for fewer than two times), or where a time is not a number above 0.
 */
int tsp_knee_find(const double *times, size_t count, double *drop);

/** A level of a latency ladder: working sets that all cost the same. */
struct tsp_level {
    size_t first; /* indices of the smallest and the largest working set on it */
    size_t last;
    double time; /* an access: the geometric mean over them */
};

/**
 * Finds the levels of a ladder: times of an access by ascending working set, evenly spaced on a logarithmic scale. The points are cut into
 * runs that are each as constant as can be, at a price for every cut (dynamic programming over the squared deviations of the logarithms;
 * Jackson et al., "An algorithm for optimal partitioning of data on an interval", 2005) and rid of ends that stand off. Those of 3 points and more are levels, others
 * the slopes between them; of neighbours that differ by less than a fifth, or fall, one level is made.
 *
 * Returns how many levels there are (at most TSP_LADDER_LEVELS_MAX, the lowest ones), in ascending order; 0 for fewer than 3 points, for more
 * than TSP_LADDER_POINTS_MAX, or where a time is not a number above 0.
 */
size_t tsp_ladder_levels(const double *times, size_t count, struct tsp_level *levels);

#endif
