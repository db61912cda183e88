/* On which CPUs a case runs, by its parameters. */
#include "measure/place.h"

#include <inttypes.h>
#include <string.h>

static const struct tsp_value *value_of(const struct tsp_case *tcase, const char *name) {
    for (unsigned i = 0; i < tcase->value_count; ++i) {
        if (strcmp(tcase->values[i].name, name) == 0) {
            return &tcase->values[i];
        }
    }
    return NULL;
}

int64_t tsp_case_threads(const struct tsp_case *tcase) {
    const struct tsp_value *threads = value_of(tcase, "threads");
    if (threads != NULL) {
        return threads->number;
    }
    return value_of(tcase, "place") != NULL ? 2 : 1;
}

int tsp_case_place(const struct tsp_case *tcase, const struct tsp_topology *topology, int cpu,
                   struct tsp_placement *placement, struct tsp_error *error) {
    const struct tsp_value *place = value_of(tcase, "place");
    int64_t threads = tsp_case_threads(tcase);
    memset(placement, 0, sizeof *placement);
    if (threads < 1 || threads > TSP_CREW_MAX) {
        return tsp_error_set(error, "a case has 1 to %d threads, not %" PRId64, TSP_CREW_MAX, threads);
    }
    if (threads == 1 && place != NULL && strcmp(place->text, "same-cpu") != 0) {
        return tsp_error_set(error, "one thread shares nothing: it is measured under place=same-cpu");
    }
    if (topology == NULL) {
        return 0;
    }
    return tsp_placement_choose(topology, (unsigned)threads, place == NULL ? NULL : place->text, cpu,
                                placement, error);
}
