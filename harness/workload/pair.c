/* Values that say which key they belong to and which put brought them, and the books over them. */
#include "workload/pair.h"

#include <string.h>

#include "workload/random.h"

/* What the words behind key and writer begin with, and go on by. */
static uint64_t filling(uint64_t key, uint64_t writer) {
    return tsp_mix64(key ^ tsp_mix64(writer + UINT64_C(0x9e3779b97f4a7c15)));
}
#define STEP UINT64_C(0xd1342543de82ef95)

void tsp_pair_write(void *value, size_t bytes, uint64_t key, uint64_t writer) {
    char *out = value;
    uint64_t word = filling(key, writer);
    memcpy(out, &key, sizeof key);
    memcpy(out + sizeof key, &writer, sizeof writer);
    for (size_t at = TSP_PAIR_BYTES_LEAST; at < bytes; at += sizeof word, word += STEP) {
        memcpy(out + at, &word, bytes - at < sizeof word ? bytes - at : sizeof word);
    }
}

bool tsp_pair_read(const void *value, size_t bytes, uint64_t key, uint64_t *writer) {
    const char *in = value;
    uint64_t of = 0;
    memcpy(&of, in, sizeof of);
    memcpy(writer, in + sizeof of, sizeof *writer);
    uint64_t word = filling(key, *writer);
    bool whole = of == key;
    for (size_t at = TSP_PAIR_BYTES_LEAST; at < bytes; at += sizeof word, word += STEP) {
        whole &= memcmp(in + at, &word, bytes - at < sizeof word ? bytes - at : sizeof word) == 0;
    }
    return whole;
}

static uint64_t hash(uint64_t key, uint64_t writer) {
    return tsp_mix64(tsp_mix64(key + 1) + tsp_mix64(writer ^ STEP));
}

void tsp_books_came(struct tsp_books *books, uint64_t key, uint64_t writer) {
    ++books->came;
    books->came_sum += hash(key, writer);
}

void tsp_books_went(struct tsp_books *books, uint64_t key, uint64_t writer) {
    ++books->went;
    books->went_sum += hash(key, writer);
}

void tsp_books_merge(struct tsp_books *books, const struct tsp_books *other) {
    books->came += other->came;
    books->came_sum += other->came_sum;
    books->went += other->went;
    books->went_sum += other->went_sum;
}
