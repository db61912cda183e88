/*
 * The page of exact counts: a file that the emulator's plugin (on the host) writes and the guest reads like a PMU.
 *
 * Everything has a fixed width and place, so that a 64-bit little-endian plugin and a 32-bit or big-endian guest mean the same bytes.
 * All integers are in the writer's byte order; `order` tells a reader whether it has to swap. The file is
 *
 *   struct tsp_page_header
 *   struct tsp_page_counter  [counter_count]      at offset sizeof(struct tsp_page_header)
 *   block                    [block_count]        at offset blocks_offset, block_bytes apart
 *
 * and a block is uint64_t [counter_count]: what one vCPU did. In user mode a vCPU is a thread of the guest; a thread beyond the last block
 * counts in the last.
 *
 * The plugin counts in memory of its own process and writes the page when a guest rings: by the system call getpid with TSP_PAGE_RING_A and
 * TSP_PAGE_RING_B as its first two arguments, which the kernel ignores. When the call returns, the blocks hold what the calling process
 * had done before it and `process` its id. So the page never changes while it is read; a process that was forked counts for itself, from
 * what its parent had when it forked; and a parent that wakes up meanwhile does not show. Two processes that ring at the same time would
 * read one another's counts: a reader compares `process` with its own id.
 */
#ifndef TRANSEPT_EMULATOR_PAGE_H
#define TRANSEPT_EMULATOR_PAGE_H

#include <stdint.h>

/** Where the guest finds the file's path. */
#define TSP_PAGE_ENVIRONMENT "TRANSEPT_COUNTERS"

#define TSP_PAGE_MAGIC        "TSPCOUNT" /* 8 bytes, no NUL */
#define TSP_PAGE_VERSION      2U
#define TSP_PAGE_ORDER        UINT32_C(0x01020304)
#define TSP_PAGE_ALIGN        256U /* of blocks: the longest line of any host */
#define TSP_PAGE_COUNTERS_MAX 20U
#define TSP_PAGE_BLOCKS_MAX   1024U
#define TSP_PAGE_RING_A       0x54535043L /* "TSPC"; both fit the registers of a 32-bit guest as positive numbers */
#define TSP_PAGE_RING_B       0x52494e47L /* "RING" */

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
    uint32_t process; /* whose counts these are; 0: of nobody in particular, and there is no need to ring */
    char writer[88];  /* NUL-terminated: "qemu-aarch64, plugin interface 1, by blocks" */
};

_Static_assert(sizeof(struct tsp_page_counter) == 48, "the layout is the same for every compiler");
_Static_assert(sizeof(struct tsp_page_header) == 128, "the layout is the same for every compiler");

/**
 * What the counters are called. harness/emulator/decode.h says what belongs to which class; one instruction may be in several.
 * `instructions` is all of them, and is what the known-loop test is run on. Those from `accesses` on are there only when the plugin looks at
 * every access (harness/emulator/accesses.h); a modelled one ends in its core, as in "l1d-misses:zen-4".
 */
#define TSP_PAGE_NAMES                                                                                       \
    "instructions", "loads", "stores", "branches", "calls", "barriers", "atomics", "ordered", "vector",      \
        "syscalls", "accesses", "accesses-unseen", "line-crossings", "page-crossings", "misaligned",         \
        "l1d-misses", "l2-misses"

#endif
