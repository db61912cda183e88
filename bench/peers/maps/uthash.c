/* uthash, with its own hash and a node of malloc's a pair, as it is mostly used. */
#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#include "peer.h"

struct node {
    uint64_t key;
    uint64_t value;
    UT_hash_handle hh;
};

struct map {
    struct node *head;
};

static void *take(size_t bytes) {
    void *block = malloc(bytes);
    if (block == NULL) {
        fprintf(stderr, "peers: uthash: no memory\n");
        exit(1);
    }
    return block;
}

static void *make(const struct peer *peer, size_t hint) {
    (void)peer;
    (void)hint;
    struct map *map = take(sizeof *map);
    map->head = NULL;
    return map;
}

static void put(void *map, const void *pairs, size_t n) {
    struct map *into = map;
    const struct peer_pair *pair = pairs;
    for (size_t i = 0; i < n; ++i) {
        struct node *node = NULL;
        unsigned hash = 0;
        HASH_VALUE(&pair[i].key, sizeof pair[i].key, hash);
        HASH_FIND_BYHASHVALUE(hh, into->head, &pair[i].key, sizeof pair[i].key, hash, node);
        if (node == NULL) {
            node = take(sizeof *node);
            node->key = pair[i].key;
            HASH_ADD_BYHASHVALUE(hh, into->head, key, sizeof node->key, hash, node);
        }
        node->value = pair[i].value;
    }
}

static uint64_t get(const void *map, const void *keys, size_t n) {
    const struct map *in = map;
    const uint64_t *key = keys;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
        struct node *node = NULL;
        HASH_FIND(hh, in->head, &key[i], sizeof key[i], node);
        if (node != NULL) {
            sum += key[i] ^ node->value;
        }
    }
    return sum;
}

static size_t size(const void *map) {
    const struct map *in = map;
    return HASH_COUNT(in->head);
}

static void clear(void *map, size_t n) {
    (void)n;
    struct map *of = map;
    struct node *node = of->head;
    HASH_CLEAR(hh, of->head);
    while (node != NULL) {
        struct node *next = node->hh.next;
        free(node);
        node = next;
    }
}

static void end(void *map) {
    clear(map, 0);
    free(map);
}

#define TEXT(what)  #what
#define VALUE(what) TEXT(what)

const struct peer peer_uthash = {.name = "uthash",
                                 .version = "uthash " VALUE(UTHASH_VERSION),
                                 .hash = "Jenkins's, its own",
                                 .reused = "clear gives all back; no way to reserve",
                                 .make = make,
                                 .put = put,
                                 .get = get,
                                 .size = size,
                                 .clear = clear,
                                 .free = end};
