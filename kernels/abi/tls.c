/*
 * Reading a thread's own variable by each model of access, and an ordinary one (`none`) to compare with. An op is a direct call of a function
 * that returns the variable: within a loop the compiler would find the address once.
 */
#include "callees.h"
#include "shared_object.h"

#define VALUE 3 /* of each variable */

#define READ(model)                                                                                          \
    static void read_##model(void *state, uint64_t ops) {                                                    \
        struct tsp_abi_shared *shared = state;                                                               \
        long sum = (long)shared->sum;                                                                        \
        TSP_REPEAT(ops, sum += tsp_abi_tls_##model(); TSP_HIDE(sum));                                        \
        shared->sum = (unsigned long)sum;                                                                    \
    }
READ(none)
READ(local_exec)

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct tsp_abi_shared), 64);
    return bench->state == NULL ? -1 : 0;
}

static int setup_initial_exec(struct tsp_bench *bench) {
    return tsp_abi_shared_setup(bench, "tsp_shared_tls_initial_exec");
}

static int setup_general_dynamic(struct tsp_bench *bench) {
    return tsp_abi_shared_setup(bench, "tsp_shared_tls_general_dynamic");
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long expected = (unsigned long)ops * VALUE;
    unsigned long sum = ((const struct tsp_abi_shared *)bench->state)->sum;
    return sum == expected ? 0 : tsp_fail(bench, "the values add up to %lu, not %lu", sum, expected);
}

#define TLS(name, body, prepare, text)                                                                       \
    TSP_KERNEL(.family = "abi", .kernel = "tls", .variant = name, .summary = text, .run = body,              \
               .setup = prepare, .check = check, .implementation = "compiler, psABI")
TLS("none", read_none, setup, "reading an ordinary variable, in a function");
TLS("local-exec", read_local_exec, setup, "reading a thread's variable of the executable");
TLS("initial-exec", tsp_abi_shared_run, setup_initial_exec,
    "reading a thread's variable of a shared object with a place reserved at start");
TLS("general-dynamic", tsp_abi_shared_run, setup_general_dynamic,
    "reading a thread's variable of any shared object");
