/* An atomic load in each order: its latency, by a chase around a ring in the L1, so that nothing can hide what the order adds. */
#include <stdatomic.h>
#include <stddef.h>

#include <transept/kernel.h>

#include "orders.h"

/* A prime: where the chase ends tells how many loads were done. */
#define NODES 61

struct node {
    _Atomic(struct node *) next;
};

struct ring {
    struct node nodes[NODES];
    struct node *at;
};

#define BODY(id, load)                                                                                       \
    static void id(void *state, uint64_t ops) {                                                              \
        struct ring *ring = state;                                                                           \
        struct node *at = ring->at;                                                                          \
        TSP_REPEAT_LONG(ops, load);                                                                          \
        ring->at = at;                                                                                       \
    }

static int setup(struct tsp_bench *bench) {
    struct ring *ring = tsp_alloc(bench, sizeof *ring, 64);
    if (ring == NULL) {
        return -1;
    }
    for (unsigned i = 0; i < NODES; ++i) {
        atomic_init(&ring->nodes[i].next, &ring->nodes[(i + 1) % NODES]);
    }
    ring->at = ring->nodes;
    bench->state = ring;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct ring *ring = bench->state;
    ptrdiff_t expected = (ptrdiff_t)(ops % NODES);
    ptrdiff_t at = ring->at - ring->nodes;
    return at == expected ? 0 : tsp_fail(bench, "the chase ended at node %td, not at %td", at, expected);
}

#define LOAD_KERNEL(name, body, what, instruction)                                                           \
    TSP_KERNEL(.family = "barrier", .kernel = "load", .variant = name,                                       \
               .summary = "latency of a load, " name, .needs = what, .run = body,                            \
               .reference = tsp_reference_long, .setup = setup, .check = check,                              \
               .implementation = instruction);

#define C11(order, name)                                                                                     \
    BODY(load_##order, at = atomic_load_explicit(&at->next, memory_order_##order))                           \
    LOAD_KERNEL(name, load_##order, 0, ORDERS_C11)
ORDERS_LOAD(C11)

/* The weaker acquire of ARMv8.3, which later loads may pass if they follow a release store: what newer compilers use. */
#if defined(TSP_ISA_ARM64)
BODY(ldapr, __asm__ volatile(".arch_extension rcpc\n\tldapr %0, [%1]" : "=r"(at) : "r"(&at->next) : "memory"))
#endif
LOAD_KERNEL("ldapr", TSP_ON_ARM64(ldapr), TSP_NEEDS_ARM64 | TSP_NEEDS_RCPC, "ldapr")
