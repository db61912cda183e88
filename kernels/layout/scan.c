/*
 * Reading 1, 4 or 8 of the 8 fields, of a register's width each, of all objects: an array of structs (aos), a struct of arrays (soa), and an array of structs of short
 * arrays (aosoa). An op is 8 objects, a block of the last. Scalar on purpose: what differs is where the fields lie.
 */
#include "arrays.h"

#define FIELDS  ((size_t)8)
#define OBJECTS ((size_t)8) /* an op */

/* From one to the next, in numbers. */
struct shape {
    size_t op, object, field;
};

struct scan {
    unsigned long *numbers; /* all fields of all objects */
    struct shape shape;
    size_t count; /* of ops in a pass: an eighth of the objects */
    size_t at;    /* the next op's place in it */
    unsigned long sum;
    size_t fields; /* that are read */
};

/* A field of the op's objects. The hidden sum keeps the compiler from adding up vectors. */
#define ADD(o)                                                                                               \
    sum += column[o];                                                                                        \
    TSP_HIDE(sum);
#define ADD_COLUMN(object, field)                                                                            \
    ADD(0 * (size_t)(object))                                                                                \
    ADD(1 * (size_t)(object))                                                                                \
    ADD(2 * (size_t)(object))                                                                                \
    ADD(3 * (size_t)(object))                                                                                \
    ADD(4 * (size_t)(object))                                                                                \
    ADD(5 * (size_t)(object))                                                                                \
    ADD(6 * (size_t)(object))                                                                                \
    ADD(7 * (size_t)(object))                                                                                \
    column += (field);
#define ADD_1(...) ADD_COLUMN(__VA_ARGS__)
#define ADD_4(...) ADD_1(__VA_ARGS__) ADD_1(__VA_ARGS__) ADD_1(__VA_ARGS__) ADD_1(__VA_ARGS__)
#define ADD_8(...) ADD_4(__VA_ARGS__) ADD_4(__VA_ARGS__)

#define BODY(id, fields, op, object, field)                                                                  \
    static void id##_##fields(void *state, uint64_t ops) {                                                   \
        struct scan *scan = state;                                                                           \
        size_t at = scan->at;                                                                                \
        unsigned long sum = scan->sum;                                                                       \
        TSP_LAYOUT_WALK(ops, at, scan->count, const unsigned long *first = scan->numbers + at * (op),        \
                        const unsigned long *column = first;                                                 \
                        ADD_##fields(object, field) first += (op); TSP_HIDE(first));                         \
        scan->at = at;                                                                                       \
        scan->sum = sum;                                                                                     \
    }

/* Where field f of object o lies. */
static size_t place(const struct shape *shape, size_t o, size_t f) {
    return o / OBJECTS * shape->op + o % OBJECTS * shape->object + f * shape->field;
}

/* Lines an object, over two ops: on 32-bit ISAs a column of one fills half a line. */
static double object_lines(const struct scan *scan) {
    uintptr_t lines[2 * OBJECTS * FIELDS];
    unsigned count = 0;
    for (size_t i = 0; i < 2 * OBJECTS * scan->fields; ++i) {
        const unsigned long *number =
            scan->numbers + place(&scan->shape, i % (2 * OBJECTS), i / (2 * OBJECTS));
        unsigned seen = 0;
        lines[count] = (uintptr_t)number / TSP_LAYOUT_LINE;
        while (lines[seen] != lines[count]) {
            ++seen;
        }
        count += seen == count;
    }
    return count / (2.0 * (double)OBJECTS);
}

static unsigned long value(size_t o, size_t f) {
    return o * FIELDS + f + 1;
}

static int setup(struct tsp_bench *bench, struct shape shape) {
    const size_t count = tsp_layout_count(bench, OBJECTS * FIELDS * sizeof(unsigned long));
    const size_t objects = count * OBJECTS;
    if (count == 0) {
        return 1;
    }
    struct scan *scan = tsp_alloc(bench, sizeof *scan, 64);
    unsigned long *numbers =
        scan == NULL ? NULL : tsp_alloc(bench, objects * FIELDS * sizeof *numbers, TSP_LAYOUT_LINE);
    if (numbers == NULL) {
        return -1;
    }
    shape.field = shape.field == 0 ? objects : shape.field;
    *scan = (struct scan){
        .numbers = numbers, .shape = shape, .count = count, .fields = (size_t)tsp_param_int(bench, "fields")};
    for (size_t i = 0; i < objects * FIELDS; ++i) {
        numbers[place(&shape, i / FIELDS, i % FIELDS)] = value(i / FIELDS, i % FIELDS);
    }
    bench->state = scan;
    bench->items = OBJECTS;
    bench->item_unit = "object";
    tsp_report(bench, "lines", "lines", object_lines(scan));
    return 0;
}

/* Whole passes, and the part of one. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct scan *scan = bench->state;
    unsigned long passes = (unsigned long)(ops / scan->count);
    unsigned long expected = 0;
    for (size_t o = 0; o < scan->count * OBJECTS; ++o) {
        for (size_t f = 0; f < scan->fields; ++f) {
            expected += value(o, f) * (passes + (o / OBJECTS < ops % scan->count));
        }
    }
    return scan->sum == expected ? 0
                                 : tsp_fail(bench, "the fields add up to %lu, not %lu", scan->sum, expected);
}

/* The distances from op to op, object to object, field to field; 0: as many as there are objects, which the body is told. */
#define SCAN(id, text, op, object, field, body_field)                                                        \
    BODY(id, 1, op, object, body_field)                                                                      \
    BODY(id, 4, op, object, body_field)                                                                      \
    BODY(id, 8, op, object, body_field)                                                                      \
    static tsp_body *const id##_bodies[] = {id##_1, id##_4, id##_8};                                         \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return setup(bench, (struct shape){op, object, field});                                              \
    }                                                                                                        \
    TSP_KERNEL(.family = "layout", .kernel = "scan", .variant = #id, .summary = text,                        \
               .params = {{"fields", "1,4,8"}, {"ws", "l1,l2,llc,dram"}}, .runs = id##_bodies,               \
               .setup = id##_setup, .check = check, .memory_bytes = TSP_LAYOUT_MEMORY,                       \
               .implementation = "C")
SCAN(aos, "reading fields of an array of structs", OBJECTS *FIELDS, FIELDS, 1, 1);
SCAN(soa, "reading fields of a struct of arrays", OBJECTS, 1, 0, scan->shape.field);
SCAN(aosoa, "reading fields of an array of structs of arrays of 8", OBJECTS *FIELDS, 1, OBJECTS, OBJECTS);
