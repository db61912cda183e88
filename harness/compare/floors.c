/* Noise floors: where they are kept, and the arithmetic of false alarms. */
#include "transept/floors.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/decode.h"
#include "record/digest.h"
#include "record/encode.h"
#include "record/files.h"
#include "transept/stats.h"

int tsp_floors_path(char *path, size_t size, const char *root, const struct tsp_machine *machine,
                    struct tsp_error *error) {
    if (strchr(machine->arch, '/') != NULL || strchr(machine->id, '/') != NULL) {
        return tsp_error_set(error, "machine %s/%s is no folder's name", machine->arch, machine->id);
    }
    int length = snprintf(path, size, "%s/%s/%s/floors.json", root, machine->arch, machine->id);
    return length >= 0 && (size_t)length < size ? 0 : tsp_files_complain(error, root, ENAMETOOLONG);
}

/* --- order ------------------------------------------------------------------------------------------------------------------------ */

static int compare_floors(const void *a, const void *b) {
    return strverscmp(((const struct tsp_floor *)a)->id, ((const struct tsp_floor *)b)->id);
}

const struct tsp_floor *tsp_floors_find(const struct tsp_floors *floors, const char *id) {
    struct tsp_floor key = {.repeats = 0};
    (void)snprintf(key.id, sizeof key.id, "%s", id);
    return floors->count == 0 ? NULL : bsearch(&key, floors->of, floors->count, sizeof key, compare_floors);
}

static void sort(struct tsp_floors *floors) {
    if (floors->count > 1) {
        qsort(floors->of, floors->count, sizeof *floors->of, compare_floors);
    }
}

double tsp_floors_between(const void *floors, const char *id) {
    const struct tsp_floor *floor = tsp_floors_find(floors, id);
    return floor != NULL ? floor->between : (double)NAN;
}

double tsp_floors_paired(const void *floors, const char *id) {
    const struct tsp_floor *floor = tsp_floors_find(floors, id);
    return floor != NULL ? floor->paired : (double)NAN;
}

int tsp_floors_add(struct tsp_floors *floors, const struct tsp_floors *earlier, struct tsp_error *error) {
    size_t known = floors->count;
    struct tsp_floor *all = realloc(floors->of, (known + earlier->count + 1) * sizeof *all);
    if (all == NULL) {
        return tsp_error_set(error, "no memory for the floors of %zu cases", known + earlier->count);
    }
    floors->of = all;
    sort(floors);
    struct tsp_floors own = {.of = all, .count = known};
    for (size_t i = 0; i < earlier->count; ++i) {
        if (tsp_floors_find(&own, earlier->of[i].id) == NULL) {
            all[floors->count++] = earlier->of[i];
        }
    }
    sort(floors);
    return 0;
}

/* --- arithmetic ------------------------------------------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b) {
    double first = *(const double *)a;
    double other = *(const double *)b;
    return (first > other) - (first < other);
}

double tsp_floor_from(double *ratios, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(ratios[i]) && ratios[i] > 0) {
            ratios[kept++] = fabs(log(ratios[i]));
        }
    }
    if (kept < 2) {
        return NAN;
    }
    qsort(ratios, kept, sizeof *ratios, compare_numbers);
    return expm1(tsp_stats_quantile(ratios, kept, 0.95));
}

void tsp_false_alarms_count(struct tsp_false_alarms *alarms, const struct tsp_comparison *comparison) {
    for (size_t i = 0; i < comparison->row_count; ++i) {
        const struct tsp_row *row = &comparison->rows[i];
        if (isnan(row->adjusted_p)) {
            continue; /* a count, or nothing to be judged */
        }
        ++alarms->judged;
        alarms->slower += row->verdict == TSP_VERDICT_WORSE;
        alarms->faster += row->verdict == TSP_VERDICT_BETTER;
    }
}

/* --- the file --------------------------------------------------------------------------------------------------------------------- */

static json_t *encode_alarms(const struct tsp_false_alarms *alarms) {
    return json_pack("{s:o,s:o,s:o}", "judged", tsp_encode_count(alarms->judged), "slower",
                     tsp_encode_count(alarms->slower), "faster", tsp_encode_count(alarms->faster));
}

static json_t *encode(const struct tsp_floors *floors) {
    json_t *cases = json_object();
    for (size_t i = 0; i < floors->count; ++i) {
        const struct tsp_floor *floor = &floors->of[i];
        tsp_encode_member(&cases, floor->id,
                          json_pack("{s:o,s:o,s:i}", "between", tsp_encode_number(floor->between), "paired",
                                    tsp_encode_number(floor->paired), "repeats", (int)floor->repeats));
    }
    json_t *json =
        json_pack("{s:s,s:o,s:o,s:o,s:o,s:i,s:i,s:o,s:{s:o,s:o},s:o}", "schema", TSP_FLOORS_SCHEMA, "arch",
                  TSP_ENCODE_TEXT(floors->arch), "machine", TSP_ENCODE_TEXT(floors->machine), "made",
                  TSP_ENCODE_TEXT(floors->made), "version", TSP_ENCODE_TEXT(floors->version), "repeats",
                  (int)floors->repeats, "rounds", (int)floors->rounds, "threshold",
                  tsp_encode_number(floors->threshold), "false_alarms", "between",
                  encode_alarms(&floors->between), "paired", encode_alarms(&floors->paired), "cases", cases);
    char digest[TSP_DIGEST_SIZE];
    tsp_digest_text(tsp_digest_add(TSP_DIGEST_START, json), digest);
    tsp_encode_member(&json, "digest", json_string(digest));
    return json;
}

int tsp_floors_save(struct tsp_floors *floors, const char *path, struct tsp_error *error) {
    sort(floors);
    json_t *json = encode(floors);
    char *text = json != NULL ? json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(TSP_DIGITS)) : NULL;
    json_decref(json);
    int status =
        text != NULL ? tsp_files_put(path, text, error) : tsp_error_set(error, "no memory to write %s", path);
    free(text);
    return status;
}

static void decode_alarms(struct tsp_decoder *decoder, const json_t *json, const char *key,
                          struct tsp_false_alarms *alarms) {
    const json_t *object = tsp_decode_object(decoder, json, key);
    alarms->judged = tsp_decode_count(decoder, object, "judged", INT64_MAX);
    alarms->slower = tsp_decode_count(decoder, object, "slower", INT64_MAX);
    alarms->faster = tsp_decode_count(decoder, object, "faster", INT64_MAX);
}

static void decode_floor(struct tsp_decoder *decoder, const char *id, const json_t *json,
                         struct tsp_floor *floor) {
    size_t mark = tsp_decode_enter(decoder, id, 0);
    (void)snprintf(floor->id, sizeof floor->id, "%s", id);
    floor->between = tsp_decode_number(decoder, json, "between", NAN);
    floor->paired = tsp_decode_number(decoder, json, "paired", NAN);
    floor->repeats = tsp_decode_small(decoder, json, "repeats");
    if (floor->between < 0 || floor->paired < 0 || strlen(id) >= sizeof floor->id) {
        tsp_decode_complain(decoder, NULL, "is no share from 0, or its case's name is too long");
    }
    tsp_decode_leave(decoder, mark);
}

static void decode(struct tsp_decoder *decoder, json_t *json, struct tsp_floors *floors) {
    const char *id = NULL;
    json_t *object = NULL;
    tsp_decode_name(decoder, json, "arch", floors->arch, sizeof floors->arch);
    tsp_decode_name(decoder, json, "machine", floors->machine, sizeof floors->machine);
    tsp_decode_text(decoder, json, "made", floors->made, sizeof floors->made);
    tsp_decode_text(decoder, json, "version", floors->version, sizeof floors->version);
    floors->repeats = tsp_decode_small(decoder, json, "repeats");
    floors->rounds = tsp_decode_small(decoder, json, "rounds");
    floors->threshold = tsp_decode_number(decoder, json, "threshold", 0);
    const json_t *alarms = tsp_decode_object(decoder, json, "false_alarms");
    decode_alarms(decoder, alarms, "between", &floors->between);
    decode_alarms(decoder, alarms, "paired", &floors->paired);
    json_t *cases = tsp_decode_object(decoder, json, "cases");
    size_t mark = tsp_decode_enter(decoder, "cases", 0);
    floors->of = calloc(json_object_size(cases) + 1, sizeof *floors->of);
    json_object_foreach(cases, id, object) {
        if (decoder->failed || floors->of == NULL) {
            break;
        }
        decode_floor(decoder, id, object, &floors->of[floors->count++]);
    }
    tsp_decode_leave(decoder, mark);
    json_t *content = json_copy(json);
    (void)json_object_del(content, "digest");
    tsp_decode_digest(decoder, json, tsp_digest_add(TSP_DIGEST_START, content));
    json_decref(content);
}

int tsp_floors_read(struct tsp_floors *floors, const char *path, struct tsp_error *error) {
    json_error_t at;
    memset(floors, 0, sizeof *floors);
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        return tsp_error_set(error, "%s: %s; `transept calibrate` makes it", path, strerror(errno));
    }
    json_t *json = json_loadf(stream, JSON_REJECT_DUPLICATES, &at);
    (void)fclose(stream);
    const char *schema = json_string_value(json_object_get(json, "schema"));
    int status = 0;
    if (json == NULL) {
        status = tsp_error_set(error, "%s:%d:%d: %s; make it anew with `transept calibrate`", path, at.line,
                               at.column, at.text);
    } else if (schema == NULL || strcmp(schema, TSP_FLOORS_SCHEMA) != 0) {
        status = tsp_error_set(error, "%s: schema %.60s cannot be read: this transept knows %s", path,
                               schema != NULL ? schema : "missing", TSP_FLOORS_SCHEMA);
    } else {
        struct tsp_decoder decoder = {.file = path, .error = error};
        decode(&decoder, json, floors);
        status = decoder.failed ? -1 : 0;
    }
    json_decref(json);
    sort(floors);
    return status;
}

void tsp_floors_free(struct tsp_floors *floors) {
    free(floors->of);
    *floors = (struct tsp_floors){.of = NULL};
}
