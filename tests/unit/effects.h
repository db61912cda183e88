/* Effects for tests that have no doubt that there is one. */
#ifndef TRANSEPT_TESTS_EFFECTS_H
#define TRANSEPT_TESTS_EFFECTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transept/verdict.h"

/** tsp_effect_between(), which must not fail. */
static inline struct tsp_effect between(const double *a, size_t a_count, const double *b, size_t b_count) {
    struct tsp_effect effect;
    struct tsp_error error = {""};
    if (tsp_effect_between(&effect, a, a_count, b, b_count, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return effect;
}

#endif
