/* What can be measured: the kernels that the linker collected, and the cases that they make. */
#ifndef TRANSEPT_REGISTRY_H
#define TRANSEPT_REGISTRY_H

#include <stddef.h>

#include "transept/error.h"
#include "transept/kernel.h"

/** A kernel's variant at one set of parameters. `id` is "family/kernel/variant[/param=value…]". */
struct tsp_case {
    const struct tsp_kernel *kernel;
    unsigned value_count;
    struct tsp_value values[TSP_PARAMS_MAX];
    char id[TSP_ID_MAX];
};

/** All cases, ordered by family, kernel, file, place within the file and parameters. */
struct tsp_registry {
    struct tsp_case *cases;
    size_t count;
};

/** The kernels linked into this program. Returns their number; `*kernels` points to static memory. */
size_t tsp_registry_linked(const struct tsp_kernel *const **kernels);

/**
 * Expands kernels into cases. Fails, naming the kernel and its file, on a missing name, run or check, a malformed parameter
 * axis, or two cases with the same id. The caller frees with tsp_registry_free().
 */
int tsp_registry_build(struct tsp_registry *registry, const struct tsp_kernel *const *kernels, size_t count,
                       struct tsp_error *error);
void tsp_registry_free(struct tsp_registry *registry);

/** The case with that id, or NULL. */
const struct tsp_case *tsp_registry_find(const struct tsp_registry *registry, const char *id);

#endif
