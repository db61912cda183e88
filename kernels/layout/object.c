/*
 * Marking the objects of a random graph, as a tracing collector does: each object begins at `offset` in a line and is `size` bytes long, and
 * refers to four others. An op takes an object from the stack, sets its mark, and puts those of the four on the stack that are not marked.
 *
 * It does so without a branch: what lies above the stack's top is overwritten. So every op takes the same instructions, whatever the graph,
 * and no branch is mispredicted: what is left is the memory. Every object can be reached, so every count of objects ops are one traversal.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "arrays.h"

enum { OBJECTS = 4096, REFERENCES = 4 };

/* An object's words, each as long as a reference: its mark, then references at its quarters and in its last word, so that each of its lines is touched. */
#define WORDS(size)    ((size_t)(size) / sizeof(unsigned long))
#define QUARTER(size)  (WORDS(size) / 4)
#define HALF(size)     (WORDS(size) / 2)
#define QUARTERS(size) (WORDS(size) * 3 / 4)
#define LAST(size)     (WORDS(size) - 1)

struct graph {
    unsigned long **stack; /* stack[0] is the root: where a traversal ends, the next one begins */
    unsigned long top;
    unsigned long epoch; /* the mark of what was reached in this traversal; the first is 2 */
    char *pool;
    size_t stride; /* from an object to the next */
};

/* 1 unless x is 0, by arithmetic that the compiler cannot make a branch of. */
static inline unsigned long is_nonzero(unsigned long x) {
    unsigned long opposite = 0 - x;
    TSP_HIDE(opposite);
    return (x | opposite) >> (8 * sizeof x - 1);
}

#define VISIT(reference)                                                                                     \
    {                                                                                                        \
        unsigned long *target = (unsigned long *)(reference); /* NOLINT: words hold references */            \
        unsigned long differs = target[0] ^ epoch;                                                           \
        target[0] = epoch;                                                                                   \
        stack[top + 1] = target;                                                                             \
        top += is_nonzero(differs);                                                                          \
    }

/* With only the root on the stack a traversal begins: its mark is the next number. */
#define MARK(size)                                                                                           \
    static void mark_##size(void *state, uint64_t ops) {                                                     \
        struct graph *graph = state;                                                                         \
        unsigned long **const stack = graph->stack;                                                          \
        unsigned long top = graph->top;                                                                      \
        unsigned long epoch = graph->epoch;                                                                  \
        TSP_REPEAT(ops, unsigned long *object = stack[top]; unsigned long inner = is_nonzero(top);           \
                   top -= inner; epoch += 1 - inner; object[0] = epoch; VISIT(object[QUARTER(size)]);        \
                   VISIT(object[HALF(size)]); VISIT(object[QUARTERS(size)]); VISIT(object[LAST(size)]));     \
        graph->top = top;                                                                                    \
        graph->epoch = epoch;                                                                                \
    }
MARK(64)
MARK(72)
MARK(80)
MARK(96)
MARK(128)
static tsp_body *const bodies[] = {mark_64, mark_72, mark_80, mark_96, mark_128};

static unsigned long *object_of(const struct graph *graph, size_t i) {
    return (unsigned long *)(void *)(graph->pool + i * graph->stride);
}

/* The words with references. */
static void list_references(size_t size, size_t places[REFERENCES]) {
    places[0] = QUARTER(size);
    places[1] = HALF(size);
    places[2] = QUARTERS(size);
    places[3] = LAST(size);
}

/* One cycle through all objects in random order (Fisher and Yates), so that all are reached, and three more references each. */
static int link_objects(struct tsp_bench *bench, const struct graph *graph, size_t size) {
    size_t *order = malloc(OBJECTS * sizeof *order);
    size_t places[REFERENCES];
    if (order == NULL) {
        return tsp_fail(bench, "no memory for the order of %d objects", OBJECTS);
    }
    for (size_t i = 0; i < OBJECTS; ++i) {
        size_t j = (size_t)(tsp_random(bench) % (i + 1));
        order[i] = i;
        order[i] = order[j];
        order[j] = i;
    }
    list_references(size, places);
    for (size_t i = 0; i < OBJECTS; ++i) {
        unsigned long *object = object_of(graph, order[i]);
        size_t next = (size_t)(tsp_random(bench) % REFERENCES);
        for (size_t r = 0; r < REFERENCES; ++r) {
            size_t to = r == next ? order[(i + 1) % OBJECTS] : (size_t)(tsp_random(bench) % OBJECTS);
            object[places[r]] = (unsigned long)object_of(graph, to);
        }
    }
    free(order);
    return 0;
}

/* The lines of an object that an op touches: those of its mark and of its references, which lie in rising order. */
static unsigned touched_lines(const unsigned long *object, size_t size) {
    size_t places[REFERENCES];
    unsigned lines = 1;
    uintptr_t line = (uintptr_t)object / TSP_LAYOUT_LINE;
    list_references(size, places);
    for (size_t r = 0; r < REFERENCES; ++r) {
        uintptr_t next = (uintptr_t)(object + places[r]) / TSP_LAYOUT_LINE;
        lines += next != line;
        line = next;
    }
    return lines;
}

static int setup(struct tsp_bench *bench) {
    const size_t size = (size_t)tsp_param_int(bench, "size");
    const size_t stride = (size + TSP_LAYOUT_LINE - 1) / TSP_LAYOUT_LINE * TSP_LAYOUT_LINE;
    struct graph *graph = tsp_alloc(bench, sizeof *graph, 64);
    /* A line more for the offset; an entry more for the root, and one for what is overwritten. */
    char *pool = graph == NULL ? NULL : tsp_alloc(bench, OBJECTS * stride + TSP_LAYOUT_LINE, TSP_LAYOUT_LINE);
    unsigned long **stack = pool == NULL ? NULL : tsp_alloc(bench, (OBJECTS + 2) * sizeof *stack, 64);
    if (stack == NULL) {
        return -1;
    }
    graph->pool = pool + tsp_param_int(bench, "offset");
    graph->stride = stride;
    graph->stack = stack;
    graph->epoch = 1;
    graph->stack[0] = object_of(graph, 0);
    bench->state = graph;
    tsp_report(bench, "lines", "lines", touched_lines(object_of(graph, 0), size));
    return link_objects(bench, graph, size);
}

/* Ops done, by what is marked: whole traversals, and of the last one the objects that were reached and are not on the stack any more. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct graph *graph = bench->state;
    uint64_t done = 0;
    for (size_t i = 0; i < OBJECTS; ++i) {
        done += object_of(graph, i)[0] == graph->epoch;
    }
    if (graph->epoch > 1) {
        done += (uint64_t)(graph->epoch - 2) * OBJECTS - graph->top;
    }
    return done == ops ? 0 : tsp_fail(bench, "%" PRIu64 " objects were marked, not %" PRIu64, done, ops);
}

TSP_KERNEL(.family = "layout", .kernel = "object", .variant = "mark",
           .summary = "marking an object of a random graph, by its size and its place in a line",
           .params = {{"size", "64,72,80,96,128"}, {"offset", "0,16,32,48,56"}}, .runs = bodies,
           .setup = setup, .check = check, .implementation = "C");
