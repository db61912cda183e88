/* What a reader of a case's numbers must know about how they came to be. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "record/encode.h"
#include "record/merge.h"

#define WARNINGS_MAX (sizeof((struct tsp_result *)0)->warnings / sizeof((struct tsp_result *)0)->warnings[0])

/* The last place is kept for how many more there are. */
struct warner {
    struct tsp_result *result;
    unsigned left_out;
};

__attribute__((format(printf, 2, 3))) static void warn(struct warner *warner, const char *format, ...) {
    struct tsp_result *result = warner->result;
    if (result->warning_count + 1 >= WARNINGS_MAX) {
        ++warner->left_out;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(result->warnings[result->warning_count++], sizeof result->warnings[0], format, arguments);
    va_end(arguments);
}

/* What is added up over the rounds that ended ok, and in how many of them it occurred. */
struct tally {
    uint64_t sum;
    unsigned rounds;
};

static void add(struct tally *tally, uint64_t events) {
    tally->sum += events;
    tally->rounds += events > 0 ? 1 : 0;
}

static void warn_tally(struct warner *warner, const struct tally *tally, unsigned ok, const char *what) {
    if (tally->sum > 0) {
        warn(warner, "%s: %" PRIu64 " in %u of %u rounds", what, tally->sum, tally->rounds, ok);
    }
}

static void warn_of_metrics(struct warner *warner) {
    const struct tsp_result *result = warner->result;
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        if (metric->nondeterministic) {
            char lo[TSP_NUMBER_SIZE];
            char hi[TSP_NUMBER_SIZE];
            bool same = metric->p50.lo >= metric->p50.hi;
            warn(warner, "nondeterministic count: %s from %s to %s%s", metric->name,
                 tsp_number_text(metric->p50.lo, lo), tsp_number_text(metric->p50.hi, hi),
                 same ? ", by chance: threads take turns" : "");
        }
        if (strcmp(metric->name, "time") == 0 && metric->p50.hi < 0) {
            warn(warner, "net time below zero: the reference took longer than the case");
        }
        if (metric->status == TSP_COUNTER_OK && metric->reason[0] != '\0' && isfinite(metric->p50.value)) {
            warn(warner, "%s %s", metric->name, metric->reason);
        }
        for (unsigned r = 0; r < result->round_count; ++r) {
            const struct tsp_round *round = &result->rounds[r];
            const struct tsp_round_metric *one = tsp_round_metric_find(round, metric->name);
            if (round->status == TSP_OK && one != NULL && !tsp_metric_matches(metric, one)) {
                warn(warner, "%s changed its unit or evidence in round %u, which was left out", metric->name,
                     round->index);
                break;
            }
        }
    }
}

static void warn_of_ends(struct warner *warner) {
    const struct tsp_result *result = warner->result;
    unsigned counts[TSP_TIMED_OUT + 1] = {0};
    for (unsigned i = 0; i < result->round_count; ++i) {
        ++counts[result->rounds[i].status];
    }
    for (int status = TSP_SKIPPED; status <= TSP_TIMED_OUT; ++status) {
        if (counts[status] > 0 && counts[status] < result->round_count) {
            warn(warner, "%s in %u of %u rounds", tsp_status_name((enum tsp_status)status), counts[status],
                 result->round_count);
        }
    }
}

static void warn_of_disturbances(struct warner *warner, unsigned ok) {
    const struct tsp_result *result = warner->result;
    struct tally drift = {0};
    struct tally cold = {0};
    struct tally switches = {0};
    struct tally migrations = {0};
    struct tally faults = {0};
    struct tally steal = {0};
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        if (round->status == TSP_OK) {
            const struct tsp_disturbance *d = &round->disturbance;
            add(&drift, round->frequency_drift ? 1 : 0);
            add(&cold, round->ops_per_sample > 0 && !round->warm ? 1 : 0);
            add(&switches, d->involuntary_switches);
            add(&migrations, d->migrations > 0 ? (uint64_t)d->migrations : 0);
            add(&faults, d->major_faults);
            add(&steal, d->steal_ms > 0 ? (uint64_t)(d->steal_ms + 0.5) : 0);
        }
    }
    if (drift.rounds > 0) {
        warn(warner, "frequency-drift in %u of %u rounds", drift.rounds, ok);
    }
    if (cold.rounds > 0) {
        warn(warner, "warm-up hit its bound in %u of %u rounds", cold.rounds, ok);
    }
    warn_tally(warner, &migrations, ok, "migrations");
    warn_tally(warner, &switches, ok, "involuntary context switches");
    warn_tally(warner, &faults, ok, "major page faults");
    warn_tally(warner, &steal, ok, "milliseconds stolen by the hypervisor");
}

void tsp_result_warn(struct tsp_result *result) {
    struct warner warner = {.result = result, .left_out = 0};
    unsigned ok = 0;
    result->warning_count = 0;
    memset(result->warnings, 0, sizeof result->warnings);
    for (unsigned i = 0; i < result->round_count; ++i) {
        ok += result->rounds[i].status == TSP_OK ? 1 : 0;
    }
    warn_of_ends(&warner);
    warn_of_metrics(&warner);
    warn_of_disturbances(&warner, ok);
    if (warner.left_out > 0) {
        (void)snprintf(result->warnings[result->warning_count++], sizeof result->warnings[0], "and %u more",
                       warner.left_out);
    }
}
