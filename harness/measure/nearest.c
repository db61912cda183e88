/* "Did you mean": the known names nearest to a mistyped one. */
#include "measure/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

unsigned tsp_edit_distance(const char *a, const char *b) {
    unsigned row[TSP_NEAREST_LENGTH + 1];
    size_t width = strnlen(b, TSP_NEAREST_LENGTH);
    size_t height = strnlen(a, TSP_NEAREST_LENGTH);
    for (unsigned j = 0; j <= width; ++j) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= height; ++i) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= width; ++j) {
            bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            unsigned best = diagonal + (same ? 0 : 1);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[width];
}

void tsp_nearest_offer(struct tsp_nearest *nearest, const char *name) {
    unsigned distance = tsp_edit_distance(nearest->wanted, name);
    size_t bound = strnlen(nearest->wanted, TSP_NEAREST_LENGTH) / 3;
    if (distance > (bound < 2 ? 2 : bound)) {
        return;
    }
    unsigned place = 0;
    for (; place < nearest->count && nearest->distances[place] <= distance; ++place) {
        if (strcmp(nearest->names[place], name) == 0) {
            return;
        }
    }
    const unsigned room = sizeof nearest->names / sizeof nearest->names[0];
    if (place == room) {
        return;
    }
    nearest->count += nearest->count < room ? 1 : 0;
    for (unsigned i = nearest->count - 1; i > place; --i) {
        nearest->names[i] = nearest->names[i - 1];
        nearest->distances[i] = nearest->distances[i - 1];
    }
    nearest->names[place] = name;
    nearest->distances[place] = distance;
}

void tsp_nearest_list(const struct tsp_nearest *nearest, char *text, size_t size) {
    text[0] = '\0';
    for (unsigned i = 0; i < nearest->count; ++i) {
        size_t used = strlen(text);
        (void)snprintf(text + used, size - used, "%s%s", i != 0 ? ", " : "", nearest->names[i]);
    }
}
