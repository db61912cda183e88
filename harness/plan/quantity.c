/* Numbers as people write them: strictly, for a benchmark that ran with half of what was asked is worse than none. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "transept/plan.h"

struct unit {
    const char *name;
    double ms;
    uint64_t bytes;
};

static const struct unit time_units[] = {
    {"ns", 1e-6, 0}, {"us", 1e-3, 0}, {"µs", 1e-3, 0}, {"ms", 1, 0},
    {"s", 1e3, 0},   {"min", 6e4, 0}, {NULL, 0, 0},
};

static const struct unit byte_units[] = {
    {"B", 0, 1},  {"KiB", 0, UINT64_C(1) << 10}, {"MiB", 0, UINT64_C(1) << 20}, {"GiB", 0, UINT64_C(1) << 30},
    {NULL, 0, 0},
};

static const struct unit *find_unit(const struct unit *units, const char *name) {
    for (; units->name != NULL; ++units) {
        if (strcmp(units->name, name) == 0) {
            return units;
        }
    }
    return NULL;
}

/* End of the digits, with at most one point among them where `fraction` is allowed; NULL when there is no digit at the beginning. */
static const char *skip_number(const char *text, bool fraction) {
    size_t whole = strspn(text, "0123456789");
    if (whole == 0) {
        return NULL;
    }
    text += whole;
    if (fraction && text[0] == '.' && isdigit((unsigned char)text[1])) {
        text += 1 + strspn(text + 1, "0123456789");
    }
    return text;
}

int tsp_time_parse(const char *text, double *ms, struct tsp_error *error) {
    const char *end = skip_number(text, true);
    const struct unit *unit = end == NULL ? NULL : find_unit(time_units, end);
    if (unit == NULL) {
        return tsp_error_set(error, "'%s' is not a time: write a number and ns, us, ms, s or min, as in 50ms",
                             text);
    }
    double value = strtod(text, NULL) * unit->ms;
    if (!(value > 0) || value > TSP_TIME_MAX_MS) {
        return tsp_error_set(error, "'%s' is out of range: a time is more than 0 and at most 60min", text);
    }
    *ms = value;
    return 0;
}

int tsp_bytes_parse(const char *text, uint64_t *bytes, struct tsp_error *error) {
    const char *end = skip_number(text, false);
    const struct unit *unit = end == NULL ? NULL : find_unit(byte_units, end);
    if (unit == NULL) {
        return tsp_error_set(
            error, "'%s' is not a size: write a whole number and B, KiB, MiB or GiB, as in 1GiB", text);
    }
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (errno != 0 || value == 0 || value > UINT64_MAX / unit->bytes) {
        return tsp_error_set(error, "'%s' is out of range: a size is more than 0 and less than 16 EiB", text);
    }
    *bytes = (uint64_t)value * unit->bytes;
    return 0;
}

int tsp_count_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value, struct tsp_error *error) {
    const char *end = skip_number(text, false);
    errno = 0;
    unsigned long long number = end == NULL ? 0 : strtoull(text, NULL, 10);
    if (end == NULL || *end != '\0' || errno != 0 || number < min || number > max) {
        return tsp_error_set(error, "'%s' is not a whole number from %" PRIu64 " to %" PRIu64, text, min,
                             max);
    }
    *value = number;
    return 0;
}

int tsp_share_parse(const char *text, double *share, struct tsp_error *error) {
    const char *end = skip_number(text, true);
    bool percent = end != NULL && strcmp(end, "%") == 0;
    double value = end == NULL ? -1 : strtod(text, NULL) / (percent ? 100 : 1);
    if (end == NULL || (*end != '\0' && !percent) || !(value >= 0 && value < 1)) {
        return tsp_error_set(error, "'%.40s' is no share from 0 to under 1; write 2%% or 0.02", text);
    }
    *share = value;
    return 0;
}

int tsp_number_parse(const char *text, double max, double *value, struct tsp_error *error) {
    const char *end = skip_number(text, true);
    double number = end == NULL || *end != '\0' ? -1 : strtod(text, NULL);
    if (!(number > 0 && number <= max)) {
        return tsp_error_set(error, "'%.40s' is no number over 0 and up to %g", text, max);
    }
    *value = number;
    return 0;
}
