/* A workload's result as CSV (RFC 4180): a row an operation, for the whole run (no second) and for each second of it. */
#include <math.h>

#include "record/sink.h"
#include "transept/workload.h"

static const char header[] =
    "workload,arch,machine,threads,loop,seed,operation,second,seconds,evidence,n,rate,rate_lo,rate_hi,p50_ns,p50_lo,p50_hi,"
    "p95_ns,p95_lo,p95_hi,p99_ns,p99_lo,p99_hi,p999_ns,p999_lo,p999_hi,min_ns,mean_ns,max_ns,check\r\n";

static void put_estimate(struct tsp_sink *sink, const struct tsp_estimate *estimate) {
    tsp_sink_number_cell(sink, estimate->value);
    tsp_sink_number_cell(sink, estimate->lo);
    tsp_sink_number_cell(sink, estimate->hi);
}

/* `second` 0: the whole run. */
static void put_row(struct tsp_sink *sink, const struct tsp_workload_report *report, unsigned operation,
                    size_t second, double seconds, const struct tsp_latency *latency) {
    const struct tsp_workload *workload = report->workload;
    const struct tsp_machine *machine = &report->record->machine;
    tsp_sink_cell(sink, workload->name);
    tsp_sink_cell(sink, machine->arch);
    tsp_sink_cell(sink, machine->id);
    tsp_sink_count_cell(sink, workload->threads);
    tsp_sink_cell(sink, workload->rate > 0 ? "open" : "closed");
    tsp_sink_count_cell(sink, workload->seed);
    tsp_sink_cell(sink, tsp_operation_name(operation));
    if (second > 0) {
        tsp_sink_count_cell(sink, second);
    } else {
        tsp_sink_cell(sink, "");
    }
    tsp_sink_number_cell(sink, seconds);
    tsp_sink_cell(sink, tsp_evidence_name(report->result->evidence));
    tsp_sink_count_cell(sink, latency->n);
    put_estimate(sink, &latency->rate);
    for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
        put_estimate(sink, &latency->quantiles[i]);
    }
    tsp_sink_number_cell(sink, latency->min);
    tsp_sink_number_cell(sink, latency->mean);
    tsp_sink_number_cell(sink, latency->max);
    tsp_sink_csv(sink, report->result->check.passed ? "passed" : "failed");
    tsp_sink_puts(sink, "\r\n");
}

/* A second as a row of the same columns: it has no intervals, and nothing that is kept for the whole run alone. */
static struct tsp_latency of_second(const struct tsp_second *second, unsigned operation) {
    struct tsp_latency latency = {.n = second->n[operation], .min = NAN, .mean = NAN, .max = NAN};
    latency.rate = (struct tsp_estimate){.value = (double)latency.n / second->seconds, .lo = NAN, .hi = NAN};
    for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
        latency.quantiles[i] =
            (struct tsp_estimate){.value = second->quantiles[operation][i], .lo = NAN, .hi = NAN};
    }
    return latency;
}

int tsp_workload_write_csv(const struct tsp_workload_report *report, FILE *stream, struct tsp_error *error) {
    const struct tsp_workload_result *result = report->result;
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, header);
    for (unsigned operation = 0; operation <= TSP_OPERATIONS; ++operation) {
        if (operation < TSP_OPERATIONS && report->workload->weights[operation] == 0) {
            continue;
        }
        put_row(&sink, report, operation, 0, result->seconds_measured, &result->latencies[operation]);
        for (size_t i = 0; i < result->second_count; ++i) {
            struct tsp_latency latency = of_second(&result->seconds[i], operation);
            put_row(&sink, report, operation, i + 1, result->seconds[i].seconds, &latency);
        }
    }
    return tsp_sink_finish(&sink, "the result as CSV", error);
}
