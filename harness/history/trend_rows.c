/* What runs found of the cases that are asked for, row by row. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "history/points.h"
#include "history/trend.h"
#include "transept/plan.h"
#include "transept/verdict.h"

struct run_key {
    int64_t key;
    size_t at; /* among the runs */
};

struct reading {
    struct tsp_history *history;
    const struct tsp_trend_question *question;
    const struct tsp_history_runs *runs;
    struct run_key *keys; /* by key */
    struct tsp_trend_rows *rows;
    int wanted; /* whether the last of their names is */
};

int tsp_trend_out_of_memory(struct tsp_error *error) {
    return tsp_error_set(error,
                         "no memory for the series; name fewer cases with --filter, or runs with --limit");
}

/* Room for one more. NULL: none. */
static void *grow(void *array, size_t count, size_t *room, size_t size) {
    if (count < *room) {
        return array;
    }
    size_t wanted = *room == 0 ? 64 : 2 * *room;
    void *grown = realloc(array, wanted * size);
    *room = grown != NULL ? wanted : *room;
    return grown;
}

/* --- which rows ------------------------------------------------------------------------------------------------------------------ */

static int compare_keys(const void *a, const void *b) {
    int64_t first = ((const struct run_key *)a)->key;
    int64_t other = ((const struct run_key *)b)->key;
    return (first > other) - (first < other);
}

static int index_runs(struct reading *reading, struct tsp_error *error) {
    const struct tsp_history_runs *runs = reading->runs;
    reading->keys = calloc(runs->count + 1, sizeof *reading->keys);
    if (reading->keys == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    for (size_t i = 0; i < runs->count; ++i) {
        reading->keys[i] = (struct run_key){runs->of[i].key, i};
    }
    if (runs->count > 1) {
        qsort(reading->keys, runs->count, sizeof *reading->keys, compare_keys);
    }
    return 0;
}

/* NULL: not chosen. */
static const struct tsp_history_run *find_run(const struct reading *reading, int64_t key) {
    const struct tsp_history_runs *runs = reading->runs;
    const struct run_key wanted = {.key = key};
    const struct run_key *found =
        runs->count > 0 ? bsearch(&wanted, reading->keys, runs->count, sizeof wanted, compare_keys) : NULL;
    return found != NULL ? &runs->of[found->at] : NULL;
}

/* Rows come by case: the name is kept, and the pattern asked, once. Returns whether the case is wanted, -1 with the error. */
static int meet_case(struct reading *reading, const char *name, struct tsp_error *error) {
    if (reading->rows->name_count > 0 &&
        strcmp(reading->rows->names[reading->rows->name_count - 1], name) == 0) {
        return reading->wanted;
    }
    char **names =
        grow(reading->rows->names, reading->rows->name_count, &reading->rows->name_room, sizeof *names);
    if (names == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    reading->rows->names = names;
    names[reading->rows->name_count] = strdup(name);
    if (names[reading->rows->name_count] == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    ++reading->rows->name_count;
    const char *pattern = reading->question->pattern;
    reading->wanted = pattern == NULL ? 1 : tsp_pattern_match(pattern, name, error);
    return reading->wanted;
}

/* --- what a row says ------------------------------------------------------------------------------------------------------------- */

/* Of the rounds' own P50, by the halves of which a run's noise is told (verdict.h). */
static double noise_of(const char *rounds) {
    json_t *array = rounds[0] != '\0' ? json_loads(rounds, 0, NULL) : NULL;
    size_t count = json_array_size(array);
    double *values = calloc(count + 1, sizeof *values);
    double noise = NAN;
    for (size_t i = 0; values != NULL && i < count; ++i) {
        values[i] = json_number_value(json_array_get(array, i));
    }
    if (values != NULL) {
        noise = tsp_noise_floor(values, count);
    }
    free(values);
    json_decref(array);
    return noise;
}

static void explain(char *text, size_t size, const struct tsp_history_point *point,
                    const struct tsp_trend_point *made, const char *percentile) {
    const struct tsp_estimate *estimate = &made->estimate;
    bool valued = isfinite(estimate->value);
    text[0] = '\0';
    if (point->status != TSP_OK) {
        (void)snprintf(text, size, "%s: %s", tsp_status_name(point->status), point->case_reason);
    } else if (!valued && point->reason[0] != '\0') {
        (void)snprintf(text, size, "%s: %s", tsp_counter_status_name(point->counter_status), point->reason);
    } else if (!valued && estimate->needs > 0) {
        (void)snprintf(text, size, "its samples support no %s: it takes %llu effective ones a round",
                       percentile, (unsigned long long)estimate->needs);
    } else if (!valued) {
        (void)snprintf(text, size, "the record has no %s of it", percentile);
    } else if (!made->judged) {
        (void)snprintf(text, size, "the count is not the same every time");
    } else if (!isfinite(estimate->lo) || !isfinite(estimate->hi)) {
        (void)snprintf(text, size, "no interval: too few rounds or samples");
    }
}

static bool is_count(const struct tsp_history_point *point) {
    return point->evidence == TSP_COUNTED || point->evidence == TSP_MODELLED;
}

static int take_row(struct tsp_trend_row *row, const struct reading *reading,
                    const struct tsp_history_run *run, const struct tsp_history_point *point,
                    struct tsp_error *error) {
    char reason[2 * TSP_REASON_MAX];
    enum tsp_percentile percentile = reading->question->percentile;
    /* What is the same every time is so at every percentile. */
    const struct tsp_estimate *estimate = &point->of[is_count(point) ? TSP_P50 : percentile];
    bool means = !point->per_op && !is_count(point) && percentile != TSP_P50;
    *row = (struct tsp_trend_row){.trend = {.tcase = reading->rows->names[reading->rows->name_count - 1],
                                            .head = run,
                                            .evidence = point->evidence,
                                            .per_op = point->per_op && !is_count(point),
                                            .ops = means ? point->ops : 0,
                                            .exact = is_count(point)}};
    row->point =
        (struct tsp_trend_point){.run = (size_t)(run - reading->runs->of),
                                 .estimate = *estimate,
                                 .n = point->n,
                                 .judged = isfinite(estimate->value) && (point->exact || !is_count(point)),
                                 .noise = percentile == TSP_P50 ? noise_of(point->rounds) : (double)NAN};
    if (point->status != TSP_OK || !isfinite(estimate->value)) {
        row->point.estimate = (struct tsp_estimate){NAN, NAN, NAN, estimate->needs};
        row->point.judged = false;
    }
    (void)snprintf(row->trend.unit, sizeof row->trend.unit, "%s", point->unit);
    (void)snprintf(row->trend.better, sizeof row->trend.better, "%s", point->better);
    explain(reason, sizeof reason, point, &row->point, tsp_percentile_name(percentile));
    row->point.reason = reason[0] != '\0' ? strdup(reason) : NULL;
    return reason[0] == '\0' || row->point.reason != NULL ? 0 : tsp_trend_out_of_memory(error);
}

static int read_row(struct reading *reading, sqlite3_stmt *statement, struct tsp_error *error) {
    struct tsp_history_point point;
    const struct tsp_history_run *run = find_run(reading, tsp_point_run(statement));
    if (run == NULL) {
        return 0;
    }
    if (tsp_point_take(reading->history, statement, run, &point, error) != 0) {
        return -1;
    }
    int wanted = meet_case(reading, point.tcase, error);
    if (wanted <= 0) {
        return wanted;
    }
    struct tsp_trend_rows *rows = reading->rows;
    struct tsp_trend_row *all = grow(rows->of, rows->count, &rows->room, sizeof *all);
    if (all == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    rows->of = all;
    if (take_row(&all[rows->count], reading, run, &point, error) != 0) {
        return -1;
    }
    ++rows->count;
    return 0;
}

/* Also the runs in which the case did not end ok: its series have a gap there, with the reason. */
static int read_rows(struct reading *reading, struct tsp_error *error) {
    sqlite3_stmt *statement =
        tsp_store_prepare(reading->history,
                          "SELECT " TSP_POINT_COLUMNS " FROM results r JOIN cases c ON c.key = r.tcase"
                          " LEFT JOIN metrics m ON m.name = ?1 AND r.status = 'ok'"
                          " LEFT JOIN points p ON p.metric = m.key AND p.tcase = r.tcase AND p.run = r.run"
                          " WHERE r.status <> 'ok' OR p.sum IS NOT NULL ORDER BY c.name",
                          error);
    if (statement == NULL) {
        return -1;
    }
    tsp_store_bind_text(statement, 1, reading->question->metric);
    int status = 0;
    while ((status = tsp_store_step(reading->history, statement, error)) > 0) {
        if (read_row(reading, statement, error) != 0) {
            status = -1;
            break;
        }
    }
    (void)sqlite3_finalize(statement);
    return status;
}

int tsp_trend_rows_read(struct tsp_trend_rows *rows, struct tsp_history *history,
                        const struct tsp_trend_question *question, const struct tsp_history_runs *runs,
                        struct tsp_error *error) {
    struct reading reading = {.history = history, .question = question, .runs = runs, .rows = rows};
    *rows = (struct tsp_trend_rows){.of = NULL};
    int status = index_runs(&reading, error);
    status = status == 0 ? read_rows(&reading, error) : -1;
    free(reading.keys);
    return status;
}

void tsp_trend_rows_free(struct tsp_trend_rows *rows) {
    for (size_t i = 0; i < rows->count; ++i) {
        free(rows->of[i].point.reason);
    }
    for (size_t i = 0; i < rows->name_count; ++i) {
        free(rows->names[i]);
    }
    free(rows->of);
    free(rows->names);
    *rows = (struct tsp_trend_rows){.of = NULL};
}
