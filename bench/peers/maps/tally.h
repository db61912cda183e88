/* How often memory was asked for: malloc and its kin, counted on their way to the C library. */
#ifndef PEERS_TALLY_H
#define PEERS_TALLY_H

#include <stdint.h>

/** Calls so far, of all that hand out memory; 0 for ever with a C library that is not glibc (tally_works). */
uint64_t tally_allocations(void);
int tally_works(void);

/** Page faults of this process that needed no reading, so far. */
long tally_faults(void);

/** KiB of this process that lie in huge pages; -1: the kernel does not say. */
long tally_huge_kib(void);

#endif
