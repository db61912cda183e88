/* The tally by interfaces 2 and 3: QEMU gives each vCPU its own element of a scoreboard. */
#include "emulator/tally.h"

static struct qemu_plugin_scoreboard *scoreboard;

int tsp_tally_start(void) {
    scoreboard = qemu_plugin_scoreboard_new(sizeof(struct tsp_tally));
    return scoreboard != NULL ? 0 : -1;
}

bool tsp_tally_vcpu(unsigned vcpu) {
    (void)vcpu;
    return false;
}

static struct qemu_entry entry(unsigned counter) {
    return (struct qemu_entry){.score = scoreboard,
                               .offset = offsetof(struct tsp_tally, counts) + counter * sizeof(uint64_t)};
}

void tsp_tally_block(struct qemu_plugin_tb *tb, const struct tsp_tally *tally) {
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        if (tally->counts[i] != 0) {
            qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb, QEMU_ADD_U64, entry(i), tally->counts[i]);
        }
    }
}

void tsp_tally_instruction(struct qemu_plugin_insn *insn, const struct tsp_tally *tally) {
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        if (tally->counts[i] != 0) {
            qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_ADD_U64, entry(i),
                                                                tally->counts[i]);
        }
    }
}

void tsp_tally_read(unsigned vcpu, uint64_t *counts) {
    const struct tsp_tally *tally = qemu_plugin_scoreboard_find(scoreboard, vcpu);
    for (unsigned i = 0; i < TSP_TALLY_COUNTERS; ++i) {
        counts[i] += __atomic_load_n(&tally->counts[i], __ATOMIC_RELAXED);
    }
}
