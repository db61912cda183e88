/*
 * A modern open-addressing table (after Abseil's SwissTable and what followed it): slots in groups of eight, one control byte a slot
 * with 7 bits of the hash or the mark of a free slot, a group's control bytes compared at once in a 64-bit register, load up to 7/8.
 */
#ifndef KERNELS_INSERT_OPEN_MAP_H
#define KERNELS_INSERT_OPEN_MAP_H

#include "map.h"

/** One pair is put at a time; the table doubles when it is full. A probe visits no group twice and ends at the first with a free slot. One kind
 *  a pairing. */
extern const struct tsp_map_kind tsp_open_maps[TSP_PAIRINGS];

#endif
