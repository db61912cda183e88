/* What is compared: a metric, and which figure of its rounds. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "transept/comparison.h"

static const char *const statistics[] = {
    [TSP_STATISTIC_P50] = "p50",   [TSP_STATISTIC_P95] = "p95", [TSP_STATISTIC_P99] = "p99",
    [TSP_STATISTIC_P999] = "p999", [TSP_STATISTIC_MIN] = "min", [TSP_STATISTIC_MEAN] = "mean",
};

const char *tsp_statistic_name(enum tsp_statistic statistic) {
    return statistics[statistic];
}

/* Names of metrics may have a colon of their own ("instructions:u"): only what names a statistic is one. */
int tsp_question_metric(struct tsp_question *question, const char *text, struct tsp_error *error) {
    size_t length = strlen(text);
    const char *colon = strrchr(text, ':');
    for (size_t i = 0; colon != NULL && i < sizeof statistics / sizeof *statistics; ++i) {
        if (strcmp(colon + 1, statistics[i]) == 0) {
            question->statistic = (enum tsp_statistic)i;
            length = (size_t)(colon - text);
        }
    }
    if (length == 0 || length >= sizeof question->metric) {
        return tsp_error_set(
            error,
            "'%.60s' is no metric; name one of the records', perhaps with p50, p95, p99, p999, min or mean: time:p95",
            text);
    }
    (void)snprintf(question->metric, sizeof question->metric, "%.*s", (int)length, text);
    return 0;
}

double tsp_statistic_of(const struct tsp_description *description, enum tsp_statistic statistic) {
    switch (statistic) {
    case TSP_STATISTIC_P50:
        return description->p50.value;
    case TSP_STATISTIC_P95:
        return description->p95.value;
    case TSP_STATISTIC_P99:
        return description->p99.value;
    case TSP_STATISTIC_P999:
        return description->p999.value;
    case TSP_STATISTIC_MIN:
        return description->min;
    case TSP_STATISTIC_MEAN:
        return description->mean;
    }
    return NAN;
}
