/*
 * Objects of eight words, of which two are used often and six hardly ever: in one struct (joined), or the often used ones in an array of their own
 * (split). An op reads one word of an object and counts it in another, object after object. Both have the same number of objects.
 */
#include "arrays.h"

struct hot {
    unsigned long key;
    unsigned long uses;
};

struct joined {
    struct hot hot;
    unsigned long cold[6];
};

struct split {
    struct hot hot;
};

struct array {
    void *objects;
    size_t count;
    size_t at; /* where the next op goes */
    unsigned long sum;
};

static int setup(struct tsp_bench *bench, size_t bytes) {
    const size_t count = tsp_layout_count(bench, sizeof(struct joined));
    if (count == 0) {
        return 1;
    }
    struct array *array = tsp_alloc(bench, sizeof *array, 64);
    void *objects = array == NULL ? NULL : tsp_alloc(bench, count * bytes, TSP_LAYOUT_LINE);
    if (objects == NULL) {
        return -1;
    }
    array->objects = objects;
    array->count = count;
    bench->state = array;
    tsp_report(bench, "lines", "lines", (double)tsp_layout_lines(objects, count * bytes) / (double)count);
    return 0;
}

/* Every object was used in every pass through them, and the first ones once more. */
static int check_object(struct tsp_bench *bench, const struct hot *hot, size_t i, uint64_t ops) {
    const struct array *array = bench->state;
    unsigned long uses = (unsigned long)(ops / array->count + (i < ops % array->count));
    return hot->uses == uses ? 0
                             : tsp_fail(bench, "object %zu was used %lu times, not %lu", i, hot->uses, uses);
}

static int check_sum(struct tsp_bench *bench, unsigned long expected) {
    const struct array *array = bench->state;
    return array->sum == expected ? 0
                                  : tsp_fail(bench, "the keys add up to %lu, not %lu", array->sum, expected);
}

#define HOT_COLD(id, text)                                                                                   \
    static void use_##id(void *state, uint64_t ops) {                                                        \
        struct array *array = state;                                                                         \
        size_t at = array->at;                                                                               \
        unsigned long sum = array->sum;                                                                      \
        TSP_LAYOUT_WALK(ops, at, array->count, struct id *object = (struct id *)array->objects + at,         \
                        sum += object->hot.key;                                                              \
                        object->hot.uses += 1; TSP_HIDE(sum); object += 1; TSP_HIDE(object));                \
        array->at = at;                                                                                      \
        array->sum = sum;                                                                                    \
    }                                                                                                        \
    static int setup_##id(struct tsp_bench *bench) {                                                         \
        int verdict = setup(bench, sizeof(struct id));                                                       \
        const struct array *array = bench->state;                                                            \
        for (size_t i = 0; verdict == 0 && i < array->count; ++i) {                                          \
            ((struct id *)array->objects)[i].hot.key = i + 1;                                                \
        }                                                                                                    \
        return verdict;                                                                                      \
    }                                                                                                        \
    static int check_##id(struct tsp_bench *bench, uint64_t ops) {                                           \
        const struct array *array = bench->state;                                                            \
        const struct id *objects = array->objects;                                                           \
        unsigned long expected = 0;                                                                          \
        int verdict = 0;                                                                                     \
        for (size_t i = 0; verdict == 0 && i < array->count; ++i) {                                          \
            verdict = check_object(bench, &objects[i].hot, i, ops);                                          \
            expected += (i + 1) * objects[i].hot.uses;                                                       \
        }                                                                                                    \
        return verdict != 0 ? verdict : check_sum(bench, expected);                                          \
    }                                                                                                        \
    TSP_KERNEL(.family = "layout", .kernel = "hot-cold", .variant = #id, .summary = text,                    \
               .params = {{"ws", "l1,l2,llc,dram"}}, .run = use_##id, .setup = setup_##id,                   \
               .check = check_##id, .memory_bytes = TSP_LAYOUT_MEMORY, .implementation = "C")
HOT_COLD(joined, "using two words of each object, six others beside them");
HOT_COLD(split, "using two words of each object, which lie apart from the other six");
