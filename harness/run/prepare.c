/* What a record says of its run before the first round. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run/same_cpus.h"
#include "run/time.h"
#include "transept/run.h"
#include "transept_version.h"

/* Copies as much as there is room for. */
static void copy(char *to, size_t size, const char *from) {
    (void)snprintf(to, size, "%s", from);
}

static void describe_result(struct tsp_result *result, const struct tsp_planned *planned) {
    const struct tsp_case *tcase = planned->tcase;
    const struct tsp_kernel *kernel = tcase->kernel;
    copy(result->id, sizeof result->id, tcase->id);
    copy(result->family, sizeof result->family, kernel->family);
    copy(result->kernel, sizeof result->kernel, kernel->kernel);
    copy(result->variant, sizeof result->variant, kernel->variant);
    copy(result->implementation, sizeof result->implementation,
         kernel->implementation != NULL ? kernel->implementation : "C");
    result->params[0] = '\0';
    for (unsigned i = 0; i < tcase->value_count; ++i) {
        size_t used = strlen(result->params);
        (void)snprintf(result->params + used, sizeof result->params - used, "%s%s=%s", used == 0 ? "" : "/",
                       tcase->values[i].name, tcase->values[i].text);
    }
    result->status = planned->obstacle[0] == '\0' ? TSP_OK : TSP_SKIPPED;
    copy(result->reason, sizeof result->reason, planned->obstacle);
}

/* A random-looking id in the shape of a UUID (version 8, RFC 9562), so that it is as unique as seed and start are. */
static void make_id(char *id, size_t size, uint64_t seed) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t time = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    uint64_t mixed = (seed ^ (time >> 7)) * UINT64_C(0x9e3779b97f4a7c15);
    (void)snprintf(id, size, "%08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
                   time >> 32, time >> 16 & 0xffff, time & 0xfff, (mixed >> 48 & 0x3fff) | 0x8000,
                   mixed & UINT64_C(0xffffffffffff));
}

void tsp_run_now(char *text, size_t size) {
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) == NULL || strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        text[0] = '\0';
    }
}

int tsp_run_prepare(struct tsp_record *record, const struct tsp_plan *plan, const char *suite,
                    const char *command, struct tsp_error *error) {
    struct tsp_run *run = &record->run;
    memset(run, 0, sizeof *run);
    make_id(run->id, sizeof run->id, plan->seed);
    tsp_run_now(run->started, sizeof run->started);
    copy(run->command, sizeof run->command, command);
    copy(run->version, sizeof run->version, TSP_VERSION);
    copy(run->commit, sizeof run->commit, TSP_COMMIT);
    copy(run->suite, sizeof run->suite, suite);
    run->seed = plan->seed;
    run->rounds = plan->rounds;
    run->profile = plan->profile;
    record->results = calloc(plan->case_count + 1, sizeof *record->results);
    if (record->results == NULL) {
        return tsp_error_set(error, "out of memory for a record of %zu cases", plan->case_count);
    }
    record->result_count = plan->case_count;
    for (size_t i = 0; i < plan->case_count; ++i) {
        describe_result(&record->results[i], &plan->cases[i]);
    }
    return 0;
}

int tsp_run_take_up(struct tsp_plan *plan, struct tsp_record *record, const struct tsp_registry *registry,
                    const struct tsp_machine *machine, const struct tsp_session *session,
                    struct tsp_error *error) {
    const struct tsp_run *run = &record->run;
    if (strcmp(run->version, TSP_VERSION) != 0 || strcmp(run->commit, TSP_COMMIT) != 0) {
        return tsp_error_set(error, "the journal is of transept %s, and this is %s; start the run anew",
                             run->version, TSP_VERSION);
    }
    if (strcmp(record->machine.id, machine->id) != 0) {
        return tsp_error_set(error, "the journal is of machine %s, and this is %s; start the run anew",
                             record->machine.id, machine->id);
    }
    const char **ids = calloc(record->result_count + 1, sizeof *ids);
    if (ids == NULL) {
        return tsp_error_set(error, "out of memory for a plan of %zu cases", record->result_count);
    }
    for (size_t i = 0; i < record->result_count; ++i) {
        ids[i] = record->results[i].id;
    }
    int status =
        tsp_plan_again(plan, registry, ids, record->result_count, &run->profile, run->rounds, session, error);
    free(ids);
    if (status == 0 && tsp_run_check_cpus(plan, record, session, error) != 0) {
        tsp_plan_free(plan);
        return -1;
    }
    for (size_t i = 0; status == 0 && i < record->result_count; ++i) {
        describe_result(&record->results[i], &plan->cases[i]);
    }
    return status;
}
