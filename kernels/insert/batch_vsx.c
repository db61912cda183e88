/* The batch map with VSX, which every ppc64el has: two keys hashed and eight tags compared at a time. */
#include <transept/isa.h>

#ifdef TSP_ISA_PPC64EL

#include <altivec.h>
#undef bool
#undef pixel
#undef vector

#define BATCH_TARGET
#define BATCH_LANES 2
typedef uint64_t lanes __attribute__((vector_size(16)));
typedef uint32_t words_4 __attribute__((vector_size(16)));

/* The low half of a lane is its even element in little-endian order. */
static inline lanes multiply_low(lanes a, lanes b) {
    return (lanes)vec_mule((words_4)a, (words_4)b);
}

#include "batch_any.h"
#include "batch_lanes.h"
#include "batch_steps.h"

BATCH_VARIANT(vsx, TSP_NEEDS_PPC64EL | TSP_NEEDS_VSX)

#endif
