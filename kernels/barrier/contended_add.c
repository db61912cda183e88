/*
 * Additions to one word by all threads at once. Each thread does every op, so an op is as many additions as there are threads.
 */
#include <stdatomic.h>

#include <transept/kernel.h>

#include "orders.h"

struct contended {
    struct tsp_bench *bench;
    _Alignas(256) atomic_ulong word; /* alone on its line on every ISA */
};

static void contended_run(void *state, uint64_t ops) {
    tsp_crew_run(((struct contended *)state)->bench, ops);
}

static void count_only(void *state, unsigned index, uint64_t ops) {
    (void)state;
    (void)index;
    TSP_REPEAT(ops, __asm__ volatile(""));
}

static void contended_reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((struct contended *)state)->bench, count_only, ops);
}

static int contended_setup(struct tsp_bench *bench, tsp_member *member) {
    struct contended *contended = tsp_alloc(bench, sizeof *contended, 256);
    if (contended == NULL) {
        return -1;
    }
    const unsigned threads = (unsigned)tsp_param_int(bench, "threads");
    contended->bench = bench;
    bench->state = contended;
    if (threads > 1) {
        bench->items = threads;
        bench->item_unit = "addition";
    }
    return tsp_crew_start(bench, threads, member);
}

static int contended_check(struct tsp_bench *bench, uint64_t ops) {
    struct contended *contended = bench->state;
    const unsigned long expected = (unsigned long)(ops * tsp_crew_size(bench));
    unsigned long word = atomic_load(&contended->word);
    return word == expected
               ? 0
               : tsp_fail(bench, "the word holds %lu after %lu additions by %u threads: some were lost", word,
                          expected, tsp_crew_size(bench));
}

/** Registers a variant; the statements add 1 to `*word`. */
#define CONTENDED_BODY(id, attributes, ...)                                                                  \
    attributes static void id(void *state, unsigned index, uint64_t ops) {                                   \
        atomic_ulong *word = &((struct contended *)state)->word;                                             \
        (void)index;                                                                                         \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
    }                                                                                                        \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return contended_setup(bench, id);                                                                   \
    }
#define CONTENDED_KERNEL(name, body, prepare, what, instruction)                                             \
    TSP_KERNEL(.family = "barrier", .kernel = "contended-add", .variant = name,                              \
               .summary = "additions to one word by several threads, " name, .needs = what,                  \
               .params = {{"threads", "1,2,4"},                                                              \
                          {"place", "same-cpu,same-core,same-l2,same-llc,same-node,cross-node"}},            \
               .mode = TSP_MODE_BATCHED, .run = body, .reference = contended_reference, .setup = prepare,    \
               .check = contended_check, .implementation = instruction);

#define C11_ADD(order) (void)atomic_fetch_add_explicit(word, 1, memory_order_##order)

CONTENDED_BODY(c11_relaxed, , C11_ADD(relaxed))
CONTENDED_BODY(c11_seq_cst, , C11_ADD(seq_cst))
CONTENDED_KERNEL("relaxed", contended_run, c11_relaxed_setup, 0, ORDERS_C11)
CONTENDED_KERNEL("seq-cst", contended_run, c11_seq_cst_setup, 0, ORDERS_C11)

CONTENDED_BODY(cas_loop, , unsigned long old = atomic_load_explicit(word, memory_order_relaxed);
               while (!atomic_compare_exchange_weak(word, &old, old + 1)){})
CONTENDED_KERNEL("cas-loop", contended_run, cas_loop_setup, 0, "C11 compare and exchange, in a loop")

/* Compilers for arm64 call a helper that chooses at run time (outline atomics). A function's own target pins the choice. */
#if defined(TSP_ISA_ARM64)
#define LSE  __attribute__((target("arch=armv8-a+lse")))
#define LLSC __attribute__((target("arch=armv8-a,no-outline-atomics")))
CONTENDED_BODY(lse_relaxed, LSE, C11_ADD(relaxed))
CONTENDED_BODY(lse_seq_cst, LSE, C11_ADD(seq_cst))
CONTENDED_BODY(llsc_relaxed, LLSC, C11_ADD(relaxed))
CONTENDED_BODY(llsc_seq_cst, LLSC, C11_ADD(seq_cst))
#endif
#define ARM64_KERNEL(id, name, what, instruction)                                                            \
    CONTENDED_KERNEL(name, TSP_ON_ARM64(contended_run), TSP_ON_ARM64(id##_setup), TSP_NEEDS_ARM64 | (what),  \
                     instruction)
ARM64_KERNEL(lse_relaxed, "lse-relaxed", TSP_NEEDS_LSE, "LSE: stadd")
ARM64_KERNEL(lse_seq_cst, "lse-seq-cst", TSP_NEEDS_LSE, "LSE: ldaddal")
ARM64_KERNEL(llsc_relaxed, "llsc-relaxed", 0, "ldxr, stxr")
ARM64_KERNEL(llsc_seq_cst, "llsc-seq-cst", 0, "ldaxr, stlxr")

#if defined(TSP_ISA_RISCV64)
CONTENDED_BODY(lrsc_relaxed, , unsigned long changed; unsigned long lost;
               __asm__ volatile("1:\n\tlr.d %0, %2\n\taddi %0, %0, 1\n\tsc.d %1, %0, %2\n\tbnez %1, 1b"
                                : "=&r"(changed), "=&r"(lost), "+A"(*word)
                                :
                                : "memory"))
#endif
CONTENDED_KERNEL("lrsc-relaxed", TSP_ON_RISCV64(contended_run), TSP_ON_RISCV64(lrsc_relaxed_setup),
                 TSP_NEEDS_RISCV64, "lr.d, sc.d")
