/* The suites of bench/suites, the workloads of bench/workloads and the claims of bench/claims, embedded by the build (cmake/EmbedSuites.cmake). */
#ifndef TRANSEPT_PLAN_SUITES_H
#define TRANSEPT_PLAN_SUITES_H

#include <stddef.h>

/** One YAML file; the table ends with a NULL name. */
struct tsp_embedded_suite {
    const char *name;
    const unsigned char *yaml;
    size_t size;
};

extern const struct tsp_embedded_suite tsp_embedded_suites[];
extern const struct tsp_embedded_suite tsp_embedded_workloads[];
extern const struct tsp_embedded_suite tsp_embedded_claims[];

#endif
