/* Blocks of one size, each thread's own: what is given back goes onto a list and is the next to be taken. */
#include "cases.h"

/* The list first; where it is empty, memory that was never handed out. */
static inline unsigned char *pool_take(struct tsp_alloc_worker *worker, unsigned slot) {
    struct tsp_alloc_store *store = &worker->store;
    unsigned char *block = store->free;
    (void)slot;
    if (block != NULL) {
        store->free = *(void **)(void *)block;
    } else if (store->next != store->end) {
        block = store->next;
        store->next += worker->stride;
    }
    return block;
}

static inline void pool_give(struct tsp_alloc_worker *worker, unsigned char *block) {
    *(void **)(void *)block = worker->store.free;
    worker->store.free = block;
}

TSP_ALLOC_MEMBERS(pool, pool_take, pool_give)
TSP_ALLOC_KERNELS("pool", pool, 16, TSP_ALLOC_LIVE, NULL, "a free list of one size",
                  "C: a list, each thread's own");
