/* What runs found. */
#include "history/points.h"

#include <string.h>

static const char *const percentiles[TSP_PERCENTILES] = {
    [TSP_P50] = "p50", [TSP_P95] = "p95", [TSP_P99] = "p99"};

const char *tsp_percentile_name(enum tsp_percentile percentile) {
    return percentiles[percentile];
}

int tsp_percentile_parse(const char *name) {
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        if (strcmp(percentiles[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------------ */

enum column {
    RUN,
    CASE,
    STATUS,
    CASE_REASON,
    PER_OP,
    OPS,
    CASE_SUM,
    METRIC,
    UNIT,
    EVIDENCE,
    BETTER,
    COUNTER_STATUS,
    REASON,
    EXACT,
    VARIES,
    ESTIMATES, /* four each */
    N = ESTIMATES + 4 * TSP_PERCENTILES,
    ROUNDS,
    SUM
};

int64_t tsp_point_run(sqlite3_stmt *statement) {
    return sqlite3_column_int64(statement, RUN);
}

/* False: a word that nobody wrote. */
static bool take_case(sqlite3_stmt *statement, struct tsp_history_point *point) {
    int status = tsp_status_parse(tsp_store_text(statement, STATUS));
    *point = (struct tsp_history_point){.tcase = tsp_store_text(statement, CASE),
                                        .case_reason = tsp_store_text(statement, CASE_REASON),
                                        .per_op = sqlite3_column_int(statement, PER_OP) != 0,
                                        .ops = (uint64_t)sqlite3_column_int64(statement, OPS),
                                        .metric = "",
                                        .unit = "",
                                        .better = "",
                                        .reason = "",
                                        .rounds = ""};
    point->status = (enum tsp_status)status;
    return status >= 0;
}

static bool take_metric(sqlite3_stmt *statement, struct tsp_history_point *point) {
    int evidence = tsp_evidence_parse(tsp_store_text(statement, EVIDENCE));
    int status = tsp_counter_status_parse(tsp_store_text(statement, COUNTER_STATUS));
    point->metric = tsp_store_text(statement, METRIC);
    point->unit = tsp_store_text(statement, UNIT);
    point->better = tsp_store_text(statement, BETTER);
    point->reason = tsp_store_text(statement, REASON);
    point->exact = sqlite3_column_int(statement, EXACT) != 0;
    point->varies = sqlite3_column_int(statement, VARIES) != 0;
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        int at = ESTIMATES + 4 * i;
        point->of[i] = (struct tsp_estimate){.value = tsp_store_number(statement, at),
                                             .lo = tsp_store_number(statement, at + 1),
                                             .hi = tsp_store_number(statement, at + 2),
                                             .needs = (uint64_t)sqlite3_column_int64(statement, at + 3)};
    }
    point->n = (uint64_t)sqlite3_column_int64(statement, N);
    point->rounds = tsp_store_text(statement, ROUNDS);
    if (evidence < 0 || status < 0) {
        return false;
    }
    point->evidence = (enum tsp_evidence)evidence;
    point->counter_status = (enum tsp_counter_status)status;
    return true;
}

int tsp_point_take(const struct tsp_history *history, sqlite3_stmt *statement,
                   const struct tsp_history_run *run, struct tsp_history_point *point,
                   struct tsp_error *error) {
    bool sound =
        take_case(statement, point) && tsp_sum_point(run, point) == sqlite3_column_int64(statement, CASE_SUM);
    if (sound && sqlite3_column_type(statement, METRIC) != SQLITE_NULL) {
        sound = take_metric(statement, point) &&
                tsp_sum_point(run, point) == sqlite3_column_int64(statement, SUM);
    }
    return sound ? 0 : tsp_store_damaged(history, "a case's figures are not what was written", error);
}

/* --- a run's ---------------------------------------------------------------------------------------------------------------------- */

int tsp_history_points(struct tsp_history *history, const struct tsp_history_run *run,
                       tsp_history_visitor *visit, void *data, struct tsp_error *error) {
    sqlite3_stmt *statement = tsp_store_prepare(
        history,
        "SELECT " TSP_POINT_COLUMNS
        " FROM results r JOIN cases c ON c.key = r.tcase LEFT JOIN points p ON p.run = r.run AND p.tcase = r.tcase"
        " LEFT JOIN metrics m ON m.key = p.metric WHERE r.run = ?1 ORDER BY c.name, m.name, m.evidence",
        error);
    if (statement == NULL) {
        return -1;
    }
    (void)sqlite3_bind_int64(statement, 1, run->key);
    int status = 0;
    while ((status = tsp_store_step(history, statement, error)) > 0) {
        struct tsp_history_point point;
        if (tsp_point_take(history, statement, run, &point, error) != 0 || visit(data, &point, error) != 0) {
            status = -1;
            break;
        }
    }
    (void)sqlite3_finalize(statement);
    return status;
}
