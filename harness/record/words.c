/* The words of record.md for the enums of round.h, and back. */
#include "transept/round.h"

#include <stddef.h>
#include <string.h>

#include "record/findings.h"
#include "transept/machine.h"

static const char *const evidences[] = {
    [TSP_MEASURED] = "measured",
    [TSP_COUNTED] = "counted",
    [TSP_MODELLED] = "modelled",
    [TSP_EMULATED] = "emulated",
};

static const char *const statuses[] = {
    [TSP_OK] = "ok",           [TSP_SKIPPED] = "skipped",     [TSP_FAILED] = "failed",
    [TSP_FAULTED] = "faulted", [TSP_TIMED_OUT] = "timed-out",
};

static const char *const counter_statuses[] = {
    [TSP_COUNTER_OK] = "ok",
    [TSP_COUNTER_MULTIPLEXED] = "multiplexed",
    [TSP_COUNTER_UNSUPPORTED] = "unsupported",
    [TSP_COUNTER_DENIED] = "denied",
    [TSP_COUNTER_IMPLAUSIBLE] = "implausible",
};

static const char *const levels[] = {
    [TSP_FINDING_OK] = "ok",
    [TSP_FINDING_NOTE] = "note",
    [TSP_FINDING_WARNING] = "warning",
    [TSP_FINDING_UNKNOWN] = "unknown",
};

#define COUNT(words) (sizeof(words) / sizeof(words)[0])

/* A value outside its enum can come from a child that was overwritten by its own case: it is named, not followed. */
static const char *word(const char *const *words, size_t count, unsigned value) {
    return value < count ? words[value] : "unknown";
}

static int parse(const char *const *words, size_t count, const char *name) {
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(words[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *tsp_evidence_name(enum tsp_evidence evidence) {
    return word(evidences, COUNT(evidences), (unsigned)evidence);
}

const char *tsp_status_name(enum tsp_status status) {
    return word(statuses, COUNT(statuses), (unsigned)status);
}

const char *tsp_counter_status_name(enum tsp_counter_status status) {
    return word(counter_statuses, COUNT(counter_statuses), (unsigned)status);
}

int tsp_evidence_parse(const char *name) {
    return parse(evidences, COUNT(evidences), name);
}

int tsp_status_parse(const char *name) {
    return parse(statuses, COUNT(statuses), name);
}

int tsp_counter_status_parse(const char *name) {
    return parse(counter_statuses, COUNT(counter_statuses), name);
}

const char *tsp_finding_level_name(int level) {
    return word(levels, COUNT(levels), (unsigned)level);
}

int tsp_finding_level_parse(const char *name) {
    return parse(levels, COUNT(levels), name);
}
