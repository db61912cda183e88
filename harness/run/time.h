/* The time of day, as records write it. */
#ifndef TRANSEPT_RUN_TIME_H
#define TRANSEPT_RUN_TIME_H

#include <stddef.h>

/** Now in UTC by ISO 8601, to the second; 21 bytes with the NUL. */
void tsp_run_now(char *text, size_t size);

#endif
