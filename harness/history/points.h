/* What runs found, as rows of the database. */
#ifndef TRANSEPT_HISTORY_POINTS_H
#define TRANSEPT_HISTORY_POINTS_H

#include "history/store.h"

/** What a query of points selects, in the order in which tsp_point_take() takes it; and its tables: points p, results r, cases c, metrics m. */
#define TSP_POINT_COLUMNS                                                                                                                     \
    "r.run, c.name, r.status, r.reason, r.per_op, r.ops, r.sum, m.name, m.unit, m.evidence, m.better, p.status, p.reason, p.exact, p.varies," \
    " p.p50, p.p50_lo, p.p50_hi, p.p50_needs, p.p95, p.p95_lo, p.p95_hi, p.p95_needs, p.p99, p.p99_lo, p.p99_hi, p.p99_needs, p.n, p.rounds, p.sum"

/** The key of the run that a row is of. */
int64_t tsp_point_run(sqlite3_stmt *statement);

/** Takes a row and checks it. Texts are the statement's own until its next step. -1: it is not what was written. */
int tsp_point_take(const struct tsp_history *history, sqlite3_stmt *statement,
                   const struct tsp_history_run *run, struct tsp_history_point *point,
                   struct tsp_error *error);

#endif
