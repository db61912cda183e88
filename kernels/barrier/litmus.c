/* What the outcomes of litmus tests mean. */
#include "litmus.h"

#include <inttypes.h>
#include <stdio.h>

/* The metric. */
#define WEAK "weak_outcomes"

static bool is_sb(const struct tsp_litmus_outcome *o) {
    return o->saw[0].a == 0 && o->saw[1].a == 0;
}

static bool is_mp(const struct tsp_litmus_outcome *o) {
    return o->saw[1].a == 1 && o->saw[1].b == 0;
}

static bool is_lb(const struct tsp_litmus_outcome *o) {
    return o->saw[0].a == 1 && o->saw[1].a == 1;
}

static bool is_s(const struct tsp_litmus_outcome *o) {
    return o->saw[1].a == 1 && o->x == 2;
}

static bool is_r(const struct tsp_litmus_outcome *o) {
    return o->y == 2 && o->saw[1].a == 0;
}

static bool is_two_two_w(const struct tsp_litmus_outcome *o) {
    return o->x == 1 && o->y == 1;
}

static bool is_iriw(const struct tsp_litmus_outcome *o) {
    return o->saw[2].a == 1 && o->saw[2].b == 0 && o->saw[3].a == 1 && o->saw[3].b == 0;
}

const struct tsp_litmus tsp_litmus_sb = {.outcome = "both loads see 0",
                                         .threads = 2,
                                         .loads = {1, 1},
                                         .written = 1,
                                         .store_load = true,
                                         .weak = is_sb};
const struct tsp_litmus tsp_litmus_mp = {
    .outcome = "flag without data", .threads = 2, .loads = {0, 2}, .written = 1, .weak = is_mp};
const struct tsp_litmus tsp_litmus_lb = {
    .outcome = "both loads see the later store", .threads = 2, .loads = {1, 1}, .written = 1, .weak = is_lb};
const struct tsp_litmus tsp_litmus_s = {
    .outcome = "x from before the flag survives", .threads = 2, .loads = {0, 1}, .written = 2, .weak = is_s};
const struct tsp_litmus tsp_litmus_r = {.outcome = "y written last, x not seen",
                                        .threads = 2,
                                        .loads = {0, 1},
                                        .written = 2,
                                        .store_load = true,
                                        .weak = is_r};
const struct tsp_litmus tsp_litmus_two_two_w = {
    .outcome = "both first stores come last", .threads = 2, .written = 2, .weak = is_two_two_w};
const struct tsp_litmus tsp_litmus_iriw = {.outcome = "two orders of two stores",
                                           .threads = 4,
                                           .loads = {0, 0, 2, 2},
                                           .written = 1,
                                           .weak = is_iriw};

bool tsp_litmus_forbids(const struct tsp_litmus_variant *variant, bool tso) {
    return variant->ordered || (tso && !variant->test->store_load);
}

enum tsp_litmus_kind tsp_litmus_classify(const struct tsp_litmus *test,
                                         const struct tsp_litmus_outcome *outcome) {
    bool possible =
        outcome->x >= 1 && outcome->x <= test->written && outcome->y >= 1 && outcome->y <= test->written;
    for (unsigned t = 0; t < TSP_LITMUS_THREADS; ++t) {
        const unsigned loads = t < test->threads ? test->loads[t] : 0;
        possible = possible && outcome->saw[t].a <= (loads > 0 ? test->written : 0) &&
                   outcome->saw[t].b <= (loads > 1 ? test->written : 0);
    }
    if (!possible) {
        return TSP_LITMUS_IMPOSSIBLE;
    }
    return test->weak(outcome) ? TSP_LITMUS_WEAK : TSP_LITMUS_USUAL;
}

void tsp_litmus_count(struct tsp_litmus_tally *tally, const struct tsp_litmus *test,
                      const struct tsp_litmus_outcome *outcome) {
    const enum tsp_litmus_kind kind = tsp_litmus_classify(test, outcome);
    if (kind == TSP_LITMUS_WEAK && tally->weak++ == 0) {
        tally->weak_at = tally->iterations;
        tally->weak_outcome = *outcome;
    }
    if (kind == TSP_LITMUS_IMPOSSIBLE && tally->impossible++ == 0) {
        tally->impossible_at = tally->iterations;
        tally->impossible_outcome = *outcome;
    }
    ++tally->iterations;
}

/* "P0 (CPU 1) read 0, P1 (CPU 0) read 1 0, x=1 y=1 in the end" */
static void trace(char *text, size_t size, const struct tsp_litmus *test,
                  const struct tsp_litmus_outcome *outcome, const int *cpus) {
    size_t used = 0;
    for (unsigned t = 0; t < test->threads; ++t) {
        const struct tsp_litmus_saw *saw = &outcome->saw[t];
        char values[64] = "";
        if (test->loads[t] == 1) {
            (void)snprintf(values, sizeof values, " read %lu", saw->a);
        } else if (test->loads[t] > 1) {
            (void)snprintf(values, sizeof values, " read %lu %lu", saw->a, saw->b);
        }
        int length = snprintf(text + used, size - used, "P%u (CPU %d)%s, ", t, cpus[t], values);
        used += length > 0 && (size_t)length < size - used ? (size_t)length : 0;
    }
    (void)snprintf(text + used, size - used, "x=%lu y=%lu in the end", outcome->x, outcome->y);
}

int tsp_litmus_judge(struct tsp_bench *bench, const struct tsp_litmus_variant *variant,
                     const struct tsp_litmus_tally *tally, const int *cpus, bool tso, uint64_t ops) {
    const uint64_t iterations = ops * TSP_LITMUS_ITERATIONS;
    const struct tsp_litmus *test = variant->test;
    char text[TSP_LITMUS_THREADS * 64 + 64];
    if (tally->impossible > 0) {
        trace(text, sizeof text, test, &tally->impossible_outcome, cpus);
        return tsp_fail(bench,
                        "impossible outcome (values that nobody wrote): %" PRIu64 " in %" PRIu64
                        ", first in iteration %" PRIu64 ": %s",
                        tally->impossible, tally->iterations, tally->impossible_at, text);
    }
    if (tally->iterations != iterations) {
        return tsp_fail(bench, "%" PRIu64 " iterations were done, not %" PRIu64, tally->iterations,
                        iterations);
    }
    if (iterations == 0) {
        return 0;
    }
    tsp_report_seen(bench, "iterations", "a round", (double)iterations);
    if (!tsp_litmus_forbids(variant, tso)) {
        tsp_report_chance(bench, WEAK, tally->weak, iterations);
        return 0;
    }
    trace(text, sizeof text, test, &tally->weak_outcome, cpus);
    return tsp_report_forbidden(bench, WEAK, tally->weak, iterations,
                                "forbidden outcome (%s): %" PRIu64 " in %" PRIu64
                                ", first in iteration %" PRIu64 ": %s",
                                test->outcome, tally->weak, iterations, tally->weak_at, text);
}
