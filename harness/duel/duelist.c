/* A binary that takes part in a duel: what it is, and what it measures. */
#include <stdlib.h>
#include <string.h>

#include "duel/request.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/journal.h"

/* To tell what it is, and beyond a round's own limit: processes start slowly on a busy machine. */
#define PATIENCE_MS 60000.0

/* Asks and reads the answer as JSON, the caller's. */
static json_t *ask(const char *path, json_t *question, double limit_ms, const volatile int *interrupted,
                   struct tsp_error *error) {
    char *text =
        question != NULL ? json_dumps(question, JSON_COMPACT | JSON_REAL_PRECISION(TSP_DIGITS)) : NULL;
    char *answer = NULL;
    json_t *json = NULL;
    json_error_t at;
    json_decref(question);
    if (text == NULL) {
        (void)tsp_error_set(error, "no memory to ask %.300s", path);
    } else if (tsp_duel_ask(path, text, limit_ms, interrupted, &answer, error) == 0) {
        json = json_loads(answer, JSON_REJECT_DUPLICATES, &at);
        if (json == NULL) {
            (void)tsp_error_set(error, "%.300s does not answer as a transept that duels: %.80s", path,
                                at.text);
        }
    }
    free(answer);
    free(text);
    return json;
}

static int compare_results(const void *a, const void *b) {
    return strverscmp(((const struct tsp_result *)a)->id, ((const struct tsp_result *)b)->id);
}

int tsp_duelist_meet(struct tsp_duelist *duelist, const char *path, const struct tsp_run *run, int cpu,
                     const volatile int *interrupted, struct tsp_error *error) {
    struct tsp_duel_request request = {.run = *run, .cpu = cpu};
    *duelist = (struct tsp_duelist){.path = path};
    json_t *json = ask(path, tsp_duel_request_encode(&request, NULL), PATIENCE_MS, interrupted, error);
    if (json == NULL) {
        return -1;
    }
    struct tsp_decoder decoder = {.file = path, .error = error};
    tsp_journal_decode_header(&decoder, json, &duelist->record);
    json_decref(json);
    if (decoder.failed) {
        return tsp_error_prefix(error, "%.100s does not answer as a transept that duels", path);
    }
    if (duelist->record.result_count > 1) {
        qsort(duelist->record.results, duelist->record.result_count, sizeof *duelist->record.results,
              compare_results);
    }
    return 0;
}

int tsp_duelist_measure(const struct tsp_duelist *duelist, const struct tsp_duel_request *request,
                        const volatile int *interrupted, struct tsp_round *round, struct tsp_error *error) {
    char id[TSP_ID_MAX];
    json_t *json = ask(duelist->path, tsp_duel_request_encode(request, &duelist->record),
                       PATIENCE_MS + request->run.profile.limit_ms, interrupted, error);
    if (json == NULL) {
        return tsp_error_prefix(error, "%s", request->id);
    }
    struct tsp_decoder decoder = {.file = duelist->path, .error = error};
    memset(round, 0, sizeof *round);
    tsp_journal_decode_round(&decoder, json, id, sizeof id, round);
    json_decref(json);
    if (!decoder.failed && (strcmp(id, request->id) != 0 || round->index != request->round)) {
        tsp_decode_complain(&decoder, "case", "is round %u of %s, asked was round %u of %s", round->index, id,
                            request->round, request->id);
    }
    return decoder.failed ? -1 : 0;
}

void tsp_duelist_free(struct tsp_duelist *duelist) {
    tsp_record_free(&duelist->record);
}
