/* Events an op, by difference. */
#include "measure/count.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bench.h"
#include "transept/stats.h"

/* Fixed, so that a count never depends on a time. Per-op kernels are slow, and some make a process an op: few ops, enough for what happens
 * once to happen before they are counted. */
#define OPS_BATCHED TSP_BATCH_UNIT
#define OPS_PER_OP  4

/* Ops that are not counted where each is counted by itself: lazy binding falls into the first, and what malloc keeps from one op to the next
 * settles. */
#define OPS_SETTLE 3

/* A modelled cache is to be as warm at the beginning as at the end: enough ops to go around working sets, and as many before. */
#define OPS_MODELLED (UINT64_C(64) * TSP_BATCH_UNIT)

/* An op of more user instructions than this, or of a system call, is slow: fewer of them are counted. Where instructions are counted
 * exactly they decide, and not the time, so that a case is counted alike on every machine. A PMU's decide as well, that it may witness the
 * others; it counts no system calls, so that the time decides too. */
#define SLOW_INSTRUCTIONS 20000.0

/* One counter's events over the repetitions. */
struct tally {
    double *
        events; /* [repetitions], as the next two; the first counter's is where the block of all rows begins */
    double *reference;
    double *scratch;
    double nothing; /* where ops are counted one at a time: what the readings alone count */
    double share;
};

struct counting {
    struct tsp_subject *subject;
    struct tsp_counters *counters;
    size_t count;
    unsigned repetitions; /* most; in the end those that were made */
    bool until_agreed;    /* fewer will do when they agree */
    unsigned turn;        /* of the counters; the others' readings mean nothing */
    struct tsp_reading *before;
    struct tsp_reading *after;
    struct tally *tallies;
};

/* Reads, runs `ops`, reads. The same instructions for every body, so that those of an empty one can be taken off. */
__attribute__((noinline)) static void bracket(struct counting *c, tsp_body *body, uint64_t ops,
                                              struct tsp_reading *before, struct tsp_reading *after) {
    tsp_counters_read(c->counters, before);
    body(c->subject->bench->state, ops);
    tsp_counters_read(c->counters, after);
}

static double difference(const struct tsp_reading *before, const struct tsp_reading *after,
                         struct tally *tally) {
    double share = 1;
    double events = tsp_reading_difference(before, after, &share);
    tally->share = fmin(tally->share, share);
    return events;
}

/* Every repetition counts the same ops: from the same state, on the same input. */
static void rewind_case(struct counting *c) {
    struct tsp_bench *bench = c->subject->bench;
    if (bench->kernel->rewind != NULL) {
        bench->kernel->rewind(bench);
    }
}

/* Events an op of `body`, into each tally's row (events or reference) at `repetition`. */
static void count_batch(struct counting *c, tsp_body *body, uint64_t ops, bool reference,
                        unsigned repetition) {
    for (unsigned twice = 0; twice < 2; ++twice) {
        rewind_case(c); /* the first n of the 2n are those that were counted alone */
        bracket(c, body, ops << twice, c->before, c->after);
        c->subject->ops += reference ? 0 : ops << twice;
        for (size_t i = 0; i < c->count; ++i) {
            if (!tsp_counters_in_turn(c->counters, i, c->turn)) {
                continue;
            }
            struct tally *tally = &c->tallies[i];
            double *row = reference ? tally->reference : tally->events;
            double events = difference(&c->before[i], &c->after[i], tally);
            row[repetition] = twice ? (events - row[repetition]) / (double)ops : events;
        }
    }
}

static void do_nothing(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
}

/* What is counted of a body that does nothing is no op's: without it gross is the same whoever counts. (It falls out of n and 2n ops.) */
static void count_nothing(struct counting *c) {
    tsp_body *body = do_nothing;
    TSP_HIDE(body); /* called like any other, and not known to the compiler */
    bracket(c, body, 1, c->before, c->after);
    for (size_t i = 0; i < c->count; ++i) {
        if (tsp_counters_in_turn(c->counters, i, c->turn)) {
            c->tallies[i].nothing = difference(&c->before[i], &c->after[i], &c->tallies[i]);
        }
    }
}

/* The same for one op at a time, each with its `before`. */
static void count_single(struct counting *c, tsp_body *body, bool reference, unsigned repetition) {
    if (!reference) {
        rewind_case(c);
        c->subject->bench->kernel->before(c->subject->bench);
        c->subject->ops += 1;
    }
    bracket(c, body, 1, c->before, c->after);
    for (size_t i = 0; i < c->count; ++i) {
        if (!tsp_counters_in_turn(c->counters, i, c->turn)) {
            continue;
        }
        struct tally *tally = &c->tallies[i];
        double *row = reference ? tally->reference : tally->events;
        row[repetition] = difference(&c->before[i], &c->after[i], tally) - tally->nothing;
    }
}

/* What is known of an op before it is counted. */
struct estimate {
    double instructions; /* NaN where nobody counts them; so are system calls */
    double syscalls;
    bool exact; /* the instructions are counted, not measured */
};

static void estimate_from(struct estimate *known, const struct tsp_counter *counter, double events) {
    if (counter->status != TSP_COUNTER_OK) {
        return;
    }
    if (counter->evidence == TSP_COUNTED && strcmp(counter->name, "instructions") == 0) {
        known->instructions = events;
        known->exact = true;
    } else if (counter->evidence == TSP_COUNTED && strcmp(counter->name, "syscalls") == 0) {
        known->syscalls = events;
    } else if (!known->exact && strcmp(counter->name, "instructions:u") == 0) {
        known->instructions = events;
    }
}

/* Runs what will be counted once, which gets lazy binding, translation and first touches out of the way. */
static struct estimate try_ops(struct counting *c, uint64_t ops) {
    struct estimate known = {.instructions = (double)NAN, .syscalls = (double)NAN};
    bracket(c, c->subject->reference, ops, c->before, c->after);
    bracket(c, c->subject->body, ops, c->before, c->after);
    c->subject->ops += ops;
    for (size_t i = 0; i < c->count; ++i) {
        double share = 1;
        double events = tsp_reading_difference(&c->before[i], &c->after[i], &share) / (double)ops;
        estimate_from(&known, tsp_counters_get(c->counters, i), events);
    }
    return known;
}

static bool has_model(const struct counting *c) {
    for (size_t i = 0; i < c->count; ++i) {
        const struct tsp_counter *counter = tsp_counters_get(c->counters, i);
        if (counter->evidence == TSP_MODELLED && counter->status == TSP_COUNTER_OK) {
            return true;
        }
    }
    return false;
}

static bool is_slow(const struct estimate *known, bool per_op) {
    bool many = known->instructions > SLOW_INSTRUCTIONS; /* not where they are NaN */
    return known->exact ? many || known->syscalls >= 1 : many || per_op;
}

static uint64_t choose_ops(struct counting *c, bool per_op) {
    enum tsp_mode mode = c->subject->bench->kernel->mode;
    const struct estimate known = try_ops(c, mode == TSP_MODE_BATCHED ? OPS_BATCHED : OPS_PER_OP);
    bool slow = is_slow(&known, per_op);
    if (mode == TSP_MODE_PER_OP || (mode == TSP_MODE_AUTO && slow)) {
        return OPS_PER_OP;
    }
    if (slow || !has_model(c)) {
        return OPS_BATCHED;
    }
    (void)try_ops(c, 2 * OPS_MODELLED);
    return OPS_MODELLED;
}

/* One repetition of the case and of its reference. */
static void count_once(struct counting *c, bool single, uint64_t ops, unsigned repetition) {
    if (single) {
        count_single(c, c->subject->body, false, repetition);
        count_single(c, c->subject->reference, true, repetition);
    } else {
        count_batch(c, c->subject->body, ops, false, repetition);
        count_batch(c, c->subject->reference, ops, true, repetition);
    }
}

static bool all_equal(const double *values, unsigned repetitions) {
    for (unsigned i = 1; i < repetitions; ++i) {
        if (values[i] != values[0]) {
            return false;
        }
    }
    return true;
}

/* Counts that are never held to be exact, whatever the repetitions say. */
static bool varies(const struct counting *c) {
    const struct tsp_bench *bench = c->subject->bench;
    return bench->kernel->counts_vary || bench->counts_vary || tsp_crew_size(bench) > 1;
}

static bool measures(const struct counting *c) {
    for (size_t i = 0; i < c->count; ++i) {
        const struct tsp_counter *counter = tsp_counters_get(c->counters, i);
        bool counts = counter->status == TSP_COUNTER_OK || counter->status == TSP_COUNTER_MULTIPLEXED;
        if (counts && counter->evidence == TSP_MEASURED) {
            return true;
        }
    }
    return false;
}

/* Do all the counters that count do so exactly, and say the same each time so far? */
static bool agreed(const struct counting *c, unsigned repetitions) {
    for (size_t i = 0; i < c->count; ++i) {
        const struct tsp_counter *counter = tsp_counters_get(c->counters, i);
        const struct tally *tally = &c->tallies[i];
        bool counts = counter->status == TSP_COUNTER_OK || counter->status == TSP_COUNTER_MULTIPLEXED;
        if (counts && (counter->evidence == TSP_MEASURED || !all_equal(tally->events, repetitions) ||
                       !all_equal(tally->reference, repetitions))) {
            return false;
        }
    }
    return true;
}

/* Groups of counters that the PMU cannot hold at once are counted one after the other: the work can be repeated, so that nothing need be
 * scaled, and no batch is too short for its group to have run in it. Returns n, of the n and 2n ops. */
static uint64_t count_all(struct counting *c, bool per_op) {
    bool single = c->subject->bench->kernel->before != NULL;
    uint64_t ops = single ? 1 : choose_ops(c, per_op);
    unsigned turns = tsp_counters_turns(c->counters);
    /* Threads that wait for one another take long under an emulator, and more of it makes their range no truer. */
    bool enough = varies(c) && !measures(c);
    for (unsigned i = 0; single && i < OPS_SETTLE; ++i) {
        count_once(c, single, ops, 0); /* overwritten */
    }
    for (c->turn = 0; c->turn < turns; ++c->turn) {
        tsp_counters_take_turn(c->counters, c->turn);
        unsigned i = 0;
        if (single) {
            count_nothing(c);
        }
        while (i < c->repetitions) {
            count_once(c, single, ops, i);
            i += 1;
            if (c->until_agreed && turns == 1 && i == TSP_REPETITIONS_AGREEING && (enough || agreed(c, i))) {
                c->repetitions = i;
            }
        }
    }
    return ops;
}

/* A counter that ran: its tally made into a metric. */
static int fill_metric(struct tsp_round_metric *metric, struct tally *tally, unsigned repetitions,
                       struct tsp_error *error) {
    memcpy(tally->scratch, tally->reference, repetitions * sizeof *tally->scratch);
    double reference = tsp_stats_median(tally->scratch, repetitions);
    if (all_equal(tally->events, repetitions) && all_equal(tally->reference, repetitions)) {
        tsp_round_metric_exact(metric, tally->events[0] - reference);
        metric->gross = tally->events[0];
        metric->reference = reference;
        return 0;
    }
    metric->nondeterministic = metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED;
    memcpy(tally->scratch, tally->events, repetitions * sizeof *tally->scratch);
    metric->gross = tsp_stats_median(tally->scratch, repetitions);
    metric->reference = reference;
    metric->net = metric->gross - reference;
    for (unsigned i = 0; i < repetitions; ++i) {
        tally->events[i] -= reference;
    }
    struct tsp_description *description = &metric->description;
    if (tsp_stats_describe(tally->events, repetitions, description, error) != 0) {
        return -1;
    }
    if (metric->nondeterministic && !isfinite(description->p50.value)) {
        /* A series that drifts has few independent samples for a median's interval; of a count, all values are shown. */
        description->p50 =
            (struct tsp_estimate){.value = metric->net, .lo = description->min, .hi = description->max};
    }
    return 0;
}

static void mark_absent(struct tsp_round_metric *metric, enum tsp_counter_status status, const char *reason) {
    tsp_round_metric_exact(metric,
                           (double)NAN); /* a counter that does not count has no value: never a zero */
    metric->description.n = 0;
    metric->exact = false;
    metric->status = status;
    (void)snprintf(metric->reason, sizeof metric->reason, "%s", reason);
}

static int add_metric(struct counting *c, size_t i, struct tsp_round *round, struct tsp_error *error) {
    const struct tsp_counter *counter = tsp_counters_get(c->counters, i);
    struct tsp_round_metric *metric =
        tsp_round_add_metric(round, counter->name, counter->unit, counter->evidence);
    if (metric == NULL) {
        return tsp_error_set(error, "%s", round->reason);
    }
    struct tally *tally = &c->tallies[i];
    if (counter->status != TSP_COUNTER_OK && counter->status != TSP_COUNTER_MULTIPLEXED) {
        mark_absent(metric, counter->status, counter->reason);
        return 0;
    }
    for (unsigned k = 0; k < c->repetitions; ++k) {
        if (!isfinite(tally->events[k]) || !isfinite(tally->reference[k])) {
            mark_absent(metric, TSP_COUNTER_IMPLAUSIBLE,
                        "the counter was opened but never ran; ask for fewer with --counters");
            return 0;
        }
    }
    metric->share = tally->share;
    metric->status = tally->share < 1 ? TSP_COUNTER_MULTIPLEXED : TSP_COUNTER_OK;
    if (metric->status == TSP_COUNTER_MULTIPLEXED) {
        (void)snprintf(metric->reason, sizeof metric->reason, "counted %.0f %% of the time and scaled",
                       100 * tally->share);
    }
    if (fill_metric(metric, tally, c->repetitions, error) != 0) {
        return -1;
    }
    if (varies(c) && metric->evidence != TSP_MEASURED) {
        metric->nondeterministic = true; /* equal this time by chance */
        metric->exact = false;
    }
    return 0;
}

/* Rows for every counter. */
static bool make_room(struct counting *c) {
    size_t row = c->repetitions;
    double *rows = calloc(c->count * 3 * row, sizeof *rows);
    c->before = calloc(c->count, sizeof *c->before);
    c->after = calloc(c->count, sizeof *c->after);
    c->tallies = calloc(c->count, sizeof *c->tallies);
    if (rows == NULL || c->before == NULL || c->after == NULL || c->tallies == NULL) {
        free(rows);
        return false;
    }
    for (size_t i = 0; i < c->count; ++i) {
        double *mine = rows + i * 3 * row;
        c->tallies[i] =
            (struct tally){.events = mine, .reference = mine + row, .scratch = mine + 2 * row, .share = 1};
    }
    return true;
}

int tsp_count_events(struct tsp_subject *subject, struct tsp_counters *counters, unsigned repetitions,
                     bool per_op, struct tsp_round *round, struct tsp_error *error) {
    size_t count = tsp_counters_count(counters);
    if (count == 0) {
        return 0;
    }
    struct counting c = {.subject = subject,
                         .counters = counters,
                         .count = count,
                         .repetitions = repetitions != 0 ? repetitions : TSP_REPETITIONS,
                         .until_agreed = repetitions == 0};
    int status = 0;
    if (make_room(&c)) {
        uint64_t ops = count_all(&c, per_op);
        if (round->ops_per_sample == 0) { /* no time was taken: what is sampled is the count */
            round->per_op = ops == 1;
            round->ops_per_sample = ops;
            round->warm = true;
        }
        for (size_t i = 0; i < count && status == 0; ++i) {
            status = add_metric(&c, i, round, error);
        }
        free(c.tallies[0].events); /* all rows */
    } else {
        status = tsp_error_set(error, "no memory for %zu counters", count);
    }
    free(c.before);
    free(c.after);
    free(c.tallies);
    return status;
}
