#include "keys.h"

#include <string.h>

#include <transept/zipf.h>

/* The output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): one to one, so that different numbers give different keys. */
static uint64_t scramble(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t next(uint64_t *stream) {
    return scramble(*stream += UINT64_C(0x9e3779b97f4a7c15));
}

/* A number below `bound`, which is below 2^32 (Lemire 2019 without its last correction: the bias is below 2^-32 x bound). */
static uint64_t below(uint64_t *stream, uint64_t bound) {
    return ((next(stream) >> 32) * bound) >> 32;
}

int tsp_keys_find(const char *name, enum tsp_keys *keys) {
    static const char *const names[] = {"random", "sequential", "half-duplicate", "zipf"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (strcmp(name, names[i]) == 0) {
            *keys = (enum tsp_keys)i;
            return 0;
        }
    }
    return -1;
}

/* Which pairs bring a new key is drawn by selection sampling (Knuth, TAOCP 3.4.2, algorithm S), so that their number is exact. */
static size_t fill_half(struct tsp_pair *pairs, size_t n, uint64_t base, uint64_t *stream) {
    const size_t different = n - n / 2;
    size_t made = 0;
    for (size_t i = 0; i < n; ++i) {
        uint64_t number = made;
        if (made == 0 || below(stream, n - i) < different - made) {
            made += 1;
        } else {
            number = below(stream, made);
        }
        pairs[i].key = scramble(base + number);
    }
    return different;
}

/* Until the values are written, the k-th one tells whether the k-th key has come. */
static size_t fill_zipf(struct tsp_pair *pairs, size_t n, uint64_t base, uint64_t *stream) {
    struct tsp_zipf zipf;
    size_t different = 0;
    tsp_zipf_make(&zipf, n, TSP_KEYS_EXPONENT);
    for (size_t i = 0; i < n; ++i) {
        pairs[i].value = 0;
    }
    for (size_t i = 0; i < n; ++i) {
        const uint64_t number = tsp_zipf_draw(&zipf, stream);
        different += pairs[number].value == 0;
        pairs[number].value = 1;
        pairs[i].key = scramble(base + number);
    }
    return different;
}

size_t tsp_keys_fill(struct tsp_pair *pairs, size_t n, enum tsp_keys keys, uint64_t *stream,
                     uint64_t first_value) {
    const uint64_t base = next(stream);
    size_t different = n;
    if (keys == TSP_KEYS_HALF_DUPLICATE) {
        different = fill_half(pairs, n, base, stream);
    } else if (keys == TSP_KEYS_ZIPF) {
        different = fill_zipf(pairs, n, base, stream);
    } else {
        for (size_t i = 0; i < n; ++i) {
            pairs[i].key = keys == TSP_KEYS_RANDOM ? scramble(base + i) : base + i;
        }
    }
    for (size_t i = 0; i < n; ++i) {
        pairs[i].value = first_value + i;
    }
    return different;
}

/* Eleven letters for 64 bits, and up to 15 more that tell nothing new: keys as programs have them are not all of one length. */
static struct tsp_text text_of(uint64_t key, char *bytes) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t length = 11 + (size_t)(scramble(key) % 16);
    for (size_t i = 0; i < length; ++i) {
        bytes[i] = letters[key >> (6 * (i % 11)) & 63];
    }
    return (struct tsp_text){.bytes = bytes, .length = length};
}

/* From the last pair on: none of these is smaller than what it comes from. */
void tsp_keys_turn(void *pairs, size_t n, enum tsp_pairing as, char *texts) {
    for (size_t i = n; as != TSP_PAIR_U64 && i-- > 0;) {
        struct tsp_pair from;
        tsp_pair_copy(TSP_PAIR_U64, &from, tsp_pair_in(TSP_PAIR_U64, pairs, i));
        if (as == TSP_PAIR_16) {
            const struct tsp_pair_16 to = {.key = {.first = from.key, .second = scramble(from.key)},
                                           .value = {.first = from.value, .second = ~from.value}};
            tsp_pair_copy(as, tsp_pair_at(as, pairs, i), &to);
        } else {
            const struct tsp_pair_str to = {.key = text_of(from.key, texts + i * TSP_KEYS_TEXT),
                                            .value = from.value};
            tsp_pair_copy(as, tsp_pair_at(as, pairs, i), &to);
        }
    }
}
