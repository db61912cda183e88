/* The PMU in one line: who it is, and whether it works. To be detected is not to be usable. */
#include <stdio.h>
#include <string.h>

#include "measure/counters.h"
#include "measure/perf_names.h"

void tsp_pmu_describe(struct tsp_pmu *pmu) {
    *pmu = (struct tsp_pmu){.status = TSP_COUNTER_UNSUPPORTED};
    tsp_perf_pmu_name(pmu->name, sizeof pmu->name);
    struct tsp_counters *counters;
    struct tsp_error error = {""};
    if (tsp_counters_open_on(&counters, "instructions:u", NULL, tsp_perf_kernel_linux(), NULL, NULL,
                             &error) != 0) {
        (void)snprintf(pmu->reason, sizeof pmu->reason, "%.*s", (int)sizeof pmu->reason - 1, error.text);
        return;
    }
    const struct tsp_counter *counter = tsp_counters_get(counters, 0);
    pmu->status = counter->status;
    memcpy(pmu->reason, counter->reason, sizeof pmu->reason);
    tsp_counters_close(counters);
}
