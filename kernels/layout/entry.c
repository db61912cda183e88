/*
 * A table whose entries two threads write, every other one each: entries packed, in their natural alignment, and each on a line of its own.
 */
#include <inttypes.h>

#include <transept/kernel.h>

#define ENTRIES 64 /* of both threads together */
#define OWN     (ENTRIES / 2)

struct natural {
    uint64_t key;
    uint32_t count;
    uint8_t state;
};

struct packed {
    uint64_t key;
    uint32_t count;
    uint8_t state;
} __attribute__((packed));

struct table {
    struct tsp_bench *bench;
    unsigned char *entries;
    size_t stride; /* from one entry to the next */
    struct writer {
        _Alignas(256) uint64_t ops; /* written so far */
        uint64_t reference_at;
    } writers[2];
};

static unsigned char *entry_of(const struct table *table, unsigned writer, uint64_t number) {
    return table->entries + (writer + 2 * (size_t)(number % OWN)) * table->stride;
}

/* To the writer's next entry, around the table. Hidden, so that each op takes the same few instructions. */
#define WALK                                                                                                 \
    number += 1;                                                                                             \
    TSP_HIDE(number);                                                                                        \
    at = at != last ? at + step : first;                                                                     \
    TSP_HIDE(at)

/* An op's number, from 1, goes into every field. */
#define WRITE(type)                                                                                          \
    ((struct type *)(void *)at)->key = number;                                                               \
    ((struct type *)(void *)at)->count = (uint32_t)number;                                                   \
    ((struct type *)(void *)at)->state = (uint8_t)number

/* Op n, from 0, writes number n + 1 to the writer's entry n, counted around. */
#define MEMBER(id, begin, finish, ...)                                                                       \
    static void id(void *state, unsigned index, uint64_t ops) {                                              \
        struct table *table = state;                                                                         \
        struct writer *writer = &table->writers[index];                                                      \
        uint64_t number = (begin);                                                                           \
        const size_t step = 2 * table->stride;                                                               \
        unsigned char *const first = entry_of(table, index, 0);                                              \
        unsigned char *const last = entry_of(table, index, OWN - 1);                                         \
        unsigned char *at = entry_of(table, index, number + OWN - 1);                                        \
        TSP_REPEAT(ops, WALK; __VA_ARGS__);                                                                  \
        writer->finish = number;                                                                             \
    }
MEMBER(write_natural, writer->ops, ops, WRITE(natural))
MEMBER(write_packed, writer->ops, ops, WRITE(packed))
MEMBER(walk_only, writer->reference_at, reference_at, )

static void run(void *state, uint64_t ops) {
    tsp_crew_run(((struct table *)state)->bench, ops);
}

static void reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((struct table *)state)->bench, walk_only, ops);
}

/* Lines, of the size that the machine states, on which both threads write. */
static unsigned shared_lines(const struct table *table, size_t bytes, size_t line) {
    unsigned shared = 0;
    for (size_t begin = 0; begin < ENTRIES * table->stride; begin += line) {
        size_t first = begin < bytes ? 0 : (begin - bytes) / table->stride + 1;
        size_t last = (begin + line - 1) / table->stride;
        shared += (last < ENTRIES ? last : ENTRIES - 1) > first;
    }
    return shared;
}

static int setup(struct tsp_bench *bench, size_t stride, size_t bytes, tsp_member *member) {
    const size_t line = tsp_line_bytes(bench);
    struct table *table = tsp_alloc(bench, sizeof *table, 256);
    if (table == NULL || (table->entries = tsp_alloc(bench, ENTRIES * stride, line)) == NULL) {
        return -1;
    }
    table->bench = bench;
    table->stride = stride;
    bench->state = table;
    tsp_report(bench, "size", "bytes", (double)stride);
    tsp_report(bench, "shared-lines", "lines", shared_lines(table, bytes, line));
    return tsp_crew_start(bench, 2, member);
}

static int setup_packed(struct tsp_bench *bench) {
    return setup(bench, sizeof(struct packed), sizeof(struct packed), write_packed);
}

static int setup_natural(struct tsp_bench *bench) {
    return setup(bench, sizeof(struct natural), sizeof(struct natural), write_natural);
}

static int setup_line(struct tsp_bench *bench) {
    return setup(bench, tsp_line_bytes(bench), sizeof(struct natural), write_natural);
}

/* What the fields hold: the packed struct's accessors read both, their fields being where the natural's are. */
_Static_assert(offsetof(struct packed, count) == offsetof(struct natural, count), "read as one");
_Static_assert(offsetof(struct packed, state) == offsetof(struct natural, state), "read as one");

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct table *table = bench->state;
    for (unsigned w = 0; w < 2; ++w) {
        for (unsigned i = 0; i < OWN; ++i) {
            /* the last op before `ops` that fell on entry i */
            const uint64_t number = ops > i ? (ops - 1 - i) / OWN * OWN + i + 1 : 0;
            const struct packed *entry = (const struct packed *)(const void *)entry_of(table, w, i);
            if (entry->key != number || entry->count != (uint32_t)number || entry->state != (uint8_t)number) {
                return tsp_fail(bench,
                                "entry %u of thread %u holds %" PRIu64 ", %" PRIu32 ", %u; the last op there "
                                "was number %" PRIu64,
                                i, w, entry->key, entry->count, entry->state, number);
            }
        }
    }
    return 0;
}

#define ENTRY_KERNEL(name, about, prepare)                                                                   \
    TSP_KERNEL(.family = "layout", .kernel = "entry", .variant = name,                                       \
               .summary = "entries of a table written by two threads in turn, " about,                       \
               .params = {{"place", "same-core,same-l2,same-llc,same-node,cross-node"}},                     \
               .mode = TSP_MODE_BATCHED, .run = run, .reference = reference, .setup = prepare,               \
               .check = check)

ENTRY_KERNEL("packed", "without padding", setup_packed);
ENTRY_KERNEL("natural", "naturally aligned", setup_natural);
ENTRY_KERNEL("line", "each on its own line", setup_line);
