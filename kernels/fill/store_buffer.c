/*
 * How many stores a core can hold before one that misses stops it. An op is a store that misses, `stores` that hit, and a load that misses;
 * the next op's addresses come from that load. As long as all stores fit into the store buffer the load begins while the first of them waits,
 * and the op takes one miss. With one store too many the load has to wait until the first has left: two misses, one after the other.
 */
#include <inttypes.h>

#include <transept/kernel.h>

#define HITS      16 /* lines that hit, by turns: a core might merge neighbours that go to one line */
#define HIT_LINE  64
#define HALF_LINE 32 /* cores compare low bits of addresses: no store has those of a load */

struct buffer {
    char *at; /* a node: its line begins with the place of the next one */
    char *nodes;
    char *hits;
    size_t line;
    size_t apart;         /* from a node to the place of its store */
    uint32_t mask;        /* nodes, a power of two, less one */
    unsigned long number; /* of the last op, from 1: what it stored */
};

#define STORE(place) *(volatile unsigned long *)(void *)(place) = number
#define HIT(i)       STORE(hits + (size_t)(i) % HITS * HIT_LINE)
#define STORES_8(i)                                                                                          \
    HIT(i), HIT((i) + 1), HIT((i) + 2), HIT((i) + 3), HIT((i) + 4), HIT((i) + 5), HIT((i) + 6), HIT((i) + 7)
#define STORES_16 STORES_8(0), STORES_8(8)
#define STORES_32 STORES_16, STORES_16
#define STORES_64 STORES_32, STORES_32
#define ONCE(...)                                                                                            \
    { __VA_ARGS__; }

/* Not written out, or many stores would not fit the cache of instructions; an op is long enough. */
#define BUFFER_BODY(count, stores)                                                                           \
    static void after_miss_##count(void *state, uint64_t ops) {                                              \
        struct buffer *buffer = state;                                                                       \
        char *at = buffer->at;                                                                               \
        char *const hits = buffer->hits + HALF_LINE;                                                         \
        const size_t apart = buffer->apart;                                                                  \
        unsigned long number = buffer->number;                                                               \
        TSP_REPEAT_BY(1, ONCE, ops, number += 1; TSP_HIDE(number); STORE(at + apart); stores;                \
                      at = *(char *volatile *)(void *)at; TSP_HIDE(at));                                     \
        buffer->at = at;                                                                                     \
        buffer->number = number;                                                                             \
    }
BUFFER_BODY(0, (void)hits)
BUFFER_BODY(8, STORES_8(0))
BUFFER_BODY(16, STORES_16)
BUFFER_BODY(24, (STORES_16, STORES_8(0)))
BUFFER_BODY(32, STORES_32)
BUFFER_BODY(40, (STORES_32, STORES_8(0)))
BUFFER_BODY(48, (STORES_32, STORES_16))
BUFFER_BODY(56, (STORES_32, STORES_16, STORES_8(0)))
BUFFER_BODY(64, STORES_64)
BUFFER_BODY(72, (STORES_64, STORES_8(0)))
BUFFER_BODY(80, (STORES_64, STORES_16))
BUFFER_BODY(96, (STORES_64, STORES_32))
BUFFER_BODY(112, (STORES_64, STORES_32, STORES_16))
BUFFER_BODY(128, (STORES_64, STORES_64))
BUFFER_BODY(160, (STORES_64, STORES_64, STORES_32))

static tsp_body *const after_miss[] = {after_miss_0,   after_miss_8,   after_miss_16, after_miss_24,
                                       after_miss_32,  after_miss_40,  after_miss_48, after_miss_56,
                                       after_miss_64,  after_miss_72,  after_miss_80, after_miss_96,
                                       after_miss_112, after_miss_128, after_miss_160};

static void reference(void *state, uint64_t ops) {
    (void)state;
    TSP_REPEAT_BY(1, ONCE, ops, (void)0);
}

/* Numerical Recipes' generator modulo a power of two goes through all numbers in an order that no prefetcher knows (its multiplier is 1 modulo
 * 4 and its increment odd: Hull and Dobell, 1962). */
static uint32_t next_of(const struct buffer *buffer, uint32_t i) {
    return (i * UINT32_C(1664525) + UINT32_C(1013904223)) & buffer->mask;
}

static char *node_at(const struct buffer *buffer, uint32_t i) {
    return buffer->nodes + i * buffer->line;
}

/* Half of the working set is nodes, half is where the stores that miss go. */
static int setup(struct tsp_bench *bench) {
    const size_t line = tsp_line_bytes(bench) < HIT_LINE ? HIT_LINE : tsp_line_bytes(bench);
    const size_t most = tsp_ws_bytes(bench) / 2 / line;
    uint32_t count = 1;
    while (count <= most / 2 && count < UINT32_C(1) << 31) {
        count *= 2;
    }
    struct buffer *buffer = tsp_alloc(bench, sizeof *buffer, HIT_LINE);
    char *hits = buffer == NULL ? NULL : tsp_alloc(bench, (size_t)HITS * HIT_LINE, HIT_LINE);
    char *memory = hits == NULL ? NULL : tsp_alloc(bench, (size_t)2 * count * line, line);
    if (memory == NULL) {
        return -1;
    }
    *buffer = (struct buffer){
        .nodes = memory, .hits = hits, .line = line, .apart = count * line + HALF_LINE, .mask = count - 1};
    for (uint32_t i = 0; i < count; ++i) {
        *(char **)(void *)node_at(buffer, i) = node_at(buffer, next_of(buffer, i));
    }
    buffer->at = buffer->nodes;
    bench->state = buffer;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct buffer *buffer = bench->state;
    const unsigned long last = (unsigned long)ops;
    const int64_t stores = tsp_param_int(bench, "stores");
    uint32_t before = 0;
    uint32_t place = 0;
    for (uint64_t i = ops & buffer->mask; i > 0; --i) {
        before = place;
        place = next_of(buffer, place);
    }
    if (buffer->number != last || buffer->at != node_at(buffer, place)) {
        return tsp_fail(bench, "%lu ops were done and led elsewhere, instead of %lu", buffer->number, last);
    }
    if ((ops & buffer->mask) != 0) {
        const char *place_of_store = node_at(buffer, before) + buffer->apart;
        const unsigned long found = *(const unsigned long *)(const void *)place_of_store;
        if (found != last) {
            return tsp_fail(bench, "the store that misses left %lu, not %lu", found, last);
        }
    }
    for (int64_t i = 0; i < HITS; ++i) {
        const unsigned long found =
            *(const unsigned long *)(const void *)(buffer->hits + i * HIT_LINE + HALF_LINE);
        if (found != (i < stores ? last : 0)) {
            return tsp_fail(bench, "line %d of those that hit holds %lu", (int)i, found);
        }
    }
    return 0;
}

TSP_KERNEL(.family = "fill", .kernel = "store-buffer", .variant = "after-miss",
           .summary = "a store that misses, stores that hit and a load that misses, by how many hit",
           .params = {{"stores", "0,8,16,24,32,40,48,56,64,72,80,96,112,128,160"}, {"ws", "llc,dram"}},
           .runs = after_miss, .reference = reference, .setup = setup, .check = check,
           .memory_bytes = (UINT64_C(1) << 30) + (UINT64_C(1) << 20), .implementation = "C");
