/* A checksum of what a file says, not of how it is laid out: it finds the flipped bit that leaves valid JSON behind. */
#ifndef TRANSEPT_RECORD_DIGEST_H
#define TRANSEPT_RECORD_DIGEST_H

#include <jansson.h>
#include <stdint.h>

/** FNV-1a, 64 bits (Fowler, Noll & Vo; RFC 9923): any change of a single byte changes it. It guards against accidents, not against intent. */
#define TSP_DIGEST_START UINT64_C(0xcbf29ce484222325)

/** Room for "fnv1a64:" and 16 digits. */
#define TSP_DIGEST_SIZE 28

/** Goes on over a value: its compact JSON with sorted keys and 12 digits. A NULL value adds nothing. */
uint64_t tsp_digest_add(uint64_t digest, const json_t *value);

/** The same over a value that is spelt so already. */
uint64_t tsp_digest_add_text(uint64_t digest, const char *text, size_t size);

/** As it is written. Returns `text`. */
const char *tsp_digest_text(uint64_t digest, char text[TSP_DIGEST_SIZE]);

#endif
