/* Which runs a history has. */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/store.h"

/* Newest first within each machine and executor, so that a limit takes those; then in order of time. */
static const char select_runs[] =
    "SELECT key, run, started, arch, machine, executed_by, cpu, version, commit_id, suite, compiler, time_ms, warmup_ms, rounds, sum,"
    " (SELECT count(*) FROM results WHERE results.run = runs.key),"
    " (SELECT count(*) FROM results WHERE results.run = runs.key AND status = 'ok') FROM runs JOIN"
    " (SELECT key AS of_key, row_number() OVER (PARTITION BY arch, machine, executed_by ORDER BY started DESC, key DESC) AS age FROM runs)"
    " ON of_key = key"
    " WHERE (?1 IS NULL OR arch = ?1) AND (?2 IS NULL OR machine = ?2) AND (?3 IS NULL OR started >= ?3)"
    " AND (?4 IS NULL OR age <= ?4) AND (?5 IS NULL OR substr(run, 1, length(?5)) = ?5) ORDER BY started, key";

#define TAKE(array, at) ((void)snprintf((array), sizeof(array), "%s", tsp_store_text(statement, (at))))

static int take_run(const struct tsp_history *history, sqlite3_stmt *statement, struct tsp_history_run *run,
                    struct tsp_error *error) {
    *run = (struct tsp_history_run){.key = sqlite3_column_int64(statement, 0)};
    TAKE(run->id, 1);
    TAKE(run->started, 2);
    TAKE(run->arch, 3);
    TAKE(run->machine, 4);
    TAKE(run->executed_by, 5);
    TAKE(run->cpu, 6);
    TAKE(run->version, 7);
    TAKE(run->commit, 8);
    TAKE(run->suite, 9);
    TAKE(run->compiler, 10);
    run->time_ms = tsp_store_number(statement, 11);
    run->warmup_ms = tsp_store_number(statement, 12);
    run->rounds = (unsigned)sqlite3_column_int64(statement, 13);
    if (sqlite3_column_int64(statement, 14) != tsp_sum_run(run)) {
        return tsp_store_damaged(history, "a run is not what was written", error);
    }
    run->cases = (size_t)sqlite3_column_int64(statement, 15);
    run->cases_ok = (size_t)sqlite3_column_int64(statement, 16);
    return 0;
}

static int add_run(struct tsp_history_runs *runs, const struct tsp_history_run *run, size_t *room,
                   struct tsp_error *error) {
    if (runs->count == *room) {
        size_t wanted = *room == 0 ? 32 : 2 * *room;
        struct tsp_history_run *all = realloc(runs->of, wanted * sizeof *all);
        if (all == NULL) {
            return tsp_error_set(error, "no memory for %zu runs; name fewer with --since or --limit", wanted);
        }
        runs->of = all;
        *room = wanted;
    }
    runs->of[runs->count++] = *run;
    return 0;
}

static void bind_or_null(sqlite3_stmt *statement, int at, const char *text) {
    tsp_store_bind_text(statement, at, text != NULL ? text : "");
}

static int select_by(struct tsp_history *history, const struct tsp_history_choice *choice, const char *id,
                     struct tsp_history_runs *runs, struct tsp_error *error) {
    size_t room = 0;
    *runs = (struct tsp_history_runs){.of = NULL};
    sqlite3_stmt *statement = tsp_store_prepare(history, select_runs, error);
    if (statement == NULL) {
        return -1;
    }
    bind_or_null(statement, 1, choice->arch);
    bind_or_null(statement, 2, choice->machine);
    bind_or_null(statement, 3, choice->since);
    if (choice->limit > 0) {
        (void)sqlite3_bind_int64(statement, 4, (sqlite3_int64)choice->limit);
    }
    bind_or_null(statement, 5, id);
    int status = 0;
    struct tsp_history_run run;
    while ((status = tsp_store_step(history, statement, error)) > 0) {
        if (take_run(history, statement, &run, error) != 0 || add_run(runs, &run, &room, error) != 0) {
            status = -1;
            break;
        }
    }
    (void)sqlite3_finalize(statement);
    return status;
}

int tsp_history_runs(struct tsp_history *history, const struct tsp_history_choice *choice,
                     struct tsp_history_runs *runs, struct tsp_error *error) {
    return select_by(history, choice, NULL, runs, error);
}

void tsp_history_runs_free(struct tsp_history_runs *runs) {
    free(runs->of);
    *runs = (struct tsp_history_runs){.of = NULL};
}

int tsp_history_find(struct tsp_history *history, const struct tsp_history_choice *choice, const char *id,
                     struct tsp_history_run *run, struct tsp_error *error) {
    struct tsp_history_runs runs;
    int status = select_by(history, choice, id, &runs, error);
    if (status == 0 && runs.count == 1 && id[0] != '\0') {
        *run = runs.of[0];
    } else if (status == 0 && runs.count > 1) {
        status = tsp_error_set(
            error,
            "%zu runs of %.200s begin with '%.60s'; write more of it, or say which --arch or --machine",
            runs.count, history->path, id);
    } else if (status == 0) {
        status = tsp_error_set(error, "%.200s has no run '%.60s'; `transept history show` lists those it has",
                               history->path, id);
    }
    tsp_history_runs_free(&runs);
    return status;
}

/* Two digits that are one of `from` to `to`. */
static bool within(const char *digits, int from, int to) {
    int number = 10 * (digits[0] - '0') + digits[1] - '0';
    return number >= from && number <= to;
}

/* Of digits that stand where they should: whether the calendar has the day, and the day the time. */
static bool is_moment(const char *text, bool has_time) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 0;
    int month = 0;
    if (!within(text + 5, 1, 12) || sscanf(text, "%4d-%2d", &year, &month) != 2) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return within(text + 8, 1, days[month - 1] + (month == 2 && leap ? 1 : 0)) &&
           (!has_time || (within(text + 11, 0, 23) && within(text + 14, 0, 59) && within(text + 17, 0, 60)));
}

int tsp_history_since(const char *text, struct tsp_error *error) {
    static const char form[] = "0000-00-00T00:00:00Z";
    size_t length = strlen(text);
    bool right = length == 10 || length == sizeof form - 1;
    for (size_t i = 0; right && i < length; ++i) {
        right = form[i] == '0' ? isdigit((unsigned char)text[i]) != 0 : text[i] == form[i];
    }
    if (!right) {
        return tsp_error_set(error, "'%.40s' is no date: write 2024-05-01, or 2024-05-01T12:34:56Z (UTC)",
                             text);
    }
    return is_moment(text, length > 10)
               ? 0
               : tsp_error_set(
                     error,
                     "'%.40s' is no date: there is no such day or time; write YEAR-MONTH-DAY, as in "
                     "2024-05-01, or 2024-05-01T12:34:56Z (UTC)",
                     text);
}

/* --- removing -------------------------------------------------------------------------------------------------------------------- */

int tsp_history_remove(struct tsp_history *history, const struct tsp_history_choice *choice, const char *id,
                       struct tsp_history_run *run, struct tsp_error *error) {
    static const char *const texts[] = {"DELETE FROM points WHERE run = ?1",
                                        "DELETE FROM results WHERE run = ?1",
                                        "DELETE FROM runs WHERE key = ?1"};
    if (tsp_store_run(history, "BEGIN IMMEDIATE", error) != 0) {
        return -1;
    }
    int status = tsp_history_find(history, choice, id, run, error);
    for (size_t i = 0; status == 0 && i < sizeof texts / sizeof *texts; ++i) {
        sqlite3_stmt *statement = tsp_store_prepare(history, texts[i], error);
        if (statement == NULL) {
            status = -1;
            break;
        }
        (void)sqlite3_bind_int64(statement, 1, run->key);
        status = tsp_store_put(history, statement, error);
        (void)sqlite3_finalize(statement);
    }
    status = status == 0 ? tsp_store_run(history, "COMMIT", error) : -1;
    tsp_store_undo(history);
    return status;
}
