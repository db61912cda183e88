/* The table of subcommands. */
#include <string.h>

#include "command.h"

#define ROW(name) &tsp_subcommand_##name,
static const struct tsp_subcommand *const subcommands[] = {TSP_SUBCOMMANDS(ROW) NULL};
#undef ROW

const struct tsp_subcommand *tsp_subcommand_at(size_t index) {
    size_t i = 0;
    while (i < index && subcommands[i] != NULL) {
        ++i;
    }
    return subcommands[i];
}

const struct tsp_subcommand *tsp_subcommand_find(const char *name) {
    size_t i = 0;
    while (subcommands[i] != NULL && strcmp(subcommands[i]->name, name) != 0) {
        ++i;
    }
    return subcommands[i];
}

const char *tsp_subcommand_name(size_t index) {
    for (size_t i = 0; subcommands[i] != NULL; ++i) {
        if (!subcommands[i]->hidden && index-- == 0) {
            return subcommands[i]->name;
        }
    }
    return NULL;
}
