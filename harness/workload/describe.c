/* What a result says of the program and the time of its run. */
#include <stdio.h>

#include "run/time.h"
#include "transept/workload.h"
#include "transept_version.h"

void tsp_workload_describe(struct tsp_record *record, const char *command, uint64_t seed) {
    struct tsp_run *run = &record->run;
    tsp_run_now(run->started, sizeof run->started);
    (void)snprintf(run->command, sizeof run->command, "%s", command);
    (void)snprintf(run->version, sizeof run->version, "%s", TSP_VERSION);
    (void)snprintf(run->commit, sizeof run->commit, "%s", TSP_COMMIT);
    run->seed = seed;
    tsp_build_describe(&record->build);
}

void tsp_workload_finish(struct tsp_record *record) {
    tsp_run_now(record->run.finished, sizeof record->run.finished);
}
