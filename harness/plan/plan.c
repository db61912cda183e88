/* Which cases a run takes, and in which order their rounds come. */
#include <stdlib.h>
#include <string.h>

#include "plan/pattern.h"
#include "plan/yaml.h"
#include "transept/nearest.h"
#include "transept/plan.h"

#define ROUND_COST_MS 12.0 /* fork, pinning, counters, set-up and check of an ordinary case */

/* Sets `taken` of the cases that the pattern matches to `value`. */
static int apply_pattern(const struct tsp_registry *registry, const char *pattern, bool *taken, bool value,
                         struct tsp_error *error) {
    struct tsp_matcher matcher;
    int status = tsp_matcher_make(&matcher, pattern, error);
    if (status != 0) {
        return -1;
    }
    for (size_t i = 0; i < registry->count && status >= 0; ++i) {
        if (taken[i] != value) {
            status = tsp_matcher_match(&matcher, registry->cases[i].id, error);
            taken[i] = status > 0 ? value : taken[i];
        }
    }
    tsp_matcher_free(&matcher);
    return status < 0 ? -1 : 0;
}

/* Says where the index-th of the suite's patterns stands. */
static int fail_at(const struct tsp_suite *suite, const struct tsp_texts *patterns, unsigned index,
                   struct tsp_error *error) {
    return tsp_yaml_fail(suite->path, &patterns->places[index], error);
}

/* Marks the suite's cases in `taken`, which is all false. */
static int take_suite(const struct tsp_registry *registry, const struct tsp_suite *suite, bool *taken,
                      struct tsp_error *error) {
    for (unsigned i = 0; i < suite->cases.count; ++i) {
        if (apply_pattern(registry, suite->cases.items[i], taken, true, error) != 0) {
            return fail_at(suite, &suite->cases, i, error);
        }
    }
    for (unsigned i = 0; i < suite->exclude.count; ++i) {
        if (apply_pattern(registry, suite->exclude.items[i], taken, false, error) != 0) {
            return fail_at(suite, &suite->exclude, i, error);
        }
    }
    return 0;
}

/* The head of an id ("syscall/getppid") that is nearest to what was asked for, so far. */
struct near {
    char text[TSP_ID_MAX];
    size_t distance;
};

static void consider(struct near *best, const char *wanted, const char *id) {
    char head[TSP_ID_MAX];
    for (size_t length = 0; id[length] != '\0'; ++length) {
        head[length] = id[length];
        if (id[length + 1] != '/' && id[length + 1] != '\0') {
            continue;
        }
        head[length + 1] = '\0';
        size_t distance = tsp_text_distance(wanted, head);
        if (distance < best->distance) {
            best->distance = distance;
            memcpy(best->text, head, length + 2);
        }
    }
}

static int fail_unmatched(const struct tsp_registry *registry, const char *what,
                          const struct tsp_alternative *wanted, struct tsp_error *error) {
    struct near best = {.distance = 3 + strlen(wanted->text) / 2};
    for (size_t i = 0; i < registry->count && !wanted->regex; ++i) {
        consider(&best, wanted->text, registry->cases[i].id);
    }
    const char *slash = wanted->regex ? "/" : "";
    if (best.text[0] != '\0') {
        return tsp_error_set(error, "%s '%s' matches none of the %zu cases; the nearest is '%s'", what,
                             wanted->text, registry->count, best.text);
    }
    return tsp_error_set(error, "%s '%s%s%s' matches none of the %zu cases; `transept list` shows them", what,
                         slash, wanted->text, slash, registry->count);
}

/* Every pattern of a person's own suite must match something: what matches nothing is a slip. The built-in suites speak of our
 * catalogue and are also used with other people's kernels. */
static int check_suite(const struct tsp_registry *registry, const struct tsp_suite *suite,
                       struct tsp_error *error) {
    for (unsigned i = 0; i < suite->cases.count && !suite->builtin; ++i) {
        const char *rest = suite->cases.items[i];
        struct tsp_alternative alternative;
        int status;
        while ((status = tsp_alternative_next(suite->cases.items[i], &rest, &alternative, error)) > 0) {
            int matched = 0;
            for (size_t c = 0; c < registry->count && matched == 0; ++c) {
                matched = tsp_alternative_match(&alternative, registry->cases[c].id, error);
            }
            tsp_alternative_free(&alternative);
            if (matched == 0) {
                (void)fail_unmatched(registry, "pattern", &alternative, error);
            }
            if (matched <= 0) {
                return fail_at(suite, &suite->cases, i, error);
            }
        }
        if (status < 0) {
            return fail_at(suite, &suite->cases, i, error);
        }
    }
    return 0;
}

/* One alternative of the filter: marks the cases of the suite that it matches, or where there is none, those outside. */
static int filter_alternative(const struct tsp_registry *registry, struct tsp_alternative *alternative,
                              const bool *in_suite, bool *matched, bool *taken, struct tsp_error *error) {
    size_t inside = 0;
    size_t all = 0;
    for (size_t i = 0; i < registry->count; ++i) {
        int match = tsp_alternative_match(alternative, registry->cases[i].id, error);
        if (match < 0) {
            return -1;
        }
        matched[i] = match > 0;
        all += matched[i];
        inside += matched[i] && in_suite[i];
    }
    if (all == 0) {
        return fail_unmatched(registry, "filter", alternative, error);
    }
    for (size_t i = 0; i < registry->count; ++i) {
        if (matched[i] && alternative->excludes) {
            taken[i] = false;
        } else if (matched[i] && (in_suite[i] || inside == 0)) {
            taken[i] = true;
        }
    }
    return 0;
}

/* Narrows `in_suite` by the filter. `scratch` has room for 2 · count. Inclusions first: an exclusion holds wherever it stands. */
static int filter_cases(const struct tsp_registry *registry, const char *filter, bool *in_suite,
                        bool *scratch, struct tsp_error *error) {
    bool *taken = scratch + registry->count;
    bool only_exclusions = true;
    for (int pass = 0; pass < 2; ++pass) {
        struct tsp_alternative alternative;
        const char *rest = filter;
        int status;
        if (pass == 1 && only_exclusions) {
            memcpy(taken, in_suite, registry->count * sizeof *taken);
        }
        while ((status = tsp_alternative_next(filter, &rest, &alternative, error)) > 0) {
            only_exclusions = only_exclusions && alternative.excludes;
            if (alternative.excludes == (pass == 1)) {
                status = filter_alternative(registry, &alternative, in_suite, scratch, taken, error);
                tsp_alternative_free(&alternative);
            }
            if (status < 0) {
                return -1;
            }
        }
        if (status < 0) {
            return -1;
        }
    }
    memcpy(in_suite, taken, registry->count * sizeof *in_suite);
    return 0;
}

/* Orders the rounds of what can run. */
static int order_steps(struct tsp_plan *plan, struct tsp_error *error) {
    unsigned *runnable = calloc(plan->case_count + 1, sizeof *runnable);
    size_t count = 0;
    for (size_t i = 0; runnable != NULL && i < plan->case_count; ++i) {
        if (plan->cases[i].obstacle[0] == '\0') {
            runnable[count++] = (unsigned)i;
        }
    }
    plan->steps = calloc(count * plan->rounds + 1, sizeof *plan->steps);
    if (runnable == NULL || plan->steps == NULL) {
        free(runnable);
        return tsp_error_set(error, "out of memory for a plan of %zu cases and %u rounds", count,
                             plan->rounds);
    }
    plan->step_count = count * plan->rounds;
    tsp_plan_order(plan->steps, count, plan->rounds, plan->seed);
    for (size_t i = 0; i < plan->step_count; ++i) {
        plan->steps[i].planned = runnable[plan->steps[i].planned];
    }
    free(runnable);
    return 0;
}

static void add_case(struct tsp_plan *plan, const struct tsp_case *tcase, const struct tsp_session *session) {
    struct tsp_planned *planned = &plan->cases[plan->case_count++];
    planned->tcase = tcase;
    if (tsp_case_obstacle(tcase, session->env, session->topology, session->cpu, planned->obstacle,
                          sizeof planned->obstacle) == NULL) {
        planned->obstacle[0] = '\0';
    }
}

/* Marks what is to be taken in `taken` (count entries, and 2 · count of scratch behind them). */
static int choose_cases(const struct tsp_registry *registry, const struct tsp_suite *suite,
                        const char *filter, bool *taken, struct tsp_error *error) {
    if (check_suite(registry, suite, error) != 0) {
        return -1;
    }
    if (take_suite(registry, suite, taken, error) != 0) {
        return -1;
    }
    return filter == NULL ? 0 : filter_cases(registry, filter, taken, taken + registry->count, error);
}

/* Chooses the cases and says what stands in their way. */
static int fill_cases(struct tsp_plan *plan, const struct tsp_registry *registry,
                      const struct tsp_suite *suite, const char *filter, const struct tsp_session *session,
                      struct tsp_error *error) {
    bool *taken = calloc(3 * registry->count + 1, sizeof *taken);
    plan->cases = calloc(registry->count + 1, sizeof *plan->cases);
    if (taken == NULL || plan->cases == NULL) {
        free(taken);
        return tsp_error_set(error, "out of memory for %zu cases", registry->count);
    }
    int status = choose_cases(registry, suite, filter, taken, error);
    for (size_t i = 0; status == 0 && i < registry->count; ++i) {
        if (taken[i]) {
            add_case(plan, &registry->cases[i], session);
        }
    }
    free(taken);
    if (status == 0 && plan->case_count == 0) {
        status = tsp_error_set(error, "suite %s%s%s leaves none of the %zu cases; `transept list` shows them",
                               suite->name, filter == NULL ? "" : " with filter ",
                               filter == NULL ? "" : filter, registry->count);
    }
    return status;
}

int tsp_plan_make(struct tsp_plan *plan, const struct tsp_registry *registry, const struct tsp_suite *suite,
                  const char *filter, unsigned rounds, const struct tsp_session *session,
                  struct tsp_error *error) {
    *plan = (struct tsp_plan){.profile = suite->profile, .rounds = rounds, .seed = session->seed};
    if (fill_cases(plan, registry, suite, filter, session, error) != 0 || order_steps(plan, error) != 0) {
        tsp_plan_free(plan);
        return -1;
    }
    return 0;
}

int tsp_plan_again(struct tsp_plan *plan, const struct tsp_registry *registry, const char *const *ids,
                   size_t count, const struct tsp_profile *profile, unsigned rounds,
                   const struct tsp_session *session, struct tsp_error *error) {
    *plan = (struct tsp_plan){.profile = *profile, .rounds = rounds, .seed = session->seed};
    plan->cases = calloc(count + 1, sizeof *plan->cases);
    if (plan->cases == NULL) {
        return tsp_error_set(error, "out of memory for %zu cases", count);
    }
    for (size_t i = 0; i < count; ++i) {
        const struct tsp_case *tcase = tsp_registry_find(registry, ids[i]);
        if (tcase == NULL) {
            tsp_plan_free(plan);
            return tsp_error_set(error, "case '%s' is not in this program; start the run anew", ids[i]);
        }
        add_case(plan, tcase, session);
    }
    if (order_steps(plan, error) != 0) {
        tsp_plan_free(plan);
        return -1;
    }
    return 0;
}

double tsp_plan_estimate_ms(const struct tsp_profile *profile, size_t steps) {
    return (double)steps * (profile->time_ms + profile->warmup_ms + ROUND_COST_MS);
}

void tsp_plan_free(struct tsp_plan *plan) {
    free(plan->cases);
    free(plan->steps);
    memset(plan, 0, sizeof *plan);
}
