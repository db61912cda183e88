/*
 * The inner loops of the batch map, compiled once a variant. The file of a variant defines, before it includes this one,
 *
 *   BATCH_TARGET     the attribute that lets its functions use the variant's instructions, or nothing
 *   block_spots()    tsp_batch_spot() of the keys of up to TSP_BATCH_BLOCK pairs, as many vectors or single keys as it likes at once
 *   block_entries()  tsp_batch_entry() of the same
 *   entry_spots()    tsp_batch_spot() of up to TSP_BATCH_BLOCK entries
 *   has_tag()        whether one of a line's tags is this one
 *   entry_with()     the first entry with this tag, of a line that has it
 *
 * each static inline with BATCH_TARGET, and ends with BATCH_VARIANT(name, needs), without a semicolon.
 */
#ifndef KERNELS_INSERT_BATCH_STEPS_H
#define KERNELS_INSERT_BATCH_STEPS_H

#include "batch_map.h"

#define BATCH_INLINE static inline BATCH_TARGET __attribute__((always_inline))

/* A block of pairs, and what is asked for meanwhile. */
struct block {
    const struct tsp_pair *pairs;
    const uint64_t *spots; /* theirs */
    const uint64_t *next;  /* those of the next block, at least as many; NULL: they need not be asked for */
    size_t n;
};

/* What the loops hold in registers. */
struct steps {
    struct tsp_batch_map *map;
    struct tsp_pair *pairs;
    char *lines;
    uint32_t count; /* pairs in the map */
};

BATCH_INLINE struct tsp_batch_line *line_at(const struct steps *steps, uint64_t spot) {
    return (struct tsp_batch_line *)(void *)(steps->lines + (size_t)(spot >> TSP_BATCH_SPOT_LINE));
}

BATCH_INLINE void prefetch_line(const struct steps *steps, uint64_t spot) {
    __builtin_prefetch(line_at(steps, spot), 1);
}

BATCH_INLINE void prefetch_next(const struct steps *steps, const struct block *block, size_t i) {
    if (block->next != NULL) {
        prefetch_line(steps, block->next[i]);
    }
}

/* --- most are new ------------------------------------------------------------------------------------------------------------------- */

/* Into its home line, unless that is full or has the tag. Where it goes follows from the line's count alone, which is known early. */
BATCH_INLINE bool index_new(const struct steps *steps, uint64_t spot, uint32_t position) {
    struct tsp_batch_line *line = line_at(steps, spot);
    const uint32_t count = line->count;
    if (__builtin_expect(count == TSP_BATCH_ENTRIES, 0) ||
        __builtin_expect(has_tag(line, (uint16_t)spot), 0)) {
        return false;
    }
    line->tags[count] = (uint16_t)spot;
    line->positions[count] = position;
    line->count = (uint16_t)(count + 1);
    return true;
}

/* Puts pairs until one is found not to be new, and that one. Returns how many were put. */
BATCH_INLINE size_t put_new(struct steps *steps, const struct block *block) {
    const uint32_t first = steps->count;
    for (size_t i = 0; i < block->n; ++i) {
        const uint64_t spot = block->spots[i];
        const uint32_t position = first + (uint32_t)i;
        prefetch_next(steps, block, i);
        steps->pairs[position] = block->pairs[i];
        if (__builtin_expect(!index_new(steps, spot, position), 0) &&
            !tsp_batch_index(steps->map, spot, position)) {
            steps->count = position;
            return i + 1;
        }
    }
    steps->count = first + (uint32_t)block->n;
    return block->n;
}

/* --- most are not --------------------------------------------------------------------------------------------------------------------- */

/* The pair with that key, if it is in the home line under the first equal tag; else NULL. */
BATCH_INLINE struct tsp_pair *find_near(const struct steps *steps, uint64_t spot, uint64_t key) {
    const struct tsp_batch_line *line = line_at(steps, spot);
    if (__builtin_expect(!has_tag(line, (uint16_t)spot), 0)) {
        return NULL;
    }
    struct tsp_pair *there = &steps->pairs[line->positions[entry_with(line, (uint16_t)spot)]];
    return __builtin_expect(there->key == key, 1) ? there : NULL;
}

BATCH_INLINE void put_known(struct steps *steps, uint64_t spot, struct tsp_pair pair) {
    struct tsp_pair *there = find_near(steps, spot, pair.key);
    if (__builtin_expect(there != NULL, 1)) {
        there->value = pair.value;
    } else {
        steps->pairs[steps->count] = pair;
        steps->count += tsp_batch_index(steps->map, spot, steps->count);
    }
}

BATCH_INLINE void put_all_known(struct steps *steps, const struct block *block) {
    for (size_t i = 0; i < block->n; ++i) {
        prefetch_next(steps, block, i);
        put_known(steps, block->spots[i], block->pairs[i]);
    }
}

/* --- some are, some are not ------------------------------------------------------------------------------------------------------------- */

/*
 * Puts a pair if it is plainly new: its home line has room and none with its tag. There is no branch on that, for half the keys may be new.
 * What is stored for a pair that is not new is overwritten by the next one. Returns 1 when it is to be looked at again, else 0.
 */
BATCH_INLINE uint32_t put_if_new(struct steps *steps, uint64_t spot, struct tsp_pair pair) {
    struct tsp_batch_line *line = line_at(steps, spot);
    const uint32_t count = line->count;
    if (__builtin_expect(count == TSP_BATCH_ENTRIES, 0)) {
        return 1;
    }
    const uint32_t is_new = !has_tag(line, (uint16_t)spot);
    steps->pairs[steps->count] = pair;
    line->tags[count] = (uint16_t)(spot & (0 - is_new));
    line->positions[count] = steps->count;
    line->count = (uint16_t)(count + is_new);
    steps->count += is_new;
    return 1 - is_new;
}

/* The block's pairs from number `from` on. Those looked at again are mostly known. Once a key has been left for later, so are all that
 * follow it in the block (its line stays full, its tag stays there), hence the last value wins. */
BATCH_INLINE void put_mixed(struct steps *steps, const struct block *block, size_t from) {
    uint8_t later[TSP_BATCH_BLOCK];
    uint32_t later_count = 0;
    for (size_t i = from; i < block->n; ++i) {
        prefetch_next(steps, block, i);
        later[later_count] = (uint8_t)i;
        later_count += put_if_new(steps, block->spots[i], block->pairs[i]);
    }
    for (uint32_t i = 0; i < later_count; ++i) {
        put_known(steps, block->spots[later[i]], block->pairs[later[i]]);
    }
}

/* --- a batch, block by block ------------------------------------------------------------------------------------------------------------ */

static inline size_t block_of(size_t left) {
    return left < TSP_BATCH_BLOCK ? left : TSP_BATCH_BLOCK;
}

/* The next block's spots; behind the last one's, this block's once more, so that asking for as many as this block has is no harm. */
BATCH_INLINE void pad_spots(uint64_t *next, size_t next_n, const struct block *block) {
    for (size_t i = next_n; i < block->n; ++i) {
        next[i] = block->spots[i];
    }
}

/* The way that suited the block before: by how many of its pairs were new. */
BATCH_INLINE void put_block(struct steps *steps, const struct block *block, size_t last_n, size_t last_new) {
    if (last_new * 16 < last_n) {
        put_all_known(steps, block);
        return;
    }
    const size_t put = last_new * 16 > last_n * 15 ? put_new(steps, block) : 0;
    if (put != block->n) {
        put_mixed(steps, block, put);
    }
}

BATCH_INLINE size_t put_blocks(struct steps *steps, const struct tsp_pair *in, size_t n, const bool near) {
    uint64_t spots[2][TSP_BATCH_BLOCK];
    struct block block = {.pairs = in, .n = block_of(n)};
    size_t last_n = 1;
    size_t last_new = 1;
    size_t done = 0;
    unsigned turn = 0;
    block_spots(steps->map, in, block.n, spots[0]);
    for (size_t i = 0; i < block.n && !near; ++i) {
        prefetch_line(steps, spots[0][i]);
    }
    do {
        const uint32_t count = steps->count;
        const size_t next_n = block_of(n - done - block.n);
        block.spots = spots[turn];
        block_spots(steps->map, block.pairs + block.n, next_n, spots[turn ^ 1]);
        pad_spots(spots[turn ^ 1], next_n, &block);
        block.next = near ? NULL : spots[turn ^ 1];
        put_block(steps, &block, last_n, last_new);
        last_n = block.n;
        last_new = steps->count - count;
        done += block.n;
        block.pairs += block.n;
        block.n = next_n;
        turn ^= 1;
    } while (done < n && !steps->map->crowded);
    return done;
}

static inline struct steps steps_of(struct tsp_batch_map *map) {
    return (struct steps){
        .map = map, .pairs = map->pairs, .lines = (char *)map->lines, .count = (uint32_t)map->map.count};
}

static BATCH_TARGET size_t put_pairs(struct tsp_batch_map *map, const struct tsp_pair *in, size_t n) {
    struct steps steps = steps_of(map);
    const bool near = map->line_count <= TSP_BATCH_NEAR_LINES;
    const size_t done = near ? put_blocks(&steps, in, n, true) : put_blocks(&steps, in, n, false);
    map->map.count = steps.count;
    return done;
}

/* --- beyond the cache ------------------------------------------------------------------------------------------------------------------- */

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

static BATCH_TARGET bool deal_entries(const struct tsp_batch_map *map, const struct tsp_pair *in, size_t n,
                                      struct tsp_batch_parts *parts) {
    struct tsp_pair *out = map->pairs + map->map.count;
    uint64_t entries[TSP_BATCH_BLOCK];
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        const size_t block = block_of(n - done);
        block_entries(map, in + done, (uint32_t)done, block, entries);
        for (size_t i = 0; i < block; ++i) {
            uint64_t *head = next_head(parts, entries[i], sizeof *head);
            if (head == NULL) {
                return false;
            }
            *head = entries[i];
            out[done + i] = in[done + i];
        }
    }
    return true;
}

static BATCH_TARGET bool deal_pairs(const struct tsp_batch_map *map, const struct tsp_pair *in, size_t n,
                                    struct tsp_batch_parts *parts) {
    uint64_t entries[TSP_BATCH_BLOCK];
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        const size_t block = block_of(n - done);
        block_entries(map, in + done, (uint32_t)done, block, entries);
        for (size_t i = 0; i < block; ++i) {
            struct tsp_pair *head = next_head(parts, entries[i], sizeof *head);
            if (head == NULL) {
                return false;
            }
            *head = in[done + i];
        }
    }
    return true;
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
    const struct steps steps = steps_of(map);
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

/* --- looking up ------------------------------------------------------------------------------------------------------------------------- */

BATCH_INLINE bool get_pair(const struct tsp_map *map, uint64_t key, uint64_t *value) {
    const struct tsp_batch_map *batch = (const struct tsp_batch_map *)map;
    const uint64_t spot = tsp_batch_spot(tsp_batch_hash(key, batch->factor), batch->line_count);
    const struct steps steps = {.pairs = batch->pairs, .lines = (char *)batch->lines};
    if (__builtin_expect(batch->line_count == 0, 0)) {
        return false;
    }
    const struct tsp_pair *there = find_near(&steps, spot, key);
    if (__builtin_expect(there == NULL, 0)) {
        there = tsp_batch_find(batch, spot, key);
        if (there == NULL) {
            return false;
        }
    }
    *value = there->value;
    return true;
}

#define BATCH_VARIANT(id, what)                                                                              \
    const struct tsp_batch_variant tsp_batch_##id = {.name = #id,                                            \
                                                     .needs = (what),                                        \
                                                     .put = put_pairs,                                       \
                                                     .deal_pairs = deal_pairs,                               \
                                                     .deal_entries = deal_entries,                           \
                                                     .index = index_entries};                                \
    BATCH_TARGET bool tsp_batch_get_##id(const struct tsp_map *map, uint64_t key, uint64_t *value) {         \
        return get_pair(map, key, value);                                                                    \
    }

#endif
