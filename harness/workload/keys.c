/* Which key comes next. */
#include "workload/keys.h"

#include "workload/random.h"

void tsp_keys_make(struct tsp_keys *keys, const struct tsp_workload *workload) {
    *keys = (struct tsp_keys){.distribution = workload->distribution, .count = workload->keys};
    if (keys->distribution == TSP_KEYS_ZIPF) {
        tsp_zipf_make(&keys->zipf, workload->keys, workload->exponent);
    }
}

void tsp_key_source_make(struct tsp_key_source *source, const struct tsp_keys *keys, unsigned index,
                         unsigned threads, uint64_t seed) {
    *source = (struct tsp_key_source){
        .keys = keys, .random = tsp_mix64(tsp_mix64(seed) + index), .next = keys->count * index / threads};
}

uint64_t tsp_key_next(struct tsp_key_source *source) {
    const struct tsp_keys *keys = source->keys;
    switch (keys->distribution) {
    case TSP_KEYS_ZIPF:
        return tsp_zipf_draw(&keys->zipf, &source->random);
    case TSP_KEYS_SEQUENTIAL: {
        uint64_t key = source->next;
        source->next = key + 1 < keys->count ? key + 1 : 0;
        return key;
    }
    default:
        return tsp_random_below(&source->random, keys->count);
    }
}
