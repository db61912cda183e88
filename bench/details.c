/* Everything about a kernel, and everything that a record says of a case. */
#include "details.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "terminal.h"

#define LABEL 14

static void print_fact(const char *label, const char *text) {
    (void)printf("  %-*s", LABEL - 2, label);
    tsp_print_wrapped(stdout, text, LABEL, LABEL, tsp_terminal_width(stdout));
}

/* The features a kernel needs, by name. */
static void print_needs(uint64_t needs) {
    char text[512] = "";
    for (unsigned bit = 0; bit < 64; ++bit) {
        const char *name = (needs >> bit & 1) != 0 ? tsp_feature_name(UINT64_C(1) << bit) : NULL;
        if (name != NULL) {
            size_t used = strlen(text);
            (void)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : ", ", name);
        }
    }
    print_fact("needs", text[0] != '\0' ? text : "nothing special");
}

static void print_params(const struct tsp_case *tcase, bool one) {
    char text[512] = "";
    for (unsigned i = 0; i < tcase->value_count; ++i) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s = %s", used == 0 ? "" : "; ",
                       tcase->values[i].name, one ? tcase->values[i].text : tcase->kernel->params[i].values);
    }
    if (text[0] != '\0') {
        print_fact("parameters", text);
    }
}

static const char *how_measured(const struct tsp_kernel *kernel) {
    if (kernel->before != NULL) {
        return "op by op, each set up afresh outside the timed part";
    }
    switch (kernel->mode) {
    case TSP_MODE_BATCHED:
        return "in batches, fixed cost and an equal loop without the op taken off";
    case TSP_MODE_PER_OP:
        return "op by op, the clock's overhead taken off";
    case TSP_MODE_FACTS:
        return "not timed: facts that need no clock";
    case TSP_MODE_AUTO:
        break;
    }
    return "in batches, or op by op where an op costs over 20 times the clock's overhead";
}

void tsp_kernel_details(const struct tsp_case *tcase, size_t cases, const char *obstacle) {
    const struct tsp_kernel *kernel = tcase->kernel;
    char text[TSP_REASON_MAX + 32];
    if (cases == 1) {
        (void)printf("%s\n", tcase->id);
    } else {
        (void)printf("%s/%s/%s (%zu cases)\n", kernel->family, kernel->kernel, kernel->variant, cases);
    }
    print_fact("what", kernel->summary != NULL ? kernel->summary : "no summary was written");
    print_params(tcase, cases == 1);
    print_needs(kernel->needs);
    (void)snprintf(text, sizeof text, "%s%s",
                   obstacle == NULL ? "yes" : "no: ", obstacle == NULL ? "" : obstacle);
    if (cases == 1) {
        print_fact("runs here", text);
    }
    print_fact("measured", how_measured(kernel));
    print_fact("made of", kernel->implementation != NULL ? kernel->implementation : "C");
    if (kernel->memory_bytes > 0) {
        (void)snprintf(text, sizeof text, "up to %" PRIu64 " MiB",
                       (kernel->memory_bytes + (1U << 20) - 1) >> 20);
        print_fact("memory", text);
    }
    print_fact("source", kernel->source);
}

/* A number with as many digits as a reader can use. */
static const char *number(char *text, size_t size, double value) {
    if (isfinite(value)) {
        (void)snprintf(text, size, "%.5g", value);
    } else {
        (void)snprintf(text, size, "%s", tsp_signs()->none);
    }
    return text;
}

static void add_estimate(char *line, size_t size, const char *label, const struct tsp_estimate *estimate) {
    char value[32];
    char lo[32];
    char hi[32];
    size_t used = strlen(line);
    if (!isfinite(estimate->value)) {
        if (estimate->needs > 0) {
            (void)snprintf(line + used, size - used, ", %s needs %" PRIu64 " effective samples a round",
                           label, estimate->needs);
        }
        return;
    }
    (void)snprintf(line + used, size - used, "%s%s %s", used == 0 ? "" : ", ", label,
                   number(value, sizeof value, estimate->value));
    used = strlen(line);
    if (isfinite(estimate->lo) && isfinite(estimate->hi)) {
        (void)snprintf(line + used, size - used, " [%s, %s]", number(lo, sizeof lo, estimate->lo),
                       number(hi, sizeof hi, estimate->hi));
    }
}

static void print_metric(const struct tsp_metric *metric) {
    char line[1024];
    char cell[32];
    (void)snprintf(line, sizeof line, "%s, %s%s", metric->unit,
                   metric->evidence == TSP_EMULATED ? "EMULATED" : tsp_evidence_name(metric->evidence),
                   metric->nondeterministic ? ", nondeterministic" : "");
    if (metric->status != TSP_COUNTER_OK) {
        size_t used = strlen(line);
        (void)snprintf(line + used, sizeof line - used, ", %s: %s", tsp_counter_status_name(metric->status),
                       metric->reason);
    }
    add_estimate(line, sizeof line, "P50", &metric->p50);
    add_estimate(line, sizeof line, "P95", &metric->p95);
    add_estimate(line, sizeof line, "P99", &metric->p99);
    add_estimate(line, sizeof line, "P99.9", &metric->p999);
    size_t used = strlen(line);
    if (isfinite(metric->gross) && isfinite(metric->p50.value)) {
        (void)snprintf(line + used, sizeof line - used, ", gross %s",
                       number(cell, sizeof cell, metric->gross));
        used = strlen(line);
        (void)snprintf(line + used, sizeof line - used, ", n %" PRIu64, metric->n);
    }
    (void)printf("  %s\n%*s", metric->name, LABEL, "");
    tsp_print_wrapped(stdout, line, LABEL, LABEL, tsp_terminal_width(stdout));
}

void tsp_result_details(const struct tsp_result *result) {
    char text[TSP_REASON_MAX + 64];
    (void)printf("\n%s\n", result->id);
    (void)snprintf(text, sizeof text, "%s%s%s", tsp_status_name(result->status),
                   result->reason[0] != '\0' ? ": " : "", result->reason);
    print_fact("status", text);
    print_fact("made of", result->implementation);
    if (result->round_count > 0) {
        const struct tsp_round *round = &result->rounds[0];
        (void)snprintf(text, sizeof text, "%u, %s, %" PRIu64 " ops a sample, on CPU %u", result->round_count,
                       round->per_op ? "op by op" : "in batches", round->ops_per_sample, round->cpus[0]);
        print_fact("rounds", text);
    }
    for (unsigned i = 0; i < result->warning_count; ++i) {
        print_fact(i == 0 ? "warnings" : "", result->warnings[i]);
    }
    for (unsigned i = 0; i < result->metric_count; ++i) {
        print_metric(&result->metrics[i]);
    }
}
