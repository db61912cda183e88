/*
 * Stores of 2 to 64 bytes at each offset of a 64-byte block and across a page. `throughput`: independent stores to one place.
 * `latency`: the way through memory and back, for a store has no other end that a program could wait for: each number stored comes
 * from a load of what the store before left there.
 */
#include "places.h"

/* Both this and its reference add a constant, which recent cores fold: with a register's addition of a cycle each, of which a core can do two stores
 * meanwhile, the case would take no longer than the reference. */
#define THROUGHPUT(id, width, after)                                                                         \
    static void id(void *state, uint64_t ops) {                                                              \
        struct places *places = state;                                                                       \
        char *at = places->first;                                                                            \
        intptr_t number = places->number;                                                                    \
        TSP_REPEAT_LONG(ops, number += 1; TSP_HIDE(number); put_##width(at, number));                        \
        after;                                                                                               \
        places->number = number;                                                                             \
    }
static void throughput_reference(void *state, uint64_t ops) {
    (void)state;
    intptr_t number = 0;
    TSP_REPEAT_LONG(ops, number += 1; TSP_HIDE(number));
}

/* The first load finds what the last store of the call before left. Its address comes from memory of its own, into a register that is no copy of the
 * store's: where both are the same one, some cores take the number from there and never ask memory. */
#define LATENCY(id, width, after)                                                                            \
    static void id(void *state, uint64_t ops) {                                                              \
        struct places *places = state;                                                                       \
        char *at = places->first;                                                                            \
        const char *from = places->at;                                                                       \
        intptr_t number = chase_##width(from);                                                               \
        intptr_t step = 1;                                                                                   \
        TSP_HIDE(step);                                                                                      \
        TSP_REPEAT_LONG(ops, number += step; TSP_HIDE(number); put_##width(at, number);                      \
                        number = chase_##width(from));                                                       \
        after;                                                                                               \
        places->number += (intptr_t)ops;                                                                     \
    }
PLACES_BODIES(latency, LATENCY)
PLACES_BODIES(throughput, THROUGHPUT)

/* The case stays in one place. */
static void stay(const struct places *places) {
    (void)places;
}
PLACES_SETUP(setup, ACCESS_LARGEST, stay)
PLACES_SETUP(setup_avx2, 32, stay)
PLACES_SETUP(setup_avx512, 64, stay)

/* Each piece begins with the number of the last op, and the bytes around the access are as they were. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct places *places = bench->state;
    char expected[sizeof(intptr_t)];
    access_write(expected, (intptr_t)ops, places->piece);
    const intptr_t last = access_number(expected, places->piece);
    if (places->number != (intptr_t)ops) {
        return tsp_fail(bench, "%td stores were done, not %td", (ptrdiff_t)places->number, (ptrdiff_t)ops);
    }
    for (size_t at = 0; at < places->width && ops != 0; at += places->piece) {
        const intptr_t found = access_number(places->first + at, places->piece);
        if (found != last) {
            return tsp_fail(bench, "%td stands at byte %zu, not %td", (ptrdiff_t)found, at, (ptrdiff_t)last);
        }
    }
    if (places->first[-1] != 0 || places->first[places->width] != 0) {
        return tsp_fail(bench, "a store of %zu bytes wrote beside its place", places->width);
    }
    return 0;
}

PLACES_KERNELS("store", "latency", latency, setup, places_reference, check, ACCESS_STORES);
PLACES_KERNELS("store", "throughput", throughput, setup, throughput_reference, check, ACCESS_STORES);
