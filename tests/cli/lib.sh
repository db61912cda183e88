# What the command-line tests share. Each sources it, checks, and ends with `finish`.
# ctest says where things are: TRANSEPT, FAULTS (the same command over kernels that misbehave), SOURCE_DIR, BUILD_DIR, EMULATOR (what
# runs a foreign binary, words apart by blanks), SANITIZE.
# shellcheck shell=bash
set -uo pipefail
: "${TRANSEPT:?the built command}" "${FAULTS:?the command over misbehaving kernels}" "${SOURCE_DIR:?the checkout}"
export LC_ALL=C.UTF-8
unset COLUMNS NO_COLOR
# shellcheck source=tests/cli/own_make.sh
. "$(dirname "${BASH_SOURCE[0]}")/own_make.sh"
# A fault shall reach the child's parent as the signal it is.
export ASAN_OPTIONS=handle_segv=0:handle_sigill=0:handle_abort=0:detect_leaks=${DETECT_LEAKS:-1}

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
IFS=' ;' read -ra prefix <<<"${EMULATOR:-}"
failures=0

transept() { "${prefix[@]}" "$TRANSEPT" "$@"; }
faults() { "${prefix[@]}" "$FAULTS" "$@"; }

fail() {
    printf 'FAILED %s\n' "$1"
    sed 's/^/  out: /' "$work/out" 2>/dev/null | head -n 40
    sed 's/^/  err: /' "$work/err" 2>/dev/null | head -n 20
    failures=$((failures + 1))
}

# skip WHY: a check that cannot be made here says so.
skip() { printf 'SKIPPED %s\n' "$1"; }

# expect STATUS COMMAND...: runs it; output goes to $work/out and $work/err, its description to $what.
expect() {
    local wanted=$1 status=0
    shift
    what="$*"
    "$@" >"$work/out" 2>"$work/err" || status=$?
    ((status == wanted)) || fail "$what: exit status $status, wanted $wanted"
}

# out_has TEXT, out_lacks TEXT, err_has TEXT: fixed texts in what the last command wrote.
out_has() { grep -qF -- "$1" "$work/out" || fail "$what: the output lacks '$1'"; }
out_lacks() { ! grep -qF -- "$1" "$work/out" || fail "$what: the output has '$1'"; }
err_has() { grep -qF -- "$1" "$work/err" || fail "$what: stderr lacks '$1'"; }

# refused TEXT COMMAND...: exit status 2, one line on stderr with TEXT, nothing on stdout.
refused() {
    local text=$1
    shift
    expect 2 "$@"
    [[ $(wc -l <"$work/err") == 1 ]] || fail "$what: not one line on stderr"
    [[ ! -s $work/out ]] || fail "$what: something on stdout"
    err_has "$text"
}

# narrow FILE: no line of over 80 columns.
narrow() {
    local line
    while IFS= read -r line; do
        ((${#line} <= 80)) || fail "$what: a line of ${#line} columns: $line"
    done <"$1"
}

# wait_for FILE PATTERN: until a line of the file matches; a minute at most.
wait_for() {
    local i
    for ((i = 0; i < 600; ++i)); do
        grep -qs -- "$2" "$1" && return 0
        sleep 0.1
    done
    fail "waited in vain for '$2' in $1"
    return 1
}

finish() {
    ((failures == 0)) && exit 0
    printf '%d failed\n' "$failures"
    exit 1
}
