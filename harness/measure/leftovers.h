/* No process that a child made outlives its round. */
#ifndef TRANSEPT_MEASURE_LEFTOVERS_H
#define TRANSEPT_MEASURE_LEFTOVERS_H

#include <stdbool.h>
#include <sys/types.h>

/** Makes this process the one that orphans of its children fall to (PR_SET_CHILD_SUBREAPER), so that they can be found and ended.
 *  False where that cannot be had (QEMU 7.2's user mode refuses it): then they are found by what they have mapped. */
bool tsp_leftovers_adopt(void);

/** Kills and reaps the process group `group` and every other child of this process. Call when `group`'s leader has been reaped. */
void tsp_leftovers_end(pid_t group);

/** Kills every process but this one that has a file of the name `mapped` mapped, as /proc/PID/maps shows it: what is inherited by
 *  fork and cannot be given up by leaving a group or session. */
void tsp_leftovers_end_mapped(const char *mapped);

#endif
