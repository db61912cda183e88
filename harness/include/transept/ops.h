/* A case's hot function alone: no clock, no counter, no second process. For debuggers, profilers and witnesses of counts. */
#ifndef TRANSEPT_OPS_H
#define TRANSEPT_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "transept/kernel.h"
#include "transept/machine.h"
#include "transept/registry.h"
#include "transept/round.h"

/** What to call, in this order. All of it belongs to the caller. */
struct tsp_ops {
    const uint64_t *
        ops; /* numbers of ops, one a call; multiples of TSP_BATCH_UNIT are what counting uses for batched cases */
    unsigned count;
    /** Afterwards the case's reference, the same numbers; where each op is a call, also an empty body, once. */
    bool reference;

    /** Told before every call what it will be, "op", "reference" or "nothing"; may be NULL. */
    void (*notice)(void *context, const char *what, uint64_t ops);
    void *context;
};

/**
 * Sets the case up as round 0 of a run with that seed does, calls its hot function ops[0], ops[1], … times, checks and tears down, all in
 * the calling process: a kernel that faults takes it along. Where a kernel prepares every op (`before`), a number of ops is as many calls
 * of one op. `round` gets status, reason, the number of ops, and what the kernel reports.
 */
void tsp_ops_run(const struct tsp_ops *ops, const struct tsp_case *tcase, const struct tsp_env *env,
                 uint64_t seed, struct tsp_round *round);

/** Calls body(state, ops) and nothing else: every call above goes through here, so that a tool can be told to look at this
 *  function and what it calls (`callgrind --toggle-collect=tsp_ops_call`, `break tsp_ops_call`). */
void tsp_ops_call(tsp_body *body, void *state, uint64_t ops);

#endif
