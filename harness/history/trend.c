/* Series out of a history: rows that belong together, in order of time. */
#include "history/trend.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "history/points.h"
#include "transept/plan.h"
#include "transept/verdict.h"

/* A row, before it is known which series it belongs to: a trend of one point. */
struct row {
    struct tsp_trend trend; /* its case is the reading's, its points NULL */
    struct tsp_trend_point point;
};

struct run_key {
    int64_t key;
    size_t at; /* among the runs */
};

struct reading {
    struct tsp_history *history;
    const struct tsp_trend_question *question;
    struct tsp_trends *trends;
    struct run_key *keys; /* by key */
    struct row *rows;
    size_t count;
    size_t room;
    char **names; /* of the cases, which rows point to */
    size_t name_count;
    size_t name_room;
    int wanted; /* whether the last of them is */
};

static int out_of_memory(struct tsp_error *error) {
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
    const struct tsp_history_runs *runs = &reading->trends->runs;
    reading->keys = calloc(runs->count + 1, sizeof *reading->keys);
    if (reading->keys == NULL) {
        return out_of_memory(error);
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
    const struct tsp_history_runs *runs = &reading->trends->runs;
    const struct run_key wanted = {.key = key};
    const struct run_key *found =
        runs->count > 0 ? bsearch(&wanted, reading->keys, runs->count, sizeof wanted, compare_keys) : NULL;
    return found != NULL ? &runs->of[found->at] : NULL;
}

/* Rows come by case: the name is kept, and the pattern asked, once. Returns whether the case is wanted, -1 with the error. */
static int meet_case(struct reading *reading, const char *name, struct tsp_error *error) {
    if (reading->name_count > 0 && strcmp(reading->names[reading->name_count - 1], name) == 0) {
        return reading->wanted;
    }
    char **names = grow(reading->names, reading->name_count, &reading->name_room, sizeof *names);
    if (names == NULL) {
        return out_of_memory(error);
    }
    reading->names = names;
    names[reading->name_count] = strdup(name);
    if (names[reading->name_count] == NULL) {
        return out_of_memory(error);
    }
    ++reading->name_count;
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

static int take_row(struct row *row, const struct reading *reading, const struct tsp_history_run *run,
                    const struct tsp_history_point *point, struct tsp_error *error) {
    char reason[2 * TSP_REASON_MAX];
    enum tsp_percentile percentile = reading->question->percentile;
    /* What is the same every time is so at every percentile. */
    const struct tsp_estimate *estimate = &point->of[is_count(point) ? TSP_P50 : percentile];
    bool means = !point->per_op && !is_count(point) && percentile != TSP_P50;
    *row = (struct row){.trend = {.tcase = reading->names[reading->name_count - 1],
                                  .head = run,
                                  .evidence = point->evidence,
                                  .per_op = point->per_op && !is_count(point),
                                  .ops = means ? point->ops : 0,
                                  .exact = is_count(point)}};
    row->point =
        (struct tsp_trend_point){.run = (size_t)(run - reading->trends->runs.of),
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
    return reason[0] == '\0' || row->point.reason != NULL ? 0 : out_of_memory(error);
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
    struct row *rows = grow(reading->rows, reading->count, &reading->room, sizeof *rows);
    if (rows == NULL) {
        return out_of_memory(error);
    }
    reading->rows = rows;
    if (take_row(&rows[reading->count], reading, run, &point, error) != 0) {
        return -1;
    }
    ++reading->count;
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

/* --- rows that belong together --------------------------------------------------------------------------------------------------- */

static int compare_numbers(double a, double b) {
    return isnan(a) || isnan(b) ? isnan(a) - isnan(b) : (a > b) - (a < b);
}

/* Where a case ran, and how long its rounds were. */
static int compare_heads(const struct tsp_history_run *a, const struct tsp_history_run *b) {
    int order = strcmp(a->arch, b->arch);
    order = order != 0 ? order : strcmp(a->machine, b->machine);
    order = order != 0 ? order : strcmp(a->executed_by, b->executed_by);
    order = order != 0 ? order : compare_numbers(a->time_ms, b->time_ms);
    return order != 0 ? order : compare_numbers(a->warmup_ms, b->warmup_ms);
}

static int compare_places(const struct tsp_trend *a, const struct tsp_trend *b) {
    int order = strverscmp(a->tcase, b->tcase);
    return order != 0 ? order : compare_heads(a->head, b->head);
}

static int compare_series(const struct tsp_trend *a, const struct tsp_trend *b) {
    int order = compare_places(a, b);
    order = order != 0 ? order : (int)a->evidence - (int)b->evidence;
    order = order != 0 ? order : strcmp(a->unit, b->unit);
    order = order != 0 ? order : (int)a->per_op - (int)b->per_op;
    return order != 0 ? order : (a->ops > b->ops) - (a->ops < b->ops);
}

/* Gaps, which have no unit and so come before the series of their place. */
static int compare_rows(const void *a, const void *b) {
    const struct row *first = a;
    const struct row *other = b;
    int order = compare_places(&first->trend, &other->trend);
    order = order != 0 ? order : (other->trend.unit[0] == '\0') - (first->trend.unit[0] == '\0');
    order = order != 0 ? order : compare_series(&first->trend, &other->trend);
    return order != 0 ? order : (first->point.run > other->point.run) - (first->point.run < other->point.run);
}

static int compare_points(const void *a, const void *b) {
    size_t first = ((const struct tsp_trend_point *)a)->run;
    size_t other = ((const struct tsp_trend_point *)b)->run;
    return (first > other) - (first < other);
}

static int copy_point(struct tsp_trend *trend, const struct tsp_trend_point *point, struct tsp_error *error) {
    struct tsp_trend_point *made = &trend->points[trend->count];
    *made = *point;
    made->reason = point->reason != NULL ? strdup(point->reason) : NULL;
    if (point->reason != NULL && made->reason == NULL) {
        return out_of_memory(error);
    }
    ++trend->count;
    trend->judged += point->judged;
    return 0;
}

/* One series of rows[0 … count), with the gaps of its place. */
static int make_series(struct tsp_trends *trends, const struct row *rows, size_t count,
                       const struct row *gaps, size_t gap_count, struct tsp_error *error) {
    struct tsp_trend *all = realloc(trends->of, (trends->count + 1) * sizeof *all);
    if (all == NULL) {
        return out_of_memory(error);
    }
    trends->of = all;
    struct tsp_trend *trend = &all[trends->count++];
    *trend = rows[0].trend;
    trend->tcase = strdup(rows[0].trend.tcase);
    trend->points = calloc(count + gap_count, sizeof *trend->points);
    int status = trend->tcase != NULL && trend->points != NULL ? 0 : out_of_memory(error);
    for (size_t i = 0; status == 0 && i < count + gap_count; ++i) {
        status = copy_point(trend, i < count ? &rows[i].point : &gaps[i - count].point, error);
    }
    if (status == 0) {
        qsort(trend->points, trend->count, sizeof *trend->points, compare_points);
        trend->head = &trends->runs.of[trend->points[0].run];
    }
    return status;
}

static int make_all_series(struct reading *reading, struct tsp_error *error) {
    const struct row *rows = reading->rows;
    size_t gaps = 0; /* where those of the place begin */
    size_t end = 0;
    if (reading->count > 1) {
        qsort(reading->rows, reading->count, sizeof *reading->rows, compare_rows);
    }
    for (size_t first = 0; first < reading->count; first = end) {
        if (compare_places(&rows[gaps].trend, &rows[first].trend) != 0) {
            gaps = first;
        }
        for (end = first;
             end < reading->count && compare_series(&rows[first].trend, &rows[end].trend) == 0;) {
            ++end;
        }
        size_t gap_count = 0;
        while (gaps + gap_count < first && rows[gaps + gap_count].trend.unit[0] == '\0') {
            ++gap_count;
        }
        if (rows[first].trend.unit[0] != '\0' &&
            make_series(reading->trends, &rows[first], end - first, &rows[gaps], gap_count, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------- */

static void reading_free(struct reading *reading) {
    for (size_t i = 0; i < reading->count; ++i) {
        free(reading->rows[i].point.reason);
    }
    for (size_t i = 0; i < reading->name_count; ++i) {
        free(reading->names[i]);
    }
    free(reading->rows);
    free(reading->names);
    free(reading->keys);
}

/* Nothing is there: what is? */
static int say_what_there_is(const struct reading *reading, struct tsp_error *error) {
    const struct tsp_trend_question *question = reading->question;
    char list[200] = "";
    if (reading->trends->runs.count == 0) {
        return tsp_error_set(error, "%.200s: no run is chosen; `transept history show` lists those it has",
                             reading->history->path);
    }
    sqlite3_stmt *statement =
        tsp_store_prepare(reading->history, "SELECT DISTINCT name FROM metrics ORDER BY name", error);
    bool known = false;
    while (statement != NULL && tsp_store_step(reading->history, statement, error) > 0) {
        const char *name = tsp_store_text(statement, 0);
        size_t used = strlen(list);
        known = known || strcmp(name, question->metric) == 0;
        if (used + strlen(name) + 3 < sizeof list) {
            (void)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", name);
        }
    }
    (void)sqlite3_finalize(statement);
    return known
               ? tsp_error_set(error, "no case matches '%.100s' and has the metric %.48s in the runs chosen",
                               question->pattern != NULL ? question->pattern : "*", question->metric)
               : tsp_error_set(error, "no run has a metric called '%.48s'; there are %s", question->metric,
                               list);
}

int tsp_trends_read(struct tsp_trends *trends, struct tsp_history *history,
                    const struct tsp_trend_question *question, struct tsp_error *error) {
    struct reading reading = {.history = history, .question = question, .trends = trends};
    *trends = (struct tsp_trends){.of = NULL};
    int status = tsp_history_runs(history, &question->choice, &trends->runs, error);
    status = status == 0 ? index_runs(&reading, error) : -1;
    status = status == 0 ? read_rows(&reading, error) : -1;
    status = status == 0 ? make_all_series(&reading, error) : -1;
    if (status == 0 && trends->count == 0) {
        status = say_what_there_is(&reading, error);
    }
    reading_free(&reading);
    return status == 0 ? tsp_trends_judge(trends, question, error) : -1;
}

void tsp_trends_free(struct tsp_trends *trends) {
    for (size_t i = 0; i < trends->count; ++i) {
        struct tsp_trend *trend = &trends->of[i];
        for (size_t k = 0; k < trend->count; ++k) {
            free(trend->points[k].reason);
        }
        free(trend->points);
        free(trend->tcase);
        tsp_changes_free(&trend->changes);
    }
    free(trends->of);
    tsp_history_runs_free(&trends->runs);
    *trends = (struct tsp_trends){.of = NULL};
}
