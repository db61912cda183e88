/* What zsh (5.1 and newer) reads to complete the command line: a function for _arguments each command. */
#include <string.h>

#include "completion.h"
#include "options.h"

static const char head[] =
    "#compdef transept\n"
    "# zsh completion of transept, made by `transept completion zsh`.\n"
    "\n"
    "# _transept_take LIST FOUND FILES FOLDERS WORD...: what may stand there. LIST: several, commas between; FOUND: what the program itself\n"
    "# finds; FILES: a pattern of names.\n"
    "_transept_take() {\n"
    "    local list=$1 found=$2 files=$3 folders=$4 ret=1\n"
    "    local -a all\n"
    "    shift 4\n"
    "    if [[ -n $list ]]; then\n"
    "        compset -P '*,'\n"
    "        compset -S ',*'\n"
    "    fi\n"
    "    [[ $found != cases ]] || compset -P '!'\n"
    "    (( $# == 0 )) || compadd -- \"$@\" && ret=0\n"
    "    if [[ -n $found ]]; then\n"
    "        all=( ${(f)\"$(_call_program $found $_transept_program complete $found -- ${(q)PREFIX} 2>/dev/null)\"} )\n"
    "        compadd -S '' -- ${(M)all:#*/} && ret=0\n"
    "        compadd -- ${all:#*/} && ret=0\n"
    "    fi\n"
    "    [[ -z $files ]] || _files -g \"$files\" && ret=0\n"
    "    [[ -z $folders ]] || _files -/ && ret=0\n"
    "    return ret\n"
    "}\n"
    "\n";

static const char middle[] = "_transept() {\n"
                             "    local curcontext=$curcontext state line _transept_program=$words[1] ret=1\n"
                             "    local -a commands\n"
                             "    commands=(\n";

static const char tail[] =
    "    )\n"
    "    _arguments -C '(- *)--help[the commands]' '(- *)--version[version and commit]' '1: :->command' '*:: :->rest' && ret=0\n"
    "    case $state in\n"
    "        command) _describe -t commands command commands && ret=0 ;;\n"
    "        rest) (( ! $+functions[_transept-$words[1]] )) || _transept-$words[1] && ret=0 ;;\n"
    "    esac\n"
    "    return ret\n"
    "}\n"
    "\n"
    "# As a file in fpath this is the function's body; as a script (source) it only announces the function.\n"
    "if [[ $funcstack[1] == _transept ]]; then\n"
    "    _transept \"$@\"\n"
    "else\n"
    "    compdef _transept transept\n"
    "fi\n";

/* "*.yaml *.yml" as one pattern: "(*.yaml|*.yml)". Parentheses around a single one would be qualifiers. */
static void write_files(FILE *stream, const char *files) {
    bool several = strchr(files, ' ') != NULL;
    (void)fputs(several ? "(" : "", stream);
    for (; *files != '\0'; ++files) {
        (void)putc(*files == ' ' ? '|' : *files, stream);
    }
    (void)fputs(several ? ")" : "", stream);
}

/* ": _transept_take …", or nothing but ":" where nothing can be named. */
static void write_action(FILE *stream, const struct tsp_takes *takes) {
    (void)putc(':', stream);
    if (takes == NULL) {
        (void)putc(' ', stream);
        return;
    }
    (void)fputs(" _transept_take ", stream);
    tsp_takes_write(stream, takes, write_files, ":");
}

static void write_option(FILE *stream, const struct tsp_subcommand *command, const struct argp_option *option,
                         const struct tsp_takes *takes) {
    char text[TSP_OPTION_TEXT];
    char letter = tsp_option_letter(option);
    const char *sign = option->arg != NULL ? "=" : "";
    (void)command;
    if (option->key == '?') {
        (void)fputs(" \\\n        '(- *)--help", stream);
    } else if (letter != '\0') {
        (void)fprintf(stream, " \\\n        '(-%c --%s)'{-%c%s,--%s%s}'", letter, option->name, letter,
                      option->arg != NULL ? "+" : "", option->name, sign);
    } else {
        (void)fprintf(stream, " \\\n        '--%s%s", option->name, sign);
    }
    (void)putc('[', stream);
    tsp_escape(stream, tsp_option_text(option, takes, text), "[]:\\");
    (void)putc(']', stream);
    if (option->arg != NULL) {
        (void)fputs((option->flags & OPTION_ARG_OPTIONAL) != 0 ? "::" : ":", stream);
        tsp_escape(stream, option->arg, ":");
        write_action(stream, takes);
    }
    (void)putc('\'', stream);
}

void tsp_completion_zsh(FILE *stream) {
    (void)fputs(head, stream);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_find(tsp_subcommand_name(i));
        const struct tsp_takes *argument = tsp_takes_find(command->values, ARGP_KEY_ARG);
        (void)fprintf(stream, "_transept-%s() {\n    _arguments -s -S", command->name);
        tsp_options_visit(command, write_option, stream);
        if (argument != NULL) {
            (void)fputs(" \\\n        '*:argument", stream);
            write_action(stream, argument);
            (void)putc('\'', stream);
        }
        (void)fputs("\n}\n\n", stream);
    }
    (void)fputs(middle, stream);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        (void)fprintf(stream, "        '%s:", tsp_subcommand_name(i));
        tsp_escape(stream, tsp_subcommand_find(tsp_subcommand_name(i))->about, ":\\");
        (void)fputs("'\n", stream);
    }
    (void)fputs(tail, stream);
}
