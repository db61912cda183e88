/* Counts out of a file: one of counts, or a record. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/counts.h"
#include "record/decode.h"
#include "record/split.h"

#define TEXT(object, key, array) tsp_decode_name(decoder, object, key, array, sizeof(array))

static void decode_toolchain(struct tsp_decoder *decoder, const json_t *json,
                             struct tsp_toolchain *toolchain) {
    const json_t *object = tsp_decode_object(decoder, json, "toolchain");
    size_t mark = tsp_decode_enter(decoder, "toolchain", 0);
    for (unsigned i = 0; i < TSP_TOOLCHAIN_FIELDS; ++i) {
        tsp_decode_text(decoder, object, tsp_toolchain_name((enum tsp_toolchain_field)i), toolchain->of[i],
                        sizeof toolchain->of[i]);
    }
    tsp_decode_leave(decoder, mark);
}

static void decode_count(struct tsp_decoder *decoder, const char *name, const json_t *value,
                         struct tsp_count *count) {
    (void)snprintf(count->name, sizeof count->name, "%s", name);
    const char *word = json_string_value(value);
    count->varies = word != NULL && strcmp(word, "varies") == 0;
    count->value = json_is_number(value) ? json_number_value(value) : (double)NAN;
    if (strlen(name) >= sizeof count->name) {
        tsp_decode_complain(decoder, name, "is too long a name");
    } else if (!count->varies && !isfinite(count->value)) {
        tsp_decode_complain(decoder, name, "expected a number or \"varies\"");
    }
}

static void decode_counts(struct tsp_decoder *decoder, const json_t *object,
                          struct tsp_counted_case *counted) {
    json_t *counts = tsp_decode_object(decoder, object, "counts");
    const char *name = NULL;
    json_t *value = NULL;
    size_t mark = tsp_decode_enter(decoder, "counts", 0);
    counted->counts = calloc(json_object_size(counts) + 1, sizeof *counted->counts);
    if (counted->counts == NULL) {
        tsp_decode_complain(decoder, NULL, "no memory for %zu counts", json_object_size(counts));
        return;
    }
    json_object_foreach(counts, name, value) {
        if (decoder->failed) {
            break;
        }
        decode_count(decoder, name, value, &counted->counts[counted->count_count++]);
    }
    tsp_decode_leave(decoder, mark);
}

static void decode_case(struct tsp_decoder *decoder, const char *id, const json_t *object,
                        struct tsp_counted_case *counted) {
    size_t mark = tsp_decode_enter(decoder, id, 0);
    (void)snprintf(counted->id, sizeof counted->id, "%s", id);
    if (strlen(id) >= sizeof counted->id) {
        tsp_decode_complain(decoder, NULL, "is too long a name of a case");
    }
    counted->status = (enum tsp_status)tsp_decode_word(decoder, object, "status", tsp_status_parse);
    if (!decoder->failed && counted->status == TSP_OK) {
        decode_counts(decoder, object, counted);
    } else {
        tsp_decode_text(decoder, object, "reason", counted->reason, sizeof counted->reason);
    }
    tsp_decode_leave(decoder, mark);
}

static void decode_cases(struct tsp_decoder *decoder, const json_t *json, struct tsp_counts *counts) {
    json_t *cases = tsp_decode_object(decoder, json, "cases");
    const char *id = NULL;
    json_t *object = NULL;
    size_t mark = tsp_decode_enter(decoder, "cases", 0);
    counts->cases = calloc(json_object_size(cases) + 1, sizeof *counts->cases);
    if (counts->cases == NULL) {
        tsp_decode_complain(decoder, NULL, "no memory for %zu cases", json_object_size(cases));
        return;
    }
    json_object_foreach(cases, id, object) {
        if (decoder->failed) {
            break;
        }
        decode_case(decoder, id, object, &counts->cases[counts->case_count++]);
    }
    tsp_decode_leave(decoder, mark);
    tsp_counts_sort(counts);
}

static int read_counts(struct tsp_counts *counts, const json_t *json, const char *path,
                       struct tsp_error *error) {
    const char *schema = json_string_value(json_object_get(json, "schema"));
    struct tsp_decoder state = {.file = path, .error = error};
    struct tsp_decoder *decoder = &state;
    if (strcmp(schema, TSP_COUNTS_SCHEMA) != 0) {
        return tsp_error_set(error, "%s: schema %.60s cannot be read: this transept knows %s", path, schema,
                             TSP_COUNTS_SCHEMA);
    }
    TEXT(json, "arch", counts->arch);
    TEXT(json, "suite", counts->suite);
    decode_toolchain(decoder, json, &counts->toolchain);
    decode_cases(decoder, json, counts);
    return decoder->failed ? -1 : 0;
}

static int add_case(void *data, const struct tsp_brief *brief, struct tsp_error *error) {
    return tsp_counts_add(data, brief, error);
}

static int read_record(struct tsp_counts *counts, const char *path, struct tsp_error *error) {
    static const struct tsp_ask ask = {.counts = true, .statistic = "p50"};
    struct tsp_record head;
    if (tsp_record_scan_briefs(&head, path, &ask, add_case, counts, error) != 0) {
        return -1;
    }
    return tsp_counts_settle(counts, &head, error) == 0 ? 0 : tsp_error_prefix(error, "%s", path);
}

/* All of a file of counts, whose cases are an object; of a record what stands around them. NULL: neither can be read. */
static json_t *read_head(const char *path) {
    struct tsp_error error;
    struct tsp_split split;
    json_t *json = tsp_split_open(&split, path, &error) == 0 ? tsp_split_head(&split, &error) : NULL;
    tsp_split_close(&split);
    return json;
}

int tsp_counts_read(struct tsp_counts *counts, const char *path, struct tsp_error *error) {
    static const char family[] = "transept.counts/";
    memset(counts, 0, sizeof *counts);
    json_t *json = read_head(path);
    const char *schema = json_string_value(json_object_get(json, "schema"));
    bool is_counts = schema != NULL && strncmp(schema, family, sizeof family - 1) == 0;
    int status = is_counts
                     ? read_counts(counts, json, path, error)
                     : read_record(counts, path, error); /* also says what is wrong with what is neither */
    json_decref(json);
    if (status != 0) {
        tsp_counts_free(counts);
    }
    return status;
}
