/* Assigning the four fields of one object after the other through an array, in the wide-last order of fields and in the wide-first. */
#include <inttypes.h>

#include "wide.h"

struct array {
    union {
        struct tsp_wide_last *last;
        struct tsp_wide_first *first;
    } of;
    size_t count;
    size_t at;            /* where the next op goes */
    unsigned long number; /* of the next op, from 1 */
    size_t reference_at;
    double value; /* for every f64 */
};

#define VALUE 0.5

/* To the next object. Hidden, so that each op takes the same few instructions. */
#define STEP                                                                                                 \
    number += 1;                                                                                             \
    TSP_HIDE(number);                                                                                        \
    object += 1;                                                                                             \
    TSP_HIDE(object)

/* An op's number goes into its object, so that check can tell what each was assigned last. */
#define ASSIGN                                                                                               \
    object->u8 = (uint8_t)number;                                                                            \
    object->u64 = number;                                                                                    \
    object->u32 = (uint32_t)number;                                                                          \
    object->f64 = value

#define BODY(id, order, position, counted, ...)                                                              \
    static void id(void *state, uint64_t ops) {                                                              \
        struct array *array = state;                                                                         \
        size_t at = array->position;                                                                         \
        unsigned long number = array->number;                                                                \
        const double value = array->value;                                                                   \
        TSP_LAYOUT_WALK(ops, at, array->count, struct tsp_wide_##order *object = array->of.order + at,       \
                        __VA_ARGS__;                                                                         \
                        STEP);                                                                               \
        array->position = at;                                                                                \
        array->number = (counted) ? number : array->number;                                                  \
        (void)value;                                                                                         \
    }
BODY(assign_last, last, at, 1, ASSIGN)
BODY(assign_first, first, at, 1, ASSIGN)
BODY(reference_last, last, reference_at, 0, (void)0)
BODY(reference_first, first, reference_at, 0, (void)0)

static int setup_bytes(struct tsp_bench *bench, size_t bytes) {
    const size_t count = tsp_wide_count(bench);
    if (count == 0) {
        return 1;
    }
    struct array *array = tsp_alloc(bench, sizeof *array, 64);
    void *objects = array == NULL ? NULL : tsp_alloc(bench, count * bytes, TSP_LAYOUT_LINE);
    if (objects == NULL) {
        return -1;
    }
    array->of.last = objects;
    array->count = count;
    array->number = 1; /* of the next op */
    array->value = VALUE;
    bench->state = array;
    tsp_report(bench, "lines", "lines", (double)tsp_layout_lines(objects, count * bytes) / (double)count);
    return 0;
}

static int setup_last(struct tsp_bench *bench) {
    return setup_bytes(bench, sizeof(struct tsp_wide_last));
}

static int setup_first(struct tsp_bench *bench) {
    return setup_bytes(bench, sizeof(struct tsp_wide_first));
}

/* The number of the op that assigned object i last; 0: none did. */
static unsigned long last_number(const struct array *array, size_t i, uint64_t ops) {
    return ops <= i ? 0 : (unsigned long)((ops - 1 - i) / array->count * array->count + i + 1);
}

#define CHECK(order)                                                                                         \
    static int check_##order(struct tsp_bench *bench, uint64_t ops) {                                        \
        const struct array *array = bench->state;                                                            \
        for (size_t i = 0; i < array->count; ++i) {                                                          \
            const struct tsp_wide_##order *object = &array->of.order[i];                                     \
            unsigned long number = last_number(array, i, ops);                                               \
            if (object->u64 != number || object->u8 != (uint8_t)number || object->u32 != (uint32_t)number || \
                (number != 0 && (object->f64 < VALUE || object->f64 > VALUE))) {                             \
                return tsp_fail(bench, "object %zu was assigned %" PRIu64 " last, not %lu", i, object->u64,  \
                                number);                                                                     \
            }                                                                                                \
        }                                                                                                    \
        return array->number - 1 == (unsigned long)ops                                                       \
                   ? 0                                                                                       \
                   : tsp_fail(bench, "%lu ops were done, not %lu", array->number - 1, (unsigned long)ops);   \
    }
CHECK(last)
CHECK(first)

TSP_KERNEL(.family = "layout", .kernel = "assign", .variant = "wide-last",
           .summary = "assigning u8, u64, u32, f64, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = assign_last, .reference = reference_last, .setup = setup_last, .check = check_last,
           .memory_bytes = TSP_LAYOUT_MEMORY, .implementation = "C");
TSP_KERNEL(.family = "layout", .kernel = "assign", .variant = "wide-first",
           .summary = "assigning u64, f64, u32, u8, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = assign_first, .reference = reference_first, .setup = setup_first, .check = check_first,
           .memory_bytes = TSP_LAYOUT_MEMORY, .implementation = "C");
