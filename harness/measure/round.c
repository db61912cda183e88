/* One round of one case, in the process that calls. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure/bench.h"
#include "measure/count.h"
#include "measure/disturbance.h"
#include "measure/place.h"
#include "measure/sampler.h"
#include "transept/measure.h"

/* A change of the core clock within a round beyond this marks it (measurement.md, "Clocks", 5). */
#define DRIFT 0.02

/* An emulator's software floating point takes seconds to describe 65,536 samples; these are enough for a P99.9. */
#define EMULATED_SAMPLES 8192

static double now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void fail(struct tsp_round *round, const char *reason) {
    if (round->status == TSP_OK) {
        round->status = TSP_FAILED;
        (void)snprintf(round->reason, sizeof round->reason, "%.*s", (int)sizeof round->reason - 1, reason);
    }
}

/* Pins the main thread; the crew's are born where they belong. */
static int place(const struct tsp_session *session, const struct tsp_case *tcase,
                 struct tsp_placement *placement, struct tsp_round *round, struct tsp_error *error) {
    if (tsp_case_place(tcase, session->topology, session->cpu, placement, error) != 0 ||
        tsp_placement_apply(session->topology, placement, 0, error) != 0) {
        return -1;
    }
    round->cpu_count = placement->cpu_count;
    memcpy(round->cpus, placement->cpus, sizeof round->cpus);
    memcpy(round->shares, placement->shares, sizeof round->shares);
    return 0;
}

/* Times, with the core clock before and after. */
static int sample_time(const struct tsp_session *session, const struct tsp_profile *profile,
                       const struct tsp_round *like, struct tsp_subject *subject, struct tsp_round *round,
                       struct tsp_error *error) {
    struct tsp_trace trace;
    if (tsp_trace_make(&trace, error) != 0) {
        return -1;
    }
    if (session->emulated) {
        trace.most = EMULATED_SAMPLES;
    }
    struct tsp_disturbance *disturbance = &round->disturbance;
    disturbance->ghz_before = session->emulated ? 0 : tsp_clock_core_ghz(session->clock);
    round->warm = tsp_sampler_warm(subject, &trace, like, profile->warmup_ms);
    round->per_op = trace.per_op;
    round->ops_per_sample = trace.ops;
    tsp_sampler_take(subject, &trace, profile->time_ms);
    disturbance->ghz_after = session->emulated ? 0 : tsp_clock_core_ghz(session->clock);
    round->frequency_drift = disturbance->ghz_before > 0 && disturbance->ghz_after > 0 &&
                             fabs(disturbance->ghz_after / disturbance->ghz_before - 1) > DRIFT;
    disturbance->gaps = tsp_trace_gaps(&trace);
    struct tsp_round_metric *metric =
        tsp_round_add_metric(round, "time", "ns/op", session->emulated ? TSP_EMULATED : TSP_MEASURED);
    int status =
        metric == NULL ? tsp_error_set(error, "%s", round->reason) : tsp_trace_reduce(&trace, metric, error);
    tsp_trace_free(&trace);
    return status;
}

static int count_events(const struct tsp_session *session, struct tsp_subject *subject,
                        struct tsp_round *round, struct tsp_error *error) {
    struct tsp_counters *counters = NULL;
    if (tsp_counters_open_checked(&counters, session->counters, session->verdicts, error) != 0) {
        return -1;
    }
    int status = tsp_count_events(subject, counters, session->repetitions, round->per_op, round, error);
    tsp_counters_close(counters);
    return status;
}

/* What stands between set-up and check. A kernel of facts alone (struct layouts) has no body to time. */
static int measure_body(const struct tsp_session *session, const struct tsp_profile *profile,
                        const struct tsp_round *like, struct tsp_subject *subject, struct tsp_round *round,
                        struct tsp_error *error) {
    if (subject->body == NULL) {
        return 0;
    }
    if (!session->counts_only && sample_time(session, profile, like, subject, round, error) != 0) {
        return -1;
    }
    return count_events(session, subject, round, error);
}

static void measure_and_check(const struct tsp_session *session, const struct tsp_profile *profile,
                              const struct tsp_round *like, struct tsp_subject *subject,
                              struct tsp_round *round) {
    struct tsp_bench *bench = subject->bench;
    struct tsp_error error = {{0}};
    round->items = bench->items;
    (void)snprintf(round->item_unit, sizeof round->item_unit, "%s",
                   bench->item_unit == NULL ? "" : bench->item_unit);
    if (measure_body(session, profile, like, subject, round, &error) != 0) {
        fail(round, error.text);
    }
    round->ops = subject->ops;
    if (round->status == TSP_OK && bench->kernel->check(bench, subject->ops) != 0) {
        fail(round, "its check failed without a reason");
    }
}

static void run_kernel(const struct tsp_session *session, const struct tsp_profile *profile,
                       const struct tsp_case *tcase, const struct tsp_placement *placement,
                       const struct tsp_round *like, struct tsp_round *round) {
    const struct tsp_kernel *kernel = tcase->kernel;
    struct tsp_bench bench;
    /* Rounds that only count repeat the first one's inputs: they are to count the same. */
    uint64_t seed = tsp_round_seed(session->seed, tcase->id, session->counts_only ? 0 : round->index);
    tsp_bench_open(&bench, tcase, session->env, seed, round);
    bench.placement = placement;
    bench.clock_shared = session->clock->isa;
    struct tsp_subject subject = {.clock = session->clock,
                                  .bench = &bench,
                                  .body = tsp_bench_body(&bench),
                                  .reference = kernel->reference != NULL ? kernel->reference : tsp_reference,
                                  .random = ~seed};
    if (kernel->setup != NULL && kernel->setup(&bench) != 0) {
        fail(round, "its setup failed without a reason");
    } else {
        measure_and_check(session, profile, like, &subject, round);
        if (kernel->teardown != NULL) {
            kernel->teardown(&bench);
        }
    }
    tsp_bench_close(&bench);
}

void tsp_round_measure(const struct tsp_session *session, const struct tsp_profile *profile,
                       const struct tsp_case *tcase, unsigned index, const struct tsp_round *like,
                       struct tsp_round *round) {
    struct tsp_error error = {{0}};
    struct tsp_placement placement;
    double start = now_ms();
    memset(round, 0, sizeof *round);
    round->index = index;
    round->items = 1;
    if (place(session, tcase, &placement, round, &error) != 0) {
        fail(round, error.text);
    } else {
        struct tsp_disturbance_meter
            meter; /* from here on: the move to the chosen CPU is ours and disturbs nothing */
        tsp_disturbance_begin(&meter);
        run_kernel(session, profile, tcase, &placement, like, round);
        tsp_disturbance_end(&meter, &round->disturbance);
    }
    round->duration_ms = now_ms() - start;
}
