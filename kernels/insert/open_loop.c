/* The best known plain way: a control-byte table, one pair at a time. */
#include "cases.h"
#include "open_map.h"

static int setup(struct tsp_bench *bench) {
    return tsp_insert_setup(bench, &tsp_open_maps[tsp_insert_pairing(bench)]);
}

TSP_INSERT_KERNEL("open-loop", "swar", 0, setup, "open addressing with control bytes, one pair at a time",
                  "C, 8 control bytes in a 64-bit register");
