/* Which key comes next. */
#ifndef TRANSEPT_WORKLOAD_KEYS_H
#define TRANSEPT_WORKLOAD_KEYS_H

#include <stdint.h>

#include "transept/workload.h"
#include "transept/zipf.h"

/** What all threads share of a distribution; read only. */
struct tsp_keys {
    unsigned distribution;
    uint64_t count;
    struct tsp_zipf zipf;
};

/** One thread's place in it. */
struct tsp_key_source {
    const struct tsp_keys *keys;
    uint64_t random;
    uint64_t next; /* of sequential keys */
};

void tsp_keys_make(struct tsp_keys *keys, const struct tsp_workload *workload);

/** The index-th of `threads` sources: sequential ones begin spread over the keys, random ones draw numbers of their own. */
void tsp_key_source_make(struct tsp_key_source *source, const struct tsp_keys *keys, unsigned index,
                         unsigned threads, uint64_t seed);

/** The next key, from 0 to under the count. Key k of zipf has the share (k + 1)^-exponent ÷ Σ. */
uint64_t tsp_key_next(struct tsp_key_source *source);

#endif
