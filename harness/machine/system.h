/* Inside of the machine module: parts of the fingerprint that are computed from facts already at hand. */
#ifndef TRANSEPT_MACHINE_SYSTEM_H
#define TRANSEPT_MACHINE_SYSTEM_H

#include "machine/emulator.h"
#include "machine/topology.h"

/** What the firmware says of the board (DMI), and Xen's own file; empty where there is none. */
struct tsp_board {
    char vendor[TSP_TEXT_MAX];
    char product[TSP_TEXT_MAX];
    char hypervisor_type[32];
};

/** Names the hypervisor below this system, or "" where none shows itself. Pure. */
void tsp_hypervisor_name(char *text, size_t size, const struct tsp_clues *clues,
                         const struct tsp_board *board);

/** Fills counts and caches from the topology. The caches are those of the CPU that single-CPU cases run on. */
void tsp_machine_count(struct tsp_machine *machine, const struct tsp_topology *topology);

/** Fills the libc's version and, where its text can be found in memory, its release. */
void tsp_machine_libc(struct tsp_machine *machine);

/** The release in glibc's banner, "GNU C Library (RELEASE) stable release …", wherever in `bytes` it stands; "" where it does not. Pure.
 *  Source: glibc's csu/version.c. */
void tsp_libc_release_find(char *text, size_t size, const char *bytes, size_t length);

/**
 * Fills `machine->id`: FNV-1a (64 bit, 16 hex digits) over a text of everything that makes two machines the same kind to a measurement:
 * arch, what executes (hardware, or the emulator's name and its host's ISA), CPU vendor, model and microarchitecture,
 * numbers of sockets, cores and threads, caches, page size, and memory in GiB rounded up (the kernel keeps a little for itself, and
 * not the same with every update). No host name, serial number, address, kernel version or state is in it. Pure.
 */
void tsp_machine_identify(struct tsp_machine *machine);

#endif
