/*
 * Batches beyond the cache: partitions of the index are filled one after the other, so that their lines stay in the cache meanwhile. Equal
 * keys share a partition and stay in order there, so that the last still wins.
 *
 * Where most keys are new, pairs are copied to their places in the order they come, and what is dealt out to the partitions is their
 * hashes. A pair whose key was there leaves a hole, into which one from the end moves afterwards. If the first partition shows that many
 * keys are known, it is taken back, and whole pairs are dealt out: then those of equal keys, too, meet in the cache. The next batch begins
 * with what suited the last one.
 */
#include "batch_map.h"

#include <string.h>

/* An index beyond this does not stay in the L2 of today's cores beside the pairs. */
#define CACHE_BYTES ((size_t)2 << 20)

/* What a partition's piece of the index should take of that cache; more than PARTS_MAX write heads thrash the TLB and the L1. */
#define PART_BYTES (CACHE_BYTES / 8)
#define PARTS_MIN  32

/* A smaller batch is put directly: partitions with few pairs bring back no line of the index. */
#define PAIRS_A_PART 256

/* One known key of so many is one too many for entries. */
#define KNOWN_SHARE 8

static unsigned log2_floor(size_t number) {
    return (unsigned)(8 * sizeof(unsigned long) - 1) - (unsigned)__builtin_clzl((unsigned long)number);
}

/* How many partitions, as a power of two. */
static unsigned parts_log2(size_t line_count) {
    size_t parts = line_count * sizeof(struct tsp_batch_line) / PART_BYTES;
    parts = parts < PARTS_MIN ? PARTS_MIN : parts;
    parts = parts > TSP_BATCH_PARTS_MAX ? TSP_BATCH_PARTS_MAX : parts;
    return log2_floor(parts);
}

/* Room for each partition when n random keys are dealt out: the mean and 8 standard deviations. */
static size_t part_room(size_t n, unsigned parts) {
    const size_t mean = n >> parts;
    return mean + (size_t)8 * ((size_t)1 << (log2_floor(mean | 1) / 2 + 1)) + 8;
}

/* Words with a bit for each pair of a batch of n. */
static size_t map_words(size_t n) {
    return n / 64 + 1;
}

size_t tsp_batch_scratch(size_t capacity, size_t line_count, enum tsp_pairing as) {
    if (line_count * sizeof(struct tsp_batch_line) <= CACHE_BYTES) {
        return 0;
    }
    const unsigned parts = parts_log2(line_count);
    const size_t places = part_room(capacity, parts) << parts;
    return places * (tsp_pair_bytes(as) / sizeof(uint64_t)); /* also enough for entries and map_words() */
}

/* The holes that the duplicates of a batch left. */
struct holes {
    uint64_t *bits; /* of the pairs behind `base`; unset while there is none */
    uint32_t base;
    uint32_t end;
    size_t count;
};

static bool is_hole(const struct holes *holes, uint32_t position) {
    const uint32_t at = position - holes->base;
    return (holes->bits[at / 64] >> (at % 64) & 1) != 0;
}

static void add_holes(struct holes *holes, const uint64_t *positions, size_t n) {
    if (n != 0 && holes->count == 0) {
        memset(holes->bits, 0, map_words(holes->end - holes->base) * sizeof *holes->bits);
    }
    for (size_t i = 0; i < n; ++i) {
        const uint32_t at = (uint32_t)positions[i] - holes->base;
        holes->bits[at / 64] |= UINT64_C(1) << (at % 64);
    }
    holes->count += n;
}

/* The index leads to `to` where it led to `from`. */
static void redirect(struct tsp_batch_map *map, uint64_t spot, uint32_t from, uint32_t to) {
    size_t at = (size_t)(spot >> TSP_BATCH_SPOT_LINE) / sizeof *map->lines;
    for (;;) {
        struct tsp_batch_line *line = &map->lines[at];
        for (unsigned i = 0; i < line->count; ++i) {
            if (line->positions[i] == from && line->tags[i] == (uint16_t)spot) {
                line->positions[i] = to;
                return;
            }
        }
        at = at + 1 == map->line_count ? 0 : at + 1; /* ends: the pair is in the index */
    }
}

/* A pair that moves, and its home line. */
struct move {
    uint64_t spot;
    uint32_t from;
};

/* The next pairs at the end that are no holes, as many as a block; their lines are asked for. */
TSP_PAIR_INLINE size_t find_moves_as(const struct tsp_batch_map *map, const struct holes *holes,
                                     uint32_t *tail, struct move *moves, enum tsp_pairing as) {
    size_t n = 0;
    for (; *tail < holes->end && n < TSP_BATCH_BLOCK; ++*tail) {
        if (!is_hole(holes, *tail)) {
            moves[n] = (struct move){.spot = tsp_batch_spot_at(map, *tail, as), .from = *tail};
            __builtin_prefetch((const char *)map->lines + (moves[n].spot >> TSP_BATCH_SPOT_LINE), 1);
            n += 1;
        }
    }
    return n;
}

static size_t find_moves(const struct tsp_batch_map *map, const struct holes *holes, uint32_t *tail,
                         struct move *moves) {
    return TSP_PAIR_CALL(map->map.kind->pair, find_moves_as, map, holes, tail, moves);
}

/* Pairs from the end fill the holes: as many lie behind what will be the end as there are holes before it. */
static void close_holes(struct tsp_batch_map *map, const struct holes *holes) {
    const enum tsp_pairing as = map->map.kind->pair;
    struct move moves[TSP_BATCH_BLOCK];
    uint32_t to = holes->base;
    uint32_t tail = holes->end - (uint32_t)holes->count;
    for (size_t n; (n = find_moves(map, holes, &tail, moves)) != 0;) {
        for (size_t i = 0; i < n; ++i) {
            while (!is_hole(holes, to)) {
                to += 1;
            }
            tsp_pair_copy(as, tsp_pair_at(as, map->pairs, to), tsp_pair_at(as, map->pairs, moves[i].from));
            redirect(map, moves[i].spot, moves[i].from, to);
            to += 1;
        }
    }
}

/* Entries into lines from the first on, up to the last one that a search from one of `lines` lines can have come to: those of pairs behind
 * the map's are the last of their line, and go. */
static void take_back(struct tsp_batch_map *map, size_t lines) {
    bool full = true;
    for (size_t i = 0; (i < lines || full) && i < map->line_count; ++i) {
        struct tsp_batch_line *line = &map->lines[i];
        full = line->count == TSP_BATCH_ENTRIES;
        while (line->count != 0 && line->positions[line->count - 1] >= map->map.count) {
            line->count -= 1;
            line->tags[line->count] = 0;
        }
    }
}

/* The partitions of a batch: as many as 2^log2, with room for so many pairs each. */
struct parts {
    struct tsp_batch_parts dealt;
    unsigned log2;
    size_t room;
    size_t place; /* bytes of a pair or an entry */
};

static char *part_begin(const struct tsp_batch_map *map, const struct parts *parts, size_t i) {
    return (char *)map->scratch + i * parts->room * parts->place;
}

static size_t part_count(const struct tsp_batch_map *map, const struct parts *parts, size_t i) {
    return (size_t)((char *)parts->dealt.heads[i] - part_begin(map, parts, i)) / parts->place;
}

static void begin_parts(const struct tsp_batch_map *map, struct parts *parts, size_t place) {
    parts->place = place;
    parts->dealt.shift = 32 - parts->log2;
    for (size_t i = 0; i < (size_t)1 << parts->log2; ++i) {
        parts->dealt.heads[i] = part_begin(map, parts, i);
        parts->dealt.ends[i] = part_begin(map, parts, i + 1);
    }
}

/* The last partition's lines may run over into the first's: only that of the first has been filled, and nothing has. */
static size_t lines_of_first(const struct tsp_batch_map *map, const struct parts *parts) {
    return (map->line_count >> parts->log2) + 1;
}

/* What became of a batch that was to be put by entries. */
enum parted { PARTED, MANY_KNOWN, CROWDED };

static enum parted put_entries(struct tsp_batch_map *map, struct parts *parts, size_t n) {
    const struct tsp_batch_variant *variant = map->map.kind->how;
    struct holes holes = {.bits = map->scratch + (parts->room << parts->log2),
                          .base = (uint32_t)map->map.count,
                          .end = (uint32_t)(map->map.count + n)};
    for (size_t i = 0; i < (size_t)1 << parts->log2; ++i) {
        uint64_t *entries = (uint64_t *)(void *)part_begin(map, parts, i);
        const size_t count = part_count(map, parts, i);
        const size_t known = count == 0 ? 0 : variant->index(map, entries, count);
        if (map->crowded) {
            return CROWDED;
        }
        if (i == 0 && known > count / KNOWN_SHARE) {
            take_back(map, lines_of_first(map, parts));
            return MANY_KNOWN;
        }
        add_holes(&holes, entries, known);
    }
    close_holes(map, &holes);
    map->map.count += n - holes.count;
    return PARTED;
}

static bool put_dealt_pairs(struct tsp_batch_map *map, struct parts *parts, const void *in, size_t n) {
    const struct tsp_batch_variant *variant = map->map.kind->how;
    begin_parts(map, parts, tsp_pair_bytes(map->map.kind->pair));
    if (!variant->deal_pairs(map, in, n, &parts->dealt)) {
        return false;
    }
    const size_t before = map->map.count;
    for (size_t i = 0; i < (size_t)1 << parts->log2; ++i) {
        tsp_batch_put_direct(map, part_begin(map, parts, i), part_count(map, parts, i));
    }
    map->knows = n - (map->map.count - before) > n / KNOWN_SHARE;
    return true;
}

/* Keys that fill one partition are few and many times repeated, or chosen; and those that crowd the map are chosen: then the direct way
 * is the better one. Values that the pairs so far have overwritten they overwrite once more. */
bool tsp_batch_put_parted(struct tsp_batch_map *map, const void *in, size_t n) {
    const struct tsp_batch_variant *variant = map->map.kind->how;
    struct parts parts = {.log2 = parts_log2(map->line_count)};
    parts.room = part_room(n, parts.log2);
    if ((n >> parts.log2) < PAIRS_A_PART ||
        (parts.room << parts.log2) * tsp_pair_bytes(map->map.kind->pair) / sizeof *map->scratch >
            map->scratch_words) {
        return false;
    }
    if (map->knows) {
        return put_dealt_pairs(map, &parts, in, n);
    }
    begin_parts(map, &parts, sizeof *map->scratch);
    if (!variant->deal_entries(map, in, n, &parts.dealt)) {
        return false;
    }
    const enum parted parted = put_entries(map, &parts, n);
    return parted == PARTED || (parted == MANY_KNOWN && put_dealt_pairs(map, &parts, in, n));
}
