#include "batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): one to one. */
static uint64_t scramble(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t next(uint64_t *stream) {
    return scramble(*stream += UINT64_C(0x9e3779b97f4a7c15));
}

/* A number below `bound`, which is below 2^32. */
static uint64_t below(uint64_t *stream, uint64_t bound) {
    return ((next(stream) >> 32) * bound) >> 32;
}

int keys_find(const char *name, enum keys *keys) {
    static const char *const names[] = {"random", "half", "same"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (strcmp(name, names[i]) == 0) {
            *keys = (enum keys)i;
            return 0;
        }
    }
    return -1;
}

static void *take(size_t count, size_t size) {
    void *block = calloc(count, size);
    if (block == NULL) {
        fprintf(stderr, "peers: no memory for a batch of %zu\n", count);
        exit(1);
    }
    return block;
}

void batch_make(struct batch *batch, size_t n) {
    *batch = (struct batch){.n = n,
                            .pairs = take(n, sizeof *batch->pairs),
                            .lookups = take(n, sizeof *batch->lookups),
                            .scratch = take(2 * n, sizeof *batch->scratch)};
}

void batch_free(struct batch *batch) {
    free(batch->pairs);
    free(batch->lookups);
    free(batch->scratch);
}

/* The number of each pair's key among the different ones, in the order in which they first come. Which pairs bring a new one is drawn by selection
 * sampling (Knuth, TAOCP 3.4.2, algorithm S). Returns how many there are. */
static size_t draw(uint32_t *numbers, size_t n, enum keys keys, uint64_t *stream) {
    const size_t different = keys == KEYS_RANDOM ? n : keys == KEYS_HALF ? n - n / 2 : 1;
    size_t made = 0;
    for (size_t i = 0; i < n; ++i) {
        if (made == 0 || keys == KEYS_RANDOM ||
            (made < different && below(stream, n - i) < different - made)) {
            numbers[i] = (uint32_t)made;
            made += 1;
        } else {
            numbers[i] = (uint32_t)below(stream, made);
        }
    }
    return different;
}

static void shuffle(uint64_t *keys, size_t n, uint64_t *stream) {
    for (size_t i = n; i > 1; --i) {
        const size_t other = (size_t)below(stream, i);
        const uint64_t key = keys[i - 1];
        keys[i - 1] = keys[other];
        keys[other] = key;
    }
}

void batch_fill(struct batch *batch, enum keys keys, uint64_t *stream) {
    uint32_t *const numbers = batch->scratch;
    uint32_t *const last = batch->scratch + batch->n;
    const uint64_t base = next(stream);
    const uint64_t first = next(stream);
    batch->different = draw(numbers, batch->n, keys, stream);
    for (size_t i = 0; i < batch->n; ++i) {
        batch->pairs[i] = (struct peer_pair){.key = scramble(base + numbers[i]), .value = first + i};
        batch->lookups[i] = batch->pairs[i].key;
        last[numbers[i]] = (uint32_t)i;
    }
    batch->sum = 0;
    for (size_t i = 0; i < batch->n; ++i) {
        batch->sum += batch->pairs[i].key ^ batch->pairs[last[numbers[i]]].value;
    }
    shuffle(batch->lookups, batch->n, stream);
}
