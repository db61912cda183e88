/* A workload from beginning to end: memory, threads, the phases, the end. */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "workload/check.h"
#include "workload/gather.h"
#include "workload/random.h"
#include "workload/summary.h"
#include "workload/worker.h"

enum { STACK_BYTES = 256 << 10 };
#define SECOND_NS UINT64_C(1000000000)
#define LOOK_NS   (SECOND_NS / 10) /* so often the caller looks up from its sleep */

/* Kept samples take half of the free memory at most, and no more than this; the pages of those that are not taken are never touched. */
#define RAW_BYTES_MAX (sizeof(size_t) > 4 ? UINT64_C(4) << 30 : UINT64_C(256) << 20)

struct run {
    const struct tsp_workload *workload;
    const struct tsp_workload_setting *setting;
    struct tsp_workload_result *result;
    struct tsp_crowd crowd;
    struct tsp_worker *workers;
    unsigned threads; /* that were started */
    struct tsp_gather gather;
    size_t raw_bytes; /* of a worker */
};

/* --- memory ------------------------------------------------------------------------------------------------------------------------- */

static uint64_t raw_bytes_of_all(void) {
    long pages = sysconf(_SC_AVPHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t half = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 2 : RAW_BYTES_MAX;
    return half < RAW_BYTES_MAX ? half : RAW_BYTES_MAX;
}

uint64_t tsp_workload_bytes(const struct tsp_workload *workload, bool raw) {
    uint64_t recorders = 0;
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        recorders += workload->weights[i] > 0 ? sizeof(struct tsp_recorder) : 0;
    }
    uint64_t of_thread = sizeof(struct tsp_worker) + recorders + 2 * workload->value_bytes + STACK_BYTES;
    return tsp_shard_map_bytes(workload->keys, (unsigned)workload->shards, (size_t)workload->value_bytes) +
           workload->threads * of_thread + tsp_gather_bytes(workload) + (raw ? raw_bytes_of_all() : 0);
}

static int make_worker(struct run *run, unsigned index) {
    const struct tsp_workload *workload = run->workload;
    struct tsp_worker *worker = &run->workers[index];
    *worker = (struct tsp_worker){.crowd = &run->crowd,
                                  .index = index,
                                  .random = tsp_mix64(~workload->seed) + index,
                                  .turn = workload->cycle != NULL ? index % workload->cycle_count : 0};
    tsp_key_source_make(&worker->source, &run->crowd.keys, index, (unsigned)workload->threads,
                        workload->seed);
    worker->value = malloc((size_t)workload->value_bytes);
    worker->old = malloc((size_t)workload->value_bytes);
    bool complete = worker->value != NULL && worker->old != NULL;
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        if (workload->weights[i] > 0) {
            worker->recorders[i] = calloc(1, sizeof *worker->recorders[i]);
            complete &= worker->recorders[i] != NULL;
        }
    }
    if (run->raw_bytes > 0) {
        void *raw = mmap(NULL, run->raw_bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        worker->raw = raw != MAP_FAILED ? raw : NULL;
        worker->raw_room = run->raw_bytes / sizeof *worker->raw;
        complete &= worker->raw != NULL;
    }
    return complete ? 0 : -1;
}

static void free_worker(const struct run *run, struct tsp_worker *worker) {
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        free(worker->recorders[i]);
    }
    free(worker->value);
    free(worker->old);
    if (worker->raw != NULL) {
        (void)munmap(worker->raw, run->raw_bytes);
    }
}

static int make_all(struct run *run, struct tsp_error *error) {
    const struct tsp_workload *workload = run->workload;
    unsigned threads = (unsigned)workload->threads;
    tsp_keys_make(&run->crowd.keys, workload);
    run->workers = aligned_alloc(_Alignof(struct tsp_worker), threads * sizeof *run->workers);
    if (run->workers == NULL) {
        return tsp_error_set(error, "no memory for %u threads; ask for fewer", threads);
    }
    memset(run->workers, 0, threads * sizeof *run->workers);
    if (run->setting->keep_raw) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        run->raw_bytes = (size_t)(raw_bytes_of_all() / threads) / page * page + page;
    }
    for (unsigned i = 0; i < threads; ++i) {
        if (make_worker(run, i) != 0) {
            return tsp_error_set(error, "no memory for %u threads; ask for fewer, or smaller values",
                                 threads);
        }
    }
    if (tsp_gather_make(&run->gather, workload, run->workers, error) != 0) {
        return -1;
    }
    return tsp_shard_map_make(&run->crowd.map, (unsigned)workload->shards, (size_t)workload->value_bytes,
                              tsp_mix64(workload->seed), error);
}

static void free_all(struct run *run) {
    for (uint64_t i = 0; run->workers != NULL && i < run->workload->threads; ++i) {
        free_worker(run, &run->workers[i]);
    }
    free(run->workers);
    tsp_gather_free(&run->gather);
    tsp_shard_map_free(run->crowd.map);
}

/* --- threads ------------------------------------------------------------------------------------------------------------------------ */

/* Signals are for the caller's thread alone. */
static int start_threads(struct run *run, struct tsp_error *error) {
    sigset_t every;
    sigset_t before;
    pthread_attr_t attributes;
    unsigned threads = (unsigned)run->workload->threads;
    (void)sigfillset(&every);
    (void)pthread_sigmask(SIG_SETMASK, &every, &before);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int code = 0;
    while (run->threads < threads && code == 0) {
        struct tsp_worker *worker = &run->workers[run->threads];
        code = pthread_create(&worker->thread, &attributes, tsp_worker_main, worker);
        run->threads += code == 0;
    }
    (void)pthread_attr_destroy(&attributes);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code == 0 ? 0
                     : tsp_error_set(error, "thread %u of %u could not be started: %s; ask for fewer",
                                     run->threads + 1, threads, strerror(code));
}

/* Until every thread has put its share into the map, or is told not to go on with it. */
static void wait_filled(struct run *run) {
    struct tsp_crowd *crowd = &run->crowd;
    (void)pthread_mutex_lock(&crowd->gate);
    while (crowd->filled < run->threads) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)LOOK_NS;
        until.tv_sec += until.tv_nsec / (long)SECOND_NS;
        until.tv_nsec %= (long)SECOND_NS;
        (void)pthread_cond_timedwait(&crowd->moved, &crowd->gate, &until);
        if (*run->setting->interrupted != 0) {
            atomic_store(&crowd->phase, TSP_PHASE_STOP);
        }
    }
    (void)pthread_mutex_unlock(&crowd->gate);
}

static void open_gate(struct tsp_crowd *crowd) {
    (void)pthread_mutex_lock(&crowd->gate);
    crowd->open = true;
    (void)pthread_cond_broadcast(&crowd->moved);
    (void)pthread_mutex_unlock(&crowd->gate);
}

static void stop_threads(struct run *run) {
    atomic_store(&run->crowd.phase, TSP_PHASE_STOP);
    open_gate(&run->crowd);
    for (unsigned i = 0; i < run->threads; ++i) {
        (void)pthread_join(run->workers[i].thread, NULL);
    }
    run->threads = 0;
}

/* --- phases ------------------------------------------------------------------------------------------------------------------------- */

/* Sleeps until then, with a look now and then if all is to end. Returns false when it is. */
static bool sleep_until(const struct run *run, uint64_t until_ns) {
    for (;;) {
        uint64_t now = tsp_monotonic_ns();
        if (*run->setting->interrupted != 0 || atomic_load(&run->crowd.failed) ||
            atomic_load(&run->crowd.phase) == TSP_PHASE_STOP) {
            return false;
        }
        if (now >= until_ns) {
            return true;
        }
        uint64_t wake = until_ns < now + LOOK_NS ? until_ns : now + LOOK_NS;
        struct timespec at = {.tv_sec = (time_t)(wake / SECOND_NS), .tv_nsec = (long)(wake % SECOND_NS)};
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL); /* a signal ends it early */
    }
}

static void tell(const struct run *run, double done, const struct tsp_second *second) {
    if (run->setting->observer != NULL) {
        double rate = second != NULL ? (double)second->n[TSP_OPERATIONS] / second->seconds : NAN;
        double p99 = second != NULL ? second->quantiles[TSP_OPERATIONS][TSP_WORKLOAD_P99] : NAN;
        run->setting->observer(run->setting->observer_data, done, run->workload->duration_ms / 1e3, rate,
                               p99);
    }
}

/* Second after second until the end. Returns when it came, early or not. */
static uint64_t measure(struct run *run, uint64_t from) {
    uint64_t end = from + (uint64_t)(run->workload->duration_ms * 1e6);
    uint64_t last = from;
    for (bool on = true; on && last < end;) {
        uint64_t next =
            last + SECOND_NS + SECOND_NS / 2 < end ? last + SECOND_NS : end; /* no stub of a second */
        on = sleep_until(run, next);
        if (!on ||
            next == end) { /* at once, so that what is measured ends with the time that it is divided by */
            atomic_store(&run->crowd.phase, TSP_PHASE_STOP);
        }
        uint64_t now = tsp_monotonic_ns();
        if (now > last) {
            tell(run, (double)(now - from) / 1e9,
                 tsp_gather_second(&run->gather, (double)(now - last) / 1e9));
        }
        last = now;
    }
    return last;
}

/* From the open gate to the last thread's end. */
static void work(struct run *run) {
    const struct tsp_workload *workload = run->workload;
    struct tsp_crowd *crowd = &run->crowd;
    uint64_t start = tsp_monotonic_ns();
    uint64_t from = start + (uint64_t)(workload->warmup_ms * 1e6);
    crowd->pace =
        (struct tsp_pace){.start_ns = start, .rate = workload->rate, .threads = (unsigned)workload->threads};
    crowd->measure_ns = from;
    open_gate(crowd);
    tell(run, -workload->warmup_ms / 1e3, NULL);
    if (sleep_until(run, from)) {
        unsigned warm = TSP_PHASE_WARMUP;
        from = workload->rate > 0 ? from : tsp_monotonic_ns();
        (void)atomic_compare_exchange_strong(&crowd->phase, &warm, TSP_PHASE_MEASURE);
        uint64_t end = measure(run, from);
        run->result->seconds_measured = (double)(end - from) / 1e9;
        if (workload->rate > 0) {
            run->result->due = tsp_pace_due(&crowd->pace, end) - tsp_pace_due(&crowd->pace, from);
        }
    }
    stop_threads(run);
    tsp_gather_rest(&run->gather);
}

/* --- the whole ---------------------------------------------------------------------------------------------------------------------- */

static int conclude(struct run *run, struct tsp_error *error) {
    struct tsp_workload_result *result = run->result;
    if (atomic_load(&run->crowd.failed)) {
        return tsp_error_set(error, "the map got no more memory; ask for fewer keys or smaller values");
    }
    if (run->setting->sabotage != NULL) {
        run->setting->sabotage(run->crowd.map, true);
    }
    result->interrupted = *run->setting->interrupted != 0;
    tsp_pairs_check(&run->crowd, run->workers, &result->check);
    if (tsp_workload_summarise(&run->gather, run->workers, result, error) != 0) {
        return -1;
    }
    tsp_workload_remark(result, run->workload, run->workers);
    return run->setting->keep_raw ? tsp_workload_take_raw(run->workers, run->workload, result, error) : 0;
}

static int execute(struct run *run, struct tsp_error *error) {
    if (make_all(run, error) != 0) {
        return -1;
    }
    if (start_threads(run, error) != 0) {
        stop_threads(run);
        return -1;
    }
    wait_filled(run);
    if (run->setting->sabotage != NULL) {
        run->setting->sabotage(run->crowd.map, false);
    }
    work(run);
    return conclude(run, error);
}

int tsp_workload_run(const struct tsp_workload *workload, const struct tsp_workload_setting *setting,
                     struct tsp_workload_result *result, struct tsp_error *error) {
    bool open = workload->rate > 0;
    *result = (struct tsp_workload_result){.evidence = setting->emulated ? TSP_EMULATED : TSP_MEASURED,
                                           .cpus = setting->cpus};
    (void)snprintf(result->clock, sizeof result->clock, "%s",
                   open ? "clock_monotonic" : setting->clock->name);
    result->clock_bias_ns = open ? 0 : setting->clock->overhead_ns_p95 - setting->clock->overhead_ns_p5;
    struct run run = {.workload = workload,
                      .setting = setting,
                      .result = result,
                      .crowd = {.workload = workload,
                                .clock = setting->clock,
                                .value_bytes = (size_t)workload->value_bytes,
                                .gate = PTHREAD_MUTEX_INITIALIZER,
                                .moved = PTHREAD_COND_INITIALIZER}};
    int status = execute(&run, error);
    free_all(&run);
    return status;
}

void tsp_workload_result_free(struct tsp_workload_result *result) {
    free(result->seconds);
    free(result->raw);
    result->seconds = NULL;
    result->raw = NULL;
}
