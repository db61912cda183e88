/* What every finding of the machine must be like, for the tests of harness/machine/quiet.c. */
#ifndef TRANSEPT_TESTS_FINDINGS_H
#define TRANSEPT_TESTS_FINDINGS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine/quiet.h"

/* Every finding says what is so and what that does; one that mends something names the line. */
static inline void expect_finding(struct tsp_finding finding, int level, const char *value) {
    if ((int)finding.level != level || (value != NULL && strcmp(finding.value, value) != 0)) {
        fail_msg("%s: level %d, '%s'; expected level %d, '%s'", finding.subject, (int)finding.level,
                 finding.value, level, value != NULL ? value : "anything");
    }
    assert_true(finding.subject[0] != '\0' && finding.value[0] != '\0' && finding.effect[0] != '\0');
    assert_true(strlen(finding.effect) < sizeof finding.effect - 1); /* not cut */
    assert_true(strlen(finding.remedy) < sizeof finding.remedy - 1);
    if (finding.level == TSP_FINDING_OK) {
        assert_string_equal(finding.remedy, "");
    }
}

#endif
