#!/usr/bin/env bash
# The ten lines of `facts` and the table of `counts`: out of a record, and of a run that Ctrl-C ended and --resume went on with.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
record=$SOURCE_DIR/tests/golden/report/x86_64.json

expect 0 transept facts "$record"
narrow "$work/out"
[[ $(grep -c '^[a-z]' "$work/out") == 10 ]] || fail "$what: not ten facts"
out_has '±'
out_lacks INTERRUPTED
grep -q '^            a read ' "$work/out" || fail "$what: not broken between figures"
cp "$work/out" "$work/utf8"
expect 0 env LC_ALL=C "${prefix[@]}" "$TRANSEPT" facts "$record"
narrow "$work/out"
! LC_ALL=C grep -q '[^ -~]' "$work/out" || fail "$what: not ASCII"
[[ $(sed 's/±/+-/g' "$work/utf8" | tr -s ' \n' ' ') == $(tr -s ' \n' ' ' <"$work/out") ]] || fail "$what: another text"

# What was measured is no count, and is not left out without a word.
expect 0 transept counts "$record" --metric time
narrow "$work/out"
out_has ' measured'
out_has 'measured, emulated: a value that was not counted'
expect 0 transept counts "$SOURCE_DIR/tests/golden/report/arm64.json"
out_lacks 'measured, emulated'

what='Ctrl-C in facts'
: >"$work/err"
"${prefix[@]}" "$TRANSEPT" facts --filter 'syscall/getppid/raw,syscall/clock_gettime' --rounds 5 --time 100ms --output "$work/facts" \
    >"$work/out" 2>"$work/err" &
pid=$!
wait_for "$work/err" '10 %'
kill -INT "$pid"
status=0
wait "$pid" || status=$?
((status == 130)) || fail "$what: exit status $status, wanted 130"
out_has 'INTERRUPTED not all rounds were measured'
narrow "$work/out"
err_has 'go on with --resume'
expect 0 transept facts --resume --output "$work/facts"
err_has 'going on with'
out_has 'system call getppid'
out_lacks INTERRUPTED
refused '--filter cannot go with --resume' transept facts --resume --filter syscall --output "$work/facts"
finish
