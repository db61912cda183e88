/* The batch map with NEON: two keys hashed and eight tags compared at a time. */
#include <transept/isa.h>

#if defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)

#include <arm_neon.h>

#ifdef TSP_ISA_ARMHF
#define BATCH_TARGET __attribute__((target("fpu=neon")))
#else
#define BATCH_TARGET
#endif
#define BATCH_LANES 2
typedef uint64x2_t lanes;

static inline BATCH_TARGET lanes multiply_low(lanes a, lanes b) {
    return vmull_u32(vmovn_u64(a), vmovn_u64(b));
}

#include "batch_any.h"
#include "batch_lanes.h"
#include "batch_steps.h"

BATCH_VARIANT(neon, TSP_NEEDS_NEON)

#endif
