#include "keys.h"

#include <string.h>

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
    static const char *const names[] = {"random", "sequential", "half-duplicate"};
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

size_t tsp_keys_fill(struct tsp_pair *pairs, size_t n, enum tsp_keys keys, uint64_t *stream,
                     uint64_t first_value) {
    const uint64_t base = next(stream);
    size_t different = n;
    if (keys == TSP_KEYS_HALF_DUPLICATE) {
        different = fill_half(pairs, n, base, stream);
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
