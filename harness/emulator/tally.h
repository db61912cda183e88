/*
 * Adding up what blocks of translated code contain, for each vCPU by itself. The counts live in memory of this process, so that a forked
 * one goes on from a copy of its own.
 *
 * Interface 1 adds inline to one place for all vCPUs, which is exact only while there is one. With the second, all translated code has to
 * go, and what is translated from there on calls a function that is told which vCPU it is: single-threaded guests count fast and
 * multi-threaded ones exactly. (QEMU drops its code itself when the first thread starts, unless the guest has shared memory by then, as
 * ours always has.) From interface 2 on each vCPU has its place by itself.
 */
#ifndef TRANSEPT_EMULATOR_TALLY_H
#define TRANSEPT_EMULATOR_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/decode.h"
#include "emulator/qemu_interface.h"

/** Instructions, then one counter a class. */
#define TSP_TALLY_COUNTERS (1 + TSP_CLASSES)

struct tsp_tally {
    uint64_t counts[TSP_TALLY_COUNTERS];
};

/** Before anything else. -1: no memory. */
int tsp_tally_start(void);

/** A vCPU begins. True: code that was translated before must not run beside it any more. */
bool tsp_tally_vcpu(unsigned vcpu);

/** From now on each execution of the block, or of the instruction, adds `tally`. */
void tsp_tally_block(struct qemu_plugin_tb *tb, const struct tsp_tally *tally);
void tsp_tally_instruction(struct qemu_plugin_insn *insn, const struct tsp_tally *tally);

/** Adds what a vCPU has done so far to `counts`. */
void tsp_tally_read(unsigned vcpu, uint64_t *counts);

#endif
