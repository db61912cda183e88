/* Why a case cannot run here: what `list` shows and `run` obeys. */
#include <stdio.h>
#include <string.h>

#include "measure/bench.h"
#include "measure/place.h"
#include "transept/measure.h"

/* A working set that this machine cannot have. */
static const char *missing_level(const struct tsp_case *tcase, const struct tsp_env *env) {
    for (unsigned i = 0; i < tcase->value_count; ++i) {
        if (strcmp(tcase->values[i].name, "ws") == 0 && tsp_env_ws_bytes(env, tcase->values[i].text) == 0) {
            return tcase->values[i].text;
        }
    }
    return NULL;
}

const char *tsp_case_obstacle(const struct tsp_case *tcase, const struct tsp_env *env,
                              const struct tsp_topology *topology, int cpu, char *reason, size_t size) {
    const struct tsp_kernel *kernel = tcase->kernel;
    uint64_t missing = kernel->needs & ~env->features;
    if (missing != 0) {
        return tsp_features_explain(missing, reason, size);
    }
    struct tsp_bench bench;
    tsp_bench_open(&bench, tcase, env, 0, NULL);
    const char *level = missing_level(tcase, env);
    const char *unfit = kernel->unfit == NULL || level != NULL ? NULL : kernel->unfit(&bench);
    if (kernel->mode != TSP_MODE_FACTS && tsp_bench_body(&bench) == NULL) {
        /* The kernel may know why; it is not asked about a working set that there is not. */
        (void)snprintf(reason, size, "%s%s", unfit != NULL ? "" : "has no form for ",
                       unfit != NULL ? unfit : TSP_ISA_NAME);
        return reason;
    }
    if (level != NULL && strcmp(level, "dram") == 0) {
        (void)snprintf(reason, size, "twice the last cache is more memory than a case may take here");
        return reason;
    }
    if (level != NULL) {
        (void)snprintf(reason, size, "this machine shows no %s cache", level);
        return reason;
    }
    if (unfit != NULL) {
        (void)snprintf(reason, size, "%s", unfit);
        return reason;
    }
    struct tsp_placement placement;
    struct tsp_error error;
    if (tsp_case_place(tcase, topology, cpu, &placement, &error) != 0) {
        (void)snprintf(reason, size, "%s", error.text);
        return reason;
    }
    return NULL;
}

const char *tsp_case_caveat(const struct tsp_case *tcase, const struct tsp_env *env, char *reason,
                            size_t size) {
    char why[TSP_REASON_MAX / 2];
    uint64_t missing = tcase->kernel->shows & ~env->features;
    if (missing == 0) {
        return NULL;
    }
    (void)snprintf(reason, size, "cannot show what it looks for: %s",
                   tsp_features_explain(missing, why, sizeof why));
    return reason;
}
