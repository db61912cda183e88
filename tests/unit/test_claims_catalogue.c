/* The claims that come with the command: each case that they name is in the catalogue, and suite `claims` takes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "transept/claims.h"
#include "transept/plan.h"
#include "transept/registry.h"

struct shipped {
    struct tsp_registry registry;
    struct tsp_claims claims;
    struct tsp_suite suite;
};

static int open_all(void **state) {
    struct tsp_error error;
    const struct tsp_kernel *const *kernels = NULL;
    size_t count = tsp_registry_linked(&kernels);
    struct shipped *shipped = calloc(1, sizeof *shipped);
    *state = shipped;
    if (shipped == NULL || tsp_registry_build(&shipped->registry, kernels, count, &error) != 0 ||
        tsp_claims_load(&shipped->claims, NULL, &error) != 0 ||
        tsp_suite_load(&shipped->suite, "claims", &error) != 0) {
        print_error("%s\n", error.text);
        return -1;
    }
    return 0;
}

static int close_all(void **state) {
    struct shipped *shipped = *state;
    tsp_suite_free(&shipped->suite);
    tsp_claims_free(&shipped->claims);
    tsp_registry_free(&shipped->registry);
    free(shipped);
    return 0;
}

static bool any_matches(const struct tsp_texts *patterns, const char *id) {
    struct tsp_error error;
    for (unsigned i = 0; i < patterns->count; ++i) {
        if (tsp_pattern_match(patterns->items[i], id, &error) == 1) {
            return true;
        }
    }
    return false;
}

static bool is_taken(const struct shipped *shipped, const char *id) {
    return any_matches(&shipped->suite.cases, id) && !any_matches(&shipped->suite.exclude, id);
}

/* The cases of one alternative, and with each the other case. Returns how many there are. */
static size_t look_up(const struct shipped *shipped, const struct tsp_claim *claim,
                      const struct tsp_claim_check *check, const char *pattern) {
    size_t found = 0;
    const char *other = check->to != NULL ? check->to : check->minus;
    for (size_t i = 0; i < shipped->registry.count; ++i) {
        char stars[TSP_CLAIM_STARS];
        char id[TSP_ID_MAX];
        const char *of = shipped->registry.cases[i].id;
        if (!tsp_claim_match(pattern, of, stars, sizeof stars)) {
            continue;
        }
        ++found;
        if (!is_taken(shipped, of)) {
            fail_msg("%s: suite claims does not take %s", claim->id, of);
        }
        if (other != NULL &&
            tsp_registry_find(&shipped->registry, tsp_claim_fill(other, stars, id, sizeof id)) == NULL) {
            fail_msg("%s: no case is called '%s'", claim->id, id);
        }
        if (other != NULL && !is_taken(shipped, id)) {
            fail_msg("%s: suite claims does not take %s", claim->id, id);
        }
    }
    return found;
}

static void every_case_is_there(void **state) {
    const struct shipped *shipped = *state;
    for (size_t i = 0; i < shipped->claims.count; ++i) {
        const struct tsp_claim *claim = &shipped->claims.of[i];
        for (size_t k = 0; k < claim->check_count; ++k) {
            const char *rest = claim->checks[k].of;
            for (; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
                char pattern[TSP_ID_MAX];
                size_t length = strcspn(rest, ",");
                assert_true(length < sizeof pattern);
                (void)snprintf(pattern, sizeof pattern, "%.*s", (int)length, rest);
                rest += length;
                if (look_up(shipped, claim, &claim->checks[k], pattern) == 0) {
                    fail_msg("%s: no case is called '%s'", claim->id, pattern);
                }
            }
        }
    }
}

/* The folklore of the design, all of it, in its order. */
static void all_claims_are_there(void **state) {
    const struct shipped *shipped = *state;
    assert_int_equal(shipped->claims.count, 23);
    for (size_t i = 0; i < shipped->claims.count; ++i) {
        char id[24];
        (void)snprintf(id, sizeof id, "C%02zu", i + 1);
        assert_string_equal(shipped->claims.of[i].id, id);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_claims_are_there),
        cmocka_unit_test(every_case_is_there),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
