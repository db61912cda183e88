#!/usr/bin/env bash
# transept completion: what bash, zsh and fish make of it: commands, options, what these take, names of cases, files. bash and zsh are asked
# on a terminal, by Tab, fish by its `complete -C`. UPDATE=1 makes the golden scripts anew.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
golden=$SOURCE_DIR/tests/golden/completion
cd "$work" || exit 1

for tool in zsh fish shellcheck; do
    command -v $tool >/dev/null || { printf 'FAILED %s is not installed: scripts/deps tests\n' $tool; exit 1; }
done

# The shells call the command by its name.
mkdir bin place
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${prefix[*]}" "$TRANSEPT" >bin/transept
chmod +x bin/transept
PATH=$work/bin:$PATH
touch place/record.json place/suite.yaml 'place/two words.json'
mkdir place/folder

# --- the scripts ---------------------------------------------------------------------------------------------------------------------------

# The golden scripts have one command, export: what is in all scripts, and how a command stands there. unit/test_commands sees to the others.
expect 0 transept
others=$(sed -nE '/^  export /d; s/^  ([a-z]+) .*/\1/p' out | paste -sd '|')
only_export() {
    sed -E "/^ *($others)[:)]/d; /^_transept_commands=/d; /^ *'($others):/d; /^_transept-($others)\(\)/,/^\$/d; /__transept_is ($others)'/d; / -a ($others) /d" "$1"
}

for shell in bash zsh fish; do
    expect 0 transept completion $shell
    cp out "place/completion.$shell"
    only_export "place/completion.$shell" >out
    [[ -z ${UPDATE:-} ]] || cp out "$golden/transept.$shell"
    diff -u "$golden/transept.$shell" out >err || fail "$what: not as in the golden file (UPDATE=1 makes it anew)"
done
expect 0 shellcheck --shell=bash place/completion.bash
expect 0 bash -n place/completion.bash
expect 0 zsh -n place/completion.zsh
expect 0 fish --no-config --no-execute place/completion.fish

expect 0 transept completion --output share
for pair in bash:bash-completion/completions/transept zsh:zsh/site-functions/_transept fish:fish/vendor_completions.d/transept.fish; do
    cmp -s "share/${pair#*:}" "place/completion.${pair%%:*}" || fail "$what: ${pair#*:} is not what stdout has"
done
refused 'no shell is called' transept completion tcsh
refused "Did you mean 'fish'" transept completion fihs
refused 'name a shell' transept completion
refused 'one too many' transept completion bash zsh
refused 'name no shell' transept completion bash --output share
touch file
refused 'cannot write' transept completion --output file

# --- by Tab --------------------------------------------------------------------------------------------------------------------------------

cd place || exit 1

# pressed SHELL SCRIPT: stdin has lines "what was typed => what Tab made of it".
pressed() {
    what="Tab in $1"
    cat >"$work/pairs"
    sed 's/ =>.*//' "$work/pairs" >"$work/lines"
    /usr/bin/python3 "$SOURCE_DIR/tests/tools/press_tab.py" "$1" "$2" <"$work/lines" >"$work/made" 2>"$work/err" || fail "$what: the terminal"
    paste -d '>' <(sed 's/$/ =/' "$work/lines") "$work/made" | sed 's/=>/=> /; s/ *$//' >"$work/out"
    diff -u "$work/pairs" "$work/out" >"$work/err" || fail "$what: other than expected"
}

pressed bash "$PWD/completion.bash" <<'EXPECTED'
transept calib => transept calibrate
transept --vers => transept --version
transept run --fil => transept run --filter
transept run --dry => transept run --dry-run
transept facts --sui => transept facts --suite
transept run -s qui => transept run -s quick
transept run --suite=qui => transept run --suite=quick
transept run --format json,cs => transept run --format json,csv
transept run --format=json,smal => transept run --format=json,smaller-is-better
transept run -c page-f => transept run -c page-faults
transept compare --metric time:p95 => transept compare --metric time:p95
transept compare --metric=time:me => transept compare --metric=time:mean
transept compare --across machine,comp => transept compare --across machine,compiler
transept show syscall/getpp => transept show syscall/getppid/
transept show syscall/getppid/li => transept show syscall/getppid/libc
transept show abi/args-int/direct/n=16 => transept show abi/args-int/direct/n=16
transept run -f syscall/getppid/raw,!sysc => transept run -f syscall/getppid/raw,!syscall/
transept run --filter=sysc => transept run --filter=syscall/
transept run -f 'sysc => transept run -f 'syscall/'
transept show reco => transept show record.json
transept compare rec => transept compare record.json
transept compare two => transept compare two\ words.json
transept run -s sui => transept run -s suite.yaml
transept calibrate -o fol => transept calibrate -o folder/
transept man comple => transept man completion
transept doctor x => transept doctor x
EXPECTED

zsh_expected() {
    cat <<'EXPECTED'
transept calib => transept calibrate
transept --vers => transept --version
transept run --fil => transept run --filter=
transept run --dry => transept run --dry-run
transept facts --sui => transept facts --suite=
transept run -s qui => transept run -s quick
transept run --suite=qui => transept run --suite=quick
transept run --format json,cs => transept run --format json,csv
transept run -c page-f => transept run -c page-faults
transept compare --metric=time:me => transept compare --metric=time:mean
transept compare --across machine,comp => transept compare --across machine,compiler
transept show syscall/getpp => transept show syscall/getppid/
transept show syscall/getppid/li => transept show syscall/getppid/libc
transept run -f syscall/getppid/raw,!sysc => transept run -f syscall/getppid/raw,!syscall/
transept show reco => transept show record.json
transept compare two => transept compare two\ words.json
transept run -s sui => transept run -s suite.yaml
transept calibrate -o fol => transept calibrate -o folder/
transept man comple => transept man completion
EXPECTED
}
zsh_expected | pressed zsh "$PWD/completion.zsh"
# As it is installed: a function that zsh finds by itself.
cat >installed.zsh <<SETUP
fpath=('$work/share/zsh/site-functions' \$fpath)
compinit -D -u
SETUP
zsh_expected | pressed zsh "$PWD/installed.zsh"

# --- by asking -----------------------------------------------------------------------------------------------------------------------------

# offers LINE WORD...: what fish offers, without what it says of each.
offers() {
    local line=$1
    shift
    expect 0 fish --no-config -c "source completion.fish; complete -C \"$line\""
    diff -u <(printf '%s\n' "$@" | sort) <(cut -f 1 "$work/out" | sort) >"$work/err" || fail "fish offers at '$line' other than expected"
}
offers 'transept calib' calibrate
offers 'transept --' --help --version
offers 'transept run --fil' --filter
offers 'transept facts --sui' --suite
offers 'transept run -s q' quick
offers 'transept run --format ' json csv google-benchmark go smaller-is-better bencher junit markdown
offers 'transept run --format json,cs' json,csv
offers 'transept run --format=json,cs' --format=json,csv
offers 'transept compare --metric time:p9' time:p95 time:p99 time:p999
offers 'transept run -c page-f' page-faults
offers 'transept show syscall/getppid/' syscall/getppid/{raw,libc,syscall,checked}
offers 'transept run -f syscall/getppid/raw,!sysc' 'syscall/getppid/raw,!syscall/'
offers 'transept show reco' record.json
offers 'transept calibrate -o fol' folder/
offers 'transept man comple' completion
expect 0 fish --no-config -c "source completion.fish; complete -C 'transept run --fil'"
out_has 'only these cases'

# candidates LINE WORD...: all that bash would list, sorted.
candidates() {
    local line=$1
    shift
    cat >ask.bash <<'ASK'
. ./completion.bash
COMP_LINE=$1 COMP_POINT=${#1}
read -ra COMP_WORDS <<<"$1"
_transept
printf '%s\n' "${COMPREPLY[@]}"
ASK
    expect 0 bash ask.bash "$line"
    diff -u <(printf '%s\n' "$@" | sort) <(sort "$work/out") >"$work/err" || fail "bash lists at '$line' other than expected"
}
candidates 'transept run --' --suite --filter --rounds --time --seed --cpu --counters --count --repetitions --output --format --dry-run \
    --resume --help
candidates 'transept run --format ' json csv google-benchmark go smaller-is-better bencher junit markdown
candidates 'transept show syscall/getppid/' syscall/getppid/{raw,libc,syscall,checked}
candidates 'transept gate --policy ' folder suite.yaml
candidates 'transept run --rounds ' ''

# Another program of the same commands, after `complete -F _transept faults`, is asked for cases of its own.
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${prefix[*]}" "$FAULTS" >"$work/bin/faults"
chmod +x "$work/bin/faults"
mapfile -t own < <(faults complete cases)
((${#own[@]} > 0)) || fail 'the faults have no cases'
candidates 'faults ops ' "${own[@]}"

# --- what is only there for them -------------------------------------------------------------------------------------------------------------

expect 0 transept complete cases syscall/getppid/
(($(wc -l <"$work/out") == 4)) || fail "$what: not four variants"
expect 0 transept complete cases no-such-case
[[ ! -s $work/out ]] || fail "$what: something on stdout"
expect 0 faults complete cases
out_lacks syscall/ # each program completes its own cases
refused "no list is called 'xyz'" transept complete xyz
refused 'name a list' transept complete
expect 0 transept
! grep -q '^  complete ' "$work/out" || fail "$what: lists what is for scripts, not for people"
finish
