/* Whether a run that is taken up again would go on on the CPUs on which it was begun. */
#ifndef TRANSEPT_RUN_SAME_CPUS_H
#define TRANSEPT_RUN_SAME_CPUS_H

#include "transept/measure.h"
#include "transept/plan.h"
#include "transept/record.h"

/** -1, naming the CPUs and the way out, where a round of the record lies on other CPUs than its case would get now. `plan` has the record's cases,
 *  in its order. A session without topology places nothing, and is not asked. */
int tsp_run_check_cpus(const struct tsp_plan *plan, const struct tsp_record *record,
                       const struct tsp_session *session, struct tsp_error *error);

#endif
