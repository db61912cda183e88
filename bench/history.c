/* transept history: runs kept over time. */
#include "history.h"

#include <errno.h>
#include <stdlib.h>

#include "command.h"
#include "interrupt.h"
#include "options.h"
#include "transept/paths.h"
#include "transept/plan.h"

#define NAME "transept history"

/* As long as another process that adds a large record may take. */
#define WAIT_MS 10000

enum {
    KEY_DB = 256,
    KEY_ARCH,
    KEY_MACHINE,
    KEY_SINCE,
    KEY_LIMIT,
    KEY_METRIC,
    KEY_PERCENTILE,
    KEY_THRESHOLD,
    KEY_FORMAT
};

enum action { ADD, SHOW, TREND, REMOVE, ACTIONS };

static const char *action_name(size_t index) {
    static const char *const names[] = {
        [ADD] = "add", [SHOW] = "show", [TREND] = "trend", [REMOVE] = "remove"};
    return index < ACTIONS ? names[index] : NULL;
}

static const char *percentile_name(size_t index) {
    return index < TSP_PERCENTILES ? tsp_percentile_name((enum tsp_percentile)index) : NULL;
}

struct parsing {
    struct tsp_history_options options;
    int action; /* -1: none named yet */
    const char **names;
    unsigned given; /* options that were, a bit each (FOR_…) */
    struct tsp_error *error;
};

static const struct argp_option history_options[] = {
    {"db", KEY_DB, "FILE", 0, "the history (results/history.db)", 1},
    {"arch", KEY_ARCH, "NAME", 0, "only runs of this instruction set", 2},
    {"machine", KEY_MACHINE, "ID", 0, "only runs on this machine", 2},
    {"since", KEY_SINCE, "DATE", 0, "show, trend: only runs from then on: 2024-05-01", 3},
    {"limit", KEY_LIMIT, "N", 0, "show, trend: the newest N of each machine (all)", 3},
    {"filter", 'f', "PATTERN", 0, "show RUN, trend: only these cases: globs a,b,!c or /regex/", 4},
    {"metric", KEY_METRIC, "NAME", 0, "trend: of this metric (time)", 5},
    {"percentile", KEY_PERCENTILE, "NAME", 0, "trend: {words} (p50)", 6},
    {"threshold", KEY_THRESHOLD, "SHARE", 0, "trend: changes up to it do not matter: 2% or 0.02 (1%)", 7},
    {"format", KEY_FORMAT, "NAME", 0, "trend: {words} (table)", 8},
    {"output", 'o', "FILE", 0, "trend: write there (stdout)", 9},
    TSP_OPTION_HELP,
    {0},
};

/* --- the command line ------------------------------------------------------------------------------------------------------------ */

/* Options that only some actions take: what each key is for. */
#define FOR(action) (1U << (action))

static unsigned actions_of(int key) {
    switch (key) {
    case KEY_DB:
        return FOR(ADD) | FOR(SHOW) | FOR(TREND) | FOR(REMOVE);
    case KEY_ARCH:
    case KEY_MACHINE:
        return FOR(SHOW) | FOR(TREND) | FOR(REMOVE);
    case KEY_SINCE:
    case KEY_LIMIT:
    case 'f':
        return FOR(SHOW) | FOR(TREND);
    default:
        return FOR(TREND);
    }
}

static int parse_number(struct parsing *parsing, int key, const char *argument) {
    struct tsp_trend_question *question = &parsing->options.question;
    switch (key) {
    case KEY_LIMIT:
        return tsp_count_parse(argument, 1, 1000000, &question->choice.limit, parsing->error) == 0
                   ? 0
                   : tsp_error_prefix(parsing->error, "--limit");
    case KEY_THRESHOLD:
        return tsp_share_parse(argument, &question->threshold, parsing->error) == 0
                   ? 0
                   : tsp_error_prefix(parsing->error, "--threshold");
    case KEY_SINCE:
        question->choice.since = argument;
        return tsp_history_since(argument, parsing->error) == 0 ? 0
                                                                : tsp_error_prefix(parsing->error, "--since");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int parse_word(struct parsing *parsing, int key, const char *argument) {
    struct tsp_history_options *options = &parsing->options;
    int index = 0;
    switch (key) {
    case KEY_DB:
        options->db = argument;
        return 0;
    case KEY_ARCH:
        options->question.choice.arch = argument;
        return 0;
    case KEY_MACHINE:
        options->question.choice.machine = argument;
        return 0;
    case 'f':
        options->question.pattern = argument;
        return 0;
    case KEY_METRIC:
        options->question.metric = argument;
        return 0;
    case 'o':
        options->output = argument;
        return 0;
    case KEY_FORMAT:
        options->format = tsp_words_find(tsp_words_table_format, "format", argument, parsing->error);
        return options->format >= 0 ? 0 : -1;
    case KEY_PERCENTILE:
        index = tsp_words_find(percentile_name, "percentile", argument, parsing->error);
        options->question.percentile = index >= 0 ? (enum tsp_percentile)index : TSP_P50;
        return index >= 0 ? 0 : -1;
    default:
        return parse_number(parsing, key, argument);
    }
}

static int take_argument(struct parsing *parsing, const char *word) {
    if (parsing->action < 0) {
        parsing->action = tsp_words_find(action_name, "action", word, parsing->error);
        return parsing->action >= 0 ? 0 : -1;
    }
    parsing->names[parsing->options.count++] = word;
    return 0;
}

static int check_arguments(const struct parsing *parsing) {
    size_t count = parsing->options.count;
    switch (parsing->action) {
    case ADD:
        return count > 0 ? 0 : tsp_error_set(parsing->error, "add what? Name records, folders or patterns");
    case SHOW:
        return count <= 1 ? 0
                          : tsp_error_set(parsing->error, "'%.100s' is one too many: show one run at a time",
                                          parsing->names[1]);
    case TREND:
        return count == 0 ? 0
                          : tsp_error_set(parsing->error,
                                          "what is '%.100s'? To choose cases, write --filter '%.100s'",
                                          parsing->names[0], parsing->names[0]);
    case REMOVE:
        return count == 1 ? 0
                          : tsp_error_set(parsing->error,
                                          "remove takes one run; `transept history show` lists them");
    default:
        return tsp_error_set(parsing->error, "say what: add, show, trend or remove; see --help");
    }
}

/* An option that the action does not heed would be a promise not kept. */
static int check_options(const struct parsing *parsing) {
    for (const struct argp_option *option = history_options; option->name != NULL; ++option) {
        unsigned bit = 1U << (unsigned)(option - history_options);
        if ((parsing->given & bit) != 0 && (actions_of(option->key) & FOR(parsing->action)) == 0) {
            return tsp_error_set(parsing->error, "--%s says nothing to `history %s`; see --help",
                                 option->name, action_name((size_t)parsing->action));
        }
    }
    bool one = parsing->action == SHOW && parsing->options.count == 1;
    if (parsing->action == SHOW && !one && parsing->options.question.pattern != NULL) {
        return tsp_error_set(parsing->error,
                             "--filter chooses cases of one run: name it, as in `history show RUN`");
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct parsing *parsing = state->input;
    int status = 0;
    if (key == ARGP_KEY_ARG) {
        status = take_argument(parsing, argument);
    } else if (key == ARGP_KEY_END) {
        status = check_arguments(parsing) == 0 ? check_options(parsing) : -1;
    } else {
        status = argument != NULL ? parse_word(parsing, key, argument) : ARGP_ERR_UNKNOWN;
        if (status == ARGP_ERR_UNKNOWN) {
            return ARGP_ERR_UNKNOWN;
        }
        for (const struct argp_option *option = history_options; option->name != NULL; ++option) {
            parsing->given |= option->key == key ? 1U << (unsigned)(option - history_options) : 0;
        }
    }
    return status == 0 ? 0 : EINVAL;
}

static const struct argp history_argp = {
    .options = history_options,
    .parser = parse_option,
    .args_doc = "add RECORD...\nshow [RUN]\ntrend\nremove RUN",
    .doc =
        "Keeps runs in a database, and shows what became of a case over time.\v"
        "A RECORD is a file, a folder or a quoted pattern; a RUN the beginning of its id. Docs: history.md.\n"
        "Examples:\n"
        "  transept history add results/x86_64/*/*.json\n"
        "  transept history show --since 2024-05-01\n"
        "  transept history trend -f 'syscall/*' --limit 30\n"
        "  transept history trend --metric instructions --format json\n"
        "Exit status: 0 done, 2 misuse, no record or no history, 130 interrupted.",
};

static const struct tsp_takes history_values[] = {
    {KEY_DB, .files = "*.db"},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {KEY_METRIC, .words = tsp_words_count},
    {KEY_PERCENTILE, .words = percentile_name},
    {KEY_FORMAT, .words = tsp_words_table_format},
    {'o', .files = "*"},
    {ARGP_KEY_ARG, .words = action_name, .files = "*.json", .folders = true},
    {0},
};

static const struct tsp_command_note history_files[] = {
    {TSP_HISTORY_PATH, "the history, unless --db names another"},
    {NULL},
};

const struct tsp_subcommand tsp_subcommand_history = {
    .name = "history",
    .about = "runs kept over time: trends, and where they changed",
    .run = tsp_command_history,
    .argp = &history_argp,
    .values = history_values,
    .files = history_files,
    .see_also = "run compare gate",
};

/* --- add and remove -------------------------------------------------------------------------------------------------------------- */

struct adding {
    struct tsp_history *history;
    const volatile int *stop;
    size_t added;
    size_t there;
};

/* A tsp_path_visitor. */
static int add_record(void *data, const char *path, struct tsp_error *error) {
    struct adding *adding = data;
    struct tsp_history_run run;
    int status = tsp_history_add(adding->history, path, adding->stop, &run, error);
    if (status < 0) {
        return -1;
    }
    adding->added += status > 0;
    adding->there += status == 0;
    (void)printf("%s %s  %s  %s, %zu case%s\n", status > 0 ? "added  " : "there  ", run.id, run.started,
                 run.arch, run.cases, run.cases == 1 ? "" : "s");
    return 0;
}

static int add(const struct tsp_history_options *options, const volatile int *stop, struct tsp_error *error) {
    struct adding adding = {.stop = stop};
    if (tsp_history_open(&adding.history, options->db, true, WAIT_MS, error) != 0) {
        return -1;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < options->count; ++i) {
        status = tsp_record_paths(options->names[i], add_record, &adding, error);
    }
    tsp_history_close(adding.history);
    if (status == 0 || adding.added + adding.there > 0) {
        (void)printf("%s: %zu run%s added, %zu there already\n", options->db, adding.added,
                     adding.added == 1 ? "" : "s", adding.there);
    }
    return status;
}

static int remove_run(const struct tsp_history_options *options, struct tsp_error *error) {
    struct tsp_history *history = NULL;
    struct tsp_history_run run;
    int status = tsp_history_open_there(&history, options, error);
    status = status == 0
                 ? tsp_history_remove(history, &options->question.choice, options->names[0], &run, error)
                 : -1;
    if (status == 0) {
        (void)printf("removed %s  %s  %s, %zu case%s\n", run.id, run.started, run.arch, run.cases,
                     run.cases == 1 ? "" : "s");
    }
    tsp_history_close(history);
    return status;
}

int tsp_history_open_there(struct tsp_history **history, const struct tsp_history_options *options,
                           struct tsp_error *error) {
    return tsp_history_open(history, options->db, false, WAIT_MS, error);
}

/* --- the command ----------------------------------------------------------------------------------------------------------------- */

static int act(const struct parsing *parsing, const volatile int *stop, struct tsp_error *error) {
    switch (parsing->action) {
    case ADD:
        return add(&parsing->options, stop, error);
    case SHOW:
        return tsp_history_show(&parsing->options, error);
    case TREND:
        return tsp_history_trend(&parsing->options, error);
    default:
        return remove_run(&parsing->options, error);
    }
}

int tsp_command_history(int argc, char **argv) {
    struct tsp_error error;
    struct parsing parsing = {
        .options = {.db = TSP_HISTORY_PATH, .question = {.metric = "time", .threshold = 0.01}},
        .action = -1,
        .error = &error};
    parsing.names = calloc((size_t)argc + 1, sizeof *parsing.names);
    if (parsing.names == NULL) {
        (void)tsp_error_set(&error, "no memory for %d arguments", argc);
        return tsp_complain(NAME, &error);
    }
    parsing.options.names = parsing.names;
    int status = tsp_options_parse(&tsp_subcommand_history, argc, argv, &parsing, &error);
    if (status == 0) {
        /* Only what adds has something to end in good order. */
        const volatile int *stop = parsing.action == ADD ? tsp_interrupts_catch() : NULL;
        status = act(&parsing, stop, &error);
        if (status != 0 && stop != NULL && *stop != 0) {
            (void)tsp_complain(NAME, &error);
            free(parsing.names);
            return tsp_finish_output(NAME, TSP_EXIT_INTERRUPTED);
        }
    }
    free(parsing.names);
    return status >= 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
