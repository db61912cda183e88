/* What counter readings say: scaling and plausibility. Pure arithmetic. */
#include "measure/reading.h"

#include <math.h>
#include <stdio.h>

double tsp_reading_difference(const struct tsp_reading *before, const struct tsp_reading *after,
                              double *share) {
    /* Unsigned differences, so that a counter that wraps in between still counts. */
    uint64_t value = after->value - before->value;
    uint64_t enabled = after->enabled - before->enabled;
    uint64_t running = after->running - before->running;
    if (running == 0 || enabled == 0) {
        *share = 0;
        return NAN;
    }
    if (running >= enabled) {
        *share = 1;
        return (double)value;
    }
    *share = (double)running / (double)enabled;
    return (double)value / *share;
}

enum tsp_counter_status tsp_counter_plausible(double counted, double expected, char *reason,
                                              size_t reason_size) {
    if (fabs(counted - expected) <= 0.01 * expected) {
        reason[0] = '\0';
        return TSP_COUNTER_OK;
    }
    if (isnan(counted)) {
        (void)snprintf(reason, reason_size, "never ran during a loop of %.0f instructions", expected);
    } else if (counted == 0) {
        (void)snprintf(reason, reason_size, "read 0 over a loop of %.0f instructions", expected);
    } else {
        (void)snprintf(reason, reason_size, "counted %.0f for a loop of %.0f instructions", counted,
                       expected);
    }
    return TSP_COUNTER_IMPLAUSIBLE;
}

enum tsp_counter_status tsp_counter_judge(enum tsp_counter_kind kind, const struct tsp_counter_trial *trial,
                                          char *reason, size_t reason_size) {
    reason[0] = '\0';
    if (kind == TSP_COUNTS_SOFTWARE) {
        return TSP_COUNTER_OK;
    }
    if (kind == TSP_COUNTS_INSTRUCTIONS || kind == TSP_COUNTS_USER_INSTRUCTIONS) {
        enum tsp_counter_status status =
            tsp_counter_plausible(trial->loop - trial->empty, TSP_KNOWN_INSTRUCTIONS, reason, reason_size);
        if (status == TSP_COUNTER_OK && kind == TSP_COUNTS_USER_INSTRUCTIONS &&
            trial->calls - trial->empty > TSP_KNOWN_CALLS * TSP_CALL_INSTRUCTIONS_MAX) {
            (void)snprintf(
                reason, reason_size,
                "counts the kernel too (%.0f instructions a system call): this PMU does not honour :u",
                (trial->calls - trial->empty) / TSP_KNOWN_CALLS);
            return TSP_COUNTER_IMPLAUSIBLE;
        }
        return status;
    }
    if (trial->all > 0) {
        return TSP_COUNTER_OK;
    }
    if (isnan(trial->all)) {
        (void)snprintf(reason, reason_size, "opened, but never ran");
    } else if (trial->last == 0) {
        (void)snprintf(reason, reason_size,
                       "opened, but read 0 over loops, system calls, branches and cache misses");
    } else {
        (void)snprintf(reason, reason_size,
                       "opened, but stood still at %.0f over loops, system calls, branches and cache misses",
                       trial->last);
    }
    return TSP_COUNTER_IMPLAUSIBLE;
}
