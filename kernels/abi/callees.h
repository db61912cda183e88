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

/* x(n) for each count of arguments from 1. */
#define TSP_ABI_EACH_COUNT(x)                                                                                \
    x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(10) x(11) x(12) x(13) x(14) x(15) x(16)

/** tsp_abi_ints_0() returns 1; tsp_abi_ints_<n>(…), of n words, returns its last argument. */
#define TSP_ABI_LONG(i)         long
#define TSP_ABI_DECLARE_INTS(n) TSP_ABI_CALLEE long tsp_abi_ints_##n(TSP_ABI_LIST_##n(TSP_ABI_LONG));
TSP_ABI_CALLEE long tsp_abi_ints_0(void);
TSP_ABI_EACH_COUNT(TSP_ABI_DECLARE_INTS)

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

/** Structs of 8 … 128 bytes; the sum of their first and their last word, given by value and by address. */
#define TSP_ABI_WORDS(bytes) ((bytes) / sizeof(unsigned long))
#define TSP_ABI_DECLARE_STRUCT(bytes)                                                                        \
    struct TSP_ABI_ALIGNED_##bytes tsp_abi_##bytes {                                                         \
        unsigned long words[TSP_ABI_WORDS(bytes)];                                                           \
    };                                                                                                       \
    TSP_ABI_CALLEE unsigned long tsp_abi_value_##bytes(struct tsp_abi_##bytes object);                       \
    TSP_ABI_CALLEE unsigned long tsp_abi_pointer_##bytes(const struct tsp_abi_##bytes *object);
TSP_ABI_EACH_SIZE(TSP_ABI_DECLARE_STRUCT)

#endif
