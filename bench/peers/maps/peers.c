/* Which peers there are, and why others are not. */
#include "peer.h"

static const struct peer *const others[] = {
#ifdef PEER_HAS_BOOST
    &peer_boost,
#else
    &(const struct peer){.name = "boost",
                         .absent =
                             "no boost/unordered/unordered_flat_map.hpp, or no g++ (libboost1.81-dev)"},
#endif
#ifdef PEER_HAS_ABSEIL
    &peer_abseil,
#else
    &(const struct peer){.name = "abseil", .absent = "no Abseil, or no g++ (libabsl-dev)"},
#endif
#ifdef PEER_HAS_KHASH
    &peer_khash,
#else
    &(const struct peer){.name = "khash", .absent = "no htslib/khash.h (libhts-dev)"},
#endif
#ifdef PEER_HAS_STANDARD
    &peer_standard,
#else
    &(const struct peer){.name = "std", .absent = "no g++"},
#endif
#ifdef PEER_HAS_UTHASH
    &peer_uthash,
#else
    &(const struct peer){.name = "uthash", .absent = "no uthash.h (uthash-dev)"},
#endif
#ifdef PEER_HAS_GLIB
    &peer_glib,
#else
    &(const struct peer){.name = "glib", .absent = "no GLib (libglib2.0-dev), or pointers of 32 bits"},
#endif
    &peer_copy,     &peer_scatter,
};

size_t peers_all(struct peer *peers) {
    size_t count = peers_ours(peers);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        peers[count++] = *others[i];
    }
    return count;
}
