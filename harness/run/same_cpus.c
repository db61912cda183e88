/* Whether a run that is taken up again would go on on the CPUs on which it was begun. */
#include "run/same_cpus.h"

#include <stdio.h>
#include <string.h>

#include "measure/place.h"

/* Where a case would go on: CPUs, or none, with the reason. */
struct place {
    struct tsp_placement cpus;
    struct tsp_error why;
};

static bool lies_at(const struct tsp_round *round, const struct tsp_placement *cpus) {
    return round->cpu_count == cpus->cpu_count &&
           memcmp(round->cpus, cpus->cpus, cpus->cpu_count * sizeof *cpus->cpus) == 0;
}

/* A round that would not lie where its case goes on under `--cpu cpu` (-1: chosen), which is at *place. NULL: there is none. */
static const struct tsp_round *find_elsewhere(const struct tsp_plan *plan, const struct tsp_record *record,
                                              const struct tsp_session *session, int cpu,
                                              struct place *place) {
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        if (result->round_count == 0) {
            continue;
        }
        if (tsp_case_place(plan->cases[i].tcase, session->topology, cpu, &place->cpus, &place->why) != 0) {
            place->cpus.cpu_count = 0;
        }
        for (unsigned r = 0; r < result->round_count; ++r) {
            if (result->rounds[r].cpu_count > 0 && !lies_at(&result->rounds[r], &place->cpus)) {
                return &result->rounds[r];
            }
        }
    }
    return NULL;
}

static void list_cpus(char *text, size_t size, const unsigned *cpus, unsigned count) {
    (void)snprintf(text, size, "%s", count == 1 ? "CPU" : "CPUs");
    for (unsigned i = 0; i < count; ++i) {
        size_t used = strlen(text);
        (void)snprintf(text + used, size - used, "%s%u", i == 0 ? " " : ",", cpus[i]);
    }
}

/* What lets all rounds of the record go on where they were, if anything does. */
static void advise(char *text, size_t size, const struct tsp_plan *plan, const struct tsp_record *record,
                   const struct tsp_session *session, unsigned cpu) {
    struct place tried;
    text[0] = '\0';
    if (find_elsewhere(plan, record, session, (int)cpu, &tried) == NULL) {
        (void)snprintf(text, size, "give --cpu %u, or ", cpu);
    } else if (find_elsewhere(plan, record, session, -1, &tried) == NULL) {
        (void)snprintf(text, size, "leave out --cpu, or ");
    }
}

/* Rounds of one case on several CPUs would pass for a spread that the case does not have. */
int tsp_run_check_cpus(const struct tsp_plan *plan, const struct tsp_record *record,
                       const struct tsp_session *session, struct tsp_error *error) {
    char was[64];
    char would[64];
    char advice[48];
    struct place now;
    const struct tsp_round *round =
        session->topology != NULL ? find_elsewhere(plan, record, session, session->cpu, &now) : NULL;
    if (round == NULL) {
        return 0;
    }
    list_cpus(was, sizeof was, round->cpus, round->cpu_count);
    advise(advice, sizeof advice, plan, record, session, round->cpus[0]);
    if (now.cpus.cpu_count == 0) {
        return tsp_error_set(
            error,
            "the journal's rounds ran on %s, and this cannot go on there (%.240s); %sstart the run anew", was,
            now.why.text, advice);
    }
    list_cpus(would, sizeof would, now.cpus.cpus, now.cpus.cpu_count);
    return tsp_error_set(error,
                         "the journal's rounds ran on %s, and this would go on on %s; %sstart the run anew",
                         was, would, advice);
}
