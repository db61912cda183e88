/* From the kernels that the linker collected to the cases they make. */
#include "transept/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/axis.h"

/*
 * The linker makes these two symbols for a section whose name is a C identifier (GNU ld manual, "Input Section Example"). Weak, so that
 * a program without a single kernel links as well.
 */
extern const struct tsp_kernel *const __start_tsp_kernels[] __attribute__((weak, visibility("hidden")));
extern const struct tsp_kernel *const __stop_tsp_kernels[] __attribute__((weak, visibility("hidden")));

size_t tsp_registry_linked(const struct tsp_kernel *const **kernels) {
    *kernels = __start_tsp_kernels;
    // cppcheck-suppress comparePointers ; the linker puts both at the ends of one section
    return (size_t)(__stop_tsp_kernels - __start_tsp_kernels);
}

/* By family, kernel and file, and within a file as it was written: the compiler may lay out its entries in any order. */
static int compare_names(const struct tsp_kernel *a, const struct tsp_kernel *b) {
    int order = strcmp(a->family, b->family);
    order = order != 0 ? order : strcmp(a->kernel, b->kernel);
    order = order != 0 || a->source == NULL || b->source == NULL ? order : strcmp(a->source, b->source);
    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static int check_kernel(const struct tsp_kernel *kernel, struct tsp_error *error) {
    const char *source = kernel->source == NULL ? "(a kernel without source)" : kernel->source;
    if (!tsp_axis_word(kernel->family) || !tsp_axis_word(kernel->kernel) || !tsp_axis_word(kernel->variant)) {
        return tsp_error_set(error, "%s: a kernel needs .family, .kernel and .variant of A-Z a-z 0-9 _ . + -",
                             source);
    }
    if (kernel->check == NULL) {
        return tsp_error_set(error, "%s: %s/%s/%s has no .check; a kernel proves that its work was done",
                             source, kernel->family, kernel->kernel, kernel->variant);
    }
    if (kernel->run == NULL && kernel->runs == NULL && kernel->needs == 0 && kernel->mode != TSP_MODE_FACTS) {
        return tsp_error_set(
            error,
            "%s: %s/%s/%s has neither .run nor .runs: give one, .needs that rule it out here, or .mode = TSP_MODE_FACTS",
            source, kernel->family, kernel->kernel, kernel->variant);
    }
    if (kernel->runs != NULL && kernel->params[0].name == NULL) {
        return tsp_error_set(error,
                             "%s: %s/%s/%s has .runs, one a value of its first parameter, but no parameter",
                             source, kernel->family, kernel->kernel, kernel->variant);
    }
    return 0;
}

static int make_id(struct tsp_case *tcase, struct tsp_error *error) {
    const struct tsp_kernel *kernel = tcase->kernel;
    int used =
        snprintf(tcase->id, sizeof tcase->id, "%s/%s/%s", kernel->family, kernel->kernel, kernel->variant);
    for (unsigned i = 0; i < tcase->value_count && used >= 0 && (size_t)used < sizeof tcase->id; ++i) {
        used += snprintf(tcase->id + used, sizeof tcase->id - (size_t)used, "/%s=%s", tcase->values[i].name,
                         tcase->values[i].text);
    }
    if (used < 0 || (size_t)used >= sizeof tcase->id) {
        return tsp_error_set(error, "%s: the id of a case of %s/%s is over %d bytes; shorten its names",
                             kernel->source, kernel->family, kernel->kernel, TSP_ID_MAX - 1);
    }
    return 0;
}

static struct tsp_case *grow(struct tsp_registry *registry, struct tsp_error *error) {
    if ((registry->count & (registry->count - 1)) == 0) { /* room doubles at each power of two */
        size_t room = registry->count == 0 ? 1 : registry->count * 2;
        struct tsp_case *cases = reallocarray(registry->cases, room, sizeof *cases);
        if (cases == NULL) {
            (void)tsp_error_set(error, "no memory for %zu cases", room);
            return NULL;
        }
        registry->cases = cases;
    }
    struct tsp_case *tcase = &registry->cases[registry->count++];
    memset(tcase, 0, sizeof *tcase);
    return tcase;
}

/* All combinations of the axes, the last one turning fastest. */
static int add_combinations(struct tsp_registry *registry, const struct tsp_kernel *kernel,
                            const struct tsp_axis *axes, unsigned axis_count, struct tsp_error *error) {
    unsigned at[TSP_PARAMS_MAX] = {0};
    for (;;) {
        struct tsp_case *tcase = grow(registry, error);
        if (tcase == NULL) {
            return -1;
        }
        tcase->kernel = kernel;
        tcase->value_count = axis_count;
        for (unsigned i = 0; i < axis_count; ++i) {
            tcase->values[i] = axes[i].values[at[i]];
        }
        if (make_id(tcase, error) != 0) {
            return -1;
        }
        unsigned turning = axis_count;
        while (turning > 0 && ++at[turning - 1] == axes[turning - 1].count) {
            at[--turning] = 0;
        }
        if (turning == 0) {
            return 0;
        }
    }
}

static int add_kernel(struct tsp_registry *registry, const struct tsp_kernel *kernel,
                      struct tsp_error *error) {
    struct tsp_axis *axes = calloc(TSP_PARAMS_MAX, sizeof *axes);
    if (axes == NULL) {
        return tsp_error_set(error, "no memory for the parameters of %s/%s", kernel->family, kernel->kernel);
    }
    unsigned count = 0;
    int status = 0;
    while (status == 0 && count < TSP_PARAMS_MAX && kernel->params[count].name != NULL) {
        status = tsp_axis_parse(&axes[count], &kernel->params[count], error);
        ++count;
    }
    if (status != 0) {
        (void)tsp_error_prefix(error, "%s: %s/%s/%s", kernel->source, kernel->family, kernel->kernel,
                               kernel->variant);
    } else {
        status = add_combinations(registry, kernel, axes, count, error);
    }
    free(axes);
    return status;
}

static int compare_ids(const void *a, const void *b) {
    return strcmp((*(const struct tsp_case *const *)a)->id, (*(const struct tsp_case *const *)b)->id);
}

static int refuse_duplicates(const struct tsp_registry *registry, struct tsp_error *error) {
    const struct tsp_case **sorted = calloc(registry->count + 1, sizeof(const struct tsp_case *));
    if (sorted == NULL) {
        return tsp_error_set(error, "no memory for %zu cases", registry->count);
    }
    for (size_t i = 0; i < registry->count; ++i) {
        sorted[i] = &registry->cases[i];
    }
    qsort(sorted, registry->count, sizeof(const struct tsp_case *), compare_ids);
    int status = 0;
    for (size_t i = 1; i < registry->count && status == 0; ++i) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            status = tsp_error_set(error, "%s and %s both register '%s'; rename one variant",
                                   sorted[i - 1]->kernel->source, sorted[i]->kernel->source, sorted[i]->id);
        }
    }
    free(sorted);
    return status;
}

/* Insertion sort: it keeps the order of equals, and there are hundreds, once. */
static void sort_kernels(const struct tsp_kernel **kernels, size_t count) {
    for (size_t i = 1; i < count; ++i) {
        const struct tsp_kernel *moving = kernels[i];
        size_t to = i;
        for (; to > 0 && compare_names(kernels[to - 1], moving) > 0; --to) {
            kernels[to] = kernels[to - 1];
        }
        kernels[to] = moving;
    }
}

int tsp_registry_build(struct tsp_registry *registry, const struct tsp_kernel *const *kernels, size_t count,
                       struct tsp_error *error) {
    memset(registry, 0, sizeof *registry);
    const struct tsp_kernel **sorted = calloc(count + 1, sizeof(const struct tsp_kernel *));
    if (sorted == NULL) {
        return tsp_error_set(error, "no memory for %zu kernels", count);
    }
    int status = 0;
    for (size_t i = 0; i < count && status == 0; ++i) {
        sorted[i] = kernels[i];
        status = check_kernel(kernels[i], error);
    }
    if (status == 0) {
        sort_kernels(sorted, count);
    }
    for (size_t i = 0; i < count && status == 0; ++i) {
        status = add_kernel(registry, sorted[i], error);
    }
    if (status == 0) {
        status = refuse_duplicates(registry, error);
    }
    free(sorted);
    if (status != 0) {
        tsp_registry_free(registry);
    }
    return status;
}

void tsp_registry_free(struct tsp_registry *registry) {
    free(registry->cases);
    memset(registry, 0, sizeof *registry);
}

const struct tsp_case *tsp_registry_find(const struct tsp_registry *registry, const char *id) {
    for (size_t i = 0; i < registry->count; ++i) {
        if (strcmp(registry->cases[i].id, id) == 0) {
            return &registry->cases[i];
        }
    }
    return NULL;
}
