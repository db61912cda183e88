/* What a violation means. */
#include "message.h"

#include <inttypes.h>

#define VIOLATIONS "violations"

int tsp_message_judge(struct tsp_bench *bench, const struct tsp_message_log logs[2], uint64_t messages,
                      bool forbidden) {
    const struct tsp_message_log *first = logs[0].violations > 0 ? &logs[0] : &logs[1];
    const uint64_t violations = logs[0].violations + logs[1].violations;
    const uint64_t received = logs[0].received + logs[1].received;
    if (received != messages) {
        return tsp_fail(bench, "%" PRIu64 " messages were received, not %" PRIu64, received, messages);
    }
    if (messages == 0) {
        return 0;
    }
    if (!forbidden) {
        tsp_report_chance(bench, VIOLATIONS, violations, messages);
        return 0;
    }
    return tsp_report_forbidden(bench, VIOLATIONS, violations, messages,
                                "%" PRIu64 " of %" PRIu64
                                " messages were older than their flags; the first was message %lu, "
                                "on CPU %d: its word %u held %lu",
                                violations, received, first->at, first->cpu, first->word, first->held);
}
