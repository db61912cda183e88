/* What the decoders share: rows of bits, and words out of bytes. */
#ifndef TRANSEPT_EMULATOR_DECODE_TABLE_H
#define TRANSEPT_EMULATOR_DECODE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/** Words that have `value` under `mask` are of these classes. */
struct tsp_decode_row {
    uint32_t mask;
    uint32_t value;
    unsigned classes;
};

/** The classes of the first row that fits; 0 when none does. */
unsigned tsp_decode_row(const struct tsp_decode_row *rows, size_t count, uint32_t word);

static inline uint32_t tsp_little16(const unsigned char *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static inline uint32_t tsp_little32(const unsigned char *bytes) {
    return tsp_little16(bytes) | tsp_little16(bytes + 2) << 16;
}

/** `count` bits of a word from bit `low` up. */
static inline uint32_t tsp_bits(uint32_t word, unsigned low, unsigned count) {
    return word >> low & ((1U << count) - 1);
}

#endif
