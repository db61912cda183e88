/*
 * Loads of 2 to 64 bytes at each offset of a 64-byte block and across a page. `latency`: each address comes from the load before,
 * around a ring of blocks. `throughput`: independent loads of one place.
 */
#include "places.h"

#define LATENCY(id, width, after)                                                                            \
    static void id(void *state, uint64_t ops) {                                                              \
        struct places *places = state;                                                                       \
        const char *at = places->at;                                                                         \
        TSP_REPEAT_LONG(ops, at += chase_##width(at); TSP_HIDE(at));                                         \
        after;                                                                                               \
        places->at = at;                                                                                     \
        places->number += (intptr_t)ops;                                                                     \
    }
#define THROUGHPUT(id, width, after)                                                                         \
    static void id(void *state, uint64_t ops) {                                                              \
        struct places *places = state;                                                                       \
        const char *at = places->first;                                                                      \
        TSP_REPEAT_LONG(ops, touch_##width(at));                                                             \
        after;                                                                                               \
        places->number += (intptr_t)ops;                                                                     \
    }
PLACES_BODIES(latency, LATENCY)
PLACES_BODIES(throughput, THROUGHPUT)

/* The numbers that lead from place to place, each as wide as the load will take it for. */
static void link_places(const struct places *places) {
    for (unsigned i = 0; i < places->count; ++i) {
        ptrdiff_t step = i + 1 < places->count ? places->stride : -(ptrdiff_t)i * places->stride;
        access_write(places->first + (ptrdiff_t)i * places->stride, step, places->piece);
    }
}
PLACES_SETUP(setup, ACCESS_LARGEST, link_places)
PLACES_SETUP(setup_avx2, 32, link_places)
PLACES_SETUP(setup_avx512, 64, link_places)

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct places *places = bench->state;
    if (places->number != (intptr_t)ops) {
        return tsp_fail(bench, "%td loads were done, not %td", (ptrdiff_t)places->number, (ptrdiff_t)ops);
    }
    return 0;
}

static int check_chase(struct tsp_bench *bench, uint64_t ops) {
    const struct places *places = bench->state;
    const ptrdiff_t expected = (ptrdiff_t)(ops % places->count) * places->stride;
    if (places->at - places->first != expected) {
        return tsp_fail(bench, "the chase ended at byte %td, not at %td", places->at - places->first,
                        expected);
    }
    return check(bench, ops);
}

PLACES_KERNELS("load", "latency", latency, setup, places_reference, check_chase, ACCESS_LOADS);
PLACES_KERNELS("load", "throughput", throughput, setup, tsp_reference_long, check, ACCESS_LOADS);
