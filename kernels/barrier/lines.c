/*
 * Instructions about a line of the cache, each by its name. `flush`: a store to a line that must leave the cache, or be written back; the reference
 * stores alone. `prefetch`: a line asked for that is in the L1 already, which is what a hint costs that was not needed. The lines are a ring
 * that fits the L1, so that what is flushed comes back from as near as this machine brings it.
 */
#include <transept/kernel.h>

#define LINES ((size_t)64)

struct lines {
    char *first;
    size_t bytes;         /* from one to the next: a line, as this machine states it */
    size_t at;            /* where the next op goes */
    unsigned long number; /* ops done */
};

/* Over the case's ring, number 0, or the reference's, which is not the case's to be checked. */
#define WALK(id, ring, ...)                                                                                  \
    static void id(void *state, uint64_t ops) {                                                              \
        struct lines *lines = (struct lines *)state + (ring);                                                \
        const size_t bytes = lines->bytes;                                                                   \
        char *const first = lines->first;                                                                    \
        size_t at = lines->at;                                                                               \
        unsigned long number = lines->number;                                                                \
        TSP_REPEAT(ops, char *line = first + at; TSP_HIDE(line); number += 1; TSP_HIDE(number); __VA_ARGS__; \
                   at = (at + bytes) & (LINES * bytes - 1); TSP_HIDE(at));                                   \
        lines->at = at;                                                                                      \
        lines->number = number;                                                                              \
    }
#define STORE           *(volatile unsigned long *)(void *)line = number
#define FLUSH(id, text) WALK(id, 0, STORE; __asm__ volatile(text : : "r"(line) : "memory"))

WALK(store, 1, STORE)
WALK(walk, 1, (void)0)
WALK(prefetch, 0, tsp_prefetch(line))
#if defined(TSP_ISA_X86_64)
FLUSH(clflush, "clflush (%0)")
FLUSH(clflushopt, "clflushopt (%0)")
FLUSH(clwb, "clwb (%0)")
#elif defined(TSP_ISA_ARM64)
FLUSH(civac, "dc civac, %0")
FLUSH(cvac, "dc cvac, %0")
#elif defined(TSP_ISA_RISCV64)
FLUSH(cbo_flush, ".insn i 0x0f, 2, x0, %0, 2")
#elif defined(TSP_ISA_PPC64EL)
FLUSH(dcbf, "dcbf 0, %0")
#endif

static int setup(struct tsp_bench *bench) {
    const size_t bytes = tsp_line_bytes(bench);
    struct lines *lines = tsp_alloc(bench, 2 * sizeof *lines, 64);
    char *first = lines == NULL ? NULL : tsp_alloc(bench, 2 * LINES * bytes, bytes);
    if (first == NULL) {
        return -1;
    }
    lines[0] = (struct lines){.first = first, .bytes = bytes};
    lines[1] = (struct lines){.first = first + LINES * bytes, .bytes = bytes};
    bench->state = lines;
    return 0;
}

static int check_count(struct tsp_bench *bench, uint64_t ops) {
    const struct lines *lines = bench->state;
    return lines->number == (unsigned long)ops
               ? 0
               : tsp_fail(bench, "%lu ops were done, not %lu", lines->number, (unsigned long)ops);
}

/* Nothing that was stored is lost with its line: each has the number of the last op that came by. */
static int check_stored(struct tsp_bench *bench, uint64_t ops) {
    const struct lines *lines = bench->state;
    for (size_t i = 0; i < LINES; ++i) {
        const unsigned long found =
            *(const volatile unsigned long *)(void *)(lines->first + i * lines->bytes);
        const unsigned long last = ops <= i ? 0 : (unsigned long)(ops - (ops - 1 - i) % LINES);
        if (found != last) {
            return tsp_fail(bench, "line %zu holds %lu, not %lu", i, found, last);
        }
    }
    return check_count(bench, ops);
}

#define FLUSH_KERNEL(name, body, what, instruction)                                                          \
    TSP_KERNEL(.family = "barrier", .kernel = "flush", .variant = name,                                      \
               .summary = "a stored line leaves the cache or is written back, by " name, .needs = what,      \
               .run = body, .reference = store, .setup = setup, .check = check_stored,                       \
               .implementation = instruction)
FLUSH_KERNEL("clflush", TSP_ON_X86_64(clflush), TSP_NEEDS_X86_64, "clflush");
FLUSH_KERNEL("clflushopt", TSP_ON_X86_64(clflushopt), TSP_NEEDS_X86_64 | TSP_NEEDS_CLFLUSHOPT, "clflushopt");
FLUSH_KERNEL("clwb", TSP_ON_X86_64(clwb), TSP_NEEDS_X86_64 | TSP_NEEDS_CLWB, "clwb");
FLUSH_KERNEL("dc-civac", TSP_ON_ARM64(civac), TSP_NEEDS_ARM64, "dc civac");
FLUSH_KERNEL("dc-cvac", TSP_ON_ARM64(cvac), TSP_NEEDS_ARM64, "dc cvac");
FLUSH_KERNEL("cbo-flush", TSP_ON_RISCV64(cbo_flush), TSP_NEEDS_RISCV64 | TSP_NEEDS_ZICBOM, "cbo.flush");
FLUSH_KERNEL("dcbf", TSP_ON_PPC64EL(dcbf), TSP_NEEDS_PPC64EL, "dcbf");

#define PREFETCH_KERNEL(name, body, what)                                                                    \
    TSP_KERNEL(.family = "barrier", .kernel = "prefetch", .variant = name,                                   \
               .summary = "a line asked for that is there, by " name, .needs = what, .run = body,            \
               .reference = walk, .setup = setup, .check = check_count,                                      \
               .implementation = TSP_IMPL(tsp_prefetch))
PREFETCH_KERNEL("prefetcht0", TSP_ON_X86_64(prefetch), TSP_NEEDS_X86_64);
PREFETCH_KERNEL("prfm-pldl1keep", TSP_ON_ARM64(prefetch), TSP_NEEDS_ARM64);
PREFETCH_KERNEL("prefetch-r", TSP_ON_RISCV64(prefetch), TSP_NEEDS_RISCV64);
PREFETCH_KERNEL("dcbt", TSP_ON_PPC64EL(prefetch), TSP_NEEDS_PPC64EL);
PREFETCH_KERNEL("pfd", TSP_ON_S390X(prefetch), TSP_NEEDS_S390X);
PREFETCH_KERNEL("pld", TSP_ON_ARMHF(prefetch), TSP_NEEDS_ARMHF);
