/*
 * Where the fields of a struct lie: size, alignment, padding and each offset, as this compiler lays it out; `check` works the same out
 * by the rules of the psABI. Facts alone: nothing is timed.
 */
#include <stddef.h>

#include <transept/kernel.h>

/* What the psABIs say of alignment (System V for x86_64, AAPCS64, RISC-V ELF, ELFv2, System V for s390x, AAPCS32): a type's own size, with
 * this one exception among those used here. */
#if defined(__s390x__)
#define LONG_DOUBLE_ALIGN 8
#elif defined(__arm__)
#define LONG_DOUBLE_ALIGN 8 /* where it is a double */
#else
#define LONG_DOUBLE_ALIGN 16
#endif

/* Structs as lists: x(struct, type, field, alignment by the psABI) */
#define WIDE_LAST(x, s)                                                                                      \
    x(s, uint8_t, u8, 1) x(s, uint64_t, u64, 8) x(s, uint32_t, u32, 4) x(s, double, f64, 8)
#define WIDE_FIRST(x, s)                                                                                     \
    x(s, uint64_t, u64, 8) x(s, double, f64, 8) x(s, uint32_t, u32, 4) x(s, uint8_t, u8, 1)
#define SMALL(x, s) x(s, uint8_t, u8, 1) x(s, uint16_t, u16, 2) x(s, uint8_t, b8, 1) x(s, uint32_t, u32, 4)
#define NATIVE(x, s)                                                                                         \
    x(s, int, i, 4) x(s, long, l, sizeof(long)) x(s, int, j, 4) x(s, void *, p, sizeof(void *))
#define LONG_DOUBLE(x, s) x(s, uint8_t, u8, 1) x(s, long double, ld, LONG_DOUBLE_ALIGN) x(s, uint32_t, u32, 4)
#define EIGHT(x, s)                                                                                          \
    x(s, uint8_t, a, 1) x(s, double, b, 8) x(s, uint16_t, c, 2) x(s, uint64_t, d, 8) x(s, uint8_t, e, 1)     \
        x(s, uint32_t, f, 4) x(s, uint8_t, g, 1) x(s, float, h, 4)

/* x(id, name, list) */
#define STRUCTS(x)                                                                                           \
    x(wide_last, "wide-last", WIDE_LAST) x(wide_first, "wide-first", WIDE_FIRST) x(small, "small", SMALL)    \
        x(native, "native", NATIVE) x(long_double, "long-double", LONG_DOUBLE) x(eight, "eight", EIGHT)

/* A field as the compiler placed it, and the alignment that the psABI wants for it. */
struct field {
    const char *metric;
    size_t offset;
    size_t size;
    size_t align;
};

/* The layout of one struct; `fields` ends with a field without a metric. */
struct layout {
    size_t size;
    size_t align;
    const struct field *fields;
};

static int report(struct tsp_bench *bench, const struct layout *layout) {
    size_t padding = layout->size;
    tsp_report(bench, "size", "bytes", (double)layout->size);
    tsp_report(bench, "align", "bytes", (double)layout->align);
    for (const struct field *field = layout->fields; field->metric != NULL; ++field) {
        padding -= field->size;
        tsp_report(bench, field->metric, "bytes", (double)field->offset);
    }
    tsp_report(bench, "padding", "bytes", (double)padding);
    return 0;
}

static size_t round_up(size_t bytes, size_t align) {
    return (bytes + align - 1) / align * align;
}

/* Each field at the next multiple of its alignment, the whole a multiple of the strictest. */
static int check_layout(struct tsp_bench *bench, const struct layout *layout) {
    size_t end = 0;
    size_t align = 1;
    for (const struct field *field = layout->fields; field->metric != NULL; ++field) {
        size_t expected = round_up(end, field->align);
        if (field->offset != expected) {
            return tsp_fail(bench, "%s is %zu, by the psABI it is %zu", field->metric, field->offset,
                            expected);
        }
        end = expected + field->size;
        align = field->align > align ? field->align : align;
    }
    if (layout->align != align || layout->size != round_up(end, align)) {
        return tsp_fail(bench, "%zu bytes on multiples of %zu, by the psABI %zu on %zu", layout->size,
                        layout->align, round_up(end, align), align);
    }
    return 0;
}

#define DECLARE(s, type, name, align)  type name;
#define DESCRIBE(s, type, name, align) {"offset:" #name, offsetof(struct s, name), sizeof(type), align},

#define STRUCT(id, name, list)                                                                               \
    struct id {                                                                                              \
        list(DECLARE, id)                                                                                    \
    };                                                                                                       \
    static const struct field id##_fields[] = {list(DESCRIBE, id){NULL, 0, 0, 0}};                           \
    static const struct layout id##_layout = {sizeof(struct id), _Alignof(struct id), id##_fields};          \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return report(bench, &id##_layout);                                                                  \
    }                                                                                                        \
    static int id##_check(struct tsp_bench *bench, uint64_t ops) {                                           \
        (void)ops;                                                                                           \
        return check_layout(bench, &id##_layout);                                                            \
    }                                                                                                        \
    TSP_KERNEL(.family = "layout", .kernel = "fields", .variant = name,                                      \
               .summary = "size, padding and offsets of a struct", .mode = TSP_MODE_FACTS,                   \
               .setup = id##_setup, .check = id##_check, .implementation = "compiler, psABI");
STRUCTS(STRUCT)
