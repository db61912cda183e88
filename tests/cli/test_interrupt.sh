#!/usr/bin/env bash
# Ctrl-C keeps what is finished; kill -9 loses at most the round in hand; --resume goes on.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# begin FOLDER: a run of some seconds in the background, until its journal has rounds.
begin() {
    # An executable, not a function: the signal must reach the command itself. What an earlier command said must not be taken for its word.
    : >"$work/err"
    "${prefix[@]}" "$TRANSEPT" run --filter 'syscall/getppid,syscall/enosys' --rounds 5 --time 100ms --seed 3 --output "$1" \
        >"$work/out" 2>"$work/err" &
    pid=$!
    wait_for "$work/err" '10 %'
}

what='Ctrl-C half-way'
begin "$work/int"
kill -INT "$pid"
status=0
wait "$pid" || status=$?
((status == 130)) || fail "$what: exit status $status, wanted 130"
out_has INTERRUPTED
narrow "$work/out"
err_has 'go on with --resume'
json=$(echo "$work"/int/*/latest.json)
python3 - "$json" <<'PYTHON' || fail "$what: the record does not say so"
import json, sys
record = json.load(open(sys.argv[1]))
rounds = [case["rounds"] if isinstance(case["rounds"], int) else len(case["rounds"]) for case in record["cases"]]
assert 0 < sum(rounds) < 5 * len(rounds), rounds
assert all(case["status"] in ("ok", "skipped") for case in record["cases"])
assert all("interrupted" in case["reason"] for case in record["cases"] if case["status"] == "skipped")
PYTHON

expect 0 transept run --resume --output "$work/int"
out_lacks INTERRUPTED
out_has 'seed 3'
[[ -z $(find "$work/int" -name '*.journal') ]] || fail "$what: the journal was left behind"

what='kill -9 half-way'
begin "$work/kill"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
journal=$(find "$work/kill" -name '*.journal')
[[ -s $journal ]] || fail "$what: no journal"
sleep 0.5
[[ -z $(pgrep -f "^$TRANSEPT run.*$work/kill" || true) ]] || fail "$what: a child outlived its parent"
before=$(wc -l <"$journal")
cpu=$(grep -o '"cpus": *\[[0-9]*' "$journal" | head -n 1 | grep -o '[0-9]*$')
for other in $(taskset -cp $$ | sed 's/.*: //; s/[,-]/ /g'); do # the first and the last that this process may use
    [[ $other == "$cpu" ]] && continue
    refused "the journal's rounds ran on CPU $cpu, and this would go on on CPU $other; give --cpu $cpu" \
        transept run --resume "$journal" --output "$work/kill" --cpu "$other"
done
printf '{"torn' >>"$journal" # as a crash in the midst of a line leaves it
expect 0 transept run --resume "$journal" --output "$work/kill"
err_has "going on with $journal"
json=$(echo "$work"/kill/*/latest.json)
((before > 1)) || fail "$what: the journal had no rounds"
python3 - "$json" <<'PYTHON' || fail "$what: the resumed record has not all rounds"
import json, sys
record = json.load(open(sys.argv[1]))
for case in record["cases"]:
    for metric in case["metrics"].values():
        assert len(metric["rounds"]) == 5, (case["id"], len(metric["rounds"]))
PYTHON

printf 'not a journal\n' >"$work/bad.journal"
refused "$work/bad.journal" transept run --resume "$work/bad.journal"
finish
