/* Accesses put together from their parts. */
#include "emulator/accesses.h"

#include <stddef.h>

enum { LINE = 64, PAGE = 4096 };

static bool crosses(uint64_t address, unsigned bytes, unsigned boundary) {
    return address / boundary != (address + bytes - 1) / boundary;
}

static void finish(struct tsp_accesses *a) {
    unsigned element = a->part_bytes < 8 ? a->part_bytes : 8;
    a->open = false;
    a->counts[TSP_ACCESSES] += 1;
    a->counts[TSP_LINE_CROSSINGS] += crosses(a->address, a->bytes, LINE);
    a->counts[TSP_PAGE_CROSSINGS] += crosses(a->address, a->bytes, PAGE);
    a->counts[TSP_MISALIGNED] += a->address % element != 0;
    if (a->hierarchy != NULL) {
        tsp_hierarchy_access(a->hierarchy, a->address, a->bytes);
        a->counts[TSP_L1D_MISSES] = a->hierarchy->l1d_misses;
        a->counts[TSP_L2_MISSES] = a->hierarchy->l2_misses;
    }
}

void tsp_accesses_settle(struct tsp_accesses *accesses) {
    if (accesses->open) {
        finish(accesses);
    }
    if (accesses->expected) {
        accesses->counts[TSP_ACCESSES_UNSEEN] += 1;
        accesses->expected = false;
    }
}

void tsp_accesses_begin(struct tsp_accesses *accesses) {
    tsp_accesses_settle(accesses);
    accesses->expected = true;
}

void tsp_accesses_part(struct tsp_accesses *accesses, uint64_t address, unsigned bytes, bool store) {
    accesses->expected = false;
    if (accesses->open && accesses->store == store && address == accesses->address + accesses->bytes) {
        accesses->bytes += bytes;
        return;
    }
    if (accesses->open) {
        finish(accesses);
    }
    accesses->open = true;
    accesses->store = store;
    accesses->address = address;
    accesses->bytes = bytes;
    accesses->part_bytes = bytes;
}
