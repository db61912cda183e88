/* "0..16" and "l1,l2,llc,dram" into values. */
#include "registry/axis.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool tsp_axis_word(const char *text) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-";
    return text != NULL && text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

/* Reads a whole decimal integer; false where `text` is anything else. */
static bool read_integer(const char *text, int64_t *number) {
    char *end = NULL;
    errno = 0;
    long long parsed = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0) {
        return false;
    }
    *number = parsed;
    return true;
}

static int add_value(struct tsp_axis *axis, const char *text, struct tsp_error *error) {
    if (axis->count == TSP_AXIS_MAX) {
        return tsp_error_set(error, "parameter '%s' has over %d values; split the kernel", axis->name,
                             TSP_AXIS_MAX);
    }
    struct tsp_value *value = &axis->values[axis->count];
    if (!tsp_axis_word(text) || strlen(text) >= sizeof value->text) {
        return tsp_error_set(error, "parameter '%s' has the value '%s'; use up to %zu of A-Z a-z 0-9 _ . + -",
                             axis->name, text, sizeof value->text - 1);
    }
    value->name = axis->name;
    (void)snprintf(value->text, sizeof value->text, "%s", text);
    value->number = 0;
    (void)read_integer(text, &value->number);
    value->index = axis->count++;
    return 0;
}

/* One item of the list: a word, or a range of integers. */
static int add_item(struct tsp_axis *axis, char *item, struct tsp_error *error) {
    char *dots = strstr(item, "..");
    if (dots == NULL) {
        return add_value(axis, item, error);
    }
    *dots = '\0';
    int64_t first = 0;
    int64_t last = 0;
    if (!read_integer(item, &first) || !read_integer(dots + 2, &last) || first > last) {
        return tsp_error_set(error, "parameter '%s' has the range '%s..%s'; write it as 0..16", axis->name,
                             item, dots + 2);
    }
    for (int64_t number = first; number <= last; ++number) {
        char text[24];
        (void)snprintf(text, sizeof text, "%" PRId64, number);
        if (add_value(axis, text, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int tsp_axis_parse(struct tsp_axis *axis, const struct tsp_param *param, struct tsp_error *error) {
    axis->name = param->name;
    axis->count = 0;
    if (!tsp_axis_word(param->name)) {
        return tsp_error_set(error, "a parameter is called '%s'; use A-Z a-z 0-9 _ . + -", param->name);
    }
    char *list = strdup(param->values == NULL ? "" : param->values);
    if (list == NULL) {
        return tsp_error_set(error, "no memory for the values of parameter '%s'", param->name);
    }
    int status = 0;
    char *rest = list;
    for (char *item = strsep(&rest, ","); item != NULL && status == 0; item = strsep(&rest, ",")) {
        status = add_item(axis, item, error);
    }
    free(list);
    return status;
}
