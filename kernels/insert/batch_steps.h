/*
 * The inner loops of the batch map, compiled once a variant. The file of a variant defines, before it includes this one,
 *
 *   BATCH_TARGET     the attribute that lets its functions use the variant's instructions, or nothing
 *   block_spots()    tsp_batch_spot() of up to TSP_BATCH_BLOCK keys of 64 bits, every one or every second of some words, as many vectors or
 *                    single keys as it likes at once; into the same words, it may be
 *   block_entries()  tsp_batch_entry() of the same
 *   entry_spots()    tsp_batch_spot() of up to TSP_BATCH_BLOCK entries
 *   has_tag()        whether one of a line's tags is this one
 *   entry_with()     the first entry with this tag, of a line that has it
 *   find_tag()       the same of any line, TSP_BATCH_ENTRIES where it is not: for lookups, which come alone
 *
 * each static inline with BATCH_TARGET, and ends with BATCH_VARIANT(name, needs), without a semicolon.
 */
#ifndef KERNELS_INSERT_BATCH_STEPS_H
#define KERNELS_INSERT_BATCH_STEPS_H

#include "batch_map.h"

#define BATCH_INLINE TSP_PAIR_INLINE BATCH_TARGET

/* A block of pairs, and what is asked for meanwhile. */
struct block {
    const void *pairs;
    const uint64_t *spots; /* theirs */
    const uint64_t *next;  /* those of the next block, at least as many; NULL: they need not be asked for */
    size_t n;
};

/* What the loops hold in registers; the pairing is a constant to each of them. */
struct steps {
    struct tsp_batch_map *map;
    void *pairs;
    char *lines;
    uint32_t count; /* pairs in the map */
    enum tsp_pairing as;
};

BATCH_INLINE const void *pair_of(const struct steps *steps, const struct block *block, size_t i) {
    return tsp_pair_in(steps->as, block->pairs, i);
}

BATCH_INLINE void store_pair(const struct steps *steps, size_t position, const void *pair) {
    tsp_pair_copy(steps->as, tsp_pair_at(steps->as, steps->pairs, position), pair);
}

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

/* Behind the last line the first one follows. */
BATCH_INLINE struct tsp_batch_line *line_after(const struct steps *steps, struct tsp_batch_line *line) {
    return line + 1 == steps->map->lines + steps->map->line_count ? steps->map->lines : line + 1;
}

/* Into its home line or, when that is full, the one behind it, unless that is full too or one of them has the tag. Where it goes follows from the
 * line's count alone, which is known early. */
BATCH_INLINE bool index_new(const struct steps *steps, uint64_t spot, uint32_t position) {
    struct tsp_batch_line *line = line_at(steps, spot);
    if (__builtin_expect(line->count == TSP_BATCH_ENTRIES, 0)) {
        if (has_tag(line, (uint16_t)spot)) {
            return false;
        }
        line = line_after(steps, line);
        if (line->count == TSP_BATCH_ENTRIES) {
            return false;
        }
    }
    const size_t count = line->count;
    if (__builtin_expect(has_tag(line, (uint16_t)spot), 0)) {
        return false;
    }
    line->tags[count] = (uint16_t)spot;
    line->positions[count] = position;
    line->count = (uint16_t)(count + 1);
    return true;
}

/* Puts pairs until one is found not to be new, and that one. Returns how many were put. */
BATCH_INLINE size_t put_new(struct steps *steps, const struct block *block) {
    const size_t first = steps->count; /* a word wide, so that stepping along the pairs needs no widening */
#pragma GCC unroll 4                   /* what steps along is a fifth of the loop's instructions */
    for (size_t i = 0; i < block->n; ++i) {
        const uint64_t spot = block->spots[i];
        const size_t position = first + i;
        prefetch_next(steps, block, i);
        store_pair(steps, position, pair_of(steps, block, i));
        if (__builtin_expect(!index_new(steps, spot, (uint32_t)position), 0) &&
            !tsp_batch_index(steps->map, spot, (uint32_t)position)) {
            steps->count = (uint32_t)position;
            return i + 1;
        }
    }
    steps->count = (uint32_t)(first + block->n);
    return block->n;
}

/* --- most are not --------------------------------------------------------------------------------------------------------------------- */

/* The pair with that key, if it is in the home line under the first equal tag; else NULL. */
BATCH_INLINE void *find_near(const struct steps *steps, uint64_t spot, const void *key) {
    const struct tsp_batch_line *line = line_at(steps, spot);
    if (__builtin_expect(!has_tag(line, (uint16_t)spot), 0)) {
        return NULL;
    }
    const uint32_t position = line->positions[entry_with(line, (uint16_t)spot)];
    void *there = tsp_pair_at(steps->as, steps->pairs, position);
    return __builtin_expect(tsp_keys_equal(steps->as, there, key), 1) ? there : NULL;
}

BATCH_INLINE void put_known(struct steps *steps, uint64_t spot, const void *pair) {
    void *there = find_near(steps, spot, pair);
    if (__builtin_expect(there != NULL, 1)) {
        tsp_value_copy(steps->as, tsp_pair_value(steps->as, there), tsp_pair_value_in(steps->as, pair));
    } else {
        store_pair(steps, steps->count, pair);
        steps->count += tsp_batch_index(steps->map, spot, steps->count);
    }
}

/* Whether the next pair of the block has the same key: then it is that one's value that stays, and this pair need not be put. */
BATCH_INLINE bool is_repeated(const struct steps *steps, const struct block *block, size_t i) {
    return i + 1 < block->n &&
           tsp_keys_equal(steps->as, pair_of(steps, block, i), pair_of(steps, block, i + 1));
}

BATCH_INLINE void put_all_known(struct steps *steps, const struct block *block) {
    for (size_t i = 0; i < block->n; ++i) {
        prefetch_next(steps, block, i);
        if (__builtin_expect(!is_repeated(steps, block, i), 1)) {
            put_known(steps, block->spots[i], pair_of(steps, block, i));
        }
    }
}

/* Puts the pairs from number `from` on that have the key of the one before them. Returns the first one that has not. */
BATCH_INLINE size_t put_repeated(struct steps *steps, const struct block *block, size_t from) {
    size_t end = from;
    while (is_repeated(steps, block, end - 1)) {
        end += 1;
    }
    if (end != from) {
        put_known(steps, block->spots[end - 1], pair_of(steps, block, end - 1));
    }
    return end;
}

/* --- some are, some are not ------------------------------------------------------------------------------------------------------------- */

/*
 * Puts a pair if it is plainly new: its home line has room and none with its tag. There is no branch on that, for half the keys may be new.
 * What is stored for a pair that is not new is overwritten by the next one. Returns 1 when it is to be looked at again, else 0.
 */
BATCH_INLINE uint32_t put_if_new(struct steps *steps, uint64_t spot, const void *pair) {
    struct tsp_batch_line *line = line_at(steps, spot);
    const size_t count = line->count;
    if (__builtin_expect(count == TSP_BATCH_ENTRIES, 0)) {
        return 1;
    }
    const uint32_t is_new = !has_tag(line, (uint16_t)spot);
    store_pair(steps, steps->count, pair);
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
        later_count += put_if_new(steps, block->spots[i], pair_of(steps, block, i));
    }
    for (uint32_t i = 0; i < later_count; ++i) {
        put_known(steps, block->spots[later[i]], pair_of(steps, block, later[i]));
    }
}

/* --- a batch, block by block ------------------------------------------------------------------------------------------------------------ */

static inline size_t block_of(size_t left) {
    return left < TSP_BATCH_BLOCK ? left : TSP_BATCH_BLOCK;
}

/* Keys of 64 bits are hashed as they lie in their pairs. Of others there are digests first, which are made one at a time. */
BATCH_INLINE void block_digests(const struct tsp_batch_map *map, const void *keys, size_t bytes, size_t n,
                                uint64_t *digests, enum tsp_pairing as) {
    const uint64_t factor = map->factor;
    for (size_t i = 0; i < n; ++i) {
        digests[i] = tsp_key_digest(as, (const char *)keys + i * bytes, factor);
    }
}

BATCH_INLINE void pair_spots(const struct tsp_batch_map *map, const void *in, size_t n, uint64_t *spots,
                             enum tsp_pairing as) {
    if (as == TSP_PAIR_U64) {
        block_spots(map, in, 2, n, spots);
    } else {
        block_digests(map, in, tsp_pair_bytes(as), n, spots, as);
        block_spots(map, spots, 1, n, spots);
    }
}

BATCH_INLINE void key_spots(const struct tsp_batch_map *map, const void *keys, size_t n, uint64_t *spots,
                            enum tsp_pairing as) {
    if (as == TSP_PAIR_U64) {
        block_spots(map, keys, 1, n, spots);
    } else {
        block_digests(map, keys, tsp_key_bytes(as), n, spots, as);
        block_spots(map, spots, 1, n, spots);
    }
}

BATCH_INLINE void pair_entries(const struct tsp_batch_map *map, const void *in, uint32_t first, size_t n,
                               uint64_t *entries, enum tsp_pairing as) {
    if (as == TSP_PAIR_U64) {
        block_entries(map, in, 2, first, n, entries);
    } else {
        block_digests(map, in, tsp_pair_bytes(as), n, entries, as);
        block_entries(map, entries, 1, first, n, entries);
    }
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
    size_t put = last_new * 16 > last_n * 15 ? put_new(steps, block) : 0;
    put = put == 0 ? 0 : put_repeated(steps, block, put);
    if (put != block->n) {
        put_mixed(steps, block, put);
    }
}

BATCH_INLINE size_t put_blocks(struct steps *steps, const void *in, size_t n, const bool near) {
    uint64_t spots[2][TSP_BATCH_BLOCK];
    struct block block = {.pairs = in, .n = block_of(n)};
    size_t last_n = 1;
    size_t last_new = 1;
    size_t done = 0;
    unsigned turn = 0;
    pair_spots(steps->map, in, block.n, spots[0], steps->as);
    for (size_t i = 0; i < block.n && !near; ++i) {
        prefetch_line(steps, spots[0][i]);
    }
    do {
        const uint32_t count = steps->count;
        const size_t next_n = block_of(n - done - block.n);
        block.spots = spots[turn];
        pair_spots(steps->map, pair_of(steps, &block, block.n), next_n, spots[turn ^ 1], steps->as);
        pad_spots(spots[turn ^ 1], next_n, &block);
        block.next = near ? NULL : spots[turn ^ 1];
        put_block(steps, &block, last_n, last_new);
        last_n = block.n;
        last_new = steps->count - count;
        done += block.n;
        block.pairs = pair_of(steps, &block, block.n);
        block.n = next_n;
        turn ^= 1;
    } while (done < n && !steps->map->crowded);
    return done;
}

static inline struct steps steps_of(struct tsp_batch_map *map, enum tsp_pairing as) {
    return (struct steps){.map = map,
                          .pairs = map->pairs,
                          .lines = (char *)map->lines,
                          .count = (uint32_t)map->map.count,
                          .as = as};
}

BATCH_INLINE size_t put_pairs_as(struct tsp_batch_map *map, const void *in, size_t n, enum tsp_pairing as) {
    struct steps steps = steps_of(map, as);
    const bool near = map->line_count <= TSP_BATCH_NEAR_LINES;
    const size_t done = near ? put_blocks(&steps, in, n, true) : put_blocks(&steps, in, n, false);
    map->map.count = steps.count;
    return done;
}

static BATCH_TARGET size_t put_pairs(struct tsp_batch_map *map, const void *in, size_t n) {
    return TSP_PAIR_CALL(map->map.kind->pair, put_pairs_as, map, in, n);
}

#include "batch_deal.h"
#include "batch_find.h"

#define BATCH_VARIANT(id, what)                                                                              \
    const struct tsp_batch_variant tsp_batch_##id = {.name = #id,                                            \
                                                     .needs = (what),                                        \
                                                     .put = put_pairs,                                       \
                                                     .deal_pairs = deal_pairs,                               \
                                                     .deal_entries = deal_entries,                           \
                                                     .get_all = get_all,                                     \
                                                     .index = index_entries};                                \
    BATCH_GET(id, u64, TSP_PAIR_U64)                                                                         \
    BATCH_GET(id, 16, TSP_PAIR_16)                                                                           \
    BATCH_GET(id, str, TSP_PAIR_STR)

#endif
