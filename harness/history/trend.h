/* Between reading series and judging them. */
#ifndef TRANSEPT_HISTORY_TREND_H
#define TRANSEPT_HISTORY_TREND_H

#include "transept/history.h"

/** Fills what series say of themselves: changes, bands, floors. -1 when memory is out. */
int tsp_trends_judge(struct tsp_trends *trends, const struct tsp_trend_question *question,
                     struct tsp_error *error);

#endif
