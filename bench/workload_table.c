/* A workload and its result for people. Latencies of one run span six powers of ten, so each has a unit of its own. */
#include "workload_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cells.h"
#include "terminal.h"

enum { WIDTH = 80, LISTED_SECONDS = 60, CELL = 48 };

/* Four digits, in the unit that leaves one to three of them before the point. */
static struct tsp_scale scale_of(double ns) {
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    struct tsp_scale scale = {.divisor = 1, .unit = units[0], .decimals = 0};
    for (unsigned i = 1; i < 4 && ns / scale.divisor >= 999.5; ++i) {
        scale.divisor *= 1e3;
        scale.unit = units[i];
    }
    double value = ns / scale.divisor;
    scale.decimals = scale.divisor <= 1 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    if (!tsp_signs()->utf8 && strcmp(scale.unit, units[1]) == 0) {
        scale.unit = "us";
    }
    return scale;
}

const char *tsp_workload_time_text(char *text, size_t size, double ns) {
    struct tsp_scale scale = scale_of(ns);
    char number[CELL];
    if (isfinite(ns)) {
        (void)snprintf(text, size, "%s %s", tsp_cell_time(number, sizeof number, &scale, ns), scale.unit);
    } else {
        (void)snprintf(text, size, "%s", tsp_signs()->none);
    }
    return text;
}

/* Right in its columns, or left. */
static void put_cell(FILE *stream, const char *text, unsigned columns, bool left) {
    unsigned used = tsp_text_columns(text);
    int pad = used < columns ? (int)(columns - used) : 0;
    (void)fprintf(stream, " %*s%s%*s", left ? 0 : pad, "", text, left ? pad : 0, "");
}

static void put_quantile(FILE *stream, const struct tsp_estimate *estimate, bool interval) {
    char text[CELL];
    struct tsp_scale scale = scale_of(estimate->value);
    if (isfinite(estimate->value)) {
        put_cell(stream, tsp_workload_time_text(text, sizeof text, estimate->value), 8, false);
    } else {
        (void)snprintf(text, sizeof text, "n<%" PRIu64, estimate->needs);
        put_cell(stream, text, 8, false);
    }
    if (interval) {
        put_cell(stream, tsp_cell_interval(text, sizeof text, &scale, estimate), 7, true);
    }
}

static void put_row(FILE *stream, const char *name, const struct tsp_latency *latency) {
    char text[CELL];
    (void)fprintf(stream, "%-6s", name);
    put_cell(stream, tsp_cell_count(text, sizeof text, latency->rate.value), 8, false);
    put_quantile(stream, &latency->quantiles[TSP_WORKLOAD_P50], true);
    put_quantile(stream, &latency->quantiles[TSP_WORKLOAD_P95], false);
    put_quantile(stream, &latency->quantiles[TSP_WORKLOAD_P99], true);
    put_quantile(stream, &latency->quantiles[TSP_WORKLOAD_P999], false);
    put_cell(stream, tsp_workload_time_text(text, sizeof text, latency->max), 8, false);
    (void)putc('\n', stream);
}

static void put_latencies(FILE *stream, const struct tsp_workload *workload,
                          const struct tsp_workload_result *result) {
    const char *sign = tsp_signs()->plus_minus;
    unsigned kinds = 0;
    (void)fprintf(stream, "\nlatency, %s%s\n%-6s %8s %8s %s95 %%%*s %8s %8s %s95 %%%*s %8s %8s\n",
                  tsp_evidence_name(result->evidence),
                  workload->rate > 0 ? ", from the start that was meant" : "", "", "ops/s", "P50", sign,
                  (int)(3 - tsp_text_columns(sign)), "", "P95", "P99", sign,
                  (int)(3 - tsp_text_columns(sign)), "", "P99.9", "max");
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        if (workload->weights[i] > 0) {
            put_row(stream, tsp_operation_name(i), &result->latencies[i]);
            ++kinds;
        }
    }
    if (kinds > 1) {
        put_row(stream, tsp_operation_name(TSP_OPERATIONS), &result->latencies[TSP_OPERATIONS]);
    }
}

static void put_throughput(FILE *stream, const struct tsp_workload_result *result) {
    char text[LISTED_SECONDS * 12 + 128];
    char cell[CELL];
    const struct tsp_estimate *rate = &result->latencies[TSP_OPERATIONS].rate;
    size_t used = (size_t)snprintf(text, sizeof text, "throughput: %s a second",
                                   tsp_cell_count(cell, sizeof cell, round(rate->value)));
    if (isfinite(rate->lo)) {
        used += (size_t)snprintf(text + used, sizeof text - used, " %s%s", tsp_signs()->plus_minus,
                                 tsp_cell_count(cell, sizeof cell, round((rate->hi - rate->lo) / 2)));
    }
    if (result->second_count <= LISTED_SECONDS) {
        used += (size_t)snprintf(text + used, sizeof text - used, "; by second, in thousands:");
        for (size_t i = 0; i < result->second_count && used < sizeof text; ++i) {
            const struct tsp_second *second = &result->seconds[i];
            used += (size_t)snprintf(text + used, sizeof text - used, " %.4g",
                                     (double)second->n[TSP_OPERATIONS] / second->seconds / 1e3);
        }
    } else {
        double least = INFINITY;
        double most = 0;
        for (size_t i = 0; i < result->second_count; ++i) {
            double of = (double)result->seconds[i].n[TSP_OPERATIONS] / result->seconds[i].seconds;
            least = fmin(least, of);
            most = fmax(most, of);
        }
        (void)snprintf(text + used, sizeof text - used, "; by second from %.4g to %.4g thousand", least / 1e3,
                       most / 1e3);
    }
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

/* How far the histogram is from the samples that it stands for. */
static void put_raw(FILE *stream, const struct tsp_workload_result *result) {
    char text[256];
    char by_rank[CELL];
    char by_histogram[CELL];
    const struct tsp_latency *all = &result->latencies[TSP_OPERATIONS];
    double raw = all->raw[TSP_WORKLOAD_P99];
    double found = all->quantiles[TSP_WORKLOAD_P99].value;
    (void)snprintf(text, sizeof text, "raw samples: %zu; their P99 is %s, the histogram's %s (%.2f %% off)",
                   result->raw_count, tsp_workload_time_text(by_rank, sizeof by_rank, raw),
                   tsp_workload_time_text(by_histogram, sizeof by_histogram, found),
                   raw > 0 ? 100 * fabs(found / raw - 1) : 0);
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

static void put_check(FILE *stream, const struct tsp_pairs_check *check) {
    char text[512];
    if (check->passed) {
        (void)snprintf(text, sizeof text,
                       "check passed: %" PRIu64 " pairs put, %" PRIu64 " replaced or removed, %" PRIu64
                       " are there, each as it was put last; %" PRIu64 " reads verified",
                       check->put, check->replaced, check->pairs, check->reads);
    } else {
        (void)snprintf(text, sizeof text, "check FAILED: %s", check->reason);
    }
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

void tsp_workload_print_head(FILE *stream, const struct tsp_workload *workload, unsigned cpus) {
    char text[512];
    char mix[256];
    char keys[32];
    char loop[64] = "closed loop";
    if (workload->rate > 0) {
        (void)snprintf(loop, sizeof loop, "open loop at %" PRIu64 " a second", workload->rate);
    }
    (void)snprintf(text, sizeof text,
                   "%.100s: %s; %" PRIu64
                   " threads on %u CPUs, %s, %g s after %g s of warm-up, seed %" PRIu64,
                   workload->name, tsp_workload_mix_text(workload, mix, sizeof mix), workload->threads, cpus,
                   loop, workload->duration_ms / 1e3, workload->warmup_ms / 1e3, workload->seed);
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
    (void)snprintf(text, sizeof text,
                   "%" PRIu64 " keys, %s, %s of them with a value beforehand; values of %" PRIu64
                   " bytes; %" PRIu64 " shards",
                   workload->keys, tsp_workload_keys_text(workload, keys, sizeof keys),
                   tsp_workload_preload_name(workload), workload->value_bytes, workload->shards);
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

void tsp_workload_print_result(FILE *stream, const struct tsp_workload *workload,
                               const struct tsp_workload_result *result) {
    tsp_workload_print_head(stream, workload, result->cpus);
    if (result->latencies[TSP_OPERATIONS].n > 0) {
        put_latencies(stream, workload, result);
        (void)putc('\n', stream);
        put_throughput(stream, result);
    } else {
        (void)fputs("\nnothing was measured\n", stream);
    }
    if (result->raw_count > 0) {
        put_raw(stream, result);
    }
    put_check(stream, &result->check);
    for (unsigned i = 0; i < result->note_count; ++i) {
        tsp_print_wrapped(stream, result->notes[i], 0, 2, WIDTH);
    }
}
