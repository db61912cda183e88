/* Inside of the claims module: a check on the cases that were found for it. */
#ifndef TRANSEPT_CLAIMS_JUDGE_H
#define TRANSEPT_CLAIMS_JUDGE_H

#include "transept/claims.h"

/** Judges a figure whose check, records and cases' ids are set (and its metric, where the check's is "*"); fills the rest. */
void tsp_claim_figure_judge(struct tsp_claim_figure *figure);

#endif
