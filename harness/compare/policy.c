/* Policies: rules out of YAML, and what they say of a row. */
#include "transept/policy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/pattern.h"
#include "plan/yaml.h"

enum { RULES_MAX = 64 };

/* --- reading ---------------------------------------------------------------------------------------------------------------------- */

static int check_pattern(const char *text, struct tsp_error *error) {
    struct tsp_matcher matcher;
    if (tsp_matcher_make(&matcher, text, error) != 0) {
        return -1;
    }
    int status = tsp_matcher_match(&matcher, "", error); /* compiles its expressions */
    tsp_matcher_free(&matcher);
    return status < 0 ? -1 : 0;
}

static int check_metric(const char *text, struct tsp_error *error) {
    struct tsp_question question = {.metric = ""};
    return tsp_question_metric(&question, text, error);
}

static int check_across(const char *text, struct tsp_error *error) {
    struct tsp_question question = {.across = 0};
    return tsp_question_across(&question, text, error);
}

/* A word of the lock's lines. */
static int check_name(const char *text, struct tsp_error *error) {
    return strpbrk(text, " \t\n#") == NULL && strlen(text) < TSP_NAME_MAX
               ? 0
               : tsp_error_set(error, "write one short word, as in fences");
}

static const char *const evidences[] = {
    [TSP_MEASURED] = "measured", [TSP_COUNTED] = "counted", [TSP_MODELLED] = "modelled", NULL};
static const char *const confirms[] = {[TSP_CONFIRM_NONE] = "none", [TSP_CONFIRM_DUEL] = "duel", NULL};
static const char *const executors[] = {[TSP_RULE_FOR_ALL] = "any",
                                        [TSP_RULE_FOR_HARDWARE] = "hardware",
                                        [TSP_RULE_FOR_EMULATOR] = "emulator",
                                        NULL};
static const char *const doubts[] = {[TSP_DOUBT_PASS] = "pass", [TSP_DOUBT_REFUSE] = "refuse", NULL};

#define AT(member) offsetof(struct tsp_rule, member)

static const struct tsp_yaml_field rule_fields[] = {
    {.key = "name", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(name), .check = check_name},
    {.key = "cases", .kind = TSP_YAML_LIST, .required = true, .offset = AT(cases), .check = check_pattern},
    {.key = "exclude", .kind = TSP_YAML_LIST, .offset = AT(exclude), .check = check_pattern},
    {.key = "metric", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(metric), .check = check_metric},
    {.key = "evidence", .kind = TSP_YAML_WORD, .required = true, .offset = AT(evidence), .words = evidences},
    {.key = "threshold", .kind = TSP_YAML_SHARE, .required = true, .offset = AT(question.threshold)},
    {.key = "across", .kind = TSP_YAML_TEXT, .offset = AT(across), .check = check_across},
    {.key = "executed_by", .kind = TSP_YAML_WORD, .offset = AT(executed_by), .words = executors},
    {.key = "confirm", .kind = TSP_YAML_WORD, .offset = AT(confirm), .words = confirms},
    {.key = "inconclusive", .kind = TSP_YAML_WORD, .offset = AT(doubt), .words = doubts},
    {.key = NULL},
};

/* What the file is read into. */
struct text {
    char *name;
    struct tsp_yaml_groups rules;
};

static const struct tsp_rule empty_rule = {.name = NULL};

static const struct tsp_yaml_field policy_fields[] = {
    {.key = "name", .kind = TSP_YAML_TEXT, .required = true, .offset = offsetof(struct text, name)},
    {.key = "rules",
     .kind = TSP_YAML_GROUPS,
     .required = true,
     .offset = offsetof(struct text, rules),
     .max = RULES_MAX,
     .fields = rule_fields,
     .size = sizeof(struct tsp_rule),
     .initial = &empty_rule},
    {.key = NULL},
};

/* Rules that never fire are mistakes. */
static int check_rule(const struct tsp_rule *rule, const char *path, struct tsp_error *error) {
    if (rule->confirm == TSP_CONFIRM_DUEL && rule->evidence != TSP_MEASURED) {
        return tsp_error_set(error, "%s: rule %s: a duel confirms what was measured, not what was %s", path,
                             rule->name, evidences[rule->evidence]);
    }
    if (rule->executed_by == TSP_RULE_FOR_EMULATOR && rule->evidence == TSP_MEASURED) {
        return tsp_error_set(error, "%s: rule %s: nothing that an emulator executed is measured", path,
                             rule->name);
    }
    return 0;
}

/* What the fields cannot say. */
static int settle(struct tsp_policy *policy, const char *path, struct tsp_error *error) {
    for (unsigned i = 0; i < policy->rule_count; ++i) {
        struct tsp_rule *rule = &policy->rules[i];
        if (tsp_question_metric(&rule->question, rule->metric, error) != 0 ||
            (rule->across != NULL && tsp_question_across(&rule->question, rule->across, error) != 0)) {
            return tsp_error_prefix(error, "%s", path);
        }
        for (unsigned k = 0; k < i; ++k) {
            if (strcmp(policy->rules[k].name, rule->name) == 0) {
                return tsp_error_set(error, "%s: two rules are called %s; rename one", path, rule->name);
            }
        }
        if (check_rule(rule, path, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int tsp_policy_parse(struct tsp_policy *policy, const char *yaml, size_t size, const char *path,
                     struct tsp_error *error) {
    struct text text = {.name = NULL};
    int status = tsp_yaml_read(yaml, size, path, policy_fields, &text, error);
    *policy =
        (struct tsp_policy){.name = text.name, .rules = text.rules.items, .rule_count = text.rules.count};
    return status == 0 ? settle(policy, path, error) : -1;
}

int tsp_policy_load(struct tsp_policy *policy, const char *path, struct tsp_error *error) {
    *policy = (struct tsp_policy){.name = NULL};
    size_t size = 0;
    char *text = tsp_yaml_file_read(path, "policy", &size, error);
    int status = text == NULL ? -1 : tsp_policy_parse(policy, text, size, path, error);
    free(text);
    return status;
}

static void free_texts(struct tsp_texts *texts) {
    for (unsigned i = 0; i < texts->count; ++i) {
        free(texts->items[i]);
    }
    free(texts->items);
}

void tsp_policy_free(struct tsp_policy *policy) {
    for (unsigned i = 0; i < policy->rule_count; ++i) {
        struct tsp_rule *rule = &policy->rules[i];
        free_texts(&rule->cases);
        free_texts(&rule->exclude);
        free(rule->name);
        free(rule->metric);
        free(rule->across);
    }
    free(policy->rules);
    free(policy->name);
    *policy = (struct tsp_policy){.name = NULL};
}

/* --- judging ---------------------------------------------------------------------------------------------------------------------- */

bool tsp_rule_applies(const struct tsp_rule *rule, const struct tsp_machine *machine) {
    return rule->executed_by == TSP_RULE_FOR_ALL ||
           (rule->executed_by == TSP_RULE_FOR_EMULATOR) == machine->emulated;
}

static int match_any(const struct tsp_texts *patterns, const char *id, struct tsp_error *error) {
    int match = 0;
    for (unsigned i = 0; i < patterns->count && match == 0; ++i) {
        match = tsp_pattern_match(patterns->items[i], id, error);
    }
    return match;
}

int tsp_rule_match(const struct tsp_rule *rule, const char *id, struct tsp_error *error) {
    int match = match_any(&rule->cases, id, error);
    int excluded = match > 0 ? match_any(&rule->exclude, id, error) : 0;
    return excluded < 0 ? -1 : excluded > 0 ? 0 : match;
}

/* More than the threshold allows? From nothing to something has no ratio, and is. A fact must stay as it is, whichever way it moves. */
static bool counts_too_many(const struct tsp_row *row, double threshold) {
    double ratio = row->effect.ratio;
    double worse = row->fact ? fmax(ratio, 1 / ratio) : row->higher_is_better ? 1 / ratio : ratio;
    return isnan(worse) || worse > 1 + threshold;
}

enum tsp_ruling tsp_rule_judge(const struct tsp_rule *rule, const struct tsp_row *row, char *reason,
                               size_t size) {
    (void)snprintf(reason, size, "%s", row->reason);
    if (row->cases[0]->status == TSP_OK && row->cases[1]->status != TSP_OK &&
        row->cases[1]->status != TSP_SKIPPED) {
        return TSP_RULING_WORSE;
    }
    for (int i = 0; i < 2; ++i) {
        if (row->series[i] != NULL && row->series[i]->evidence != (enum tsp_evidence)rule->evidence) {
            bool emulated = row->series[i]->evidence == TSP_EMULATED;
            (void)snprintf(reason, size, "%s is %s, and the rule is for what is %s%s", row->series[i]->name,
                           tsp_evidence_name(row->series[i]->evidence), evidences[rule->evidence],
                           emulated ? ": an emulator's times say nothing of the processor" : "");
            return TSP_RULING_UNJUDGED;
        }
    }
    switch (row->verdict) {
    case TSP_VERDICT_SAME:
    case TSP_VERDICT_BETTER:
        return TSP_RULING_PASS;
    case TSP_VERDICT_WORSE:
        return isnan(row->adjusted_p) && !counts_too_many(row, rule->question.threshold) ? TSP_RULING_PASS
                                                                                         : TSP_RULING_WORSE;
    case TSP_VERDICT_INCONCLUSIVE:
        return TSP_RULING_DOUBT;
    case TSP_VERDICT_NONE:
        break;
    }
    if (row->differs) { /* the rule names it: so it is held where it was */
        return isnan(row->adjusted_p) && !counts_too_many(row, rule->question.threshold) ? TSP_RULING_PASS
                                                                                         : TSP_RULING_WORSE;
    }
    return TSP_RULING_UNJUDGED;
}
