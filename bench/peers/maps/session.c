#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tally.h"

/* A turn of a peer: so many pairs at least, in batches of their own, are what one sample is the mean of. */
#define TURN_PAIRS 16384
/* Below so many pairs a turn begins with a batch that is not timed, as the turns of the others left the caches full of other things. Maps with
 * more are beyond the caches that a core has to itself, whoever comes before. */
#define WARM_PAIRS 500000

struct turns {
    const struct cell *cell;
    struct batch *batches; /* the first `warm` of a turn are not timed */
    size_t warm;
    size_t count;
};

int state_find(const char *name, enum state *state) {
    static const char *const names[] = {"growing", "sized", "reused"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (strcmp(name, names[i]) == 0) {
            *state = (enum state)i;
            return 0;
        }
    }
    return -1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

/* Brings what is read into the same caches for all. */
static void touch(const void *block, size_t bytes) {
    const char *byte = block;
    for (size_t i = 0; i < bytes; i += 64) {
        __asm__ volatile("" : : "r"(byte[i]));
    }
}

static void judge(const struct peer *peer, const void *map, const struct batch *batch, uint64_t sum,
                  struct seen *seen) {
    seen->sum += sum;
    if (seen->wrong[0] != '\0') {
        return;
    }
    if (peer->size(map) != batch->different) {
        snprintf(seen->wrong, sizeof seen->wrong, "%zu pairs in the map after a batch with %zu keys",
                 peer->size(map), batch->different);
    } else if (sum != batch->sum) {
        snprintf(seen->wrong, sizeof seen->wrong,
                 "the values have the checksum %016" PRIx64 ", and the last pairs' is %016" PRIx64, sum,
                 batch->sum);
    }
}

/* What a batch took: the sums over a turn. */
struct took {
    double put;
    double lookup;
    uint64_t faults;
    uint64_t allocations;
};

/* The map as the state wants it before a batch: NULL unless it is reused. */
static void *prepared(const struct turns *turns, const struct peer *peer, void *map) {
    if (map == NULL) {
        return NULL;
    }
    if (turns->cell->state == STATE_REUSED) {
        peer->clear(map, turns->cell->n);
        return map;
    }
    peer->free(map);
    return NULL;
}

static void *put_batch(const struct turns *turns, const struct peer *peer, void *map,
                       const struct batch *batch, struct took *took) {
    const size_t hint = peer->floor || turns->cell->state == STATE_SIZED ? batch->n : 0;
    touch(batch->pairs, batch->n * sizeof *batch->pairs);
    const long faults = tally_faults();
    const uint64_t allocations = tally_allocations();
    const double begin = now();
    if (map == NULL) {
        map = peer->make(peer, hint);
    }
    peer->put(map, batch->pairs, batch->n);
    took->put += now() - begin;
    took->allocations += tally_allocations() - allocations;
    took->faults += (uint64_t)(tally_faults() - faults);
    return map;
}

static void look_up(const struct peer *peer, const void *map, const struct batch *batch, struct took *took,
                    struct seen *seen) {
    if (peer->floor) {
        return;
    }
    touch(batch->lookups, batch->n * sizeof *batch->lookups);
    const double begin = now();
    const uint64_t sum = peer->get(map, batch->lookups, batch->n);
    took->lookup += now() - begin;
    judge(peer, map, batch, sum, seen);
}

/* One repetition of one peer. *map is the peer's map of state reused. */
static void take_turn(const struct turns *turns, const struct peer *peer, void **map, unsigned repetition,
                      struct seen *seen) {
    struct took took = {.put = 0};
    for (size_t i = 0; i < turns->count; ++i) {
        struct took untimed = {.put = 0};
        struct took *into = i < turns->warm ? &untimed : &took;
        *map = put_batch(turns, peer, prepared(turns, peer, *map), &turns->batches[i], into);
        look_up(peer, *map, &turns->batches[i], into, seen);
    }
    const size_t timed = turns->count - turns->warm;
    const double pairs = (double)timed * (double)turns->cell->n;
    seen->put[repetition] = took.put / pairs;
    seen->lookup[repetition] = took.lookup / pairs;
    seen->batches += timed;
    seen->faults += took.faults;
    seen->allocations += took.allocations;
}

/* Reused means filled before: the memory is there and was touched. */
static void *filled(const struct peer *peer, const struct batch *batch) {
    void *map = peer->make(peer, batch->n);
    if (!peer->floor) {
        peer->clear(map, batch->n);
    }
    peer->put(map, batch->pairs, batch->n);
    return map;
}

/* SplitMix64 again: an order that the seed draws. */
static void shuffle(size_t *order, size_t count, uint64_t seed) {
    for (size_t i = count; i > 1; --i) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        const size_t other = (size_t)(((peer_hash(seed) >> 32) * i) >> 32);
        const size_t one = order[i - 1];
        order[i - 1] = order[other];
        order[other] = one;
    }
}

static long repeat(const struct turns *turns, const struct peer *peers, size_t *order, size_t count,
                   struct seen *seen) {
    void *maps[PEERS_MOST] = {NULL};
    long huge = -1;
    uint64_t stream = turns->cell->seed;
    for (unsigned repetition = 0; repetition < turns->cell->repetitions; ++repetition) {
        for (size_t i = 0; i < turns->count; ++i) {
            batch_fill(&turns->batches[i], turns->cell->keys, &stream);
        }
        shuffle(order, count, stream);
        for (size_t i = 0; i < count; ++i) {
            const size_t at = order[i];
            if (maps[at] == NULL && turns->cell->state == STATE_REUSED) {
                maps[at] = filled(&peers[at], &turns->batches[0]);
            }
            take_turn(turns, &peers[at], &maps[at], repetition, &seen[at]);
            const long kib = tally_huge_kib();
            huge = kib > huge ? kib : huge;
            if (turns->cell->state != STATE_REUSED) {
                maps[at] = prepared(turns, &peers[at], maps[at]);
            }
        }
    }
    for (size_t i = 0; i < PEERS_MOST; ++i) {
        if (maps[i] != NULL) {
            peers[i].free(maps[i]);
        }
    }
    return huge;
}

long cell_run(const struct cell *cell, const struct peer *peers, const bool *chosen, size_t count,
              struct seen *seen) {
    size_t order[PEERS_MOST];
    size_t ordered = 0;
    for (size_t i = 0; i < count; ++i) {
        if (chosen[i] && peers[i].absent == NULL && (!peers[i].floor || cell->state == STATE_REUSED)) {
            order[ordered++] = i;
        }
    }
    const size_t timed = cell->n < TURN_PAIRS ? (TURN_PAIRS + cell->n - 1) / cell->n : 1;
    struct turns turns = {.cell = cell, .warm = cell->n < WARM_PAIRS ? 1 : 0};
    turns.count = turns.warm + timed;
    turns.batches = calloc(turns.count, sizeof *turns.batches);
    if (turns.batches == NULL) {
        fprintf(stderr, "peers: no memory for %zu batches\n", turns.count);
        exit(1);
    }
    for (size_t i = 0; i < turns.count; ++i) {
        batch_make(&turns.batches[i], cell->n);
    }
    const long huge = repeat(&turns, peers, order, ordered, seen);
    for (size_t i = 0; i < turns.count; ++i) {
        batch_free(&turns.batches[i]);
    }
    free(turns.batches);
    return huge;
}
