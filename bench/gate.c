/* transept gate: does a record still say what a reference says, or has it become worse than another? */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "gate_exact.h"
#include "gate_policy.h"
#include "options.h"
#include "transept/compare.h"

#define NAME "transept gate"

enum { RECORDS_MAX = 8, KEY_EXACT = 256, KEY_UPDATE, KEY_REFERENCE, KEY_POLICY, KEY_BINARIES, KEY_FLOORS };

struct gate_options {
    const char *paths[RECORDS_MAX];
    size_t count;
    bool exact;
    bool update;
    const char *reference; /* a file, or a folder of <arch>.counted.json */
    const char *filter;
    struct tsp_policy_gate by_policy; /* where its policy is not NULL */
    struct tsp_error *error;
};

static const struct argp_option gate_options[] = {
    {"exact", KEY_EXACT, NULL, 0, "exact counts, which must be the same", 1},
    {"reference", KEY_REFERENCE, "PATH", 0, "a file, or a folder of ARCH.counted.json (results/reference)",
     2},
    {"filter", 'f', "PATTERN", 0, "only these cases, where a record has a part", 3},
    {"policy", KEY_POLICY, "FILE", 0, "rules in YAML over two records, folders or patterns", 5},
    {"binaries", KEY_BINARIES, "FIRST OTHER", 0, "what measured them: to confirm a regression by a duel", 6},
    {"floors", KEY_FLOORS, "DIR", 0, "where calibrate left the noise floors (results)", 7},
    {"update", KEY_UPDATE, NULL, 0, "make the reference, or the policy's lock, anew", 8},
    TSP_OPTION_HELP,
    {0},
};

/* The option has two values: the word behind it is the other. */
static error_t take_binaries(struct gate_options *options, const char *first, struct argp_state *state) {
    if (state->next >= state->argc) {
        (void)tsp_error_set(options->error, "--binaries takes two: the first's and the other's");
        return EINVAL;
    }
    options->by_policy.binaries[0] = first;
    options->by_policy.binaries[1] = state->argv[state->next++];
    return 0;
}

static error_t refuse(struct gate_options *options, const char *why) {
    (void)tsp_error_set(options->error, "%s; see --help", why);
    return EINVAL;
}

/* What goes with what. */
static error_t check(struct gate_options *options) {
    bool policy = options->by_policy.policy != NULL;
    if (options->count == 0) {
        return refuse(options, "name the records' files");
    }
    if (policy == options->exact) {
        return refuse(options, policy ? "--exact and --policy do not go together"
                                      : "say what to judge by: --exact or --policy FILE");
    }
    if (!policy && options->by_policy.binaries[0] != NULL) {
        return refuse(options, "--binaries goes with --policy");
    }
    if (policy && options->count != 2) {
        return refuse(options, "--policy takes two sides, the first and the other");
    }
    if (policy && (options->filter != NULL || options->reference != NULL)) {
        return refuse(options, "--filter and --reference do not go with --policy, which says both itself");
    }
    if (options->update && options->filter != NULL) {
        (void)tsp_error_set(options->error, "--update takes whole records: leave out --filter");
        return EINVAL;
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct gate_options *options = state->input;
    switch (key) {
    case KEY_EXACT:
        options->exact = true;
        return 0;
    case KEY_UPDATE:
        options->update = true;
        return 0;
    case KEY_REFERENCE:
        options->reference = argument;
        return 0;
    case 'f':
        options->filter = argument;
        return 0;
    case KEY_POLICY:
        options->by_policy.policy = argument;
        return 0;
    case KEY_FLOORS:
        options->by_policy.floors = argument;
        return 0;
    case KEY_BINARIES:
        return take_binaries(options, argument, state);
    case ARGP_KEY_ARG:
        if (options->count == RECORDS_MAX) {
            (void)tsp_error_set(options->error, "'%s' is one too many: %d records at most", argument,
                                RECORDS_MAX);
            return EINVAL;
        }
        options->paths[options->count++] = argument;
        return 0;
    case ARGP_KEY_END:
        return check(options);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp gate_argp = {
    .options = gate_options,
    .parser = parse_option,
    .args_doc = "RECORD.json...\n--policy FILE FIRST OTHER",
    .doc =
        "Holds counted records against the reference of their instruction set, to the instruction; or one side against another by a policy's rules.\v"
        "--exact: what the reference has must be there and the same. Cases and counts that it has not are told, and so "
        "are counts that are not the same every time.\n"
        "--policy: each rule says which cases, metric, evidence and threshold; verdicts are those of transept compare. Beside the policy lies its lock "
        "(gate.yaml: gate.lock), the cases that were judged once: one that is gone cannot be judged.\n"
        "Examples:\n"
        "  transept gate --exact results/counted/*/latest.json\n"
        "  transept gate --exact -f abi --reference before.json after.json\n"
        "  transept gate --exact --update results/counted/*/latest.json\n"
        "  transept gate --policy ci/gate.yaml before.json after.json\n"
        "  transept gate --policy ci/gate.yaml before/ after/ --binaries ./old ./new\n"
        "Exit status: 0 the same, 1 something moved, 2 cannot be judged.",
};

static const struct tsp_takes gate_values[] = {
    {KEY_REFERENCE, .files = "*.json", .folders = true},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {KEY_POLICY, .files = "*.yaml *.yml"},
    {KEY_BINARIES, .files = "*"},
    {KEY_FLOORS, .folders = true},
    {ARGP_KEY_ARG, .files = "*.json", .folders = true},
    {0},
};

static const struct tsp_command_note gate_files[] = {
    {"results/reference/ARCH.counted.json", "the exact counts that --exact holds records to"},
    {"POLICY.lock", "beside a policy: the cases that were judged once"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_gate = {
    .name = "gate",
    .about = "has anything moved? exact counts, or rules over records",
    .run = tsp_command_gate,
    .argp = &gate_argp,
    .values = gate_values,
    .files = gate_files,
    .see_also = "compare duel counts",
};

/* A folder has a file for each ISA; anything else is the reference itself. */
static int find_reference(char *path, size_t size, const struct gate_options *options, const char *arch,
                          struct tsp_error *error) {
    struct stat status;
    bool folder = options->reference == NULL || options->update || stat(options->reference, &status) != 0 ||
                  S_ISDIR(status.st_mode);
    const char *place = options->reference != NULL ? options->reference : "results/reference";
    size_t length = strlen(place);
    bool file = options->reference != NULL && length > 5 && strcmp(place + length - 5, ".json") == 0;
    int written = folder && !file ? snprintf(path, size, "%s/%s.counted.json", place, arch)
                                  : snprintf(path, size, "%s", place);
    if (written < 0 || (size_t)written >= size) {
        return tsp_error_set(error, "%.200s…: too long a path", place);
    }
    if (!options->update && stat(path, &status) != 0) {
        return tsp_error_set(error, "there is no reference %s: %s; make one with: make reference ARCH=%s",
                             path, strerror(errno), arch);
    }
    return 0;
}

static int judge(const struct gate_options *options, const struct tsp_counts *now, const char *path,
                 struct tsp_error *error) {
    struct tsp_counts reference;
    struct tsp_exact exact;
    if (tsp_counts_read(&reference, path, error) != 0) {
        return TSP_EXIT_USAGE;
    }
    int status = TSP_EXIT_USAGE;
    if (options->filter != NULL && tsp_counts_keep(&reference, options->filter, error) != 0) {
        /* said */
    } else if (tsp_exact_compare(&exact, &reference, now, error) == 0) {
        tsp_print_exact(&exact, now->arch, path);
        status = exact.cases_moved > 0 ? TSP_EXIT_CASES : TSP_EXIT_OK;
        tsp_exact_free(&exact);
    } else {
        (void)tsp_error_prefix(error, "%s: cannot judge by %s", now->arch, path);
    }
    tsp_counts_free(&reference);
    return status;
}

/* A reference of nothing would hold nothing. */
static int check_counted(const struct tsp_counts *now, const char *record, struct tsp_error *error) {
    for (size_t i = 0; i < now->case_count; ++i) {
        if (now->cases[i].status == TSP_OK && now->cases[i].count_count > 0) {
            return 0;
        }
    }
    return tsp_error_set(
        error, "%.300s has no case with exact counts: no reference is made of it; see transept run --count",
        record);
}

static int gate_record(const struct gate_options *options, const char *record, struct tsp_error *error) {
    struct tsp_counts now;
    char path[PATH_MAX];
    if (tsp_counts_read(&now, record, error) != 0) {
        return TSP_EXIT_USAGE;
    }
    int status = TSP_EXIT_USAGE;
    if (find_reference(path, sizeof path, options, now.arch, error) != 0) {
        /* said */
    } else if (options->update) {
        bool saved = check_counted(&now, record, error) == 0 && tsp_counts_save(&now, path, error) == 0;
        status = saved ? TSP_EXIT_OK : TSP_EXIT_USAGE;
        if (status == TSP_EXIT_OK) {
            (void)printf("%s: %zu cases written to %s\n", now.arch, now.case_count, path);
        }
    } else if (options->filter == NULL || tsp_counts_keep(&now, options->filter, error) == 0) {
        status = judge(options, &now, path, error);
    }
    tsp_counts_free(&now);
    return status;
}

static int gate_policy(struct gate_options *options) {
    struct tsp_policy_gate *gate = &options->by_policy;
    gate->sides[0] = options->paths[0];
    gate->sides[1] = options->paths[1];
    gate->update = options->update;
    options->error->text[0] = '\0';
    int status = tsp_gate_by_policy(gate, options->error);
    if (options->error->text[0] != '\0') {
        status = tsp_complain(NAME, options->error);
    }
    return tsp_finish_output(NAME, status);
}

int tsp_command_gate(int argc, char **argv) {
    struct tsp_error error;
    struct gate_options options = {.by_policy = {.floors = "results"}, .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_gate, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (options.by_policy.policy != NULL) {
        return gate_policy(&options);
    }
    int worst = TSP_EXIT_OK;
    for (size_t i = 0; i < options.count; ++i) {
        status = gate_record(&options, options.paths[i], &error);
        if (status == TSP_EXIT_USAGE) {
            (void)tsp_complain(NAME, &error);
        }
        worst = status > worst ? status : worst;
    }
    return tsp_finish_output(NAME, worst);
}
