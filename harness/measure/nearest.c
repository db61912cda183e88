/* "Did you mean": the known names nearest to a mistyped one. */
#include "measure/nearest.h"

#include <stdio.h>
#include <string.h>

#include "transept/nearest.h"

void tsp_nearest_offer(struct tsp_nearest *nearest, const char *name) {
    size_t distance = tsp_text_distance(nearest->wanted, name);
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
