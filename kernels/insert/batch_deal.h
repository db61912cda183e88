/* The inner loops of the batch map for batches beyond the cache; batch_steps.h, whose words they use, includes them. */
#ifndef KERNELS_INSERT_BATCH_DEAL_H
#define KERNELS_INSERT_BATCH_DEAL_H

/* The next place of an entry's partition, two lines behind which are asked for; plain stores follow. NULL: it is full. */
BATCH_INLINE void *next_head(struct tsp_batch_parts *parts, uint64_t entry, size_t bytes) {
    const uint32_t part = (uint32_t)entry >> parts->shift;
    char *head = parts->heads[part];
    if (__builtin_expect(head == parts->ends[part], 0)) {
        return NULL;
    }
    __builtin_prefetch(head + 128, 1);
    parts->heads[part] = head + bytes;
    return head;
}

BATCH_INLINE bool deal_entries_as(const struct tsp_batch_map *map, const void *in, size_t n,
                                  struct tsp_batch_parts *parts, enum tsp_pairing as) {
    void *out = tsp_pair_at(as, map->pairs, map->map.count);
    uint64_t entries[TSP_BATCH_BLOCK];
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        const size_t block = block_of(n - done);
        pair_entries(map, tsp_pair_in(as, in, done), (uint32_t)done, block, entries, as);
        for (size_t i = 0; i < block; ++i) {
            uint64_t *head = next_head(parts, entries[i], sizeof *head);
            if (head == NULL) {
                return false;
            }
            *head = entries[i];
            tsp_pair_copy(as, tsp_pair_at(as, out, done + i), tsp_pair_in(as, in, done + i));
        }
    }
    return true;
}

static BATCH_TARGET bool deal_entries(const struct tsp_batch_map *map, const void *in, size_t n,
                                      struct tsp_batch_parts *parts) {
    return TSP_PAIR_CALL(map->map.kind->pair, deal_entries_as, map, in, n, parts);
}

BATCH_INLINE bool deal_pairs_as(const struct tsp_batch_map *map, const void *in, size_t n,
                                struct tsp_batch_parts *parts, enum tsp_pairing as) {
    uint64_t entries[TSP_BATCH_BLOCK];
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        const size_t block = block_of(n - done);
        pair_entries(map, tsp_pair_in(as, in, done), (uint32_t)done, block, entries, as);
        for (size_t i = 0; i < block; ++i) {
            void *head = next_head(parts, entries[i], tsp_pair_bytes(as));
            if (head == NULL) {
                return false;
            }
            tsp_pair_copy(as, head, tsp_pair_in(as, in, done + i));
        }
    }
    return true;
}

static BATCH_TARGET bool deal_pairs(const struct tsp_batch_map *map, const void *in, size_t n,
                                    struct tsp_batch_parts *parts) {
    return TSP_PAIR_CALL(map->map.kind->pair, deal_pairs_as, map, in, n, parts);
}

/* One block of entries. Those that turn out to be duplicates leave their positions at `holes`; returns how many. */
BATCH_INLINE size_t index_block(const struct steps *steps, const struct block *block, const uint64_t *entries,
                                uint64_t *holes) {
    size_t count = 0;
    for (size_t i = 0; i < block->n; ++i) {
        const uint64_t spot = block->spots[i];
        const uint32_t position = steps->count + (uint32_t)(entries[i] >> 32);
        prefetch_next(steps, block, i);
        if (__builtin_expect(!index_new(steps, spot, position), 0) &&
            !tsp_batch_index(steps->map, spot, position)) {
            holes[count++] = position;
        }
    }
    return count;
}

static BATCH_TARGET size_t index_entries(struct tsp_batch_map *map, uint64_t *entries, size_t n) {
    const struct steps steps = steps_of(map, map->map.kind->pair); /* which pairs are not looked at */
    uint64_t spots[2][TSP_BATCH_BLOCK];
    struct block block = {.n = block_of(n)};
    size_t holes = 0;
    unsigned turn = 0;
    entry_spots(map, entries, block.n, spots[0]);
    for (size_t done = 0; done < n && !map->crowded; done += block.n, turn ^= 1) {
        block.n = block_of(n - done);
        const size_t next_n = block_of(n - done - block.n);
        block.spots = spots[turn];
        entry_spots(map, entries + done + block.n, next_n, spots[turn ^ 1]);
        pad_spots(spots[turn ^ 1], next_n, &block);
        block.next = spots[turn ^ 1];
        holes += index_block(&steps, &block, entries + done, entries + holes);
    }
    return holes;
}

#endif
