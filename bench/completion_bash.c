/* What bash (4.2 and newer) reads to complete the command line, without the package bash-completion. */
#include <string.h>

#include "completion.h"

static const char head[] =
    "# bash completion of transept, made by `transept completion bash`.\n"
    "# shellcheck shell=bash\n"
    "\n"
    "# _transept_take BEFORE VALUE: adds to COMPREPLY what may stand there, each behind BEFORE. The caller's variables say what may:\n"
    "# words; found, which the program itself finds; files, patterns of names; folders; list, when several may, commas between.\n"
    "_transept_take() {\n"
    "    local before=$1 value=$2 item pattern format='%s\\n' slash=/\n"
    "    local -a patterns\n"
    "    read -ra patterns <<<\"$files\"\n"
    "    if [[ -n $list && $value == *,* ]]; then\n"
    "        before+=${value%,*},\n"
    "        value=${value##*,}\n"
    "    fi\n"
    "    if [[ $found == cases && $value == '!'* ]]; then\n"
    "        before+='!'\n"
    "        value=${value#!}\n"
    "    fi\n"
    "    if [[ -n $words$found ]]; then\n"
    "        format='%q\\n' # among other words readline does not quote what files are called\n"
    "    elif [[ -n $files$folders ]]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        slash=''\n"
    "    fi\n"
    "    while IFS= read -r item; do\n"
    "        COMPREPLY+=(\"$before$item\")\n"
    "    done < <(\n"
    "        compgen -W \"$words\" -- \"$value\"\n"
    "        [[ -z $found ]] || \"$program\" complete \"$found\" -- \"$value\" 2>/dev/null\n"
    "        [[ -z $files$folders ]] || compgen -d -S \"$slash\" -- \"$value\"\n"
    "        for pattern in \"${patterns[@]}\"; do\n"
    "            compgen -f -X \"!$pattern\" -- \"$value\" | while IFS= read -r item; do\n"
    "                # shellcheck disable=SC2059 # one of two above\n"
    "                [[ -d $item ]] || printf \"$format\" \"$item\"\n"
    "            done\n"
    "        done\n"
    "    )\n"
    "}\n"
    "\n"
    "# _transept_options COMMAND: sets options.\n"
    "_transept_options() {\n"
    "    case $1 in\n";

static const char middle[] =
    "    esac\n"
    "}\n"
    "\n"
    "# _transept_value COMMAND:OPTION: sets what the option takes; fails when it takes nothing. Without an "
    "OPTION, of arguments.\n"
    "_transept_value() {\n"
    "    case $1 in\n";

static const char tail[] =
    "        *) return 1 ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_transept() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]/#\\~\\//$HOME/}\n"
    "    local word command cut='' breaks='' words='' found='' files='' folders='' list='' options=''\n"
    "    local -a before\n"
    "    COMPREPLY=()\n"
    "    word=${line##*[[:blank:]]}\n"
    "    read -ra before <<<\"${line%\"$word\"}\"\n"
    "    command=${before[1]-}\n"
    "    # Readline takes a word that is not quoted apart at = and :, and replaces its last part.\n"
    "    [[ $COMP_WORDBREAKS != *=* ]] || breaks+='='\n"
    "    [[ $COMP_WORDBREAKS != *:* ]] || breaks+=':'\n"
    "    if [[ $word == [\\'\\\"]* ]]; then\n"
    "        word=${word:1}\n"
    "    elif [[ -n $breaks ]]; then\n"
    "        cut=${word%\"${word##*[\"$breaks\"]}\"}\n"
    "    fi\n"
    "    if ((${#before[@]} < 2)); then\n"
    "        words=$_transept_commands\n"
    "        _transept_take '' \"$word\"\n"
    "    elif ((${#before[@]} > 2)) && [[ ${before[-1]} == -* ]] && _transept_value \"$command:${before[-1]}\"; then\n"
    "        _transept_take '' \"$word\"\n"
    "    elif [[ $word == --*=* ]]; then\n"
    "        ! _transept_value \"$command:${word%%=*}\" || _transept_take \"${word%%=*}=\" \"${word#*=}\"\n"
    "    elif [[ $word == -* ]]; then\n"
    "        _transept_options \"$command\"\n"
    "        words=$options\n"
    "        _transept_take '' \"$word\"\n"
    "    elif _transept_value \"$command:\"; then\n"
    "        _transept_take '' \"$word\"\n"
    "    fi\n"
    "    COMPREPLY=(\"${COMPREPLY[@]#\"$cut\"}\")\n"
    "    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == */ ]]; then\n"
    "        compopt -o nospace 2>/dev/null\n"
    "    fi\n"
    "}\n"
    "complete -F _transept transept\n";

static void write_name(FILE *stream, const struct tsp_subcommand *command, const struct argp_option *option,
                       const struct tsp_takes *takes) {
    (void)command;
    (void)takes;
    (void)fprintf(stream, " --%s", option->name);
}

/* words='…' files='…' */
static void write_value(FILE *stream, const struct tsp_takes *takes) {
    if (takes == NULL) {
        return;
    }
    if (takes->words != NULL) {
        (void)fputs(" words='", stream);
        tsp_words_write(stream, takes->words, "");
        (void)putc('\'', stream);
    }
    if (takes->found != TSP_FOUND_NONE) {
        (void)fprintf(stream, " found=%s", tsp_found_name(takes->found));
    }
    if (takes->files != NULL) {
        (void)fprintf(stream, " files='%s'", takes->files);
    }
    (void)fputs(takes->folders ? " folders=yes" : "", stream);
    (void)fputs(takes->list ? " list=yes" : "", stream);
}

static void write_option(FILE *stream, const struct tsp_subcommand *command, const struct argp_option *option,
                         const struct tsp_takes *takes) {
    char letter = tsp_option_letter(option);
    if (option->arg == NULL) {
        return;
    }
    (void)fprintf(stream, "        %s:--%s", command->name, option->name);
    if (letter != '\0') {
        (void)fprintf(stream, " | %s:-%c", command->name, letter);
    }
    (void)putc(')', stream);
    write_value(stream, takes);
    (void)fputs(" ;;\n", stream);
}

void tsp_completion_bash(FILE *stream) {
    (void)fputs(head, stream);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        (void)fprintf(stream, "        %s) options='", tsp_subcommand_name(i));
        tsp_options_visit(tsp_subcommand_find(tsp_subcommand_name(i)), write_name, stream);
        (void)fputs("' ;;\n", stream);
    }
    (void)fputs(middle, stream);
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_find(tsp_subcommand_name(i));
        const struct tsp_takes *argument = tsp_takes_find(command->values, ARGP_KEY_ARG);
        tsp_options_visit(command, write_option, stream);
        if (argument != NULL) {
            (void)fprintf(stream, "        %s:)", command->name);
            write_value(stream, argument);
            (void)fputs(" ;;\n", stream);
        }
    }
    (void)fputs(tail, stream);
    (void)fputs("_transept_commands='", stream);
    tsp_words_write(stream, tsp_subcommand_name, "");
    (void)fputs(" --help --version'\n", stream);
}
