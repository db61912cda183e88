/*
 * The little program (protocol.h), started as it is or under an emulator. This build's own travels inside the command. Those for other ISAs
 * come from their builds: FOLDER/arm64/kernels/transept-program, FOLDER being what TRANSEPT_BUILDS names or the folder of builds that this
 * command lies in itself.
 */
#ifndef KERNELS_EMULATION_GUEST_H
#define KERNELS_EMULATION_GUEST_H

#include <limits.h>
#include <sys/types.h>

#include <transept/kernel.h>

/** How a program is started: `program` alone, or by `emulator`. */
struct tsp_guest {
    char program[PATH_MAX];
    char emulator[PATH_MAX]; /* empty: the processor runs it */
    int file;                /* the memory file that `program` names; -1: it is on disk */
};

/** ISAs that programs may be for, as a kernel's parameter has them. */
#define TSP_GUEST_ISAS "x86_64,arm64,riscv64,ppc64el,s390x,armhf"

/** For a kernel's `unfit`: why its parameter `isa` cannot be had here, and what mends it; NULL when it can. Static text. */
const char *tsp_guest_unfit(const struct tsp_bench *bench);

/** For setup: finds the program and the emulator of an ISA (NULL: the processor itself), lets it run once, and reports the emulator's version. Limits on
 *  address space are lifted, for an emulator reserves its guest's. Returns what a setup returns; undo it with tsp_guest_close(). */
int tsp_guest_open(struct tsp_bench *bench, struct tsp_guest *guest, const char *isa);
void tsp_guest_close(struct tsp_guest *guest);

/** Starts the program with these as its standard input and output, nothing in its environment. Returns the process, or -1 with errno set. */
pid_t tsp_guest_start(const struct tsp_guest *guest, int in, int out);

/** Waits for its end: the status it exits with; -1: it was ended otherwise. */
int tsp_guest_wait(pid_t process);

#endif
