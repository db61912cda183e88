/*
 * Makes the outcomes of litmus tests. An op is BLOCKS blocks of iterations,
 * each in a slot of its own, that the threads run through side by side.
 *
 * Before a block they meet to reset its slots, to draw lines into their caches
 * (a load that hits while a store misses is what makes stores late), and to
 * begin at an agreed value of the shared time base; where there is none, at
 * once. What differs from block to block, by the case's random numbers: who
 * resets what, who has what in its cache, and by how much each thread begins
 * late.
 */
#include <sched.h>

#include "litmus.h"
#include "litmus_access.h"

#define BLOCK      128 /* iterations: 64 KiB of slots, and some ten microseconds between meetings */
#define BLOCKS     (TSP_LITMUS_ITERATIONS / BLOCK)
#define LOOKS      256    /* at what is waited for, before a thread gives way: the other may need its CPU */
#define LOOKS_MOST 100000 /* at the time base: one that is not shared after all must not stop the case */
#define REHEARSALS 16

/* What a block is like. */
struct plan {
    unsigned reset_x; /* the thread that resets x in all slots */
    unsigned reset_y;
    unsigned touch[TSP_LITMUS_THREADS]; /* bit 0: reads x of all slots before, bit 1: y */
    unsigned late[TSP_LITMUS_THREADS];  /* turns of an empty loop */
};

/* What threads wait for lies on a line of its own. */
struct word {
    _Alignas(TSP_LITMUS_APART) unsigned value;
};

struct litmus {
    struct word arrived; /* at the next meeting */
    struct word meeting; /* how many there were */
    struct tsp_litmus_slot slots[BLOCK];
    struct {
        _Alignas(TSP_LITMUS_APART) struct tsp_litmus_saw of[BLOCK];
    } saw[TSP_LITMUS_THREADS];
    struct plan plans[BLOCKS]; /* of the next op */
    struct tsp_litmus_tally tally;
    struct tsp_bench *bench;
    const struct tsp_litmus_variant *variant;
    uint64_t start; /* of the block at hand, on the time base */
    uint64_t lead;  /* ticks from agreeing on a start to the start */
    int cpus[TSP_LITMUS_THREADS];
    bool timed; /* starts by the time base */
};

static void wait_while(const unsigned *word, unsigned value) {
    for (unsigned looks = 1; __atomic_load_n(word, __ATOMIC_ACQUIRE) == value; ++looks) {
        if (looks % LOOKS == 0) {
            (void)sched_yield();
        } else {
            tsp_spin_hint();
        }
    }
}

static void arrive(struct litmus *litmus) {
    const unsigned meeting = __atomic_load_n(&litmus->meeting.value, __ATOMIC_RELAXED);
    (void)__atomic_add_fetch(&litmus->arrived.value, 1, __ATOMIC_RELEASE);
    wait_while(&litmus->meeting.value, meeting);
}

/* Thread 0 comes last, and lets the others go on. */
static void assemble(struct litmus *litmus) {
    for (unsigned i = 0; i + 1 < litmus->variant->test->threads; ++i) {
        wait_while(&litmus->arrived.value, i);
    }
    litmus->arrived.value = 0;
}

static void dismiss(struct litmus *litmus) {
    __atomic_store_n(&litmus->meeting.value, litmus->meeting.value + 1, __ATOMIC_RELEASE);
}

/* What any thread wrote before a meeting all know after it. */
static void meet(struct litmus *litmus, unsigned index) {
    if (index == 0) {
        assemble(litmus);
        dismiss(litmus);
    } else {
        arrive(litmus);
    }
}

/* The shortest of a few meetings: by then all have heard of a start that was agreed on at the end of one. */
static void rehearse(struct litmus *litmus, unsigned index) {
    uint64_t shortest = UINT64_MAX;
    for (unsigned i = 0; i < REHEARSALS; ++i) {
        const uint64_t begin = index == 0 ? tsp_clock_start() : 0;
        meet(litmus, index);
        const uint64_t took = index == 0 ? tsp_clock_stop() - begin : 0;
        shortest = took < shortest ? took : shortest;
    }
    if (index == 0) {
        litmus->lead = shortest + 1;
    }
}

static void draw(struct litmus *litmus, struct plan *plan) {
    const unsigned threads = litmus->variant->test->threads;
    uint64_t random = tsp_random(litmus->bench);
    plan->reset_x = (unsigned)(random & 0xff) % threads;
    plan->reset_y = (unsigned)(random >> 8 & 0xff) % threads;
    for (unsigned i = 0; i < threads; ++i) {
        random = tsp_random(litmus->bench);
        const unsigned bound = 1U << (random >> 2 & 0xff) % 11; /* from nothing to about a microsecond */
        plan->touch[i] = (unsigned)random & 3;
        plan->late[i] = (unsigned)(random >> 16) & (bound - 1);
    }
}

void tsp_litmus_before(struct tsp_bench *bench) {
    struct litmus *litmus = bench->state;
    for (unsigned i = 0; i < BLOCKS; ++i) {
        draw(litmus, &litmus->plans[i]);
    }
}

static void reset(struct litmus *litmus, unsigned index, const struct plan *plan) {
    for (unsigned i = 0; i < BLOCK; ++i) {
        if (plan->reset_x == index) {
            litmus_store_relaxed(&litmus->slots[i].x, 0);
        }
        if (plan->reset_y == index) {
            litmus_store_relaxed(&litmus->slots[i].y, 0);
        }
    }
}

static void touch(const struct litmus *litmus, unsigned what) {
    for (unsigned i = 0; i < BLOCK; ++i) {
        if ((what & 1) != 0) {
            TSP_KEEP(litmus_load_relaxed(&litmus->slots[i].x));
        }
        if ((what & 2) != 0) {
            TSP_KEEP(litmus_load_relaxed(&litmus->slots[i].y));
        }
    }
}

/* The last meeting before a block, and the wait for its start. */
static void begin_together(struct litmus *litmus, unsigned index, unsigned late) {
    if (index == 0) {
        assemble(litmus);
        litmus->start = litmus->timed ? tsp_clock_stop() + litmus->lead : 0;
        dismiss(litmus);
    } else {
        arrive(litmus);
    }
    unsigned looks = litmus->timed ? LOOKS_MOST : 0;
    while (looks != 0 && tsp_clock_start() < litmus->start) {
        --looks;
    }
    for (; late != 0; --late) {
        TSP_HIDE(late);
    }
}

static void count_block(struct litmus *litmus) {
    const struct tsp_litmus *test = litmus->variant->test;
    for (unsigned i = 0; i < BLOCK; ++i) {
        struct tsp_litmus_outcome outcome = {.x = litmus_load_relaxed(&litmus->slots[i].x),
                                             .y = litmus_load_relaxed(&litmus->slots[i].y)};
        for (unsigned t = 0; t < test->threads; ++t) {
            outcome.saw[t] = litmus->saw[t].of[i];
        }
        tsp_litmus_count(&litmus->tally, test, &outcome);
    }
}

static void run_block(struct litmus *litmus, unsigned index, const struct plan *plan) {
    meet(litmus, index);
    reset(litmus, index, plan);
    meet(litmus, index);
    touch(litmus, plan->touch[index]);
    begin_together(litmus, index, plan->late[index]);
    litmus->variant->thread[index](litmus->slots, litmus->saw[index].of, BLOCK);
    meet(litmus, index);
    if (index == 0) {
        count_block(litmus);
    }
}

static void member(void *state, unsigned index, uint64_t ops) {
    struct litmus *litmus = state;
    if (litmus->cpus[index] < 0) {
        litmus->cpus[index] = sched_getcpu();
        if (litmus->timed) {
            rehearse(litmus, index);
        }
    }
    for (; ops != 0; --ops) {
        for (unsigned i = 0; i < BLOCKS; ++i) {
            run_block(litmus, index, &litmus->plans[i]);
        }
    }
}

int tsp_litmus_setup(struct tsp_bench *bench, const struct tsp_litmus_variant *variant) {
    struct litmus *litmus = tsp_alloc(bench, sizeof *litmus, TSP_LITMUS_APART);
    if (litmus == NULL) {
        return -1;
    }
    litmus->bench = bench;
    litmus->variant = variant;
    litmus->timed = tsp_clock_is_shared(bench);
    for (unsigned i = 0; i < TSP_LITMUS_THREADS; ++i) {
        litmus->cpus[i] = -1;
    }
    bench->state = litmus;
    bench->items = TSP_LITMUS_ITERATIONS;
    bench->item_unit = "iteration";
    return tsp_crew_start(bench, variant->test->threads, member);
}

void tsp_litmus_run(void *state, uint64_t ops) {
    tsp_crew_run(((struct litmus *)state)->bench, ops);
}

int tsp_litmus_check(struct tsp_bench *bench, uint64_t ops) {
    const struct litmus *litmus = bench->state;
    return tsp_litmus_judge(bench, litmus->variant, &litmus->tally, litmus->cpus, TSP_LITMUS_TSO, ops);
}
