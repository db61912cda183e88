/*
 * Memory handed out from one end to the other, each thread's own. No block is given back by itself: when all is handed out, it begins anew, and
 * whatever was in it is gone. An arena of 64 blocks so has what the others have: the one that is given back is the oldest of 64.
 */
#include "cases.h"

static inline unsigned char *arena_take(struct tsp_alloc_worker *worker, unsigned slot) {
    struct tsp_alloc_store *store = &worker->store;
    (void)slot;
    if (store->next == store->end) {
        store->next = store->memory;
    }
    unsigned char *block = store->next;
    store->next += worker->stride;
    return block;
}

static inline void arena_give(struct tsp_alloc_worker *worker, unsigned char *block) {
    (void)worker;
    (void)block;
}

TSP_ALLOC_MEMBERS(arena, arena_take, arena_give)
TSP_ALLOC_KERNELS("arena", arena, 16, TSP_ALLOC_LIVE, NULL, "an arena, bumped and begun anew",
                  "C: a pointer and an end, each thread's own");
