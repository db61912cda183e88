/* Reading single values out of JSON, with complaints that name the place. */
#include "record/decode.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tsp_decode_complain(struct tsp_decoder *decoder, const char *key, const char *format, ...) {
    if (decoder->failed) {
        return;
    }
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    const char *dot = key != NULL && decoder->path[0] != '\0' ? "." : "";
    decoder->failed = true;
    (void)tsp_error_set(decoder->error, "%s: %s%s%s: %s; the file is damaged, or transept did not write it",
                        decoder->file, decoder->path, dot, key != NULL ? key : "", what);
}

size_t tsp_decode_enter(struct tsp_decoder *decoder, const char *key, size_t index) {
    size_t mark = strlen(decoder->path);
    char *end = decoder->path + mark;
    size_t room = sizeof decoder->path - mark;
    if (key == NULL) {
        (void)snprintf(end, room, "[%zu]", index);
    } else {
        (void)snprintf(end, room, "%s%s", mark > 0 ? "." : "", key);
    }
    return mark;
}

void tsp_decode_leave(struct tsp_decoder *decoder, size_t mark) {
    decoder->path[mark] = '\0';
}

/* The member, or NULL after a complaint (perhaps an earlier one). */
static json_t *member(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    if (decoder->failed) {
        return NULL;
    }
    if (!json_is_object(object)) {
        tsp_decode_complain(decoder, NULL, "expected an object");
        return NULL;
    }
    json_t *value = json_object_get(object, key);
    if (value == NULL) {
        tsp_decode_complain(decoder, key, "is missing");
    }
    return value;
}

json_t *tsp_decode_object(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    json_t *value = member(decoder, object, key);
    if (value != NULL && !json_is_object(value)) {
        tsp_decode_complain(decoder, key, "expected an object");
        return NULL;
    }
    return value;
}

json_t *tsp_decode_array(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    json_t *value = member(decoder, object, key);
    if (value != NULL && !json_is_array(value)) {
        tsp_decode_complain(decoder, key, "expected an array");
        return NULL;
    }
    return value;
}

/* Bytes of `text` that fit into `size` with the NUL, without half a character at the end (UTF-8, RFC 3629). */
static size_t fitting(const char *text, size_t length, size_t size) {
    if (length < size) {
        return length;
    }
    length = size - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        --length;
    }
    return length;
}

void tsp_decode_text(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                     size_t size) {
    const json_t *value = member(decoder, object, key);
    out[0] = '\0';
    if (value == NULL || json_is_null(value)) {
        return;
    }
    if (!json_is_string(value)) {
        tsp_decode_complain(decoder, key, "expected a text or null");
        return;
    }
    size_t length = fitting(json_string_value(value), json_string_length(value), size);
    memcpy(out, json_string_value(value), length);
    out[length] = '\0';
}

void tsp_decode_added_text(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                           size_t size) {
    out[0] = '\0';
    if (json_object_get(object, key) != NULL) {
        tsp_decode_text(decoder, object, key, out, size);
    }
}

void tsp_decode_name(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                     size_t size) {
    const json_t *value = member(decoder, object, key);
    out[0] = '\0';
    if (value == NULL) {
        return;
    }
    size_t length = json_string_length(value); /* 0 for what is no string */
    if (length == 0 || length >= size) {
        tsp_decode_complain(decoder, key, "expected a text of 1 to %zu bytes", size - 1);
        return;
    }
    memcpy(out, json_string_value(value), length + 1);
}

double tsp_decode_number(struct tsp_decoder *decoder, const json_t *object, const char *key, double absent) {
    const json_t *value = member(decoder, object, key);
    if (value == NULL || json_is_null(value)) {
        return absent;
    }
    if (!json_is_number(value)) {
        tsp_decode_complain(decoder, key, "expected a number or null");
        return absent;
    }
    return json_number_value(value);
}

uint64_t tsp_decode_count(struct tsp_decoder *decoder, const json_t *object, const char *key, uint64_t most) {
    const json_t *value = member(decoder, object, key);
    if (value == NULL) {
        return 0;
    }
    double real = json_number_value(value); /* "5.0" is 5: other programs rewrite files */
    bool whole = json_is_integer(value) || (json_is_real(value) && real == floor(real) && fabs(real) < 9e15);
    if (!whole || real < 0) {
        tsp_decode_complain(decoder, key, "expected a whole number, 0 or more");
        return 0;
    }
    uint64_t count = (uint64_t)(json_is_integer(value) ? json_integer_value(value) : (json_int_t)real);
    if (count > most) {
        tsp_decode_complain(decoder, key, "is too large");
        return 0;
    }
    return count;
}

unsigned tsp_decode_small(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    return (unsigned)tsp_decode_count(decoder, object, key, INT32_MAX);
}

uint64_t tsp_decode_known(struct tsp_decoder *decoder, const json_t *object, const char *key, uint64_t most) {
    bool known = !json_is_null(json_object_get(object, key));
    return known ? tsp_decode_count(decoder, object, key, most) : 0;
}

bool tsp_decode_flag(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    const json_t *value = member(decoder, object, key);
    if (value != NULL && !json_is_boolean(value)) {
        tsp_decode_complain(decoder, key, "expected true or false");
    }
    return json_is_true(value);
}

int tsp_decode_word(struct tsp_decoder *decoder, const json_t *object, const char *key,
                    int (*parse)(const char *word)) {
    const json_t *value = member(decoder, object, key);
    if (value == NULL) {
        return 0;
    }
    const char *word = json_string_value(value);
    int parsed = word != NULL ? parse(word) : -1;
    if (parsed < 0) {
        tsp_decode_complain(decoder, key, "unknown word '%.40s'", word != NULL ? word : "(not a text)");
        return 0;
    }
    return parsed;
}

struct tsp_estimate tsp_decode_estimate(struct tsp_decoder *decoder, const json_t *object, const char *key) {
    struct tsp_estimate estimate = {.value = NAN, .lo = NAN, .hi = NAN, .needs = 0};
    const json_t *value = member(decoder, object, key);
    if (value == NULL || json_is_null(value)) {
        return estimate;
    }
    size_t mark = tsp_decode_enter(decoder, key, 0);
    estimate.value = tsp_decode_number(decoder, value, "value", NAN);
    if (isnan(estimate.value)) {
        estimate.needs = tsp_decode_count(decoder, value, "needs", INT64_MAX);
    } else {
        estimate.lo = tsp_decode_number(decoder, value, "lo", NAN);
        estimate.hi = tsp_decode_number(decoder, value, "hi", NAN);
        if (isnan(estimate.lo) != isnan(estimate.hi) || estimate.lo > estimate.hi) {
            tsp_decode_complain(decoder, NULL, "expected lo <= hi, or neither");
        }
    }
    tsp_decode_leave(decoder, mark);
    return estimate;
}
