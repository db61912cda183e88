/* Rows that belong together, in order of time: series. */
#include "history/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "history/store.h"

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
    const struct tsp_trend_row *first = a;
    const struct tsp_trend_row *other = b;
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
        return tsp_trend_out_of_memory(error);
    }
    ++trend->count;
    trend->judged += point->judged;
    return 0;
}

/* One series of rows[0 … count), with the gaps of its place. */
static int make_series(struct tsp_trends *trends, const struct tsp_trend_row *rows, size_t count,
                       const struct tsp_trend_row *gaps, size_t gap_count, struct tsp_error *error) {
    struct tsp_trend *all = realloc(trends->of, (trends->count + 1) * sizeof *all);
    if (all == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    trends->of = all;
    struct tsp_trend *trend = &all[trends->count++];
    *trend = rows[0].trend;
    trend->tcase = strdup(rows[0].trend.tcase);
    trend->points = calloc(count + gap_count + 1, sizeof *trend->points);
    int status = 0;
    if (trend->tcase == NULL || trend->points == NULL) {
        return tsp_trend_out_of_memory(error);
    }
    for (size_t i = 0; status == 0 && i < count + gap_count; ++i) {
        status = copy_point(trend, i < count ? &rows[i].point : &gaps[i - count].point, error);
    }
    if (status == 0) {
        qsort(trend->points, trend->count, sizeof *trend->points, compare_points);
        trend->head = &trends->runs.of[trend->points[0].run];
    }
    return status;
}

static int make_all_series(struct tsp_trends *trends, const struct tsp_trend_rows *all,
                           struct tsp_error *error) {
    const struct tsp_trend_row *rows = all->of;
    size_t gaps = 0; /* where those of the place begin */
    size_t end = 0;
    if (all->count > 1) {
        qsort(all->of, all->count, sizeof *all->of, compare_rows);
    }
    for (size_t first = 0; first < all->count; first = end) {
        if (compare_places(&rows[gaps].trend, &rows[first].trend) != 0) {
            gaps = first;
        }
        for (end = first; end < all->count && compare_series(&rows[first].trend, &rows[end].trend) == 0;) {
            ++end;
        }
        size_t gap_count = 0;
        while (gaps + gap_count < first && rows[gaps + gap_count].trend.unit[0] == '\0') {
            ++gap_count;
        }
        if (rows[first].trend.unit[0] != '\0' &&
            make_series(trends, &rows[first], end - first, &rows[gaps], gap_count, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------- */

/* Nothing is there: what is? */
static int say_what_there_is(const struct tsp_history *history, const struct tsp_trends *trends,
                             const struct tsp_trend_question *question, struct tsp_error *error) {
    char list[200] = "";
    if (trends->runs.count == 0) {
        return tsp_error_set(error, "%.200s: no run is chosen; `transept history show` lists those it has",
                             history->path);
    }
    sqlite3_stmt *statement =
        tsp_store_prepare(history, "SELECT DISTINCT name FROM metrics ORDER BY name", error);
    bool known = false;
    while (statement != NULL && tsp_store_step(history, statement, error) > 0) {
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
    struct tsp_trend_rows rows = {.of = NULL};
    *trends = (struct tsp_trends){.of = NULL};
    int status = tsp_history_runs(history, &question->choice, &trends->runs, error);
    status = status == 0 ? tsp_trend_rows_read(&rows, history, question, &trends->runs, error) : -1;
    status = status == 0 ? make_all_series(trends, &rows, error) : -1;
    if (status == 0 && trends->count == 0) {
        status = say_what_there_is(history, trends, question, error);
    }
    tsp_trend_rows_free(&rows);
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
