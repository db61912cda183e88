/* One thread of a workload: what it does, and what it notes. */
#ifndef TRANSEPT_WORKLOAD_WORKER_H
#define TRANSEPT_WORKLOAD_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "stats/histogram.h"
#include "transept/workload.h"
#include "workload/keys.h"
#include "workload/pace.h"
#include "workload/pair.h"
#include "workload/shard_map.h"

enum tsp_phase { TSP_PHASE_WARMUP, TSP_PHASE_MEASURE, TSP_PHASE_STOP };

/** What all threads share. Written before they start or pass the gate, but for the phase. */
struct tsp_crowd {
    const struct tsp_workload *workload;
    const struct tsp_clock *clock;
    struct tsp_shard_map *map;
    size_t value_bytes;
    struct tsp_keys keys;
    pthread_mutex_t gate; /* guards the two below */
    pthread_cond_t moved; /* one of them changed */
    unsigned filled;      /* threads that have put their share into the map */
    bool open;            /* they may begin */
    struct tsp_pace pace; /* of an open loop */
    uint64_t measure_ns;  /* of an open loop: operations meant to begin from here on are measured */
    atomic_uint phase;    /* enum tsp_phase */
    atomic_bool failed;   /* a thread is out of memory */
};

/** What a thread noted of one kind of operation while it was measured. */
struct tsp_tally {
    uint64_t n;
    double sum; /* ns */
    uint64_t min;
    uint64_t max;
};

struct tsp_worker {
    _Alignas(256) struct tsp_crowd *crowd; /* no two workers share a cache line */
    unsigned index;
    pthread_t thread;
    struct tsp_key_source source;
    uint64_t random;  /* of the mix */
    unsigned turn;    /* of its cycle */
    uint64_t written; /* puts that were begun: the sequence of the last one's value */
    struct tsp_books books;
    struct tsp_tally tallies[TSP_OPERATIONS];
    struct tsp_recorder *recorders[TSP_OPERATIONS]; /* NULL where the mix has no such operation */
    unsigned char *value; /* to be put, or that was found; and the one that it replaced */
    unsigned char *old;
    uint64_t reads;     /* that found a pair, verified */
    uint64_t misses;    /* reads that found none though no key may lack its pair */
    uint64_t strangers; /* values that no put made for that key */
    uint64_t stray_key; /* of the first such read, if any */
    uint64_t backward;  /* operations that ended before they began, by the clock; taken for 0 ns */
    uint64_t *raw;      /* samples, if they are kept */
    size_t raw_count;
    size_t raw_room;
    bool raw_full; /* there was no room for a sample, and so the run ended */
};

/** A thread's main function: fills its part of the map, waits at the gate, works until the phase says stop. `data` is the worker. */
void *tsp_worker_main(void *data);

/** A kept sample: as in the file of raw samples. */
#define TSP_RAW_NS_BITS 56
static inline uint64_t tsp_raw_make(unsigned operation, uint64_t ns) {
    return (uint64_t)operation << TSP_RAW_NS_BITS | ns;
}
static inline uint64_t tsp_raw_ns(uint64_t raw) {
    return raw & ((UINT64_C(1) << TSP_RAW_NS_BITS) - 1);
}
static inline unsigned tsp_raw_operation(uint64_t raw) {
    return (unsigned)(raw >> TSP_RAW_NS_BITS);
}

/** CLOCK_MONOTONIC in ns: what sleeping goes by, and so the clock of an open loop. */
uint64_t tsp_monotonic_ns(void);

#endif
