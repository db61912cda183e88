/* Records of as many cases as one likes, in a moment: the cases of another record over and over, each under a name of its own. */
#ifndef TRANSEPT_TESTS_RECORD_MANY_H
#define TRANSEPT_TESTS_RECORD_MANY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/digest.h"
#include "record/encode.h"
#include "record/sink.h"

/* A text and where in it the case's id ends. */
struct many_text {
    char *bytes;
    size_t size;
    size_t id_end;
};

static inline void many_find_id(struct many_text *text, const char *id) {
    const char *place = strstr(text->bytes, id);
    text->id_end = place != NULL ? (size_t)(place - text->bytes) + strlen(id) : text->size;
}

/* The case as our writer lays it out. */
static inline struct many_text many_laid(json_t *object) {
    struct many_text text = {0};
    struct tsp_sink sink = {.stream = open_memstream(&text.bytes, &text.size)};
    tsp_sink_lay(&sink, object, 2, 1);
    (void)fclose(sink.stream);
    many_find_id(&text, json_string_value(json_object_get(object, "id")));
    return text;
}

/* The case as the digest has it. */
static inline struct many_text many_spelled(const json_t *object) {
    struct many_text text = {
        .bytes = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(TSP_DIGITS))};
    text.size = strlen(text.bytes);
    many_find_id(&text, json_string_value(json_object_get(object, "id")));
    return text;
}

static inline void many_put(FILE *stream, const struct many_text *text, const char *suffix) {
    (void)fwrite(text->bytes, 1, text->id_end, stream);
    (void)fputs(suffix, stream);
    (void)fwrite(text->bytes + text->id_end, 1, text->size - text->id_end, stream);
}

static inline uint64_t many_digest(uint64_t digest, const struct many_text *text, const char *suffix) {
    digest = tsp_digest_add_text(digest, text->bytes, text->id_end);
    digest = tsp_digest_add_text(digest, suffix, strlen(suffix));
    return tsp_digest_add_text(digest, text->bytes + text->id_end, text->size - text->id_end);
}

static inline void many_put_head(FILE *stream, const json_t *record, uint64_t *digest) {
    static const char *const parts[] = {"run", "machine", "build"};
    (void)fputs("{\n \"schema\": \"" TSP_RECORD_SCHEMA "\"", stream);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
        struct tsp_sink sink = {.stream = stream};
        json_t *part = json_object_get(record, parts[i]);
        *digest = tsp_digest_add(*digest, part);
        (void)fprintf(stream, ",\n \"%s\": ", parts[i]);
        tsp_sink_lay(&sink, part, 1, 1);
    }
}

/* `record` with so many cases, like those it has, which must name their id first. */
static inline void many_write(FILE *stream, const json_t *record, size_t count) {
    uint64_t digest = TSP_DIGEST_START;
    char text[TSP_DIGEST_SIZE];
    const json_t *cases = json_object_get(record, "cases");
    size_t kinds = json_array_size(cases);
    struct many_text *laid = calloc(kinds, sizeof *laid);
    struct many_text *spelled = calloc(kinds, sizeof *spelled);
    many_put_head(stream, record, &digest);
    (void)fputs(",\n \"cases\": [", stream);
    for (size_t i = 0; i < count; ++i) {
        char suffix[32];
        size_t kind = i % kinds;
        if (i < kinds) {
            laid[i] = many_laid(json_array_get(cases, i));
            spelled[i] = many_spelled(json_array_get(cases, i));
        }
        (void)snprintf(suffix, sizeof suffix, "/copy=%zu", i / kinds);
        (void)fputs(i > 0 ? ",\n  " : "\n  ", stream);
        many_put(stream, &laid[kind], suffix);
        digest = many_digest(digest, &spelled[kind], suffix);
    }
    (void)fprintf(stream, "\n ],\n \"digest\": \"%s\"\n}\n", tsp_digest_text(digest, text));
    for (size_t i = 0; i < kinds; ++i) {
        free(laid[i].bytes);
        free(spelled[i].bytes);
    }
    free(laid);
    free(spelled);
}

#endif
