/* The table of subcommands. */
#include <string.h>

#include "command.h"

#define ROW(name) &tsp_subcommand_##name,
static const struct tsp_subcommand *const subcommands[] = {TSP_SUBCOMMANDS(ROW)};
#undef ROW

const struct tsp_subcommand *tsp_subcommand_at(size_t index) {
    return index < sizeof subcommands / sizeof *subcommands ? subcommands[index] : NULL;
}

const struct tsp_subcommand *tsp_subcommand_find(const char *name) {
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; ++i) {
        if (strcmp(subcommands[i]->name, name) == 0) {
            return subcommands[i];
        }
    }
    return NULL;
}

const char *tsp_subcommand_name(size_t index) {
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; ++i) {
        if (!subcommands[i]->hidden && index-- == 0) {
            return subcommands[i]->name;
        }
    }
    return NULL;
}
