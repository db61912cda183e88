/*
 * A struct as a result, by value and into the caller's. By value it comes in registers while the ABI has any for it; beyond that the caller
 * passes the address of a place for it, which is what `pointer` does by hand.
 */
#include <transept/kernel.h>

#include "callees.h"

#define WORD 3UL

/* The callee sets every word; the caller reads the first and the last. One object serves all calls, as in hfa.c. */
#define BODY(id, bytes, ...)                                                                                 \
    static void id##_##bytes(void *state, uint64_t ops) {                                                    \
        unsigned long word = WORD;                                                                           \
        unsigned long sum = 0;                                                                               \
        struct tsp_abi_##bytes object;                                                                       \
        TSP_HIDE(word);                                                                                      \
        TSP_REPEAT(ops, __VA_ARGS__; sum += object.words[0] + object.words[TSP_ABI_WORDS(bytes) - 1];        \
                   TSP_HIDE(sum));                                                                           \
        *(unsigned long *)state += sum;                                                                      \
    }
#define BODIES(bytes)                                                                                        \
    BODY(value, bytes, object = tsp_abi_make_##bytes(word))                                                  \
    BODY(pointer, bytes, tsp_abi_fill_##bytes(&object, word))
TSP_ABI_EACH_SIZE(BODIES)

#define NAME_VALUE(bytes)   value_##bytes,
#define NAME_POINTER(bytes) pointer_##bytes,
static tsp_body *const by_value[] = {TSP_ABI_EACH_SIZE(NAME_VALUE)};
static tsp_body *const by_pointer[] = {TSP_ABI_EACH_SIZE(NAME_POINTER)};

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(unsigned long), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long sum = *(const unsigned long *)bench->state;
    unsigned long expected = (unsigned long)ops * 2 * WORD; /* first and last word */
    return sum == expected ? 0 : tsp_fail(bench, "the results add up to %lu, not %lu", sum, expected);
}

TSP_KERNEL(.family = "abi", .kernel = "struct-return", .variant = "value",
           .summary = "a struct returned by value, by size", .params = {{"size", "8,16,24,32,64,128"}},
           .runs = by_value, .setup = setup, .check = check, .implementation = "compiler, psABI");
TSP_KERNEL(.family = "abi", .kernel = "struct-return", .variant = "pointer",
           .summary = "a struct of the caller's, filled by the callee",
           .params = {{"size", "8,16,24,32,64,128"}}, .runs = by_pointer, .setup = setup, .check = check,
           .implementation = "compiler, psABI");
