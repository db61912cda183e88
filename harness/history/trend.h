/* Between reading rows, putting them together to series, and judging these. */
#ifndef TRANSEPT_HISTORY_TREND_H
#define TRANSEPT_HISTORY_TREND_H

#include "transept/history.h"

/** A row, before it is known which series it belongs to: a trend of one point. Without a unit it is a gap: the case did not end ok. */
struct tsp_trend_row {
    struct tsp_trend trend; /* its case is one of the rows' names, its points NULL */
    struct tsp_trend_point point;
};

struct tsp_trend_rows {
    struct tsp_trend_row *of; /* by case name */
    size_t count;
    size_t room;
    char **names; /* of the cases */
    size_t name_count;
    size_t name_room;
};

/** Reads what is asked for of the runs chosen. Free with tsp_trend_rows_free() whatever is returned. */
int tsp_trend_rows_read(struct tsp_trend_rows *rows, struct tsp_history *history,
                        const struct tsp_trend_question *question, const struct tsp_history_runs *runs,
                        struct tsp_error *error);
void tsp_trend_rows_free(struct tsp_trend_rows *rows);

/** Says that memory is out. Returns -1. */
int tsp_trend_out_of_memory(struct tsp_error *error);

/** Fills what series say of themselves: changes, bands, floors. -1 when memory is out. */
int tsp_trends_judge(struct tsp_trends *trends, const struct tsp_trend_question *question,
                     struct tsp_error *error);

#endif
