/* GLib's hash table with the pairs in the pointers themselves, which is the fastest use of it. */
#include <glib.h>

#include "peer.h"

G_STATIC_ASSERT(sizeof(gpointer) == sizeof(uint64_t));

static guint hash(gconstpointer key) {
    return (guint)peer_hash(GPOINTER_TO_SIZE(key));
}

static void *make(const struct peer *peer, size_t hint) {
    (void)peer;
    (void)hint;
    return g_hash_table_new(hash, NULL); /* NULL: pointers are equal when they are the same */
}

static void put(void *map, const void *pairs, size_t n) {
    const struct peer_pair *pair = pairs;
    for (size_t i = 0; i < n; ++i) {
        g_hash_table_insert(map, GSIZE_TO_POINTER(pair[i].key), GSIZE_TO_POINTER(pair[i].value));
    }
}

/* The table is never const to GLib. */
static GHashTable *table(const void *map) {
    union {
        const void *is;
        GHashTable *called;
    } same = {.is = map};
    return same.called;
}

static uint64_t get(const void *map, const void *keys, size_t n) {
    GHashTable *in = table(map);
    const uint64_t *key = keys;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
        gpointer value = NULL;
        if (g_hash_table_lookup_extended(in, GSIZE_TO_POINTER(key[i]), NULL, &value)) {
            sum += key[i] ^ GPOINTER_TO_SIZE(value);
        }
    }
    return sum;
}

static size_t size(const void *map) {
    return g_hash_table_size(table(map));
}

static void clear(void *map, size_t n) {
    (void)n;
    g_hash_table_remove_all(map);
}

static void end(void *map) {
    g_hash_table_destroy(map);
}

#define VERSION G_STRINGIFY(GLIB_MAJOR_VERSION) "." G_STRINGIFY(GLIB_MINOR_VERSION)

const struct peer peer_glib = {.name = "glib",
                               .version = "GLib " VERSION " GHashTable, pairs in its pointers",
                               .hash = "one folded product (the caller's choice)",
                               .reused = "remove_all gives the table back; no way to reserve",
                               .make = make,
                               .put = put,
                               .get = get,
                               .size = size,
                               .clear = clear,
                               .free = end};
