/* An atomic store in each order, one after the other to the same word in the L1. */
#include <stdatomic.h>

#include <transept/kernel.h>

#include "orders.h"

struct cell {
    atomic_ulong word; /* the number of the last op, from 1 */
};

#define BODY(id, store)                                                                                      \
    static void id(void *state, uint64_t ops) {                                                              \
        atomic_ulong *word = &((struct cell *)state)->word;                                                  \
        unsigned long number = atomic_load_explicit(word, memory_order_relaxed);                             \
        TSP_REPEAT_LONG(ops, number += 1; TSP_HIDE(number); store);                                          \
    }

/* The counting alone. */
static void reference(void *state, uint64_t ops) {
    (void)state;
    unsigned long number = 0;
    TSP_REPEAT_LONG(ops, number += 1; TSP_HIDE(number));
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct cell), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long stored = atomic_load(&((struct cell *)bench->state)->word);
    return stored == (unsigned long)ops
               ? 0
               : tsp_fail(bench, "the word holds %lu, not %lu", stored, (unsigned long)ops);
}

#define STORE_KERNEL(name, body, what, instruction)                                                          \
    TSP_KERNEL(.family = "barrier", .kernel = "store", .variant = name, .summary = "a store, " name,         \
               .needs = what, .run = body, .reference = reference, .setup = setup, .check = check,           \
               .implementation = instruction);

#define C11(order, name)                                                                                     \
    BODY(store_##order, atomic_store_explicit(word, number, memory_order_##order))                           \
    STORE_KERNEL(name, store_##order, 0, ORDERS_C11)
ORDERS_STORE(C11)

/* The two ways to a sequentially consistent store on x86_64; compilers have changed from the second to the first. */
#if defined(TSP_ISA_X86_64)
BODY(xchg, unsigned long old = number; __asm__ volatile("xchgq %0, %1" : "+r"(old), "+m"(*word) : : "memory"))
BODY(mov_mfence, __asm__ volatile("movq %1, %0\n\tmfence" : "=m"(*word) : "r"(number) : "memory"))
#endif
STORE_KERNEL("xchg", TSP_ON_X86_64(xchg), TSP_NEEDS_X86_64, "xchg")
STORE_KERNEL("mov-mfence", TSP_ON_X86_64(mov_mfence), TSP_NEEDS_X86_64, "mov; mfence")
