/* What a person probably meant to type. */
#include "transept/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define LONGEST 191 /* as long as a case's id can be */

static bool same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964; Oommen & Loke 1997), three rows of the table at a time. */
size_t tsp_text_distance(const char *a, const char *b) {
    size_t rows[3][LONGEST + 1];
    size_t m = strnlen(a, LONGEST);
    size_t n = strnlen(b, LONGEST);
    for (size_t j = 0; j <= n; ++j) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= m; ++i) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; ++j) {
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
                now[j] = least(now[j], before[j - 2] + 1);
            }
        }
    }
    return rows[m % 3][n];
}

const char *tsp_name_nearest(const char *name, const char *const *known, size_t count) {
    const char *nearest = NULL;
    size_t bound = 2 + strlen(name) / 3; /* further away it is another word, not a slip */
    for (size_t i = 0; i < count; ++i) {
        size_t distance = tsp_text_distance(name, known[i]);
        if (distance < bound) {
            bound = distance;
            nearest = known[i];
        }
    }
    return nearest;
}
