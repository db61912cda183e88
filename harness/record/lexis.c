/* Single values of JSON. Each byte is looked at once and every loop ends at the NUL, which no value has in it. */
#include "record/lexis.h"

#include <stddef.h>
#include <string.h>

#include "record/encode.h"

/* --- texts --------------------------------------------------------------------------------------------------------------------- */

/* What stands for itself: ASCII but quote, backslash and control characters. */
static bool is_plain(char c) {
    static const bool plain[256] = {
        [' '] = true,
        [0x21] = true,
        ['#' ... '['] = true,
        [']' ... 0x7f] = true,
    };
    return plain[(unsigned char)c];
}

static bool follows(char c) {
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* A character that is not ASCII (RFC 3629, section 4): shortest form, no surrogates, at most U+10FFFF. */
static const char *skip_character(const char *at) {
    unsigned char lead = (unsigned char)at[0];
    if (lead < 0xc2 || lead > 0xf4 || !follows(at[1])) { /* in this order: nothing is behind the NUL */
        return NULL;
    }
    unsigned char second = (unsigned char)at[1];
    if (lead < 0xe0) {
        return at + 2;
    }
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || !follows(at[2])) {
        return NULL;
    }
    if (lead < 0xf0) {
        return at + 3;
    }
    bool within = (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second <= 0x8f) && follows(at[3]);
    return within ? at + 4 : NULL;
}

/* From the backslash. Jansson writes a control character that has no letter as \u001F. */
static const char *skip_escape(const char *at) {
    if (at[1] != '\0' && strchr("\"\\bfnrt", at[1]) != NULL) {
        return at + 2;
    }
    if (strncmp(at, "\\u00", 4) != 0 || (at[4] != '0' && at[4] != '1') || at[5] == '\0') {
        return NULL;
    }
    /* neither NUL nor those that have a letter */
    const char *digits = at[4] == '0' ? "1234567BEF" : "0123456789ABCDEF";
    return strchr(digits, at[5]) != NULL ? at + 6 : NULL;
}

const char *tsp_lexis_text(const char *at, bool *escaped) {
    while (at != NULL) {
        while (is_plain(*at)) {
            ++at;
        }
        if (*at == '"') {
            return at;
        }
        if (*at == '\\') {
            *escaped = true;
            at = skip_escape(at);
        } else {
            at = skip_character(at);
        }
    }
    return NULL;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *at) {
    while (is_digit(*at)) {
        ++at;
    }
    return at;
}

/* The parts of a number's spelling: whole.fraction e exponent. */
struct parts {
    const char *whole;
    const char *whole_end;
    const char *fraction; /* NULL: there is none, and so the exponent */
    const char *fraction_end;
    const char *exponent;
    const char *end;
};

static bool split(struct parts *parts, const char *at) {
    parts->whole = at + (*at == '-');
    parts->whole_end = parts->end = skip_digits(parts->whole);
    if (parts->whole_end == parts->whole || (*parts->whole == '0' && parts->whole_end > parts->whole + 1)) {
        return false;
    }
    if (*parts->end == '.') {
        parts->fraction = parts->end + 1;
        parts->fraction_end = parts->end = skip_digits(parts->fraction);
        if (parts->fraction_end == parts->fraction) {
            return false;
        }
    }
    if (*parts->end == 'e' || *parts->end == 'E') {
        parts->exponent = parts->end + 1;
        const char *digits = parts->exponent + (*parts->exponent == '-' || *parts->exponent == '+');
        parts->end = skip_digits(digits);
        return parts->end > digits;
    }
    return true;
}

/* %g has no exponent from 10^-4 up to what the digits reach. */
static bool is_plain_fraction(const struct parts *parts) {
    ptrdiff_t whole = parts->whole_end - parts->whole;
    ptrdiff_t fraction = parts->fraction_end - parts->fraction;
    if (fraction == 1 && *parts->fraction == '0') {
        return whole <= TSP_DIGITS;
    }
    if (parts->fraction_end[-1] == '0') {
        return false;
    }
    if (*parts->whole != '0') {
        return whole + fraction <= TSP_DIGITS;
    }
    ptrdiff_t zeros = 0;
    while (parts->fraction[zeros] == '0') {
        ++zeros;
    }
    return zeros <= 3 && fraction - zeros <= TSP_DIGITS;
}

/* One digit before the point, the exponent as short as can be and beyond what %g does without. The far ends of the range are left to who can compute. */
static bool is_plain_exponent(const struct parts *parts) {
    bool small = *parts->exponent == '-';
    const char *digits = parts->exponent + small;
    ptrdiff_t length = parts->end - digits;
    if (*parts->whole == '0' || parts->whole_end - parts->whole != 1 || parts->exponent[-1] != 'e' ||
        !is_digit(*digits) || *digits == '0' || length > 2) {
        return false;
    }
    int exponent = length == 1 ? digits[0] - '0' : 10 * (digits[0] - '0') + digits[1] - '0';
    bool apart = small ? exponent >= 5 : exponent >= TSP_DIGITS;
    return apart && (parts->fraction == NULL ||
                     (parts->fraction_end[-1] != '0' && parts->fraction_end - parts->fraction < TSP_DIGITS));
}

const char *tsp_lexis_number(const char *at, bool *canonical) {
    struct parts parts = {.fraction = NULL};
    if (!split(&parts, at)) {
        return NULL;
    }
    bool plain = true;
    if (parts.exponent != NULL) {
        plain = is_plain_exponent(&parts);
    } else if (parts.fraction != NULL) {
        plain = is_plain_fraction(&parts);
    } else { /* 18 digits are below 2^63; there is no -0 among whole numbers */
        plain = parts.whole_end - parts.whole <= 18 && (*at != '-' || *parts.whole != '0');
    }
    *canonical = *canonical && plain;
    return parts.end;
}

/* --- words --------------------------------------------------------------------------------------------------------------------- */

const char *tsp_lexis_word(const char *at) {
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
        size_t length = strlen(words[i]);
        if (strncmp(at, words[i], length) == 0) {
            return at + length;
        }
    }
    return NULL;
}
