/*
 * The one header a kernel includes: how to write a case's hot loop and how to register it.
 *
 * A kernel never prints, never reads a clock, never opens a counter and never knows whether it is emulated.
 * The shortest complete example is in the README under "Adding a kernel".
 */
#ifndef TRANSEPT_KERNEL_H
#define TRANSEPT_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/isa.h"

/** Parameters a kernel may have, and the longest id of a case, in bytes with the final NUL. */
#define TSP_PARAMS_MAX 4
#define TSP_ID_MAX     192

/** Batches are multiples of this many ops, so that no unrolled body needs its remainder loop. */
#define TSP_BATCH_UNIT 256

struct tsp_bench;

/**
 * The hot function: executes the op exactly `ops` times on `state` (what setup left in `bench->state`).
 * `ops` is a multiple of TSP_BATCH_UNIT in batched mode and any number from 1 in per-op mode.
 */
typedef void tsp_body(void *state, uint64_t ops);

/** How samples are taken (measurement.md): AUTO chooses by the op's cost against the clock's overhead. FACTS takes none: the case has no hot
 *  function and consists of what its setup tells by tsp_report(). */
enum tsp_mode { TSP_MODE_AUTO, TSP_MODE_BATCHED, TSP_MODE_PER_OP, TSP_MODE_FACTS };

/**
 * One axis of a kernel's cases. `values` is a comma-separated list of words, integers and integer ranges:
 * "0..16", "64,72,80", "l1,l2,llc,dram". Three names mean something to the harness: `ws` is a working set by the cache level it fits,
 * see tsp_ws_bytes(); `threads` and `place` say on which CPUs the case runs, see tsp_crew_start().
 */
struct tsp_param {
    const char *name;
    const char *values;
};

/** A parameter's value in one case. */
struct tsp_value {
    const char *name;
    char text[32];
    int64_t number; /* 0 where `text` is not an integer */
    unsigned index; /* place of the value in its axis, from 0 */
};

/** One variant of one kernel. Its cases are all the combinations of its parameters' values. */
struct tsp_kernel {
    const char *family;  /* the folder it lives in: "syscall" */
    const char *kernel;  /* what is measured: "getppid" */
    const char *variant; /* the way it is done: "raw" */
    const char *summary; /* one line, for `transept list` and the docs */
    struct tsp_param params[TSP_PARAMS_MAX];

    /** TSP_NEEDS_… bits that the ISA, CPU or system must satisfy; else the case is listed and skipped with the reason. */
    uint64_t needs;
    enum tsp_mode mode;

    /** The hot function; or `runs`, one for each value of the first parameter, in its order. NULL where `needs` rules the ISA out. */
    tsp_body *run;
    tsp_body *const *runs;

    /** The same loop with the op left out. Default: tsp_reference, the empty TSP_REPEAT. */
    tsp_body *reference;

    /** Why this combination of parameters makes no case here (shown by `list`), or NULL when it does. Optional; static text. */
    const char *(*unfit)(const struct tsp_bench *bench);

    /** Prepares `bench->state`. Returns 0, or what tsp_fail() or tsp_skip() returned. Optional. */
    int (*setup)(struct tsp_bench *bench);

    /** Untimed, before every single op of a per-op kernel (empty the map again). Optional; makes the kernel per-op. */
    void (*before)(struct tsp_bench *bench);

    /** Brings the case back to what it was after its setup, random numbers and all, so that the same ops are counted once more: every
     *  repetition of a count begins with it. For cases whose ops take new input or leave things changed. Optional; no op is done. */
    void (*rewind)(struct tsp_bench *bench);

    /** Proves after the round that the work was done and right: `ops` is how many ops `run` was asked for since setup.
     *  Returns 0 or what tsp_fail() returned. Every kernel has one. */
    int (*check)(struct tsp_bench *bench, uint64_t ops);

    /** Undoes a setup that returned 0, but for what tsp_alloc() gave (the harness frees that). Optional. */
    void (*teardown)(struct tsp_bench *bench);

    /** Most bytes the case holds at once beyond 16 MiB, for the child's memory limit; 0: no more than that. */
    uint64_t memory_bytes;

    /** TSP_NEEDS_… bits without which the case runs, but cannot show what it looks for: `list` says so, and tsp_report_chance(). */
    uint64_t shows;

    /** The op takes turns with other threads of this process, so that what an emulator counts depends on who runs first: never held to be
     *  exact, though it should come out the same each time. */
    bool counts_vary;

    /** What the op is made of here, for the record: "dmb ish", "generic C11". Default: "C". */
    const char *implementation;

    const char *source; /* set by TSP_KERNEL, like the place within that file */
    unsigned place;
};

/** What a kernel is given: its parameters by the functions below, and a place for its state. */
struct tsp_bench {
    void *state;    /* the kernel's own */
    uint64_t items; /* things that one op handles (pairs of a batch insert); 1 unless setup says otherwise */
    const char *item_unit; /* what they are called, singular: "pair"; NULL when items is 1 */

    /* The harness's side; kernels use the functions below. */
    const struct tsp_kernel *kernel;
    const struct tsp_value *values;
    unsigned value_count;
    const struct tsp_env *env;
    uint64_t random_state;
    struct tsp_round *round; /* where tsp_report() and tsp_fail() leave their words; NULL outside a round */
    struct tsp_block *blocks;
    const struct tsp_placement *placement; /* NULL: not pinned */
    struct tsp_crew *crew;                 /* NULL: one thread */
    bool clock_shared;                     /* the ISA's counter was tried and taken */
    bool counts_vary;                      /* tsp_counts_vary() */
};

/** The parameter's value in this case. An unknown name is a programming error and aborts the round with its name. */
int64_t tsp_param_int(const struct tsp_bench *bench, const char *name);
const char *tsp_param_text(const struct tsp_bench *bench, const char *name);

/** Bytes of the working set that parameter `ws` names: half the cache of that level here; `dram` is at least twice the last level.
 *  Under an emulator fixed sizes, so that exact counts do not depend on the host. */
size_t tsp_ws_bytes(const struct tsp_bench *bench);

/** Line size in bytes that this machine states, and the page size. */
size_t tsp_line_bytes(const struct tsp_bench *bench);
size_t tsp_page_bytes(const struct tsp_bench *bench);

/** Zeroed, touched memory, freed by the harness at the end of the round. `align` is a power of two. NULL when memory is out:
 *  the case has then failed with the size already, and setup returns -1. */
void *tsp_alloc(struct tsp_bench *bench, size_t bytes, size_t align);

/** The case's own random numbers: the same for the same seed, case and round on every ISA (SplitMix64, Steele et al. 2014). */
uint64_t tsp_random(struct tsp_bench *bench);

/** Marks the round as failed (returns -1) or not to be run here (returns 1), with the reason. */
int tsp_fail(struct tsp_bench *bench, const char *format, ...) __attribute__((format(printf, 2, 3)));
int tsp_skip(struct tsp_bench *bench, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** A fact the kernel knows without a clock: a size, an offset, a number of lines. Kept as a `counted` metric. From setup or check. */
void tsp_report(struct tsp_bench *bench, const char *metric, const char *unit, double value);

/** The same, and what must be said of the value: it becomes a warning of the case, after the metric's name ("are fewer than …"). */
void tsp_report_remark(struct tsp_bench *bench, const char *metric, const char *unit, double value,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

/** What the kernel saw and another run will see differently: a rate, a share. Kept as `measured`, under an emulator as `emulated`; the table
 *  shows it below the case's times. From check. */
void tsp_report_seen(struct tsp_bench *bench, const char *metric, const char *unit, double value);

/**
 * The same of events that may happen and need not: `events` in a million of `trials` (more than 0). None seen is no proof that there are none: the metric's
 * reason, and a warning of the case, then say *allowed, but not shown here*, and where the machine lacks what the kernel's `shows` asks for, why
 * that cannot be otherwise.
 */
void tsp_report_chance(struct tsp_bench *bench, const char *metric, uint64_t events, uint64_t trials);

/**
 * The same of events that the language or the ISA rules out. Any of them fails the round with the words, which say what was seen; none is reported
 * as 0. Not so under an emulator, which executes no guest's access itself but has its host do something like it: there the round stands, the metric
 * holds the rate, and its reason, and a warning of the case, say that this is the emulator's doing, with the words. Returns 0, or -1 where it failed.
 */
int tsp_report_forbidden(struct tsp_bench *bench, const char *metric, uint64_t events, uint64_t trials,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

/** Whether tsp_clock_start() may be read and is one time base for all CPUs, so that threads can begin something at a given time. (It
 *  is not for measuring.) */
bool tsp_clock_is_shared(const struct tsp_bench *bench);

/** From setup: what the kernel's `counts_vary` says of all its cases holds for this one. For ops whose instructions depend on something that no
 *  case can bring back to what it was, such as what is free in libc's heap. */
void tsp_counts_vary(struct tsp_bench *bench);

/* --- several threads --------------------------------------------------------------------------------------------------------- */

/** Most threads of a case. With a `place` other than same-cpu, or none, there must also be a CPU for each (round.h: up to 8). */
#define TSP_CREW_MAX 32

/** What each thread of a crew does in one call of `run`: `index` is 0 in the main thread and counts up from there. A member gives no verdicts,
 *  reports and allocates nothing; what it finds it leaves in `state`, on a line of its own. `ops` may be 0. */
typedef void tsp_member(void *state, unsigned index, uint64_t ops);

/**
 * From setup, once: starts `threads` − 1 helper threads that wait for tsp_crew_run(); the main thread is member 0. Returns 0, or -1 with the
 * round failed and the reason said. The harness ends the crew after teardown, and also when setup fails later on.
 *
 * Where the threads run is said by two axes of the kernel's parameters, and the harness skips, with the reason, what the machine lacks:
 * `threads` is how many the case has (without it 2 where there is `place`, else 1); `place` is a list of "same-cpu" (all on one),
 * "same-core", "same-l2", "same-llc", "same-node", "cross-node": what the CPUs share, each word without the ones before it, one CPU a
 * thread. `threads` without `place` takes the nearest CPUs there are. A crew in a kernel with neither axis runs on one CPU.
 */
int tsp_crew_start(struct tsp_bench *bench, unsigned threads, tsp_member *member);

/**
 * From `run`: assembles the crew, lets all members begin at once, each for `ops`, does member 0's part itself, returns when all are done. What members
 * wrote is then visible. They wait by spinning, for a while; where there are fewer CPUs than threads, and under an emulator, asleep.
 * In a crew of one only member 0's part is done: threads=1 costs what the loop costs.
 *
 * Time is the main thread's, from before the crew assembles until all are done; what n and 2n ops have in common is taken off. The emulator
 * counts what all members execute, waiting included, so its counts vary a little; perf's counters are of member 0 alone.
 */
void tsp_crew_run(struct tsp_bench *bench, uint64_t ops);

/** The same with another member than tsp_crew_start() was given: a reference that costs what assembling the crew costs. */
void tsp_crew_run_as(struct tsp_bench *bench, tsp_member *member, uint64_t ops);

/** For a partner that is no member of a crew, a process or a thread that sleeps while it waits: pins the calling thread to the CPU of the case's
 *  thread `index`, by the axes `threads` and `place`. Returns 0, or an errno. */
int tsp_crew_pin(const struct tsp_bench *bench, unsigned index);

/** Threads of the case, at least 1. */
unsigned tsp_crew_size(const struct tsp_bench *bench);

/** The empty loops of the two macros below: the references to take off. */
tsp_body tsp_reference;
tsp_body tsp_reference_long;

/*
 * `ops` executions of a statement, written out 16 or 256 times so that the loop itself is lost beside them. REPEAT is for ops of
 * some ten instructions and more; REPEAT_LONG (with .reference = tsp_reference_long) for ops of one or a few.
 * Turns are counted down to zero in one register and hidden from the compiler: so GCC closes the loop of a case and of its reference with the
 * same instructions on every ISA, however long the statement is, and what an op counts is whole. (A count in 64 bits takes moves on 32-bit
 * ISAs that depend on what else is in registers, and a comparison with 16 another jump on s390x where a turn is long.)
 * Under a sanitizer nothing is measured, and its checks, written out with the statement, take minutes to compile: there it stands once.
 */
#define TSP_X4(...)                                                                                          \
    { __VA_ARGS__; }                                                                                         \
    { __VA_ARGS__; }                                                                                         \
    { __VA_ARGS__; }                                                                                         \
    { __VA_ARGS__; }
#define TSP_X16(...)   TSP_X4(__VA_ARGS__) TSP_X4(__VA_ARGS__) TSP_X4(__VA_ARGS__) TSP_X4(__VA_ARGS__)
#define TSP_X64(...)   TSP_X16(__VA_ARGS__) TSP_X16(__VA_ARGS__) TSP_X16(__VA_ARGS__) TSP_X16(__VA_ARGS__)
#define TSP_X256(...)  TSP_X64(__VA_ARGS__) TSP_X64(__VA_ARGS__) TSP_X64(__VA_ARGS__) TSP_X64(__VA_ARGS__)
#define TSP_X1024(...) TSP_X256(__VA_ARGS__) TSP_X256(__VA_ARGS__) TSP_X256(__VA_ARGS__) TSP_X256(__VA_ARGS__)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TSP_REPEAT_BY(unit, copies, ops, ...)                                                                \
    do {                                                                                                     \
        for (uint64_t tsp_left_ = (ops); tsp_left_ != 0; --tsp_left_) {                                      \
            { __VA_ARGS__; }                                                                                 \
            TSP_HIDE(tsp_left_);                                                                             \
        }                                                                                                    \
    } while (0)
#else
#define TSP_REPEAT_BY(unit, copies, ops, ...)                                                                \
    do {                                                                                                     \
        unsigned long tsp_turns_ = (unsigned long)((ops) / (unit));                                          \
        unsigned long tsp_left_ = (unsigned long)((ops) % (unit));                                           \
        for (; tsp_turns_ != 0; --tsp_turns_) {                                                              \
            copies(__VA_ARGS__) TSP_HIDE(tsp_turns_);                                                        \
        }                                                                                                    \
        for (; tsp_left_ != 0; --tsp_left_) {                                                                \
            { __VA_ARGS__; }                                                                                 \
            TSP_HIDE(tsp_left_);                                                                             \
        }                                                                                                    \
    } while (0)
#endif
#define TSP_REPEAT(ops, ...)      TSP_REPEAT_BY(16, TSP_X16, ops, __VA_ARGS__)
#define TSP_REPEAT_LONG(ops, ...) TSP_REPEAT_BY(256, TSP_X256, ops, __VA_ARGS__)

/*
 * Registers one variant: TSP_KERNEL(.family = "syscall", .kernel = "getppid", .variant = "raw", …);
 * The linker collects the entries in the section `tsp_kernels`; no list is edited.
 */
#define TSP_KERNEL_JOIN_(a, b) a##b
#define TSP_KERNEL_NAME_(a, b) TSP_KERNEL_JOIN_(a, b)
#define TSP_KERNEL_AS_(id, ...)                                                                              \
    static const struct tsp_kernel TSP_KERNEL_NAME_(tsp_kernel_,                                             \
                                                    id) = {.source = __FILE__, .place = (id), __VA_ARGS__};  \
    static const struct tsp_kernel *const TSP_KERNEL_NAME_(tsp_entry_, id)                                   \
        __attribute__((used, section("tsp_kernels"))) = &TSP_KERNEL_NAME_(tsp_kernel_, id)
#define TSP_KERNEL(...) TSP_KERNEL_AS_(__COUNTER__, __VA_ARGS__)

#endif
