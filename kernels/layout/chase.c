/*
 * The machine's latency ladder: a chase of pointers in random order through as many lines as fit a level of the caches. Each load's
 * address comes from the load before, and no prefetcher can know it.
 */
#include <inttypes.h>

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

/*
 * A permutation of the numbers below `count` that needs no table: on words of as many bits as those take, rounds of an odd factor and of the
 * upper half's bits brought down (as MurmurHash3's finalizer has them), with factors drawn at random. Each step can be undone. A word
 * that is no number below `count` is sent round once more, until it is one: that can be undone too.
 */
#define ROUNDS 3

struct shuffle {
    uint32_t count;
    uint32_t mask;
    unsigned shift; /* at least half the bits: done twice it is undone */
    uint32_t start;
    uint32_t factor[ROUNDS];
    uint32_t inverse[ROUNDS];
};

static void shuffle_make(struct shuffle *shuffle, struct tsp_bench *bench, uint32_t count) {
    unsigned bits = 1;
    while ((count - 1) >> bits != 0) {
        bits += 1;
    }
    shuffle->count = count;
    shuffle->mask = UINT32_MAX >> (32 - bits);
    shuffle->shift = (bits + 1) / 2;
    shuffle->start = (uint32_t)tsp_random(bench);
    for (unsigned i = 0; i < ROUNDS; ++i) {
        uint32_t factor = (uint32_t)tsp_random(bench) | 1;
        uint32_t inverse = factor; /* to three bits; Newton's step doubles them */
        for (unsigned known = 3; known < 32; known *= 2) {
            inverse *= 2 - factor * inverse;
        }
        shuffle->factor[i] = factor;
        shuffle->inverse[i] = inverse;
    }
}

/* The line at that place of the chase. */
static inline uint32_t line_at(const struct shuffle *shuffle, uint32_t place) {
    uint32_t word = place;
    do {
        word += shuffle->start;
        for (unsigned i = 0; i < ROUNDS; ++i) {
            word = (word * shuffle->factor[i]) & shuffle->mask;
            word ^= word >> shuffle->shift;
        }
    } while (word >= shuffle->count);
    return word;
}

/* The other way round. */
static inline uint32_t place_of(const struct shuffle *shuffle, uint32_t line) {
    uint32_t word = line;
    do {
        for (unsigned i = ROUNDS; i-- > 0;) {
            word ^= word >> shuffle->shift;
            word = (word * shuffle->inverse[i]) & shuffle->mask;
        }
        word = (word - shuffle->start) & shuffle->mask;
    } while (word >= shuffle->count);
    return word;
}

/* One cycle through all lines, written from the first to the last: of a GiB in random order that would take seconds. */
static void link_nodes(struct tsp_bench *bench, char *lines, size_t line, uint32_t count) {
    struct shuffle shuffle;
    shuffle_make(&shuffle, bench, count);
    for (uint32_t i = 0; i < count; ++i) {
        struct node *node = (struct node *)(void *)(lines + i * line);
        node->place = place_of(&shuffle, i);
        uint32_t next = line_at(&shuffle, node->place + 1 < count ? node->place + 1 : 0);
        node->next = (const struct node *)(const void *)(lines + next * line);
    }
    ((struct chase *)bench->state)->at =
        (const struct node *)(const void *)(lines + line_at(&shuffle, 0) * line);
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
    link_nodes(bench, lines, line, chase->count);
    return 0;
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

/* What measure.md allows a DRAM working set. */
#define MEMORY (UINT64_C(1) << 30)

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
