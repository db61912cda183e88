/* Functions to be called. They live in an object of their own: no compiler that makes the caller can know what they do. */
#ifndef KERNELS_ABI_CALLEES_H
#define KERNELS_ABI_CALLEES_H

/* Hidden: a direct call, not one by way of the procedure linkage table (that is a case of its own). */
#define TSP_ABI_CALLEE __attribute__((visibility("hidden")))

/* x(1), x(2) … x(n) */
#define TSP_ABI_LIST_1(x)  x(1)
#define TSP_ABI_LIST_2(x)  TSP_ABI_LIST_1(x), x(2)
#define TSP_ABI_LIST_3(x)  TSP_ABI_LIST_2(x), x(3)
#define TSP_ABI_LIST_4(x)  TSP_ABI_LIST_3(x), x(4)
#define TSP_ABI_LIST_5(x)  TSP_ABI_LIST_4(x), x(5)
#define TSP_ABI_LIST_6(x)  TSP_ABI_LIST_5(x), x(6)
#define TSP_ABI_LIST_7(x)  TSP_ABI_LIST_6(x), x(7)
#define TSP_ABI_LIST_8(x)  TSP_ABI_LIST_7(x), x(8)
#define TSP_ABI_LIST_9(x)  TSP_ABI_LIST_8(x), x(9)
#define TSP_ABI_LIST_10(x) TSP_ABI_LIST_9(x), x(10)
#define TSP_ABI_LIST_11(x) TSP_ABI_LIST_10(x), x(11)
#define TSP_ABI_LIST_12(x) TSP_ABI_LIST_11(x), x(12)
#define TSP_ABI_LIST_13(x) TSP_ABI_LIST_12(x), x(13)
#define TSP_ABI_LIST_14(x) TSP_ABI_LIST_13(x), x(14)
#define TSP_ABI_LIST_15(x) TSP_ABI_LIST_14(x), x(15)
#define TSP_ABI_LIST_16(x) TSP_ABI_LIST_15(x), x(16)

/* x(n) for each count of arguments from 1; x(p) for each count of pairs of them. */
#define TSP_ABI_EACH_PAIRS(x) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8)
#define TSP_ABI_EACH_COUNT(x) TSP_ABI_EACH_PAIRS(x) x(9) x(10) x(11) x(12) x(13) x(14) x(15) x(16)

/** tsp_abi_ints_0() returns 1; tsp_abi_ints_<n>(…), of n words, returns its last argument. */
#define TSP_ABI_LONG(i)         long
#define TSP_ABI_DECLARE_INTS(n) TSP_ABI_CALLEE long tsp_abi_ints_##n(TSP_ABI_LIST_##n(TSP_ABI_LONG));
TSP_ABI_CALLEE long tsp_abi_ints_0(void);
TSP_ABI_EACH_COUNT(TSP_ABI_DECLARE_INTS)

/** tsp_abi_floats_0() returns 1; tsp_abi_floats_<n>(…), of n doubles, returns its last argument plus 1. */
#define TSP_ABI_DOUBLE(i)         double
#define TSP_ABI_DECLARE_FLOATS(n) TSP_ABI_CALLEE double tsp_abi_floats_##n(TSP_ABI_LIST_##n(TSP_ABI_DOUBLE));
TSP_ABI_CALLEE double tsp_abi_floats_0(void);
TSP_ABI_EACH_COUNT(TSP_ABI_DECLARE_FLOATS)

/** tsp_abi_mixed_<p>(word, double, word, double, …), of p pairs, returns its last argument plus 1. */
#define TSP_ABI_PAIR(i) long, double
#define TSP_ABI_DECLARE_MIXED(pairs)                                                                         \
    TSP_ABI_CALLEE double tsp_abi_mixed_##pairs(TSP_ABI_LIST_##pairs(TSP_ABI_PAIR));
TSP_ABI_EACH_PAIRS(TSP_ABI_DECLARE_MIXED)

/* x(bytes) for each size of struct. */
#define TSP_ABI_EACH_SIZE(x) x(8) x(16) x(24) x(32) x(64) x(128)

/* GCC for riscv64 sends a struct of two words by way of the stack unless it is aligned like one value of that size; the ABI does not ask
 * for that, and with it the registers are the same. */
#define TSP_ABI_ALIGNED_8
#define TSP_ABI_ALIGNED_24
#define TSP_ABI_ALIGNED_32
#define TSP_ABI_ALIGNED_64
#define TSP_ABI_ALIGNED_128
#ifdef __riscv
#define TSP_ABI_ALIGNED_16 __attribute__((aligned(16)))
#else
#define TSP_ABI_ALIGNED_16
#endif

/* A struct's initialiser: that value in all of its words, in all of its n floats. */
#define TSP_ABI_COPIES_OF_2(value) value, value
#define TSP_ABI_COPIES_OF_3(value) TSP_ABI_COPIES_OF_2(value), value
#define TSP_ABI_COPIES_OF_4(value) TSP_ABI_COPIES_OF_3(value), value
#if __SIZEOF_LONG__ == 8
#define TSP_ABI_COPIES_8(word) word
#else
#define TSP_ABI_COPIES_8(word) word, word
#endif
#define TSP_ABI_COPIES_16(word)  TSP_ABI_COPIES_8(word), TSP_ABI_COPIES_8(word)
#define TSP_ABI_COPIES_24(word)  TSP_ABI_COPIES_16(word), TSP_ABI_COPIES_8(word)
#define TSP_ABI_COPIES_32(word)  TSP_ABI_COPIES_16(word), TSP_ABI_COPIES_16(word)
#define TSP_ABI_COPIES_64(word)  TSP_ABI_COPIES_32(word), TSP_ABI_COPIES_32(word)
#define TSP_ABI_COPIES_128(word) TSP_ABI_COPIES_64(word), TSP_ABI_COPIES_64(word)

/** Structs of 8 … 128 bytes. value, pointer: the sum of the first and the last word of one given by value and by address. make, fill: all
 *  words are `word`, in a struct returned by value and in the caller's. */
#define TSP_ABI_WORDS(bytes) ((bytes) / sizeof(unsigned long))
#define TSP_ABI_DECLARE_STRUCT(bytes)                                                                        \
    struct TSP_ABI_ALIGNED_##bytes tsp_abi_##bytes {                                                         \
        unsigned long words[TSP_ABI_WORDS(bytes)];                                                           \
    };                                                                                                       \
    TSP_ABI_CALLEE unsigned long tsp_abi_value_##bytes(struct tsp_abi_##bytes object);                       \
    TSP_ABI_CALLEE unsigned long tsp_abi_pointer_##bytes(const struct tsp_abi_##bytes *object);              \
    TSP_ABI_CALLEE struct tsp_abi_##bytes tsp_abi_make_##bytes(unsigned long word);                          \
    TSP_ABI_CALLEE void tsp_abi_fill_##bytes(struct tsp_abi_##bytes *object, unsigned long word);
TSP_ABI_EACH_SIZE(TSP_ABI_DECLARE_STRUCT)

/** Homogeneous float aggregates: structs of 2, 3, 4 doubles, with the same four functions. Not arrays: GCC would copy those to the stack and
 * never look at the copy. */
#define TSP_ABI_EACH_HFA(x)        x(2) x(3) x(4)
#define TSP_ABI_FLOATS_2           x, y
#define TSP_ABI_FLOATS_3           x, y, z
#define TSP_ABI_FLOATS_4           x, y, z, w
#define TSP_ABI_LAST_2             y
#define TSP_ABI_LAST_3             z
#define TSP_ABI_LAST_4             w
#define TSP_ABI_HFA_SUM(n, object) ((object).x + (object).TSP_ABI_LAST_##n)
#define TSP_ABI_DECLARE_HFA(n)                                                                               \
    struct tsp_abi_hfa_##n {                                                                                 \
        double TSP_ABI_FLOATS_##n;                                                                           \
    };                                                                                                       \
    TSP_ABI_CALLEE double tsp_abi_hfa_value_##n(struct tsp_abi_hfa_##n object);                              \
    TSP_ABI_CALLEE double tsp_abi_hfa_pointer_##n(const struct tsp_abi_hfa_##n *object);                     \
    TSP_ABI_CALLEE struct tsp_abi_hfa_##n tsp_abi_hfa_make_##n(double value);                                \
    TSP_ABI_CALLEE void tsp_abi_hfa_fill_##n(struct tsp_abi_hfa_##n *object, double value);
TSP_ABI_EACH_HFA(TSP_ABI_DECLARE_HFA)

/** tsp_abi_step(x) and tsp_abi_step_variadic(1, x) are x + 1, tsp_abi_apply(f, x) is f(x) + 1, tsp_abi_add(a, b) is a + b. */
TSP_ABI_CALLEE long tsp_abi_step(long x);
TSP_ABI_CALLEE long tsp_abi_step_variadic(int count, ...);
TSP_ABI_CALLEE long tsp_abi_apply(long (*step)(long), long x);
TSP_ABI_CALLEE int tsp_abi_add(int a, int b);

/** The values (3) of an ordinary variable and of a thread's own in the executable, found by the model local-exec. */
TSP_ABI_CALLEE long tsp_abi_tls_none(void);
TSP_ABI_CALLEE long tsp_abi_tls_local_exec(void);

#endif
