/* Our maps as peers: through the very functions that anybody else would call. */
#include <stdio.h>
#include <stdlib.h>

#include "insert/batch_map.h"
#include "insert/bucket_map.h"
#include "insert/open_map.h"
#include "peer.h"
#include "transept/isa.h"

_Static_assert(sizeof(struct tsp_pair) == sizeof(struct peer_pair), "the same pairs");

#define SEED       UINT64_C(0x5eed)
#define BATCH_HASH "product of the key's halves (NH), seeded"

static void must(enum tsp_map_status status) {
    if (status != TSP_MAP_OK) {
        fprintf(stderr, "peers: our map: %s\n", tsp_map_status_text(status));
        exit(1);
    }
}

static void *make(const struct peer *peer, size_t hint) {
    struct tsp_map *map = NULL;
    must(tsp_map_create(&map, peer->how, &tsp_map_libc, SEED, hint));
    return map;
}

static void put(void *map, const void *pairs, size_t n) {
    must(tsp_map_put(map, pairs, n));
}

static uint64_t get(const void *map, const void *keys, size_t n) {
    const uint64_t *key = keys;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
        uint64_t value = 0;
        if (tsp_map_get(map, key[i], &value)) {
            sum += key[i] ^ value;
        }
    }
    return sum;
}

/* The same in as few calls as room for the values allows. */
static uint64_t get_all(const void *map, const void *keys, size_t n) {
    enum { AT_ONCE = 1024 };
    const uint64_t *key = keys;
    uint64_t values[AT_ONCE];
    bool found[AT_ONCE];
    uint64_t sum = 0;
    for (size_t done = 0; done < n; done += AT_ONCE) {
        const size_t some = n - done < AT_ONCE ? n - done : AT_ONCE;
        (void)tsp_map_find_all(map, key + done, some, values, found);
        for (size_t i = 0; i < some; ++i) {
            sum += found[i] ? key[done + i] ^ values[i] : 0;
        }
    }
    return sum;
}

static size_t size(const void *map) {
    return tsp_map_count(map);
}

static void clear(void *map, size_t n) {
    tsp_map_clear(map);
    must(tsp_map_reserve(map, n));
}

static void end(void *map) {
    tsp_map_free(map);
}

static struct peer ours(const char *name, const struct tsp_map_kind *kind, const char *hash) {
    return (struct peer){.name = name,
                         .version = "this tree",
                         .hash = hash,
                         .reused = "clear keeps all memory",
                         .how = kind,
                         .make = make,
                         .put = put,
                         .get = get,
                         .size = size,
                         .clear = clear,
                         .free = end};
}

/* One of our maps that is here, or why the CPU does not run it. */
static struct peer variant_of(size_t index, const struct tsp_map_kind *kind, uint64_t features) {
    static char names[PEERS_MOST / 2][24];
    static char reasons[PEERS_MOST / 2][80];
    const struct tsp_batch_variant *variant = kind->how;
    const uint64_t missing = variant->needs & ~features;
    snprintf(names[index], sizeof names[index], "putall/%s", variant->name);
    if (missing != 0) {
        return (struct peer){.name = names[index],
                             .absent = tsp_features_explain(missing, reasons[index], sizeof reasons[index])};
    }
    return ours(names[index], kind, BATCH_HASH);
}

size_t peers_ours(struct peer *peers) {
    const uint64_t features = tsp_features_probe();
    const struct tsp_map_kind *kind = tsp_batch_kind_best(features, TSP_PAIR_U64);
    size_t count = 0;
    peers[count++] = ours("putall", kind, BATCH_HASH);
    peers[0].version = kind->name;
    peers[count++] = peers[0];
    peers[1].name = "getall";
    peers[1].get = get_all;
    for (size_t i = 0; i < PEERS_MOST / 2 && (kind = tsp_batch_kind(i, TSP_PAIR_U64)) != NULL; ++i) {
        peers[count++] = variant_of(i, kind, features);
    }
    peers[count++] = ours("open-loop", &tsp_open_maps[TSP_PAIR_U64], "one folded product, seeded");
    peers[count++] =
        ours("bucket-loop", &tsp_bucket_maps[TSP_PAIR_U64], "two folded products (Go's without AES), seeded");
    return count;
}
