/* The batch map with the vector facility of z13 and later: two keys hashed and eight tags compared at a time. */
#include <transept/isa.h>

#ifdef TSP_ISA_S390X

/* Of the whole file: functions that are always inlined (pair.h) must be of this target too. */
#pragma GCC target("arch=z13")
#define BATCH_TARGET
#define BATCH_LANES 2
typedef uint64_t lanes __attribute__((vector_size(16)));
typedef uint32_t words_4 __attribute__((vector_size(16)));

/* The low half of a lane is its odd element in big-endian order. */
static inline BATCH_TARGET lanes multiply_low(lanes a, lanes b) {
    return (lanes)__builtin_s390_vmlof((words_4)a, (words_4)b);
}

#include "batch_any.h"
#include "batch_lanes.h"
#include "batch_steps.h"

BATCH_VARIANT(vx, TSP_NEEDS_S390X | TSP_NEEDS_VX)

#endif
