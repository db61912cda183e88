/* A map that threads share. */
#include "workload/shard_map.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "workload/random.h"

enum {
    LINE = 256,       /* the longest cache line of our ISAs (s390x): no two locks share one */
    SLOTS_LEAST = 16, /* a power of two */
};

struct shard {
    _Alignas(LINE) pthread_mutex_t lock;
    unsigned char *full; /* a byte a slot: 1 where there is a pair */
    unsigned char *slots;
    size_t slot_count; /* a power of two */
    size_t pairs;
};

struct tsp_shard_map {
    struct shard *shards;
    unsigned shard_count;
    size_t value_bytes;
    size_t slot_bytes; /* key and value, rounded up so that keys are aligned */
    uint64_t seed;
};

static size_t slot_bytes(size_t value_bytes) {
    return sizeof(uint64_t) + (value_bytes + 7) / 8 * 8;
}

static int make_table(struct shard *shard, size_t slot_count, size_t bytes) {
    if (slot_count > SIZE_MAX / 2 / bytes) {
        return -1;
    }
    unsigned char *slots = malloc(slot_count * bytes);
    unsigned char *full = calloc(slot_count, 1);
    if (slots == NULL || full == NULL) {
        free(slots);
        free(full);
        return -1;
    }
    shard->slots = slots;
    shard->full = full;
    shard->slot_count = slot_count;
    return 0;
}

int tsp_shard_map_make(struct tsp_shard_map **map, unsigned shards, size_t value_bytes, uint64_t seed,
                       struct tsp_error *error) {
    struct tsp_shard_map *made = calloc(1, sizeof *made);
    *map = made;
    if (made == NULL) {
        return tsp_error_set(error, "no memory for a map; ask for less");
    }
    *made = (struct tsp_shard_map){
        .value_bytes = value_bytes, .slot_bytes = slot_bytes(value_bytes), .seed = seed};
    made->shards = aligned_alloc(LINE, shards * sizeof *made->shards);
    for (; made->shards != NULL && made->shard_count < shards; ++made->shard_count) {
        struct shard *shard = &made->shards[made->shard_count];
        memset(shard, 0, sizeof *shard);
        if (make_table(shard, SLOTS_LEAST, made->slot_bytes) != 0) {
            break;
        }
        (void)pthread_mutex_init(&shard->lock, NULL);
    }
    if (made->shard_count < shards) {
        tsp_shard_map_free(made);
        *map = NULL;
        return tsp_error_set(error, "no memory for a map of %u shards; ask for fewer", shards);
    }
    return 0;
}

void tsp_shard_map_free(struct tsp_shard_map *map) {
    for (unsigned i = 0; map != NULL && i < map->shard_count; ++i) {
        struct shard *shard = &map->shards[i];
        (void)pthread_mutex_destroy(&shard->lock);
        free(shard->slots);
        free(shard->full);
    }
    if (map != NULL) {
        free(map->shards);
    }
    free(map);
}

/* --- a table ------------------------------------------------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct tsp_shard_map *map, uint64_t key) {
    return tsp_mix64(key ^ map->seed);
}

/* By the upper half of the hash; slots go by the lower one. */
static struct shard *shard_of(const struct tsp_shard_map *map, uint64_t hash) {
    return &map->shards[(hash >> 32) * map->shard_count >> 32];
}

static uint64_t key_at(const struct tsp_shard_map *map, const struct shard *shard, size_t slot) {
    uint64_t key = 0;
    memcpy(&key, shard->slots + slot * map->slot_bytes, sizeof key);
    return key;
}

static unsigned char *value_at(const struct tsp_shard_map *map, const struct shard *shard, size_t slot) {
    return shard->slots + slot * map->slot_bytes + sizeof(uint64_t);
}

/* The key's slot, or the free one where it would go. There is always a free one. */
static size_t find(const struct tsp_shard_map *map, const struct shard *shard, uint64_t key, uint64_t hash) {
    size_t mask = shard->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    while (shard->full[slot] && key_at(map, shard, slot) != key) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void fill(const struct tsp_shard_map *map, struct shard *shard, size_t slot, uint64_t key,
                 const void *value) {
    shard->full[slot] = 1;
    memcpy(shard->slots + slot * map->slot_bytes, &key, sizeof key);
    memcpy(value_at(map, shard, slot), value, map->value_bytes);
}

static int grow(const struct tsp_shard_map *map, struct shard *shard) {
    struct shard grown;
    if (make_table(&grown, 2 * shard->slot_count, map->slot_bytes) != 0) {
        return -1;
    }
    for (size_t i = 0; i < shard->slot_count; ++i) {
        if (shard->full[i]) {
            uint64_t key = key_at(map, shard, i);
            fill(map, &grown, find(map, &grown, key, hash_of(map, key)), key, value_at(map, shard, i));
        }
    }
    free(shard->slots);
    free(shard->full);
    shard->slots = grown.slots;
    shard->full = grown.full;
    shard->slot_count = grown.slot_count;
    return 0;
}

/* Moves up what would no longer be found across the gap: each pair of the run that may stand there (Knuth, TAOCP 3, 6.4, algorithm R). */
static void close_gap(const struct tsp_shard_map *map, struct shard *shard, size_t gap) {
    size_t mask = shard->slot_count - 1;
    for (size_t slot = (gap + 1) & mask; shard->full[slot]; slot = (slot + 1) & mask) {
        size_t home = (size_t)hash_of(map, key_at(map, shard, slot)) & mask;
        if (((slot - home) & mask) >= ((slot - gap) & mask)) {
            memcpy(shard->slots + gap * map->slot_bytes, shard->slots + slot * map->slot_bytes,
                   map->slot_bytes);
            gap = slot;
        }
    }
    shard->full[gap] = 0;
}

/* --- the map ------------------------------------------------------------------------------------------------------------------------ */

bool tsp_shard_map_get(struct tsp_shard_map *map, uint64_t key, void *value) {
    uint64_t hash = hash_of(map, key);
    struct shard *shard = shard_of(map, hash);
    (void)pthread_mutex_lock(&shard->lock);
    size_t slot = find(map, shard, key, hash);
    bool found = shard->full[slot];
    if (found) {
        memcpy(value, value_at(map, shard, slot), map->value_bytes);
    }
    (void)pthread_mutex_unlock(&shard->lock);
    return found;
}

/* Under the shard's lock. */
static int put(struct tsp_shard_map *map, struct shard *shard, uint64_t key, uint64_t hash, const void *value,
               void *old) {
    size_t slot = find(map, shard, key, hash);
    if (shard->full[slot]) {
        memcpy(old, value_at(map, shard, slot), map->value_bytes);
        memcpy(value_at(map, shard, slot), value, map->value_bytes);
        return 1;
    }
    if (shard->pairs + 1 > shard->slot_count / 4 * 3) {
        if (grow(map, shard) != 0) {
            return -1;
        }
        slot = find(map, shard, key, hash);
    }
    fill(map, shard, slot, key, value);
    ++shard->pairs;
    return 0;
}

int tsp_shard_map_put(struct tsp_shard_map *map, uint64_t key, const void *value, void *old) {
    uint64_t hash = hash_of(map, key);
    struct shard *shard = shard_of(map, hash);
    (void)pthread_mutex_lock(&shard->lock);
    int status = put(map, shard, key, hash, value, old);
    (void)pthread_mutex_unlock(&shard->lock);
    return status;
}

bool tsp_shard_map_remove(struct tsp_shard_map *map, uint64_t key, void *old) {
    uint64_t hash = hash_of(map, key);
    struct shard *shard = shard_of(map, hash);
    (void)pthread_mutex_lock(&shard->lock);
    size_t slot = find(map, shard, key, hash);
    bool found = shard->full[slot];
    if (found) {
        memcpy(old, value_at(map, shard, slot), map->value_bytes);
        close_gap(map, shard, slot);
        --shard->pairs;
    }
    (void)pthread_mutex_unlock(&shard->lock);
    return found;
}

void tsp_shard_map_each(struct tsp_shard_map *map, void (*visit)(void *data, uint64_t key, const void *value),
                        void *data) {
    for (unsigned i = 0; i < map->shard_count; ++i) {
        struct shard *shard = &map->shards[i];
        (void)pthread_mutex_lock(&shard->lock);
        for (size_t slot = 0; slot < shard->slot_count; ++slot) {
            if (shard->full[slot]) {
                visit(data, key_at(map, shard, slot), value_at(map, shard, slot));
            }
        }
        (void)pthread_mutex_unlock(&shard->lock);
    }
}

uint64_t tsp_shard_map_bytes(uint64_t keys, unsigned shards, size_t value_bytes) {
    double mean = (double)keys / shards; /* pairs of a shard; six standard deviations more are the fullest */
    uint64_t fullest = (uint64_t)(mean + 6 * sqrt(mean)) + 1;
    uint64_t slots = SLOTS_LEAST;
    while (slots / 4 * 3 < fullest) {
        slots *= 2;
    }
    /* Each table full grown, and as much again for all the smaller ones before it, which malloc may keep. */
    uint64_t table = slots * (slot_bytes(value_bytes) + 1);
    return shards * (2 * table + sizeof(struct shard));
}
