/*
 * Litmus tests: a few loads and stores in two to four threads whose joint
 * outcome tells in which order they took effect.
 *
 * A test (struct tsp_litmus) is the pattern and its one weak outcome, which no
 * interleaving of the threads can have. A variant (struct tsp_litmus_variant)
 * is the code of its threads. litmus.c says what outcomes mean, litmus_run.c
 * makes them. Names and patterns: Alglave, Maranget, Tautschnig, "Herding
 * Cats", ACM TOPLAS 36(2), 2014, and herd's catalogue.
 */
#ifndef KERNELS_BARRIER_LITMUS_H
#define KERNELS_BARRIER_LITMUS_H

#include <stdbool.h>

#include <transept/kernel.h>

#define TSP_LITMUS_THREADS 4

/** No two locations share a line: the longest of the ISAs here is s390x's, and x86_64 fetches lines by twos. */
#define TSP_LITMUS_APART 256

/** One iteration's own shared locations. Only litmus_access.h touches them while a test runs. */
struct tsp_litmus_slot {
    _Alignas(TSP_LITMUS_APART) unsigned long x;
    _Alignas(TSP_LITMUS_APART) unsigned long y;
};

/** An op is so many iterations. */
#define TSP_LITMUS_ITERATIONS 1024

/** What one thread's loads saw in one iteration, in program order; 0 where it has fewer. */
struct tsp_litmus_saw {
    unsigned long a;
    unsigned long b;
};

/** What one iteration left behind. */
struct tsp_litmus_outcome {
    struct tsp_litmus_saw saw[TSP_LITMUS_THREADS];
    unsigned long x;
    unsigned long y;
};

/** A thread's part of `count` iterations, each in a slot of its own. */
typedef void tsp_litmus_thread(struct tsp_litmus_slot *slots, struct tsp_litmus_saw *saw, size_t count);

struct tsp_litmus {
    const char *outcome; /* the weak one in words: "both loads see 0" */
    unsigned threads;
    unsigned loads[TSP_LITMUS_THREADS]; /* of each thread */
    unsigned long written;              /* x and y end as 1 … written */
    bool store_load; /* delaying stores behind later loads is enough to make it: so under TSO too */
    bool (*weak)(const struct tsp_litmus_outcome *outcome);
};

struct tsp_litmus_variant {
    const struct tsp_litmus *test;
    bool ordered; /* C11 forbids the weak outcome */
    tsp_litmus_thread *thread[TSP_LITMUS_THREADS];
};

/** The seven tests: sb, mp, lb, s, r, 2+2w, iriw. */
extern const struct tsp_litmus tsp_litmus_sb, tsp_litmus_mp, tsp_litmus_lb, tsp_litmus_s, tsp_litmus_r,
    tsp_litmus_two_two_w, tsp_litmus_iriw;

/** Does this ISA keep all but a store and a later load in order (total store order)? x86_64: Sewell et al., "x86-TSO", CACM
 *  53(7), 2010. s390x: z/Architecture Principles of Operation, SA22-7832, "Storage-Operand References" in chapter 5. */
#if defined(TSP_ISA_X86_64) || defined(TSP_ISA_S390X)
#define TSP_LITMUS_TSO true
#else
#define TSP_LITMUS_TSO false
#endif

/** What it takes to see the weak outcome of a test that only a store behind a later load makes, and of the others (kernel.h,
 *  `shows`): where the ISA itself keeps order, nothing is missing that the ISA would have. */
#define TSP_LITMUS_SHOWS_STORE_LOAD 0
#if defined(TSP_ISA_X86_64) || defined(TSP_ISA_S390X)
#define TSP_LITMUS_SHOWS 0
#else
#define TSP_LITMUS_SHOWS TSP_NEEDS_REORDERING
#endif

/** Is the weak outcome forbidden: by C11 for an ordered variant, by the ISA for any where it is TSO (C11's relaxed accesses are
 *  plain loads and stores)? Pure. */
bool tsp_litmus_forbids(const struct tsp_litmus_variant *variant, bool tso);

enum tsp_litmus_kind {
    TSP_LITMUS_USUAL,
    TSP_LITMUS_WEAK,
    TSP_LITMUS_IMPOSSIBLE /* a value that nobody wrote, or a write that was lost */
};

/** Pure. */
enum tsp_litmus_kind tsp_litmus_classify(const struct tsp_litmus *test,
                                         const struct tsp_litmus_outcome *outcome);

/** What the iterations so far were, and the first of each kind worth a trace. */
struct tsp_litmus_tally {
    uint64_t iterations;
    uint64_t weak;
    uint64_t impossible;
    uint64_t weak_at; /* the first one's iteration, from 0 */
    uint64_t impossible_at;
    struct tsp_litmus_outcome weak_outcome;
    struct tsp_litmus_outcome impossible_outcome;
};

void tsp_litmus_count(struct tsp_litmus_tally *tally, const struct tsp_litmus *test,
                      const struct tsp_litmus_outcome *outcome);

/** The case's verdict after `ops` iterations: fails on a forbidden (tsp_report_forbidden()) or an impossible outcome, with the trace (`cpus`: of each
 *  thread, -1 unknown), and on iterations too many or too few; else reports what was seen, and of an allowed outcome that was
 *  not, that it was not shown. */
int tsp_litmus_judge(struct tsp_bench *bench, const struct tsp_litmus_variant *variant,
                     const struct tsp_litmus_tally *tally, const int *cpus, bool tso, uint64_t ops);

/** The kernel's functions; its setup is tsp_litmus_setup() of its variant. */
int tsp_litmus_setup(struct tsp_bench *bench, const struct tsp_litmus_variant *variant);
void tsp_litmus_before(struct tsp_bench *bench);
void tsp_litmus_run(void *state, uint64_t ops);
int tsp_litmus_check(struct tsp_bench *bench, uint64_t ops);

#endif
