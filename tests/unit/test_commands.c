/* The tables of commands and options: all that help, man pages and completion promise is there, and what they show works. */
#include <argp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "completion.h"
#include "document.h"
#include "man_page.h"
#include "options.h"

/* --- helpers -------------------------------------------------------------------------------------------------------------------------- */

typedef int text_writer(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error);

/* What a function writes; the caller frees it. */
static char *written(text_writer *write, const struct tsp_subcommand *command) {
    char *text = NULL;
    size_t size = 0;
    struct tsp_error error;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    if (write(command, stream, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(fclose(stream), 0);
    return text;
}

static const struct argp_option *find_option(const struct tsp_subcommand *command, int key) {
    for (const struct argp_option *option = command->argp->options; option->name != NULL; ++option) {
        if (option->key == key) {
            return option;
        }
    }
    return NULL;
}

static void assert_has(const char *text, const char *part, const char *whose) {
    if (strstr(text, part) == NULL) {
        fail_msg("%s lacks '%s'", whose, part);
    }
}

/* --- the tables ----------------------------------------------------------------------------------------------------------------------- */

static void every_option_has_a_doc_and_a_key_of_its_own(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        size_t count = 0;
        for (const struct argp_option *option = command->argp->options; option->name != NULL; ++option) {
            if (option->doc == NULL || option->doc[0] == '\0' ||
                find_option(command, option->key) != option) {
                fail_msg("%s --%s has no doc, or another option's key", command->name, option->name);
            }
            ++count;
        }
        assert_non_null(find_option(command, '?')); /* --help */
        assert_true(count < TSP_OPTIONS_MAX);
    }
}

static void every_command_is_introduced_in_one_line(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        assert_ptr_equal(tsp_subcommand_find(command->name), command);
        assert_true(strlen(command->name) <= 10); /* the overview's column */
        assert_true(strlen(command->about) <= 67);
        assert_true(command->about[strlen(command->about) - 1] != '.');
    }
    assert_null(tsp_subcommand_find("no-such-command"));
}

/* A key that no option has would be a value that is never completed. */
static void whatever_is_taken_is_taken_by_an_option(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        for (const struct tsp_takes *takes = command->values;
             tsp_takes_find(takes, takes != NULL ? takes->key : 0) != NULL; ++takes) {
            const struct argp_option *option = find_option(command, takes->key);
            if (takes->key != ARGP_KEY_ARG && (option == NULL || option->arg == NULL)) {
                fail_msg("%s: no option with a value has key %d", command->name, takes->key);
            }
        }
    }
}

static void words_stand_where_the_doc_wants_them(void **state) {
    (void)state;
    char text[TSP_OPTION_TEXT];
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        for (const struct argp_option *option = command->argp->options; option->name != NULL; ++option) {
            tsp_option_text(option, tsp_takes_find(command->values, option->key), text);
            if (strchr(text, '{') != NULL) {
                fail_msg("%s --%s: %s", command->name, option->name, text);
            }
        }
    }
    const struct tsp_subcommand *list = tsp_subcommand_find("list");
    const struct argp_option *format = list->argp->options;
    while (strcmp(format->name, "format") != 0) {
        ++format;
    }
    tsp_option_text(format, tsp_takes_find(list->values, format->key), text);
    assert_string_equal(text, "table, csv or json (table: a line a case)");
}

static void commands_that_are_named_exist(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        char names[256];
        char *rest = NULL;
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        (void)snprintf(names, sizeof names, "%s", command->see_also != NULL ? command->see_also : "");
        for (char *name = strtok_r(names, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
            if (tsp_subcommand_find(name) == NULL || strcmp(name, command->name) == 0) {
                fail_msg("%s: see also %s?", command->name, name);
            }
        }
    }
}

/* --- words ---------------------------------------------------------------------------------------------------------------------------- */

static void a_wrong_word_is_told_with_what_there_is(void **state) {
    (void)state;
    struct tsp_error error;
    assert_int_equal(tsp_words_find(tsp_words_table_format, "format", "json", &error), 2);
    assert_int_equal(tsp_words_find(tsp_words_table_format, "format", "xyz", &error), -1);
    assert_string_equal(error.text, "no format is called 'xyz'; there are table, csv and json");
    assert_int_equal(tsp_words_find(tsp_words_table_format, "format", "jsno", &error), -1);
    assert_string_equal(error.text,
                        "no format is called 'jsno'; there are table, csv and json. Did you mean 'json'?");
}

static void a_list_of_words_keeps_within_its_room(void **state) {
    (void)state;
    char text[16];
    assert_string_equal(tsp_words_text(tsp_words_table_format, NULL, text, sizeof text), "table, csv, jso");
}

/* --- docs ----------------------------------------------------------------------------------------------------------------------------- */

static void every_command_has_examples_and_exit_statuses(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        struct tsp_document document;
        struct tsp_error error;
        if (tsp_document_read(&document, tsp_subcommand_at(i), &error) != 0) {
            fail_msg("%s", error.text);
        }
        bool misuse = false;
        for (unsigned s = 0; s < document.status_count; ++s) {
            int value = document.statuses[s].value;
            assert_true(value == TSP_EXIT_OK || value == TSP_EXIT_CASES || value == TSP_EXIT_USAGE ||
                        value == TSP_EXIT_INTERRUPTED);
            assert_true(s == 0 || value > document.statuses[s - 1].value);
            misuse = misuse || value == TSP_EXIT_USAGE;
        }
        assert_int_equal(document.statuses[0].value, TSP_EXIT_OK);
        assert_true(misuse);
    }
}

/* The words of a command in `line` up to what ends it in a shell; quotes go. Returns how many. */
static int take_words(char *line, char **words, int most) {
    int count = 0;
    char *out = line;
    while (*line != '\0' && strchr("|)<;&", *line) == NULL && count < most) {
        words[count++] = out;
        while (*line != '\0' && strchr(" |)<;&", *line) == NULL) {
            if (*line == '\'') {
                for (++line; *line != '\0' && *line != '\''; ++line) {
                    *out++ = *line;
                }
                line += *line != '\0';
            } else {
                *out++ = *line++;
            }
        }
        char end = *line;
        line += end == ' ';
        *out++ = '\0';
        if (end != ' ') {
            break;
        }
    }
    return count;
}

/* Every `transept …` in the line names a command, and options that it has. */
static unsigned check_example(const struct tsp_subcommand *owner, const char *example) {
    enum { WORDS_MAX = 24 };
    unsigned found = 0;
    for (const char *at = strstr(example, "transept "); at != NULL; at = strstr(at + 1, "transept ")) {
        char line[256];
        char *words[WORDS_MAX] = {NULL};
        struct tsp_error error;
        if (at > example && strchr(" (", at[-1]) == NULL) {
            continue; /* a file of that name */
        }
        (void)snprintf(line, sizeof line, "%s", at);
        int count = take_words(line, words, WORDS_MAX);
        const struct tsp_subcommand *command = count > 1 ? tsp_subcommand_find(words[1]) : NULL;
        if (command == NULL) {
            fail_msg("help of %s: there is no such command: %s", owner->name, example);
        }
        const struct tsp_subcommand *of =
            command->base != NULL && count > 2 && words[2][0] == '-' ? command->base : command;
        if (tsp_options_check(of, count - 1, words + 1, &error) != 0) {
            fail_msg("help of %s: %s: %s", owner->name, example, error.text);
        }
        ++found;
    }
    return found;
}

static void examples_name_options_that_there_are(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        struct tsp_document document;
        struct tsp_error error;
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        unsigned found = 0;
        assert_int_equal(tsp_document_read(&document, command, &error), 0);
        for (unsigned e = 0; e < document.example_count; ++e) {
            found += check_example(command, document.examples[e].command);
            if (strlen(document.examples[e].command) > 78) {
                fail_msg("help of %s breaks what one would copy: %s", command->name,
                         document.examples[e].command);
            }
        }
        assert_true(found > 0);
    }
}

static int nothing(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return 0;
}

static void a_doc_that_lacks_something_is_refused(void **state) {
    (void)state;
    static const char *const docs[] = {
        "\vExamples:\n  transept x\nExit status: 0 well, 2 misuse.", "Does.\vExit status: 0 well, 2 misuse.",
        "Does.\vExamples:\n  transept x", "Does.\vExamples:\n  transept x\nExit status: well, 2 misuse."};
    for (size_t i = 0; i < sizeof docs / sizeof *docs; ++i) {
        const struct argp argp = {.doc = docs[i]};
        const struct tsp_subcommand command = {.name = "x", .about = "x", .run = nothing, .argp = &argp};
        struct tsp_document document;
        struct tsp_error error;
        assert_int_equal(tsp_document_read(&document, &command, &error), -1);
        assert_has(error.text, "the doc of `x`", "the error");
    }
}

static void a_doc_is_taken_apart(void **state) {
    (void)state;
    const struct argp argp = {
        .doc = "Does it.\vOne.\nTwo.\nExamples:\n  transept x -f 'a b'   what\n  transept x\n"
               "Exit status: 0 well, if only just; 1 not, or 3 times; 2 misuse."};
    const struct tsp_subcommand command = {.name = "x", .about = "x", .run = nothing, .argp = &argp};
    struct tsp_document document;
    struct tsp_error error;
    assert_int_equal(tsp_document_read(&document, &command, &error), 0);
    assert_string_equal(document.summary, "Does it.");
    assert_string_equal(document.prose, "One.\nTwo.\n");
    assert_int_equal(document.example_count, 2);
    assert_string_equal(document.examples[0].command, "transept x -f 'a b'");
    assert_string_equal(document.examples[0].about, "what");
    assert_string_equal(document.examples[1].about, "");
    assert_int_equal(document.status_count, 3);
    assert_string_equal(document.statuses[0].about, "well, if only just");
    assert_string_equal(document.statuses[1].about, "not, or 3 times");
    assert_int_equal(document.statuses[2].value, 2);
}

/* --- what is made of them --------------------------------------------------------------------------------------------------------------- */

static void a_man_page_has_every_section_and_option(void **state) {
    (void)state;
    static const char *const sections[] = {"NAME",     "SYNOPSIS",    "DESCRIPTION", "OPTIONS",
                                           "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"};
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        char *page = written(tsp_man_page_write, command);
        char part[128];
        for (size_t s = 0; s < sizeof sections / sizeof *sections; ++s) {
            (void)snprintf(part, sizeof part, ".SH %s\n", sections[s]);
            assert_has(page, part, command->name);
        }
        for (const struct argp_option *option = command->argp->options; option->name != NULL; ++option) {
            int length =
                snprintf(part, sizeof part, "\\fB\\-\\-%.*s", (int)strcspn(option->name, "-"), option->name);
            assert_true(length > 0);
            assert_has(page, part, command->name);
        }
        free(page);
    }
    char *page = written(tsp_man_page_write, NULL);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        char part[64];
        (void)snprintf(part, sizeof part, ".BR transept\\-%s (1)", tsp_subcommand_name(i));
        assert_has(page, part, "transept(1)");
    }
    assert_null(strstr(page, "transept\\-complete "));
    free(page);
}

/* No letter of a text is taken for a request, an escape or another letter. */
static void a_man_page_says_what_the_doc_says(void **state) {
    (void)state;
    static const struct argp_option options[] = {
        {"odd", 'o', "X-Y", 0, ".begins 'so' `x` ~a^ back\\slash other ÷ first –", 1}, TSP_OPTION_HELP, {0}};
    const struct argp argp = {
        .options = options,
        .doc = "'Does'. It all.\vExamples:\n  transept x --a\nExit status: 0 well, 2 misuse."};
    const struct tsp_subcommand command = {.name = "x", .about = "x", .run = nothing, .argp = &argp};
    char *page = written(tsp_man_page_write, &command);
    assert_has(page, "\\fB\\-o\\fR, \\fB\\-\\-odd\\fR=\\fIX\\-Y\\fR\n", "the page");
    assert_has(
        page,
        "\n\\&.begins \\(aqso\\(aq \\(gax\\(ga \\(tia\\(ha back\\eslash other \\[u00F7] first \\[u2013]\n",
        "the page");
    assert_has(page, "\n\\(aqDoes\\(aq.\nIt all.\n", "the page"); /* a sentence a line */
    assert_has(page, "transept x \\-\\-a\n", "the page");
    free(page);
}

static int write_bash(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error) {
    (void)command;
    (void)error;
    tsp_completion_bash(stream);
    return 0;
}

static int write_zsh(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error) {
    (void)command;
    (void)error;
    tsp_completion_zsh(stream);
    return 0;
}

static int write_fish(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error) {
    (void)command;
    (void)error;
    tsp_completion_fish(stream);
    return 0;
}

static unsigned options_seen;

static void look_for(FILE *stream, const struct tsp_subcommand *command, const struct argp_option *option,
                     const struct tsp_takes *takes) {
    (void)stream;
    (void)takes;
    static char *scripts[3]; /* made once: they are the same for every option */
    char parts[3][128];
    if (scripts[0] == NULL) {
        scripts[0] = written(write_bash, NULL);
        scripts[1] = written(write_zsh, NULL);
        scripts[2] = written(write_fish, NULL);
    }
    (void)snprintf(parts[0], sizeof parts[0], " --%s", option->name);
    (void)snprintf(parts[1], sizeof parts[1], "--%s", option->name);
    (void)snprintf(parts[2], sizeof parts[2], "complete -c transept -n '__transept_is %s' -l %s ",
                   command->name, option->name);
    for (unsigned i = 0; i < 3; ++i) {
        assert_has(scripts[i], parts[i], command->name);
        assert_null(strstr(scripts[i], "{words}"));
    }
    ++options_seen;
}

static void every_option_is_completed(void **state) {
    (void)state;
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        tsp_options_visit(tsp_subcommand_find(tsp_subcommand_name(i)), look_for, NULL);
    }
    assert_true(options_seen > 80);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_has_a_doc_and_a_key_of_its_own),
        cmocka_unit_test(every_command_is_introduced_in_one_line),
        cmocka_unit_test(whatever_is_taken_is_taken_by_an_option),
        cmocka_unit_test(words_stand_where_the_doc_wants_them),
        cmocka_unit_test(commands_that_are_named_exist),
        cmocka_unit_test(a_wrong_word_is_told_with_what_there_is),
        cmocka_unit_test(a_list_of_words_keeps_within_its_room),
        cmocka_unit_test(every_command_has_examples_and_exit_statuses),
        cmocka_unit_test(examples_name_options_that_there_are),
        cmocka_unit_test(a_doc_that_lacks_something_is_refused),
        cmocka_unit_test(a_doc_is_taken_apart),
        cmocka_unit_test(a_man_page_has_every_section_and_option),
        cmocka_unit_test(a_man_page_says_what_the_doc_says),
        cmocka_unit_test(every_option_is_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
