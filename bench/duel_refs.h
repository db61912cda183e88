/* Two revisions of the checkout, built aside. */
#ifndef TRANSEPT_BENCH_DUEL_REFS_H
#define TRANSEPT_BENCH_DUEL_REFS_H

#include <limits.h>

#include "transept/error.h"

struct tsp_duel_refs {
    char top[PATH_MAX];      /* of the checkout */
    char folder[PATH_MAX];   /* temporary: worktrees, build folders, logs */
    char paths[2][PATH_MAX]; /* of the two binaries */
};

/**
 * Builds `refs[0]` and `refs[1]` (NULL: the checkout as it stands, uncommitted changes and all) of the git checkout around the working directory,
 * by cmake, in a temporary folder. Takes as long as two builds do, and says on stderr what it does. -1 with what failed and the last line of its
 * output. tsp_duel_refs_remove() whatever is returned.
 */
int tsp_duel_refs_build(struct tsp_duel_refs *built, const char *const refs[2],
                        const volatile int *interrupted, struct tsp_error *error);

/** Removes worktrees and folder. */
void tsp_duel_refs_remove(struct tsp_duel_refs *built);

#endif
