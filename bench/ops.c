/* transept ops: runs cases a given number of times and measures nothing. */
#include "transept/ops.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "scene.h"
#include "transept/plan.h"
#include "transept/record.h"

#define NAME "transept ops"

enum { KEY_REFERENCE = 256, KEY_SEED, OPS_MAX = 16 };

struct ops_options {
    const char *suite; /* NULL: every case there is */
    const char *filter;
    uint64_t ops[OPS_MAX];
    unsigned count;
    bool reference;
    uint64_t seed;
    struct tsp_error *error;
};

static const struct argp_option ops_options[] = {
    {"ops", 'n', "N,...", 0, "how many ops, one call after the other (256)", 1},
    {"reference", KEY_REFERENCE, NULL, 0, "then the reference, as often", 2},
    {"suite", 's', "NAME", 0, "the cases of a suite, or of a YAML file", 3},
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 4},
    {"seed", KEY_SEED, "N", 0, "random inputs, as in `transept run --seed`", 5},
    TSP_OPTION_HELP,
    {0},
};

static int parse_ops(struct ops_options *options, const char *text) {
    char list[256];
    char *rest = NULL;
    options->count = 0;
    (void)snprintf(list, sizeof list, "%s", text);
    for (char *item = strtok_r(list, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        if (options->count == OPS_MAX || strlen(text) >= sizeof list) {
            return tsp_error_set(options->error, "--ops: more than %d numbers", OPS_MAX);
        }
        if (tsp_count_parse(item, 1, UINT64_C(1) << 40, &options->ops[options->count++], options->error) !=
            0) {
            return tsp_error_prefix(options->error, "--ops");
        }
    }
    return options->count > 0 ? 0 : tsp_error_set(options->error, "--ops: name a number, as in --ops 256");
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct ops_options *options = state->input;
    switch (key) {
    case 'n':
        return parse_ops(options, argument) == 0 ? 0 : EINVAL;
    case KEY_REFERENCE:
        options->reference = true;
        return 0;
    case 's':
        options->suite = argument;
        return 0;
    case 'f':
        options->filter = argument;
        return 0;
    case KEY_SEED:
        if (tsp_count_parse(argument, 0, UINT64_MAX, &options->seed, options->error) != 0) {
            (void)tsp_error_prefix(options->error, "--seed");
            return EINVAL;
        }
        return 0;
    case ARGP_KEY_ARG:
        if (options->filter != NULL) {
            (void)tsp_error_set(options->error, "'%s' is one too many: join patterns by commas", argument);
            return EINVAL;
        }
        options->filter = argument;
        return 0;
    case ARGP_KEY_END:
        if (options->filter == NULL && options->suite == NULL) {
            (void)tsp_error_set(options->error, "name a case, a pattern of cases, or a --suite; see --help");
            return EINVAL;
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ops_argp = {
    .options = ops_options,
    .parser = parse_option,
    .args_doc = "[PATTERN]",
    .doc =
        "Runs cases so many times, in this process, without clock or counters: for debuggers, profilers and witnesses of counts. "
        "Prints every call before it makes it.\v"
        "Every call goes through the function tsp_ops_call: tell your tool to look at what it calls.\n"
        "Examples:\n"
        "  transept ops abi/args-int/direct/n=7 -n 1000000\n"
        "  gdb -ex 'break tsp_ops_call' -ex run --args transept ops syscall/getppid/raw\n"
        "  valgrind --tool=callgrind --toggle-collect=tsp_ops_call transept ops syscall\n"
        "Exit status: 0 all went well, 1 a case failed, 2 misuse.",
};

static const struct tsp_takes ops_values[] = {
    {'s', .words = tsp_suite_name, .files = "*.yaml *.yml"},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {ARGP_KEY_ARG, .found = TSP_FOUND_CASES, .list = true},
    {0},
};

const struct tsp_subcommand tsp_subcommand_ops = {
    .name = "ops",
    .about = "run cases so many times, for debuggers and profilers",
    .run = tsp_command_ops,
    .argp = &ops_argp,
    .values = ops_values,
    .see_also = "run list",
};

/* Lines of words apart by tabs, complete before the call: whoever watches knows where it is. */
static void print_call(void *context, const char *what, uint64_t ops) {
    const struct tsp_planned *planned = *(const struct tsp_planned *const *)context;
    (void)printf("%s\t%s\t%" PRIu64 "\n", planned->tcase->id, what, ops);
    (void)fflush(stdout);
}

static int run_case(const struct tsp_scene *scene, const struct ops_options *options,
                    const struct tsp_planned *planned) {
    static struct tsp_round round; /* large, and one is enough */
    if (planned->obstacle[0] != '\0') {
        (void)printf("%s\tskipped\t%s\n", planned->tcase->id, planned->obstacle);
        return TSP_EXIT_OK;
    }
    struct tsp_ops ops = {.ops = options->ops,
                          .count = options->count,
                          .reference = options->reference,
                          .notice = print_call,
                          .context = &planned};
    tsp_ops_run(&ops, planned->tcase, &scene->env, options->seed, &round);
    (void)printf("%s\t%s\t%s\n", planned->tcase->id, tsp_status_name(round.status), round.reason);
    return round.status == TSP_OK || round.status == TSP_SKIPPED ? TSP_EXIT_OK : TSP_EXIT_CASES;
}

static int run_all(struct tsp_scene *scene, const struct ops_options *options, struct tsp_error *error) {
    static const char all[] = "{name: all, about: Every case, cases: ['*']}";
    struct tsp_suite suite;
    struct tsp_plan plan;
    int status = options->suite != NULL ? tsp_suite_load(&suite, options->suite, error)
                                        : tsp_suite_parse(&suite, all, sizeof all - 1, "all", error);
    if (status != 0) {
        return tsp_complain(NAME, error);
    }
    status = tsp_plan_make(&plan, &scene->registry, &suite, options->filter, 1, &scene->session, error);
    tsp_suite_free(&suite);
    if (status != 0) {
        return tsp_complain(NAME, error);
    }
    int worst = TSP_EXIT_OK;
    for (size_t i = 0; i < plan.case_count; ++i) {
        status = run_case(scene, options, &plan.cases[i]);
        worst = status > worst ? status : worst;
    }
    tsp_plan_free(&plan);
    return tsp_finish_output(NAME, worst);
}

int tsp_command_ops(int argc, char **argv) {
    struct tsp_error error;
    struct ops_options options = {.ops = {TSP_BATCH_UNIT}, .count = 1, .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_ops, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct tsp_scene scene;
    status =
        tsp_scene_open(&scene, &error) == 0 ? run_all(&scene, &options, &error) : tsp_complain(NAME, &error);
    tsp_scene_close(&scene);
    return status;
}
