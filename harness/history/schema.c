/* The database's form, and how an older one becomes it. */
#include "history/store.h"

/*
 * Version 1. Names of cases and metrics are kept once. A run's own values are found by metric and case, which is how trends ask for them. `sum` is a checksum
 * of what a row says (store.h), `content` one of all of a run's rows, by which the same run is known again.
 */
static const char first_form[] =
    "CREATE TABLE runs (key INTEGER PRIMARY KEY, run TEXT NOT NULL, started TEXT NOT NULL, arch TEXT NOT NULL, machine TEXT NOT NULL,"
    " executed_by TEXT NOT NULL, cpu TEXT, version TEXT, commit_id TEXT, suite TEXT, time_ms REAL, warmup_ms REAL,"
    " rounds INTEGER NOT NULL, content INTEGER NOT NULL, sum INTEGER NOT NULL,"
    " UNIQUE (run, arch, machine, executed_by)) STRICT;"
    "CREATE TABLE cases (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE metrics (key INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, evidence TEXT NOT NULL, better TEXT NOT NULL,"
    " UNIQUE (name, unit, evidence)) STRICT;"
    "CREATE TABLE results (run INTEGER NOT NULL REFERENCES runs, tcase INTEGER NOT NULL REFERENCES cases, status TEXT NOT NULL, reason TEXT,"
    " per_op INTEGER NOT NULL, ops INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, tcase)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE points (metric INTEGER NOT NULL REFERENCES metrics, tcase INTEGER NOT NULL REFERENCES cases,"
    " run INTEGER NOT NULL REFERENCES runs, status TEXT NOT NULL, reason TEXT, exact INTEGER NOT NULL, varies INTEGER NOT NULL,"
    " p50 REAL, p50_lo REAL, p50_hi REAL, p50_needs INTEGER NOT NULL,"
    " p95 REAL, p95_lo REAL, p95_hi REAL, p95_needs INTEGER NOT NULL,"
    " p99 REAL, p99_lo REAL, p99_hi REAL, p99_needs INTEGER NOT NULL,"
    " n INTEGER NOT NULL, rounds TEXT, sum INTEGER NOT NULL, PRIMARY KEY (metric, tcase, run)) STRICT, WITHOUT ROWID;";

/* Version 2: what compiled a run, which explains many a change; and a run's points are found without reading all others. */
static const char second_form[] = "ALTER TABLE runs ADD COLUMN compiler TEXT;"
                                  "CREATE INDEX points_of_run ON points (run);";

const char *tsp_store_step_from(int version) {
    static const char *const steps[] = {first_form, second_form};
    _Static_assert(sizeof steps / sizeof *steps == TSP_HISTORY_VERSION, "a step for every version");
    return version >= 0 && version < TSP_HISTORY_VERSION ? steps[version] : NULL;
}
