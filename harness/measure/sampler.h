/*
 * Samples of one case: many timed batches, or many timed ops, with those of the reference in between (measurement.md, "Samples").
 * The reading is in sampler.c; the arithmetic, in batch.c, never touches a clock.
 */
#ifndef TRANSEPT_MEASURE_SAMPLER_H
#define TRANSEPT_MEASURE_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/kernel.h"
#include "transept/measure.h"

/** Most samples of each kind in a round; beyond it sampling ends before its time is up. */
#define TSP_SAMPLES_MAX 65536

/** What is being sampled. */
struct tsp_subject {
    const struct tsp_clock *clock;
    struct tsp_bench *bench;
    tsp_body *body;
    tsp_body *reference;
    uint64_t random; /* state of the stream that shuffles batches */
    uint64_t ops;    /* how many ops the body was asked for so far */
};

/** Raw times in ns, in the order of measurement. Batched: `one` of n ops and `two` of 2n; per-op: `one` alone. */
struct tsp_trace {
    bool per_op;
    uint64_t ops; /* n; 1 in per-op mode */
    double *one;
    double *two;
    double *reference_one;
    double *reference_two;
    size_t count;           /* of one and two */
    size_t most;            /* of which there are never more; TSP_SAMPLES_MAX unless the caller sets less */
    size_t reference_count; /* of reference_one and reference_two */
    double *scratch;        /* TSP_SAMPLES_MAX values for medians */
};

/** Room for TSP_SAMPLES_MAX samples of each kind; untouched pages cost nothing. Free with tsp_trace_free(). */
int tsp_trace_make(struct tsp_trace *trace, struct tsp_error *error);
void tsp_trace_free(struct tsp_trace *trace);

/** Chooses mode and batch (or keeps those of `like`) and warms up until the medians agree or `warmup_ms` is over; returns which: true, they agreed. */
bool tsp_sampler_warm(struct tsp_subject *subject, struct tsp_trace *trace, const struct tsp_round *like,
                      double warmup_ms);

/** Takes samples for `time_ms`; where that makes fewer than 12, for up to five times as long. */
void tsp_sampler_take(struct tsp_subject *subject, struct tsp_trace *trace, double time_ms);

/* --- arithmetic (batch.c) --------------------------------------------------------------------------------------------------- */

/** Ops for a batch to last `target_ns` when `ops` took `took_ns`: the next multiple of TSP_BATCH_UNIT, and at least one. A `took_ns` of 0 tells
 *  nothing but that they were too few: twice as many. */
uint64_t tsp_batch_ops(double target_ns, double took_ns, uint64_t ops);

/** Do the medians of a window's two halves agree within 1 %? Reorders `scratch`, of `count` values. */
bool tsp_window_agrees(const double *window, size_t count, double *scratch);

/** A trace made into the metric `time`, in ns an op: net samples replace those in trace->one. Returns -1 when nothing can be said. */
int tsp_trace_reduce(struct tsp_trace *trace, struct tsp_round_metric *metric, struct tsp_error *error);

/** Reference samples longer than their median by over 1 µs: time that no op explains. */
uint64_t tsp_trace_gaps(const struct tsp_trace *trace);

#endif
