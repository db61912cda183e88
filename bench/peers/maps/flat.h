// A map with the interface of the standard's as a peer.
#ifndef PEERS_FLAT_H
#define PEERS_FLAT_H

#include "peer.h"

template <typename Map> struct flat_peer {
    static void *make(const struct peer *, size_t hint) {
        Map *map = new Map;
        if (hint != 0) {
            map->reserve(hint);
        }
        return map;
    }

    static void put(void *map, const void *pairs, size_t n) {
        Map &into = *static_cast<Map *>(map);
        const peer_pair *pair = static_cast<const peer_pair *>(pairs);
        for (size_t i = 0; i < n; ++i) {
            into.insert_or_assign(pair[i].key, pair[i].value);
        }
    }

    static uint64_t get(const void *map, const void *keys, size_t n) {
        const Map &in = *static_cast<const Map *>(map);
        const uint64_t *key = static_cast<const uint64_t *>(keys);
        uint64_t sum = 0;
        for (size_t i = 0; i < n; ++i) {
            const auto found = in.find(key[i]);
            if (found != in.end()) {
                sum += key[i] ^ found->second;
            }
        }
        return sum;
    }

    static size_t size(const void *map) { return static_cast<const Map *>(map)->size(); }

    static void clear(void *map, size_t n) {
        static_cast<Map *>(map)->clear();
        static_cast<Map *>(map)->reserve(n);
    }

    static void free(void *map) { delete static_cast<Map *>(map); }
};

template <typename Map>
constexpr peer flat(const char *name, const char *version, const char *hash, const char *reused) noexcept {
    using own = flat_peer<Map>;
    return {name,      version,  hash,     reused,    nullptr,    nullptr,  false,
            own::make, own::put, own::get, own::size, own::clear, own::free};
}

#endif
