/* A gate's second look: what seems worse is measured once more, as a duel. */
#include "gate_confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duel_progress.h"
#include "interrupt.h"
#include "noise.h"
#include "transept/duel.h"

/* Enough to find 2 % on a machine of ordinary noise (docs/method/gates.md). */
#define CASE_MS  10000.0
#define ROUND_MS 10.0
enum { PAIRS_LEAST = 5 };

static bool wants_duel(const struct tsp_row *row, enum tsp_ruling ruling) {
    return ruling == TSP_RULING_WORSE && row->cases[1]->status == TSP_OK;
}

/* The cases' ids as a pattern, the caller's; empty: there are none. */
static char *make_pattern(const struct tsp_comparison *comparison, const enum tsp_ruling *rulings) {
    size_t room = 1;
    for (size_t i = 0; i < comparison->row_count; ++i) {
        room += strlen(comparison->rows[i].cases[0]->id) + 1;
    }
    char *pattern = calloc(room, 1);
    size_t used = 0;
    for (size_t i = 0; pattern != NULL && i < comparison->row_count; ++i) {
        if (wants_duel(&comparison->rows[i], rulings[i])) {
            used += (size_t)snprintf(pattern + used, room - used, "%s%s", used > 0 ? "," : "",
                                     comparison->rows[i].cases[0]->id);
        }
    }
    return pattern;
}

static enum tsp_ruling settle(const struct tsp_row *row, const char *id) {
    enum tsp_effect_verdict verdict = row != NULL ? row->verdict : TSP_VERDICT_NONE;
    if (row != NULL && row->effect.ratio > 0) {
        (void)printf("duel: %s: %s, ratio %.3f [%.3f, %.3f]\n", id, tsp_row_verdict(row), row->effect.ratio,
                     row->effect.lo, row->effect.hi);
    } else {
        (void)printf("duel: %s: %s\n", id,
                     row != NULL && row->reason[0] != '\0' ? row->reason : "not measured");
    }
    return verdict == TSP_VERDICT_WORSE                                   ? TSP_RULING_WORSE
           : verdict == TSP_VERDICT_SAME || verdict == TSP_VERDICT_BETTER ? TSP_RULING_PASS
                                                                          : TSP_RULING_DOUBT;
}

static int apply(const struct tsp_duel *duel, const struct tsp_question *question,
                 const struct tsp_comparison *comparison, enum tsp_ruling *rulings, struct tsp_error *error) {
    struct tsp_comparison again;
    int unsure = 0;
    if (tsp_comparison_make(&again, &duel->sides[0], &duel->sides[1], question, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < comparison->row_count; ++i) {
        const char *id = comparison->rows[i].cases[0]->id;
        if (wants_duel(&comparison->rows[i], rulings[i])) {
            rulings[i] = settle(tsp_comparison_find_case(&again, id), id);
            unsure += rulings[i] == TSP_RULING_DOUBT;
        }
    }
    tsp_comparison_free(&again);
    return unsure;
}

static int fight(const struct tsp_policy_gate *gate, const struct tsp_rule *rule, struct tsp_duel *duel,
                 const char *pattern, struct tsp_question *question, struct tsp_floors *floors,
                 struct tsp_error *error) {
    struct tsp_suite suite;
    const struct tsp_duel_limits limits = {.case_ms = CASE_MS, .pairs_least = PAIRS_LEAST};
    const struct tsp_duel_choice choice = {.pattern = pattern};
    const volatile int *interrupted = tsp_interrupts_catch();
    struct tsp_duel_display display = tsp_duel_display_make("transept gate");
    if (tsp_suite_load(&suite, "quick", error) != 0) { /* for its limits */
        return -1;
    }
    duel->run.profile = suite.profile;
    tsp_suite_free(&suite);
    duel->run.profile.time_ms = ROUND_MS;
    duel->run.profile.warmup_ms = ROUND_MS / 2;
    duel->run.seed = tsp_seed_draw();
    *question = rule->question;
    question->paired = true;
    question->across = ~0U;
    if (tsp_duel_meet(duel, gate->binaries, interrupted, error) != 0 ||
        tsp_duel_choose(duel, &choice, error) != 0 ||
        tsp_noise_use(floors, gate->floors, &duel->duelists[0].record.machine, question, error) < 0) {
        return -1;
    }
    int status =
        tsp_duel_execute(duel, &limits, question, interrupted, tsp_duel_display_show, &display, error);
    tsp_duel_display_clear(&display);
    return status == 0 ? 0 : status < 0 ? -1 : tsp_error_set(error, "interrupted before the duel was over");
}

int tsp_gate_confirm(const struct tsp_policy_gate *gate, const struct tsp_rule *rule,
                     const struct tsp_comparison *comparison, enum tsp_ruling *rulings,
                     struct tsp_error *error) {
    struct tsp_duel duel = {.cpu = -1};
    struct tsp_floors floors = {.of = NULL};
    struct tsp_question question;
    char *pattern = make_pattern(comparison, rulings);
    int status = 0;
    if (pattern == NULL) {
        status = tsp_error_set(error, "no memory to confirm");
    } else if (pattern[0] != '\0') {
        status = fight(gate, rule, &duel, pattern, &question, &floors, error);
        if (status == 0) {
            status = apply(&duel, &question, comparison, rulings, error);
        }
    }
    tsp_duel_free(&duel);
    tsp_floors_free(&floors);
    free(pattern);
    return status < 0 ? tsp_error_prefix(error, "rule %s: cannot be confirmed", rule->name) : status;
}
