/* The record as CSV: tidy, one row a case and metric, RFC 4180 (lines end in CRLF, quotes where they are needed). */
#include <math.h>
#include <string.h>

#include "record/encode.h"
#include "record/sink.h"

static const char header[] =
    "schema,run,arch,executed_by,machine,case,family,kernel,variant,params,status,metric,unit,"
    "evidence,counter_status,ops_per_sample,n,rounds,p50,p50_lo,p50_hi,p95,p95_lo,p95_hi,p99,"
    "p99_lo,p99_hi,min,mean,sd,mad,reason\r\n";

static void put_estimate(struct tsp_sink *sink, const struct tsp_estimate *estimate) {
    tsp_sink_number_cell(sink, estimate->value);
    tsp_sink_number_cell(sink, estimate->lo);
    tsp_sink_number_cell(sink, estimate->hi);
}

static void put_case(struct tsp_sink *sink, const struct tsp_record *record,
                     const struct tsp_result *result) {
    const struct tsp_machine *machine = &record->machine;
    char executor[sizeof machine->emulator + sizeof machine->emulator_version + sizeof machine->host_arch +
                  8] = "hardware";
    if (machine->emulated) {
        (void)snprintf(executor, sizeof executor, "%s %s on %s", machine->emulator, machine->emulator_version,
                       machine->host_arch);
    }
    tsp_sink_cell(sink, TSP_RECORD_SCHEMA);
    tsp_sink_cell(sink, record->run.id);
    tsp_sink_cell(sink, machine->arch);
    tsp_sink_cell(sink, executor);
    tsp_sink_cell(sink, machine->id);
    tsp_sink_cell(sink, result->id);
    tsp_sink_cell(sink, result->family);
    tsp_sink_cell(sink, result->kernel);
    tsp_sink_cell(sink, result->variant);
    tsp_sink_cell(sink, result->params);
    tsp_sink_cell(sink, tsp_status_name(result->status));
}

static uint64_t ops_per_sample(const struct tsp_result *result) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].status == TSP_OK) {
            return result->rounds[i].ops_per_sample;
        }
    }
    return result->round_count > 0 ? result->rounds[0].ops_per_sample : 0;
}

static void put_metric(struct tsp_sink *sink, const struct tsp_result *result,
                       const struct tsp_metric *metric) {
    uint64_t ops = ops_per_sample(result);
    tsp_sink_cell(sink, metric->name);
    tsp_sink_cell(sink, metric->unit);
    tsp_sink_cell(sink, tsp_evidence_name(metric->evidence));
    tsp_sink_cell(sink, tsp_counter_status_name(metric->status));
    tsp_sink_number_cell(sink, ops > 0 ? (double)ops : NAN);
    tsp_sink_count_cell(sink, metric->n);
    tsp_sink_count_cell(sink, metric->rounds);
    put_estimate(sink, &metric->p50);
    put_estimate(sink, &metric->p95);
    put_estimate(sink, &metric->p99);
    tsp_sink_number_cell(sink, metric->min);
    tsp_sink_number_cell(sink, metric->mean);
    tsp_sink_number_cell(sink, metric->sd);
    tsp_sink_number_cell(sink, metric->mad);
    tsp_sink_csv(sink, metric->reason[0] != '\0' ? metric->reason : result->reason);
    tsp_sink_puts(sink, "\r\n");
}

/* A case that has no metric has a row all the same: it says how it ended. */
static void put_no_metric(struct tsp_sink *sink, const struct tsp_result *result) {
    tsp_sink_puts(sink, ",,,,,,"); /* metric … n */
    tsp_sink_count_cell(sink, result->round_count);
    tsp_sink_puts(sink, ",,,,,,,,,,,,,"); /* p50 … mad */
    tsp_sink_csv(sink, result->reason);
    tsp_sink_puts(sink, "\r\n");
}

int tsp_record_write_csv(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, header);
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        for (unsigned k = 0; k < result->metric_count; ++k) {
            put_case(&sink, record, result);
            put_metric(&sink, result, &result->metrics[k]);
        }
        if (result->metric_count == 0) {
            put_case(&sink, record, result);
            put_no_metric(&sink, result);
        }
    }
    return tsp_sink_finish(&sink, "the record as CSV", error);
}
