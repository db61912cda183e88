/* Which cases a check means: patterns whose stars are remembered. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "transept/claims.h"

/* Matches the pattern up to `end`; notes in `ends` where in `id` each star's text begins and ends. Shortest first, as deep as there are stars. */
enum { STARS_MAX = 8 };

struct star {
    const char *begin;
    const char *end;
};

static bool match(const char *pattern, const char *end, const char *id, struct star *stars, size_t star) {
    while (pattern < end && *pattern != '*') {
        if (*pattern++ != *id++) { /* the id's end equals nothing */
            return false;
        }
    }
    if (pattern == end) {
        return *id == '\0';
    }
    if (star == STARS_MAX) {
        return false;
    }
    for (const char *rest = id;; ++rest) {
        stars[star] = (struct star){.begin = id, .end = rest};
        if (match(pattern + 1, end, rest, stars, star + 1)) {
            return true;
        }
        if (*rest == '\0') {
            return false;
        }
    }
}

/* What the pattern's stars stand for, each ended by a NUL; the last by two. */
static void note(const char *pattern, const char *end, const struct star *found, char *stars, size_t size) {
    size_t used = 0;
    size_t star = 0;
    for (; pattern < end; ++pattern) {
        if (*pattern == '*') {
            size_t length = (size_t)(found[star].end - found[star].begin);
            length = used + length + 2 < size ? length : 0;
            memcpy(stars + used, found[star].begin, length);
            used += length;
            stars[used++] = '\0';
            ++star;
        }
    }
    stars[used] = '\0';
}

bool tsp_claim_match(const char *alternatives, const char *id, char *stars, size_t size) {
    struct star found[STARS_MAX];
    for (size_t i = 0; i < STARS_MAX; ++i) {
        found[i] = (struct star){.begin = id, .end = id};
    }
    for (const char *rest = alternatives; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
        const char *end = rest + strcspn(rest, ",");
        if (match(rest, end, id, found, 0)) {
            note(rest, end, found, stars, size);
            return true;
        }
        rest = end;
    }
    return false;
}

const char *tsp_claim_fill(const char *pattern, const char *stars, char *text, size_t size) {
    size_t used = 0;
    for (; *pattern != '\0'; ++pattern) {
        size_t length = *pattern == '*' ? strlen(stars) : 1;
        if (used + length >= size) {
            used = 0;
            break;
        }
        memcpy(text + used, *pattern == '*' ? stars : pattern, length);
        used += length;
        stars += *pattern == '*' ? length + 1 : 0;
    }
    text[used] = '\0';
    return text;
}

const struct tsp_claim *tsp_claim_find(const struct tsp_claims *claims, const char *id) {
    for (size_t i = 0; i < claims->count; ++i) {
        if (strcasecmp(claims->of[i].id, id) == 0) {
            return &claims->of[i];
        }
    }
    return NULL;
}
