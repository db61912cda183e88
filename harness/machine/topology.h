/* Inside of the machine module: what stands behind struct tsp_topology. */
#ifndef TRANSEPT_MACHINE_TOPOLOGY_H
#define TRANSEPT_MACHINE_TOPOLOGY_H

#include <hwloc.h>

#include "transept/machine.h"

/** The whole machine as hwloc sees it, and which of its CPUs this process may use. Bitmaps hold the kernel's CPU numbers. */
struct tsp_topology {
    hwloc_topology_t hwloc;
    hwloc_bitmap_t
        usable; /* cpuset of the process and affinity mask of the thread that loaded the topology */
    hwloc_bitmap_t isolated; /* CPUs that the scheduler leaves alone (isolcpus); may be empty */
};

/** The nearest thing that CPUs share, from near to far. */
enum tsp_relation {
    TSP_SHARES_CORE,
    TSP_SHARES_L2,
    TSP_SHARES_LLC,
    TSP_SHARES_NODE,
    TSP_SHARES_NOTHING, /* "cross-node" */
    TSP_RELATIONS
};

/**
 * A topology that does not exist here, for tests: `description` as hwloc's synthetic backend reads it ("pack:2 core:4 pu:2"),
 * `usable` a list of CPU numbers ("0-3,8") or NULL for all. The caller frees with tsp_topology_free().
 */
int tsp_topology_load_synthetic(struct tsp_topology **topology, const char *description, const char *usable,
                                struct tsp_error *error);

/** Writes a set of CPUs as a range list ("0-3,8"); a list that does not fit ends in "…" spelled "...". Returns `text`. */
const char *tsp_topology_list(hwloc_const_bitmap_t set, char *text, size_t size);

/** The nearest thing that the two CPUs (the kernel's numbers) share. */
enum tsp_relation tsp_topology_relation(const struct tsp_topology *topology, unsigned a, unsigned b);

/**
 * How much the CPU is to be left in peace, higher is better: isolated ones first, then the fastest kind of core, then cores other than
 * CPU 0's (where the kernel puts its chores), then the first thread of a core, then higher numbers.
 */
unsigned long tsp_topology_quietness(const struct tsp_topology *topology, unsigned cpu);

#endif
