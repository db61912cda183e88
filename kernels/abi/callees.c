/* As little as a function can do and still need its arguments: what is left is the passing itself. No callee stores but what it returns. */
#include "callees.h"

#include <stdarg.h>

#define PARAMETER(i) __attribute__((unused)) long a##i
#define DEFINE_INTS(n)                                                                                       \
    long tsp_abi_ints_##n(TSP_ABI_LIST_##n(PARAMETER)) {                                                     \
        return a##n;                                                                                         \
    }

long tsp_abi_ints_0(void) {
    return 1;
}
TSP_ABI_EACH_COUNT(DEFINE_INTS)

#define PARAMETER_FLOAT(i) __attribute__((unused)) double a##i
#define DEFINE_FLOATS(n)                                                                                     \
    double tsp_abi_floats_##n(TSP_ABI_LIST_##n(PARAMETER_FLOAT)) {                                           \
        return a##n + 1;                                                                                     \
    }

double tsp_abi_floats_0(void) {
    return 1;
}
TSP_ABI_EACH_COUNT(DEFINE_FLOATS)

#define PARAMETER_PAIR(i) PARAMETER(i), __attribute__((unused)) double b##i
#define DEFINE_MIXED(pairs)                                                                                  \
    double tsp_abi_mixed_##pairs(TSP_ABI_LIST_##pairs(PARAMETER_PAIR)) {                                     \
        return b##pairs + 1;                                                                                 \
    }
TSP_ABI_EACH_PAIRS(DEFINE_MIXED)

#define DEFINE_STRUCT(bytes)                                                                                 \
    unsigned long tsp_abi_value_##bytes(struct tsp_abi_##bytes object) {                                     \
        return object.words[0] + object.words[TSP_ABI_WORDS(bytes) - 1];                                     \
    }                                                                                                        \
    unsigned long tsp_abi_pointer_##bytes(const struct tsp_abi_##bytes *object) {                            \
        return object->words[0] + object->words[TSP_ABI_WORDS(bytes) - 1];                                   \
    }                                                                                                        \
    struct tsp_abi_##bytes tsp_abi_make_##bytes(unsigned long word) {                                        \
        return (struct tsp_abi_##bytes){{TSP_ABI_COPIES_##bytes(word)}};                                     \
    }                                                                                                        \
    void tsp_abi_fill_##bytes(struct tsp_abi_##bytes *object, unsigned long word) {                          \
        *object = (struct tsp_abi_##bytes){{TSP_ABI_COPIES_##bytes(word)}};                                  \
    }
TSP_ABI_EACH_SIZE(DEFINE_STRUCT)

#define DEFINE_HFA(n)                                                                                        \
    double tsp_abi_hfa_value_##n(struct tsp_abi_hfa_##n object) {                                            \
        return TSP_ABI_HFA_SUM(n, object);                                                                   \
    }                                                                                                        \
    double tsp_abi_hfa_pointer_##n(const struct tsp_abi_hfa_##n *object) {                                   \
        return TSP_ABI_HFA_SUM(n, *object);                                                                  \
    }                                                                                                        \
    struct tsp_abi_hfa_##n tsp_abi_hfa_make_##n(double value) {                                              \
        return (struct tsp_abi_hfa_##n){TSP_ABI_COPIES_OF_##n(value)};                                       \
    }                                                                                                        \
    void tsp_abi_hfa_fill_##n(struct tsp_abi_hfa_##n *object, double value) {                                \
        *object = (struct tsp_abi_hfa_##n){TSP_ABI_COPIES_OF_##n(value)};                                    \
    }
TSP_ABI_EACH_HFA(DEFINE_HFA)

long tsp_abi_step(long x) {
    return x + 1;
}

long tsp_abi_step_variadic(int count, ...) {
    va_list arguments;
    va_start(arguments, count);
    long x = va_arg(arguments, long);
    va_end(arguments);
    return x + 1;
}

/* The addition keeps the call from being a jump. */
long tsp_abi_apply(long (*step)(long), long x) {
    return step(x) + 1;
}

int tsp_abi_add(int a, int b) {
    return a + b;
}

/* Both can be written to from elsewhere, as far as a compiler knows. The model stands where the variable is defined: GCC forgets one that
 * was only declared. */
TSP_ABI_CALLEE long tsp_abi_plain_variable = 3;
TSP_ABI_CALLEE __thread long tsp_abi_thread_variable __attribute__((tls_model("local-exec"))) = 3;

long tsp_abi_tls_none(void) {
    return tsp_abi_plain_variable;
}

long tsp_abi_tls_local_exec(void) {
    return tsp_abi_thread_variable;
}
