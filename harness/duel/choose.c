/* Which cases a duel takes, and where their figures go. */
#include <stdlib.h>
#include <string.h>

#include "compare/side.h"
#include "plan/pattern.h"
#include "transept/duel.h"

/* Sets `taken` of the results that the pattern matches to `value`. */
static int apply(const struct tsp_record *record, const char *pattern, bool *taken, bool value,
                 struct tsp_error *error) {
    struct tsp_matcher matcher;
    if (tsp_matcher_make(&matcher, pattern, error) != 0) {
        return -1;
    }
    int status = 0;
    for (size_t i = 0; i < record->result_count && status >= 0; ++i) {
        status = tsp_matcher_match(&matcher, record->results[i].id, error);
        taken[i] = status > 0 ? value : taken[i];
    }
    tsp_matcher_free(&matcher);
    return status < 0 ? -1 : 0;
}

/* A suite's cases, or all where there is none; of these what the pattern matches. */
static int take(const struct tsp_record *record, const struct tsp_duel_choice *choice, bool *taken,
                struct tsp_error *error) {
    const struct tsp_suite *suite = choice->suite;
    int status = 0;
    for (unsigned i = 0; suite != NULL && i < suite->cases.count && status == 0; ++i) {
        status = apply(record, suite->cases.items[i], taken, true, error);
    }
    for (unsigned i = 0; suite != NULL && i < suite->exclude.count && status == 0; ++i) {
        status = apply(record, suite->exclude.items[i], taken, false, error);
    }
    if (status != 0) {
        return tsp_error_prefix(error, "suite %s", suite->name);
    }
    for (size_t i = 0; suite == NULL && i < record->result_count; ++i) {
        taken[i] = true;
    }
    bool *matched = calloc(record->result_count + 1, sizeof *matched);
    if (matched == NULL) {
        return tsp_side_out_of_memory(error);
    }
    if (choice->pattern != NULL) {
        status = apply(record, choice->pattern, matched, true, error);
        for (size_t i = 0; i < record->result_count; ++i) {
            taken[i] = taken[i] && matched[i];
        }
    }
    free(matched);
    return status;
}

static int add_place(struct tsp_side *side, const struct tsp_result *result, const char *id,
                     struct tsp_error *error) {
    struct tsp_side_case *place = &side->cases[side->case_count++];
    *place = (struct tsp_side_case){.id = strdup(id),
                                    .family = strdup(result->family),
                                    .reason = strdup(result->reason),
                                    .status = result->status};
    return place->id != NULL && place->family != NULL && place->reason != NULL
               ? 0
               : tsp_side_out_of_memory(error);
}

/* The side of a binary without cases yet: named as the binary, with its record's head. */
static int make_side(struct tsp_side *side, const struct tsp_duelist *duelist, struct tsp_error *error) {
    *side = (struct tsp_side){.name = strdup(duelist->path),
                              .records = calloc(1, sizeof *side->records),
                              .paths = calloc(1, sizeof *side->paths),
                              .cases = calloc(duelist->record.result_count + 1, sizeof *side->cases),
                              .room = duelist->record.result_count + 1};
    if (side->name == NULL || side->records == NULL || side->paths == NULL || side->cases == NULL) {
        return tsp_side_out_of_memory(error);
    }
    side->record_count = 1;
    side->records[0] = duelist->record;
    side->records[0].results = NULL; /* the duelist's */
    side->records[0].result_count = 0;
    side->paths[0] = strdup(duelist->path);
    return side->paths[0] != NULL ? 0 : tsp_side_out_of_memory(error);
}

static int fill_side(struct tsp_side *side, const struct tsp_duelist *duelist,
                     const struct tsp_duel_choice *choice, struct tsp_error *error) {
    const struct tsp_record *record = &duelist->record;
    bool *taken = calloc(record->result_count + 1, sizeof *taken);
    if (taken == NULL) {
        return tsp_side_out_of_memory(error);
    }
    int status = take(record, choice, taken, error);
    for (size_t i = 0; i < record->result_count && status == 0; ++i) {
        status = taken[i] ? add_place(side, &record->results[i], record->results[i].id, error) : 0;
    }
    free(taken);
    return status == 0 ? tsp_side_settle(side, error) : -1;
}

/* The other side's one case, under the first's name: what they are called is no difference that a comparison could show. */
static int fill_by_name(struct tsp_duel *duel, const char *id, struct tsp_error *error) {
    const struct tsp_duelist *duelist = &duel->duelists[1];
    if (duel->sides[0].case_count != 1) {
        return tsp_error_set(error,
                             "%zu cases are chosen, and one can be held to %s; choose one with --filter",
                             duel->sides[0].case_count, id);
    }
    struct tsp_result *result = tsp_record_find(&duelist->record, id);
    if (result == NULL) {
        return tsp_error_set(error, "%.300s has no case '%.180s'; `transept list` shows them", duelist->path,
                             id);
    }
    return add_place(&duel->sides[1], result, duel->sides[0].cases[0].id, error);
}

/* A case that either cannot run is told by the comparison, with the reason. */
static void pair_up(struct tsp_duel *duel, const char *other_id) {
    struct tsp_side_case *others = duel->sides[1].cases;
    for (size_t i = 0; i < duel->sides[0].case_count; ++i) {
        struct tsp_side_case *first = &duel->sides[0].cases[i];
        const struct tsp_side_case *found = tsp_side_find(&duel->sides[1], first->id);
        if (found != NULL && first->status == TSP_OK && found->status == TSP_OK) {
            struct tsp_side_case *other = &others[found - others];
            duel->cases[duel->case_count++] = (struct tsp_duel_case){
                .ids = {first->id, other_id != NULL ? other_id : other->id}, .places = {first, other}};
        }
    }
}

/* Why there is nothing to be measured. */
static int explain(const struct tsp_duel *duel, const struct tsp_duel_choice *choice,
                   struct tsp_error *error) {
    const struct tsp_side *sides = duel->sides;
    const char *what = choice->pattern != NULL ? choice->pattern
                       : choice->suite != NULL ? choice->suite->name
                                               : "";
    for (size_t i = 0; i < sides[0].case_count; ++i) {
        const struct tsp_side_case *other = tsp_side_find(&sides[1], sides[0].cases[i].id);
        if (other != NULL) {
            const struct tsp_side_case *stuck =
                sides[0].cases[i].status != TSP_OK ? &sides[0].cases[i] : other;
            return tsp_error_set(error, "'%.100s': none of the cases can run here; %.120s: %.200s", what,
                                 stuck->id, stuck->reason);
        }
    }
    return tsp_error_set(error,
                         "'%.100s' matches no case that both have: %zu of the first's, %zu of the other's; "
                         "`transept list` shows them",
                         what, sides[0].case_count, sides[1].case_count);
}

int tsp_duel_choose(struct tsp_duel *duel, const struct tsp_duel_choice *choice, struct tsp_error *error) {
    for (unsigned i = 0; i < 2; ++i) {
        if (make_side(&duel->sides[i], &duel->duelists[i], error) != 0) {
            return -1;
        }
        int status = i == 1 && choice->other_case != NULL
                         ? fill_by_name(duel, choice->other_case, error)
                         : fill_side(&duel->sides[i], &duel->duelists[i], choice, error);
        if (status != 0) {
            return -1;
        }
    }
    duel->cases = calloc(duel->sides[0].case_count + 1, sizeof *duel->cases);
    if (duel->cases == NULL) {
        return tsp_side_out_of_memory(error);
    }
    pair_up(duel, choice->other_case);
    return duel->case_count > 0 ? 0 : explain(duel, choice, error);
}
