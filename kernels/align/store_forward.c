/*
 * A store, and a load that wants its bytes before they are in the cache: by the widths of both, by where the store lies, and by how many
 * bytes after the store's beginning the load begins. Where the store holds all that is loaded, cores pass it on; else the load waits
 * until the store is done. The next store waits for the load: its number has the loaded one added, as 0.
 */
#include "accesses.h"

#define BLOCK 64

struct forward {
    char *to;
    const char *from;
    intptr_t number; /* ops done */
    intptr_t loaded; /* what the last op loaded, all of its pieces */
    intptr_t nothing;
};

/* What is kept of the loaded number: nothing, but neither compiler nor core knows. */
#define FORWARD(id, stored, loads)                                                                           \
    static void id(void *state, uint64_t ops) {                                                              \
        struct forward *forward = state;                                                                     \
        char *to = forward->to;                                                                              \
        const char *from = forward->from;                                                                    \
        const intptr_t nothing = forward->nothing;                                                           \
        intptr_t number = forward->number;                                                                   \
        intptr_t loaded = 0;                                                                                 \
        TSP_REPEAT(ops, put_##stored(to, ++number); loaded = chase_##loads(from);                            \
                   number += loaded & nothing; TSP_HIDE(number));                                            \
        forward->number = number;                                                                            \
        forward->loaded = loaded;                                                                            \
    }
#define WIDTHS               "2-2,4-4,8-8,16-16,4-2,8-2,8-4,16-8,2-4,4-8,8-16"
#define PAIRS(x)             x(2, 2) x(4, 4) x(8, 8) x(16, 16) x(4, 2) x(8, 2) x(8, 4) x(16, 8) x(2, 4) x(4, 8) x(8, 16)
#define BODY(stored, loads)  FORWARD(forward_##stored##_##loads, stored, loads)
#define ENTRY(stored, loads) forward_##stored##_##loads,
PAIRS(BODY)
static tsp_body *const bodies[] = {PAIRS(ENTRY)};

/* The same dependences without memory between them. */
static void reference(void *state, uint64_t ops) {
    const intptr_t nothing = ((struct forward *)state)->nothing;
    intptr_t number = 0;
    TSP_REPEAT(ops, ++number; TSP_HIDE(number); intptr_t loaded = number; TSP_HIDE(loaded);
               number += loaded & nothing; TSP_HIDE(number));
}

/* "8-4": bytes stored and bytes loaded. */
static void widths(const struct tsp_bench *bench, size_t *stored, size_t *loaded) {
    static const struct {
        const char *text;
        size_t stored, loaded;
    } known[] = {
#define ROW(stored, loads) {#stored "-" #loads, stored, loads},
        PAIRS(ROW)};
    const char *text = tsp_param_text(bench, "widths");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        if (strcmp(text, known[i].text) == 0) {
            *stored = known[i].stored;
            *loaded = known[i].loaded;
        }
    }
}

static const char *unfit(const struct tsp_bench *bench) {
    size_t stored = 0;
    size_t loaded = 0;
    widths(bench, &stored, &loaded);
    const ptrdiff_t shift = (ptrdiff_t)tsp_param_int(bench, "shift");
    return shift >= (ptrdiff_t)stored || -shift >= (ptrdiff_t)loaded ? "the load has no byte of the store"
                                                                     : NULL;
}

static int setup(struct tsp_bench *bench) {
    const int across_page = strcmp(tsp_param_text(bench, "store"), "page") == 0;
    const size_t page = tsp_page_bytes(bench);
    struct forward *forward = tsp_alloc(bench, sizeof *forward, BLOCK);
    char *memory = forward == NULL ? NULL : tsp_alloc(bench, 2 * page, page);
    if (memory == NULL) {
        return -1;
    }
    /* One byte before the next page, or in the last but one block of 64 bytes, which may be crossed. */
    forward->to =
        memory + page - (across_page ? 1 : (ptrdiff_t)2 * BLOCK - (ptrdiff_t)tsp_param_int(bench, "store"));
    forward->from = forward->to + (ptrdiff_t)tsp_param_int(bench, "shift");
    bench->state = forward;
    return 0;
}

/* The number of ops came through the chain, stands where it was stored, and the last load found what stands at its place. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct forward *forward = bench->state;
    size_t stored = 0;
    size_t loaded = 0;
    char expected[sizeof(intptr_t)];
    widths(bench, &stored, &loaded);
    stored = stored < ACCESS_LARGEST ? stored : ACCESS_LARGEST;
    access_write(expected, (intptr_t)ops, stored);
    if (forward->number != (intptr_t)ops) {
        return tsp_fail(bench, "%td numbers were passed on, not %td", (ptrdiff_t)forward->number,
                        (ptrdiff_t)ops);
    }
    if (access_number(forward->to, stored) != access_number(expected, stored)) {
        return tsp_fail(bench, "%td was stored, not %td", (ptrdiff_t)access_number(forward->to, stored),
                        (ptrdiff_t)ops);
    }
    intptr_t last = 0;
    for (size_t at = 0; at < loaded; at += loaded < ACCESS_LARGEST ? loaded : ACCESS_LARGEST) {
        last |= access_number(forward->from + at, loaded < ACCESS_LARGEST ? loaded : ACCESS_LARGEST);
    }
    if (ops != 0 && forward->loaded != last) {
        return tsp_fail(bench, "the last load brought %td, not %td", (ptrdiff_t)forward->loaded,
                        (ptrdiff_t)last);
    }
    return 0;
}

TSP_KERNEL(.family = "align", .kernel = "store-forward", .variant = "latency",
           .summary = "a store and a load of its bytes, by their widths and places",
           .params = {{"widths", WIDTHS}, {"store", "0,1,4,60,63,page"}, {"shift", "-4,-1,0,1,4"}},
           .runs = bodies, .reference = reference, .unfit = unfit, .setup = setup, .check = check,
           .implementation = ACCESS_STORES "; " ACCESS_LOADS);
