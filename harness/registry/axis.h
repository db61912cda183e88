/* A parameter's axis: the text of its values, taken apart. */
#ifndef TRANSEPT_REGISTRY_AXIS_H
#define TRANSEPT_REGISTRY_AXIS_H

#include <stdbool.h>

#include "transept/error.h"
#include "transept/kernel.h"

/** Most values an axis may have: what a person still reads in a table of offsets. */
#define TSP_AXIS_MAX 128

struct tsp_axis {
    const char *name;
    unsigned count;
    struct tsp_value values[TSP_AXIS_MAX];
};

/** Takes `param->values` ("0..16", "l1,l2,llc", "1,4,16..18") apart. Names and words are of [A-Za-z0-9_.+-]. */
int tsp_axis_parse(struct tsp_axis *axis, const struct tsp_param *param, struct tsp_error *error);

/** Is `text` fit to stand in a case's id: not empty and of [A-Za-z0-9_.+-] only? */
bool tsp_axis_word(const char *text);

#endif
