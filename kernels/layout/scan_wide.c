/* Reading the four fields of one object after the other through an array, in the wide-last order of fields and in the wide-first. */
#include <string.h>

#include "wide.h"

struct array {
    union {
        struct tsp_wide_last *last;
        struct tsp_wide_first *first;
    } of;
    size_t count;
    size_t at; /* where the next op goes */
    unsigned long sum;
};

/* The bits of a double are added up like the integers: a sum of doubles would be limited by the latency of its additions. On 32-bit ISAs
 * the halves of long numbers are: sums twice as long as a register would not leave enough of them. */
static inline uint64_t bits(const double *number) {
    uint64_t word;
    memcpy(&word, __builtin_assume_aligned(number, _Alignof(double)),
           sizeof word); /* else riscv64 goes by bytes */
    return word;
}

static inline unsigned long folded(uint64_t number) {
    return (unsigned long)(sizeof(long) == sizeof number ? number : number + (number >> 32));
}
#define FIELDS(object) (folded((object)->u64) + folded(bits(&(object)->f64)) + (object)->u32 + (object)->u8)

#define BODY(order)                                                                                          \
    static void scan_##order(void *state, uint64_t ops) {                                                    \
        struct array *array = state;                                                                         \
        size_t at = array->at;                                                                               \
        unsigned long sum = array->sum;                                                                      \
        TSP_LAYOUT_WALK(ops, at, array->count, const struct tsp_wide_##order *object = array->of.order + at, \
                        sum += FIELDS(object);                                                               \
                        TSP_HIDE(sum); object += 1; TSP_HIDE(object));                                       \
        array->at = at;                                                                                      \
        array->sum = sum;                                                                                    \
    }                                                                                                        \
    static void fill_##order(struct array *array) {                                                          \
        for (size_t i = 0; i < array->count; ++i) {                                                          \
            array->of.order[i].u8 = (uint8_t)i;                                                              \
            array->of.order[i].u64 = i + 1;                                                                  \
            array->of.order[i].u32 = (uint32_t)i;                                                            \
            array->of.order[i].f64 = (double)i;                                                              \
        }                                                                                                    \
    }                                                                                                        \
    static int setup_##order(struct tsp_bench *bench) {                                                      \
        return setup(bench, sizeof(struct tsp_wide_##order), fill_##order);                                  \
    }

static int setup(struct tsp_bench *bench, size_t bytes, void (*fill)(struct array *)) {
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
    fill(array);
    bench->state = array;
    tsp_report(bench, "lines", "lines", (double)tsp_layout_lines(objects, count * bytes) / (double)count);
    return 0;
}
BODY(last)
BODY(first)

/* Whole passes through the array, and the part of one. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct array *array = bench->state;
    unsigned long passes = (unsigned long)(ops / array->count);
    unsigned long expected = 0;
    for (size_t i = 0; i < array->count; ++i) {
        struct tsp_wide_last object = {(uint8_t)i, i + 1, (uint32_t)i, (double)i};
        expected += FIELDS(&object) * (passes + (i < ops % array->count));
    }
    return array->sum == expected
               ? 0
               : tsp_fail(bench, "the fields add up to %lu, not %lu", array->sum, expected);
}

TSP_KERNEL(.family = "layout", .kernel = "scan", .variant = "wide-last",
           .summary = "reading u8, u64, u32, f64, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = scan_last, .setup = setup_last, .check = check, .memory_bytes = TSP_LAYOUT_MEMORY,
           .implementation = "C");
TSP_KERNEL(.family = "layout", .kernel = "scan", .variant = "wide-first",
           .summary = "reading u64, f64, u32, u8, object by object", .params = {{"ws", "l1,l2,llc,dram"}},
           .run = scan_first, .setup = setup_first, .check = check, .memory_bytes = TSP_LAYOUT_MEMORY,
           .implementation = "C");
