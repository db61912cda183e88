/* The batch in one call, by each variant of the batch map: one algorithm, with what the CPU has for hashing blocks and comparing tags. */
#include <transept/isa.h>

#include "batch_map.h"
#include "cases.h"

#define PUTALL(id, what, how)                                                                                \
    static int setup_##id(struct tsp_bench *bench) {                                                         \
        return tsp_insert_setup(bench, tsp_batch_kind_find(#id, tsp_insert_pairing(bench)));                 \
    }                                                                                                        \
    TSP_INSERT_KERNEL("putall", #id, what, setup_##id, "all pairs in one call, " #id, how)

static int setup_auto(struct tsp_bench *bench) {
    return tsp_insert_setup(bench, tsp_batch_kind_best(tsp_features_probe(), tsp_insert_pairing(bench)));
}
TSP_INSERT_KERNEL("putall", "auto", 0, setup_auto, "all pairs in one call, by the widest of the variants",
                  "the last of the variants below that the CPU can run");

/* NEON is the one need that two ISAs can meet; all others name theirs, so that a skipped case says which. */
PUTALL(scalar, 0, "C");
PUTALL(swar, 0, "C, 4 tags in a 64-bit register");
PUTALL(sse2, TSP_NEEDS_X86_64 | TSP_NEEDS_SSE2, "pmuludq, pcmpeqw");
PUTALL(avx2, TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, "vpmuludq, vpcmpeqw in 256 bits");
PUTALL(avx512, TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512, "vpmuludq in 512 bits, vpcmpeqw into a mask");
PUTALL(neon, TSP_NEEDS_NEON, "umull, cmeq");
PUTALL(vsx, TSP_NEEDS_PPC64EL | TSP_NEEDS_VSX, "vmulouw, vcmpequh");
PUTALL(vx, TSP_NEEDS_S390X | TSP_NEEDS_VX, "vmlof, vceqh");
