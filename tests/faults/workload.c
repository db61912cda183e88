/* Damages the map of a workload as the variable SABOTAGE says, so that tests see the check find it. The key is 0; the value of another writer is
 * whole and plausible, and only the books tell that nobody put it. */
#include <stdlib.h>
#include <string.h>

#include "../../bench/command.h"
#include "../../harness/workload/pair.h"
#include "../../harness/workload/shard_map.h"

enum { VALUE_MAX = 65536 };

void tsp_workload_sabotage(struct tsp_shard_map *map, bool over) {
    const char *what = getenv("SABOTAGE");
    unsigned char value[VALUE_MAX];
    unsigned char old[VALUE_MAX];
    uint64_t writer = 0;
    if (what == NULL) {
        return;
    }
    if (strcmp(what, over ? "lose" : "lose-early") == 0) {
        (void)tsp_shard_map_remove(map, 0, old);
    } else if (over && strcmp(what, "invent") == 0) {
        tsp_pair_write(value, VALUE_MAX, UINT64_MAX, tsp_pair_writer(0, 1));
        (void)tsp_shard_map_put(map, UINT64_MAX, value, old);
    } else if (over && strcmp(what, "revert") == 0 && tsp_shard_map_get(map, 0, value)) {
        (void)tsp_pair_read(value, TSP_PAIR_BYTES_LEAST, 0,
                            &writer); /* 16-byte values: no more than key and writer */
        tsp_pair_write(value, TSP_PAIR_BYTES_LEAST, 0, writer == 1 ? writer + 1 : tsp_pair_writer(0, 1));
        (void)tsp_shard_map_put(map, 0, value, old);
    } else if (!over && strcmp(what, "tear") == 0 && tsp_shard_map_get(map, 0, value)) {
        value[TSP_PAIR_BYTES_LEAST] ^= 1U;
        (void)tsp_shard_map_put(map, 0, value, old);
    }
}
