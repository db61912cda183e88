/* No process that a child made outlives its round. */
#ifndef TRANSEPT_MEASURE_LEFTOVERS_H
#define TRANSEPT_MEASURE_LEFTOVERS_H

#include <sys/types.h>

/** Makes this process the one that orphans of its children fall to (PR_SET_CHILD_SUBREAPER), so that they can be found and ended. */
void tsp_leftovers_adopt(void);

/** Kills and reaps the process group `group` and every other child of this process. Call when `group`'s leader has been reaped.
 *  Returns how many there were. */
unsigned tsp_leftovers_end(pid_t group);

#endif
