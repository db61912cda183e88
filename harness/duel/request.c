/* What a duel asks a binary, and what it answers: one line of JSON each. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "duel/request.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/journal.h"

json_t *tsp_duel_request_encode(const struct tsp_duel_request *request, const struct tsp_record *record) {
    json_t *like = request->like.known ? json_pack("{s:b,s:o}", "per_op", request->like.per_op, "ops",
                                                   tsp_encode_count(request->like.ops_per_sample))
                                       : json_null();
    return json_pack("{s:s,s:o,s:i,s:o,s:o,s:I,s:o}", "schema", TSP_DUEL_SCHEMA, "run",
                     tsp_encode_run(&request->run), "cpu", request->cpu, "machine",
                     record != NULL ? tsp_encode_machine(record) : json_null(), "case",
                     TSP_ENCODE_TEXT(request->id), "round", (json_int_t)request->round, "like", like);
}

static int check_schema(const json_t *json, struct tsp_error *error) {
    const char *schema = json_string_value(json_object_get(json, "schema"));
    if (schema == NULL || strcmp(schema, TSP_DUEL_SCHEMA) != 0) {
        return tsp_error_set(
            error,
            "asked in schema %.60s, this transept knows %s; build both from revisions that agree on it",
            schema != NULL ? schema : "none", TSP_DUEL_SCHEMA);
    }
    return 0;
}

/* -1 is a CPU too: choose one. */
static int decode_cpu(struct tsp_decoder *decoder, const json_t *json) {
    const json_t *cpu = json_object_get(json, "cpu");
    json_int_t number = json_integer_value(cpu);
    if (!json_is_integer(cpu) || number < -1 || number > 1 << 20) {
        tsp_decode_complain(decoder, "cpu", "expected a CPU's number or -1");
        return -1;
    }
    return (int)number;
}

static void decode_request(struct tsp_decoder *decoder, const json_t *json,
                           struct tsp_duel_request *request) {
    tsp_decode_run(decoder, tsp_decode_object(decoder, json, "run"), &request->run);
    request->cpu = decode_cpu(decoder, json);
    tsp_decode_text(decoder, json, "case", request->id, sizeof request->id);
    request->round = tsp_decode_small(decoder, json, "round");
    const json_t *like = json_object_get(json, "like");
    if (json_is_object(like)) {
        request->like =
            (struct tsp_duel_like){.known = true,
                                   .per_op = tsp_decode_flag(decoder, like, "per_op"),
                                   .ops_per_sample = tsp_decode_count(decoder, like, "ops", INT64_MAX)};
    }
    if (request->id[0] != '\0') {
        struct tsp_record *head = calloc(1, sizeof *head);
        if (head == NULL) {
            tsp_decode_complain(decoder, "machine", "no memory for it");
            return;
        }
        tsp_decode_machine(decoder, tsp_decode_object(decoder, json, "machine"), head);
        request->clock = head->clock;
        free(head);
    }
}

int tsp_duel_request_read(struct tsp_duel_request *request, FILE *stream, struct tsp_error *error) {
    json_error_t at;
    *request = (struct tsp_duel_request){.cpu = -1};
    json_t *json = json_loadf(stream, JSON_REJECT_DUPLICATES, &at);
    if (json == NULL) {
        return tsp_error_set(
            error, "the question is not JSON (%s); this command is for `transept duel` alone", at.text);
    }
    int status = check_schema(json, error);
    if (status == 0) {
        struct tsp_decoder decoder = {.file = "the question", .error = error};
        decode_request(&decoder, json, request);
        status = decoder.failed ? -1 : 0;
    }
    json_decref(json);
    return status;
}

/* Writes the line and takes the value. */
static int answer(json_t *json, FILE *stream, struct tsp_error *error) {
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(TSP_DIGITS)) : NULL;
    json_decref(json);
    if (text == NULL) {
        return tsp_error_set(error, "no memory for an answer");
    }
    int status = fputs(text, stream) == EOF || putc('\n', stream) == EOF || fflush(stream) != 0
                     ? tsp_error_set(error, "cannot answer: %s", strerror(errno))
                     : 0;
    free(text);
    return status;
}

int tsp_duel_answer_header(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    return answer(tsp_journal_encode_header(record), stream, error);
}

int tsp_duel_answer_round(const char *id, const struct tsp_round *round, FILE *stream,
                          struct tsp_error *error) {
    return answer(tsp_journal_encode_round(id, round), stream, error);
}
