/* One thread of a workload. */
#include "workload/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "measure/clock_read.h"
#include "workload/random.h"

/* A thread that sleeps looks up so often, lest it sleeps through the end. */
#define LOOK_UP_NS UINT64_C(100000000)

uint64_t tsp_monotonic_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static enum tsp_phase phase_of(const struct tsp_crowd *crowd) {
    return (enum tsp_phase)atomic_load_explicit(&crowd->phase, memory_order_relaxed);
}

static bool has_failed(const struct tsp_crowd *crowd) {
    return atomic_load_explicit(&crowd->failed, memory_order_relaxed);
}

/* --- an operation ------------------------------------------------------------------------------------------------------------------- */

/* What is known before the clock starts, and what came of it. */
struct deed {
    enum tsp_operation operation;
    uint64_t key;
    uint64_t writer; /* of a put's value */
    int found;       /* a pair was there; -1: no memory */
};

static struct deed choose(struct tsp_worker *worker) {
    const struct tsp_workload *workload = worker->crowd->workload;
    struct deed deed = {.key = tsp_key_next(&worker->source)};
    if (workload->cycle != NULL) {
        deed.operation = (enum tsp_operation)workload->cycle[worker->turn];
        worker->turn = worker->turn + 1 < workload->cycle_count ? worker->turn + 1 : 0;
    } else {
        const uint64_t *weights = workload->weights;
        uint64_t drawn =
            tsp_random_below(&worker->random, weights[TSP_GET] + weights[TSP_PUT] + weights[TSP_REMOVE]);
        deed.operation = drawn < weights[TSP_GET]                      ? TSP_GET
                         : drawn < weights[TSP_GET] + weights[TSP_PUT] ? TSP_PUT
                                                                       : TSP_REMOVE;
    }
    if (deed.operation == TSP_PUT) {
        deed.writer = tsp_pair_writer(worker->index, ++worker->written);
        tsp_pair_write(worker->value, worker->crowd->value_bytes, deed.key, deed.writer);
    }
    return deed;
}

/* What is timed. */
static inline void act(struct tsp_worker *worker, struct deed *deed) {
    struct tsp_shard_map *map = worker->crowd->map;
    switch (deed->operation) {
    case TSP_PUT:
        deed->found = tsp_shard_map_put(map, deed->key, worker->value, worker->old);
        break;
    case TSP_REMOVE:
        deed->found = tsp_shard_map_remove(map, deed->key, worker->old);
        break;
    default:
        deed->found = tsp_shard_map_get(map, deed->key, worker->old);
    }
}

/* Must each key have its pair at any time? */
static bool is_never_absent(const struct tsp_workload *workload) {
    return workload->preload == TSP_PRELOAD_ALL && workload->weights[TSP_REMOVE] == 0;
}

/* Books what was done, and looks at what was found. */
static void settle(struct tsp_worker *worker, const struct deed *deed) {
    const struct tsp_workload *workload = worker->crowd->workload;
    uint64_t writer = 0;
    if (deed->found < 0) {
        atomic_store(&worker->crowd->failed, true);
        return;
    }
    if (deed->operation == TSP_PUT) {
        tsp_books_came(&worker->books, deed->key, deed->writer);
    }
    if (!deed->found) {
        bool miss = deed->operation == TSP_GET && is_never_absent(workload);
        worker->stray_key = miss && worker->misses == 0 ? deed->key : worker->stray_key;
        worker->misses += miss;
        return;
    }
    if (!tsp_pair_read(worker->old, worker->crowd->value_bytes, deed->key, &writer) ||
        writer >> TSP_PAIR_SEQUENCE_BITS >= workload->threads) {
        worker->stray_key = worker->strangers == 0 ? deed->key : worker->stray_key;
        ++worker->strangers;
    }
    if (deed->operation == TSP_GET) {
        ++worker->reads;
    } else {
        tsp_books_went(&worker->books, deed->key, writer);
    }
}

static void note(struct tsp_worker *worker, enum tsp_operation operation, uint64_t ns) {
    struct tsp_tally *tally = &worker->tallies[operation];
    if (worker->raw != NULL) {
        if (worker->raw_count == worker->raw_room) { /* the samples shall be all that the histogram has */
            worker->raw_full = true;
            atomic_store(&worker->crowd->phase, TSP_PHASE_STOP);
            return;
        }
        worker->raw[worker->raw_count++] = tsp_raw_make(operation, ns);
    }
    tsp_recorder_add(worker->recorders[operation], ns);
    tally->min = tally->n == 0 || ns < tally->min ? ns : tally->min;
    tally->max = ns > tally->max ? ns : tally->max;
    tally->sum += (double)ns;
    ++tally->n;
}

/* --- the loops ---------------------------------------------------------------------------------------------------------------------- */

/* The next operation begins when the one before is done. */
static void work_closed(struct tsp_worker *worker) {
    struct tsp_crowd *crowd = worker->crowd;
    const struct tsp_clock *clock = crowd->clock;
    const double tick_ns = 1e9 / clock->hz;
    for (;;) {
        enum tsp_phase phase = phase_of(crowd);
        if (phase == TSP_PHASE_STOP || has_failed(crowd)) {
            return;
        }
        struct deed deed = choose(worker);
        uint64_t begin = tsp_clock_begin(clock);
        act(worker, &deed);
        uint64_t ticks = tsp_clock_end(clock) - begin;
        settle(worker, &deed);
        if (phase == TSP_PHASE_MEASURE) {
            bool backward = ticks > UINT64_MAX / 2; /* the CPUs' clocks differ, and the thread has moved */
            double ns = backward ? 0 : (double)ticks * tick_ns - clock->overhead_ns_p50;
            worker->backward += backward;
            note(worker, deed.operation, ns > 0 ? (uint64_t)(ns + 0.5) : 0);
        }
    }
}

/* Until the time has come, or the end. Returns false at the end. */
static bool wait_until(const struct tsp_crowd *crowd, uint64_t intended) {
    uint64_t spin = (uint64_t)(crowd->workload->spin_ms * 1e6);
    for (;;) {
        uint64_t now = tsp_monotonic_ns();
        if (phase_of(crowd) == TSP_PHASE_STOP) {
            return false;
        }
        if (now >= intended) {
            return true;
        }
        if (now + spin < intended) {
            uint64_t wake = intended - spin < now + LOOK_UP_NS ? intended - spin : now + LOOK_UP_NS;
            struct timespec at = {.tv_sec = (time_t)(wake / 1000000000),
                                  .tv_nsec = (long)(wake % 1000000000)};
            (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        }
    }
}

/* Operations are meant to begin at stated times. One that cannot, since the one before took too long, has waited, and that counts. */
static void work_open(struct tsp_worker *worker) {
    struct tsp_crowd *crowd = worker->crowd;
    for (uint64_t i = 0; !has_failed(crowd); ++i) {
        uint64_t intended = tsp_pace_intended(&crowd->pace, worker->index, i);
        if (intended < crowd->measure_ns && tsp_monotonic_ns() >= crowd->measure_ns) {
            i = tsp_pace_first(&crowd->pace, worker->index,
                               crowd->measure_ns); /* what warm-up left undone is dropped */
            intended = tsp_pace_intended(&crowd->pace, worker->index, i);
        }
        struct deed deed = choose(worker);
        if (!wait_until(crowd, intended)) {
            worker->written -= deed.operation == TSP_PUT; /* that value was never put */
            return;
        }
        act(worker, &deed);
        uint64_t end = tsp_monotonic_ns();
        settle(worker, &deed);
        if (intended >= crowd->measure_ns) {
            note(worker, deed.operation, end - intended);
        }
    }
}

/* Fills the worker's share of the map: every threads-th key. */
static void preload(struct tsp_worker *worker) {
    const struct tsp_workload *workload = worker->crowd->workload;
    if (workload->preload == TSP_PRELOAD_NONE) {
        return;
    }
    uint64_t step = workload->preload == TSP_PRELOAD_HALF ? 2 : 1;
    for (uint64_t key = worker->index * step; key < workload->keys; key += workload->threads * step) {
        if (phase_of(worker->crowd) == TSP_PHASE_STOP || has_failed(worker->crowd)) {
            return;
        }
        struct deed deed = {
            .operation = TSP_PUT, .key = key, .writer = tsp_pair_writer(worker->index, ++worker->written)};
        tsp_pair_write(worker->value, worker->crowd->value_bytes, key, deed.writer);
        act(worker, &deed);
        settle(worker, &deed);
    }
}

/* All begin together, with a map that is filled. */
static void pass_gate(struct tsp_crowd *crowd) {
    (void)pthread_mutex_lock(&crowd->gate);
    ++crowd->filled;
    (void)pthread_cond_broadcast(&crowd->moved);
    while (!crowd->open) {
        (void)pthread_cond_wait(&crowd->moved, &crowd->gate);
    }
    (void)pthread_mutex_unlock(&crowd->gate);
}

void *tsp_worker_main(void *data) {
    struct tsp_worker *worker = data;
    struct tsp_crowd *crowd = worker->crowd;
    (void)prctl(PR_SET_TIMERSLACK, 1UL); /* else the kernel may wake a sleeper 50 µs late */
    preload(worker);
    pass_gate(crowd);
    if (crowd->workload->rate > 0) {
        work_open(worker);
    } else {
        work_closed(worker);
    }
    return NULL;
}
