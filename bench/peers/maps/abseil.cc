// Abseil's flat_hash_map, with its own hash.
#include <absl/base/config.h>
#include <absl/container/flat_hash_map.h>

#include "flat.h"

#define TEXT(what)  #what
#define VALUE(what) TEXT(what)

using map_type = absl::flat_hash_map<uint64_t, uint64_t>;

extern "C" const struct peer peer_abseil =
    flat<map_type>("abseil", "Abseil " VALUE(ABSL_LTS_RELEASE_VERSION) " flat_hash_map", "absl::Hash, seeded",
                   "clear gives the table back; reserve makes one anew, untimed");
