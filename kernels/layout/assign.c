/*
 * Assigning the four fields of one object after the other through an array, in the wide-last order of fields and in the wide-first.
 * Both arrays hold the same number of objects; that the wide-first one is smaller is its merit.
 */
#include <inttypes.h>

#include <transept/kernel.h>

struct wide_last {
    uint8_t u8;
    uint64_t u64;
    uint32_t u32;
    double f64;
};

struct wide_first {
    uint64_t u64;
    double f64;
    uint32_t u32;
    uint8_t u8;
};

struct array {
    union {
        struct wide_last *last;
        struct wide_first *first;
    } of;
    size_t count;
    size_t at;       /* where the next op goes */
    uint64_t number; /* of the next op, from 1 */
    size_t reference_at;
    double value; /* for every f64 */
};

#define VALUE 0.5

/* The walk: to the next object, around the array. Hidden, so that each op takes the same few instructions. */
#define WALK                                                                                                 \
    number += 1;                                                                                             \
    TSP_HIDE(number);                                                                                        \
    object = object + 1 != end ? object + 1 : first;                                                         \
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
        struct wide_##order *const first = array->of.order;                                                  \
        struct wide_##order *const end = first + array->count;                                               \
        struct wide_##order *object = first + array->position;                                               \
        uint64_t number = array->number;                                                                     \
        const double value = array->value;                                                                   \
        TSP_REPEAT(ops, __VA_ARGS__; WALK);                                                                  \
        array->position = (size_t)(object - first);                                                          \
        array->number = (counted) ? number : array->number;                                                  \
        (void)value;                                                                                         \
    }
BODY(assign_last, last, at, 1, ASSIGN)
BODY(assign_first, first, at, 1, ASSIGN)
BODY(reference_last, last, reference_at, 0, (void)0)
BODY(reference_first, first, reference_at, 0, (void)0)

static int setup(struct tsp_bench *bench) {
    const size_t count = tsp_ws_bytes(bench) / sizeof(struct wide_last);
    if (count == 0) {
        return tsp_skip(bench, "this machine has no such working set");
    }
    struct array *array = tsp_alloc(bench, sizeof *array, 64);
    void *objects = array == NULL ? NULL : tsp_alloc(bench, count * sizeof(struct wide_last), 64);
    if (objects == NULL) {
        return -1;
    }
    array->of.last = objects;
    array->count = count;
    array->number = 1; /* of the next op */
    array->value = VALUE;
    bench->state = array;
    return 0;
}

/* The number of the op that assigned object i last; 0: none did. */
static uint64_t last_number(const struct array *array, size_t i, uint64_t ops) {
    return ops <= i ? 0 : (ops - 1 - i) / array->count * array->count + i + 1;
}

#define CHECK(order)                                                                                         \
    static int check_##order(struct tsp_bench *bench, uint64_t ops) {                                        \
        const struct array *array = bench->state;                                                            \
        for (size_t i = 0; i < array->count; ++i) {                                                          \
            const struct wide_##order *object = &array->of.order[i];                                         \
            uint64_t number = last_number(array, i, ops);                                                    \
            if (object->u64 != number || object->u8 != (uint8_t)number || object->u32 != (uint32_t)number || \
                (number != 0 && (object->f64 < VALUE || object->f64 > VALUE))) {                             \
                return tsp_fail(bench, "object %zu was assigned %" PRIu64 " last, not %" PRIu64, i,          \
                                object->u64, number);                                                        \
            }                                                                                                \
        }                                                                                                    \
        return array->number - 1 == ops                                                                      \
                   ? 0                                                                                       \
                   : tsp_fail(bench, "%" PRIu64 " ops were done, not %" PRIu64, array->number - 1, ops);     \
    }
CHECK(last)
CHECK(first)

#define MEMORY (UINT64_C(1) << 30)

TSP_KERNEL(.family = "layout", .kernel = "assign", .variant = "wide-last",
           .summary = "assigning u8, u64, u32, f64, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = assign_last, .reference = reference_last, .setup = setup, .check = check_last,
           .memory_bytes = MEMORY, .implementation = "C");
TSP_KERNEL(.family = "layout", .kernel = "assign", .variant = "wide-first",
           .summary = "assigning u64, f64, u32, u8, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = assign_first, .reference = reference_first, .setup = setup, .check = check_first,
           .memory_bytes = MEMORY, .implementation = "C");
