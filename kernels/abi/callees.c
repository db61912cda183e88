/* As little as a function can do and still need its arguments: what is left is the passing itself. No callee stores. */
#include "callees.h"

#define PARAMETER(i) __attribute__((unused)) long a##i
#define DEFINE_INTS(n)                                                                                       \
    long tsp_abi_ints_##n(TSP_ABI_LIST_##n(PARAMETER)) {                                                     \
        return a##n;                                                                                         \
    }

long tsp_abi_ints_0(void) {
    return 1;
}
TSP_ABI_EACH_COUNT(DEFINE_INTS)

#define DEFINE_STRUCT(bytes)                                                                                 \
    unsigned long tsp_abi_value_##bytes(struct tsp_abi_##bytes object) {                                     \
        return object.words[0] + object.words[TSP_ABI_WORDS(bytes) - 1];                                     \
    }                                                                                                        \
    unsigned long tsp_abi_pointer_##bytes(const struct tsp_abi_##bytes *object) {                            \
        return object->words[0] + object->words[TSP_ABI_WORDS(bytes) - 1];                                   \
    }
TSP_ABI_EACH_SIZE(DEFINE_STRUCT)
