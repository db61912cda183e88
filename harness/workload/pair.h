/* Values that say which key they belong to and which put brought them, and the books that are kept over pairs. */
#ifndef TRANSEPT_WORKLOAD_PAIR_H
#define TRANSEPT_WORKLOAD_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Key and writer take so many bytes; the rest of a value follows from them, so that one that was torn or mixed up is seen. */
#define TSP_PAIR_BYTES_LEAST 16

/** A put: its thread, and which one of that thread it is. */
#define TSP_PAIR_SEQUENCE_BITS 48
static inline uint64_t tsp_pair_writer(unsigned thread, uint64_t sequence) {
    return (uint64_t)thread << TSP_PAIR_SEQUENCE_BITS | sequence;
}

/** Makes the value (`bytes`, at least TSP_PAIR_BYTES_LEAST) that a put brings for a key. */
void tsp_pair_write(void *value, size_t bytes, uint64_t key, uint64_t writer);

/** Is it a value that was made for the key, whole? `writer` receives which put made it. */
bool tsp_pair_read(const void *value, size_t bytes, uint64_t key, uint64_t *writer);

/**
 * One thread's books: every pair that it put into the map, and every one that it took out of it by replacing or removing. Whatever the
 * order of things, all that came less all that went is what the map must hold: the number of pairs, and the sum of a 64-bit hash over them. A put that got
 * lost, a pair that vanished and one that nobody put leave a difference (but for chance of 2^-64).
 */
struct tsp_books {
    uint64_t came;
    uint64_t came_sum; /* modulo 2^64 */
    uint64_t went;
    uint64_t went_sum;
};

void tsp_books_came(struct tsp_books *books, uint64_t key, uint64_t writer);
void tsp_books_went(struct tsp_books *books, uint64_t key, uint64_t writer);

/** Adds the books of another thread. */
void tsp_books_merge(struct tsp_books *books, const struct tsp_books *other);

#endif
