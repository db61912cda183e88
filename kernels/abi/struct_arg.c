/*
 * A struct as an argument, by value and by address. By value it is free while the ABI passes it in registers, and copied through
 * memory for each call beyond that; by address the callee reads the one that exists.
 */
#include <transept/kernel.h>

#include "callees.h"

#define WORD 3UL

struct passing {
    unsigned long sum;
    union {
        struct tsp_abi_8 of_8;
        struct tsp_abi_16 of_16;
        struct tsp_abi_24 of_24;
        struct tsp_abi_32 of_32;
        struct tsp_abi_64 of_64;
        struct tsp_abi_128 of_128;
    } object;
};

/* The object passed by value is the caller's own: where its words are, in registers or in the frame, is the compiler's choice. `word` and
 * `object` are hidden, for a constant could be passed without either. */
#define BODIES(bytes)                                                                                        \
    static void value_##bytes(void *state, uint64_t ops) {                                                   \
        struct passing *passing = state;                                                                     \
        unsigned long word = WORD;                                                                           \
        unsigned long sum = 0;                                                                               \
        TSP_HIDE(word);                                                                                      \
        struct tsp_abi_##bytes object = {{TSP_ABI_COPIES_##bytes(word)}};                                    \
        TSP_REPEAT(ops, sum += tsp_abi_value_##bytes(object); TSP_HIDE(sum));                                \
        passing->sum += sum;                                                                                 \
    }                                                                                                        \
    static void pointer_##bytes(void *state, uint64_t ops) {                                                 \
        struct passing *passing = state;                                                                     \
        const struct tsp_abi_##bytes *object = &passing->object.of_##bytes;                                  \
        unsigned long sum = 0;                                                                               \
        TSP_HIDE(object);                                                                                    \
        TSP_REPEAT(ops, sum += tsp_abi_pointer_##bytes(object); TSP_HIDE(sum));                              \
        passing->sum += sum;                                                                                 \
    }
TSP_ABI_EACH_SIZE(BODIES)

#define NAME_VALUE(bytes)   value_##bytes,
#define NAME_POINTER(bytes) pointer_##bytes,
static tsp_body *const by_value[] = {TSP_ABI_EACH_SIZE(NAME_VALUE)};
static tsp_body *const by_pointer[] = {TSP_ABI_EACH_SIZE(NAME_POINTER)};

static int setup(struct tsp_bench *bench) {
    struct passing *passing = tsp_alloc(bench, sizeof *passing, 64);
    if (passing == NULL) {
        return -1;
    }
    for (size_t i = 0; i < TSP_ABI_WORDS(128); ++i) {
        passing->object.of_128.words[i] = WORD;
    }
    bench->state = passing;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct passing *passing = bench->state;
    unsigned long expected = (unsigned long)ops * 2 * WORD; /* first and last word */
    if (passing->sum != expected) {
        return tsp_fail(bench, "the results add up to %lu, not %lu", passing->sum, expected);
    }
    return 0;
}

TSP_KERNEL(.family = "abi", .kernel = "struct-arg", .variant = "value",
           .summary = "a struct passed by value, by size", .params = {{"size", "8,16,24,32,64,128"}},
           .runs = by_value, .setup = setup, .check = check, .implementation = "compiler, psABI");
TSP_KERNEL(.family = "abi", .kernel = "struct-arg", .variant = "pointer",
           .summary = "a struct passed by address, by size", .params = {{"size", "8,16,24,32,64,128"}},
           .runs = by_pointer, .setup = setup, .check = check, .implementation = "compiler, psABI");
