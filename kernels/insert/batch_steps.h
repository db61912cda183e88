/*
 * The two inner loops of the batch map, compiled once a variant. The file of a variant defines, before it includes this one,
 *
 *   BATCH_TARGET   the attribute that lets its functions use the variant's instructions, or nothing
 *   block_spots()  tsp_batch_spot() of the keys of up to TSP_BATCH_BLOCK pairs, as many vectors or single keys as it likes at once
 *   has_tag()      whether one of a line's tags is this one
 *   entry_with()   the first entry with this tag, of a line that has it
 *
 * each static inline with BATCH_TARGET, and ends with BATCH_VARIANT(name, needs).
 */
#ifndef KERNELS_INSERT_BATCH_STEPS_H
#define KERNELS_INSERT_BATCH_STEPS_H

#include "batch_map.h"

/* What the loop over a block holds in registers, and the pairs that it leaves for a second look. */
struct steps {
    struct tsp_batch_map *map;
    struct tsp_pair *pairs;
    struct tsp_batch_line *lines;
    uint32_t count;
    uint32_t later_count;
    uint8_t later[TSP_BATCH_BLOCK];
};

/*
 * Puts pair number `i` of a block, if it is plainly new: its home line has room and none with its tag. There is no branch on that, for
 * half the keys may be new; and where the stores go follows from the line's count alone, early enough for the next pairs' loads to pass
 * them. What is stored for a pair that is not new is overwritten by the next one.
 */
static inline BATCH_TARGET void put_new(struct steps *steps, uint64_t spot, struct tsp_pair pair,
                                        unsigned i) {
    struct tsp_batch_line *line = &steps->lines[spot >> 32];
    const uint32_t count = line->count;
    steps->later[steps->later_count] = (uint8_t)i;
    if (__builtin_expect(count == TSP_BATCH_ENTRIES, 0)) {
        steps->later_count += 1;
        return;
    }
    const uint16_t tag = (uint16_t)spot;
    const uint32_t is_new = !has_tag(line, tag);
    steps->pairs[steps->count] = pair;
    line->tags[count] = tag & (uint16_t)(0 - is_new);
    line->positions[count] = steps->count;
    line->count = (uint16_t)(count + is_new);
    steps->count += is_new;
    steps->later_count += 1 - is_new;
}

/* The second look: most of these are duplicates. Once a key has been left for later, so are all that follow it in the block (its line
 * stays full, its tag stays there), hence the last value wins. */
static inline BATCH_TARGET void put_later(struct steps *steps, uint64_t spot, struct tsp_pair pair) {
    const struct tsp_batch_line *line = &steps->lines[spot >> 32];
    const uint16_t tag = (uint16_t)spot;
    if (__builtin_expect(has_tag(line, tag), 1)) {
        struct tsp_pair *there = &steps->pairs[line->positions[entry_with(line, tag)]];
        if (__builtin_expect(there->key == pair.key, 1)) {
            there->value = pair.value;
            return;
        }
    }
    steps->count += tsp_batch_put_far(steps->map, spot, pair, steps->count);
}

static inline size_t block_of(size_t left) {
    return left < TSP_BATCH_BLOCK ? left : TSP_BATCH_BLOCK;
}

static BATCH_TARGET size_t put_blocks(struct tsp_batch_map *map, const struct tsp_pair *in, size_t n) {
    uint64_t spots[2][TSP_BATCH_BLOCK];
    struct steps steps; /* not initialised as a whole: that would clear `later` on every call */
    steps.map = map;
    steps.pairs = map->pairs;
    steps.lines = map->lines;
    steps.count = (uint32_t)map->map.count;
    steps.later_count = 0;
    size_t done = 0;
    size_t block = block_of(n);
    unsigned turn = 0;
    block_spots(map, in, block, spots[0]);
    for (size_t i = 0; i < block; ++i) {
        __builtin_prefetch(&steps.lines[spots[0][i] >> 32], 1);
    }
    do {
        const struct tsp_pair *now = in + done;
        const size_t next_block = block_of(n - done - block);
        const uint64_t *spot = spots[turn];
        uint64_t *next = spots[turn ^ 1];
        block_spots(map, now + block, next_block, next);
        for (size_t i = 0; i < block; ++i) {
            if (i < next_block) {
                __builtin_prefetch(&steps.lines[next[i] >> 32], 1);
            }
            put_new(&steps, spot[i], now[i], (unsigned)i);
        }
        for (uint32_t i = 0; i < steps.later_count; ++i) {
            put_later(&steps, spot[steps.later[i]], now[steps.later[i]]);
        }
        steps.later_count = 0;
        done += block;
        block = next_block;
        turn ^= 1;
    } while (done < n && !map->crowded);
    map->map.count = steps.count;
    return done;
}

/* Plain stores to each partition's write head, two lines of which are asked for in advance. */
static BATCH_TARGET bool deal_blocks(const struct tsp_batch_map *map, const struct tsp_pair *in, size_t n,
                                     struct tsp_batch_parts *parts) {
    uint64_t spots[TSP_BATCH_BLOCK];
    for (size_t done = 0; done < n; done += TSP_BATCH_BLOCK) {
        const size_t block = block_of(n - done);
        block_spots(map, in + done, block, spots);
        for (size_t i = 0; i < block; ++i) {
            const uint32_t part = (uint32_t)spots[i] >> parts->shift;
            struct tsp_pair *head = &map->scratch[part * parts->room + parts->used[part]];
            if (__builtin_expect(parts->used[part] == parts->room, 0)) {
                return false;
            }
            parts->used[part] += 1;
            *head = in[done + i];
            __builtin_prefetch(head + 128 / sizeof *head, 1);
        }
    }
    return true;
}

#define BATCH_VARIANT(id, what)                                                                              \
    const struct tsp_batch_variant tsp_batch_##id = {                                                        \
        .name = #id, .needs = (what), .put = put_blocks, .deal = deal_blocks}

#endif
