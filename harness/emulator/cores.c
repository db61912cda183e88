/*
 * Well-known cores: sizes, ways and lines as their makers, or software that their makers wrote for them, state them; the source stands
 * at each. Few makers publish how a victim is chosen: "LRU assumed" is said where it is not known, and "pseudo-LRU" without a published
 * form is modelled as a tree. Not modelled: a hash over a set's index, sharing with other cores, and the prefetchers, without which no
 * such core runs.
 */
#include <stddef.h>
#include <string.h>

#include "emulator/cache.h"

#define KIB 1024U
#define MIB (1024U * 1024U)

/* name, then bytes, ways, bytes of a line and replacement of L1d and L2 */
static const struct tsp_core cores[] = {
    /* Fujitsu, "A64FX Microarchitecture Manual" 1.8.1, tables 9-2 and 9-3: L2 of one core memory group (12 cores); it hashes its index. The
     * figures of 12.2 number the ways by LRU. */
    {"a64fx", {64 * KIB, 4, 256, TSP_LRU}, {8 * MIB, 16, 256, TSP_LRU}},
    /* Apple, "Apple Silicon CPU Optimization Guide", as quoted in J. Chen's review of the M1 (his blog-source repository, apple-m1.md): the
     * performance core; L2 is shared by the four of a cluster. LRU assumed in both. */
    {"apple-m1", {128 * KIB, 8, 64, TSP_LRU}, {12 * MIB, 12, 128, TSP_LRU}},
    /* Arm, "Cortex-A72 MPCore Processor Technical Reference Manual" (100095): L1 2-way LRU; L2 16-way pseudo-LRU, 512 KB to 4 MB, of
     * which 1 MB is taken. */
    {"cortex-a72", {32 * KIB, 2, 64, TSP_LRU}, {1 * MIB, 16, 64, TSP_TREE_PLRU}},
    /* CPUID leaf 4 of Sapphire Rapids as Intel gave it to QEMU (target/i386/cpu.c, xeon_spr_cache_info): 64 sets of 12, 2048 of 16.
     * Clients have an L2 of 1.25 MB. LRU assumed in both. */
    {"golden-cove", {48 * KIB, 12, 64, TSP_LRU}, {2 * MIB, 16, 64, TSP_LRU}},
    /* Arm, "Neoverse N1 Core Technical Reference Manual" (100616): L1 pseudo-LRU; L2 8-way, 1 MB taken, its policy is Arm's own: LRU
     * assumed. */
    {"neoverse-n1", {64 * KIB, 4, 64, TSP_TREE_PLRU}, {1 * MIB, 8, 64, TSP_LRU}},
    /* The cache registers as QEMU took them from Arm's "Neoverse V1 Core Technical Reference Manual" (101427): target/arm/tcg/cpu64.c,
     * aarch64_neoverse_v1_initfn(), with the 1 MB of the two sizes of L2. Assumed in L1: as the N1; in L2: LRU. */
    {"neoverse-v1", {64 * KIB, 4, 64, TSP_TREE_PLRU}, {1 * MIB, 8, 64, TSP_LRU}},
    /* Arm, "Neoverse V2 Core Technical Reference Manual" (102375), as quoted in J. Chen's review (arm-neoverse-v2.md): L2 1 or 2 MB, 2 MB
     * taken; the replacement in L1 is RRIP, which is not modelled. LRU in its place, and assumed in L2. */
    {"neoverse-v2", {64 * KIB, 4, 64, TSP_LRU}, {2 * MIB, 8, 64, TSP_LRU}},
    /* A core with four threads. L1: the machine's device tree as hwloc has it for its tests (nvidiagpunumanodes): 32 KB, lines of 128, and
     * "d-cache-sets" 8, in which IBM's firmware (skiboot, hdata) hands on the associativity. L2: 512 KB,
     * 8-way, shared by two cores, second-hand: as others cite S. Sadasivam et al., "IBM Power9 Processor Architecture" (IEEE Micro 37, 2),
     * which was not at hand; that its lines are L1's is assumed. LRU assumed in both. */
    {"power9", {32 * KIB, 8, 128, TSP_LRU}, {512 * KIB, 8, 128, TSP_LRU}},
    /* CPUID leaf 8000001D of Genoa as AMD gave it to QEMU (target/i386/cpu.c, epyc_genoa_cache_info): 64 and 2048 sets of 8. LRU
     * assumed in both. */
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
