/* What a history keeps of a record. */
#include <math.h>
#include <stdio.h>

#include "history/store.h"
#include "record/encode.h"
#include "record/merge.h"

#define COPY(array, ...) ((void)snprintf((array), sizeof(array), __VA_ARGS__))

void tsp_history_describe_run(struct tsp_history_run *run, const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    *run = (struct tsp_history_run){.time_ms = record->run.profile.time_ms,
                                    .warmup_ms = record->run.profile.warmup_ms,
                                    .rounds = record->run.rounds};
    COPY(run->id, "%s", record->run.id);
    COPY(run->started, "%s", record->run.started);
    COPY(run->arch, "%s", machine->arch);
    COPY(run->machine, "%s", machine->id);
    COPY(run->cpu, "%s", machine->cpu_model);
    COPY(run->version, "%s", record->run.version);
    COPY(run->commit, "%s", record->run.commit);
    COPY(run->suite, "%s", record->run.suite);
    COPY(run->compiler, "%s%s%s", record->build.compiler, record->build.version[0] != '\0' ? " " : "",
         record->build.version);
    if (machine->emulated) {
        COPY(run->executed_by, "%s %s on %s", machine->emulator, machine->emulator_version,
             machine->host_arch);
    } else {
        COPY(run->executed_by, "hardware");
    }
}

char *tsp_history_describe_rounds(const struct tsp_result *result, const char *metric) {
    json_t *rounds = json_array();
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        const struct tsp_round_metric *part =
            round->status == TSP_OK ? tsp_round_metric_find(round, metric) : NULL;
        if (part != NULL && tsp_round_metric_usable(part) && isfinite(part->description.p50.value)) {
            (void)json_array_append_new(rounds, tsp_encode_number(part->description.p50.value));
        }
    }
    char *text = json_array_size(rounds) > 0
                     ? json_dumps(rounds, JSON_COMPACT | JSON_REAL_PRECISION(TSP_DIGITS))
                     : NULL;
    json_decref(rounds);
    return text;
}

void tsp_history_describe_case(struct tsp_history_point *point, const struct tsp_result *result) {
    *point = (struct tsp_history_point){.tcase = result->id,
                                        .status = result->status,
                                        .case_reason = result->reason,
                                        .metric = "",
                                        .unit = "",
                                        .better = "",
                                        .reason = "",
                                        .rounds = ""};
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].status == TSP_OK) {
            point->per_op = result->rounds[i].per_op;
            point->ops = result->rounds[i].ops_per_sample;
            break;
        }
    }
}

void tsp_history_describe_metric(struct tsp_history_point *point, const struct tsp_metric *metric,
                                 const char *rounds) {
    point->metric = metric->name;
    point->unit = metric->unit;
    point->evidence = metric->evidence;
    point->better = tsp_metric_better(metric);
    point->counter_status = metric->status;
    point->reason = metric->reason;
    point->exact = metric->exact && (metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED);
    point->varies = metric->nondeterministic;
    point->of[TSP_P50] = metric->p50;
    point->of[TSP_P95] = metric->p95;
    point->of[TSP_P99] = metric->p99;
    point->n = metric->n;
    point->rounds = rounds != NULL && !point->exact ? rounds : "";
}
