/*
 * What every single access does: crossings of lines and pages, misalignment, and misses in a modelled cache. Slow: each memory
 * instruction and each access is a call.
 *
 * An access is what one instruction reads or writes in one piece. QEMU performs wide ones in parts of 8 or 16 bytes, by version: parts of
 * one execution of one instruction that continue one another are put together again, so a load pair, and an element of vectors, is one
 * access. Misaligned is an access whose address is no multiple of its parts' size, of 8 at most. Lines are of 64 bytes here and pages of
 * 4096, whatever the core: these counts are compared across ISAs. The cache model takes its core's line.
 *
 * QEMU performs some instructions with helpers that show no access (s390x's mvc, for one). Those are counted as `unseen`: where it is not
 * zero, crossings and misses are lower bounds. An instruction that legitimately did not access memory (its condition failed) counts there
 * as well.
 */
#ifndef TRANSEPT_EMULATOR_ACCESSES_H
#define TRANSEPT_EMULATOR_ACCESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "emulator/cache.h"

enum {
    TSP_ACCESSES,
    TSP_ACCESSES_UNSEEN,
    TSP_LINE_CROSSINGS,
    TSP_PAGE_CROSSINGS,
    TSP_MISALIGNED,
    TSP_L1D_MISSES, /* from here on modelled */
    TSP_L2_MISSES,
    TSP_ACCESS_COUNTERS
};

/** One vCPU. The access under way is kept until it is known to be whole. */
struct tsp_accesses {
    uint64_t counts[TSP_ACCESS_COUNTERS];
    struct tsp_hierarchy *hierarchy; /* NULL: no model. Owned by the caller */
    bool expected;                   /* an instruction began that should access memory, and did not yet */
    bool open;                       /* an access is under way */
    bool store;
    uint64_t address;
    unsigned bytes;
    unsigned part_bytes;
};

/** A memory instruction begins. */
void tsp_accesses_begin(struct tsp_accesses *accesses);

/** It reads or writes `bytes` (a power of two) at `address`. */
void tsp_accesses_part(struct tsp_accesses *accesses, uint64_t address, unsigned bytes, bool store);

/** What is under way is whole: before the counts are read. */
void tsp_accesses_settle(struct tsp_accesses *accesses);

#endif
