/* The trend of a history, as `transept history trend --format json` writes it. */
#include <math.h>
#include <string.h>

#include "record/encode.h"
#include "report/parts.h"

#define POINTS_MAX 2000 /* of a series: more than a screen has dots */

static bool is_text_or_null(const json_t *object, const char *name) {
    const json_t *member = json_object_get(object, name);
    return member == NULL || json_is_null(member) || json_is_string(member);
}

static bool is_number_or_null(const json_t *object, const char *name) {
    const json_t *member = json_object_get(object, name);
    return member == NULL || json_is_null(member) || json_is_number(member);
}

/* A run in which the case has no value says null, and why. */
static bool is_point(const json_t *point) {
    return json_is_object(point) && json_is_string(json_object_get(point, "started")) &&
           is_number_or_null(point, "p50") && is_number_or_null(point, "lo") &&
           is_number_or_null(point, "hi") && is_text_or_null(point, "commit") &&
           is_text_or_null(point, "reason");
}

static bool is_change(const json_t *change, size_t points) {
    const json_t *index = json_object_get(change, "index");
    return json_is_integer(index) && json_integer_value(index) >= 0 &&
           (size_t)json_integer_value(index) < points && is_number_or_null(change, "from") &&
           is_number_or_null(change, "to") && is_number_or_null(change, "p");
}

/* What is wrong with a series; NULL: nothing. */
static const char *fault_of(const json_t *series) {
    static const char *const texts[] = {"case", "metric", "unit", "evidence", "arch"};
    const json_t *points = json_object_get(series, "points");
    const json_t *changes = json_object_get(series, "changes");
    const json_t *band = json_object_get(series, "band");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        if (!json_is_string(json_object_get(series, texts[i]))) {
            return texts[i];
        }
    }
    if (tsp_evidence_parse(json_string_value(json_object_get(series, "evidence"))) < 0) {
        return "evidence";
    }
    if (!json_is_array(points) || json_array_size(points) == 0 || json_array_size(points) > POINTS_MAX) {
        return "points";
    }
    for (size_t i = 0; i < json_array_size(points); ++i) {
        if (!is_point(json_array_get(points, i))) {
            return "points";
        }
    }
    for (size_t i = 0; i < json_array_size(changes); ++i) {
        if (!is_change(json_array_get(changes, i), json_array_size(points))) {
            return "changes";
        }
    }
    return is_text_or_null(series, "machine") && is_number_or_null(band, "lo") &&
                   is_number_or_null(band, "hi")
               ? NULL
               : "band";
}

static int check(const json_t *trend, const char *path, struct tsp_error *error) {
    const char *schema = json_string_value(json_object_get(trend, "schema"));
    const json_t *series = json_object_get(trend, "series");
    if (schema == NULL || strcmp(schema, TSP_TREND_SCHEMA) != 0) {
        return tsp_error_set(
            error, "%.200s: is no trend (schema %s); make one with `transept history trend --format json`",
            path, TSP_TREND_SCHEMA);
    }
    if (!json_is_array(series)) {
        return tsp_error_set(error, "%.200s: has no list of series; make it anew", path);
    }
    for (size_t i = 0; i < json_array_size(series); ++i) {
        const char *fault = fault_of(json_array_get(series, i));
        if (fault != NULL) {
            return tsp_error_set(error, "%.200s: `%s` of its series %zu cannot be used; make it anew", path,
                                 fault, i + 1);
        }
    }
    return 0;
}

json_t *tsp_report_trend(const char *path, struct tsp_error *error) {
    json_error_t damage;
    json_t *trend = json_load_file(path, JSON_REJECT_DUPLICATES, &damage);
    if (trend == NULL) {
        (void)tsp_error_set(error, "%.200s: cannot be read as a trend: %.160s", path, damage.text);
        return NULL;
    }
    json_t *series = check(trend, path, error) == 0 ? json_incref(json_object_get(trend, "series")) : NULL;
    json_decref(trend);
    return series;
}
