# bash completion of transept, made by `transept completion bash`.
# shellcheck shell=bash

# _transept_take BEFORE VALUE: adds to COMPREPLY what may stand there, each behind BEFORE. The caller's variables say what may:
# words; found, which the program itself finds; files, patterns of names; folders; list, when several may, commas between.
_transept_take() {
    local before=$1 value=$2 item pattern format='%s\n' slash=/
    local -a patterns
    read -ra patterns <<<"$files"
    if [[ -n $list && $value == *,* ]]; then
        before+=${value%,*},
        value=${value##*,}
    fi
    if [[ $found == cases && $value == '!'* ]]; then
        before+='!'
        value=${value#!}
    fi
    if [[ -n $words$found ]]; then
        format='%q\n' # among other words readline does not quote what files are called
    elif [[ -n $files$folders ]]; then
        compopt -o filenames 2>/dev/null
        slash=''
    fi
    while IFS= read -r item; do
        COMPREPLY+=("$before$item")
    done < <(
        compgen -W "$words" -- "$value"
        [[ -z $found ]] || "$program" complete "$found" -- "$value" 2>/dev/null
        [[ -z $files$folders ]] || compgen -d -S "$slash" -- "$value"
        for pattern in "${patterns[@]}"; do
            compgen -f -X "!$pattern" -- "$value" | while IFS= read -r item; do
                # shellcheck disable=SC2059 # one of two above
                [[ -d $item ]] || printf "$format" "$item"
            done
        done
    )
}

# _transept_options COMMAND: sets options.
_transept_options() {
    case $1 in
        export) options=' --format --output --help' ;;
    esac
}

# _transept_value COMMAND:OPTION: sets what the option takes; fails when it takes nothing. Without an OPTION, of arguments.
_transept_value() {
    case $1 in
        export:--format) words='json csv google-benchmark go smaller-is-better bencher junit markdown' ;;
        export:--output | export:-o) files='*' ;;
        export:) files='*.json' ;;
        *) return 1 ;;
    esac
}

_transept() {
    local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]/#\~\//$HOME/}
    local word command cut='' breaks='' words='' found='' files='' folders='' list='' options=''
    local -a before
    COMPREPLY=()
    word=${line##*[[:blank:]]}
    read -ra before <<<"${line%"$word"}"
    command=${before[1]-}
    # Readline takes a word that is not quoted apart at = and :, and replaces its last part.
    [[ $COMP_WORDBREAKS != *=* ]] || breaks+='='
    [[ $COMP_WORDBREAKS != *:* ]] || breaks+=':'
    if [[ $word == [\'\"]* ]]; then
        word=${word:1}
    elif [[ -n $breaks ]]; then
        cut=${word%"${word##*["$breaks"]}"}
    fi
    if ((${#before[@]} < 2)); then
        words=$_transept_commands
        _transept_take '' "$word"
    elif ((${#before[@]} > 2)) && [[ ${before[-1]} == -* ]] && _transept_value "$command:${before[-1]}"; then
        _transept_take '' "$word"
    elif [[ $word == --*=* ]]; then
        ! _transept_value "$command:${word%%=*}" || _transept_take "${word%%=*}=" "${word#*=}"
    elif [[ $word == -* ]]; then
        _transept_options "$command"
        words=$options
        _transept_take '' "$word"
    elif _transept_value "$command:"; then
        _transept_take '' "$word"
    fi
    COMPREPLY=("${COMPREPLY[@]#"$cut"}")
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _transept transept
