/*
 * Inside of the machine module: what spoils measurements here. Each function judges what a file says (struct tsp_file, files.h) and
 * nothing else, so that it can be tried with any content; readers in quiet.c fetch the files.
 * A file that cannot be read makes a finding of level UNKNOWN with the reason; an unknown content is shown, never guessed at.
 */
#ifndef TRANSEPT_MACHINE_QUIET_H
#define TRANSEPT_MACHINE_QUIET_H

#include <stdint.h>

#include "machine/files.h"
#include "machine/topology.h"

/* --- making a finding (quiet.c) ------------------------------------------------------------------------------------------------ */

/** Texts are cut to fit; `level` is one of TSP_FINDING_…. */
struct tsp_finding tsp_finding_make(const char *subject, int level, const char *value, const char *effect,
                                    const char *remedy);

/** "unknown: <path>: <errno's words>"; `effect` says what it would have told. */
struct tsp_finding tsp_finding_unknown(const char *subject, const struct tsp_file *file, const char *effect);

/* --- the processor (quiet_cpu.c) ----------------------------------------------------------------------------------------------- */

struct tsp_finding tsp_quiet_governor(const struct tsp_file *governor, const struct tsp_file *driver);

/** scaling_driver, scaling_min_freq and scaling_max_freq (kHz). */
struct tsp_finding tsp_quiet_frequency(const struct tsp_file *driver, const struct tsp_file *low,
                                       const struct tsp_file *high);

/** intel_pstate/no_turbo and cpufreq/boost: whichever there is. */
struct tsp_finding tsp_quiet_turbo(const struct tsp_file *no_turbo, const struct tsp_file *boost);
struct tsp_finding tsp_quiet_smt(const struct tsp_file *active);

/** Exit latencies (us) of the idle states that are enabled, one a line. */
struct tsp_finding tsp_quiet_idle(const struct tsp_file *latencies);

/** Lists of CPUs (isolcpus=, nohz_full=) and the CPU that cases run on. */
struct tsp_finding tsp_quiet_isolation(const struct tsp_file *isolated, const struct tsp_file *nohz_full,
                                       unsigned cpu);

/** Lines "<vulnerability>: <what the kernel does about it>". */
struct tsp_finding tsp_quiet_mitigations(const struct tsp_file *vulnerabilities);
struct tsp_finding tsp_quiet_hypervisor(const char *hypervisor);

/* --- what else runs (quiet_load.c) --------------------------------------------------------------------------------------------- */

struct tsp_finding tsp_quiet_load(const struct tsp_file *loadavg, unsigned cpus);

/** First line of /proc/stat. */
struct tsp_finding tsp_quiet_steal(const struct tsp_file *stat);

/** cpu.max of cgroup 2 ("max 100000"), or cgroup 1's quota and period as "quota period"; the tightest on the way to the root. */
struct tsp_finding tsp_quiet_container(const struct tsp_file *cpu_max, unsigned cpus);

/** What a spinning thread saw of others. */
struct tsp_gaps {
    uint64_t watched_ns;
    uint64_t threshold_ns; /* 1 us, or 4 clock reads where those take longer */
    uint64_t count;        /* gaps above the threshold */
    uint64_t lost_ns;      /* their sum */
    uint64_t longest_ns;
};

struct tsp_finding tsp_quiet_gaps(const struct tsp_gaps *gaps, bool virtual_machine);

/** Takes one more reading of the clock into account; `last` and `now` in ns. Pure (gaps.c). */
void tsp_gaps_add(struct tsp_gaps *gaps, uint64_t last, uint64_t now);

/** Spins for `duration_ns` on the CPU the calling thread is pinned to (gaps.c). */
void tsp_gaps_watch(struct tsp_gaps *gaps, uint64_t duration_ns);

/* --- the kernel's settings (quiet_kernel.c) ------------------------------------------------------------------------------------ */

struct tsp_finding tsp_quiet_aslr(const struct tsp_file *randomize_va_space);
struct tsp_finding tsp_quiet_thp(const struct tsp_file *enabled);
struct tsp_finding tsp_quiet_swap(const struct tsp_file *swaps, const struct tsp_file *swappiness);
struct tsp_finding tsp_quiet_clocksource(const struct tsp_file *current, const struct tsp_file *available);

/* --- what we may do (quiet_limits.c) ------------------------------------------------------------------------------------------- */

/** perf_event_paranoid and /proc/self/status (CapEff). */
struct tsp_finding tsp_quiet_perf(const struct tsp_file *paranoid, const struct tsp_file *status);

/** Names in /sys/bus/event_source/devices. */
struct tsp_finding tsp_quiet_pmu(const struct tsp_file *devices);

/** RLIMIT_NOFILE. The hard one is judged: a round raises its own soft limit up to it. */
struct tsp_finding tsp_quiet_descriptors(uint64_t soft, uint64_t hard);

/** net.core.somaxconn: of no use to the catalogue, whose connections are eventfds, but to servers under test. */
struct tsp_finding tsp_quiet_backlog(const struct tsp_file *somaxconn);

/** What is missing of the caches, or that all is there. */
struct tsp_finding tsp_quiet_caches(const struct tsp_machine *machine);

/** Finds the tightest quota from this process's group up to the root, in cpu.max's form; "max 100000" where there is none (cgroup.c). */
void tsp_cgroup_quota(struct tsp_file *tightest, const char *root);

/* --- all together (quiet.c) ---------------------------------------------------------------------------------------------------- */

/** Adds all findings but the gaps from the files below `root` ("" but in tests) for cases on CPU `cpu`. */
void tsp_quiet_collect(struct tsp_machine *machine, const char *root, unsigned cpu);

#endif
