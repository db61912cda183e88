/* The tally by interface 1: inline while there is one vCPU, by calls afterwards. */
#include <stdlib.h>

#include "emulator/page.h"
#include "emulator/tally.h"

static struct tsp_tally *tallies; /* [TSP_PAGE_BLOCKS_MAX]: one a vCPU; beyond that they share the last */
static bool parallel;

int tsp_tally_start(void) {
    tallies = aligned_alloc(TSP_PAGE_ALIGN, TSP_PAGE_BLOCKS_MAX * sizeof *tallies);
    for (unsigned i = 0; tallies != NULL && i < TSP_PAGE_BLOCKS_MAX; ++i) {
        tallies[i] = (struct tsp_tally){{0}};
    }
    return tallies != NULL ? 0 : -1;
}

bool tsp_tally_vcpu(unsigned vcpu) {
    bool second = vcpu > 0 && !parallel;
    parallel = parallel || second;
    return second;
}

static void add(unsigned vcpu, void *data) {
    const struct tsp_tally *tally = data;
    bool shared = vcpu >= TSP_PAGE_BLOCKS_MAX - 1;
    uint64_t *counts = tallies[shared ? TSP_PAGE_BLOCKS_MAX - 1 : vcpu].counts;
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        if (tally->counts[i] != 0 && shared) {
            (void)__atomic_fetch_add(&counts[i], tally->counts[i], __ATOMIC_RELAXED);
        } else {
            counts[i] += tally->counts[i];
        }
    }
}

/* Translated code lives until QEMU drops all of it, and does not say so for each block: its tally stays. */
static void *keep(const struct tsp_tally *tally) {
    struct tsp_tally *copy = malloc(sizeof *copy);
    if (copy == NULL) {
        abort(); /* a count that silently misses blocks is worse than none */
    }
    *copy = *tally;
    return copy;
}

void tsp_tally_block(struct qemu_plugin_tb *tb, const struct tsp_tally *tally) {
    if (parallel) {
        qemu_plugin_register_vcpu_tb_exec_cb(tb, add, QEMU_NO_REGISTERS, keep(tally));
        return;
    }
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        if (tally->counts[i] != 0) {
            qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_ADD_U64, &tallies[0].counts[i],
                                                     tally->counts[i]);
        }
    }
}

void tsp_tally_instruction(struct qemu_plugin_insn *insn, const struct tsp_tally *tally) {
    if (parallel) {
        qemu_plugin_register_vcpu_insn_exec_cb(insn, add, QEMU_NO_REGISTERS, keep(tally));
        return;
    }
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        if (tally->counts[i] != 0) {
            qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_ADD_U64, &tallies[0].counts[i],
                                                       tally->counts[i]);
        }
    }
}

void tsp_tally_read(unsigned vcpu, uint64_t *counts) {
    if (vcpu >= TSP_PAGE_BLOCKS_MAX) {
        return;
    }
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        counts[i] += __atomic_load_n(&tallies[vcpu].counts[i], __ATOMIC_RELAXED);
    }
}
