#!/usr/bin/env bash
# Every command that README.md and docs/ show works and says what is shown; tests/tools/docs_commands.txt names those that cannot be run here.
# Run it alone with --show to see what they say: TRANSEPT=… SOURCE_DIR=. tests/cli/test_docs_commands.sh --show --only 'docs/guide/*'
# Markdown has backquotes.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=tests/cli/own_make.sh
. "$(dirname "$0")/own_make.sh"
: "${SOURCE_DIR:?}" "${TRANSEPT:?}"
if [[ -n ${EMULATOR:-} || -n ${SANITIZE:-} ]]; then
    echo 'SKIPPED: what the documentation shows was run natively'
    exit 77
fi
export PYTHONDONTWRITEBYTECODE=1
SOURCE_DIR=$(cd "$SOURCE_DIR" && pwd)
tools=$SOURCE_DIR/tests/tools
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# checkout FOLDER: one whose results are made up, whose build is the one under test, and where `transept` is installed.
checkout() {
    local entry
    mkdir -p "$1/results" "$1/build/native/bench" "$1/bin"
    for entry in "$SOURCE_DIR"/*; do
        case ${entry##*/} in
            results | build | sysroots | bin) ;;
            *) ln -s "$entry" "$1/" ;;
        esac
    done
    ln -s "$SOURCE_DIR/results/reference" "$SOURCE_DIR/results/schema" "$1/results/"
    for entry in "$1/bin/transept" "$1/transept" "$1/build/native/bench/transept"; do
        ln -s "$TRANSEPT" "$entry"
    done
    ln -s "$SOURCE_DIR/scripts/emulate" "$1/bin/transept-emulate"
    /usr/bin/python3 "$tools/docs_records.py" "$1"
}

run() { /usr/bin/python3 "$tools/docs_commands.py" --rules "$2" "${@:3}" "$1" "$work/checkout"; }

checkout "$work/checkout"
run "$SOURCE_DIR" "$tools/docs_commands.txt" "$@"
[[ $# == 0 ]] || exit 0

# The check itself: a wrong output, a command that fails, one that is hidden in another block, a stale rule, a message that nobody prints are found.
wrong=$work/wrong
mkdir -p "$wrong/docs" "$wrong/harness"
touch "$wrong/README.md"
none=$work/none.txt
: >"$none"

# found TEXT PAGE: with that page, and the rules in $none, the check says TEXT.
found() {
    printf '%b' "$2" >"$wrong/docs/page.md"
    if run "$wrong" "$none" --only 'docs/*' >"$work/said" 2>&1 || ! grep -qF -- "$1" "$work/said"; then
        printf 'FAILED: not found: %s\n' "$1"
        cat "$work/said"
        exit 1
    fi
}

found 'the output differs' '```console\n$ echo 12 ns\n13 ns\n```\n'
found 'the output differs' '```console\n$ echo one; echo two\none\n```\n'
found 'exit status 1' '```sh\nfalse\n```\n'
found 'is a command' '```\nmake run\n```\n'
found 'is a command' 'Text\n\n    transept list\n'
printf 'mask :: * :: echo * :: figures\n' >"$none"
found 'the output differs' '```console\n$ echo took 12 ns\ntook 13 s\n```\n'
printf 'skip :: * :: transept list* :: a try\n' >"$none"
found '--nonsense is not in' '```sh\ntransept list --nonsense\n```\n'
found 'no target nonesuch' 'Say `make nonesuch ARCH=arm64`.\n'
found 'there is no transept nonesuch' 'Say `transept nonesuch --help`.\n'
found '--nonsense is not in its --help' 'Say `transept run --nonsense 3`.\n'
echo "passed"
