/* Where a curve bends. */
#include "transept/knee.h"

#include <math.h>
#include <stdbool.h>

/* What a cut must save: a step by the factor 1.5 between two levels of 4 points saves 0.33, noise of 5 % over 10 points 0.03. */
#define CUT_PRICE 0.15

#define LEVEL_POINTS 3
#define LEVEL_STEP   1.2

static bool are_times(const double *times, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (!isfinite(times[i]) || times[i] <= 0) {
            return false;
        }
    }
    return true;
}

int tsp_knee_find(const double *times, size_t count, double *drop) {
    int knee = -1;
    *drop = 0;
    if (!are_times(times, count)) {
        return -1;
    }
    for (size_t k = 1; k < count; ++k) {
        double lowest = INFINITY;
        double highest = 0;
        for (size_t i = 0; i < count; ++i) {
            lowest = i < k ? fmin(lowest, times[i]) : lowest;
            highest = i < k ? highest : fmax(highest, times[i]);
        }
        if (lowest / highest > *drop) {
            *drop = lowest / highest;
            knee = (int)k;
        }
    }
    return *drop >= TSP_KNEE_LEAST ? knee : -1;
}

/* Sums over the points before each, of logarithms and of their squares: any run's deviation is a difference of them. */
struct sums {
    double first[TSP_LADDER_POINTS_MAX + 1];
    double second[TSP_LADDER_POINTS_MAX + 1];
};

static double mean_of(const struct sums *sums, size_t begin, size_t end) {
    return (sums->first[end] - sums->first[begin]) / (double)(end - begin);
}

/* Squared deviations from the mean within the points begin … end − 1. */
static double deviation(const struct sums *sums, size_t begin, size_t end) {
    double mean = mean_of(sums, begin, end);
    return sums->second[end] - sums->second[begin] - mean * mean * (double)(end - begin);
}

/* Where the last run of the best partition of the points before each begins. */
static void partition(const struct sums *sums, size_t count, size_t *begins) {
    double cost[TSP_LADDER_POINTS_MAX + 1] = {0};
    for (size_t end = 1; end <= count; ++end) {
        cost[end] = INFINITY;
        for (size_t begin = 0; begin < end; ++begin) {
            double tried = cost[begin] + deviation(sums, begin, end) + CUT_PRICE;
            if (tried < cost[end]) {
                cost[end] = tried;
                begins[end] = begin;
            }
        }
    }
}

/* A point at either end that lies off the run's mean by more than a step is the beginning of a slope. */
static void trim(const struct sums *sums, size_t *begin, size_t *end) {
    const double most = log(LEVEL_STEP);
    while (*end - *begin > 1 && fabs(mean_of(sums, *end - 1, *end) - mean_of(sums, *begin, *end)) > most) {
        --*end;
    }
    while (*end - *begin > 1 &&
           fabs(mean_of(sums, *begin, *begin + 1) - mean_of(sums, *begin, *end)) > most) {
        ++*begin;
    }
}

/* A level more, or the one before it made longer. */
static size_t add_level(const struct sums *sums, struct tsp_level *levels, size_t found, size_t begin,
                        size_t end) {
    double time = exp(mean_of(sums, begin, end));
    if (found > 0 && time < LEVEL_STEP * levels[found - 1].time) {
        struct tsp_level *level = &levels[found - 1];
        level->last = end - 1;
        level->time = exp(mean_of(sums, level->first, end));
        return found;
    }
    if (found < TSP_LADDER_LEVELS_MAX) {
        levels[found++] = (struct tsp_level){.first = begin, .last = end - 1, .time = time};
    }
    return found;
}

size_t tsp_ladder_levels(const double *times, size_t count, struct tsp_level *levels) {
    struct sums sums = {.first = {0}};
    size_t begins[TSP_LADDER_POINTS_MAX + 1] = {0};
    size_t ends[TSP_LADDER_POINTS_MAX + 1];
    size_t runs = 0;
    size_t found = 0;
    if (count < LEVEL_POINTS || count > TSP_LADDER_POINTS_MAX || !are_times(times, count)) {
        return 0;
    }
    for (size_t i = 0; i < count; ++i) {
        double x = log(times[i]);
        sums.first[i + 1] = sums.first[i] + x;
        sums.second[i + 1] = sums.second[i] + x * x;
    }
    partition(&sums, count, begins);
    for (size_t end = count; end > 0; end = begins[end]) {
        ends[runs++] = end;
    }
    while (runs-- > 0) {
        size_t begin = begins[ends[runs]];
        size_t end = ends[runs];
        trim(&sums, &begin, &end);
        if (end - begin >= LEVEL_POINTS) {
            found = add_level(&sums, levels, found, begin, end);
        }
    }
    return found;
}
