/* The batch map with four tags at a time in a 64-bit register. */
#define BATCH_TARGET
#include "batch_one.h"

#include <string.h>

#define EACH_LANE UINT64_C(0x0001000100010001)
#define TOP_BITS  (EACH_LANE * 0x8000)

/* The top bit of each of four tags that is equal is set; a borrow may set that of a tag after an equal one, which is no harm ("Determine
 * if a word has a zero byte", Bit Twiddling Hacks). */
static inline uint64_t equal_4(const uint16_t *tags, uint64_t each_tag) {
    uint64_t word;
    memcpy(&word, tags, sizeof word);
    word ^= each_tag;
    return (word - EACH_LANE) & ~word & TOP_BITS;
}

/* The third word ends with the count and a zero, which are never equal to a tag. */
static inline uint64_t equal_word(const struct tsp_batch_line *line, uint16_t tag, unsigned word) {
    return equal_4((const uint16_t *)(const void *)line + (size_t)4 * word, EACH_LANE * tag);
}

static inline bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return (equal_word(line, tag, 0) | equal_word(line, tag, 1) | equal_word(line, tag, 2)) != 0;
}

/* The lowest bit of a word is one of a tag that is equal. The words' bits side by side: the lowest of all is one, too. */
static inline unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    const uint64_t equal =
        equal_word(line, tag, 0) >> 15 | equal_word(line, tag, 1) >> 14 | equal_word(line, tag, 2) >> 13;
    const unsigned lowest = (unsigned)__builtin_ctzll(equal);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return 4 * (lowest % 16) + 3 - lowest / 16;
#else
    return 4 * (lowest % 16) + lowest / 16;
#endif
}

static inline size_t find_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return has_tag(line, tag) ? entry_with(line, tag) : TSP_BATCH_ENTRIES;
}

#include "batch_steps.h"

BATCH_VARIANT(swar, 0)
