/* Opening a history: whose file it is, whether it is sound, and which form it has. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "history/store.h"
#include "record/files.h"

/* One number: of a pragma, or counted. */
static int ask_number(const struct tsp_history *history, const char *sql, int64_t *number,
                      struct tsp_error *error) {
    sqlite3_stmt *statement = tsp_store_prepare(history, sql, error);
    int status = statement == NULL ? -1 : tsp_store_step(history, statement, error);
    *number = status > 0 ? sqlite3_column_int64(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    return status < 0 ? -1 : 0;
}

/* SQLite reads every page and looks whether they fit together, and whether what rows name is there: a join would drop those in silence. */
static int check_soundness(const struct tsp_history *history, struct tsp_error *error) {
    static const char *const checks[] = {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"};
    int status = 0;
    for (size_t i = 0; status == 0 && i < sizeof checks / sizeof *checks; ++i) {
        sqlite3_stmt *statement = tsp_store_prepare(history, checks[i], error);
        status = statement == NULL ? -1 : tsp_store_step(history, statement, error);
        if (status > 0) {
            const char *said = tsp_store_text(
                statement, 0); /* "ok", or what is wrong; the table whose rows name what is not there */
            status = strcmp(said, "ok") == 0 ? 0 : tsp_store_damaged(history, said, error);
        }
        (void)sqlite3_finalize(statement);
    }
    return status;
}

/* Under the lock: somebody else may have been faster. */
static int bring_up(const struct tsp_history *history, struct tsp_error *error) {
    char mark[96];
    int64_t version = 0;
    int status = tsp_store_run(history, "BEGIN IMMEDIATE", error);
    status = status == 0 ? ask_number(history, "PRAGMA user_version", &version, error) : -1;
    while (status == 0 && version < TSP_HISTORY_VERSION) {
        status = tsp_store_run(history, tsp_store_step_from((int)version), error);
        ++version;
    }
    (void)sqlite3_snprintf((int)sizeof mark, mark, "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
                           TSP_STORE_APPLICATION, TSP_HISTORY_VERSION);
    if (status != 0 || tsp_store_run(history, mark, error) != 0) {
        tsp_store_undo(history);
        return -1;
    }
    return 0;
}

/* An empty file becomes a history only where one is to be made. */
static int check_form(const struct tsp_history *history, bool create, struct tsp_error *error) {
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    if (ask_number(history, "PRAGMA application_id", &application, error) != 0 ||
        ask_number(history, "PRAGMA user_version", &version, error) != 0 ||
        ask_number(history, "SELECT count(*) FROM sqlite_schema", &tables, error) != 0) {
        return -1;
    }
    bool empty = application == 0 && version == 0 && tables == 0;
    if (empty && !create) {
        return tsp_error_set(error, "%.300s: is empty; fill it with `transept history add RECORD`",
                             history->path);
    }
    if (!empty && application != TSP_STORE_APPLICATION) {
        return tsp_error_set(error, "%.300s: is a database of another program; name another file with --db",
                             history->path);
    }
    if (version < 0 || version > TSP_HISTORY_VERSION) {
        return tsp_error_set(
            error,
            "%.300s: is a history of form %lld, and this transept knows those up to %d; use the transept that wrote it",
            history->path, (long long)version, TSP_HISTORY_VERSION);
    }
    return version < TSP_HISTORY_VERSION ? bring_up(history, error) : 0;
}

/* What is not ours to make or to open, before SQLite says so in its words. */
static int check_file(const char *path, bool create, struct tsp_error *error) {
    struct stat status;
    if (stat(path, &status) == 0) {
        return S_ISREG(status.st_mode)
                   ? 0
                   : tsp_error_set(error, "%.300s: is no file; name another with --db", path);
    }
    if (errno == ENOENT && create && path[0] != '\0') {
        return tsp_files_make_folders(path, NULL) == 0
                   ? 0
                   : tsp_error_set(error, "cannot make the folder of %.300s: %s; name another file with --db",
                                   path, strerror(errno));
    }
    return errno == ENOENT
               ? tsp_error_set(
                     error, "%.300s: no history is there; make one with `transept history add RECORD`", path)
               : tsp_error_set(error, "%.300s: %s; name another file with --db", path, strerror(errno));
}

/* The file may come from anywhere: nothing in it is run, and no row is taken for more than it is (sqlite.org/security.html). */
static int distrust(const struct tsp_history *history, int wait_ms, struct tsp_error *error) {
    (void)sqlite3_busy_timeout(history->db, wait_ms);
    (void)sqlite3_db_config(history->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_limit(history->db, SQLITE_LIMIT_LENGTH, 16 << 20);
    return tsp_store_run(
        history, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON", error);
}

int tsp_history_open(struct tsp_history **history, const char *path, bool create, int wait_ms,
                     struct tsp_error *error) {
    char name[PATH_MAX];
    *history = NULL;
    if (check_file(path, create, error) != 0) {
        return -1;
    }
    /* A name that begins with a colon would be SQLite's own for what lies in memory. */
    (void)snprintf(name, sizeof name, "%s%s", path[0] == ':' ? "./" : "", path);
    struct tsp_history *made = calloc(1, sizeof *made);
    if (made == NULL || (made->path = strdup(path)) == NULL) {
        free(made);
        return tsp_error_set(error, "no memory to open %.300s", path);
    }
    *history = made;
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    int status =
        sqlite3_open_v2(name, &made->db, flags, NULL) == SQLITE_OK ? 0 : tsp_store_complain(made, error);
    if (status != 0 || distrust(made, wait_ms, error) != 0 || check_soundness(made, error) != 0 ||
        check_form(made, create, error) != 0) {
        tsp_history_close(made);
        *history = NULL;
        return -1;
    }
    return 0;
}

void tsp_history_close(struct tsp_history *history) {
    if (history != NULL) {
        (void)sqlite3_close(history->db);
        free(history->path);
        free(history);
    }
}
