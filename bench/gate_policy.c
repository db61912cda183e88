/* The gate by policy: each rule over two sides, with the cases it once judged held against those it finds. */
#include "gate_policy.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "gate_confirm.h"
#include "noise.h"
#include "transept/policy.h"

enum { SHOWN = 6 };

/* One rule at work. */
struct hearing {
    const struct tsp_policy_gate *gate;
    const struct tsp_rule *rule;
    struct tsp_lock *lock;
    const char *lock_path; /* NULL: there is none, or it is being made */
    struct tsp_side sides[2];
    struct tsp_floors floors;
    struct tsp_question question;
    struct tsp_comparison comparison;
    enum tsp_ruling *rulings; /* of the rows */
    size_t counts[TSP_RULING_UNJUDGED + 1];
    size_t gone;
    bool calibrated;
};

/* --- the sides -------------------------------------------------------------------------------------------------------------------- */

/* Keeps what the rule's patterns match. */
static int prune(struct tsp_side *side, const struct tsp_rule *rule, struct tsp_error *error) {
    size_t kept = 0;
    int status = 0;
    for (size_t i = 0; i < side->case_count; ++i) {
        int match = status < 0 ? 0 : tsp_rule_match(rule, side->cases[i].id, error);
        status = match < 0 ? -1 : status;
        struct tsp_side_case dropped = side->cases[i];
        if (match > 0) {
            side->cases[i] = side->cases[kept]; /* swapped, so that all are freed in the end */
            side->cases[kept++] = dropped;
        }
    }
    for (size_t i = kept; i < side->case_count; ++i) {
        tsp_side_case_free(&side->cases[i]);
    }
    side->case_count = kept;
    return status;
}

static int open_sides(struct hearing *hearing, struct tsp_error *error) {
    const struct tsp_policy_gate *gate = hearing->gate;
    hearing->question = hearing->rule->question;
    for (unsigned i = 0; i < 2; ++i) {
        if (tsp_side_read(&hearing->sides[i], gate->sides[i], &hearing->question, error) != 0 ||
            prune(&hearing->sides[i], hearing->rule, error) != 0) {
            return -1;
        }
        if (hearing->sides[i].case_count == 0) {
            return tsp_error_set(error,
                                 "%.200s has no case that the rule matches; mend its patterns or the record",
                                 gate->sides[i]);
        }
    }
    int known = tsp_noise_use(&hearing->floors, gate->floors, &hearing->sides[1].records[0].machine,
                              &hearing->question, error);
    hearing->calibrated = known > 0;
    if (known < 0 || tsp_comparison_make(&hearing->comparison, &hearing->sides[0], &hearing->sides[1],
                                         &hearing->question, error) != 0) {
        return -1;
    }
    hearing->rulings = calloc(hearing->comparison.row_count + 1, sizeof *hearing->rulings);
    return hearing->rulings != NULL ? 0 : tsp_error_set(error, "no memory to judge");
}

static void close_hearing(struct hearing *hearing) {
    tsp_comparison_free(&hearing->comparison);
    tsp_side_free(&hearing->sides[0]);
    tsp_side_free(&hearing->sides[1]);
    tsp_floors_free(&hearing->floors);
    free(hearing->rulings);
}

/* --- the lock --------------------------------------------------------------------------------------------------------------------- */

static const char *arch_of(const struct hearing *hearing) {
    return hearing->sides[1].records[0].machine.arch;
}

/* Cases that the rule once judged here, and that one of the sides no longer has. */
static void find_gone(struct hearing *hearing) {
    size_t lines = 0;
    for (size_t i = 0; i < hearing->lock->count; ++i) {
        const struct tsp_locked *locked = &hearing->lock->of[i];
        if (strcmp(locked->arch, arch_of(hearing)) != 0 || strcmp(locked->rule, hearing->rule->name) != 0) {
            continue;
        }
        ++lines;
        if (tsp_comparison_find_case(&hearing->comparison, locked->id) != NULL) {
            continue;
        }
        const struct tsp_side_case *other = tsp_side_find(&hearing->sides[1], locked->id);
        if (++hearing->gone <= SHOWN) {
            (void)printf("  %s\n    gone: it was judged once, and is not in %s\n", locked->id,
                         other == NULL || other->status == TSP_SKIPPED ? hearing->gate->sides[1]
                                                                       : hearing->gate->sides[0]);
        }
    }
    if (hearing->gone > SHOWN) {
        (void)printf("  and %zu more are gone\n", hearing->gone - SHOWN);
    }
    if (lines == 0 && hearing->lock_path != NULL) {
        (void)printf(
            "  %s has no line of %s and this rule: cases that vanish are not missed; make it with --update\n",
            hearing->lock_path, arch_of(hearing));
    }
}

static int note_judged(struct hearing *hearing, struct tsp_error *error) {
    const struct tsp_comparison *comparison = &hearing->comparison;
    for (size_t i = 0; i < comparison->row_count; ++i) {
        const char *id = comparison->rows[i].cases[0]->id;
        if (hearing->rulings[i] != TSP_RULING_UNJUDGED &&
            tsp_lock_add(hearing->lock, arch_of(hearing), hearing->rule->name, id, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- what is found ---------------------------------------------------------------------------------------------------------------- */

static void print_row(const struct tsp_row *row, enum tsp_ruling ruling, const char *reason) {
    const struct tsp_series *series = row->series[1];
    (void)printf("  %s\n    ", row->cases[0]->id);
    if (ruling == TSP_RULING_UNJUDGED || (row->verdict == TSP_VERDICT_NONE && !row->differs) ||
        series == NULL || (!series->exact && isnan(row->effect.ratio))) {
        (void)printf("%s\n", reason);
    } else if (series->exact) {
        (void)printf("%s %s: %.12g, was %.12g\n", tsp_row_verdict(row), series->name, row->value[1],
                     row->value[0]);
    } else {
        (void)printf("%s %s: %.4g %s, was %.4g; ratio %.3f [%.3f, %.3f], floor %.1f %%\n",
                     tsp_row_verdict(row), series->name, row->value[1], series->unit, row->value[0],
                     row->effect.ratio, row->effect.lo, row->effect.hi, 100 * row->floor);
    }
}

/* All regressions; of what is told beside them the first few. */
static void print_rows(const struct hearing *hearing, enum tsp_ruling ruling, const char *word) {
    size_t shown = 0;
    for (size_t i = 0; i < hearing->comparison.row_count; ++i) {
        char reason[TSP_REASON_MAX + 128];
        const struct tsp_row *row = &hearing->comparison.rows[i];
        if (hearing->rulings[i] != ruling) {
            continue;
        }
        (void)tsp_rule_judge(hearing->rule, row, reason, sizeof reason);
        if (ruling == TSP_RULING_WORSE || ++shown <= SHOWN) {
            print_row(row, ruling, reason[0] != '\0' ? reason : word);
        }
    }
    if (shown > SHOWN) {
        (void)printf("  and %zu more %s\n", shown - SHOWN, word);
    }
}

static void judge(struct hearing *hearing) {
    char reason[TSP_REASON_MAX + 128];
    for (size_t i = 0; i < hearing->comparison.row_count; ++i) {
        enum tsp_ruling ruling =
            tsp_rule_judge(hearing->rule, &hearing->comparison.rows[i], reason, sizeof reason);
        hearing->rulings[i] = ruling;
        ++hearing->counts[ruling];
    }
}

static void recount(struct hearing *hearing) {
    memset(hearing->counts, 0, sizeof hearing->counts);
    for (size_t i = 0; i < hearing->comparison.row_count; ++i) {
        ++hearing->counts[hearing->rulings[i]];
    }
}

static void print_head(const struct hearing *hearing) {
    const struct tsp_rule *rule = hearing->rule;
    const size_t *counts = hearing->counts;
    (void)printf("%s (%s, %s, threshold %.3g %%): %zu pass, %zu worse, %zu inconclusive, %zu not judged\n",
                 rule->name, rule->metric, tsp_evidence_name((enum tsp_evidence)rule->evidence),
                 100 * rule->question.threshold, counts[TSP_RULING_PASS], counts[TSP_RULING_WORSE],
                 counts[TSP_RULING_DOUBT], counts[TSP_RULING_UNJUDGED]);
    if (!hearing->calibrated && rule->evidence == TSP_MEASURED) {
        (void)puts(
            "  not calibrated: what this machine's noise alone does is not known; see transept calibrate");
    }
    if (rule->confirm == TSP_CONFIRM_DUEL && counts[TSP_RULING_WORSE] > 0 &&
        hearing->gate->binaries[0] == NULL) {
        (void)puts(
            "  not confirmed: the rule asks for a duel; name the binaries with --binaries FIRST OTHER");
    }
    if (hearing->comparison.unasked != 0) {
        char names[64];
        (void)printf(
            "  the sides differ in more than the code; if that is the question, the rule says across: %s\n",
            tsp_across_text(hearing->comparison.unasked, names, sizeof names));
    }
    if (hearing->comparison.only_first + hearing->comparison.only_other > 0) {
        (void)printf("  %zu cases only in %s, %zu only in %s\n", hearing->comparison.only_first,
                     hearing->gate->sides[0], hearing->comparison.only_other, hearing->gate->sides[1]);
    }
}

/* A regression that is refuted passes; one that is neither refuted nor confirmed is in doubt, which cannot pass. Returns how many those are, or -1. */
static int confirm(struct hearing *hearing, struct tsp_error *error) {
    if (hearing->rule->confirm != TSP_CONFIRM_DUEL || hearing->counts[TSP_RULING_WORSE] == 0) {
        return 0;
    }
    if (hearing->gate->binaries[0] == NULL) {
        return 0;
    }
    return tsp_gate_confirm(hearing->gate, hearing->rule, &hearing->comparison, hearing->rulings, error);
}

static int conclude(const struct hearing *hearing, int unsure) {
    const size_t *counts = hearing->counts;
    bool blind = counts[TSP_RULING_PASS] + counts[TSP_RULING_WORSE] == 0;
    bool doubt = counts[TSP_RULING_DOUBT] > 0 && (hearing->rule->doubt == TSP_DOUBT_REFUSE || unsure > 0);
    if (blind) {
        (void)printf("  no case of %s can be judged: such a rule never fires\n", hearing->rule->name);
    }
    if (blind || doubt || hearing->gone > 0 || counts[TSP_RULING_UNJUDGED] > 0) {
        return TSP_EXIT_USAGE;
    }
    return counts[TSP_RULING_WORSE] > 0 ? TSP_EXIT_CASES : TSP_EXIT_OK;
}

/* The exit status of a rule. */
static int hear(struct hearing *hearing, struct tsp_error *error) {
    if (open_sides(hearing, error) != 0) {
        (void)tsp_error_prefix(error, "%s: rule %s", hearing->gate->policy, hearing->rule->name);
        return TSP_EXIT_USAGE;
    }
    judge(hearing);
    if (hearing->gate->update) {
        if (note_judged(hearing, error) != 0) {
            return TSP_EXIT_USAGE;
        }
    }
    int unsure = confirm(hearing, error);
    if (unsure < 0) {
        return TSP_EXIT_USAGE;
    }
    recount(hearing);
    print_head(hearing);
    print_rows(hearing, TSP_RULING_WORSE, "worse");
    print_rows(hearing, TSP_RULING_UNJUDGED, "not judged");
    print_rows(hearing, TSP_RULING_DOUBT, "inconclusive");
    if (!hearing->gate->update) {
        find_gone(hearing);
    }
    return conclude(hearing, unsure);
}

/* --- the policy ------------------------------------------------------------------------------------------------------------------- */

/* Where the sides were measured, without their cases. That of the second is what is judged. */
static int read_heads(const struct tsp_policy_gate *gate, struct tsp_side *heads, struct tsp_error *error) {
    const struct tsp_question none = {.pattern = "!*"};
    for (int i = 0; i < 2; ++i) {
        if (tsp_side_read(&heads[i], gate->sides[i], &none, error) != 0) {
            return -1;
        }
    }
    const char *first = heads[0].records[0].machine.arch;
    const char *other = heads[1].records[0].machine.arch;
    if (strcmp(first, other) != 0) {
        return tsp_error_set(
            error,
            "the sides differ in ISA: %.200s is of %s, %.200s of %s; a gate judges records of one ISA, "
            "transept compare holds any against any",
            gate->sides[0], first, gate->sides[1], other);
    }
    return 0;
}

/* A policy of which no rule is for such a record judges nothing. */
static int check_rules(const struct tsp_policy_gate *gate, const struct tsp_policy *policy,
                       const struct tsp_machine *machine, struct tsp_error *error) {
    for (unsigned i = 0; i < policy->rule_count; ++i) {
        if (tsp_rule_applies(&policy->rules[i], machine)) {
            return 0;
        }
    }
    return tsp_error_set(error, "%s: no rule is for what %s executed, as in %.200s", gate->policy,
                         machine->emulated ? "an emulator" : "hardware", gate->sides[1]);
}

/* `*heard`: each rule could be put to work. */
static int hear_all(const struct tsp_policy_gate *gate, const struct tsp_policy *policy,
                    const struct tsp_machine *machine, struct tsp_lock *lock, const char *lock_path,
                    bool *heard, struct tsp_error *error) {
    int worst = TSP_EXIT_OK;
    *heard = true;
    for (unsigned i = 0; i < policy->rule_count; ++i) {
        if (!tsp_rule_applies(&policy->rules[i], machine)) {
            (void)printf("%s: not for what %s executed\n", policy->rules[i].name,
                         machine->emulated ? "an emulator" : "hardware");
            continue;
        }
        struct hearing hearing = {
            .gate = gate, .rule = &policy->rules[i], .lock = lock, .lock_path = lock_path};
        error->text[0] = '\0';
        int status = hear(&hearing, error);
        if (error->text[0] != '\0') {
            (void)tsp_complain("transept gate", error);
            *heard = false;
            error->text[0] = '\0';
        }
        worst = status > worst ? status : worst;
        close_hearing(&hearing);
    }
    return worst;
}

static int judge_or_update(const struct tsp_policy_gate *gate, const struct tsp_policy *policy,
                           const struct tsp_machine *machine, struct tsp_error *error) {
    char path[PATH_MAX];
    struct tsp_lock lock = {.of = NULL};
    if (tsp_lock_path(path, sizeof path, gate->policy, error) != 0) {
        return TSP_EXIT_USAGE;
    }
    int absent = tsp_lock_read(&lock, path, error);
    int result = TSP_EXIT_USAGE;
    if (absent >= 0) {
        if (gate->update) {
            tsp_lock_forget(&lock, policy, machine);
        } else if (absent > 0) {
            (void)printf("there is no %s: cases that vanish are not missed; make it with --update\n", path);
        }
        error->text[0] = '\0';
        bool heard = false;
        result =
            hear_all(gate, policy, machine, &lock, gate->update || absent > 0 ? NULL : path, &heard, error);
        if (gate->update && !heard) {
            (void)printf("%s is left as it was\n", path);
        } else if (gate->update && tsp_lock_write(&lock, path, error) != 0) {
            result = TSP_EXIT_USAGE;
        } else if (gate->update) {
            (void)printf("%zu cases are in %s\n", lock.count, path);
        }
    }
    tsp_lock_free(&lock);
    return result;
}

int tsp_gate_by_policy(const struct tsp_policy_gate *gate, struct tsp_error *error) {
    static const char *const words[] = {
        [TSP_EXIT_OK] = "pass", [TSP_EXIT_CASES] = "regression", [TSP_EXIT_USAGE] = "cannot be judged"};
    struct tsp_policy policy;
    struct tsp_side heads[2] = {{.name = NULL}, {.name = NULL}};
    int result = TSP_EXIT_USAGE;
    if (tsp_policy_load(&policy, gate->policy, error) == 0 && read_heads(gate, heads, error) == 0 &&
        check_rules(gate, &policy, &heads[1].records[0].machine, error) == 0) {
        result = judge_or_update(gate, &policy, &heads[1].records[0].machine, error);
        if (error->text[0] == '\0') {
            (void)printf("gate %s: %s\n", policy.name, words[result]);
        }
    }
    tsp_side_free(&heads[0]);
    tsp_side_free(&heads[1]);
    tsp_policy_free(&policy);
    return result;
}
