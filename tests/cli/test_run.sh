#!/usr/bin/env bash
# transept run, end to end: table, files, exit status; faults cost only themselves.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

validate() {
    local tool=$SOURCE_DIR/tests/tools/validate_record.py
    python3 "$tool" "$@" >"$work/valid" 2>&1 || fail "$what: the record is not valid: $(head -n 3 "$work/valid")"
}

expect 0 transept run --filter syscall/getppid --rounds 3 --time 5ms --seed 11 --output "$work/results"
narrow "$work/out"
for text in 'suite default' 'seed 11' 'syscall/getppid, ' P50 P95 P99 instr. evidence '  raw '; do out_has "$text"; done
[[ -z ${EMULATOR:-} ]] || out_has EMULATED
err_has '100 %'
latest=$(echo "$work"/results/*/latest.json)
[[ -s $latest && -s ${latest%.json}.csv ]] || fail "$what: no latest.json and latest.csv"
[[ -z $(find "$work/results" -name '*.journal') ]] || fail "$what: the journal was left behind"
validate "$latest"

# The table again, from the record.
mv "$work/out" "$work/first"
expect 0 transept show "$latest"
diff <(grep -v '^WARNING\|^  [a-z].*;' "$work/first" | sed -n '/^case/,/^$/p') <(sed -n '/^case/,/^$/p' "$work/out") >"$work/err" ||
    fail "$what: another table than the run's"
expect 0 transept show "$latest" --case '*/raw'
out_has 'P50 '
out_lacks 'getppid/libc'
refused "matches none of the record's" transept show "$latest" --case nothing

# Only the formats that were asked for.
expect 0 transept run --filter syscall/getppid/raw --rounds 1 --time 2ms --format csv --output "$work/csv"
[[ -z $(find "$work/csv" -name '*.json') && -n $(find "$work/csv" -name '*.csv') ]] || fail "$what: not just CSV"
out_has 'With fewer than 3 rounds'

# Faults.
# Who takes too much memory dies of it; sanitizers and emulators need all address space themselves, so there the parent looks after it.
if [[ -n ${SANITIZE:-} || -n ${EMULATOR:-} ]]; then
    eats='used over'
else
    eats=died
fi
expect 1 faults run --suite "$SOURCE_DIR/tests/faults/suite.yaml" --output "$work/faults"
sed -n '/^Failed/,$p' "$work/out" >"$work/failed"
for pair in 'loops:timed-out' 'segfaults:SIGSEGV' 'illegal:SIGILL' 'forks:failed' 'lies:the sum is wrong' "eats:$eats"; do
    grep -A 12 "faults/made/${pair%%:*}\$" "$work/failed" | grep -qF "${pair#*:}" || fail "$what: ${pair%%:*} is not told of as ${pair#*:}"
done
out_has 'the device is not there'
grep -Eq '^  behaves +[0-9n]' "$work/out" || fail "$what: the case that behaves has no row"
validate "$(echo "$work"/faults/*/latest.json)"
expect 1 faults run --filter '*/lies' --rounds 1 --time 2ms --output "$work/faults"
[[ -z $(pgrep -f "^$FAULTS" || true) ]] || fail 'a process was left behind'

# Colours and a bar belong on terminals only.
! grep -q $'\033' "$work/err" || fail 'escape sequences in a file'
if command -v script >/dev/null; then
    run="${prefix[*]} '$TRANSEPT' run --filter syscall/getppid/raw --rounds 2 --time 2ms --output '$work/tty'"
    TERM=xterm script -qec "stty cols 70; $run >/dev/null" /dev/null </dev/null >"$work/out"
    what='a run on a terminal'
    out_has '/2 rounds'
    out_has $'\033[32m'
    tr '\r' '\n' <"$work/out" | sed $'s/\033\\[[0-9;]*[mK]//g' | while IFS= read -r line; do
        ((${#line} < 70)) || [[ $line == *wrote* ]] || printf '%s\n' "$line"
    done >"$work/err"
    [[ ! -s $work/err ]] || fail 'the bar is wider than the window'
    NO_COLOR=1 TERM=xterm script -qec "$run >/dev/null" /dev/null </dev/null >"$work/out"
    what='a run on a terminal with NO_COLOR'
    out_has '/2 rounds'
    ! grep -q $'\033\\[3' "$work/out" || fail "$what: colours"
    TERM=dumb script -qec "$run >/dev/null" /dev/null </dev/null >"$work/out"
    ! grep -q $'\033' "$work/out" || fail 'escape sequences on a dumb terminal'
else
    skip 'the bar: there is no script(1)'
fi
finish
