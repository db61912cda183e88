/* What /proc says of other processes; where it cannot be read, 0. */
#ifndef TRANSEPT_MEASURE_PROCESSES_H
#define TRANSEPT_MEASURE_PROCESSES_H

#include <stdint.h>
#include <sys/types.h>

/** Bytes of memory that a process has in use. */
uint64_t tsp_process_resident(pid_t process);

/** Processes and threads on the whole machine: one short file, cheap enough to be read often. */
long tsp_machine_tasks(void);

/** Processes of a group: looks at every process of the machine. */
unsigned tsp_group_size(pid_t group);

#endif
