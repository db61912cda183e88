/* How a number comes to be: clock, counters, sampler, isolated child (measurement.md). */
#ifndef TRANSEPT_MEASURE_H
#define TRANSEPT_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/machine.h"
#include "transept/registry.h"
#include "transept/round.h"

/* --- clock ------------------------------------------------------------------------------------------------------------------ */

struct tsp_clock {
    char name[32]; /* "tsc", "cntvct_el0", "time", "timebase", "tod", "clock_monotonic_raw" */
    bool isa;      /* read by the ISA's instructions; else clock_gettime(CLOCK_MONOTONIC_RAW) in ns */
    double hz;
    char hz_source[48];    /* "cntfrq_el0", "cpuid 15h", "fit to clock_monotonic_raw", "definition" */
    double hz_uncertainty; /* relative, one standard error of the fit */
    double resolution_ns;
    double overhead_ns_p5; /* of back-to-back start/stop reads */
    double overhead_ns_p50;
    double overhead_ns_p95;
    char rejected[TSP_REASON_MAX]; /* why the ISA's clock was not taken; empty when it was */
};

/** Tries the ISA's counter under signal handlers, checks and calibrates it; else takes CLOCK_MONOTONIC_RAW. Takes about 100 ms. */
int tsp_clock_choose(struct tsp_clock *clock, struct tsp_error *error);

/** How long a batch must last for the clock to be lost beside it: 1,000 × its resolution and 50 × its overhead (measurement.md). */
double tsp_clock_batch_ns(const struct tsp_clock *clock);

/** Nanoseconds in a difference of raw readings. */
double tsp_clock_ns(const struct tsp_clock *clock, uint64_t ticks);

/** Core clock in GHz by a chain of dependent 1-cycle operations on the current CPU (about 1 ms), 0 when a second chain of another
 *  known latency disagrees by over 5 % (the estimate is then withheld). */
double tsp_clock_core_ghz(const struct tsp_clock *clock);

/* --- counters --------------------------------------------------------------------------------------------------------------- */

/** One counter of an opened set: what it is and how far it can be believed. */
struct tsp_counter {
    char name[TSP_NAME_MAX];    /* as the user wrote it or the source calls it: "instructions:u" */
    char unit[16];              /* "count/op" */
    enum tsp_evidence evidence; /* measured (perf, software), counted (emulator page) */
    enum tsp_counter_status status;
    char reason[TSP_REASON_MAX]; /* of a status other than ok: what, why, and the remedy */
};

/** One reading of one counter; `enabled` and `running` (ns) tell how long the PMU really counted. */
struct tsp_reading {
    uint64_t value;
    uint64_t enabled;
    uint64_t running;
};

struct tsp_counters; /* opaque: the groups opened for the calling thread */

/** Most counters of a set: those of the emulator's page and those the user names. */
#define TSP_COUNTERS_MAX 32

/** The counters tried when the user names none. */
#define TSP_COUNTERS_DEFAULT                                                                                 \
    "instructions:u,instructions:k,cycles:u,cycles:k,page-faults,context-switches,cpu-migrations,alignment-faults,emulation-faults"

/** The index-th of the emulator's counters (instructions, loads …), which need no naming; NULL after the last one. */
const char *tsp_counter_page_name(size_t index);

/** Calls `visit` with every name of a counter that can be asked for here: perf's, then the events of the PMUs that libpfm4 sees. */
void tsp_counter_each_name(void (*visit)(void *context, const char *name), void *context);

/** What the known-loop test said of counters, by name. Plain data: the parent finds it out once, every child uses it. */
struct tsp_verdicts {
    unsigned count;
    struct tsp_verdict {
        char name[TSP_NAME_MAX];
        enum tsp_counter_status status;
        char reason[TSP_REASON_MAX];
    } of[TSP_COUNTERS_MAX];
};

/**
 * Runs the known-loop test once a session: opens `names` as tsp_counters_open() does, runs known work under every counter, closes.
 * Takes a few ms. Fails as tsp_counters_open() does.
 */
int tsp_counters_check(struct tsp_verdicts *verdicts, const char *names, struct tsp_error *error);

/**
 * Opens counters for the calling thread from every source (perf by libpfm4, the emulator's page). `names` is comma-separated; "none" opens
 * no perf event; the page's counters are always there when the page is. Counters that cannot count are in the set all the same, with
 * their status and reason: absence is never an error. Fails only on a name that no source knows (naming it, with the nearest known
 * names), on more than TSP_COUNTERS_MAX counters, or when memory is out. `verdicts` is what tsp_counters_check() found; with NULL
 * the known-loop test runs here. All counters run when it returns. The caller closes with tsp_counters_close().
 */
int tsp_counters_open_checked(struct tsp_counters **counters, const char *names,
                              const struct tsp_verdicts *verdicts, struct tsp_error *error);

/** tsp_counters_open_checked() without verdicts: the known-loop test runs here. */
int tsp_counters_open(struct tsp_counters **counters, const char *names, struct tsp_error *error);
void tsp_counters_close(struct tsp_counters *counters);
size_t tsp_counters_count(const struct tsp_counters *counters);
const struct tsp_counter *tsp_counters_get(const struct tsp_counters *counters, size_t i);

/** How many times work must be repeated for each counter to have run all the while: PMUs take only so many together. At least 1. */
unsigned tsp_counters_turns(const struct tsp_counters *counters);

/** Lets the counters of one turn (0 … tsp_counters_turns() − 1) run and stops those of the others; what no PMU limits always runs. */
void tsp_counters_take_turn(struct tsp_counters *counters, unsigned turn);

/** Whether the counter's value belongs to that turn; each counter belongs to one, and those that always run to the first. */
bool tsp_counters_in_turn(const struct tsp_counters *counters, size_t i, unsigned turn);

/** Reads all, `readings[tsp_counters_count()]`; those that do not count read 0/0/0. Async-signal-safe. */
void tsp_counters_read(struct tsp_counters *counters, struct tsp_reading *readings);

/** Events between two readings, scaled for multiplexing; `*share` (0…1) is the part of the time that was counted. NaN when it
 *  never ran. Pure. Source: perf_event_open(2), "time_enabled / time_running". */
double tsp_reading_difference(const struct tsp_reading *before, const struct tsp_reading *after,
                              double *share);

/** The machine's PMU as it shows itself: what libpfm4 takes the CPU for, and whether a counter of it opens and counts. */
struct tsp_pmu {
    char name[TSP_TEXT_MAX]; /* "skl (Intel Skylake)", or "none" */
    enum tsp_counter_status status;
    char reason[TSP_REASON_MAX]; /* of a status other than ok */
};

/** Fills `pmu` by opening an instruction counter and running the known loop under it. Takes a few ms; never fails. */
void tsp_pmu_describe(struct tsp_pmu *pmu);

/** The known-loop verdict: a loop of `expected` instructions counted `counted`; ok within 1 %. Pure. */
enum tsp_counter_status tsp_counter_plausible(double counted, double expected, char *reason,
                                              size_t reason_size);

/* --- a round ---------------------------------------------------------------------------------------------------------------- */

/** How long and under which limits a round is measured. */
struct tsp_profile {
    double time_ms;        /* sampling time of a round, shared by the case and its reference */
    double warmup_ms;      /* bound of the warm-up */
    double limit_ms;       /* wall time after which a child is killed */
    uint64_t memory_bytes; /* limit of the child's memory beyond what the kernel declares */
    uint64_t files;        /* limit of open descriptors */
};

/** How often a round counts: enough to see a spread and to pass over an interrupt in a measured count's median. And how often it may, for
 *  who wants to see that a count never varies. */
#define TSP_REPETITIONS     15
#define TSP_REPETITIONS_MAX 100000

/** So many that agree are enough where every counter is an emulator's: nothing from outside, such as an interrupt, disturbs those. */
#define TSP_REPETITIONS_AGREEING 4

/** What measuring needs; all of it belongs to the caller and stays unchanged. */
struct tsp_session {
    const struct tsp_clock *clock;
    const struct tsp_topology *topology;
    const struct tsp_env *env;
    const char *counters; /* names for tsp_counters_open() */
    const struct tsp_verdicts
        *verdicts;        /* of tsp_counters_check(); NULL: the known-loop test runs in every round */
    bool emulated;        /* times are `emulated`, not `measured` */
    bool counts_only;     /* take no times: counts need none, and a counted session is soon done */
    unsigned repetitions; /* of a count in each round; 0: TSP_REPETITIONS, exact ones fewer */
    uint64_t seed;
    int cpu; /* -1: choose */
};

/** Measures round `index` of a case in the calling process: pins, sets up, warms up, samples, counts, checks. Writes into `round` as it
 *  goes, so that what was found before a fault is not lost. `like` is an earlier round of the case that was ok, whose mode and ops a
 *  sample are kept, so that all rounds of a case mean the same; NULL in the first. */
void tsp_round_measure(const struct tsp_session *session, const struct tsp_profile *profile,
                       const struct tsp_case *tcase, unsigned index, const struct tsp_round *like,
                       struct tsp_round *round);

/** The same in a forked child with limits: whatever the child does (loops, faults, forks, eats memory), `round` ends with a
 *  status and a reason and no process is left behind. `*interrupted` (may be NULL) is polled: non-zero ends the round at once as skipped. */
int tsp_round_isolate(const struct tsp_session *session, const struct tsp_profile *profile,
                      const struct tsp_case *tcase, unsigned index, const struct tsp_round *like,
                      const volatile int *interrupted, struct tsp_round *round, struct tsp_error *error);

/** NULL when the case can run here, else the reason in one line, written to `reason`. What `list` shows and `run` obeys. `topology` NULL:
 *  nothing is asked about CPUs; `cpu` is the one the case must run on, or -1. */
const char *tsp_case_obstacle(const struct tsp_case *tcase, const struct tsp_env *env,
                              const struct tsp_topology *topology, int cpu, char *reason, size_t size);

/** NULL, or what a case that can run here cannot show here, in one line, written to `reason` (kernel.h, `shows`). For `list`. */
const char *tsp_case_caveat(const struct tsp_case *tcase, const struct tsp_env *env, char *reason,
                            size_t size);

#endif
