/* Reading a journal back after the run was killed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/decode.h"
#include "record/digest.h"
#include "record/files.h"
#include "record/journal.h"

/* The journal while it is read. */
struct reader {
    FILE *stream;
    const char *path;
    unsigned long line;
    char where[300]; /* "path:12" */
    struct tsp_decoder decoder;
    struct tsp_record *record;
};

/* Parses one whole line. */
static json_t *parse_line(struct reader *reader, const char *text, size_t length) {
    json_error_t at;
    (void)snprintf(reader->where, sizeof reader->where, "%.280s:%lu", reader->path, reader->line);
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &at);
    if (json == NULL) {
        reader->decoder.failed = true;
        tsp_error_set(reader->decoder.error,
                      "%s: the journal is damaged (column %d: %s); start anew without --resume",
                      reader->where, at.column, at.text);
    }
    return json;
}

static void decode_cases(struct tsp_decoder *decoder, const json_t *cases, struct tsp_record *record) {
    size_t i = 0;
    const json_t *object = NULL;
    if (json_array_size(cases) > 0) {
        record->results = calloc(json_array_size(cases), sizeof *record->results);
        if (record->results == NULL) {
            tsp_decode_complain(decoder, "cases", "no memory for %zu cases", json_array_size(cases));
        }
    }
    json_array_foreach(cases, i, object) {
        if (decoder->failed) {
            break;
        }
        size_t mark = tsp_decode_enter(decoder, "cases", 0);
        tsp_decode_plan(decoder, object, &record->results[record->result_count++]);
        tsp_decode_leave(decoder, mark);
    }
    tsp_decode_unique(decoder, record);
}

void tsp_journal_decode_header(struct tsp_decoder *decoder, const json_t *json, struct tsp_record *record) {
    const char *schema = json_string_value(json_object_get(json, "schema"));
    if (schema == NULL || strcmp(schema, TSP_JOURNAL_SCHEMA) != 0) {
        decoder->failed = true;
        tsp_error_set(decoder->error,
                      "%s: not a journal that this transept can resume: its schema is %.60s, expected %s",
                      decoder->file, schema != NULL ? schema : "missing", TSP_JOURNAL_SCHEMA);
        return;
    }
    const json_t *header = tsp_decode_object(decoder, json, "header");
    tsp_decode_run(decoder, tsp_decode_object(decoder, header, "run"), &record->run);
    tsp_decode_machine(decoder, tsp_decode_object(decoder, header, "machine"), record);
    tsp_decode_build(decoder, tsp_decode_object(decoder, header, "build"), &record->build);
    decode_cases(decoder, tsp_decode_array(decoder, header, "cases"), record);
    tsp_decode_digest(decoder, json, tsp_digest_add(TSP_DIGEST_START, header));
}

void tsp_journal_decode_round(struct tsp_decoder *decoder, const json_t *json, char *id, size_t size,
                              struct tsp_round *round) {
    tsp_decode_name(decoder, json, "case", id, size);
    tsp_decode_round(decoder, tsp_decode_object(decoder, json, "round"), round);
    char digest[TSP_DIGEST_SIZE];
    tsp_decode_name(decoder, json, "digest", digest, sizeof digest);
    json_t *content = json_pack("{s:O?,s:O?}", "case", json_object_get(json, "case"), "round",
                                json_object_get(json, "round"));
    tsp_decode_digest(decoder, json, tsp_digest_add(TSP_DIGEST_START, content));
    json_decref(content);
}

static void read_round(struct reader *reader, const json_t *json, struct tsp_round *round) {
    struct tsp_decoder *decoder = &reader->decoder;
    char id[sizeof reader->record->results->id];
    struct tsp_error error = {""};
    tsp_journal_decode_round(decoder, json, id, sizeof id, round);
    if (decoder->failed) {
        return;
    }
    struct tsp_result *result = tsp_record_find(reader->record, id);
    if (result == NULL) {
        tsp_decode_complain(decoder, "case", "%s is not in the header", id);
    } else if (tsp_result_add_round(result, round, &error) != 0) {
        tsp_decode_complain(decoder, "round", "%s", error.text);
    }
}

/* Reads whole lines; `*end` becomes where the last of them ends. */
static void read_lines(struct reader *reader, struct tsp_round *round, off_t *end) {
    char *text = NULL;
    size_t room = 0;
    ssize_t length = 0;
    while (!reader->decoder.failed && (length = getline(&text, &room, reader->stream)) > 0 &&
           text[length - 1] == '\n') {
        ++reader->line;
        json_t *json = parse_line(reader, text, (size_t)length);
        if (json != NULL && reader->line == 1) {
            tsp_journal_decode_header(&reader->decoder, json, reader->record);
        } else if (json != NULL) {
            read_round(reader, json, round);
        }
        json_decref(json);
        *end += length;
    }
    free(text);
    if (!reader->decoder.failed && ferror(reader->stream)) {
        reader->decoder.failed = true;
        tsp_error_set(reader->decoder.error, "cannot read %.300s: %s", reader->path, strerror(errno));
    } else if (!reader->decoder.failed && reader->line == 0) {
        reader->decoder.failed = true;
        tsp_error_set(reader->decoder.error,
                      "%.300s: the journal has no whole first line; start anew without --resume",
                      reader->path);
    }
}

static int read_journal(struct tsp_journal *journal, struct tsp_record *record, struct tsp_error *error) {
    struct reader reader = {.path = journal->path, .record = record, .decoder = {.error = error}};
    reader.decoder.file = reader.where;
    struct tsp_round *round = malloc(sizeof *round);
    int copy = dup(journal->fd); /* fclose() must not close the journal's own */
    reader.stream = copy >= 0 ? fdopen(copy, "r") : NULL;
    if (round == NULL || reader.stream == NULL) {
        tsp_error_set(error, "cannot read %.300s: %s", journal->path, strerror(errno));
        reader.decoder.failed = true;
        if (copy >= 0 && reader.stream == NULL) {
            close(copy);
        }
    } else {
        read_lines(&reader, round, &journal->end);
    }
    if (reader.stream != NULL) {
        fclose(reader.stream);
    }
    free(round);
    return reader.decoder.failed ? -1 : 0;
}

int tsp_journal_resume(struct tsp_journal **journal, const char *path, struct tsp_record *record,
                       struct tsp_error *error) {
    *journal = NULL;
    memset(record, 0, sizeof *record);
    struct tsp_journal *opened = tsp_journal_open(path, false, error);
    if (opened == NULL) {
        return -1;
    }
    if (read_journal(opened, record, error) != 0) {
        tsp_record_free(record);
        tsp_journal_close(opened, false);
        return -1;
    }
    if (ftruncate(opened->fd, opened->end) != 0) {
        int code = errno;
        tsp_record_free(record);
        tsp_journal_close(opened, false);
        return tsp_files_complain(error, path, code);
    }
    *journal = opened;
    return 0;
}
