/* Did the map keep what was put? */
#include "workload/check.h"

#include <inttypes.h>
#include <string.h>

/* What a walk over the map finds. */
struct walk {
    const struct tsp_crowd *crowd;
    const struct tsp_worker *workers;
    struct tsp_books there;
    uint64_t strangers; /* pairs that no thread can have put */
    uint64_t stray_key;
};

static void visit(void *data, uint64_t key, const void *value) {
    struct walk *walk = data;
    const struct tsp_workload *workload = walk->crowd->workload;
    uint64_t writer = 0;
    bool ours = tsp_pair_read(value, walk->crowd->value_bytes, key, &writer) && key < workload->keys;
    uint64_t thread = writer >> TSP_PAIR_SEQUENCE_BITS;
    uint64_t sequence = writer & ((UINT64_C(1) << TSP_PAIR_SEQUENCE_BITS) - 1);
    if (!ours || thread >= workload->threads || sequence == 0 || sequence > walk->workers[thread].written) {
        walk->stray_key = walk->strangers == 0 ? key : walk->stray_key;
        ++walk->strangers;
    }
    tsp_books_came(&walk->there, key, writer);
}

/* Finds every key that has a pair, as a reader would. */
static uint64_t look_up_all(struct tsp_crowd *crowd, void *value) {
    uint64_t found = 0;
    for (uint64_t key = 0; key < crowd->workload->keys; ++key) {
        found += tsp_shard_map_get(crowd->map, key, value);
    }
    return found;
}

static void fail(struct tsp_pairs_check *check, const char *what, uint64_t count, uint64_t key) {
    (void)snprintf(check->reason, sizeof check->reason, "%s: %" PRIu64 ", the first of key %" PRIu64, what,
                   count, key);
}

/* The first thing that is wrong, the plainest first. */
static void judge(struct tsp_pairs_check *check, const struct tsp_books *books, const struct walk *walk,
                  uint64_t found) {
    uint64_t due = books->came - books->went;
    if (walk->strangers > 0) {
        fail(check, "pairs in the map that were invented or damaged, as no put made them", walk->strangers,
             walk->stray_key);
    } else if (walk->there.came < due) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "pairs lost: %" PRIu64 "; the map has %" PRIu64 " and must have %" PRIu64,
                       due - walk->there.came, walk->there.came, due);
    } else if (walk->there.came > due) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "pairs invented: %" PRIu64 "; the map has %" PRIu64 " and must have %" PRIu64,
                       walk->there.came - due, walk->there.came, due);
    } else if (walk->there.came_sum != books->came_sum - books->went_sum) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "the map's %" PRIu64
                       " pairs are not those that were put last: one was lost and another invented",
                       walk->there.came);
    } else if (found != walk->there.came) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "of %" PRIu64 " pairs in the map a reader finds %" PRIu64, walk->there.came, found);
    }
}

void tsp_pairs_check(struct tsp_crowd *crowd, const struct tsp_worker *workers,
                     struct tsp_pairs_check *check) {
    struct tsp_books books = {.came = 0};
    struct walk walk = {.crowd = crowd, .workers = workers};
    uint64_t misses = 0;
    uint64_t strangers = 0;
    uint64_t stray_key = 0;
    *check = (struct tsp_pairs_check){.passed = false};
    for (uint64_t i = 0; i < crowd->workload->threads; ++i) {
        const struct tsp_worker *worker = &workers[i];
        tsp_books_merge(&books, &worker->books);
        check->reads += worker->reads;
        misses += worker->misses;
        strangers += worker->strangers;
        stray_key = worker->misses + worker->strangers > 0 ? worker->stray_key : stray_key;
    }
    tsp_shard_map_each(crowd->map, visit, &walk);
    if (strangers > 0) {
        fail(check, "operations that found a value which no put made", strangers, stray_key);
    } else if (misses > 0) {
        fail(check, "reads that found no pair where one must be", misses, stray_key);
    } else {
        judge(check, &books, &walk, look_up_all(crowd, workers[0].old));
    }
    check->put = books.came;
    check->replaced = books.went;
    check->pairs = walk.there.came;
    check->passed = check->reason[0] == '\0';
}
