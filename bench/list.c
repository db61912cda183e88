/* transept list: what can be measured here and, if not, why not. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "options.h"
#include "scene.h"
#include "terminal.h"
#include "transept/plan.h"

#define NAME "transept list"

enum { KEY_FORMAT = 256 };

struct list_options {
    const char *filter;
    const char *suite; /* NULL: every case there is */
    const char *format;
    struct tsp_error *error;
};

static const struct argp_option list_options[] = {
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 1},
    {"suite", 's', "NAME", 0, "only those of a suite, or of a YAML file (all)", 2},
    {"format", KEY_FORMAT, "NAME", 0, "{words} (table: a line a case)", 3},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct list_options *options = state->input;
    switch (key) {
    case 'f':
        options->filter = argument;
        return 0;
    case 's':
        options->suite = argument;
        return 0;
    case KEY_FORMAT:
        options->format = argument;
        return tsp_words_find(tsp_words_table_format, "format", argument, options->error) >= 0 ? 0 : EINVAL;
    case ARGP_KEY_ARG:
        (void)tsp_error_set(options->error, "what is '%s'? To choose cases, write --filter '%s'", argument,
                            argument);
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp list_argp = {
    .options = list_options,
    .parser = parse_option,
    .doc = "Lists cases: whether each runs here and, if not, why not.\v"
           "Examples:\n"
           "  transept list                           everything\n"
           "  transept list -s quick                  what a suite takes\n"
           "  transept list -f 'insert,!*n=1000000'   parts of it\n"
           "  transept list --format csv | grep ,no,  what does not run here\n"
           "Exit status: 0 listed, 2 misuse.",
};

static const struct tsp_takes list_values[] = {
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {'s', .words = tsp_suite_name, .files = "*.yaml *.yml"},
    {KEY_FORMAT, .words = tsp_words_table_format},
    {0},
};

const struct tsp_subcommand tsp_subcommand_list = {
    .name = "list",
    .about = "what can be measured here, and why the rest cannot",
    .run = tsp_command_list,
    .argp = &list_argp,
    .values = list_values,
    .see_also = "run show",
};

/* The pattern of a suite that takes all there is. */
static int load_suite(struct tsp_suite *suite, const char *name, struct tsp_error *error) {
    static const char all[] = "{name: all, about: Every case, cases: ['*']}";
    return name != NULL ? tsp_suite_load(suite, name, error)
                        : tsp_suite_parse(suite, all, sizeof all - 1, "all", error);
}

/* Why a case does not run, or what it cannot show; empty when there is neither. */
static const char *reason_of(const struct tsp_planned *planned, const struct tsp_env *env, char *text,
                             size_t size) {
    if (planned->obstacle[0] != '\0') {
        return planned->obstacle;
    }
    return tsp_case_caveat(planned->tcase, env, text, size) != NULL ? text : "";
}

static void print_table(const struct tsp_plan *plan, const struct tsp_env *env) {
    bool terminal = isatty(STDOUT_FILENO) != 0;
    unsigned width = terminal ? tsp_terminal_width(stdout) : 0;
    int longest = 0;
    for (size_t i = 0; i < plan->case_count; ++i) {
        int length = (int)strlen(plan->cases[i].tcase->id);
        longest = length > longest && length <= 48 ? length : longest;
    }
    for (size_t i = 0; i < plan->case_count; ++i) {
        const struct tsp_planned *planned = &plan->cases[i];
        char caveat[TSP_REASON_MAX];
        char text[TSP_REASON_MAX + 16];
        const char *reason = reason_of(planned, env, caveat, sizeof caveat);
        (void)snprintf(text, sizeof text, "%s%s%s", planned->obstacle[0] == '\0' ? "runs here" : "skipped: ",
                       planned->obstacle[0] == '\0' && reason[0] != '\0' ? ", but " : "", reason);
        int printed = printf("%-*s  ", longest, planned->tcase->id);
        if (terminal) {
            tsp_print_wrapped(stdout, text, (unsigned)printed, 6, width);
        } else {
            (void)puts(text);
        }
    }
}

/* A field by RFC 4180. */
static void print_field(const char *text, char end) {
    if (strpbrk(text, ",\"\n") == NULL) {
        (void)fputs(text, stdout);
    } else {
        (void)putchar('"');
        for (; *text != '\0'; ++text) {
            (void)fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, stdout);
        }
        (void)putchar('"');
    }
    (void)putchar(end);
}

static void print_csv(const struct tsp_plan *plan, const struct tsp_env *env) {
    (void)puts("case,family,kernel,variant,runs,reason,summary");
    for (size_t i = 0; i < plan->case_count; ++i) {
        const struct tsp_planned *planned = &plan->cases[i];
        const struct tsp_kernel *kernel = planned->tcase->kernel;
        char caveat[TSP_REASON_MAX];
        print_field(planned->tcase->id, ',');
        print_field(kernel->family, ',');
        print_field(kernel->kernel, ',');
        print_field(kernel->variant, ',');
        print_field(planned->obstacle[0] == '\0' ? "yes" : "no", ',');
        print_field(reason_of(planned, env, caveat, sizeof caveat), ',');
        print_field(kernel->summary != NULL ? kernel->summary : "", '\n');
    }
}

static int print_json(const struct tsp_plan *plan, const struct tsp_env *env) {
    json_t *cases = json_array();
    for (size_t i = 0; i < plan->case_count; ++i) {
        const struct tsp_planned *planned = &plan->cases[i];
        const struct tsp_kernel *kernel = planned->tcase->kernel;
        bool runs = planned->obstacle[0] == '\0';
        char caveat[TSP_REASON_MAX];
        const char *reason = reason_of(planned, env, caveat, sizeof caveat);
        json_t *entry =
            json_pack("{s:s, s:s, s:s, s:s, s:b, s:s?, s:s?}", "case", planned->tcase->id, "family",
                      kernel->family, "kernel", kernel->kernel, "variant", kernel->variant, "runs", (int)runs,
                      "reason", reason[0] == '\0' ? NULL : reason, "summary", kernel->summary);
        (void)json_array_append_new(cases, entry);
    }
    int status = json_dumpf(cases, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(cases);
    return status;
}

static void print_summary(const struct tsp_plan *plan) {
    size_t runnable = 0;
    for (size_t i = 0; i < plan->case_count; ++i) {
        runnable += plan->cases[i].obstacle[0] == '\0';
    }
    (void)fflush(stdout);
    if (ferror(stdout) != 0 && !tsp_output_reader_left()) {
        return; /* it could not be written, which is all there is to say */
    }
    (void)fprintf(stderr, "%zu cases run here, %zu do not\n", runnable, plan->case_count - runnable);
}

static int list(struct tsp_scene *scene, const struct list_options *options) {
    struct tsp_error error;
    struct tsp_suite suite;
    struct tsp_plan plan;
    if (load_suite(&suite, options->suite, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    if (tsp_plan_make(&plan, &scene->registry, &suite, options->filter, 1, &scene->session, &error) != 0) {
        tsp_suite_free(&suite);
        return tsp_complain(NAME, &error);
    }
    if (strcmp(options->format, "json") == 0) {
        (void)print_json(&plan, &scene->env); /* tsp_finish_output() sees what went wrong */
    } else if (strcmp(options->format, "csv") == 0) {
        print_csv(&plan, &scene->env);
    } else {
        print_table(&plan, &scene->env);
        print_summary(&plan);
    }
    tsp_plan_free(&plan);
    tsp_suite_free(&suite);
    return tsp_finish_output(NAME, TSP_EXIT_OK);
}

int tsp_command_list(int argc, char **argv) {
    struct tsp_error error;
    struct list_options options = {.format = "table", .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_list, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct tsp_scene scene;
    status = tsp_scene_open(&scene, &error) == 0 ? list(&scene, &options) : tsp_complain(NAME, &error);
    tsp_scene_close(&scene);
    return status;
}
