/* Statements, columns and checksums. */
#include "history/store.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/digest.h"
#include "record/encode.h"

/* --- what goes wrong ------------------------------------------------------------------------------------------------------------- */

int tsp_store_damaged(const struct tsp_history *history, const char *what, struct tsp_error *error) {
    return tsp_error_set(
        error,
        "%.200s: damaged (%.100s); restore a copy, or make it anew from the records with `transept history add`",
        history->path, what);
}

/* The system's word for it where there is one, else SQLite's. */
static const char *cause_of(const struct tsp_history *history) {
    int code = sqlite3_system_errno(history->db);
    return code != 0 ? strerror(code) : sqlite3_errmsg(history->db);
}

int tsp_store_complain(const struct tsp_history *history, struct tsp_error *error) {
    const char *path = history->path;
    switch (history->db == NULL ? SQLITE_NOMEM : sqlite3_errcode(history->db) & 0xff) {
    case SQLITE_NOTADB:
        return tsp_error_set(error, "%.300s: is no history; name another file with --db", path);
    case SQLITE_CORRUPT:
        return tsp_store_damaged(history, sqlite3_errmsg(history->db), error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return tsp_error_set(error, "%.300s: another process writes to it; try again when that is done",
                             path);
    case SQLITE_FULL:
        return tsp_error_set(error, "%.300s: the disk is full; free some space and try again", path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return tsp_error_set(
            error,
            "%.300s: cannot be opened for writing (%s); make file and folder writable, or name another with --db",
            path, cause_of(history));
    case SQLITE_IOERR:
        return tsp_error_set(error,
                             "%.300s: cannot be read or written: %s; free some space or look at the disk",
                             path, cause_of(history));
    case SQLITE_NOMEM:
        return tsp_error_set(error, "%.300s: no memory; end other programs", path);
    default:
        return tsp_error_set(error, "%.200s: %.200s; is it a history?", path, sqlite3_errmsg(history->db));
    }
}

/* --- statements ------------------------------------------------------------------------------------------------------------------ */

int tsp_store_run(const struct tsp_history *history, const char *sql, struct tsp_error *error) {
    return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                         : tsp_store_complain(history, error);
}

void tsp_store_undo(const struct tsp_history *history) {
    if (sqlite3_get_autocommit(history->db) == 0) {
        (void)sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

sqlite3_stmt *tsp_store_prepare(const struct tsp_history *history, const char *sql, struct tsp_error *error) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(history->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        (void)tsp_store_complain(history, error);
        return NULL;
    }
    return statement;
}

int tsp_store_step(const struct tsp_history *history, sqlite3_stmt *statement, struct tsp_error *error) {
    int code = sqlite3_step(statement);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : tsp_store_complain(history, error);
}

int tsp_store_put(const struct tsp_history *history, sqlite3_stmt *statement, struct tsp_error *error) {
    int status = tsp_store_step(history, statement, error);
    (void)sqlite3_reset(statement);
    return status < 0 ? -1 : 0;
}

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

void tsp_store_bind_text(sqlite3_stmt *statement, int at, const char *text) {
    if (text[0] != '\0') {
        (void)sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
    } else {
        (void)sqlite3_bind_null(statement, at);
    }
}

void tsp_store_bind_number(sqlite3_stmt *statement, int at, double number) {
    if (isfinite(number)) {
        (void)sqlite3_bind_double(statement, at, number);
    } else {
        (void)sqlite3_bind_null(statement, at);
    }
}

const char *tsp_store_text(sqlite3_stmt *statement, int at) {
    const unsigned char *text = sqlite3_column_text(statement, at);
    return text != NULL ? (const char *)text : "";
}

double tsp_store_number(sqlite3_stmt *statement, int at) {
    return sqlite3_column_type(statement, at) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, at);
}

/* --- checksums ------------------------------------------------------------------------------------------------------------------- */

/* Each field ends in a line feed, lest two that share their letters otherwise look alike. */
static uint64_t add_text(uint64_t sum, const char *text) {
    return tsp_digest_add_text(tsp_digest_add_text(sum, text, strlen(text)), "\n", 1);
}

static uint64_t add_count(uint64_t sum, uint64_t count) {
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, count);
    return add_text(sum, text);
}

/* Every bit of it. SQLite keeps no negative zero, and none that is not finite. */
static uint64_t add_number(uint64_t sum, double number) {
    double kept = number + 0.0;
    uint64_t bits = 0;
    memcpy(&bits, &kept, sizeof bits);
    return isfinite(number) ? add_count(sum, bits) : add_text(sum, "");
}

/* As SQLite has integers: the same bits. */
static int64_t as_integer(uint64_t sum) {
    int64_t integer = 0;
    memcpy(&integer, &sum, sizeof integer);
    return integer;
}

int64_t tsp_sum_run(const struct tsp_history_run *run) {
    const char *const texts[] = {run->id,  run->started, run->arch,   run->machine, run->executed_by,
                                 run->cpu, run->version, run->commit, run->suite};
    uint64_t sum = TSP_DIGEST_START;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        sum = add_text(sum, texts[i]);
    }
    sum = add_number(sum, run->time_ms);
    sum = add_number(sum, run->warmup_ms);
    sum = add_count(sum, run->rounds);
    return as_integer(run->compiler[0] != '\0' ? add_text(sum, run->compiler) : sum); /* form 1 had none */
}

int64_t tsp_sum_point(const struct tsp_history_run *run, const struct tsp_history_point *point) {
    const char *const texts[] = {run->id,
                                 run->arch,
                                 run->machine,
                                 run->executed_by,
                                 point->tcase,
                                 tsp_status_name(point->status),
                                 point->case_reason,
                                 point->metric,
                                 point->unit,
                                 point->better,
                                 point->reason,
                                 point->rounds};
    uint64_t sum = TSP_DIGEST_START;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        sum = add_text(sum, texts[i]);
    }
    sum = add_count(sum, point->per_op);
    sum = add_count(sum, point->ops);
    if (point->metric[0] == '\0') {
        return as_integer(sum);
    }
    sum = add_text(sum, tsp_evidence_name(point->evidence));
    sum = add_text(sum, tsp_counter_status_name(point->counter_status));
    sum = add_count(sum, point->exact);
    sum = add_count(sum, point->varies);
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        sum = add_number(sum, point->of[i].value);
        sum = add_number(sum, point->of[i].lo);
        sum = add_number(sum, point->of[i].hi);
        sum = add_count(sum, point->of[i].needs);
    }
    return as_integer(add_count(sum, point->n));
}
