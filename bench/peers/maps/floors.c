/* What no map can do without: moving the pairs, in order and to random places. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

#define AHEAD 16 /* pairs between the prefetch of a place and the store */

/* Places for n pairs. */
struct places {
    size_t n;
    struct peer_pair *pairs;
};

static void *make(const struct peer *peer, size_t hint) {
    (void)peer;
    struct places *places = malloc(sizeof *places);
    struct peer_pair *pairs = calloc(hint, sizeof *pairs);
    if (places == NULL || pairs == NULL) {
        fprintf(stderr, "peers: no memory for %zu pairs\n", hint);
        exit(1);
    }
    *places = (struct places){.n = hint, .pairs = pairs};
    return places;
}

static void copy(void *map, const void *pairs, size_t n) {
    const struct places *places = map;
    memcpy(places->pairs, pairs, n * sizeof *places->pairs);
    __asm__ volatile("" : : "r"(places->pairs) : "memory");
}

static struct peer_pair *place(const struct places *places, uint64_t key) {
    return &places->pairs[((peer_hash(key) >> 32) * places->n) >> 32];
}

static void scatter(void *map, const void *pairs, size_t n) {
    const struct places *places = map;
    const struct peer_pair *in = pairs;
    for (size_t i = 0; i < n; ++i) {
        if (i + AHEAD < n) {
            __builtin_prefetch(place(places, in[i + AHEAD].key), 1);
        }
        *place(places, in[i].key) = in[i];
    }
    __asm__ volatile("" : : "r"(places->pairs) : "memory");
}

static void clear(void *map, size_t n) {
    (void)map;
    (void)n;
}

static void end(void *map) {
    struct places *places = map;
    free(places->pairs);
    free(places);
}

#define FLOOR(id, what)                                                                                      \
    const struct peer peer_##id = {.name = #id,                                                              \
                                   .version = (what),                                                        \
                                   .hash = "",                                                               \
                                   .reused = "",                                                             \
                                   .floor = true,                                                            \
                                   .make = make,                                                             \
                                   .put = id,                                                                \
                                   .clear = clear,                                                           \
                                   .free = end}

FLOOR(copy, "memcpy of the pairs");
FLOOR(scatter, "each pair to a random one of n places, prefetched");
