/* The hot functions of the shared object; the state of each is what its calls add up to. */
#include <transept/kernel.h>

#include "callees.h"

TSP_SHARED_ARM tsp_body tsp_shared_call_plt;
tsp_body tsp_shared_tls_initial_exec, tsp_shared_tls_general_dynamic;

void tsp_shared_call_plt(void *state, uint64_t ops) {
    long x = *(long *)state;
    TSP_REPEAT(ops, x = tsp_shared_step(x));
    *(long *)state = x;
}

#define READ(model)                                                                                          \
    void tsp_shared_tls_##model(void *state, uint64_t ops) {                                                 \
        long sum = *(long *)state;                                                                           \
        TSP_REPEAT(ops, sum += tsp_shared_read_##model(); TSP_HIDE(sum));                                    \
        *(long *)state = sum;                                                                                \
    }
READ(initial_exec)
READ(general_dynamic)
