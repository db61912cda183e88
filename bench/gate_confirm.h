/* A gate's second look: what seems worse is measured once more, as a duel. */
#ifndef TRANSEPT_BENCH_GATE_CONFIRM_H
#define TRANSEPT_BENCH_GATE_CONFIRM_H

#include "gate_policy.h"
#include "transept/policy.h"

/**
 * Lets the gate's binaries fight over the rows that are TSP_RULING_WORSE, and prints what comes of each: confirmed, they stay so; refuted, they become
 * TSP_RULING_PASS; else TSP_RULING_DOUBT. Cases that no longer end ok need no confirmation. Returns how many became doubtful; -1 when there was
 * no duel.
 */
int tsp_gate_confirm(const struct tsp_policy_gate *gate, const struct tsp_rule *rule,
                     const struct tsp_comparison *comparison, enum tsp_ruling *rulings,
                     struct tsp_error *error);

#endif
