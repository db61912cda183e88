/* Work whose counts are known, to see whether a counter tells the truth. */
#ifndef TRANSEPT_MEASURE_KNOWN_WORK_H
#define TRANSEPT_MEASURE_KNOWN_WORK_H

enum tsp_known_work {
    TSP_WORK_SHORT, /* some 10 µs, so that a counter gets a chance to run */
    TSP_WORK_LOOP,  /* TSP_KNOWN_INSTRUCTIONS instructions in user mode, but for a handful around them */
    TSP_WORK_CALLS, /* TSP_KNOWN_CALLS bare system calls */
    TSP_WORK_MIXED /* loads and stores all over fresh memory, branches that cannot be predicted: a bit of everything */
};

void tsp_known_work_do(enum tsp_known_work work);

#endif
