/* What fish (3.1 and newer) reads to complete the command line. */
#include <string.h>

#include "completion.h"
#include "options.h"

static const char head[] =
    "# fish completion of transept, made by `transept completion fish`.\n"
    "\n"
    "function __transept_is --description 'Is this the command of the line?'\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -ge 2; and test \"$words[2]\" = \"$argv[1]\"\n"
    "end\n"
    "\n"
    "function __transept_begins --description 'Has the line no command yet?'\n"
    "    test (count (commandline -opc)) -lt 2\n"
    "end\n"
    "\n"
    "# __transept_take LIST FOUND SUFFIXES FOLDERS WORD...: what may stand there. LIST: several, commas between; FOUND: what the program\n"
    "# itself finds; SUFFIXES: of files, blanks between; none at all is written \"*\".\n"
    "function __transept_take\n"
    "    set -l program (commandline -opc)[1]\n"
    "    set program (string replace -r -- '^~/' \"$HOME/\" $program)\n"
    "    set -l value (string replace -r -- '^--[a-z-]+=' '' (commandline -ct) | string trim -l -c '\\'\"')\n"
    "    set -l before ''\n"
    "    if test -n \"$argv[1]\"\n"
    "        set before (string match -r -- '^.*,' \"$value\"; or echo '')\n"
    "        set value (string replace -r -- '^.*,' '' \"$value\")\n"
    "    end\n"
    "    if test \"$argv[2]\" = cases; and string match -q -- '!*' \"$value\"\n"
    "        set before $before'!'\n"
    "        set value (string sub -s 2 -- \"$value\")\n"
    "    end\n"
    "    for word in $argv[5..-1]\n"
    "        echo $before$word\n"
    "    end\n"
    "    if test -n \"$argv[2]\"\n"
    "        for word in ($program complete $argv[2] -- \"$value\" 2>/dev/null)\n"
    "            echo $before$word\n"
    "        end\n"
    "    end\n"
    "    for suffix in (string split -n ' ' -- $argv[3])\n"
    "        if test $suffix = '*'\n"
    "            __fish_complete_path $value\n"
    "        else\n"
    "            __fish_complete_suffix $suffix\n"
    "        end\n"
    "    end\n"
    "    if test -n \"$argv[4]\"\n"
    "        __fish_complete_directories $value\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c transept -f\n"
    "complete -c transept -n __transept_begins -l help -d 'the commands'\n"
    "complete -c transept -n __transept_begins -l version -d 'version and commit'\n";

/* "*.yaml *.yml" as suffixes: ".yaml .yml". */
static void write_files(FILE *stream, const char *files) {
    for (const char *at = files; *at != '\0'; ++at) {
        if (*at != '*' || strcmp(files, "*") == 0) {
            (void)putc(*at, stream);
        }
    }
}

static void write_take(FILE *stream, const struct tsp_takes *takes) {
    (void)fputs(" -a '(__transept_take ", stream);
    tsp_takes_write(stream, takes, write_files, "");
    (void)fputs(")'", stream);
}

static void write_option(FILE *stream, const struct tsp_subcommand *command, const struct argp_option *option,
                         const struct tsp_takes *takes) {
    char text[TSP_OPTION_TEXT];
    char letter = tsp_option_letter(option);
    (void)fprintf(stream, "complete -c transept -n '__transept_is %s' -l %s", command->name, option->name);
    if (letter != '\0') {
        (void)fprintf(stream, " -s %c", letter);
    }
    if (option->arg != NULL && (option->flags & OPTION_ARG_OPTIONAL) == 0) {
        (void)fputs(" -x", stream);
    }
    if (option->arg != NULL && takes != NULL) {
        write_take(stream, takes);
    }
    (void)fputs(" -d '", stream);
    tsp_escape(stream, tsp_option_text(option, takes, text), "\\");
    (void)fputs("'\n", stream);
}

void tsp_completion_fish(FILE *stream) {
    (void)fputs(head, stream);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        (void)fprintf(stream, "complete -c transept -n __transept_begins -a %s -d '", tsp_subcommand_name(i));
        tsp_escape(stream, tsp_subcommand_find(tsp_subcommand_name(i))->about, "\\");
        (void)fputs("'\n", stream);
    }
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_find(tsp_subcommand_name(i));
        const struct tsp_takes *argument = tsp_takes_find(command->values, ARGP_KEY_ARG);
        tsp_options_visit(command, write_option, stream);
        if (argument != NULL) {
            (void)fprintf(stream, "complete -c transept -n '__transept_is %s'", command->name);
            write_take(stream, argument);
            (void)putc('\n', stream);
        }
    }
}
