/* Patterns of case ids: globs, and regular expressions between slashes. */
#include "plan/pattern.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "transept/plan.h"

/* End of the alternative: its comma or the end. A comma inside an expression's slashes belongs to the expression ("/a{1,2}/"), so that
 * one ends only at a slash with a comma or nothing behind it. NULL: the closing slash is missing. */
static const char *find_end(const char *text, bool regex) {
    if (!regex) {
        return strchrnul(text, ',');
    }
    for (const char *slash = strchr(text + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        if (slash[1] == ',' || slash[1] == '\0') {
            return slash + 1;
        }
    }
    return NULL;
}

int tsp_alternative_next(const char *pattern, const char **rest, struct tsp_alternative *alternative,
                         struct tsp_error *error) {
    const char *text = *rest;
    if (text == NULL) {
        return 0;
    }
    alternative->place = (size_t)(text - pattern) + 1;
    alternative->excludes = *text == '!';
    text += alternative->excludes;
    alternative->regex = *text == '/';
    const char *end = find_end(text, alternative->regex);
    if (end == NULL) {
        return tsp_error_set(error, "pattern '%s': the expression at character %zu has no closing slash",
                             pattern, alternative->place);
    }
    *rest = *end == ',' ? end + 1 : NULL;
    if (alternative->regex) {
        ++text;
        --end;
    }
    size_t length = (size_t)(end - text);
    if (length == 0) {
        return tsp_error_set(error,
                             "pattern '%s': nothing stands at character %zu; write a part of a case's id",
                             pattern, alternative->place);
    }
    if (length >= sizeof alternative->text) {
        return tsp_error_set(error, "pattern: the alternative at character %zu is longer than any case's id",
                             alternative->place);
    }
    alternative->compiled = false;
    memcpy(alternative->text, text, length);
    alternative->text[length] = '\0';
    alternative->plain = !alternative->regex && strpbrk(alternative->text, "*?[\\") == NULL;
    return 1;
}

static int match_regex(struct tsp_alternative *alternative, const char *id, struct tsp_error *error) {
    int status = alternative->compiled
                     ? 0
                     : regcomp(&alternative->expression, alternative->text, REG_EXTENDED | REG_NOSUB);
    if (status != 0) {
        char why[128];
        (void)regerror(status, &alternative->expression, why, sizeof why);
        return tsp_error_set(error, "pattern: the expression /%s/ at character %zu is broken: %s",
                             alternative->text, alternative->place, why);
    }
    alternative->compiled = true;
    return regexec(&alternative->expression, id, 0, NULL, 0) == 0;
}

void tsp_alternative_free(struct tsp_alternative *alternative) {
    if (alternative->compiled) {
        regfree(&alternative->expression);
    }
    alternative->compiled = false;
}

/* Suites that programs write name each case in full, which makes as many comparisons as patterns times cases: fnmatch() took half a minute
 * for them under an emulator. */
static bool match_plain(const char *text, const char *id) {
    size_t length = strlen(text);
    return strncmp(text, id, length) == 0 && (id[length] == '\0' || id[length] == '/');
}

int tsp_alternative_match(struct tsp_alternative *alternative, const char *id, struct tsp_error *error) {
    if (alternative->regex) {
        return match_regex(alternative, id, error);
    }
    if (alternative->plain) {
        return match_plain(alternative->text, id);
    }
    if (fnmatch(alternative->text, id, 0) == 0) {
        return 1;
    }
    char head[TSP_ID_MAX];
    for (const char *slash = strchr(id, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - id);
        if (length >= sizeof head) {
            break;
        }
        memcpy(head, id, length);
        head[length] = '\0';
        if (fnmatch(alternative->text, head, 0) == 0) {
            return 1;
        }
    }
    return 0;
}

int tsp_matcher_make(struct tsp_matcher *matcher, const char *pattern, struct tsp_error *error) {
    size_t most = 1;
    for (const char *comma = strchr(pattern, ','); comma != NULL; comma = strchr(comma + 1, ',')) {
        most += 1;
    }
    *matcher = (struct tsp_matcher){.of = calloc(most, sizeof *matcher->of)};
    if (matcher->of == NULL) {
        return tsp_error_set(error, "no memory for a pattern of %zu parts", most);
    }
    const char *rest = pattern;
    int status;
    while ((status = tsp_alternative_next(pattern, &rest, &matcher->of[matcher->count], error)) > 0) {
        matcher->count += 1;
    }
    if (status < 0) {
        tsp_matcher_free(matcher);
    }
    return status;
}

int tsp_matcher_match(struct tsp_matcher *matcher, const char *id, struct tsp_error *error) {
    bool taken = false;
    bool only_exclusions = true;
    bool excluded = false;
    for (size_t i = 0; i < matcher->count; ++i) {
        struct tsp_alternative *alternative = &matcher->of[i];
        int status = tsp_alternative_match(alternative, id, error);
        if (status < 0) {
            return -1;
        }
        only_exclusions = only_exclusions && alternative->excludes;
        if (status > 0) {
            taken = taken || !alternative->excludes;
            excluded = excluded || alternative->excludes;
        }
    }
    return (taken || only_exclusions) && !excluded;
}

void tsp_matcher_free(struct tsp_matcher *matcher) {
    for (size_t i = 0; i < matcher->count; ++i) {
        tsp_alternative_free(&matcher->of[i]);
    }
    free(matcher->of);
    *matcher = (struct tsp_matcher){.count = 0};
}

int tsp_pattern_match(const char *pattern, const char *id, struct tsp_error *error) {
    struct tsp_matcher matcher;
    if (tsp_matcher_make(&matcher, pattern, error) != 0) {
        return -1;
    }
    int status = tsp_matcher_match(&matcher, id, error);
    tsp_matcher_free(&matcher);
    return status;
}
