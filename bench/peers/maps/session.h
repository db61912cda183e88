/* One cell of the session: all peers on the same batches, by turns, in an order drawn anew for each repetition. */
#ifndef PEERS_SESSION_H
#define PEERS_SESSION_H

#include "batch.h"
#include "peer.h"

/** What the map is like when a batch comes: none yet, none yet but its size is known, or one that was filled and then emptied. */
enum state { STATE_GROWING, STATE_SIZED, STATE_REUSED };

/** -1: there is no state of that name. */
int state_find(const char *name, enum state *state);

struct cell {
    size_t n; /* pairs of a batch */
    enum keys keys;
    enum state state;
    unsigned repetitions;
    uint64_t seed;
};

/** What was seen of a peer: `repetitions` of each figure. Faults and allocations are those while pairs were put. */
struct seen {
    double *put;    /* ns a pair */
    double *lookup; /* ns a key */
    uint64_t batches;
    uint64_t sum; /* of all checksums, untimed batches' too: the same for all peers of a cell */
    uint64_t faults;
    uint64_t allocations;
    char wrong[160]; /* why the map was not what it should be; empty: it was */
};

/**
 * Runs the cell over the peers that are not absent and have their `chosen` set. seen[i] is peer i's; its arrays have room for the repetitions.
 * Returns how many KiB of the process were in huge pages when they were the most; -1: the kernel does not say.
 */
long cell_run(const struct cell *cell, const struct peer *peers, const bool *chosen, size_t count,
              struct seen *seen);

#endif
