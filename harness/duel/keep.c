/* The figures of a duel's rounds: one value a pair, so that both sides stay pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/side.h"
#include "duel/request.h"

static bool has_time(const struct tsp_round *round) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, "time") == 0) {
            return true;
        }
    }
    return false;
}

static bool is_asked(const struct tsp_question *question, const struct tsp_round_metric *metric, bool timed) {
    if (question->metric[0] != '\0') {
        return strcmp(question->metric, metric->name) == 0;
    }
    return timed ? strcmp(metric->name, "time") == 0 : metric->evidence == TSP_COUNTED;
}

static struct tsp_series *find_series(struct tsp_side_case *place, const struct tsp_round_metric *metric) {
    for (size_t i = 0; i < place->series_count; ++i) {
        if (strcmp(place->series[i].name, metric->name) == 0) {
            return &place->series[i];
        }
    }
    struct tsp_series *all = realloc(place->series, (place->series_count + 1) * sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    place->series = all;
    struct tsp_series *series = &all[place->series_count++];
    bool exact = metric->exact && (metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED);
    *series = (struct tsp_series){.evidence = metric->evidence, .exact = exact};
    (void)snprintf(series->name, sizeof series->name, "%s", metric->name);
    (void)snprintf(series->unit, sizeof series->unit, "%s", metric->unit);
    return series;
}

static int add_value(struct tsp_series *series, double value, struct tsp_error *error) {
    if (series->count == series->room) {
        size_t room = series->room == 0 ? 8 : 2 * series->room;
        double *values = realloc(series->values, room * sizeof *values);
        if (values == NULL) {
            return tsp_side_out_of_memory(error);
        }
        series->values = values;
        series->room = room;
    }
    series->values[series->count++] = value;
    return 0;
}

static int fill_series(struct tsp_series *series, unsigned pairs, struct tsp_error *error) {
    int status = 0;
    while (status == 0 && !series->exact && series->count < pairs) {
        status = add_value(series, NAN, error);
    }
    return status;
}

int tsp_duel_fill(struct tsp_side_case *place, unsigned pairs, struct tsp_error *error) {
    int status = 0;
    for (size_t i = 0; status == 0 && i < place->series_count; ++i) {
        status = fill_series(&place->series[i], pairs, error);
    }
    return status;
}

/* One value for all rounds, or one a pair; of another evidence or unit than the first it is none. */
static int keep_metric(struct tsp_side_case *place, const struct tsp_round_metric *metric, unsigned pair,
                       enum tsp_statistic statistic, struct tsp_error *error) {
    struct tsp_series *series = find_series(place, metric);
    if (series == NULL) {
        return tsp_side_out_of_memory(error);
    }
    double value = tsp_statistic_of(&metric->description, statistic);
    if (series->exact) {
        value = metric->description.p50.value;
        series->varies = series->varies || metric->nondeterministic || !metric->exact ||
                         (series->count > 0 && series->values[0] != value);
        return series->count > 0 ? 0 : add_value(series, value, error);
    }
    series->varies = series->varies || metric->nondeterministic;
    if (fill_series(series, pair, error) != 0) {
        return -1;
    }
    bool like = metric->evidence == series->evidence && strcmp(metric->unit, series->unit) == 0;
    return add_value(series, like && metric->status != TSP_COUNTER_DENIED ? value : (double)NAN, error);
}

int tsp_duel_keep(struct tsp_side_case *place, const struct tsp_round *round, unsigned pair,
                  const struct tsp_question *question, struct tsp_error *error) {
    bool timed = has_time(round);
    int status = 0;
    for (unsigned i = 0; status == 0 && i < round->metric_count; ++i) {
        if (is_asked(question, &round->metrics[i], timed)) {
            status = keep_metric(place, &round->metrics[i], pair, question->statistic, error);
        }
    }
    return status;
}
