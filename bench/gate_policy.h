/* The gate by policy: rules over two sides. */
#ifndef TRANSEPT_BENCH_GATE_POLICY_H
#define TRANSEPT_BENCH_GATE_POLICY_H

#include <stdbool.h>

#include "transept/error.h"

struct tsp_policy_gate {
    const char *policy;      /* the YAML file; its lock lies beside it */
    const char *sides[2];    /* records, folders, patterns */
    const char *binaries[2]; /* for rules that confirm by a duel; NULL: none */
    const char *floors;      /* the folder below which calibration left its own */
    bool update;             /* make the lock anew */
};

/** Judges and prints, rule by rule. Returns the exit status; TSP_EXIT_USAGE with or without an error that is yet to be told: `error->text` is empty
 *  where everything was said. */
int tsp_gate_by_policy(const struct tsp_policy_gate *gate, struct tsp_error *error);

#endif
