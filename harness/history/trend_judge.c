/* Series as what they are: where they changed, and how far their noise reaches. */
#include "history/trend.h"

#include <math.h>
#include <stdlib.h>

#include "transept/stats.h"

/* The values that are judged, and where among the points they stand. */
struct values {
    double *of;
    size_t *at;
    size_t count;
};

static int values_take(struct values *values, const struct tsp_trend *trend, struct tsp_error *error) {
    *values = (struct values){calloc(trend->judged + 1, sizeof *values->of),
                              calloc(trend->judged + 1, sizeof *values->at), 0};
    if (values->of == NULL || values->at == NULL) {
        return tsp_error_set(error, "no memory to judge %zu runs; take fewer with --limit", trend->judged);
    }
    for (size_t i = 0; i < trend->count; ++i) {
        if (trend->points[i].judged) {
            values->of[values->count] = trend->points[i].estimate.value;
            values->at[values->count++] = i;
        }
    }
    return 0;
}

static void values_free(struct values *values) {
    free(values->of);
    free(values->at);
}

/* The middle one of what the runs' own rounds say; 0: they do not tell. */
static int noise_of(const struct tsp_trend *trend, double *noise, struct tsp_error *error) {
    double *all = calloc(trend->count + 1, sizeof *all);
    size_t count = 0;
    if (all == NULL) {
        return tsp_error_set(error, "no memory to judge %zu runs; take fewer with --limit", trend->count);
    }
    for (size_t i = 0; i < trend->count; ++i) {
        if (trend->points[i].judged && isfinite(trend->points[i].noise)) {
            all[count++] = trend->points[i].noise;
        }
    }
    *noise = count > 0 ? tsp_stats_median(all, count) : 0;
    free(all);
    return 0;
}

/* First of every series how likely any change is: how many series there are decides what is believed. */
static int find_level(struct tsp_trends *trends, struct tsp_error *error) {
    double *p = calloc(trends->count + 1, sizeof *p);
    int status = 0;
    if (p == NULL) {
        return tsp_error_set(error, "no memory to judge %zu series", trends->count);
    }
    for (size_t i = 0; status == 0 && i < trends->count; ++i) {
        struct tsp_trend *trend = &trends->of[i];
        struct values values = {NULL, NULL, 0};
        trend->likeliest = NAN;
        if (!trend->exact && (status = values_take(&values, trend, error)) == 0) {
            struct tsp_error none = {""};
            trend->likeliest = tsp_change_likeliest(values.of, values.count, &none);
            if (none.text[0] != '\0') {
                status = tsp_error_set(error, "%s", none.text);
            }
        }
        p[i] = trend->likeliest;
        trends->judged += isnan(p[i]) ? 0 : 1;
        values_free(&values);
    }
    status = status == 0 ? tsp_changes_level(p, trends->count, &trends->level, error) : -1;
    free(p);
    return status;
}

static void explain(struct tsp_trend *trend) {
    _Static_assert(TSP_CHANGE_SEGMENT == 3 && TSP_BAND_LEAST == 3, "the texts say so");
    if (trend->exact) {
        trend->reason = trend->judged < 2 ? "needs 2 runs with a value that is the same every time" : NULL;
        trend->band_reason = trend->judged < 1 ? "no run has a value that is the same every time" : NULL;
    } else {
        trend->reason = trend->judged < (size_t)2 * TSP_CHANGE_SEGMENT ? "needs 6 runs with a value" : NULL;
        trend->band_reason = isfinite(trend->band.lo) ? NULL : "needs 3 runs with a value";
    }
}

static int judge(struct tsp_trend *trend, const struct tsp_trends *trends, double threshold,
                 struct tsp_error *error) {
    struct values values;
    double noise = 0;
    int status = values_take(&values, trend, error);
    status = status == 0 ? noise_of(trend, &noise, error) : -1;
    trend->band = (struct tsp_band){NAN, NAN};
    if (status == 0 && trend->exact) {
        status = tsp_changes_exact(&trend->changes, values.of, values.count, error);
        if (values.count > 0) {
            trend->band = (struct tsp_band){values.of[values.count - 1], values.of[values.count - 1]};
        }
    } else if (status == 0) {
        trend->floor = fmax(threshold, noise);
        status =
            tsp_changes_find(&trend->changes, values.of, values.count, trends->level, trend->floor, error);
        trend->band = tsp_changes_band(values.of, values.count, &trend->changes, noise);
    }
    for (size_t i = 0; i < trend->changes.count; ++i) {
        trend->changes.of[i].index = values.at[trend->changes.of[i].index];
    }
    values_free(&values);
    explain(trend);
    return status;
}

int tsp_trends_judge(struct tsp_trends *trends, const struct tsp_trend_question *question,
                     struct tsp_error *error) {
    int status = find_level(trends, error);
    for (size_t i = 0; status == 0 && i < trends->count; ++i) {
        status = judge(&trends->of[i], trends, question->threshold, error);
    }
    return status;
}
