/* What can change an exact count though the sources are the same. */
#include "compare/toolchain.h"

#include <inttypes.h>
#include <string.h>

static const char *const names[TSP_TOOLCHAIN_FIELDS] = {
    [TSP_TOOLCHAIN_COMPILER] = "compiler",
    [TSP_TOOLCHAIN_TARGET] = "target",
    [TSP_TOOLCHAIN_FLAGS] = "flags",
    [TSP_TOOLCHAIN_LINKER] = "linker",
    [TSP_TOOLCHAIN_LIBC] = "libc",
    [TSP_TOOLCHAIN_EMULATOR] = "emulator",
    [TSP_TOOLCHAIN_FEATURES] = "cpu_features",
    [TSP_TOOLCHAIN_PAGE] = "page_bytes",
    [TSP_TOOLCHAIN_SEED] = "seed",
    [TSP_TOOLCHAIN_RECORD] = "record",
};

const char *tsp_toolchain_name(enum tsp_toolchain_field field) {
    return names[field];
}

/* The first word's blank is left out where the word is missing. */
static void join(char text[TSP_TOOLCHAIN_TEXT], const char *first, const char *second) {
    (void)snprintf(text, TSP_TOOLCHAIN_TEXT, "%.200s%s%.200s", first,
                   first[0] != '\0' && second[0] != '\0' ? " " : "", second);
}

#define SET(field, format, value)                                                                            \
    ((void)snprintf(toolchain->of[field], sizeof toolchain->of[field], format, value))

int tsp_toolchain_of(struct tsp_toolchain *toolchain, const struct tsp_record *record,
                     struct tsp_error *error) {
    const struct tsp_machine *machine = &record->machine;
    const struct tsp_build *build = &record->build;
    memset(toolchain, 0, sizeof *toolchain);
    join(toolchain->of[TSP_TOOLCHAIN_COMPILER], build->compiler, build->release);
    join(toolchain->of[TSP_TOOLCHAIN_EMULATOR], machine->emulator, machine->emulator_version);
    SET(TSP_TOOLCHAIN_TARGET, "%s", build->target);
    SET(TSP_TOOLCHAIN_FLAGS, "%s", build->flags);
    SET(TSP_TOOLCHAIN_LINKER, "%s", build->linker);
    SET(TSP_TOOLCHAIN_LIBC, "%s", machine->libc_release[0] != '\0' ? machine->libc_release : machine->libc);
    SET(TSP_TOOLCHAIN_FEATURES, "%.500s", machine->features);
    SET(TSP_TOOLCHAIN_PAGE, "%" PRIu64, machine->page_bytes);
    SET(TSP_TOOLCHAIN_SEED, "%" PRIu64, record->run.seed);
    SET(TSP_TOOLCHAIN_RECORD, "%s", TSP_RECORD_SCHEMA);
    if (build->release[0] == '\0' || build->linker[0] == '\0' || build->target[0] == '\0') {
        return tsp_error_set(
            error, "it does not say which compiler and linker made it, as an older transept's: count again");
    }
    return 0;
}

int tsp_toolchain_compare(const struct tsp_toolchain *reference, const struct tsp_toolchain *now,
                          struct tsp_error *error) {
    int differ = 0;
    unsigned first = 0;
    for (unsigned i = TSP_TOOLCHAIN_FIELDS; i-- > 0;) {
        if (strcmp(reference->of[i], now->of[i]) != 0) {
            ++differ;
            first = i;
        }
    }
    if (differ == 0) {
        return 0;
    }
    char more[32] = "";
    if (differ > 1) {
        (void)snprintf(more, sizeof more, " (%d more differ)", differ - 1);
    }
    return tsp_error_set(error,
                         "another %s than the reference's: '%.120s' here, '%.120s' there%s; use what the "
                         "reference was made with, or make one of your own with --update",
                         names[first], now->of[first], reference->of[first], more);
}
