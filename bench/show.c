/* transept show: explains a case, or prints a record's table again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "details.h"
#include "options.h"
#include "scene.h"
#include "table.h"
#include "terminal.h"
#include "transept/plan.h"

#define NAME "transept show"

enum { KEY_CASE = 256 };

struct show_options {
    const char *subject;
    const char *pattern;
    struct tsp_error *error;
};

static const struct argp_option show_options[] = {
    {"case", KEY_CASE, "PATTERN", 0, "of a record only these cases, with every metric", 1},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct show_options *options = state->input;
    switch (key) {
    case KEY_CASE:
        options->pattern = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (options->subject != NULL) {
            (void)tsp_error_set(options->error, "'%s' is one too many: show one case or record at a time",
                                argument);
            return EINVAL;
        }
        options->subject = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        (void)tsp_error_set(options->error,
                            "name a case, a pattern of cases, or a record's file; see --help");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp show_argp = {
    .options = show_options,
    .parser = parse_option,
    .args_doc = "CASE|RECORD.json",
    .doc = "Explains a case, or prints a record's table again.\v"
           "Examples:\n"
           "  transept show syscall/getppid/raw\n"
           "  transept show barrier                 every kernel of a family\n"
           "  transept show results/x86_64/latest.json\n"
           "  transept show results/x86_64/latest.json --case 'syscall/*'\n"
           "Exit status: 0 shown, 2 misuse or no record.",
};

static const struct tsp_takes show_values[] = {
    {KEY_CASE, .found = TSP_FOUND_CASES, .list = true},
    {ARGP_KEY_ARG, .found = TSP_FOUND_CASES, .files = "*.json"},
    {0},
};

const struct tsp_subcommand tsp_subcommand_show = {
    .name = "show",
    .about = "explain a case, or print a record's table again",
    .run = tsp_command_show,
    .argp = &show_argp,
    .values = show_values,
    .see_also = "run list compare",
};

/* Cases of the same kernel as cases[first], which stand together. */
static size_t count_alike(const struct tsp_registry *registry, size_t first) {
    size_t count = 1;
    while (first + count < registry->count &&
           registry->cases[first + count].kernel == registry->cases[first].kernel) {
        ++count;
    }
    return count;
}

static void show_case(const struct tsp_scene *scene, const struct tsp_case *tcase, size_t cases) {
    char reason[TSP_REASON_MAX];
    tsp_kernel_details(tcase, cases,
                       tsp_case_obstacle(tcase, &scene->env, scene->topology, -1, reason, sizeof reason));
}

/* One exact case; else every kernel with a case that the pattern matches. */
static int show_cases(const struct tsp_scene *scene, const char *subject, struct tsp_error *error) {
    const struct tsp_registry *registry = &scene->registry;
    const struct tsp_case *exact = tsp_registry_find(registry, subject);
    if (exact != NULL) {
        show_case(scene, exact, 1);
        return 0;
    }
    /* A plan of it says what is wrong with a pattern, and what the nearest case is. */
    struct tsp_suite suite;
    struct tsp_plan plan;
    static const char all[] = "{name: all, about: Every case, cases: ['*']}";
    if (tsp_suite_parse(&suite, all, sizeof all - 1, "all", error) != 0) {
        return -1;
    }
    int status = tsp_plan_make(&plan, registry, &suite, subject, 1, &scene->session, error);
    tsp_suite_free(&suite);
    const struct tsp_kernel *last = NULL;
    for (size_t i = 0; status == 0 && i < plan.case_count; ++i) {
        const struct tsp_case *tcase = plan.cases[i].tcase;
        if (tcase->kernel != last) {
            (void)fputs(last == NULL ? "" : "\n", stdout);
            show_case(scene, tcase, count_alike(registry, (size_t)(tcase - registry->cases)));
        }
        last = tcase->kernel;
    }
    if (status == 0) {
        tsp_plan_free(&plan);
    }
    return status;
}

static void print_findings(const struct tsp_machine *machine) {
    unsigned width = 80;
    for (unsigned i = 0; i < machine->finding_count; ++i) {
        const struct tsp_finding *finding = &machine->findings[i];
        if (finding->level == TSP_FINDING_WARNING) {
            char text[TSP_REASON_MAX + TSP_TEXT_MAX + 64];
            (void)snprintf(text, sizeof text, "WARNING %s: %s; %s", finding->subject, finding->value,
                           finding->effect);
            tsp_print_wrapped(stdout, text, 0, 2, width);
        }
    }
}

static int print_record(const struct tsp_record *record, const char *pattern, struct tsp_error *error) {
    size_t matched = 0;
    for (size_t i = 0; pattern != NULL && i < record->result_count; ++i) {
        int match = tsp_pattern_match(pattern, record->results[i].id, error);
        if (match < 0) {
            return -1;
        }
        matched += match > 0;
    }
    if (pattern != NULL && matched == 0) {
        return tsp_error_set(error, "--case '%s' matches none of the record's %zu cases", pattern,
                             record->result_count);
    }
    tsp_table_head(stdout, record);
    print_findings(&record->machine);
    (void)putchar('\n');
    if (tsp_table_print(stdout, record, pattern, error) != 0) {
        return -1;
    }
    for (size_t i = 0; pattern != NULL && i < record->result_count; ++i) {
        if (tsp_pattern_match(pattern, record->results[i].id, error) > 0) {
            tsp_result_details(&record->results[i]);
        }
    }
    return 0;
}

static int show_record(const char *path, const char *pattern, struct tsp_error *error) {
    struct tsp_record record;
    if (tsp_record_read_json(&record, path, error) != 0) {
        return -1;
    }
    int status = print_record(&record, pattern, error);
    tsp_record_free(&record);
    return status;
}

/* A file is what looks like one or is there; ids have no suffix. */
static bool is_record(const char *subject) {
    size_t length = strlen(subject);
    return (length > 5 && strcmp(subject + length - 5, ".json") == 0) || access(subject, F_OK) == 0;
}

int tsp_command_show(int argc, char **argv) {
    struct tsp_error error;
    struct show_options options = {.error = &error};
    int status = tsp_options_parse(&tsp_subcommand_show, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (is_record(options.subject)) {
        status = show_record(options.subject, options.pattern, &error);
    } else if (options.pattern != NULL) {
        status = tsp_error_set(&error, "--case goes with a record's file, and '%s' is none", options.subject);
    } else {
        struct tsp_scene scene;
        status = tsp_scene_open(&scene, &error) == 0 ? show_cases(&scene, options.subject, &error) : -1;
        tsp_scene_close(&scene);
    }
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
