/*
 * Locks. An op is one acquisition, by whichever thread gets it: `run` fills a pot with ops, and each thread takes them out one by one,
 * under the lock, until it is empty. So the time of an op is the whole crew's, and the threads' shares of the pot say how fair the lock is.
 */
#include <inttypes.h>
#include <stdbool.h>

#include <transept/kernel.h>

#include "locks.h"

struct locks {
    struct tsp_bench *bench;
    uint64_t target; /* acquisitions in all since setup; changes between calls of the crew */
    struct tsp_lock lock;
    _Alignas(TSP_LOCK_APART) uint64_t acquired; /* guarded by the lock */
    struct share {
        _Alignas(TSP_LOCK_APART) uint64_t acquired;
        struct tsp_lock_node node;
    } shares[4]; /* a thread's own */
};

static void run(void *state, uint64_t ops) {
    struct locks *locks = state;
    locks->target += ops;
    tsp_crew_run(locks->bench, ops);
}

/* The same pot emptied by one thread without a lock. */
static void count_only(void *state, unsigned index, uint64_t ops) {
    (void)state;
    uint64_t left = index == 0 ? ops : 0;
    bool more;
    do {
        more = left != 0;
        left -= more;
        TSP_HIDE(left);
    } while (more);
}

static void reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((struct locks *)state)->bench, count_only, ops);
}

static int setup(struct tsp_bench *bench, tsp_member *member) {
    bench->state = tsp_alloc(bench, sizeof(struct locks), TSP_LOCK_APART);
    if (bench->state == NULL) {
        return -1;
    }
    ((struct locks *)bench->state)->bench = bench;
    return tsp_crew_start(bench, (unsigned)tsp_param_int(bench, "threads"), member);
}

/* The smallest share over the largest: 1 is fair, 0 leaves a thread with nothing. */
static void report_fairness(struct tsp_bench *bench, const struct locks *locks) {
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (unsigned i = 0; i < tsp_crew_size(bench); ++i) {
        const uint64_t acquired = locks->shares[i].acquired;
        least = acquired < least ? acquired : least;
        most = acquired > most ? acquired : most;
    }
    if (most > 0 && tsp_crew_size(bench) > 1) {
        tsp_report_seen(bench, "fairness", "least/most", (double)least / (double)most);
    }
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct locks *locks = bench->state;
    uint64_t sum = 0;
    for (unsigned i = 0; i < tsp_crew_size(bench); ++i) {
        sum += locks->shares[i].acquired;
    }
    if (locks->acquired != ops || sum != ops) {
        return tsp_fail(bench,
                        "%" PRIu64 " acquisitions were counted under the lock and %" PRIu64
                        " by their threads, not %" PRIu64,
                        locks->acquired, sum, ops);
    }
    report_fairness(bench, locks);
    return 0;
}

#define LOCK_KERNEL(id, about, how)                                                                          \
    static void id##_member(void *state, unsigned index, uint64_t ops) {                                     \
        struct locks *locks = state;                                                                         \
        struct share *mine = &locks->shares[index];                                                          \
        bool more;                                                                                           \
        (void)ops;                                                                                           \
        do {                                                                                                 \
            tsp_##id##_lock(&locks->lock, &mine->node);                                                      \
            more = locks->acquired != locks->target;                                                         \
            locks->acquired += more;                                                                         \
            tsp_##id##_unlock(&locks->lock, &mine->node);                                                    \
            mine->acquired += more;                                                                          \
        } while (more);                                                                                      \
    }                                                                                                        \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return setup(bench, id##_member);                                                                    \
    }                                                                                                        \
    TSP_KERNEL(.family = "barrier", .kernel = "locks", .variant = #id,                                       \
               .summary = "one lock, acquired by several threads in turn: " about,                           \
               .params = {{"threads", "1,2,4"},                                                              \
                          {"place", "same-cpu,same-core,same-l2,same-llc,same-node,cross-node"}},            \
               .mode = TSP_MODE_BATCHED, .run = run, .reference = reference, .setup = id##_setup,            \
               .check = check, .implementation = how)

LOCK_KERNEL(ttas, "test and test-and-set", "C11 exchange");
LOCK_KERNEL(ticket, "tickets", "C11 addition");
LOCK_KERNEL(mcs, "a queue, each on its own word", "C11 exchange, compare and exchange");
LOCK_KERNEL(futex, "waiters sleep in the kernel", "C11 exchange, futex(2)");
