/* The cases of a side: of each the figures in question, pooled over the records. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/side.h"
#include "transept/plan.h"

/* Room for one more element of `size` bytes in an array that doubles. NULL when memory is out; the array is then as it was. */
static void *grow(void *array, size_t count, size_t *room, size_t size) {
    if (count < *room) {
        return array;
    }
    size_t wanted = *room == 0 ? 8 : 2 * *room;
    void *grown = realloc(array, wanted * size);
    if (grown != NULL) {
        *room = wanted;
    }
    return grown;
}

int tsp_side_out_of_memory(struct tsp_error *error) {
    return tsp_error_set(error, "no memory for what is to be compared; name fewer cases with --filter");
}

/* --- figures ------------------------------------------------------------------------------------------------------------------- */

static int add_value(struct tsp_series *series, double value, struct tsp_error *error) {
    double *values = grow(series->values, series->count, &series->room, sizeof *values);
    if (values == NULL) {
        return tsp_side_out_of_memory(error);
    }
    series->values = values;
    values[series->count++] = value;
    return 0;
}

/* One value for all rounds: the second record must say the same. */
static int add_exact(struct tsp_series *series, double value, struct tsp_error *error) {
    if (series->count == 0) {
        return add_value(series, value, error);
    }
    series->varies = series->varies || series->values[0] != value;
    return 0;
}

struct tsp_series *tsp_side_case_series(const struct tsp_side_case *tcase, const char *name) {
    for (size_t i = 0; i < tcase->series_count; ++i) {
        if (strcmp(tcase->series[i].name, name) == 0) {
            return &tcase->series[i];
        }
    }
    return NULL;
}

static struct tsp_series *make_series(struct tsp_side_case *tcase) {
    struct tsp_series *all = realloc(tcase->series, (tcase->series_count + 1) * sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    tcase->series = all;
    struct tsp_series *series = &all[tcase->series_count++];
    *series = (struct tsp_series){.reason = NULL};
    return series;
}

/* One value for all rounds, or one a round; room for no more, as most cases are in one record. */
static int fill_series(struct tsp_series *series, const double *values, size_t count,
                       struct tsp_error *error) {
    series->values = count > 0 ? malloc(count * sizeof *values) : NULL;
    if (count > 0 && series->values == NULL) {
        return tsp_side_out_of_memory(error);
    }
    if (count > 0) {
        memcpy(series->values, values, count * sizeof *values);
    }
    series->count = series->room = count;
    return 0;
}

static int add_figure(struct tsp_side_case *tcase, const struct tsp_brief *brief,
                      const struct tsp_figure *figure, struct tsp_error *error) {
    struct tsp_series *series = make_series(tcase);
    if (series == NULL) {
        return tsp_side_out_of_memory(error);
    }
    series->evidence = figure->evidence;
    series->exact = figure->exact;
    series->varies = figure->nondeterministic;
    memcpy(series->name, figure->name, sizeof series->name);
    memcpy(series->unit, figure->unit, sizeof series->unit);
    if (figure->reason[0] != '\0' && !isfinite(figure->value)) {
        series->reason = strdup(figure->reason);
        return series->reason != NULL ? 0 : tsp_side_out_of_memory(error);
    }
    return figure->exact ? fill_series(series, &figure->value, 1, error)
                         : fill_series(series, brief->values + figure->first, figure->count, error);
}

/* --- cases --------------------------------------------------------------------------------------------------------------------- */

static struct tsp_side_case *make_case(struct tsp_side *side, const struct tsp_brief *brief) {
    struct tsp_side_case *cases = grow(side->cases, side->case_count, &side->room, sizeof *cases);
    if (cases == NULL) {
        return NULL;
    }
    side->cases = cases;
    struct tsp_side_case *tcase = &cases[side->case_count++];
    *tcase = (struct tsp_side_case){.id = strdup(brief->id),
                                    .family = strdup(brief->family),
                                    .reason = strdup(brief->reason),
                                    .status = brief->status};
    return tcase->id != NULL && tcase->family != NULL && tcase->reason != NULL ? tcase : NULL;
}

int tsp_side_visit(void *data, const struct tsp_brief *brief, struct tsp_error *error) {
    struct tsp_side_reading *reading = data;
    int match = reading->question->pattern == NULL
                    ? 1
                    : tsp_pattern_match(reading->question->pattern, brief->id, error);
    if (match <= 0) {
        return match;
    }
    struct tsp_side_case *tcase = make_case(reading->side, brief);
    if (tcase == NULL) {
        return tsp_side_out_of_memory(error);
    }
    for (size_t i = 0; i < brief->figure_count; ++i) {
        if (add_figure(tcase, brief, &brief->figures[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

void tsp_side_case_free(struct tsp_side_case *tcase) {
    for (size_t i = 0; i < tcase->series_count; ++i) {
        free(tcase->series[i].values);
        free(tcase->series[i].reason);
    }
    free(tcase->series);
    free(tcase->id);
    free(tcase->family);
    free(tcase->reason);
}

/* The order of the gravest: what failed once is not ok. */
static enum tsp_status worse_status(enum tsp_status a, enum tsp_status b) {
    if (a == TSP_SKIPPED || b == TSP_SKIPPED) {
        return a == TSP_SKIPPED ? b : a;
    }
    return a > b ? a : b;
}

/* The values of `source`, a metric of an earlier record's case, go to `target`. */
static int pool_series(struct tsp_series *target, struct tsp_series *source, const char *id,
                       struct tsp_error *error) {
    if (target->evidence != source->evidence || strcmp(target->unit, source->unit) != 0) {
        return tsp_error_set(
            error,
            "%s: %s is %s in %s in one record of this side and %s in %s in another; name them as two sides",
            id, source->name, tsp_evidence_name(target->evidence), target->unit,
            tsp_evidence_name(source->evidence), source->unit);
    }
    target->varies = target->varies || source->varies || target->exact != source->exact;
    char *reason = target->count + source->count > 0 ? NULL : source->reason;
    if (target->reason != reason) {
        free(target->reason);
        target->reason = reason;
        source->reason = reason != NULL ? NULL : source->reason;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < source->count; ++i) {
        status = target->exact ? add_exact(target, source->values[i], error)
                               : add_value(target, source->values[i], error);
    }
    return status;
}

/* `from`'s rounds go to `to`, which is the same case of an earlier record. */
static int pool(struct tsp_side_case *to, struct tsp_side_case *from, struct tsp_error *error) {
    enum tsp_status case_status = worse_status(to->status, from->status);
    int status = 0;
    if (case_status != to->status) {
        char *reason = to->reason;
        to->reason = from->reason;
        from->reason = reason;
        to->status = case_status;
    }
    for (size_t i = 0; status == 0 && i < from->series_count; ++i) {
        struct tsp_series *source = &from->series[i];
        struct tsp_series *target = tsp_side_case_series(to, source->name);
        if (target != NULL) {
            status = pool_series(target, source, to->id, error);
        } else if ((target = make_series(to)) == NULL) {
            status = tsp_side_out_of_memory(error);
        } else { /* it has what was the source's */
            *target = *source;
            source->values = NULL;
            source->reason = NULL;
        }
    }
    return status;
}

static int compare_cases(const void *a, const void *b) {
    return strverscmp(((const struct tsp_side_case *)a)->id, ((const struct tsp_side_case *)b)->id);
}

/* In order of ids; the same case of several records becomes one. (strverscmp() tells apart whatever differs.) */
int tsp_side_settle(struct tsp_side *side, struct tsp_error *error) {
    size_t kept = 0;
    int status = 0;
    if (side->case_count > 0) {
        qsort(side->cases, side->case_count, sizeof *side->cases, compare_cases);
    }
    for (size_t i = 0; i < side->case_count; ++i) {
        if (kept > 0 && strcmp(side->cases[kept - 1].id, side->cases[i].id) == 0) {
            status = status != 0 ? status : pool(&side->cases[kept - 1], &side->cases[i], error);
            tsp_side_case_free(&side->cases[i]);
        } else {
            side->cases[kept++] = side->cases[i];
        }
    }
    side->case_count = kept;
    return status;
}

static int compare_id(const void *id, const void *one) {
    return strverscmp(id, ((const struct tsp_side_case *)one)->id);
}

const struct tsp_side_case *tsp_side_find(const struct tsp_side *side, const char *id) {
    return side->case_count == 0
               ? NULL
               : bsearch(id, side->cases, side->case_count, sizeof *side->cases, compare_id);
}
