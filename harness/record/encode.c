/* Texts, numbers and estimates as JSON values. */
#include "record/encode.h"

#include <math.h>
#include <string.h>

/* Doubles are whole numbers beyond this, and JavaScript's integers end here. */
#define EXACT_MAX 9007199254740992.0

json_t *tsp_encode_text(const char *text, size_t size) {
    size_t length = strnlen(text, size);
    if (length == 0) {
        return json_null();
    }
    json_t *value = json_stringn(text, length);
    if (value != NULL) {
        return value;
    }
    char ascii[4096];
    length = length < sizeof ascii ? length : sizeof ascii - 1;
    for (size_t i = 0; i < length; ++i) {
        ascii[i] = '?';
        if ((unsigned char)text[i] < 0x80) {
            ascii[i] = text[i];
        }
    }
    return json_stringn(ascii, length);
}

json_t *tsp_encode_number(double value) {
    if (!isfinite(value)) {
        return json_null();
    }
    if (fabs(value) < EXACT_MAX && value == floor(value)) {
        return json_integer((json_int_t)value);
    }
    return json_real(value);
}

const char *tsp_number_text(double value, char text[TSP_NUMBER_SIZE]) {
    text[0] = '\0';
    if (isfinite(value)) {
        json_t *number = tsp_encode_number(value);
        size_t length =
            json_dumpb(number, text, TSP_NUMBER_SIZE - 1, JSON_ENCODE_ANY | JSON_REAL_PRECISION(TSP_DIGITS));
        text[length < TSP_NUMBER_SIZE ? length : 0] = '\0';
        json_decref(number);
    }
    return text;
}

json_t *tsp_encode_count(uint64_t value) {
    return json_integer((json_int_t)(value < INT64_MAX ? value : INT64_MAX));
}

json_t *tsp_encode_known(uint64_t value) {
    return value > 0 ? tsp_encode_count(value) : json_null();
}

json_t *tsp_encode_estimate(const struct tsp_estimate *estimate, const char *no_bounds) {
    if (isfinite(estimate->value) && isfinite(estimate->lo) && isfinite(estimate->hi)) {
        return json_pack("{s:o,s:o,s:o}", "value", tsp_encode_number(estimate->value), "lo",
                         tsp_encode_number(estimate->lo), "hi", tsp_encode_number(estimate->hi));
    }
    if (isfinite(estimate->value)) {
        return json_pack("{s:o,s:n,s:n,s:s}", "value", tsp_encode_number(estimate->value), "lo", "hi",
                         "reason", no_bounds);
    }
    if (estimate->needs > 0) {
        return json_pack("{s:n,s:o}", "value", "needs", tsp_encode_count(estimate->needs));
    }
    return json_null();
}

bool tsp_encode_append(json_t **array, json_t *item) {
    if (*array == NULL) {
        json_decref(item);
    } else if (json_array_append_new(*array, item) != 0) { /* which also refuses, and frees, a NULL item */
        json_decref(*array);
        *array = NULL;
    }
    return *array != NULL;
}

bool tsp_encode_member(json_t **object, const char *name, json_t *item) {
    if (*object == NULL) {
        json_decref(item);
    } else if (json_object_set_new(*object, name, item) != 0) {
        json_decref(*object);
        *object = NULL;
    }
    return *object != NULL;
}
