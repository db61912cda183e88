#compdef transept
# zsh completion of transept, made by `transept completion zsh`.

# _transept_take LIST FOUND FILES FOLDERS WORD...: what may stand there. LIST: several, commas between; FOUND: what the program itself
# finds; FILES: a pattern of names.
_transept_take() {
    local list=$1 found=$2 files=$3 folders=$4 ret=1
    local -a all
    shift 4
    if [[ -n $list ]]; then
        compset -P '*,'
        compset -S ',*'
    fi
    [[ $found != cases ]] || compset -P '!'
    (( $# == 0 )) || compadd -- "$@" && ret=0
    if [[ -n $found ]]; then
        all=( ${(f)"$(_call_program $found $_transept_program complete $found -- ${(q)PREFIX} 2>/dev/null)"} )
        compadd -S '' -- ${(M)all:#*/} && ret=0
        compadd -- ${all:#*/} && ret=0
    fi
    [[ -z $files ]] || _files -g "$files" && ret=0
    [[ -z $folders ]] || _files -/ && ret=0
    return ret
}

_transept-export() {
    _arguments -s -S \
        '--format=[json, csv, google-benchmark, go, smaller-is-better, bencher, junit or markdown]:NAME: _transept_take "" "" "" "" json csv google-benchmark go smaller-is-better bencher junit markdown' \
        '(-o --output)'{-o+,--output=}'[write there (stdout)]:FILE: _transept_take "" "" "*" ""' \
        '(- *)--help[this help]' \
        '*:argument: _transept_take "" "" "*.json" ""'
}

_transept() {
    local curcontext=$curcontext state line _transept_program=$words[1] ret=1
    local -a commands
    commands=(
        'export:a record in another program'\''s format'
    )
    _arguments -C '(- *)--help[the commands]' '(- *)--version[version and commit]' '1: :->command' '*:: :->rest' && ret=0
    case $state in
        command) _describe -t commands command commands && ret=0 ;;
        rest) (( ! $+functions[_transept-$words[1]] )) || _transept-$words[1] && ret=0 ;;
    esac
    return ret
}

# As a file in fpath this is the function's body; as a script (source) it only announces the function.
if [[ $funcstack[1] == _transept ]]; then
    _transept "$@"
else
    compdef _transept transept
fi
