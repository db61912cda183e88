/* What the formats for other programs have in common. */
#include "record/export.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/merge.h"

const char *tsp_export_mark(enum tsp_evidence evidence) {
    return evidence == TSP_EMULATED ? "emulated-" : evidence == TSP_MODELLED ? "modelled-" : "";
}

const char *tsp_export_executor(const struct tsp_machine *machine, char text[TSP_EXECUTOR_SIZE]) {
    if (machine->emulated) {
        (void)snprintf(text, TSP_EXECUTOR_SIZE, "%s %s on %s", machine->emulator, machine->emulator_version,
                       machine->host_arch);
    } else {
        (void)snprintf(text, TSP_EXECUTOR_SIZE, "hardware");
    }
    return text;
}

const struct tsp_metric *tsp_export_time(const struct tsp_result *result) {
    for (unsigned i = 0; result->status == TSP_OK && i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        if (strcmp(metric->name, "time") == 0 && strcmp(metric->unit, "ns/op") == 0 &&
            isfinite(metric->p50.value)) {
            return metric;
        }
    }
    return NULL;
}

double tsp_export_round_value(const struct tsp_round *round, const struct tsp_metric *metric) {
    const struct tsp_round_metric *one = tsp_round_metric_find(round, metric->name);
    bool there = round->status == TSP_OK && one != NULL && tsp_round_metric_usable(one) &&
                 tsp_metric_matches(metric, one) && metric->status <= TSP_COUNTER_MULTIPLEXED;
    return there && isfinite(one->description.p50.value) ? one->description.p50.value : NAN;
}

unsigned tsp_export_round_count(const struct tsp_result *result, const struct tsp_metric *metric) {
    unsigned count = 0;
    for (unsigned i = 0; i < result->round_count; ++i) {
        count += isfinite(tsp_export_round_value(&result->rounds[i], metric)) ? 1 : 0;
    }
    return count;
}

uint64_t tsp_export_ops(const struct tsp_round *round, const struct tsp_metric *metric) {
    const struct tsp_round_metric *one = tsp_round_metric_find(round, metric->name);
    uint64_t samples = one != NULL && !one->exact ? one->description.n : 0;
    uint64_t ops = 0;
    if (__builtin_mul_overflow(samples, round->ops_per_sample, &ops) || ops > INT64_MAX) {
        ops = INT64_MAX;
    }
    return ops > 0 ? ops : 1;
}

const char *tsp_export_absence(const struct tsp_result *result, const struct tsp_metric *metric,
                               char text[TSP_REASON_MAX]) {
    if (result->status != TSP_OK) {
        (void)snprintf(text, TSP_REASON_MAX, "%s: %.220s", tsp_status_name(result->status), result->reason);
    } else if (metric == NULL) {
        (void)snprintf(text, TSP_REASON_MAX, "the case consists of counts and facts, it has no time");
    } else if (metric->reason[0] != '\0') {
        (void)snprintf(text, TSP_REASON_MAX, "%s", metric->reason);
    } else {
        (void)snprintf(text, TSP_REASON_MAX, "too few samples: a median takes %" PRIu64 " a round",
                       metric->p50.needs);
    }
    return text;
}

const char *tsp_export_rounded(double value, int digits, char text[TSP_NUMBER_SIZE]) {
    if (isfinite(value) && value != 0) {
        double scale = pow(10, digits - 1 - (int)floor(log10(fabs(value))));
        double rounded = round(value * scale) / scale;
        /* Subnormal and huge numbers have no such scale. */
        value = isfinite(rounded) && isnormal(scale) ? rounded : value;
    }
    return tsp_number_text(value, text);
}

void tsp_export_percentiles(const struct tsp_metric *metric,
                            struct tsp_export_percentile list[TSP_EXPORT_PERCENTILES]) {
    list[0] = (struct tsp_export_percentile){"p50", &metric->p50};
    list[1] = (struct tsp_export_percentile){"p95", &metric->p95};
    list[2] = (struct tsp_export_percentile){"p99", &metric->p99};
}

void tsp_export_line(struct tsp_sink *sink, const char *text) {
    for (const char *c = text; *c != '\0'; ++c) {
        bool control = (unsigned char)*c < ' ' || *c == 0x7f;
        tsp_sink_put(sink, control ? " " : c, 1);
    }
}

bool tsp_export_opens_family(const struct tsp_record *record, size_t index) {
    const char *family = record->results[index].family;
    for (size_t i = index; i > 0; --i) { /* cases of a family mostly stand together */
        if (strcmp(record->results[i - 1].family, family) == 0) {
            return false;
        }
    }
    return true;
}
