/* What a record, or a file of counts, holds of the cases that claims name. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/split.h"
#include "transept/claims.h"
#include "transept/compare.h"

/* What the visits need. */
struct reading {
    struct tsp_claim_record *record;
    const struct tsp_claims *claims;
};

static int out_of_memory(const struct tsp_claim_record *record, struct tsp_error *error) {
    return tsp_error_set(error, "%s: no memory for its cases", record->path);
}

/* --- which cases and figures ---------------------------------------------------------------------------------------------------- */

/* Does any check name it, as its case or as the other one? */
static bool is_wanted(const struct tsp_claims *claims, const char *id) {
    char stars[TSP_CLAIM_STARS];
    for (size_t i = 0; i < claims->count; ++i) {
        for (size_t k = 0; k < claims->of[i].check_count; ++k) {
            const struct tsp_claim_check *check = &claims->of[i].checks[k];
            const char *other = check->to != NULL ? check->to : check->minus;
            if (tsp_claim_match(check->of, id, stars, sizeof stars) ||
                (other != NULL && tsp_claim_match(other, id, stars, sizeof stars))) {
                return true;
            }
        }
    }
    return false;
}

/* Calls `use` for every name of a metric in the claims that has a statistic other than the median: "time:p99". */
static int each_statistic(const struct tsp_claims *claims,
                          int (*use)(void *data, const char *name, const struct tsp_question *question),
                          void *data) {
    for (size_t i = 0; i < claims->count; ++i) {
        for (size_t k = 0; k < claims->of[i].check_count; ++k) {
            const char *rest = claims->of[i].checks[k].metric;
            for (; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
                char name[TSP_NAME_MAX + 8];
                struct tsp_question question = {.statistic = TSP_STATISTIC_P50};
                size_t length = strcspn(rest, ",");
                (void)snprintf(name, sizeof name, "%.*s", (int)length, rest);
                rest += length;
                if (tsp_question_metric(&question, name, NULL) == 0 &&
                    question.statistic != TSP_STATISTIC_P50 && use(data, name, &question) != 0) {
                    return -1;
                }
            }
        }
    }
    return 0;
}

/* --- series --------------------------------------------------------------------------------------------------------------------- */

/* Room for `count` values; NULL: memory is out. */
static struct tsp_series *make_series(struct tsp_side_case *tcase, const char *name, size_t count,
                                      const char *reason) {
    struct tsp_series *all = realloc(tcase->series, (tcase->series_count + 1) * sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    tcase->series = all;
    struct tsp_series *series = &all[tcase->series_count++];
    *series = (struct tsp_series){.room = count, .values = calloc(count + 1, sizeof *series->values)};
    (void)snprintf(series->name, sizeof series->name, "%s", name);
    series->reason = reason[0] != '\0' ? strdup(reason) : NULL;
    return series->values != NULL && (reason[0] == '\0' || series->reason != NULL) ? series : NULL;
}

/* One value a round that has it: of an exact count there is one in all. */
static int add_series(struct tsp_side_case *tcase, const struct tsp_result *result,
                      const struct tsp_metric *metric, const char *name, enum tsp_statistic statistic) {
    struct tsp_series *series = make_series(tcase, name, result->round_count, metric->reason);
    if (series == NULL) {
        return -1;
    }
    series->evidence = metric->evidence;
    series->exact = metric->exact && (metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED);
    series->varies = metric->nondeterministic;
    (void)snprintf(series->unit, sizeof series->unit, "%s", metric->unit);
    for (unsigned i = 0; i < result->round_count && !series->exact; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        for (unsigned k = 0; k < round->metric_count && round->status == TSP_OK; ++k) {
            const struct tsp_round_metric *found = &round->metrics[k];
            double value = strcmp(found->name, metric->name) == 0 && found->description.n > 0
                               ? tsp_statistic_of(&found->description, statistic)
                               : (double)NAN;
            if (isfinite(value)) {
                series->values[series->count++] = value;
                break;
            }
        }
    }
    if (series->exact && isfinite(metric->p50.value)) {
        series->values[series->count++] = metric->p50.value;
    }
    return 0;
}

struct statistic_use {
    struct tsp_side_case *tcase;
    const struct tsp_result *result;
};

static const struct tsp_metric *find_metric(const struct tsp_result *result, const char *name) {
    for (unsigned i = 0; i < result->metric_count; ++i) {
        if (strcmp(result->metrics[i].name, name) == 0) {
            return &result->metrics[i];
        }
    }
    return NULL;
}

static int add_statistic(void *data, const char *name, const struct tsp_question *question) {
    struct statistic_use *use = data;
    const struct tsp_metric *metric = find_metric(use->result, question->metric);
    return metric == NULL || tsp_side_case_series(use->tcase, name) != NULL
               ? 0
               : add_series(use->tcase, use->result, metric, name, question->statistic);
}

/* --- cases ---------------------------------------------------------------------------------------------------------------------- */

static struct tsp_side_case *add_case(struct tsp_claim_record *record, const char *id, enum tsp_status status,
                                      const char *reason) {
    if (record->case_count == record->room) {
        size_t room = record->room == 0 ? 64 : 2 * record->room;
        struct tsp_side_case *cases = realloc(record->cases, room * sizeof *cases);
        if (cases == NULL) {
            return NULL;
        }
        record->cases = cases;
        record->room = room;
    }
    struct tsp_side_case *tcase = &record->cases[record->case_count++];
    *tcase = (struct tsp_side_case){.id = strdup(id), .reason = strdup(reason), .status = status};
    return tcase->id != NULL && tcase->reason != NULL ? tcase : NULL;
}

static int visit(void *data, struct tsp_result *result, struct tsp_error *error) {
    struct reading *reading = data;
    if (!is_wanted(reading->claims, result->id)) {
        return 0;
    }
    struct tsp_side_case *tcase = add_case(reading->record, result->id, result->status, result->reason);
    if (tcase == NULL) {
        return out_of_memory(reading->record, error);
    }
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        if (add_series(tcase, result, metric, metric->name, TSP_STATISTIC_P50) != 0) {
            return out_of_memory(reading->record, error);
        }
    }
    struct statistic_use use = {.tcase = tcase, .result = result};
    return each_statistic(reading->claims, add_statistic, &use) == 0 ? 0
                                                                     : out_of_memory(reading->record, error);
}

static int compare_cases(const void *a, const void *b) {
    return strverscmp(((const struct tsp_side_case *)a)->id, ((const struct tsp_side_case *)b)->id);
}

static int compare_id(const void *id, const void *one) {
    return strverscmp(id, ((const struct tsp_side_case *)one)->id);
}

const struct tsp_side_case *tsp_claim_record_find(const struct tsp_claim_record *record, const char *id) {
    return record->case_count == 0
               ? NULL
               : bsearch(id, record->cases, record->case_count, sizeof *record->cases, compare_id);
}

/* --- files ---------------------------------------------------------------------------------------------------------------------- */

static int take_counted(struct tsp_claim_record *record, const struct tsp_counted_case *counted,
                        struct tsp_error *error) {
    struct tsp_side_case *tcase = add_case(record, counted->id, counted->status, counted->reason);
    if (tcase == NULL) {
        return out_of_memory(record, error);
    }
    for (size_t i = 0; i < counted->count_count; ++i) {
        const struct tsp_count *count = &counted->counts[i];
        struct tsp_series *series = make_series(tcase, count->name, 1, "");
        if (series == NULL) {
            return out_of_memory(record, error);
        }
        series->evidence = TSP_COUNTED;
        series->exact = !count->varies;
        series->varies = count->varies;
        series->count = count->varies ? 0 : 1;
        series->values[0] = count->value;
    }
    return 0;
}

static int read_counts(struct tsp_claim_record *record, const char *path, const struct tsp_claims *claims,
                       struct tsp_error *error) {
    struct tsp_counts counts;
    if (tsp_counts_read(&counts, path, error) != 0) {
        return -1;
    }
    int status = 0;
    record->counts_only = true;
    record->emulated = true;
    (void)snprintf(record->arch, sizeof record->arch, "%s", counts.arch);
    (void)snprintf(record->executed_by, sizeof record->executed_by, "%.250s",
                   counts.toolchain.of[TSP_TOOLCHAIN_EMULATOR]);
    (void)snprintf(record->built_by, sizeof record->built_by, "%.190s",
                   counts.toolchain.of[TSP_TOOLCHAIN_COMPILER]);
    record->profile_guided = strstr(counts.toolchain.of[TSP_TOOLCHAIN_FLAGS], "-fprofile-use") != NULL;
    for (size_t i = 0; status == 0 && i < counts.case_count; ++i) {
        if (is_wanted(claims, counts.cases[i].id)) {
            status = take_counted(record, &counts.cases[i], error);
        }
    }
    tsp_counts_free(&counts);
    return status;
}

static void describe(struct tsp_claim_record *record, const struct tsp_record *head) {
    const struct tsp_machine *machine = &head->machine;
    const char *cpu = machine->cpu_model[0] != '\0' ? machine->cpu_model : machine->cpu_vendor;
    (void)snprintf(record->arch, sizeof record->arch, "%s", machine->arch);
    (void)snprintf(record->machine, sizeof record->machine, "%s", machine->id);
    (void)snprintf(record->when, sizeof record->when, "%s", head->run.started);
    (void)snprintf(record->built_by, sizeof record->built_by, "%.100s %.60s", head->build.compiler,
                   head->build.version);
    record->emulated = machine->emulated;
    record->profile_guided = head->build.profile_guided;
    if (machine->emulated) {
        (void)snprintf(record->executed_by, sizeof record->executed_by, "%.120s %.120s", machine->emulator,
                       machine->emulator_version);
    } else {
        (void)snprintf(record->executed_by, sizeof record->executed_by, "%.120s%s%.120s",
                       cpu[0] != '\0' ? cpu : "hardware", machine->hypervisor[0] != '\0' ? ", " : "",
                       machine->hypervisor);
    }
}

static int read_run(struct tsp_claim_record *record, const char *path, const struct tsp_claims *claims,
                    struct tsp_error *error) {
    struct tsp_record head;
    struct reading reading = {.record = record, .claims = claims};
    if (tsp_record_scan_json(&head, path, visit, &reading, error) != 0) {
        return -1; /* and the head is empty */
    }
    describe(record, &head);
    tsp_record_free(&head);
    return 0;
}

/* By the schema that it names; what cannot be read at all is complained of by who reads records. */
static bool is_counts(const char *path) {
    struct tsp_error error;
    struct tsp_split split;
    json_t *json = tsp_split_open(&split, path, &error) == 0 ? tsp_split_head(&split, &error) : NULL;
    tsp_split_close(&split);
    const char *schema = json_string_value(json_object_get(json, "schema"));
    bool counts = schema != NULL && strncmp(schema, "transept.counts/", 16) == 0;
    json_decref(json);
    return counts;
}

int tsp_claim_record_read(struct tsp_claim_record *record, const char *path, const struct tsp_claims *claims,
                          struct tsp_error *error) {
    *record = (struct tsp_claim_record){.path = strdup(path)};
    if (record->path == NULL) {
        return tsp_error_set(error, "%s: out of memory", path);
    }
    int status =
        is_counts(path) ? read_counts(record, path, claims, error) : read_run(record, path, claims, error);
    if (record->case_count > 0) {
        qsort(record->cases, record->case_count, sizeof *record->cases, compare_cases);
    }
    return status;
}

void tsp_claim_record_free(struct tsp_claim_record *record) {
    for (size_t i = 0; i < record->case_count; ++i) {
        tsp_side_case_free(&record->cases[i]);
    }
    free(record->cases);
    free(record->path);
    *record = (struct tsp_claim_record){.path = NULL};
}
