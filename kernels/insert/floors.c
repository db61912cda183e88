/*
 * What batches of pairs cost at least: the pairs moved as they are, and one pair after the other written to a random slot of a table of
 * that size, whose lines are asked for in advance. (Beyond the caches a map that partitions may beat the second.)
 */
#include <inttypes.h>
#include <string.h>

#include <transept/kernel.h>

#include "cases.h"
#include "keys.h"

#define AHEAD 32         /* pairs between asking for a line and writing to it */
#define PAGE  4096       /* libc's copies may go by where in one they begin: it shall be the same each time */
#define SEEN  UINT64_MAX /* no pair's value; nor is 0 */

struct floors {
    struct tsp_pair *pairs;
    struct tsp_pair *table; /* a slot a pair */
    size_t n;
    uint64_t stream;
    uint64_t begin; /* where the stream began */
    uint64_t done;
};

/* The keys are random: their upper halves are as good as a hash. */
static inline size_t slot_of(const struct floors *floors, size_t i) {
    return (size_t)(((floors->pairs[i].key >> 32) * floors->n) >> 32);
}

static void copy(void *state, uint64_t ops) {
    struct floors *floors = state;
    for (uint64_t i = 0; i < ops; ++i) {
        memcpy(floors->table, floors->pairs, floors->n * sizeof *floors->pairs);
        TSP_CLOBBER();
    }
    floors->done += ops;
}

static void scatter(void *state, uint64_t ops) {
    struct floors *floors = state;
    for (uint64_t op = 0; op < ops; ++op) {
        for (size_t i = 0; i < floors->n; ++i) {
            if (i + AHEAD < floors->n) {
                __builtin_prefetch(&floors->table[slot_of(floors, i + AHEAD)], 1);
            }
            floors->table[slot_of(floors, i)] = floors->pairs[i];
        }
        TSP_CLOBBER();
    }
    floors->done += ops;
}

/* Other pairs for each op, written just before it, as a map gets them. */
static void before(struct tsp_bench *bench) {
    struct floors *floors = bench->state;
    (void)tsp_keys_fill(floors->pairs, floors->n, TSP_KEYS_RANDOM, &floors->stream, 1);
}

static void rewind_stream(struct tsp_bench *bench) {
    struct floors *floors = bench->state;
    floors->stream = floors->begin;
}

static int setup(struct tsp_bench *bench) {
    struct floors *floors = tsp_alloc(bench, sizeof *floors, 64);
    if (floors == NULL) {
        return -1;
    }
    const size_t n = (size_t)tsp_param_int(bench, "n");
    *floors = (struct floors){.n = n};
    floors->pairs = tsp_alloc(bench, n * sizeof *floors->pairs, PAGE);
    floors->table = floors->pairs == NULL ? NULL : tsp_alloc(bench, n * sizeof *floors->table, PAGE);
    if (floors->table == NULL) {
        return -1;
    }
    memset(floors->table, 0, n * sizeof *floors->table); /* nobody pays here for memory never touched */
    floors->begin = tsp_random(bench);
    floors->stream = floors->begin;
    bench->state = floors;
    bench->items = n;
    bench->item_unit = "pair";
    return 0;
}

static int check_done(struct tsp_bench *bench, uint64_t ops) {
    const struct floors *floors = bench->state;
    if (floors->done != ops) {
        return tsp_fail(bench, "%" PRIu64 " batches were moved, not %" PRIu64, floors->done, ops);
    }
    return 0;
}

static int check_copy(struct tsp_bench *bench, uint64_t ops) {
    const struct floors *floors = bench->state;
    if (ops != 0 && memcmp(floors->table, floors->pairs, floors->n * sizeof *floors->pairs) != 0) {
        return tsp_fail(bench, "the copy differs from the pairs");
    }
    return check_done(bench, ops);
}

/* The last pair of a slot is there: from the end on, the first one that comes to it. */
static int check_scatter(struct tsp_bench *bench, uint64_t ops) {
    const struct floors *floors = bench->state;
    for (size_t i = floors->n; ops != 0 && i-- > 0;) {
        struct tsp_pair *slot = &floors->table[slot_of(floors, i)];
        if (slot->value != SEEN && (slot->value == 0 || slot->key != floors->pairs[i].key)) {
            return tsp_fail(bench, "the slot of pair %zu does not hold the last pair that came to it", i);
        }
        slot->value = SEEN;
    }
    return check_done(bench, ops);
}

#define FLOOR(name, body, verify, text)                                                                      \
    TSP_KERNEL(.family = "insert", .kernel = name, .variant = "pairs", .summary = text,                      \
               .params = {{"n", TSP_INSERT_SIZES}}, .mode = TSP_MODE_PER_OP, .run = body, .setup = setup,    \
               .before = before, .rewind = rewind_stream, .check = verify, .memory_bytes = TSP_INSERT_BYTES)
FLOOR("copy-floor", copy, check_copy, "the pairs of a batch moved as they are");
FLOOR("scatter-floor", scatter, check_scatter,
      "each pair of a batch written to a random slot of a table of its size");
