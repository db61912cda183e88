/* The fence instructions of each ISA by name. All are listed everywhere; where the ISA lacks one, its cases are skipped. */
#include "fence.h"

#define FENCE(text) __asm__ volatile(text : : : "memory")

#if defined(TSP_ISA_X86_64)
FENCE_BODIES(mfence, FENCE("mfence"))
FENCE_BODIES(lock_or, __asm__ volatile("lock orl $0, (%%rsp)" : : : "memory", "cc"))
FENCE_BODIES(sfence, FENCE("sfence"))
FENCE_BODIES(lfence, FENCE("lfence"))
FENCE_BODIES(serialize, FENCE("serialize"))
#elif defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)
FENCE_BODIES(dmb_ish, FENCE("dmb ish"))
FENCE_BODIES(dsb_ish, FENCE("dsb ish"))
FENCE_BODIES(dmb_ishst, FENCE("dmb ishst"))
FENCE_BODIES(isb, FENCE("isb"))
#if defined(TSP_ISA_ARM64)
FENCE_BODIES(dmb_ishld, FENCE("dmb ishld"))
#endif
#elif defined(TSP_ISA_RISCV64)
FENCE_BODIES(rw_rw, FENCE("fence rw, rw"))
FENCE_BODIES(r_rw, FENCE("fence r, rw"))
FENCE_BODIES(rw_w, FENCE("fence rw, w"))
FENCE_BODIES(w_w, FENCE("fence w, w"))
FENCE_BODIES(tso, FENCE("fence.tso"))
FENCE_BODIES(fence_i, FENCE("fence.i"))
#elif defined(TSP_ISA_PPC64EL)
FENCE_BODIES(sync, FENCE("sync"))
FENCE_BODIES(lwsync, FENCE("lwsync"))
FENCE_BODIES(eieio, FENCE("eieio"))
FENCE_BODIES(isync, FENCE("isync"))
#elif defined(TSP_ISA_S390X)
FENCE_BODIES(bcr_14, FENCE("bcr 14, 0"))
#endif

/* What both Arm ISAs have is one variant; elsewhere arm64 is what it is said to need. */
#if defined(TSP_ISA_ARMHF)
#define NEEDS_ARM        TSP_NEEDS_ARMHF
#define ON_ARM(function) function
#else
#define NEEDS_ARM        TSP_NEEDS_ARM64
#define ON_ARM(function) TSP_ON_ARM64(function)
#endif

FENCE_KERNEL("mfence", TSP_ON_X86_64, mfence, TSP_NEEDS_X86_64, "mfence", "full fence");
FENCE_KERNEL("lock-or", TSP_ON_X86_64, lock_or, TSP_NEEDS_X86_64, "lock or",
             "full fence by an atomic on the stack");
FENCE_KERNEL("sfence", TSP_ON_X86_64, sfence, TSP_NEEDS_X86_64, "sfence", "store fence");
FENCE_KERNEL("lfence", TSP_ON_X86_64, lfence, TSP_NEEDS_X86_64, "lfence",
             "waits for all instructions before");
FENCE_KERNEL("serialize", TSP_ON_X86_64, serialize, TSP_NEEDS_X86_64 | TSP_NEEDS_SERIALIZE, "serialize",
             "empties the pipeline");

FENCE_KERNEL("dmb-ish", ON_ARM, dmb_ish, NEEDS_ARM, "dmb ish", "full fence");
FENCE_KERNEL("dsb-ish", ON_ARM, dsb_ish, NEEDS_ARM, "dsb ish", "full fence that waits for completion");
FENCE_KERNEL("dmb-ishld", TSP_ON_ARM64, dmb_ishld, TSP_NEEDS_ARM64, "dmb ishld", "acquire fence");
FENCE_KERNEL("dmb-ishst", ON_ARM, dmb_ishst, NEEDS_ARM, "dmb ishst", "store fence");
FENCE_KERNEL("isb", ON_ARM, isb, NEEDS_ARM, "isb", "empties the pipeline");

FENCE_KERNEL("fence-rw-rw", TSP_ON_RISCV64, rw_rw, TSP_NEEDS_RISCV64, "fence rw,rw", "full fence");
FENCE_KERNEL("fence-r-rw", TSP_ON_RISCV64, r_rw, TSP_NEEDS_RISCV64, "fence r,rw", "acquire fence");
FENCE_KERNEL("fence-rw-w", TSP_ON_RISCV64, rw_w, TSP_NEEDS_RISCV64, "fence rw,w", "release fence");
FENCE_KERNEL("fence-w-w", TSP_ON_RISCV64, w_w, TSP_NEEDS_RISCV64, "fence w,w", "store fence");
FENCE_KERNEL("fence-tso", TSP_ON_RISCV64, tso, TSP_NEEDS_RISCV64, "fence.tso",
             "all but a store before a load");
FENCE_KERNEL("fence-i", TSP_ON_RISCV64, fence_i, TSP_NEEDS_RISCV64, "fence.i",
             "stores before instruction fetches");

FENCE_KERNEL("sync", TSP_ON_PPC64EL, sync, TSP_NEEDS_PPC64EL, "sync", "full fence");
FENCE_KERNEL("lwsync", TSP_ON_PPC64EL, lwsync, TSP_NEEDS_PPC64EL, "lwsync", "all but a store before a load");
FENCE_KERNEL("eieio", TSP_ON_PPC64EL, eieio, TSP_NEEDS_PPC64EL, "eieio", "store fence");
FENCE_KERNEL("isync", TSP_ON_PPC64EL, isync, TSP_NEEDS_PPC64EL, "isync", "waits for all instructions before");

FENCE_KERNEL("bcr-14", TSP_ON_S390X, bcr_14, TSP_NEEDS_S390X, "bcr 14,0", "full fence");
