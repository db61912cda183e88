/* transept duel: two builds in turns on one CPU, a verdict a case. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "compare_table.h"
#include "duel_progress.h"
#include "duel_refs.h"
#include "interrupt.h"
#include "noise.h"
#include "options.h"
#include "transept/duel.h"

#define NAME "transept duel"

enum {
    KEY_CASE_TIME = 256,
    KEY_SEED,
    KEY_CPU,
    KEY_METRIC,
    KEY_THRESHOLD,
    KEY_FORMAT,
    KEY_REF,
    KEY_AGAINST,
    KEY_WITH,
    KEY_FLOORS
};

/* What an interval takes to be steady, however long a round lasts. */
enum { PAIRS_LEAST = 5 };

struct duel_options {
    const char *paths[2];
    unsigned path_count;
    const char *refs[2]; /* revisions to be built; NULL: none, of the second the checkout as it is */
    const char *suite;
    struct tsp_duel_choice choice;
    struct tsp_duel_limits limits;
    double time_ms;
    bool seeded;
    uint64_t seed;
    int cpu;
    const char *floors;
    struct tsp_question question;
    const struct tsp_comparison_format *format; /* NULL: the table */
    struct tsp_error *error;
};

static const struct argp_option duel_options[] = {
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 1},
    {"suite", 's', "NAME", 0, "the cases of this suite (quick, unless there is a filter)", 1},
    {"with", KEY_WITH, "CASE", 0, "hold the one case to this one of the other binary", 2},
    {"seconds-per-case", KEY_CASE_TIME, "S", 0, "time for both sides of a case together (10)", 3},
    {"rounds", 'r', "N", 0, "so many pairs of each case instead", 4},
    {"time", 't', "TIME", 0, "sampling time of a round (10ms)", 5},
    {"seed", KEY_SEED, "N", 0, "order of rounds and random inputs (drawn)", 6},
    {"cpu", KEY_CPU, "N", 0, "measure on this CPU (chosen)", 6},
    {"metric", KEY_METRIC, "NAME", 0, "what to compare: time, time:p95 … (time)", 7},
    {"threshold", KEY_THRESHOLD, "SHARE", 0, "differences up to it do not matter: 2% or 0.02 (1%)", 7},
    {"floors", KEY_FLOORS, "DIR", 0, "where calibrate left the noise floors (results)", 8},
    {"format", KEY_FORMAT, "NAME", 0, "{words} (table)", 9},
    {"ref", KEY_REF, "REV", 0, "build this revision of the checkout as the first", 10},
    {"against", KEY_AGAINST, "REV", 0, "and this one as the other (the checkout as it is)", 11},
    TSP_OPTION_HELP,
    {0},
};

static int parse_seconds(const char *text, double *ms, struct tsp_error *error) {
    char with_unit[64];
    (void)snprintf(with_unit, sizeof with_unit, "%.40ss", text);
    return tsp_time_parse(with_unit, ms, error) == 0
               ? 0
               : tsp_error_set(error, "--seconds-per-case: '%.40s' is not a number of seconds, as in 10",
                               text);
}

static int parse_number(uint64_t *value, const char *text, uint64_t min, uint64_t max, const char *option,
                        struct tsp_error *error) {
    return tsp_count_parse(text, min, max, value, error) == 0 ? 0 : tsp_error_prefix(error, "%s", option);
}

/* What is compared, and how it is shown. */
static int parse_question(int key, const char *argument, struct duel_options *options) {
    switch (key) {
    case KEY_METRIC:
        return tsp_question_metric(&options->question, argument, options->error);
    case KEY_THRESHOLD:
        return tsp_share_parse(argument, &options->question.threshold, options->error) == 0
                   ? 0
                   : tsp_error_prefix(options->error, "--threshold");
    case KEY_FORMAT:
        options->format = tsp_comparison_format_find(argument);
        return tsp_words_find(tsp_words_comparison_format, "format", argument, options->error) >= 0 ? 0 : -1;
    case KEY_FLOORS:
        options->floors = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int parse_measuring(int key, const char *argument, struct duel_options *options) {
    uint64_t number = 0;
    switch (key) {
    case KEY_CASE_TIME:
        return parse_seconds(argument, &options->limits.case_ms, options->error);
    case 'r':
        if (parse_number(&number, argument, TSP_EFFECT_ROUNDS, TSP_ROUNDS_MAX, "--rounds", options->error) !=
            0) {
            return -1;
        }
        options->limits.pairs = (unsigned)number;
        return 0;
    case 't':
        return tsp_time_parse(argument, &options->time_ms, options->error) == 0
                   ? 0
                   : tsp_error_prefix(options->error, "--time");
    case KEY_SEED:
        options->seeded = true;
        return parse_number(&options->seed, argument, 0, UINT64_MAX, "--seed", options->error);
    case KEY_CPU:
        if (parse_number(&number, argument, 0, 1U << 20, "--cpu", options->error) != 0) {
            return -1;
        }
        options->cpu = (int)number;
        return 0;
    default:
        return parse_question(key, argument, options);
    }
}

static int add_path(struct duel_options *options, const char *path) {
    if (options->path_count == 2) {
        return tsp_error_set(options->error, "'%.200s' is one too many: two binaries fight a duel", path);
    }
    options->paths[options->path_count++] = path;
    return 0;
}

static int check(const struct duel_options *options) {
    if (options->refs[1] != NULL && options->refs[0] == NULL) {
        return tsp_error_set(options->error, "--against goes with --ref");
    }
    if (options->refs[0] != NULL && options->path_count > 0) {
        return tsp_error_set(options->error, "--ref builds both sides: leave out '%.200s'",
                             options->paths[0]);
    }
    if (options->refs[0] == NULL && options->path_count < 2) {
        return tsp_error_set(options->error,
                             "name two binaries of transept, or a revision with --ref; see --help");
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct duel_options *options = state->input;
    int status = 0;
    switch (key) {
    case 'f':
        options->choice.pattern = argument;
        break;
    case 's':
        options->suite = argument;
        break;
    case KEY_WITH:
        options->choice.other_case = argument;
        break;
    case KEY_REF:
        options->refs[0] = argument;
        break;
    case KEY_AGAINST:
        options->refs[1] = argument;
        break;
    case ARGP_KEY_ARG:
        status = add_path(options, argument);
        break;
    case ARGP_KEY_END:
        status = check(options);
        break;
    default:
        status = argument != NULL ? parse_measuring(key, argument, options) : ARGP_ERR_UNKNOWN;
    }
    return status == ARGP_ERR_UNKNOWN ? ARGP_ERR_UNKNOWN : status == 0 ? 0 : EINVAL;
}

static const struct argp duel_argp = {
    .options = duel_options,
    .parser = parse_option,
    .args_doc = "FIRST-BINARY OTHER-BINARY",
    .doc =
        "Lets two builds of transept measure in turns, round by round in random order on the same CPU, and judges pairs: other ÷ first.\v"
        "Whatever the machine does meanwhile hits both alike: the way to compare on a shared or noisy machine. Every round is a fresh process. "
        "Verdicts are those of transept compare.\n"
        "Examples:\n"
        "  transept duel before/transept after/transept -f insert\n"
        "  transept duel --ref v1.2 --seconds-per-case 30 -f barrier/fence\n"
        "  transept duel ./old ./new -f syscall/getppid/raw --with syscall/getppid/libc\n"
        "Exit status: 0 measured, whatever the verdicts; 2 misuse, or a binary that does not duel; 130 interrupted.",
};

static const struct tsp_takes duel_values[] = {
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {'s', .words = tsp_suite_name, .files = "*.yaml *.yml"},
    {KEY_WITH, .found = TSP_FOUND_CASES},
    {KEY_METRIC, .words = tsp_words_metric},
    {KEY_FLOORS, .folders = true},
    {KEY_FORMAT, .words = tsp_words_comparison_format},
    {ARGP_KEY_ARG, .files = "*"},
    {0},
};

static const struct tsp_command_note duel_files[] = {
    {"results/ARCH/MACHINE/floors.json", "noise floors that transept calibrate left"},
    {NULL, NULL},
};

static const struct tsp_command_note duel_environment[] = {
    {"TMPDIR", "where --ref builds; /tmp unless it is set"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_duel = {
    .name = "duel",
    .about = "two builds in turns on one CPU, a verdict a case",
    .run = tsp_command_duel,
    .argp = &duel_argp,
    .values = duel_values,
    .files = duel_files,
    .environment = duel_environment,
    .see_also = "compare calibrate gate",
};

/* --- the fight -------------------------------------------------------------------------------------------------------------------- */

static void tell_only(const struct tsp_side *side, const struct tsp_side *other) {
    enum { SHOWN = 3 };
    size_t alone = 0;
    for (size_t i = 0; i < side->case_count; ++i) {
        if (tsp_side_find(other, side->cases[i].id) == NULL && ++alone <= SHOWN) {
            (void)fprintf(stderr, NAME ": only %s has %s\n", side->name, side->cases[i].id);
        }
    }
    if (alone > SHOWN) {
        (void)fprintf(stderr, NAME ": and %zu more\n", alone - SHOWN);
    }
}

static int print(const struct duel_options *options, const struct tsp_duel *duel, struct tsp_error *error) {
    struct tsp_comparison comparison;
    if (tsp_comparison_make(&comparison, &duel->sides[0], &duel->sides[1], &options->question, error) != 0) {
        return -1;
    }
    int status = 0;
    if (options->format != NULL) {
        status = options->format->write(&comparison, 1, &options->question, stdout, error);
    } else {
        status = tsp_compare_table(stdout, &comparison, 1, &options->question, error);
    }
    tsp_comparison_free(&comparison);
    return status;
}

static int tell_nothing_done(void) {
    (void)fputs(NAME ": interrupted before a pair of rounds was complete\n", stderr);
    return TSP_EXIT_INTERRUPTED;
}

/* Measures and prints; also what was finished when it was broken off. */
static int fight(struct duel_options *options, struct tsp_duel *duel, const volatile int *interrupted) {
    struct tsp_error error;
    struct tsp_error lost;
    struct tsp_floors floors = {.of = NULL};
    struct tsp_duel_display display = tsp_duel_display_make(NAME);
    int status = tsp_noise_use(&floors, options->floors, &duel->duelists[0].record.machine,
                               &options->question, &error);
    if (status < 0) {
        tsp_floors_free(&floors);
        return tsp_complain(NAME, &error);
    }
    if (options->choice.other_case == NULL) {
        tell_only(&duel->sides[0], &duel->sides[1]);
        tell_only(&duel->sides[1], &duel->sides[0]);
    }
    status = tsp_duel_execute(duel, &options->limits, &options->question, interrupted, tsp_duel_display_show,
                              &display, &error);
    tsp_duel_display_clear(&display);
    int result = status == 0 ? TSP_EXIT_OK : status > 0 ? TSP_EXIT_INTERRUPTED : tsp_complain(NAME, &error);
    if (print(options, duel, &lost) != 0) {
        result = status == 0 ? tsp_complain(NAME, &lost) : status > 0 ? tell_nothing_done() : result;
    } else if (status > 0) {
        (void)fprintf(
            stderr,
            NAME ": interrupted; the pairs that were complete are judged, in the order of seed %" PRIu64 "\n",
            duel->run.seed);
    }
    tsp_floors_free(&floors);
    return tsp_finish_output(NAME, result);
}

static int duel_paths(struct duel_options *options, const char *const paths[2],
                      const volatile int *interrupted) {
    struct tsp_error error;
    struct tsp_suite suite = {.name = NULL};
    struct tsp_duel duel = {.cpu = options->cpu};
    int status = 0;
    const char *name = options->suite != NULL ? options->suite : "quick";
    duel.run.seed = options->seeded ? options->seed : tsp_seed_draw();
    status = tsp_suite_load(&suite, name, &error);
    duel.run.profile = suite.profile; /* its limits */
    duel.run.profile.limit_ms += options->time_ms;
    duel.run.profile.time_ms = options->time_ms;
    duel.run.profile.warmup_ms = options->time_ms / 2;
    struct tsp_duel_choice choice = options->choice;
    choice.suite = options->suite != NULL || choice.pattern == NULL ? &suite : NULL;
    if (status == 0) {
        status = tsp_duel_meet(&duel, paths, interrupted, &error);
    }
    if (status == 0) {
        status = tsp_duel_choose(&duel, &choice, &error);
    }
    if (status == 0) {
        status = fight(options, &duel, interrupted);
    } else {
        status = *interrupted != 0 ? tell_nothing_done() : tsp_complain(NAME, &error);
    }
    tsp_duel_free(&duel);
    tsp_suite_free(&suite);
    return status;
}

int tsp_command_duel(int argc, char **argv) {
    struct tsp_error error;
    struct duel_options options = {.limits = {.case_ms = 10000, .pairs_least = PAIRS_LEAST},
                                   .time_ms = 10,
                                   .cpu = -1,
                                   .floors = "results",
                                   .question = {.threshold = 0.01, .paired = true, .across = ~0U},
                                   .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_duel, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    const volatile int *interrupted = tsp_interrupts_catch();
    if (options.refs[0] == NULL) {
        return duel_paths(&options, options.paths, interrupted);
    }
    struct tsp_duel_refs refs;
    if (tsp_duel_refs_build(&refs, options.refs, interrupted, &error) == 0) {
        status = duel_paths(&options, (const char *const[]){refs.paths[0], refs.paths[1]}, interrupted);
    } else {
        status = *interrupted != 0 ? TSP_EXIT_INTERRUPTED : tsp_complain(NAME, &error);
    }
    tsp_duel_refs_remove(&refs);
    return status;
}
