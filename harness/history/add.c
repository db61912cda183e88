/* A record into a history: all of it, or nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/store.h"
#include "record/digest.h"

static const char insert_run[] =
    "INSERT INTO runs (run, started, arch, machine, executed_by, cpu, version, commit_id, suite, compiler, time_ms, warmup_ms, rounds, content, sum)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14)";
static const char insert_result[] =
    "INSERT INTO results (run, tcase, status, reason, per_op, ops, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char insert_point[] =
    "INSERT INTO points (metric, tcase, run, status, reason, exact, varies, p50, p50_lo, p50_hi, p50_needs, p95, p95_lo, p95_hi, p95_needs,"
    " p99, p99_lo, p99_hi, p99_needs, n, rounds, sum)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";

/* A name's key, made where there is none. */
static const char insert_case[] = "INSERT INTO cases (name) VALUES (?1) ON CONFLICT DO NOTHING";
static const char select_case[] = "SELECT key FROM cases WHERE name = ?1";
static const char insert_metric[] =
    "INSERT INTO metrics (name, unit, evidence, better) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
static const char select_metric[] = "SELECT key FROM metrics WHERE name = ?1 AND unit = ?2 AND evidence = ?3";

enum statement { RESULT, POINT, CASE, CASE_KEY, METRIC, METRIC_KEY, STATEMENTS };

struct adding {
    struct tsp_history *history;
    const struct tsp_record *record;
    const char *path; /* of the record; of complaints */
    const volatile int *stop;
    struct tsp_history_run *run;
    sqlite3_stmt *statements[STATEMENTS];
    bool begun;      /* the run is known to be there, or to be new */
    bool there;      /* it is compared with what is there, and nothing is written */
    int64_t content; /* of the run that is there */
    uint64_t digest; /* of what the record has, so far */
};

/* --- the head -------------------------------------------------------------------------------------------------------------------- */

static int find_run(struct adding *adding, struct tsp_error *error) {
    const struct tsp_history_run *run = adding->run;
    sqlite3_stmt *statement = tsp_store_prepare(
        adding->history,
        "SELECT key, content FROM runs WHERE run = ?1 AND arch = ?2 AND machine = ?3 AND executed_by = ?4",
        error);
    if (statement == NULL) {
        return -1;
    }
    tsp_store_bind_text(statement, 1, run->id);
    tsp_store_bind_text(statement, 2, run->arch);
    tsp_store_bind_text(statement, 3, run->machine);
    tsp_store_bind_text(statement, 4, run->executed_by);
    int status = tsp_store_step(adding->history, statement, error);
    if (status > 0) {
        adding->run->key = sqlite3_column_int64(statement, 0);
        adding->content = sqlite3_column_int64(statement, 1);
        adding->there = true;
    }
    (void)sqlite3_finalize(statement);
    return status < 0 ? -1 : 0;
}

static int put_run(const struct adding *adding, struct tsp_error *error) {
    const struct tsp_history_run *run = adding->run;
    const char *const texts[] = {run->id,  run->started, run->arch,   run->machine, run->executed_by,
                                 run->cpu, run->version, run->commit, run->suite,   run->compiler};
    const int count = sizeof texts / sizeof *texts;
    sqlite3_stmt *statement = tsp_store_prepare(adding->history, insert_run, error);
    if (statement == NULL) {
        return -1;
    }
    for (int i = 0; i < count; ++i) {
        tsp_store_bind_text(statement, i + 1, texts[i]);
    }
    tsp_store_bind_number(statement, count + 1, run->time_ms);
    tsp_store_bind_number(statement, count + 2, run->warmup_ms);
    (void)sqlite3_bind_int64(statement, count + 3, run->rounds);
    (void)sqlite3_bind_int64(statement, count + 4, tsp_sum_run(run));
    int status = tsp_store_put(adding->history, statement, error);
    (void)sqlite3_finalize(statement);
    return status;
}

static int prepare_all(struct adding *adding, struct tsp_error *error) {
    static const char *const texts[STATEMENTS] = {
        [RESULT] = insert_result, [POINT] = insert_point,   [CASE] = insert_case,
        [CASE_KEY] = select_case, [METRIC] = insert_metric, [METRIC_KEY] = select_metric};
    int status = 0;
    for (int i = 0; status == 0 && i < STATEMENTS; ++i) {
        adding->statements[i] = tsp_store_prepare(adding->history, texts[i], error);
        status = adding->statements[i] != NULL ? 0 : -1;
    }
    return status;
}

/* Runs are put in order of time. */
static int refuse_head(const struct adding *adding, struct tsp_error *error) {
    if (adding->run->id[0] == '\0') {
        return tsp_error_set(error,
                             "%.300s: the record does not say which run it is of; add the file as "
                             "`transept run` or `transept import` wrote it",
                             adding->path);
    }
    return tsp_error_set(error,
                         "%.300s: the record does not say when it was measured (Go benchmark text has no "
                         "date), and a history goes by time; hold it against others with `transept compare`",
                         adding->path);
}

/* Once the record's head is known: before its first case, or at its end. */
static int begin_run(struct adding *adding, struct tsp_error *error) {
    if (adding->begun) {
        return 0;
    }
    adding->begun = true;
    tsp_history_describe_run(adding->run, adding->record);
    if (adding->run->id[0] == '\0' || adding->run->started[0] == '\0') {
        return refuse_head(adding, error);
    }
    if (find_run(adding, error) != 0) {
        return -1;
    }
    if (adding->there) {
        return 0;
    }
    if (put_run(adding, error) != 0 || prepare_all(adding, error) != 0) {
        return -1;
    }
    adding->run->key = sqlite3_last_insert_rowid(adding->history->db);
    return 0;
}

/* --- cases ----------------------------------------------------------------------------------------------------------------------- */

/* The key behind a name of up to four parts, of which the first `identifying` tell it from others. */
static int key_of(const struct adding *adding, enum statement put, enum statement get,
                  const char *const *parts, int count, int identifying, int64_t *key,
                  struct tsp_error *error) {
    for (int i = 0; i < count; ++i) {
        (void)sqlite3_bind_text(adding->statements[put], i + 1, parts[i], -1, SQLITE_TRANSIENT);
    }
    for (int i = 0; i < identifying; ++i) {
        (void)sqlite3_bind_text(adding->statements[get], i + 1, parts[i], -1, SQLITE_TRANSIENT);
    }
    int status = tsp_store_put(adding->history, adding->statements[put], error);
    status = status == 0 ? tsp_store_step(adding->history, adding->statements[get], error) : -1;
    *key = status > 0 ? sqlite3_column_int64(adding->statements[get], 0) : 0;
    (void)sqlite3_reset(adding->statements[get]);
    return status > 0    ? 0
           : status == 0 ? tsp_store_damaged(adding->history, "a name cannot be found again", error)
                         : -1;
}

static void bind_point(sqlite3_stmt *statement, const struct tsp_history_point *point) {
    int at = 4;
    tsp_store_bind_text(statement, at++, tsp_counter_status_name(point->counter_status));
    tsp_store_bind_text(statement, at++, point->reason);
    (void)sqlite3_bind_int(statement, at++, point->exact);
    (void)sqlite3_bind_int(statement, at++, point->varies);
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        tsp_store_bind_number(statement, at++, point->of[i].value);
        tsp_store_bind_number(statement, at++, point->of[i].lo);
        tsp_store_bind_number(statement, at++, point->of[i].hi);
        (void)sqlite3_bind_int64(statement, at++, (sqlite3_int64)point->of[i].needs);
    }
    (void)sqlite3_bind_int64(statement, at++, (sqlite3_int64)point->n);
    tsp_store_bind_text(statement, at, point->rounds);
}

static int put_point(const struct adding *adding, const struct tsp_history_point *point, int64_t case_key,
                     int64_t sum, struct tsp_error *error) {
    const char *const parts[] = {point->metric, point->unit, tsp_evidence_name(point->evidence),
                                 point->better};
    int64_t metric_key = 0;
    if (key_of(adding, METRIC, METRIC_KEY, parts, 4, 3, &metric_key, error) != 0) {
        return -1;
    }
    sqlite3_stmt *statement = adding->statements[POINT];
    (void)sqlite3_bind_int64(statement, 1, metric_key);
    (void)sqlite3_bind_int64(statement, 2, case_key);
    (void)sqlite3_bind_int64(statement, 3, adding->run->key);
    bind_point(statement, point);
    (void)sqlite3_bind_int64(statement, 22, sum);
    return tsp_store_put(adding->history, statement, error);
}

static int put_result(const struct adding *adding, const struct tsp_history_point *point, int64_t case_key,
                      int64_t sum, struct tsp_error *error) {
    sqlite3_stmt *statement = adding->statements[RESULT];
    (void)sqlite3_bind_int64(statement, 1, adding->run->key);
    (void)sqlite3_bind_int64(statement, 2, case_key);
    tsp_store_bind_text(statement, 3, tsp_status_name(point->status));
    tsp_store_bind_text(statement, 4, point->case_reason);
    (void)sqlite3_bind_int(statement, 5, point->per_op);
    (void)sqlite3_bind_int64(statement, 6, (sqlite3_int64)point->ops);
    (void)sqlite3_bind_int64(statement, 7, sum);
    return tsp_store_put(adding->history, statement, error);
}

/* The checksum of a row, which goes into that of the run. */
static int64_t note(struct adding *adding, const struct tsp_history_point *point) {
    char text[24];
    int64_t sum = tsp_sum_point(adding->run, point);
    (void)snprintf(text, sizeof text, "%" PRId64 "\n", sum);
    adding->digest = tsp_digest_add_text(adding->digest, text, strlen(text));
    return sum;
}

static int add_metrics(struct adding *adding, const struct tsp_result *result,
                       struct tsp_history_point *point, int64_t case_key, struct tsp_error *error) {
    int status = 0;
    for (unsigned i = 0; status == 0 && i < result->metric_count; ++i) {
        char *rounds = tsp_history_describe_rounds(result, result->metrics[i].name);
        tsp_history_describe_metric(point, &result->metrics[i], rounds);
        int64_t sum = note(adding, point);
        status = adding->there ? 0 : put_point(adding, point, case_key, sum, error);
        free(rounds);
    }
    return status;
}

/* A tsp_record_visitor. */
static int add_case(void *data, struct tsp_result *result, struct tsp_error *error) {
    struct adding *adding = data;
    struct tsp_history_point point;
    int64_t case_key = 0;
    if (adding->stop != NULL && *adding->stop != 0) {
        return tsp_error_set(error, "interrupted; nothing of it was added");
    }
    if (begin_run(adding, error) != 0) {
        return -1;
    }
    tsp_history_describe_case(&point, result);
    const char *name = result->id;
    int64_t sum = note(adding, &point);
    ++adding->run->cases;
    adding->run->cases_ok += result->status == TSP_OK;
    if (!adding->there && (key_of(adding, CASE, CASE_KEY, &name, 1, 1, &case_key, error) != 0 ||
                           put_result(adding, &point, case_key, sum, error) != 0)) {
        return -1;
    }
    return add_metrics(adding, result, &point, case_key, error);
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------- */

/* What was read is the run that is there: is it all of it? */
static int check_same(const struct adding *adding, int64_t content, const char *path,
                      struct tsp_error *error) {
    return content == adding->content
               ? 0
               : tsp_error_set(
                     error,
                     "%.200s: run %s is there already with other results: was it taken up again? `transept history remove %s`, then add it",
                     path, adding->run->id, adding->run->id);
}

static int put_content(const struct adding *adding, int64_t content, struct tsp_error *error) {
    sqlite3_stmt *statement =
        tsp_store_prepare(adding->history, "UPDATE runs SET content = ?1 WHERE key = ?2", error);
    if (statement == NULL) {
        return -1;
    }
    (void)sqlite3_bind_int64(statement, 1, content);
    (void)sqlite3_bind_int64(statement, 2, adding->run->key);
    int status = tsp_store_put(adding->history, statement, error);
    (void)sqlite3_finalize(statement);
    return status;
}

/* The file was read to its end and is sound. */
static int conclude(struct adding *adding, const char *path, struct tsp_error *error) {
    int64_t content = 0;
    if (begin_run(adding, error) != 0) { /* a record without cases */
        return -1;
    }
    memcpy(&content, &adding->digest, sizeof content);
    if (adding->there) {
        return check_same(adding, content, path, error);
    }
    return put_content(adding, content, error) != 0 ? -1 : tsp_store_run(adding->history, "COMMIT", error);
}

/* Whether it is a record is known at its end alone, so that all is in one transaction, which damage undoes. */
int tsp_history_add(struct tsp_history *history, const char *path, const volatile int *stop,
                    struct tsp_history_run *run, struct tsp_error *error) {
    struct tsp_record *record = calloc(1, sizeof *record);
    struct adding adding = {.history = history,
                            .record = record,
                            .path = path,
                            .stop = stop,
                            .run = run,
                            .digest = TSP_DIGEST_START};
    *run = (struct tsp_history_run){.key = 0};
    if (record == NULL) {
        return tsp_error_set(error, "no memory to read %.300s", path);
    }
    int status = tsp_store_run(history, "BEGIN IMMEDIATE", error);
    if (status == 0) {
        status = tsp_record_scan_json(record, path, add_case, &adding, error);
        status = status == 0 ? conclude(&adding, path, error) : -1;
    }
    for (int i = 0; i < STATEMENTS; ++i) {
        (void)sqlite3_finalize(adding.statements[i]);
    }
    tsp_store_undo(history); /* all that was not committed */
    tsp_record_free(record);
    free(record);
    return status != 0 ? -1 : !adding.there;
}
