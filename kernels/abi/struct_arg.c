/*
 * A struct as an argument. `value`: made of what is in registers for each call, as for a function's result that is passed on: free while
 * the ABI passes it in registers, a copy through memory beyond. `pointer`: the address of one that exists, read by the callee.
 */
#include <inttypes.h>

#include <transept/kernel.h>

#include "callees.h"

#define WORD UINT64_C(3)

struct passing {
    uint64_t sum;
    union {
        struct tsp_abi_8 of_8;
        struct tsp_abi_16 of_16;
        struct tsp_abi_24 of_24;
        struct tsp_abi_32 of_32;
        struct tsp_abi_64 of_64;
        struct tsp_abi_128 of_128;
    } object;
};

#define WORDS_8      word
#define WORDS_16     word, word
#define WORDS_24     WORDS_16, WORDS_8
#define WORDS_32     WORDS_16, WORDS_16
#define WORDS_64     WORDS_32, WORDS_32
#define WORDS_128    WORDS_64, WORDS_64
#define VALUE(bytes) tsp_abi_value_##bytes((struct tsp_abi_##bytes){{WORDS_##bytes}})

/* `word` and `object` are hidden, so that each op passes them anew and no constant or pre-built copy stands in. */
#define BODIES(bytes)                                                                                        \
    static void value_##bytes(void *state, uint64_t ops) {                                                   \
        uint64_t word = WORD;                                                                                \
        uint64_t sum = 0;                                                                                    \
        TSP_HIDE(word);                                                                                      \
        TSP_REPEAT(ops, sum += VALUE(bytes); TSP_HIDE(sum));                                                 \
        ((struct passing *)state)->sum += sum;                                                               \
    }                                                                                                        \
    static void pointer_##bytes(void *state, uint64_t ops) {                                                 \
        const struct tsp_abi_##bytes *object = &((struct passing *)state)->object.of_##bytes;                \
        uint64_t sum = 0;                                                                                    \
        TSP_HIDE(object);                                                                                    \
        TSP_REPEAT(ops, sum += tsp_abi_pointer_##bytes(object); TSP_HIDE(sum));                              \
        ((struct passing *)state)->sum += sum;                                                               \
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
    for (unsigned i = 0; i < 16; ++i) {
        passing->object.of_128.words[i] = WORD;
    }
    bench->state = passing;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct passing *passing = bench->state;
    uint64_t expected = ops * 2 * WORD; /* first and last word */
    return passing->sum == expected
               ? 0
               : tsp_fail(bench, "the results add up to %" PRIu64 ", not %" PRIu64, passing->sum, expected);
}

TSP_KERNEL(.family = "abi", .kernel = "struct-arg", .variant = "value",
           .summary = "a struct passed by value, by size", .params = {{"size", "8,16,24,32,64,128"}},
           .runs = by_value, .setup = setup, .check = check, .implementation = "compiler, psABI");
TSP_KERNEL(.family = "abi", .kernel = "struct-arg", .variant = "pointer",
           .summary = "a struct passed by address, by size", .params = {{"size", "8,16,24,32,64,128"}},
           .runs = by_pointer, .setup = setup, .check = check, .implementation = "compiler, psABI");
