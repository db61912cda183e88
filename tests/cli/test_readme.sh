#!/usr/bin/env bash
# The README is true: every link leads somewhere, and the kernel it shows builds, runs and checks. Its commands work under an emulator and with
# sanitizers, too; as they stand they are run by test_docs_commands.sh, with those of docs/.
set -euo pipefail
# shellcheck source=tests/cli/own_make.sh
. "$(dirname "$0")/own_make.sh"

: "${SOURCE_DIR:?}" "${TRANSEPT:?}"
readme=$SOURCE_DIR/README.md
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() {
    printf 'FAILED %s\n' "$*"
    exit 1
}

# block LANGUAGE: what stands in the README's blocks of that language
block() { awk -v start='```'"$1" '$0 == "```" {inside = 0} inside {print} $0 == start {inside = 1}' "$readme"; }

# A make line is read by make itself, without doing it: .ci/run does it. A transept line is run on the real binary.
run_line() {
    local words
    if [[ $1 == make\ * ]]; then
        (cd "$SOURCE_DIR" && bash -c "$1 --dry-run") >"$work/out" 2>&1
    else
        words=${1#transept }
        # shellcheck disable=SC2086 # the emulator is a command with its arguments
        (cd "$work" && bash -c "${EMULATOR:-} \"$TRANSEPT\" $words") >"$work/out" 2>&1
    fi
}

# The records that the README compares.
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" "$work"
mv "$work/first.json" "$work/before.json"
mv "$work/other.json" "$work/after.json"

commands=0
while IFS= read -r line; do
    run_line "$line" || { cat "$work/out"; fail "$line"; }
    commands=$((commands + 1))
done < <([[ -z ${EMULATOR:-}${SANITIZE:-} ]] || block sh)
[[ -z ${EMULATOR:-}${SANITIZE:-} ]] || ((commands >= 10)) || fail "only $commands commands were found in the README: has its layout changed?"

while IFS= read -r link; do
    [[ -e $SOURCE_DIR/$link ]] || fail "the README links to $link, which is not there"
done < <(grep -oE '\]\([^)#:]+\)' "$readme" | sed 's/^](//; s/)$//')

# What the README calls excerpts of output must be what this program prints: the heading of its table.
grep -qE '^case +P50 ±95 % +P95 +P99 +instr\. evidence notes' "$readme" || fail "the README shows no table"

if [[ -z ${EMULATOR:-} && -z ${SANITIZE:-} ]]; then
    mkdir "$work/kernel"
    block c >"$work/kernel/strlen.c"
    printf '%s\n' 'cmake_minimum_required(VERSION 3.22)' 'project(readme LANGUAGES C)' 'find_package(transept REQUIRED)' \
        'transept_add_kernels(readme strlen.c)' >"$work/kernel/CMakeLists.txt"
    {
        cmake --install "${BUILD_DIR:?}" --prefix "$work/prefix"
        cmake -S "$work/kernel" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix"
        cmake --build "$work/build"
        "$work/build/readme" run --rounds 3 --time 2ms --output "$work/own"
    } >"$work/log" 2>&1 || { cat "$work/log"; fail "the kernel of the README"; }
    grep -q '"string/strlen/libc"' "$work"/own/*/latest.json || fail "the README's kernel is not in its record"
fi

echo "passed: $commands commands"
