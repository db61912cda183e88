/* A record's cases in brief, one by one. */
#include <stdlib.h>
#include <string.h>

#include "record/brief.h"
#include "record/digest.h"
#include "record/reading.h"

struct briefing {
    struct tsp_record_reading reading;
    struct tsp_tape tape;
    struct tsp_brief brief;
    const struct tsp_ask *ask;
};

/* A case that is spelt as our writers do it, and as it should be: no tree is made of it. */
static bool read_ours(struct briefing *briefing) {
    struct tsp_record_reading *reading = &briefing->reading;
    struct tsp_tape *tape = &briefing->tape;
    size_t size = 0;
    const char *text = tsp_split_peek(&reading->split, &size);
    size_t length = text != NULL ? tsp_tape_read(tape, text, size) : 0;
    if (length == 0 || !tape->canonical || !tsp_brief_take(&briefing->brief, tape, briefing->ask) ||
        !tsp_split_skip(&reading->split, length)) {
        return false;
    }
    reading->digest = tsp_digest_add_text(reading->digest, tape->spelling, tape->spelled);
    return true;
}

/* The members of these names, as far as there are such. */
static json_t *pick(const json_t *object, const char *const *names, size_t count) {
    json_t *picked = json_object();
    for (size_t i = 0; i < count; ++i) {
        json_t *value = json_object_get(object, names[i]);
        if (value != NULL && json_object_set(picked, names[i], value) != 0) {
            break; /* no memory: it will be missed */
        }
    }
    return picked;
}

static json_t *pick_metric(const json_t *metric, const char *statistic) {
    static const char *const names[] = {"unit",     "evidence",         "status", "reason",
                                        "interval", "nondeterministic", "p50"};
    const char *const of_round[] = {"round", "n", statistic};
    json_t *picked = pick(metric, names, sizeof names / sizeof *names);
    json_t *rounds = json_array();
    size_t i = 0;
    const json_t *round = NULL;
    json_array_foreach(json_object_get(metric, "rounds"), i, round) {
        (void)json_array_append_new(rounds, pick(round, of_round, sizeof of_round / sizeof *of_round));
    }
    (void)json_object_set_new(picked, "rounds", rounds);
    return picked;
}

/* What a brief is made of; without it fields that nobody knows yet, of whatever size and depth. */
static json_t *pick_case(const json_t *object, const char *statistic) {
    static const char *const names[] = {"id", "family", "status", "reason"};
    json_t *picked = pick(object, names, sizeof names / sizeof *names);
    json_t *metrics = json_object();
    const char *name = NULL;
    json_t *metric = NULL;
    json_object_foreach(json_object_get(object, "metrics"), name, metric) {
        (void)json_object_set_new(metrics, name, pick_metric(metric, statistic));
    }
    (void)json_object_set_new(picked, "metrics", metrics);
    return picked;
}

/* Any other: read as a whole, which says what is wrong with it; if nothing is, it is spelt anew. False: it was none, or the decoder has the
 * complaint. */
static bool read_other(struct briefing *briefing) {
    struct tsp_record_reading *reading = &briefing->reading;
    struct tsp_decoder *decoder = &reading->decoder;
    struct tsp_result result = {.id = ""};
    json_t *object = tsp_reading_next(reading);
    if (object == NULL) {
        return false;
    }
    tsp_reading_decode(reading, object, &result);
    tsp_result_free(&result);
    json_t *picked = decoder->failed ? NULL : pick_case(object, briefing->ask->statistic);
    /* 17 digits are those of a double: nothing is rounded */
    char *text = json_dumps(picked, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(picked);
    json_decref(object);
    if (!decoder->failed && (text == NULL || tsp_tape_read(&briefing->tape, text, strlen(text)) == 0 ||
                             !tsp_brief_take(&briefing->brief, &briefing->tape, briefing->ask))) {
        tsp_decode_complain(decoder, "cases", "the one of index %zu has too many metrics, or memory is out",
                            reading->count);
    }
    free(text);
    return !decoder->failed;
}

int tsp_record_scan_briefs(struct tsp_record *record, const char *path, const struct tsp_ask *ask,
                           tsp_brief_visitor *visit, void *data, struct tsp_error *error) {
    struct briefing briefing = {.ask = ask};
    struct tsp_record_reading *reading = &briefing.reading;
    tsp_reading_begin(reading, record, path, error);
    while (!reading->decoder.failed && (read_ours(&briefing) || read_other(&briefing))) {
        tsp_reading_note(reading, briefing.brief.id);
        reading->decoder.failed =
            reading->decoder.failed || visit(data, &briefing.brief, reading->decoder.error) != 0;
    }
    tsp_tape_free(&briefing.tape);
    tsp_brief_free(&briefing.brief);
    return tsp_reading_end(reading);
}
