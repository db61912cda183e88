#include "cases.h"

#include <inttypes.h>
#include <string.h>

enum state { FRESH, SIZED, REUSED };

/* What the map takes from libc, counted. */
struct tally {
    uint64_t allocations;
    uint64_t bytes;
};

struct insert {
    const struct tsp_map_kind *kind;
    struct tsp_map_memory memory;
    struct tally tally;
    struct tsp_map *map; /* NULL before an op that makes it */
    enum state state;
    enum tsp_map_status status; /* of the first op that went wrong */
    enum tsp_keys keys;
    void *pairs; /* the batch of the next op, or of the one just done */
    char *texts; /* of its keys, where they are strings */
    size_t n;
    size_t different; /* keys in the batch */
    uint64_t seed;    /* of the map's hash */
    uint64_t stream;  /* of the keys */
    uint64_t begin;   /* where the stream began */
    uint64_t first;   /* the first value of the batch; no two batches share one */
    uint64_t ops;
};

static void *take(void *context, size_t bytes, size_t align) {
    struct tally *tally = context;
    tally->allocations += 1;
    tally->bytes += bytes;
    return tsp_map_libc.take(NULL, bytes, align);
}

static void give(void *context, void *block, size_t bytes) {
    (void)context;
    tsp_map_libc.give(NULL, block, bytes);
}

static enum tsp_map_status put_batch(struct insert *insert) {
    enum tsp_map_status status = TSP_MAP_OK;
    if (insert->map == NULL) {
        const size_t hint = insert->state == SIZED ? insert->n : 0;
        status = tsp_map_create(&insert->map, insert->kind, &insert->memory, insert->seed, hint);
    }
    return status == TSP_MAP_OK ? tsp_map_put(insert->map, insert->pairs, insert->n) : status;
}

enum tsp_pairing tsp_insert_pairing(const struct tsp_bench *bench) {
    const char *pair = tsp_param_text(bench, "pair");
    return strcmp(pair, "u64-u64") == 0 ? TSP_PAIR_U64
           : strcmp(pair, "16-16") == 0 ? TSP_PAIR_16
                                        : TSP_PAIR_STR;
}

/* Another batch, and the map as the state wants it. The pairs were just written: all ways of putting them find them in the same caches. */
static void prepare(struct insert *insert) {
    insert->first += insert->n;
    insert->different = tsp_keys_fill(insert->pairs, insert->n, insert->keys, &insert->stream, insert->first);
    tsp_keys_turn(insert->pairs, insert->n, insert->kind->pair, insert->texts);
    if (insert->state == REUSED) {
        tsp_map_clear(insert->map);
    } else {
        tsp_map_free(insert->map);
        insert->map = NULL;
    }
}

const char *tsp_insert_unfit(const struct tsp_bench *bench) {
    const int64_t n = tsp_param_int(bench, "n");
    const bool plain = strcmp(tsp_param_text(bench, "keys"), "random") == 0 &&
                       strcmp(tsp_param_text(bench, "state"), "fresh") != 0;
    if (tsp_insert_pairing(bench) != TSP_PAIR_U64 && n != 1000 && n != 100000) {
        return "pairs other than u64-u64 are put by 1,000, within the caches, and by 100,000";
    }
    return n <= 1000000 || plain ? NULL
                                 : "ten million pairs are put with random keys only, and where there is room";
}

/* The harness runs one op after each `before`. Whoever runs more gets the same done in between, within what is timed. */
void tsp_insert_run(void *state, uint64_t ops) {
    struct insert *insert = state;
    for (uint64_t i = 0; i < ops; ++i) {
        if (i != 0) {
            prepare(insert);
        }
        enum tsp_map_status status = put_batch(insert);
        insert->status = insert->status == TSP_MAP_OK ? status : insert->status;
        insert->ops += 1;
    }
}

void tsp_insert_before(struct tsp_bench *bench) {
    prepare(bench->state);
}

/* The number in the batch of the pair that a key's value came with. */
static uint64_t origin_of(const struct insert *insert, const struct tsp_words *value) {
    if (insert->kind->pair == TSP_PAIR_16 && value->second != ~value->first) {
        return UINT64_MAX; /* no pair came with both halves */
    }
    return value->first - insert->first;
}

/* Pair i came with value first + i. A key's value leads to the pair that it was put with: it must be of this key, and none after it. */
static int check_pairs(struct tsp_bench *bench, const struct insert *insert) {
    const enum tsp_pairing as = insert->kind->pair;
    size_t last_ones = 0;
    for (size_t i = 0; i < insert->n; ++i) {
        struct tsp_words value = {.first = 0};
        const void *key = tsp_pair_in(as, insert->pairs, i);
        if (!tsp_map_find(insert->map, key, &value)) {
            return tsp_fail(bench, "the key of pair %zu of %zu is not in the map", i, insert->n);
        }
        const uint64_t from = origin_of(insert, &value);
        if (from < i || from >= insert->n ||
            !tsp_keys_equal(as, tsp_pair_in(as, insert->pairs, (size_t)from), key)) {
            return tsp_fail(bench,
                            "the key of pair %zu of %zu has the value %" PRIu64
                            ", which is not that of its last pair",
                            i, insert->n, value.first);
        }
        last_ones += from == i;
    }
    if (last_ones != insert->different || tsp_map_count(insert->map) != insert->different) {
        return tsp_fail(bench, "the map holds %zu pairs, and the batch had %zu keys, not %zu",
                        tsp_map_count(insert->map), last_ones, insert->different);
    }
    return 0;
}

static int check_status(struct tsp_bench *bench, const struct insert *insert) {
    if (insert->status != TSP_MAP_OK) {
        return tsp_fail(bench, "%s (%zu pairs)", tsp_map_status_text(insert->status), insert->n);
    }
    return 0;
}

int tsp_insert_check(struct tsp_bench *bench, uint64_t ops) {
    const struct insert *insert = bench->state;
    if (check_status(bench, insert) != 0) {
        return -1;
    }
    if (insert->ops != ops) {
        return tsp_fail(bench, "%" PRIu64 " batches were put, not %" PRIu64, insert->ops, ops);
    }
    if (insert->state == REUSED && insert->tally.allocations != 0) {
        return tsp_fail(bench, "%" PRIu64 " allocations in a map that had room", insert->tally.allocations);
    }
    return check_pairs(bench, insert);
}

void tsp_insert_teardown(struct tsp_bench *bench) {
    struct insert *insert = bench->state;
    tsp_map_free(insert->map);
    insert->map = NULL;
}

static enum state state_of(const char *name) {
    return strcmp(name, "fresh") == 0 ? FRESH : strcmp(name, "sized") == 0 ? SIZED : REUSED;
}

/* Without a map or, for state reused, with one that has room; nothing allocated yet. */
static int begin(struct tsp_bench *bench, struct insert *insert, uint64_t stream, uint64_t seed) {
    insert->stream = stream;
    insert->begin = stream;
    insert->seed = seed;
    tsp_map_free(insert->map);
    insert->map = NULL;
    if (insert->state == REUSED) {
        insert->status = tsp_map_create(&insert->map, insert->kind, &insert->memory, insert->seed, insert->n);
        if (insert->status == TSP_MAP_OK) {
            insert->status = tsp_map_reserve(insert->map, insert->n);
        }
    }
    insert->tally = (struct tally){.allocations = 0};
    return check_status(bench, insert);
}

/* The first batch's keys come again. Should the map not be had, check will say so. */
void tsp_insert_rewind(struct tsp_bench *bench) {
    struct insert *insert = bench->state;
    if (insert->status == TSP_MAP_OK) {
        (void)begin(bench, insert, insert->begin, insert->seed);
    }
}

/* The same batch into the same hash whatever the round and the seed: what it allocates is a property of the case. */
static int report(struct tsp_bench *bench, struct insert *insert) {
    if (begin(bench, insert, 0, 0) != 0) {
        return -1;
    }
    prepare(insert);
    insert->status = put_batch(insert);
    if (check_status(bench, insert) != 0 || check_pairs(bench, insert) != 0) {
        return -1;
    }
    tsp_report(bench, "allocations", "allocations/op", (double)insert->tally.allocations);
    tsp_report(bench, "allocated_bytes", "B/op", (double)insert->tally.bytes);
    return 0;
}

/* Memory for the batches of a case. Returns -1 when there is none. */
static int take_batch(struct tsp_bench *bench, struct insert *insert) {
    const enum tsp_pairing as = insert->kind->pair;
    insert->pairs = tsp_alloc(bench, insert->n * tsp_pair_bytes(as), 64);
    if (insert->pairs != NULL && as == TSP_PAIR_STR) {
        insert->texts = tsp_alloc(bench, insert->n * TSP_KEYS_TEXT, 64);
    }
    return insert->pairs == NULL || (as == TSP_PAIR_STR && insert->texts == NULL) ? -1 : 0;
}

int tsp_insert_setup(struct tsp_bench *bench, const struct tsp_map_kind *kind) {
    struct insert *insert = tsp_alloc(bench, sizeof *insert, 64);
    const size_t n = (size_t)tsp_param_int(bench, "n");
    if (insert == NULL) {
        return -1;
    }
    *insert = (struct insert){.kind = kind,
                              .memory = {.take = take, .give = give, .context = &insert->tally},
                              .state = state_of(tsp_param_text(bench, "state")),
                              .n = n};
    const char *keys = tsp_param_text(bench, "keys");
    if (kind == NULL || tsp_keys_find(keys, &insert->keys) != 0) {
        return tsp_fail(bench, "there is no such map on this ISA, or no distribution of keys called '%s'",
                        keys);
    }
    if (take_batch(bench, insert) != 0) {
        return -1;
    }
    bench->state = insert;
    if (insert->state != REUSED) {
        /* Each round's process has the heap that its parent had then: which free block fits, and where it lies, is not the case's to say. */
        tsp_counts_vary(bench);
    }
    bench->items = n;
    bench->item_unit = "pair";
    /* After the report each round has its own keys and its own hash, as any program has. */
    const uint64_t stream = tsp_random(bench);
    const uint64_t seed = tsp_random(bench);
    if (report(bench, insert) != 0 || begin(bench, insert, stream, seed) != 0) {
        tsp_insert_teardown(bench);
        return -1;
    }
    return 0;
}
