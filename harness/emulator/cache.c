/* The modelled cache. */
#include "emulator/cache.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool is_power_of_two(uint64_t value) {
    return value != 0 && (value & (value - 1)) == 0;
}

int tsp_cache_make(struct tsp_cache_model *cache, const struct tsp_cache_geometry *geometry) {
    memset(cache, 0, sizeof *cache);
    uint64_t way_bytes = geometry->ways != 0 ? geometry->bytes / geometry->ways : 0;
    if (!is_power_of_two(geometry->line_bytes) || way_bytes * geometry->ways != geometry->bytes ||
        !is_power_of_two(way_bytes) || way_bytes < geometry->line_bytes) {
        return -1;
    }
    if (geometry->replacement == TSP_TREE_PLRU && (!is_power_of_two(geometry->ways) || geometry->ways > 32)) {
        return -1;
    }
    uint64_t sets = way_bytes / geometry->line_bytes;
    cache->geometry = *geometry;
    cache->set_mask = sets - 1;
    while (1U << cache->line_shift < geometry->line_bytes) {
        cache->line_shift += 1;
    }
    size_t uses = geometry->replacement == TSP_LRU ? geometry->ways : 1;
    cache->tags = calloc((size_t)sets * geometry->ways, sizeof *cache->tags);
    cache->uses = calloc((size_t)sets * uses, sizeof *cache->uses);
    if (cache->tags == NULL || cache->uses == NULL) {
        tsp_cache_free(cache);
        return -1;
    }
    return 0;
}

void tsp_cache_free(struct tsp_cache_model *cache) {
    free(cache->tags);
    free(cache->uses);
    memset(cache, 0, sizeof *cache);
}

static unsigned oldest(const uint64_t *uses, unsigned ways) {
    unsigned way = 0;
    for (unsigned i = 1; i < ways; ++i) {
        way = uses[i] < uses[way] ? i : way;
    }
    return way;
}

/* The tree's nodes are bits 1 … ways - 1, the children of n are 2n and 2n + 1; a set bit sends the search for a victim to the right. */
static unsigned tree_victim(uint64_t tree, unsigned ways) {
    unsigned node = 1;
    while (node < ways) {
        node = 2 * node + (unsigned)(tree >> node & 1);
    }
    return node - ways;
}

static uint64_t tree_turn_away(uint64_t tree, unsigned ways, unsigned way) {
    for (unsigned node = way + ways; node > 1; node /= 2) {
        uint64_t parent = UINT64_C(1) << node / 2;
        tree = (node & 1) != 0 ? tree & ~parent : tree | parent;
    }
    return tree;
}

bool tsp_cache_touch(struct tsp_cache_model *cache, uint64_t address) {
    const unsigned ways = cache->geometry.ways;
    const bool lru = cache->geometry.replacement == TSP_LRU;
    uint64_t line = address >> cache->line_shift;
    size_t set = (size_t)(line & cache->set_mask);
    uint64_t *tags = cache->tags + set * ways;
    uint64_t *uses = cache->uses + set * (lru ? ways : 1);
    unsigned way = 0;
    while (way < ways && tags[way] != line + 1) {
        ++way;
    }
    bool hit = way < ways;
    if (!hit) {
        way = 0;
        while (way < ways && tags[way] != 0) {
            ++way;
        }
        if (way == ways) {
            way = lru ? oldest(uses, ways) : tree_victim(*uses, ways);
        }
        tags[way] = line + 1;
    }
    if (lru) {
        uses[way] = ++cache->clock;
    } else {
        *uses = tree_turn_away(*uses, ways, way);
    }
    return hit;
}

int tsp_hierarchy_make(struct tsp_hierarchy *hierarchy, const struct tsp_core *core) {
    memset(hierarchy, 0, sizeof *hierarchy);
    if (tsp_cache_make(&hierarchy->l1d, &core->l1d) != 0) {
        return -1;
    }
    if (tsp_cache_make(&hierarchy->l2, &core->l2) != 0) {
        tsp_cache_free(&hierarchy->l1d);
        return -1;
    }
    return 0;
}

void tsp_hierarchy_free(struct tsp_hierarchy *hierarchy) {
    tsp_cache_free(&hierarchy->l1d);
    tsp_cache_free(&hierarchy->l2);
}

void tsp_hierarchy_access(struct tsp_hierarchy *hierarchy, uint64_t address, unsigned bytes) {
    const unsigned line_bytes = hierarchy->l1d.geometry.line_bytes;
    uint64_t last = address + (bytes != 0 ? bytes - 1 : 0);
    for (uint64_t line = address & ~(uint64_t)(line_bytes - 1); line <= last; line += line_bytes) {
        if (!tsp_cache_touch(&hierarchy->l1d, line)) {
            hierarchy->l1d_misses += 1;
            hierarchy->l2_misses += !tsp_cache_touch(&hierarchy->l2, line);
        }
        if (line > UINT64_MAX - line_bytes) {
            break; /* the last line of the address space */
        }
    }
}
