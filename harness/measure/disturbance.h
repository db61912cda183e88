/* What the kernel's accounts say disturbed a round. */
#ifndef TRANSEPT_MEASURE_DISTURBANCE_H
#define TRANSEPT_MEASURE_DISTURBANCE_H

#include "transept/round.h"

/** The accounts at the start of a round. */
struct tsp_disturbance_meter {
    struct tsp_disturbance at_start;
};

void tsp_disturbance_begin(struct tsp_disturbance_meter *meter);

/** Fills all of `disturbance` but the gaps and core clocks, which the sampler sees. */
void tsp_disturbance_end(const struct tsp_disturbance_meter *meter, struct tsp_disturbance *disturbance);

/** Ticks of steal time in the first line of /proc/stat ("cpu  user nice system idle iowait irq softirq steal …"); -1 where it has none. Pure. */
long long tsp_steal_ticks(const char *stat_line);

#endif
