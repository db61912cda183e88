/*
 * What other threads see of the fences and of acquire and release, by two litmus tests on real threads (Alglave, Maranget and
 * Tautschnig, "Herding Cats", 2014). An outcome that is forbidden must never be seen. That it is not seen proves little where the
 * machine is stronger than the ISA (an emulator on x86_64 shows no message-passing error whatever the barrier): so the same loop
 * without fences runs beside it as the control, and what it showed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "transept/isa.h"

#define ROUNDS 200
#define CELLS  1000 /* trials a round: the threads meet once a round and go through the cells in step */
#define PATIENCE                                                                                             \
    2000 /* reads of the other's place before a thread goes on alone: the other may not be running */

/* One trial; each variable on a line of its own (256 bytes is the longest line of the six ISAs). */
struct cell {
    unsigned long x __attribute__((aligned(256)));
    unsigned long y __attribute__((aligned(256)));
    uint64_t flag __attribute__((aligned(256)));
};

enum order { WITHOUT, WITH };

struct litmus {
    struct place {
        uint64_t trial __attribute__((aligned(256)));
    } place[2]; /* where each thread is */
    struct cell *cells;
    uint64_t *seen[2]; /* what each thread read, a cell */
    uint64_t arrived;  /* threads at the meeting, over all rounds */
    uint64_t weak;     /* trials with the outcome in question */
    void (*thread[2])(struct litmus *, size_t cell);
    int (*is_weak)(uint64_t first, uint64_t second);
    enum order order;
};

#define READ(variable)         __atomic_load_n(&(variable), __ATOMIC_RELAXED)
#define WRITE(variable, value) __atomic_store_n(&(variable), (value), __ATOMIC_RELAXED)

/* Store buffering: each writes its own and reads the other's. Both reading 0 is what a full fence forbids. */
static void sb_first(struct litmus *litmus, size_t i) {
    WRITE(litmus->cells[i].x, 1);
    if (litmus->order == WITH) {
        tsp_fence_full();
    }
    litmus->seen[0][i] = READ(litmus->cells[i].y);
}
static void sb_second(struct litmus *litmus, size_t i) {
    WRITE(litmus->cells[i].y, 1);
    if (litmus->order == WITH) {
        tsp_fence_full();
    }
    litmus->seen[1][i] = READ(litmus->cells[i].x);
}
static int sb_weak(uint64_t first, uint64_t second) {
    return first == 0 && second == 0;
}

/* Message passing: data, then flag; flag, then data. The flag without the data is what release and acquire forbid. */
static void mp_send(struct litmus *litmus, size_t i) {
    WRITE(litmus->cells[i].x, 42);
    if (litmus->order == WITH) {
        tsp_store_release(&litmus->cells[i].flag, 1);
    } else {
        WRITE(litmus->cells[i].flag, 1);
    }
    litmus->seen[0][i] = 0;
}
static void mp_receive(struct litmus *litmus, size_t i) {
    const uint64_t flag =
        litmus->order == WITH ? tsp_load_acquire(&litmus->cells[i].flag) : READ(litmus->cells[i].flag);
    const unsigned long data = READ(litmus->cells[i].x);
    litmus->seen[1][i] = flag << 32 | data;
}
static int mp_weak(uint64_t first, uint64_t second) {
    (void)first;
    return second == UINT64_C(1) << 32;
}

/* The same with fences in the place of ordered accesses: before the flag is written, after it is read. */
static void mp_fence_send(struct litmus *litmus, size_t i) {
    WRITE(litmus->cells[i].x, 42);
    if (litmus->order == WITH) {
        (i & 1) != 0 ? tsp_fence_store() : tsp_fence_release();
    }
    WRITE(litmus->cells[i].flag, 1);
    litmus->seen[0][i] = 0;
}
static void mp_fence_receive(struct litmus *litmus, size_t i) {
    const uint64_t flag = READ(litmus->cells[i].flag);
    if (litmus->order == WITH) {
        tsp_fence_acquire();
    }
    const unsigned long data = READ(litmus->cells[i].x);
    litmus->seen[1][i] = flag << 32 | data;
}

/* Lets the threads start a trial within a few ns of each other. Returns false when the other lags too far behind to wait for. */
static bool step_together(struct litmus *litmus, unsigned self, uint64_t trial) {
    WRITE(litmus->place[self].trial, trial);
    for (int spins = 0; READ(litmus->place[1 - self].trial) < trial; ++spins) {
        if (spins == PATIENCE) {
            return false;
        }
    }
    return true;
}

/* Waits until both threads are here for the `meeting`-th time; gives the CPU away when the other is not running. */
static void meet(struct litmus *litmus, uint64_t meeting) {
    __atomic_fetch_add(&litmus->arrived, 1, __ATOMIC_SEQ_CST);
    for (unsigned spins = 0; __atomic_load_n(&litmus->arrived, __ATOMIC_SEQ_CST) < 2 * meeting; ++spins) {
        tsp_spin_hint();
        if (spins > 10000) {
            sched_yield();
        }
    }
}

static void rounds_run(struct litmus *litmus, unsigned self) {
    uint64_t meeting = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        if (self == 0) {
            memset(litmus->cells, 0, CELLS * sizeof *litmus->cells);
        }
        meet(litmus, ++meeting);
        bool in_step = true;
        for (size_t i = 0; i < CELLS; ++i) {
            in_step = in_step && step_together(litmus, self, meeting * CELLS + i);
            litmus->thread[self](litmus, i);
        }
        meet(litmus, ++meeting);
        for (size_t i = 0; self == 0 && i < CELLS; ++i) {
            litmus->weak += litmus->is_weak(litmus->seen[0][i], litmus->seen[1][i]) ? 1 : 0;
        }
    }
}

static void *first_thread(void *argument) {
    rounds_run(argument, 0);
    return NULL;
}

static void *second_thread(void *argument) {
    rounds_run(argument, 1);
    return NULL;
}

/* A thread on the `nth` of the CPUs that this process may use: on one and the same, two threads see no reordering. */
static pthread_t thread_start(const cpu_set_t *cpus, int nth, void *(*run)(void *), struct litmus *litmus) {
    pthread_attr_t where;
    pthread_t thread;
    cpu_set_t one;
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE && nth >= 0; ++cpu) {
        if (CPU_ISSET(cpu, cpus) && nth-- == 0) {
            CPU_SET(cpu, &one);
        }
    }
    assert_int_equal(pthread_attr_init(&where), 0);
    assert_int_equal(pthread_attr_setaffinity_np(&where, sizeof one, &one), 0);
    assert_int_equal(pthread_create(&thread, &where, run, litmus), 0);
    pthread_attr_destroy(&where);
    return thread;
}

/* How many of ROUNDS * CELLS trials showed the outcome in question. */
static unsigned long weak_outcomes(const cpu_set_t *cpus, const struct litmus *what, enum order order) {
    struct cell cells[CELLS];
    uint64_t seen[2][CELLS];
    struct litmus litmus = *what;
    litmus.order = order;
    litmus.cells = cells;
    litmus.seen[0] = seen[0];
    litmus.seen[1] = seen[1];
    const pthread_t first = thread_start(cpus, 0, first_thread, &litmus);
    const pthread_t second = thread_start(cpus, 1, second_thread, &litmus);
    assert_int_equal(pthread_join(first, NULL), 0);
    assert_int_equal(pthread_join(second, NULL), 0);
    return (unsigned long)litmus.weak;
}

static void forbidden_outcome_is_not_seen(const struct litmus *litmus) {
    cpu_set_t cpus;
    assert_int_equal(sched_getaffinity(0, sizeof cpus, &cpus), 0);
    if (CPU_COUNT(&cpus) < 2) {
        print_message("skipped: order is seen between two CPUs, and this process may use one\n");
        skip();
    }
    const unsigned long without = weak_outcomes(&cpus, litmus, WITHOUT);
    const unsigned long with = weak_outcomes(&cpus, litmus, WITH);
    print_message("%d trials: the outcome was seen %lu times without order, %lu with it\n", ROUNDS * CELLS,
                  without, with);
    assert_int_equal(with, 0);
}

static void full_fence_forbids_store_buffering(void **state) {
    (void)state;
    forbidden_outcome_is_not_seen(&(struct litmus){.thread = {sb_first, sb_second}, .is_weak = sb_weak});
}

static void release_and_acquire_pass_messages(void **state) {
    (void)state;
    forbidden_outcome_is_not_seen(&(struct litmus){.thread = {mp_send, mp_receive}, .is_weak = mp_weak});
}

static void fences_pass_messages(void **state) {
    (void)state;
    forbidden_outcome_is_not_seen(
        &(struct litmus){.thread = {mp_fence_send, mp_fence_receive}, .is_weak = mp_weak});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_fence_forbids_store_buffering),
        cmocka_unit_test(release_and_acquire_pass_messages),
        cmocka_unit_test(fences_pass_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
