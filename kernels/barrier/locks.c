/*
 * Locks. An op is one acquisition, by whichever thread gets it: `run` fills a pot with ops, and each thread takes them out one by one,
 * under the lock, until it is empty. So the time of an op is the whole crew's, and the threads' shares of the pot say how fair the lock is.
 */
#include <inttypes.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#define APART 256

/* Looks at a lock before a thread gives way: whoever holds it may be waiting for this very CPU. Held locks are free much sooner. */
#define LOOKS 256

struct node { /* of the MCS queue */
    _Alignas(APART) struct node *next;
    unsigned waits;
};

struct locks { /* NOLINT(clang-analyzer-optin.performance.Padding): apart on purpose */
    struct tsp_bench *bench;
    uint64_t target;               /* acquisitions in all since setup; changes between calls of the crew */
    _Alignas(APART) unsigned word; /* ttas: 1 held; futex: 0 free, 1 held, 2 held and waited for */
    unsigned ticket;               /* the next to be drawn */
    unsigned serving;              /* who may go on */
    struct node *tail;             /* mcs: the last in the queue */
    _Alignas(APART) uint64_t acquired; /* guarded by the lock */
    struct share {
        _Alignas(APART) uint64_t acquired;
        struct node node;
    } shares[4]; /* a thread's own */
};

static void wait_a_bit(unsigned *looks) {
    if (++*looks % LOOKS == 0) {
        (void)sched_yield();
    } else {
        tsp_spin_hint();
    }
}

/* Test and test-and-set: waiters read their own copy of the line until the lock looks free. */
static void ttas_lock(struct locks *locks, struct share *mine) {
    unsigned looks = 0;
    (void)mine;
    while (__atomic_load_n(&locks->word, __ATOMIC_RELAXED) != 0 ||
           __atomic_exchange_n(&locks->word, 1, __ATOMIC_ACQUIRE) != 0) {
        wait_a_bit(&looks);
    }
}

static void ttas_unlock(struct locks *locks, struct share *mine) {
    (void)mine;
    __atomic_store_n(&locks->word, 0, __ATOMIC_RELEASE);
}

/* First come, first served; all waiters read one word. */
static void ticket_lock(struct locks *locks, struct share *mine) {
    unsigned looks = 0;
    (void)mine;
    unsigned ticket = __atomic_fetch_add(&locks->ticket, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&locks->serving, __ATOMIC_ACQUIRE) != ticket) {
        wait_a_bit(&looks);
    }
}

static void ticket_unlock(struct locks *locks, struct share *mine) {
    (void)mine;
    __atomic_store_n(&locks->serving, locks->serving + 1, __ATOMIC_RELEASE);
}

/* A queue in which each waits on a word of its own: Mellor-Crummey and Scott, ACM TOCS 9(1), 1991, algorithm 5. */
static void mcs_lock(struct locks *locks, struct share *mine) {
    struct node *node = &mine->node;
    node->next = NULL;
    node->waits = 1;
    struct node *before = __atomic_exchange_n(&locks->tail, node, __ATOMIC_ACQ_REL);
    if (before == NULL) {
        return;
    }
    __atomic_store_n(&before->next, node, __ATOMIC_RELEASE);
    for (unsigned looks = 0; __atomic_load_n(&node->waits, __ATOMIC_ACQUIRE) != 0;) {
        wait_a_bit(&looks);
    }
}

static void mcs_unlock(struct locks *locks, struct share *mine) {
    struct node *node = &mine->node;
    struct node *next = __atomic_load_n(&node->next, __ATOMIC_ACQUIRE);
    if (next == NULL) {
        struct node *last = node;
        if (__atomic_compare_exchange_n(&locks->tail, &last, NULL, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
            return;
        }
        for (unsigned looks = 0; (next = __atomic_load_n(&node->next, __ATOMIC_ACQUIRE)) == NULL;) {
            wait_a_bit(&looks); /* somebody is about to queue up behind */
        }
    }
    __atomic_store_n(&next->waits, 0, __ATOMIC_RELEASE);
}

/* Waiters sleep in the kernel: Drepper, "Futexes Are Tricky", 2011, mutex 2. */
static void futex_lock(struct locks *locks, struct share *mine) {
    unsigned seen = 0;
    (void)mine;
    if (__atomic_compare_exchange_n(&locks->word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return;
    }
    while (__atomic_exchange_n(&locks->word, 2, __ATOMIC_ACQUIRE) != 0) {
        (void)syscall(SYS_futex, &locks->word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    }
}

static void futex_unlock(struct locks *locks, struct share *mine) {
    (void)mine;
    if (__atomic_exchange_n(&locks->word, 0, __ATOMIC_RELEASE) == 2) {
        (void)syscall(SYS_futex, &locks->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}

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
    bench->state = tsp_alloc(bench, sizeof(struct locks), APART);
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
            id##_lock(locks, mine);                                                                          \
            more = locks->acquired != locks->target;                                                         \
            locks->acquired += more;                                                                         \
            id##_unlock(locks, mine);                                                                        \
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
