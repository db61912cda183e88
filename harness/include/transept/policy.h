/* What a gate holds records to: rules out of a YAML file, and the cases that each once matched. */
#ifndef TRANSEPT_POLICY_H
#define TRANSEPT_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/comparison.h"
#include "transept/error.h"
#include "transept/plan.h"

/** What becomes of a case that is found worse. */
enum tsp_confirm {
    TSP_CONFIRM_NONE, /* it fails the gate */
    TSP_CONFIRM_DUEL  /* first it is measured once more, as a duel, where the binaries are given */
};

/** What becomes of a case that cannot be told to be worse or not. */
enum tsp_doubt {
    TSP_DOUBT_PASS,  /* it is told, and passes; unless no case of the rule can be told */
    TSP_DOUBT_REFUSE /* the gate cannot judge */
};

/** Which records a rule is for: a policy may have rules for exact counts, which an emulator makes, and others for hardware's times. */
enum tsp_rule_for { TSP_RULE_FOR_ALL, TSP_RULE_FOR_HARDWARE, TSP_RULE_FOR_EMULATOR };

struct tsp_rule {
    char *name;
    struct tsp_texts cases;   /* patterns, see tsp_pattern_match() */
    struct tsp_texts exclude; /* the same; takes away again */
    struct tsp_question question;
    char *metric;
    char *across;
    unsigned evidence; /* enum tsp_evidence, never TSP_EMULATED */
    unsigned confirm;
    unsigned doubt;
    unsigned executed_by; /* enum tsp_rule_for */
};

struct tsp_policy {
    char *name;
    struct tsp_rule *rules;
    unsigned rule_count;
};

/** Reads a policy from a file, or from the text of one (`path` is for the errors). Mistakes name file, line and column. Free with tsp_policy_free()
 *  whatever is returned. */
int tsp_policy_load(struct tsp_policy *policy, const char *path, struct tsp_error *error);
int tsp_policy_parse(struct tsp_policy *policy, const char *yaml, size_t size, const char *path,
                     struct tsp_error *error);
void tsp_policy_free(struct tsp_policy *policy);

/** Is the rule for records of such a machine? Pure. */
bool tsp_rule_applies(const struct tsp_rule *rule, const struct tsp_machine *machine);

/** Is the case one of the rule's? 1, 0, -1. */
int tsp_rule_match(const struct tsp_rule *rule, const char *id, struct tsp_error *error);

/* --- the lock --------------------------------------------------------------------------------------------------------------------- */

/** A case that a rule once judged on an ISA. */
struct tsp_locked {
    char *arch;
    char *rule;
    char *id;
};

/** The file beside the policy: one line "ARCH RULE CASE" each, in order. */
struct tsp_lock {
    struct tsp_locked *of;
    size_t count;
    size_t room;
};

/** `gate.yaml` → `gate.lock`. */
int tsp_lock_path(char *path, size_t size, const char *policy, struct tsp_error *error);

/** Reads the file; one that is not there is empty and no error (1 is returned). Free with tsp_lock_free() whatever is returned. */
int tsp_lock_read(struct tsp_lock *lock, const char *path, struct tsp_error *error);

int tsp_lock_add(struct tsp_lock *lock, const char *arch, const char *rule, const char *id,
                 struct tsp_error *error);

/** Forgets what is known of the machine's ISA, before it is noted anew: all but the lines of rules that are not for such a machine. */
void tsp_lock_forget(struct tsp_lock *lock, const struct tsp_policy *policy,
                     const struct tsp_machine *machine);

int tsp_lock_write(struct tsp_lock *lock, const char *path, struct tsp_error *error);
void tsp_lock_free(struct tsp_lock *lock);

/* --- judging ---------------------------------------------------------------------------------------------------------------------- */

enum tsp_ruling {
    TSP_RULING_PASS,
    TSP_RULING_WORSE,   /* a regression */
    TSP_RULING_DOUBT,   /* inconclusive */
    TSP_RULING_UNJUDGED /* there is no telling, with the row's reason */
};

/**
 * What a rule says of a row of a comparison under its own question: a case that is worse, or that no longer ends ok, is a regression; of
 * counts, one that is over the threshold. Evidence other than the rule's is not judged: `reason` (size bytes) receives why. Pure.
 */
enum tsp_ruling tsp_rule_judge(const struct tsp_rule *rule, const struct tsp_row *row, char *reason,
                               size_t size);

#endif
