// Boost's unordered_flat_map, with its own hash and mixing.
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/version.hpp>

#include "flat.h"

using map_type = boost::unordered_flat_map<uint64_t, uint64_t>;

extern "C" const struct peer peer_boost =
    flat<map_type>("boost", "Boost " BOOST_LIB_VERSION " unordered_flat_map",
                   "boost::hash, then one folded product", "clear keeps the table");
