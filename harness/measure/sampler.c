/* Timed batches and timed ops, those of the reference in between. */
#include "measure/sampler.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "measure/bench.h"
#include "measure/clock_read.h"
#include "measure/crew.h"
#include "transept/stats.h"

/* A window of the warm-up: its halves must agree before sampling begins. */
#define WINDOW 32

/* In per-op mode every so many ops one reading of the reference. */
#define OPS_A_REFERENCE 4

/* A crew's batch lasts so many times what assembling the crew takes, but no longer than this: a round is to have many. */
#define CREW_TIMES   50
#define CREW_MOST_NS 200e3

/* A round goes on beyond its time, up to so many times, until it has this many samples: twice what a median takes. */
#define SAMPLES_LEAST 12
#define TIME_STRETCH  100

int tsp_trace_make(struct tsp_trace *trace, struct tsp_error *error) {
    memset(trace, 0, sizeof *trace);
    size_t bytes = 5 * (size_t)TSP_SAMPLES_MAX * sizeof(double);
    double *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        return tsp_error_set(error, "no memory for %zu bytes of samples", bytes);
    }
    trace->most = TSP_SAMPLES_MAX;
    trace->one = room;
    trace->two = room + TSP_SAMPLES_MAX;
    trace->reference_one = room + (size_t)2 * TSP_SAMPLES_MAX;
    trace->reference_two = room + (size_t)3 * TSP_SAMPLES_MAX;
    trace->scratch = room + (size_t)4 * TSP_SAMPLES_MAX;
    return 0;
}

void tsp_trace_free(struct tsp_trace *trace) {
    if (trace->one != NULL) {
        (void)munmap(trace->one, 5 * (size_t)TSP_SAMPLES_MAX * sizeof(double));
    }
    memset(trace, 0, sizeof *trace);
}

static double time_of(const struct tsp_subject *subject, tsp_body *body, uint64_t ops) {
    void *state = subject->bench->state;
    uint64_t begin = tsp_clock_begin(subject->clock);
    body(state, ops);
    uint64_t end = tsp_clock_end(subject->clock);
    return tsp_clock_ns(subject->clock, end - begin);
}

static double time_case(struct tsp_subject *subject, uint64_t ops) {
    if (subject->bench->kernel->before != NULL) {
        subject->bench->kernel->before(subject->bench);
    }
    subject->ops += ops;
    return time_of(subject, subject->body, ops);
}

/* Is a single op long beside what the clock adds and resolves? Then each is timed by itself. */
static bool is_long(struct tsp_subject *subject) {
    double ops[9];
    double references[9];
    for (unsigned i = 0; i < 9; ++i) {
        ops[i] = time_case(subject, 1);
        references[i] = time_of(subject, subject->reference, 1);
    }
    double grain = fmax(subject->clock->overhead_ns_p50, subject->clock->resolution_ns);
    return tsp_stats_median(ops, 9) - tsp_stats_median(references, 9) >= 20 * grain;
}

static bool choose_per_op(struct tsp_subject *subject) {
    const struct tsp_kernel *kernel = subject->bench->kernel;
    if (kernel->before != NULL || kernel->mode == TSP_MODE_PER_OP) {
        return true;
    }
    /* Of a crew a single op is always long: it is mostly assembling. */
    return kernel->mode == TSP_MODE_AUTO && tsp_crew_size(subject->bench) == 1 && is_long(subject);
}

/* How long a batch is to last for clock and crew to be lost beside it. */
static double batch_ns(const struct tsp_subject *subject) {
    double target = tsp_clock_batch_ns(subject->clock);
    double times[9];
    if (tsp_crew_size(subject->bench) == 1) {
        return target;
    }
    for (unsigned i = 0; i < 9; ++i) {
        uint64_t begin = tsp_clock_begin(subject->clock);
        tsp_crew_assemble(subject->bench);
        times[i] = tsp_clock_ns(subject->clock, tsp_clock_end(subject->clock) - begin);
    }
    return fmax(target, fmin(CREW_TIMES * tsp_stats_median(times, 9), CREW_MOST_NS));
}

static double least_of_three(struct tsp_subject *subject, uint64_t ops) {
    double first = time_case(subject, ops); /* of which an emulator may spend most on translation */
    double second = time_case(subject, ops);
    return fmin(fmin(first, second), time_case(subject, ops));
}

/* The smallest doubling of TSP_BATCH_UNIT that lasts the target: a first guess, on a cold machine. */
static uint64_t guess_ops(struct tsp_subject *subject, double target_ns) {
    uint64_t ops = TSP_BATCH_UNIT;
    while (least_of_three(subject, ops) < target_ns && ops < UINT64_C(1) << 30) {
        ops *= 2;
    }
    return ops;
}

/* Repeats a batch until the halves of the last WINDOW times agree, or time is up. Returns whether they did; *median of the window. */
static bool settle(struct tsp_subject *subject, uint64_t ops, double until_ns, double *median) {
    double window[WINDOW];
    double scratch[WINDOW];
    size_t count = 0;
    bool agreed = false;
    uint64_t start = tsp_clock_begin(subject->clock);
    do {
        if (count == WINDOW) { /* slide by half a window */
            memmove(window, window + WINDOW / 2, WINDOW / 2 * sizeof window[0]);
            count = WINDOW / 2;
        }
        while (count < WINDOW && (count == 0 || tsp_clock_ns(subject->clock, tsp_clock_end(subject->clock) -
                                                                                 start) < until_ns)) {
            window[count++] = time_case(subject, ops);
        }
        agreed = count == WINDOW && tsp_window_agrees(window, WINDOW, scratch);
    } while (!agreed && tsp_clock_ns(subject->clock, tsp_clock_end(subject->clock) - start) < until_ns);
    *median = tsp_stats_median(window, count);
    return agreed;
}

bool tsp_sampler_warm(struct tsp_subject *subject, struct tsp_trace *trace, const struct tsp_round *like,
                      double warmup_ms) {
    double median = 0;
    trace->per_op = like != NULL ? like->per_op : choose_per_op(subject);
    if (trace->per_op) {
        trace->ops = 1;
        return settle(subject, 1, warmup_ms * 1e6, &median);
    }
    double target = batch_ns(subject);
    uint64_t guess = like != NULL ? like->ops_per_sample : guess_ops(subject, target);
    bool warm = settle(subject, guess, warmup_ms * 1e6, &median);
    trace->ops = like != NULL ? guess : tsp_batch_ops(target, median, guess);
    return warm;
}

/* n and 2n ops of the case and of its reference, in random order, so that no drift or parity favours one of the four. */
static void take_four(struct tsp_subject *subject, struct tsp_trace *trace) {
    unsigned order[4] = {0, 1, 2, 3};
    uint64_t random = tsp_random_next(&subject->random);
    for (unsigned i = 3; i > 0; --i, random >>= 8) {
        unsigned j = (unsigned)((random & 0xff) % (i + 1));
        unsigned swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    for (unsigned i = 0; i < 4; ++i) {
        uint64_t ops = trace->ops << (order[i] & 1);
        switch (order[i]) {
        case 0:
            trace->one[trace->count] = time_case(subject, ops);
            break;
        case 1:
            trace->two[trace->count] = time_case(subject, ops);
            break;
        case 2:
            trace->reference_one[trace->count] = time_of(subject, subject->reference, ops);
            break;
        default:
            trace->reference_two[trace->count] = time_of(subject, subject->reference, ops);
            break;
        }
    }
    trace->count += 1;
    trace->reference_count = trace->count;
}

static void take_ops(struct tsp_subject *subject, struct tsp_trace *trace) {
    trace->reference_one[trace->reference_count++] = time_of(subject, subject->reference, 1);
    for (unsigned i = 0; i < OPS_A_REFERENCE && trace->count < trace->most; ++i) {
        trace->one[trace->count++] = time_case(subject, 1);
    }
}

/* Is the round over? Ops of many milliseconds get more than their time, lest a median rest on a sample or two, but not without end. */
static bool time_is_up(const struct tsp_trace *trace, double spent_ns, double time_ns) {
    return trace->count >= trace->most ||
           spent_ns >= (trace->count < SAMPLES_LEAST ? TIME_STRETCH * time_ns : time_ns);
}

void tsp_sampler_take(struct tsp_subject *subject, struct tsp_trace *trace, double time_ms) {
    uint64_t start = tsp_clock_begin(subject->clock);
    do {
        if (trace->per_op) {
            take_ops(subject, trace);
        } else {
            take_four(subject, trace);
        }
    } while (!time_is_up(trace, tsp_clock_ns(subject->clock, tsp_clock_end(subject->clock) - start),
                         time_ms * 1e6));
}
