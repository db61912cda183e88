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

/* The side's own copy of a reason: the same few come again and again. */
static const char *share_reason(struct tsp_side *side, const char *reason) {
    for (size_t i = 0; i < side->reason_count; ++i) {
        if (strcmp(side->reasons[i], reason) == 0) {
            return side->reasons[i];
        }
    }
    char **reasons = realloc(side->reasons, (side->reason_count + 1) * sizeof *reasons);
    if (reasons == NULL) {
        return "no memory for the reason";
    }
    side->reasons = reasons;
    char *copy = strdup(reason);
    if (copy == NULL) {
        return "no memory for the reason";
    }
    side->reasons[side->reason_count++] = copy;
    return copy;
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

static int add_rounds(struct tsp_series *series, const struct tsp_result *result,
                      enum tsp_statistic statistic, struct tsp_error *error) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        for (unsigned k = 0; round->status == TSP_OK && k < round->metric_count; ++k) {
            const struct tsp_round_metric *metric = &round->metrics[k];
            double value = tsp_statistic_of(&metric->description, statistic);
            if (strcmp(metric->name, series->name) == 0 && isfinite(value) &&
                add_value(series, value, error) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

static struct tsp_series *find_series(const struct tsp_side_case *tcase, const char *name) {
    for (size_t i = 0; i < tcase->series_count; ++i) {
        if (strcmp(tcase->series[i].name, name) == 0) {
            return &tcase->series[i];
        }
    }
    return NULL;
}

/* One value for all rounds? Of what was measured the rounds are kept even when they agree. */
static bool is_exact(const struct tsp_metric *metric) {
    return metric->exact && (metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED);
}

static struct tsp_series *make_series(struct tsp_side_case *tcase, const struct tsp_metric *metric) {
    struct tsp_series *all = realloc(tcase->series, (tcase->series_count + 1) * sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    tcase->series = all;
    struct tsp_series *series = &all[tcase->series_count++];
    *series = (struct tsp_series){.evidence = metric->evidence, .exact = is_exact(metric)};
    (void)snprintf(series->name, sizeof series->name, "%s", metric->name);
    (void)snprintf(series->unit, sizeof series->unit, "%s", metric->unit);
    return series;
}

/* Is it what the question asks of this case? */
static bool is_asked(const struct tsp_question *question, const struct tsp_metric *metric, bool has_time) {
    if (question->metric[0] != '\0') {
        return strcmp(question->metric, metric->name) == 0;
    }
    return has_time ? strcmp(metric->name, "time") == 0 : metric->evidence == TSP_COUNTED;
}

static int add_metric(struct tsp_side_reading *reading, struct tsp_side_case *tcase,
                      const struct tsp_result *result, const struct tsp_metric *metric,
                      struct tsp_error *error) {
    struct tsp_series *series = find_series(tcase, metric->name);
    if (series == NULL && (series = make_series(tcase, metric)) == NULL) {
        return tsp_side_out_of_memory(error);
    }
    if (strcmp(series->unit, metric->unit) != 0 || series->evidence != metric->evidence) {
        return tsp_error_set(
            error,
            "%s: %s is %s in %s here and %s in %s in another record of this side; name them as two sides",
            result->id, metric->name, tsp_evidence_name(metric->evidence), metric->unit,
            tsp_evidence_name(series->evidence), series->unit);
    }
    series->varies = series->varies || metric->nondeterministic || series->exact != is_exact(metric);
    if (metric->reason[0] != '\0' && !isfinite(metric->p50.value)) {
        series->reason = share_reason(reading->side, metric->reason);
        return 0;
    }
    return series->exact ? add_exact(series, metric->p50.value, error)
                         : add_rounds(series, result, reading->question->statistic, error);
}

/* --- cases --------------------------------------------------------------------------------------------------------------------- */

static struct tsp_side_case *make_case(struct tsp_side *side, const struct tsp_result *result) {
    struct tsp_side_case *cases = grow(side->cases, side->case_count, &side->room, sizeof *cases);
    if (cases == NULL) {
        return NULL;
    }
    side->cases = cases;
    struct tsp_side_case *tcase = &cases[side->case_count++];
    *tcase = (struct tsp_side_case){.id = strdup(result->id),
                                    .family = strdup(result->family),
                                    .reason = strdup(result->reason),
                                    .status = result->status};
    return tcase->id != NULL && tcase->family != NULL && tcase->reason != NULL ? tcase : NULL;
}

int tsp_side_visit(void *data, struct tsp_result *result, struct tsp_error *error) {
    struct tsp_side_reading *reading = data;
    int match = reading->question->pattern == NULL
                    ? 1
                    : tsp_pattern_match(reading->question->pattern, result->id, error);
    if (match <= 0) {
        return match;
    }
    struct tsp_side_case *tcase = make_case(reading->side, result);
    if (tcase == NULL) {
        return tsp_side_out_of_memory(error);
    }
    bool has_time = false;
    for (unsigned i = 0; i < result->metric_count; ++i) {
        has_time = has_time || strcmp(result->metrics[i].name, "time") == 0;
    }
    for (unsigned i = 0; i < result->metric_count; ++i) {
        if (is_asked(reading->question, &result->metrics[i], has_time) &&
            add_metric(reading, tcase, result, &result->metrics[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

void tsp_side_case_free(struct tsp_side_case *tcase) {
    for (size_t i = 0; i < tcase->series_count; ++i) {
        free(tcase->series[i].values);
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

/* `from`'s rounds go to `to`, which is the same case of an earlier record. */
static int pool(struct tsp_side_case *to, struct tsp_side_case *from, struct tsp_error *error) {
    enum tsp_status status = worse_status(to->status, from->status);
    if (status != to->status) {
        char *reason = to->reason;
        to->reason = from->reason;
        from->reason = reason;
        to->status = status;
    }
    for (size_t i = 0; i < from->series_count; ++i) {
        struct tsp_series *source = &from->series[i];
        struct tsp_series *target = find_series(to, source->name);
        if (target == NULL) {
            struct tsp_metric like = {.evidence = source->evidence, .exact = source->exact};
            (void)snprintf(like.name, sizeof like.name, "%s", source->name);
            (void)snprintf(like.unit, sizeof like.unit, "%s", source->unit);
            target = make_series(to, &like);
        }
        if (target == NULL) {
            return tsp_side_out_of_memory(error);
        }
        if (target->evidence != source->evidence || strcmp(target->unit, source->unit) != 0) {
            return tsp_error_set(
                error,
                "%s: %s is %s in %s in one record of this side and %s in %s in another; name them as two sides",
                to->id, source->name, tsp_evidence_name(target->evidence), target->unit,
                tsp_evidence_name(source->evidence), source->unit);
        }
        target->varies = target->varies || source->varies || target->exact != source->exact;
        target->reason = target->count + source->count > 0 ? NULL : source->reason;
        for (size_t k = 0; k < source->count; ++k) {
            int status_of_value = target->exact ? add_exact(target, source->values[k], error)
                                                : add_value(target, source->values[k], error);
            if (status_of_value != 0) {
                return -1;
            }
        }
    }
    return 0;
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
