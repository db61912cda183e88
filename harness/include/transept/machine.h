/* Where a measurement happens: topology and placement, the machine's fingerprint, how quiet it is. */
#ifndef TRANSEPT_MACHINE_H
#define TRANSEPT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/round.h"

#define TSP_CACHES_MAX   8
#define TSP_FINDINGS_MAX 32
#define TSP_TEXT_MAX     128

/** What the kernels may know of their surroundings. Read only once a run has started. */
struct tsp_env {
    size_t line_bytes;
    size_t page_bytes;
    size_t l1_bytes; /* working sets, not cache sizes: half of the level (see tsp_ws_bytes) */
    size_t l2_bytes; /* 0: the machine has no such level */
    size_t llc_bytes;
    size_t dram_bytes;
    uint64_t features; /* TSP_NEEDS_… bits that hold here (isa.h) */
    bool emulated;
};

struct tsp_cache {
    unsigned level;
    uint64_t bytes;
    unsigned line_bytes;
    int ways;           /* 0: not stated */
    unsigned shared_by; /* CPUs (hardware threads) that share one */
};

/** Something that spoils measurements here, how much, and the line that mends it (empty: nothing does). */
struct tsp_finding {
    char subject[32]; /* "governor", "turbo", "smt", "aslr", "thp", "isolation", "load", "steal", "gaps", … */
    enum { TSP_FINDING_OK, TSP_FINDING_NOTE, TSP_FINDING_WARNING, TSP_FINDING_UNKNOWN } level;
    char value[TSP_TEXT_MAX];    /* what is so here: "powersave" */
    char effect[TSP_REASON_MAX]; /* what that does to which measurements, and how much */
    char remedy[TSP_REASON_MAX]; /* one line to paste */
};

/** The machine's fingerprint and state; texts are empty where the fact cannot be had. */
struct tsp_machine {
    char id[17];   /* 64-bit hash in hex of what identifies the kind of machine, not its owner */
    char arch[16]; /* ISA of this binary: TSP_ISA_NAME */
    bool emulated;
    char emulator[TSP_TEXT_MAX];         /* "qemu-aarch64" */
    char emulator_version[TSP_TEXT_MAX]; /* "7.2.22" */
    char host_arch[16];                  /* of the emulator's host */
    char hypervisor[TSP_TEXT_MAX];
    char cpu_vendor[TSP_TEXT_MAX];
    char cpu_model[TSP_TEXT_MAX];
    char cpu_microarchitecture[TSP_TEXT_MAX];
    char features[2048]; /* as the kernel or CPU names them, space separated */
    unsigned sockets;
    unsigned cores;
    unsigned threads;        /* CPUs of the machine */
    unsigned usable_threads; /* those this process may use (cpuset, affinity) */
    unsigned cache_count;
    struct tsp_cache caches[TSP_CACHES_MAX];
    uint64_t page_bytes;
    uint64_t memory_bytes;
    char kernel[TSP_TEXT_MAX]; /* "Linux 6.1.0" */
    char libc[TSP_TEXT_MAX];   /* "glibc 2.36" */
    char libc_release
        [TSP_TEXT_MAX]; /* as the library in memory names itself: "Debian GLIBC 2.36-9+deb12u10" */
    unsigned finding_count;
    struct tsp_finding
        findings[TSP_FINDINGS_MAX]; /* quietness; what the record's `quiet` and `doctor` show */
};

/** hwloc's view of the CPUs this process may use. Opaque. */
struct tsp_topology;

/** Loads the topology, restricted to the cpuset and affinity mask of this process. The caller frees with tsp_topology_free(). */
int tsp_topology_load(struct tsp_topology **topology, struct tsp_error *error);
void tsp_topology_free(struct tsp_topology *topology);

/** CPUs chosen for a case. */
struct tsp_placement {
    unsigned cpu_count;
    unsigned cpus[TSP_ROUND_CPUS_MAX]; /* the kernel's (OS) numbers */
    char shares[16]; /* "single", "same-cpu", "same-core", "same-l2", "same-llc", "same-node", "cross-node" */
};

/**
 * Chooses `count` CPUs. count 1: the CPU `cpu`, or with cpu -1 the quietest choice (not CPU 0 where there is another, a core of its
 * own where possible). count 2 and more: CPUs whose nearest thing shared is `shares` (NULL: the nearest there is), `cpu` being the
 * first of them unless it is -1; "same-cpu" puts any number of threads on one CPU, and cpu_count is then 1. Fails with the
 * reason when `cpu` is not among the usable ones (naming them) or nothing here shares that.
 */
int tsp_placement_choose(const struct tsp_topology *topology, unsigned count, const char *shares, int cpu,
                         struct tsp_placement *placement, struct tsp_error *error);

/** Pins the calling thread to the index-th CPU of the placement and binds its memory to the local node (a refusal of the
 *  memory binding is not an error). */
int tsp_placement_apply(const struct tsp_topology *topology, const struct tsp_placement *placement,
                        unsigned index, struct tsp_error *error);

/** Fills the fingerprint (no findings). Facts that cannot be had are left empty; fails only where the topology is unusable. */
int tsp_machine_probe(struct tsp_machine *machine, const struct tsp_topology *topology,
                      struct tsp_error *error);

/** Adds the findings. Takes up to 200 ms (it watches a spinning thread for gaps). Changes nothing on the machine. */
void tsp_machine_listen(struct tsp_machine *machine, const struct tsp_topology *topology);

/** What kernels may know, from a probed machine. */
void tsp_env_from_machine(struct tsp_env *env, const struct tsp_machine *machine);

#endif
