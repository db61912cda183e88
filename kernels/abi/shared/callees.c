/* The callees of the shared object. */
#include "callees.h"

/* The models are those that the names say, not what the compiler or the linker would choose: general-dynamic stays that only for a
 * variable that others can see. GCC forgets a model that is not stated where the variable is defined. */
TSP_SHARED_HIDDEN __thread long tsp_shared_initial_exec __attribute__((tls_model("initial-exec"))) = 3;
__thread long tsp_shared_general_dynamic __attribute__((tls_model("global-dynamic"))) = 3;

long tsp_shared_step(long x) {
    return x + 1;
}

long tsp_shared_read_initial_exec(void) {
    return tsp_shared_initial_exec;
}

long tsp_shared_read_general_dynamic(void) {
    return tsp_shared_general_dynamic;
}
