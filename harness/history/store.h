/* The database behind a history: opening, statements, what can go wrong. */
#ifndef TRANSEPT_HISTORY_STORE_H
#define TRANSEPT_HISTORY_STORE_H

#include <sqlite3.h>

#include "transept/history.h"

struct tsp_history {
    sqlite3 *db;
    char *path; /* as it was given, for messages */
};

/** PRAGMA application_id of ours: "TSPH". */
#define TSP_STORE_APPLICATION 0x54535048

/** The statements that take the form of version `version` to the next; NULL beyond the last. Each is run in one transaction. */
const char *tsp_store_step_from(int version);

/** Says in one line what the database's last failure means and what to do. Returns -1. */
int tsp_store_complain(const struct tsp_history *history, struct tsp_error *error);

/** Says that what is stored is not what was written. Returns -1. */
int tsp_store_damaged(const struct tsp_history *history, const char *what, struct tsp_error *error);

/** Statements without results. */
int tsp_store_run(const struct tsp_history *history, const char *sql, struct tsp_error *error);

/** Undoes an open transaction; whatever fails then has been told already. */
void tsp_store_undo(const struct tsp_history *history);

/** NULL with the error. Values go in by sqlite3_bind_…() alone. End with sqlite3_finalize(). */
sqlite3_stmt *tsp_store_prepare(const struct tsp_history *history, const char *sql, struct tsp_error *error);

/** 1: a row; 0: the end; -1 with the error. */
int tsp_store_step(const struct tsp_history *history, sqlite3_stmt *statement, struct tsp_error *error);

/** Runs a statement that gives no rows, and makes it ready for the next values. */
int tsp_store_put(const struct tsp_history *history, sqlite3_stmt *statement, struct tsp_error *error);

/* --- what is kept of a record ---------------------------------------------------------------------------------------------------- */

/** Its head; no cases yet. */
void tsp_history_describe_run(struct tsp_history_run *run, const struct tsp_record *record);

/** A case without a metric: points into `result`. */
void tsp_history_describe_case(struct tsp_history_point *point, const struct tsp_result *result);

/** Adds one metric: points into it, and to `rounds`, which may be NULL. */
void tsp_history_describe_metric(struct tsp_history_point *point, const struct tsp_metric *metric,
                                 const char *rounds);

/** "[90.1,90.4]": the P50 of each round that has one, as JSON; the caller's. NULL: none has, or memory is out. */
char *tsp_history_describe_rounds(const struct tsp_result *result, const char *metric);

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

/** Binds a copy of the text; an empty one as NULL. A text that is not UTF-8 is kept as it is. */
void tsp_store_bind_text(sqlite3_stmt *statement, int at, const char *text);

/** Binds a number, one that is not finite as NULL. */
void tsp_store_bind_number(sqlite3_stmt *statement, int at, double number);

/** A column's text, "" for NULL; the statement's own until its next step. */
const char *tsp_store_text(sqlite3_stmt *statement, int at);

/** A column's number, NaN for NULL. */
double tsp_store_number(sqlite3_stmt *statement, int at);

/* --- checksums ------------------------------------------------------------------------------------------------------------------- */

/* SQLite finds a page that is not what it should be, not a digit that is another: each row carries a checksum of what it says. */

/** Of a run's head. */
int64_t tsp_sum_run(const struct tsp_history_run *run);

/** Of a point, and whose it is. */
int64_t tsp_sum_point(const struct tsp_history_run *run, const struct tsp_history_point *point);

#endif
