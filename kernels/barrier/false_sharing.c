/*
 * Two threads, each with a word of its own, `pad` bytes apart. As long as both lie on one line each write takes it away from the other;
 * the pad from which on that is over is the line that matters (transept/knee.h finds it).
 */
#include <stdatomic.h>

#include <transept/kernel.h>

/* Both words for any pad lie within so many bytes, at the beginning of a line on every ISA. */
#define AREA 512

struct sharing {
    struct tsp_bench *bench;
    size_t pad;
    unsigned char *area;
};

static atomic_ulong *word_of(const struct sharing *sharing, unsigned index) {
    return (atomic_ulong *)(void *)(sharing->area + index * sharing->pad);
}

/* A word counts its thread's ops. */
static void store(void *state, unsigned index, uint64_t ops) {
    atomic_ulong *word = word_of(state, index);
    unsigned long number = atomic_load_explicit(word, memory_order_relaxed);
    TSP_REPEAT(ops, number += 1; atomic_store_explicit(word, number, memory_order_relaxed));
}

static void add(void *state, unsigned index, uint64_t ops) {
    atomic_ulong *word = word_of(state, index);
    TSP_REPEAT(ops, (void)atomic_fetch_add_explicit(word, 1, memory_order_relaxed));
}

static void count_only(void *state, unsigned index, uint64_t ops) {
    (void)state;
    unsigned long number = index;
    TSP_REPEAT(ops, number += 1; TSP_HIDE(number));
}

static void run(void *state, uint64_t ops) {
    tsp_crew_run(((struct sharing *)state)->bench, ops);
}

static void reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((struct sharing *)state)->bench, count_only, ops);
}

static int setup(struct tsp_bench *bench, tsp_member *member) {
    struct sharing *sharing = tsp_alloc(bench, sizeof *sharing, 64);
    if (sharing == NULL || (sharing->area = tsp_alloc(bench, AREA, AREA)) == NULL) {
        return -1;
    }
    sharing->bench = bench;
    sharing->pad = (size_t)tsp_param_int(bench, "pad");
    bench->state = sharing;
    tsp_report(bench, "lines", "lines", sharing->pad < tsp_line_bytes(bench) ? 1 : 2);
    return tsp_crew_start(bench, 2, member);
}

static int setup_store(struct tsp_bench *bench) {
    return setup(bench, store);
}

static int setup_add(struct tsp_bench *bench) {
    return setup(bench, add);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    for (unsigned i = 0; i < 2; ++i) {
        unsigned long word = atomic_load(word_of(bench->state, i));
        if (word != (unsigned long)ops) {
            return tsp_fail(bench, "the word of thread %u holds %lu, not %lu", i, word, (unsigned long)ops);
        }
    }
    return 0;
}

#define SHARING_KERNEL(name, about, prepare, instruction)                                                    \
    TSP_KERNEL(.family = "barrier", .kernel = "false-sharing", .variant = name,                              \
               .summary = "two threads, each " about " to its own word, `pad` bytes from the other's",       \
               .params = {{"pad", "8,16,32,64,128,256"},                                                     \
                          {"place", "same-core,same-l2,same-llc,same-node,cross-node"}},                     \
               .mode = TSP_MODE_BATCHED, .run = run, .reference = reference, .setup = prepare,               \
               .check = check, .implementation = instruction)

SHARING_KERNEL("store", "storing", setup_store, "C11 store, relaxed");
SHARING_KERNEL("add", "adding atomically", setup_add, "C11 addition, relaxed");
