/* The same four fields in two orders, of which folklore has it that one is much better. */
#ifndef KERNELS_LAYOUT_WIDE_H
#define KERNELS_LAYOUT_WIDE_H

#include "arrays.h"

struct tsp_wide_last {
    uint8_t u8;
    uint64_t u64;
    uint32_t u32;
    double f64;
};

struct tsp_wide_first {
    uint64_t u64;
    double f64;
    uint32_t u32;
    uint8_t u8;
};

/** Arrays of both orders have the same number of objects; that the wide-first one is smaller is its merit. */
static inline size_t tsp_wide_count(struct tsp_bench *bench) {
    return tsp_layout_count(bench, sizeof(struct tsp_wide_last));
}

#endif
