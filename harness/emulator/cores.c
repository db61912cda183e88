/*
 * Well-known cores, as far as their makers or those who measured them have published it. "Pseudo-LRU" without a published form is
 * modelled as a tree; where nothing is said of the replacement, LRU is assumed. Prefetchers are off, which no such core runs with.
 *
 * Looked up: Cortex-A72 and Neoverse N1. The others, and the names of their documents, are from memory and are still to be checked
 * against those documents.
 */
#include <stddef.h>
#include <string.h>

#include "emulator/cache.h"

#define KIB 1024U
#define MIB (1024U * 1024U)

/* name, then bytes, ways, bytes of a line and replacement of L1d and L2 */
static const struct tsp_core cores[] = {
    /* Fujitsu, "A64FX Microarchitecture Manual", 1.8.3, chapter 7: L2 of one core memory group (12 cores). LRU assumed. */
    {"a64fx", {64 * KIB, 4, 256, TSP_LRU}, {8 * MIB, 16, 256, TSP_LRU}},
    /* The M1's performance core, measured by D. Johnson ("Apple M1 microarchitecture research") and M. Handley ("M1 Explainer"); L2
     * is shared by four cores. LRU assumed. */
    {"apple-m1", {128 * KIB, 8, 64, TSP_LRU}, {12 * MIB, 12, 128, TSP_LRU}},
    /* Arm, "Cortex-A72 MPCore Processor Technical Reference Manual" (100095): L1 2-way LRU; L2 16-way pseudo-LRU, 512 KB to 4 MB, of
     * which 1 MB is taken. */
    {"cortex-a72", {32 * KIB, 2, 64, TSP_LRU}, {1 * MIB, 16, 64, TSP_TREE_PLRU}},
    /* Intel, "64 and IA-32 Architectures Optimization Reference Manual" (248966), Golden Cove: L2 of the server's version. LRU
     * assumed, L1 has 12 ways. */
    {"golden-cove", {48 * KIB, 12, 64, TSP_LRU}, {2 * MIB, 16, 64, TSP_LRU}},
    /* Arm, "Neoverse N1 Core Technical Reference Manual" (100616): L1 pseudo-LRU; L2 8-way, 1 MB taken, its policy is Arm's own: LRU
     * assumed. */
    {"neoverse-n1", {64 * KIB, 4, 64, TSP_TREE_PLRU}, {1 * MIB, 8, 64, TSP_LRU}},
    /* Arm, "Neoverse V1 Core Technical Reference Manual" (101427): L2 8-way, 1 MB taken. LRU assumed in L2. */
    {"neoverse-v1", {64 * KIB, 4, 64, TSP_TREE_PLRU}, {1 * MIB, 8, 64, TSP_LRU}},
    /* Arm, "Neoverse V2 Core Technical Reference Manual" (102375): L2 8-way, 2 MB taken. LRU assumed in both: Arm calls its policies
     * dynamic. */
    {"neoverse-v2", {64 * KIB, 4, 64, TSP_LRU}, {2 * MIB, 8, 64, TSP_LRU}},
    /* IBM, "POWER9 Processor User's Manual", 1.2 and 4: L2 is shared by two cores. LRU assumed. */
    {"power9", {32 * KIB, 8, 128, TSP_LRU}, {512 * KIB, 8, 128, TSP_LRU}},
    /* AMD, "Software Optimization Guide for the AMD Zen4 Microarchitecture" (57647), 2.6. LRU assumed. */
    {"zen-4", {32 * KIB, 8, 64, TSP_LRU}, {1 * MIB, 8, 64, TSP_LRU}},
};

#define CORES (sizeof cores / sizeof cores[0])

const struct tsp_core *tsp_core_list(unsigned *count) {
    *count = (unsigned)CORES;
    return cores;
}

const struct tsp_core *tsp_core_find(const char *name) {
    for (size_t i = 0; i < CORES; ++i) {
        if (strcmp(cores[i].name, name) == 0) {
            return &cores[i];
        }
    }
    return NULL;
}
