/*
 * The page of exact counts: a file that the emulator's plugin (on the host) adds to and the guest reads like a PMU.
 *
 * Everything has a fixed width and place, so that a 64-bit little-endian plugin and a 32-bit or big-endian guest mean the same bytes.
 * All integers are in the writer's byte order; `order` tells a reader whether it has to swap. The file is
 *
 *   struct tsp_page_header
 *   struct tsp_page_counter  [counter_count]      at offset sizeof(struct tsp_page_header)
 *   block                    [block_count]        at offset blocks_offset, block_bytes apart
 *
 * and a block is uint64_t [counter_count]: what one vCPU did. In user mode a vCPU is a thread of the guest. Blocks lie on lines of their own,
 * so that threads do not slow one another down.
 *
 * The plugin writes the whole header before the guest's first instruction; afterwards only the blocks and `blocks_used` change.
 * The file is shared over fork: a child goes on in its parent's blocks. That is right for Transept, whose parent sleeps meanwhile.
 */
#ifndef TRANSEPT_EMULATOR_PAGE_H
#define TRANSEPT_EMULATOR_PAGE_H

#include <stdint.h>

/** Where the guest finds the file's path. */
#define TSP_PAGE_ENVIRONMENT "TRANSEPT_COUNTERS"

#define TSP_PAGE_MAGIC        "TSPCOUNT" /* 8 bytes, no NUL */
#define TSP_PAGE_VERSION      1U
#define TSP_PAGE_ORDER        UINT32_C(0x01020304)
#define TSP_PAGE_ALIGN        256U /* of blocks: the longest line of any host */
#define TSP_PAGE_COUNTERS_MAX 20U
#define TSP_PAGE_BLOCKS_MAX   1024U

/** How a counter of the page came to be. */
enum { TSP_PAGE_COUNTED = 1, TSP_PAGE_MODELLED = 2 };

struct tsp_page_counter {
    char name[40];     /* NUL-terminated: one of the names below, or another */
    uint32_t evidence; /* TSP_PAGE_COUNTED, TSP_PAGE_MODELLED */
    uint32_t reserved; /* 0 */
};

struct tsp_page_header {
    char magic[8];
    uint32_t order;   /* TSP_PAGE_ORDER as the writer's CPU stores it */
    uint32_t version; /* readers refuse any but their own */
    uint32_t counter_count;
    uint32_t block_count;
    uint32_t block_bytes;   /* a multiple of TSP_PAGE_ALIGN, ≥ 8 · counter_count */
    uint32_t blocks_offset; /* likewise a multiple */
    uint32_t blocks_used;   /* blocks from here on are all zero as yet; only grows */
    uint32_t reserved;      /* 0 */
    char writer[88];        /* NUL-terminated: "qemu-aarch64 7.2.22, plugin interface 1" */
};

_Static_assert(sizeof(struct tsp_page_counter) == 48, "the layout is the same for every compiler");
_Static_assert(sizeof(struct tsp_page_header) == 128, "the layout is the same for every compiler");

/**
 * What the counters are called. One instruction may be in several classes (an atomic also loads and stores); `instructions` is all of
 * them, and is what the known-loop test is run on.
 */
#define TSP_PAGE_NAMES                                                                                       \
    "instructions", "loads", "stores", "branches", "calls", "barriers", "atomics", "vector", "syscalls",     \
        "line-crossings", "page-crossings", "misaligned"

#endif
