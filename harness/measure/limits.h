/* What a measuring child may do: limits on memory, files and core dumps, and a last word when it dies by a signal. */
#ifndef TRANSEPT_MEASURE_LIMITS_H
#define TRANSEPT_MEASURE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "transept/measure.h"

/** The child's last word, in memory that the parent shares. */
struct tsp_last_word {
    volatile int signal; /* 0: none */
    volatile int has_address;
    volatile uintptr_t address;
};

/** Sets the limits of the calling process; `extra_bytes` is what the kernel declared. The memory limit is on address space, unless the
 *  process runs under a sanitizer or an emulator, which need address space for themselves: see tsp_limits_by_address_space(). */
void tsp_limits_apply(const struct tsp_profile *profile, uint64_t extra_bytes, bool emulated);

/** Does the kernel enforce the memory limit here? Else the parent watches the resident size. */
bool tsp_limits_by_address_space(bool emulated);

/** Installs handlers, on a stack of their own, that note signal and address in `word` and then let the process die by that signal. */
void tsp_last_word_install(struct tsp_last_word *word);

/** Bytes a round may use in all beyond the program itself. */
uint64_t tsp_limits_memory(const struct tsp_profile *profile, uint64_t extra_bytes);

#endif
