/* Where a series of runs changed. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/series.h"
#include "transept/changes.h"
#include "transept/verdict.h"

/* --- the place ----------------------------------------------------------------------------------------------------------------- */

/* A series to be halved, on the scale on which it is judged, and room for the sums of its distances. */
struct ground {
    const double *x;
    double *before; /* of each value, its distances to all before it */
    double *left;   /* and to those of the left part */
};

/* x[0 … at) against x[at … end): beyond `end` the series may have changed again, as after a slip that was mended. */
struct split {
    size_t at;
    size_t end;
    double divergence; /* 0: nothing differs */
    size_t places;     /* that it was chosen from */
};

static void sum_distances(const struct ground *ground, size_t count) {
    for (size_t k = 0; k < count; ++k) {
        ground->before[k] = ground->left[k] = 0;
        for (size_t j = 0; j < k; ++j) {
            ground->before[k] += fabs(ground->x[j] - ground->x[k]);
        }
    }
}

static double pairs_of(size_t count) {
    return 0.5 * (double)count * (double)(count - 1);
}

/* The best end for a left part of `at` values whose distances to each other sum to `within_left`. */
static void try_ends(struct split *best, const struct ground *ground, size_t at, size_t count,
                     double within_left) {
    double between = 0;
    double within_right = 0;
    for (size_t end = at + 1; end <= count; ++end) {
        between += ground->left[end - 1];
        within_right += ground->before[end - 1] - ground->left[end - 1];
        size_t right = end - at;
        if (right < TSP_CHANGE_SEGMENT) {
            continue;
        }
        double a = (double)at;
        double b = (double)right;
        double energy = 2 * between / (a * b) - within_left / pairs_of(at) - within_right / pairs_of(right);
        double divergence = a * b / (a + b) * energy;
        ++best->places;
        if (divergence > best->divergence) {
            best->divergence = divergence;
            best->at = at;
            best->end = end;
        }
    }
}

/*
 * Matteson & James 2014, (5)–(7), with the distance itself (α = 1): the likeliest place is where the energy statistic
 * ab/(a+b) · (2 Ē|X−Y| − Ē|X−X'| − Ē|Y−Y'|) is largest. Sums are kept from one place to the next: time goes with the square of the count, memory
 * with the count.
 */
static struct split find_split(const struct ground *ground, size_t count) {
    struct split best = {.divergence = 0};
    double within_left = 0;
    sum_distances(ground, count);
    for (size_t at = 1; at + TSP_CHANGE_SEGMENT <= count; ++at) {
        within_left += ground->before[at - 1];
        for (size_t k = at; k < count; ++k) {
            ground->left[k] += fabs(ground->x[at - 1] - ground->x[k]);
        }
        if (at >= TSP_CHANGE_SEGMENT) {
            try_ends(&best, ground, at, count, within_left);
        }
    }
    return best;
}

/* --- whether it is one ---------------------------------------------------------------------------------------------------------- */

static double mean_of(const double *x, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += (x[i] - x[0]) / (double)count; /* equal values give exactly theirs */
    }
    return x[0] + sum;
}

/* Of values around their mean: squares, and products of successive ones. */
struct residuals {
    double squares;
    double products;
};

static void add_residuals(struct residuals *residuals, const double *x, size_t count, double mean) {
    for (size_t i = 0; i < count; ++i) {
        residuals->squares += (x[i] - mean) * (x[i] - mean);
        residuals->products += i > 0 ? (x[i] - mean) * (x[i - 1] - mean) : 0;
    }
}

/* Beyond this so few values tell no more than that they are alike; the same bound as in compare/effect.c. */
#define MOST_ALIKE 0.9

/*
 * Student's t of two samples with one variance. Where values resemble the ones before them, the variance of their means is (1 + r) / (1 − r) times as large
 * (Bayley & Hammersley 1946, as in compare/effect.c). Degrees of freedom are not taken away for it: of a dozen values r is so uncertain that steps of ten
 * standard deviations were missed, and fewer false alarms of independent values were not to be had by it.
 */
static double judge(const struct ground *ground, const struct split *split) {
    const double *x = ground->x;
    double a = (double)split->at;
    double b = (double)(split->end - split->at);
    double left = mean_of(x, split->at);
    double right = mean_of(x + split->at, split->end - split->at);
    struct residuals residuals = {0, 0};
    add_residuals(&residuals, x, split->at, left);
    add_residuals(&residuals, x + split->at, split->end - split->at, right);
    if (!(residuals.squares > 0)) {
        return left == right ? 1 : 0;
    }
    double alike = fmin(MOST_ALIKE, fmax(0, residuals.products / residuals.squares));
    double weight = (1 + alike) / (1 - alike);
    double df = a + b - 2;
    double error = sqrt(weight * residuals.squares / df * (1 / a + 1 / b));
    return fmin(1, (double)split->places * 2 * gsl_cdf_tdist_Q(fabs(right - left) / error, df));
}

/* --- the series ----------------------------------------------------------------------------------------------------------------- */

bool tsp_series_has_logarithms(const double *values, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (!(values[i] > 0)) {
            return false;
        }
    }
    return true;
}

/* What a search works on. One block: the values on their scale, then room for two sums of each. */
struct search {
    double *block;
    size_t count;
    bool logarithms;
    double level;
    double least; /* distance on the scale that a change must exceed */
    struct tsp_changes *changes;
};

static int search_begin(struct search *search, const double *values, size_t count, struct tsp_error *error) {
    search->block = calloc(3 * count + 1, sizeof *search->block);
    if (search->block == NULL) {
        (void)tsp_error_set(error, "no memory to look for changes in %zu runs; take fewer with --limit",
                            count);
        return -1;
    }
    search->count = count;
    search->logarithms = tsp_series_has_logarithms(values, count);
    for (size_t i = 0; i < count; ++i) {
        search->block[i] = search->logarithms ? log(values[i]) : values[i];
    }
    return 0;
}

static struct ground ground_of(const struct search *search, size_t first) {
    return (struct ground){search->block + first, search->block + search->count,
                           search->block + 2 * search->count};
}

/* Of the part [first, end). */
static double judge_part(const struct search *search, size_t first, size_t end, struct split *split) {
    struct ground ground = ground_of(search, first);
    *split = find_split(&ground, end - first);
    return split->divergence > 0 ? judge(&ground, split) : 1;
}

double tsp_change_likeliest(const double *values, size_t count, struct tsp_error *error) {
    struct search search = {.changes = NULL};
    struct split split;
    if (count < (size_t)2 * TSP_CHANGE_SEGMENT || search_begin(&search, values, count, error) != 0) {
        return NAN;
    }
    double p = judge_part(&search, 0, count, &split);
    free(search.block);
    return p;
}

int tsp_changes_level(const double *p, size_t count, double *level, struct tsp_error *error) {
    size_t tests = 0;
    size_t found = 0;
    double *adjusted = calloc(count + 1, sizeof *adjusted);
    *level = 0;
    if (adjusted == NULL) {
        return tsp_error_set(error, "no memory to judge %zu series", count);
    }
    memcpy(adjusted, p, count * sizeof *adjusted);
    int status = tsp_fdr_adjust(adjusted, count, error);
    for (size_t i = 0; i < count; ++i) {
        tests += isnan(adjusted[i]) ? 0 : 1;
        found += adjusted[i] <= TSP_FDR;
    }
    free(adjusted);
    *level = tests > 0 ? (double)found * TSP_FDR / (double)tests : 0;
    return status;
}

/* Room was made for as many as there can be. */
static void add_change(struct tsp_changes *changes, size_t index, double p) {
    changes->of[changes->count++] = (struct tsp_change){.index = index, .p = p};
}

/* In order: first the changes of the left part, then this one, then those of the right part. */
static void search_part(const struct search *search, size_t first, size_t end) {
    struct split split;
    if (end - first < (size_t)2 * TSP_CHANGE_SEGMENT) {
        return;
    }
    double p = judge_part(search, first, end, &split);
    if (split.divergence > 0 && p <= search->level) {
        const double *x = search->block + first;
        double size = fabs(mean_of(x + split.at, split.end - split.at) - mean_of(x, split.at));
        if (size > search->least) {
            search_part(search, first, first + split.at);
            add_change(search->changes, first + split.at, p);
            search_part(search, first + split.at, end);
        }
    }
}

static double centre_of(const struct search *search, size_t first, size_t end) {
    double mean = mean_of(search->block + first, end - first);
    return search->logarithms ? exp(mean) : mean;
}

static void settle_centres(const struct search *search) {
    struct tsp_changes *changes = search->changes;
    for (size_t i = 0; i < changes->count; ++i) {
        size_t first = i > 0 ? changes->of[i - 1].index : 0;
        size_t end = i + 1 < changes->count ? changes->of[i + 1].index : search->count;
        changes->of[i].from = centre_of(search, first, changes->of[i].index);
        changes->of[i].to = centre_of(search, changes->of[i].index, end);
    }
}

static int make_room(struct tsp_changes *changes, size_t count, struct tsp_error *error) {
    *changes = (struct tsp_changes){.of = calloc(count + 1, sizeof *changes->of)};
    return changes->of != NULL ? 0 : tsp_error_set(error, "no memory for the changes of %zu runs", count);
}

int tsp_changes_find(struct tsp_changes *changes, const double *values, size_t count, double level,
                     double floor, struct tsp_error *error) {
    struct search search = {.changes = changes, .level = level};
    if (make_room(changes, count / TSP_CHANGE_SEGMENT, error) != 0 ||
        search_begin(&search, values, count, error) != 0) {
        return -1;
    }
    search.least = search.logarithms ? log1p(floor) : 0;
    search_part(&search, 0, count);
    settle_centres(&search);
    free(search.block);
    return 0;
}

int tsp_changes_exact(struct tsp_changes *changes, const double *values, size_t count,
                      struct tsp_error *error) {
    if (make_room(changes, count, error) != 0) {
        return -1;
    }
    for (size_t i = 1; i < count; ++i) {
        if (values[i] != values[i - 1]) {
            changes->of[changes->count++] =
                (struct tsp_change){.index = i, .from = values[i - 1], .to = values[i], .p = 0};
        }
    }
    return 0;
}

void tsp_changes_free(struct tsp_changes *changes) {
    free(changes->of);
    *changes = (struct tsp_changes){.of = NULL};
}
