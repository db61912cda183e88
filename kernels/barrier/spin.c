/* What a waiting loop executes in each turn: every hint that user mode has, by its name, and the one that the ISA's primitive is. */
#include <transept/kernel.h>

struct spin {
    unsigned long turns;
};

#define SPIN(id, ...)                                                                                        \
    static void id(void *state, uint64_t ops) {                                                              \
        struct spin *spin = state;                                                                           \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
        spin->turns += (unsigned long)ops;                                                                   \
    }
#define HINT(text) __asm__ volatile(text : : : "memory")

SPIN(primitive, tsp_spin_hint())
#if defined(TSP_ISA_X86_64)
SPIN(pause, HINT("pause"))
/* Waits until the time-stamp counter is over edx:eax: it is, so what remains is the way in and out. ecx 1: the lighter sleep, C0.1. */
SPIN(tpause, __asm__ volatile("tpause %0" : : "r"(1), "a"(0), "d"(0) : "memory", "cc"))
#elif defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)
SPIN(yield, HINT("yield"))
SPIN(isb, HINT("isb"))
/* wfe sleeps until an event. One is made first: the local one of ARMv8, on ARMv7 the one that all cores get. */
#if defined(TSP_ISA_ARM64)
SPIN(wfe, HINT("sevl\n\twfe"))
#else
SPIN(wfe, HINT("sev\n\twfe"))
#endif
#elif defined(TSP_ISA_RISCV64)
SPIN(pause, HINT(".insn i 0x0f, 0, x0, x0, 0x10")) /* a fence of nothing */
#elif defined(TSP_ISA_PPC64EL)
/* Priorities of the hardware thread: yield, low and back to medium, very low and back (Power ISA, book II, 3.2). */
SPIN(or_27, HINT("or 27, 27, 27"))
SPIN(or_1, HINT("or 1, 1, 1\n\tor 2, 2, 2"))
SPIN(or_31, HINT("or 31, 31, 31\n\tor 2, 2, 2"))
#endif

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct spin), 64);
    return bench->state == NULL ? -1 : 0;
}

/* A hint leaves nothing behind that could prove it: what each turn executes is proved by exact counts. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct spin *spin = bench->state;
    return spin->turns == (unsigned long)ops
               ? 0
               : tsp_fail(bench, "%lu turns were made, not %lu", spin->turns, (unsigned long)ops);
}

/* What both Arm ISAs have is one variant; elsewhere arm64 is what it is said to need. */
#if defined(TSP_ISA_ARMHF)
#define NEEDS_ARM        TSP_NEEDS_ARMHF
#define ON_ARM(function) function
#else
#define NEEDS_ARM        TSP_NEEDS_ARM64
#define ON_ARM(function) TSP_ON_ARM64(function)
#endif
#if defined(TSP_ISA_RISCV64)
#define NEEDS_PAUSE        (TSP_NEEDS_RISCV64 | TSP_NEEDS_ZIHINTPAUSE)
#define ON_PAUSE(function) function
#else
#define NEEDS_PAUSE        TSP_NEEDS_X86_64
#define ON_PAUSE(function) TSP_ON_X86_64(function)
#endif

#define SPIN_KERNEL(name, body, what, instruction)                                                           \
    TSP_KERNEL(.family = "barrier", .kernel = "spin", .variant = name,                                       \
               .summary = "a hint for waiting loops, " name, .needs = what, .run = body, .setup = setup,     \
               .check = check, .implementation = instruction)
SPIN_KERNEL("primitive", primitive, 0, TSP_IMPL(tsp_spin_hint));
SPIN_KERNEL("pause", ON_PAUSE(pause), NEEDS_PAUSE, "pause");
SPIN_KERNEL("tpause", TSP_ON_X86_64(tpause), TSP_NEEDS_X86_64 | TSP_NEEDS_WAITPKG, "tpause, deadline over");
SPIN_KERNEL("yield", ON_ARM(yield), NEEDS_ARM, "yield");
SPIN_KERNEL("isb", ON_ARM(isb), NEEDS_ARM, "isb");
SPIN_KERNEL("sevl-wfe", TSP_ON_ARM64(wfe), TSP_NEEDS_ARM64, "sevl; wfe");
SPIN_KERNEL("sev-wfe", TSP_ON_ARMHF(wfe), TSP_NEEDS_ARMHF, "sev; wfe");
SPIN_KERNEL("or-27", TSP_ON_PPC64EL(or_27), TSP_NEEDS_PPC64EL, "or 27,27,27");
SPIN_KERNEL("or-1-2", TSP_ON_PPC64EL(or_1), TSP_NEEDS_PPC64EL, "or 1,1,1; or 2,2,2");
SPIN_KERNEL("or-31-2", TSP_ON_PPC64EL(or_31), TSP_NEEDS_PPC64EL, "or 31,31,31; or 2,2,2");
