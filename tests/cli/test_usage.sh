#!/usr/bin/env bash
# Help fits a screen; every slip on the command line is one clear line and exit status 2.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

expect 0 transept
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$work/out")
(($(wc -w <<<"$commands") >= 16)) || fail "$what: lists hardly a command"

# rows COMMAND: how many lines its help may have. Where there are many options a little more than a screen.
rows() {
    case $1 in
        compare | duel | gate | history) echo 36 ;;
        *) echo 24 ;;
    esac
}

for command in '' $commands; do
    # shellcheck disable=SC2086 # no word where there is no subcommand
    expect 0 transept $command --help
    narrow "$work/out"
    (($(wc -l <"$work/out") <= $(rows "$command"))) || fail "$what: more than $(rows "$command") lines"
    [[ ! -s $work/err ]] || fail "$what: something on stderr"
    [[ -n $command ]] || continue
    out_has 'Examples:'
    out_has 'Exit status: 0 '
    # An example that is broken into two lines cannot be copied.
    sed -n '/^Examples:$/,/^Exit status: /p' "$work/out" | sed '1d; $d' | grep -v '^  ' && fail "$what: an example of two lines"
    refused "did you mean '--help'" transept "$command" --hlep
done
expect 0 transept run --help
for option in filter suite rounds time seed cpu output format counters dry-run resume; do
    out_has "--$option"
done

expect 0 transept
out_has 'Usage: transept COMMAND'
expect 0 transept --version
grep -Eq '^transept [0-9]+\.[0-9]+\.[0-9]+' "$work/out" || fail "$what: no version"

refused "did you mean 'list'" transept lsit
refused "no command is called 'xyzzy'" transept xyzzy
refused "no option is called '--verison'" transept --verison
refused "no command is called 'a b?[31mc'" transept $'a\nb\e[31mc'
refused 'a b?[31mc' transept show $'a\nb\e[31mc'
refused "did you mean '--filter'" transept run --fitler x
refused "did you mean '--filter'" transept compare --fliter=x a b
refused "no command is called 'xyzzy'; there are run, facts, " transept xyzzy
refused "no option is called '--xyzzy'" transept run --xyzzy
refused "no option is called '-z'" transept list -z
refused "'--rounds' wants a value" transept run --rounds
refused "'-f' wants a value" transept list -f
refused "'--dry-run' takes no value" transept run --dry-run=yes
refused "write --filter 'syscall'" transept run syscall
refused "takes no arguments" transept doctor now
refused 'name a case' transept show
refused 'one too many' transept show a b

refused "--rounds: '0'" transept run --rounds 0
refused "--rounds: '5x'" transept run --rounds 5x
refused "--rounds: '-1'" transept run --rounds=-1
refused "--rounds: ''" transept run --rounds ''
refused "--time: '50'" transept run --time 50
refused "--time: '0ms'" transept run --time 0ms
refused "--time: '50 ms'" transept run --time '50 ms'
refused "--seed: 'abc'" transept run --seed abc
refused "--seed: '18446744073709551616'" transept run --seed 18446744073709551616
refused "--cpu: '-1'" transept run --cpu=-1
refused "--output: name a folder" transept run --output ''
refused "no format is called 'xml'" transept run --format xml
refused "no format is called ''" transept run --format json,
refused "no format is called 'xml'; there are table, csv and json" transept list --format xml
refused 'cannot go with --resume' transept run --resume --filter x
refused 'cannot go with --resume' transept run --resume --dry-run
refused "--format: 'json' is there twice" transept run --format json,csv,json
refused 'there is no journal' transept run --resume --output "$work/none"
refused 'No such file' transept run --resume "$work/none.journal"
finish
