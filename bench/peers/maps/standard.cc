// libstdc++'s std::unordered_map, with its own hash.
#include <unordered_map>

#include "flat.h"

#define TEXT(what)  #what
#define VALUE(what) TEXT(what)

using map_type = std::unordered_map<uint64_t, uint64_t>;

extern "C" const struct peer peer_standard =
    flat<map_type>("std", "std::unordered_map of g++ " VALUE(__GNUC__),
                   "std::hash, the key itself; prime tables", "clear keeps the buckets, frees the nodes");
