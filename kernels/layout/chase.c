/*
 * The machine's latency ladder: a chase of pointers in random order through as many lines as fit a level of the caches. Each load's
 * address comes from the load before, and no prefetcher can know it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <transept/kernel.h>

/* At the start of each line. */
struct node {
    const struct node *next;
    uint32_t place; /* in the order of the chase, from 0 */
};

struct chase {
    const struct node *at;
    uint32_t count;
};

static void chase(void *state, uint64_t ops) {
    struct chase *chase = state;
    const struct node *at = chase->at;
    TSP_REPEAT_LONG(ops, at = at->next; TSP_HIDE(at));
    chase->at = at;
}

/* One cycle through all lines: they are shuffled (Fisher and Yates), then each points to the next. */
static int link_nodes(struct tsp_bench *bench, char *lines, size_t line, uint32_t count) {
    uint32_t *order = malloc(count * sizeof *order);
    if (order == NULL) {
        return tsp_fail(bench, "no memory for the order of %" PRIu32 " lines", count);
    }
    for (uint32_t i = 0; i < count; ++i) {
        order[i] = i;
    }
    for (uint32_t i = count - 1; i > 0; --i) {
        uint32_t j = (uint32_t)(tsp_random(bench) % (i + 1));
        uint32_t moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
    for (uint32_t i = 0; i < count; ++i) {
        struct node *node = (struct node *)(void *)(lines + order[i] * line);
        node->next = (const struct node *)(const void *)(lines + order[i + 1 < count ? i + 1 : 0] * line);
        node->place = i;
    }
    ((struct chase *)bench->state)->at = (const struct node *)(const void *)(lines + order[0] * line);
    free(order);
    return 0;
}

static int setup_bytes(struct tsp_bench *bench, size_t bytes) {
    const size_t line = tsp_line_bytes(bench) < sizeof(struct node) ? 64 : tsp_line_bytes(bench);
    const size_t count = bytes / line;
    if (count < 2 || count > UINT32_MAX) {
        return tsp_skip(bench, "a working set of %zu lines cannot be chased through", count);
    }
    struct chase *chase = tsp_alloc(bench, sizeof *chase, 64);
    char *lines = chase == NULL ? NULL : tsp_alloc(bench, count * line, line);
    if (lines == NULL) {
        return -1;
    }
    chase->count = (uint32_t)count;
    bench->state = chase;
    return link_nodes(bench, lines, line, chase->count);
}

static int setup(struct tsp_bench *bench) {
    return setup_bytes(bench, tsp_ws_bytes(bench));
}

static int setup_ladder(struct tsp_bench *bench) {
    return setup_bytes(bench, (size_t)tsp_param_int(bench, "kib") * 1024);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct chase *chase = bench->state;
    uint32_t expected = (uint32_t)(ops % chase->count);
    if (chase->at->place != expected) {
        return tsp_fail(bench, "the chase ended at place %" PRIu32 " of its way, not at %" PRIu32,
                        chase->at->place, expected);
    }
    return 0;
}

/* What measure.md allows a DRAM working set, and the order of its lines. */
#define MEMORY ((UINT64_C(1) << 30) + (UINT64_C(1) << 27))

TSP_KERNEL(.family = "layout", .kernel = "chase", .variant = "random",
           .summary = "latency of a load, by the level of the caches", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = chase, .reference = tsp_reference_long, .setup = setup, .check = check,
           .memory_bytes = MEMORY, .implementation = "dependent loads");

/* Two steps an octave, so that the levels are found where they are and not where hwloc says. */
TSP_KERNEL(.family = "layout", .kernel = "chase", .variant = "ladder",
           .summary = "latency of a load, by the size of what is read",
           .params = {{"kib",
                       "4,6,8,12,16,24,32,48,64,96,128,192,256,384,512,768,1024,1536,2048,3072,4096,6144,"
                       "8192,12288,16384,24576,32768,49152,65536,98304,131072,196608,262144"}},
           .run = chase, .reference = tsp_reference_long, .setup = setup_ladder, .check = check,
           .memory_bytes = MEMORY, .implementation = "dependent loads");
