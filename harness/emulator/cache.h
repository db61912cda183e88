/*
 * A modelled cache, and two of them in a row: which lines would a core of stated geometry have to fetch?
 *
 * Write-allocate: a store fetches its line like a load. What is written back is not followed into the next level. No prefetcher, no
 * translation (virtual addresses index both levels), no other core, no instructions. An access that spans lines touches each. The
 * second level sees what misses the first. So counts are a property of the addresses alone, the same on every host.
 */
#ifndef TRANSEPT_EMULATOR_CACHE_H
#define TRANSEPT_EMULATOR_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/** How a victim is chosen. Free ways are taken first. */
enum tsp_replacement {
    TSP_LRU, /* the line that was not used for longest */
    TSP_TREE_PLRU /* a tree of bits over 2, 4, 8, 16 or 32 ways: each access turns those on its path away from itself */
};

struct tsp_cache_geometry {
    uint32_t bytes;
    unsigned ways;
    unsigned line_bytes; /* a power of two; so must be bytes / ways / line_bytes */
    enum tsp_replacement replacement;
};

struct tsp_cache_model {
    struct tsp_cache_geometry geometry;
    unsigned line_shift;
    uint64_t set_mask;
    uint64_t clock;
    uint64_t *tags; /* [sets][ways]: line number + 1; 0 is free */
    uint64_t *uses; /* LRU: [sets][ways], when last used; tree: [sets], its bits */
};

/** Makes an empty cache. -1: the geometry is impossible, or memory is out. Free with tsp_cache_free(). */
int tsp_cache_make(struct tsp_cache_model *cache, const struct tsp_cache_geometry *geometry);
void tsp_cache_free(struct tsp_cache_model *cache);

/** Touches the line that holds `address`; true when it was there. */
bool tsp_cache_touch(struct tsp_cache_model *cache, uint64_t address);

/** A core whose data caches are known. */
struct tsp_core {
    const char *name;
    struct tsp_cache_geometry l1d;
    struct tsp_cache_geometry l2;
};

/** The preset of that name, or NULL. */
const struct tsp_core *tsp_core_find(const char *name);
/** All of them, in order of name; `count` receives how many. */
const struct tsp_core *tsp_core_list(unsigned *count);

struct tsp_hierarchy {
    struct tsp_cache_model l1d;
    struct tsp_cache_model l2;
    uint64_t l1d_misses; /* lines */
    uint64_t l2_misses;
};

int tsp_hierarchy_make(struct tsp_hierarchy *hierarchy, const struct tsp_core *core);
void tsp_hierarchy_free(struct tsp_hierarchy *hierarchy);

/** One access of `bytes` bytes. */
void tsp_hierarchy_access(struct tsp_hierarchy *hierarchy, uint64_t address, unsigned bytes);

#endif
