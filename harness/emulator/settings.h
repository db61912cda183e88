/* The plugin's arguments. */
#ifndef TRANSEPT_EMULATOR_SETTINGS_H
#define TRANSEPT_EMULATOR_SETTINGS_H

#include <stdbool.h>

#include "emulator/cache.h"

struct tsp_settings {
    const char *page; /* page=FILE: where counts go; required */
    bool
        by_instruction; /* by=instruction: exact also in blocks that a fault cuts short; slow. by=block is the default */
    bool accesses;                /* accesses=on: look at every access; slow */
    const struct tsp_core *model; /* model=CORE: and model that core's caches; NULL: none */
};

/** Reads "name=value" arguments; they are kept, not copied. -1 with `reason`, in one line, for what is not understood. */
int tsp_settings_read(struct tsp_settings *settings, int argc, char *const *argv, char *reason,
                      unsigned size);

#endif
