/*
 * Four locks, as programs have them. The kernel times them (locks.c); a test tries that they let one thread in at a time.
 */
#ifndef KERNELS_BARRIER_LOCKS_H
#define KERNELS_BARRIER_LOCKS_H

#include <linux/futex.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#define TSP_LOCK_APART 256 /* no two things that threads share lie on one line: s390x's are the longest */

/** Looks at a lock before a thread gives way: whoever holds it may be waiting for this very CPU. Held locks are free much sooner. */
#define TSP_LOCK_LOOKS 256

/** A thread's place in the queue of an MCS lock. It is the thread's own until it unlocks. */
struct tsp_lock_node {
    _Alignas(TSP_LOCK_APART) struct tsp_lock_node *next;
    unsigned waits;
};

/** Any of the four; all zero is free. Every `lock` waits until the lock is free and takes it; every `unlock` is by the thread that has it. */
struct tsp_lock {
    _Alignas(TSP_LOCK_APART) unsigned word; /* ttas: 1 held; futex: 0 free, 1 held, 2 held and waited for */
    unsigned ticket;                        /* the next to be drawn */
    unsigned serving;                       /* who may go on */
    struct tsp_lock_node *tail;             /* mcs: the last in the queue */
};

/** One look of a loop that waits: `looks` counts them, from 0. */
static inline void tsp_lock_wait(unsigned *looks) {
    if (++*looks % TSP_LOCK_LOOKS == 0) {
        (void)sched_yield();
    } else {
        tsp_spin_hint();
    }
}

/* Test and test-and-set: waiters read their own copy of the line until the lock looks free. */
static inline void tsp_ttas_lock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    unsigned looks = 0;
    (void)mine;
    while (__atomic_load_n(&lock->word, __ATOMIC_RELAXED) != 0 ||
           __atomic_exchange_n(&lock->word, 1, __ATOMIC_ACQUIRE) != 0) {
        tsp_lock_wait(&looks);
    }
}

static inline void tsp_ttas_unlock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    (void)mine;
    __atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
}

/* First come, first served; all waiters read one word. */
static inline void tsp_ticket_lock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    unsigned looks = 0;
    (void)mine;
    unsigned ticket = __atomic_fetch_add(&lock->ticket, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket) {
        tsp_lock_wait(&looks);
    }
}

static inline void tsp_ticket_unlock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    (void)mine;
    __atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
}

/* A queue in which each waits on a word of its own: Mellor-Crummey and Scott, ACM TOCS 9(1), 1991, algorithm 5. */
static inline void tsp_mcs_lock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    mine->next = NULL;
    mine->waits = 1;
    struct tsp_lock_node *before = __atomic_exchange_n(&lock->tail, mine, __ATOMIC_ACQ_REL);
    if (before == NULL) {
        return;
    }
    __atomic_store_n(&before->next, mine, __ATOMIC_RELEASE);
    for (unsigned looks = 0; __atomic_load_n(&mine->waits, __ATOMIC_ACQUIRE) != 0;) {
        tsp_lock_wait(&looks);
    }
}

static inline void tsp_mcs_unlock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    struct tsp_lock_node *next = __atomic_load_n(&mine->next, __ATOMIC_ACQUIRE);
    if (next == NULL) {
        struct tsp_lock_node *last = mine;
        if (__atomic_compare_exchange_n(&lock->tail, &last, NULL, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
            return;
        }
        for (unsigned looks = 0; (next = __atomic_load_n(&mine->next, __ATOMIC_ACQUIRE)) == NULL;) {
            tsp_lock_wait(&looks); /* somebody is about to queue up behind */
        }
    }
    __atomic_store_n(&next->waits, 0, __ATOMIC_RELEASE);
}

/* Waiters sleep in the kernel: Drepper, "Futexes Are Tricky", 2011, mutex 2. */
static inline void tsp_futex_lock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    unsigned seen = 0;
    (void)mine;
    if (__atomic_compare_exchange_n(&lock->word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return;
    }
    while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0) {
        (void)syscall(SYS_futex, &lock->word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    }
}

static inline void tsp_futex_unlock(struct tsp_lock *lock, struct tsp_lock_node *mine) {
    (void)mine;
    if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2) {
        (void)syscall(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}

#endif
