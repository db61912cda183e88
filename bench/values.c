/* What options and arguments take: lists of words, in sentences and in complaints. */
#include "values.h"

#include <stdio.h>
#include <string.h>

#include "transept/comparison.h"
#include "transept/measure.h"
#include "transept/nearest.h"
#include "transept/record.h"

enum { WORDS_MAX = 64 };

/* No key tells: that of arguments is 0. */
static bool takes_nothing(const struct tsp_takes *value) {
    return value->words == NULL && value->found == TSP_FOUND_NONE && value->files == NULL && !value->folders;
}

const struct tsp_takes *tsp_takes_find(const struct tsp_takes *values, int key) {
    while (values != NULL && !takes_nothing(values)) {
        if (values->key == key) {
            return values;
        }
        ++values;
    }
    return NULL;
}

const char *tsp_words_text(tsp_words *words, const char *last, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; words(i) != NULL && used < size; ++i) {
        bool ends = words(i + 1) == NULL && last != NULL;
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s",
                                 i == 0 ? ""
                                 : ends ? " "
                                        : ", ",
                                 i > 0 && ends ? last : "", i > 0 && ends ? " " : "", words(i));
    }
    return text;
}

int tsp_words_find(tsp_words *words, const char *what, const char *word, struct tsp_error *error) {
    const char *known[WORDS_MAX];
    char list[256];
    size_t count = 0;
    while (count < WORDS_MAX && words(count) != NULL) {
        if (strcmp(words(count), word) == 0) {
            return (int)count;
        }
        known[count] = words(count);
        ++count;
    }
    const char *nearest = tsp_name_nearest(word, known, count);
    return tsp_error_set(error, "no %s is called '%.40s'; there are %s%s%s%s", what, word,
                         tsp_words_text(words, "and", list, sizeof list),
                         nearest != NULL ? ". Did you mean '" : "", nearest != NULL ? nearest : "",
                         nearest != NULL ? "'?" : "");
}

const char *tsp_found_name(enum tsp_found found) {
    static const char *const names[] = {
        [TSP_FOUND_NONE] = NULL, [TSP_FOUND_CASES] = "cases", [TSP_FOUND_COUNTERS] = "counters"};
    return (size_t)found < sizeof names / sizeof *names ? names[found] : NULL;
}

/* --- lists that several commands take -------------------------------------------------------------------------------------------------- */

const char *tsp_words_record_format(size_t index) {
    const struct tsp_format *formats = NULL;
    return index < tsp_format_list(&formats) ? formats[index].name : NULL;
}

const char *tsp_words_comparison_format(size_t index) {
    const struct tsp_comparison_format *formats = NULL;
    size_t count = tsp_comparison_format_list(&formats);
    return index == 0 ? "table" : index <= count ? formats[index - 1].name : NULL;
}

const char *tsp_words_table_format(size_t index) {
    static const char *const names[] = {"table", "csv", "json"};
    return index < sizeof names / sizeof *names ? names[index] : NULL;
}

const char *tsp_words_count(size_t index) {
    return tsp_counter_page_name(index);
}

const char *tsp_words_metric(size_t index) {
    static const char *const times[] = {"time", "time:p95", "time:p99", "time:p999", "time:min", "time:mean"};
    const size_t count = sizeof times / sizeof *times;
    return index < count ? times[index] : tsp_counter_page_name(index - count);
}
