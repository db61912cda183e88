#!/usr/bin/env bash
# transept workload: what it prints and writes agrees with itself, its check finds damage, Ctrl-C keeps what was measured, slips are one line.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$work" || exit 1
valid() { /usr/bin/python3 "$SOURCE_DIR/tests/tools/validate_workload.py" "$@" 2>err || fail "$what: $1 is not what it should be"; }

# Small enough for an emulator; 3 s and more have intervals.
sed 's/1000000/20000/' "$SOURCE_DIR/bench/workloads/read-heavy.yaml" >small.yaml
sed 's/1000000/20000/' "$SOURCE_DIR/bench/workloads/write-skewed.yaml" >skewed.yaml
evidence=measured
[[ ${#prefix[@]} == 0 ]] || evidence=emulated
short=(--threads 4 --duration 1s --warmup 50ms)

# A closed loop in all formats, and its samples. The rate is bounded for the sake of the samples' file.
expect 0 transept workload small.yaml "${short[@]}" --rate 2000 --raw small.raw --output small.json
narrow out
out_has "get get get put"
out_has "latency, $evidence, from the start that was meant"
out_has "check passed"
out_has "raw samples:"
valid small.json small.raw
grep -q '"loop": "open"' small.json || fail "$what: not an open loop"
grep -q "\"evidence\": \"$evidence\"" small.json || fail "$what: not $evidence"

expect 0 transept workload skewed.yaml --threads 4 --duration 3s --warmup 50ms --format json
mv out skewed.json
valid skewed.json
/usr/bin/python3 - skewed.json <<'PYTHON' || fail "$what: no intervals over three seconds"
import json
import sys

result = json.load(open(sys.argv[1], encoding="utf-8"))
latency = result["operations"]["all"]
assert len(result["seconds"]) == 3, len(result["seconds"])
p50 = latency["p50"]
if p50["lo"] is None:  # a busy machine's seconds may differ so much that three of them bound nothing
    assert "beyond all samples" in p50["reason"], p50
else:
    assert p50["lo"] <= p50["value"] <= p50["hi"], p50
assert latency["rate"]["lo"] < latency["rate"]["value"] < latency["rate"]["hi"]
assert result["workload"]["loop"] == "closed" and result["due"] is None
puts, gets = (result["operations"][name]["n"] for name in ("put", "get"))
assert 1.8 < puts / gets < 2.2, (puts, gets)
PYTHON

expect 0 transept workload small.yaml "${short[@]}" --seed 5 --format csv --output small.csv
[[ $(head -n1 small.csv | cut -d, -f1-3) == workload,arch,machine ]] || fail "$what: no header"
(($(wc -l <small.csv) == 1 + 3 * 2)) || fail "$what: not a row an operation, for the whole and for each second"

# A file of one's own: weights, removals, no pairs beforehand.
cat >own.yaml <<'YAML'
name: own
about: Keys come and go
threads: 3
duration: 300ms
warmup: 20ms
weights: {get: 1, put: 2, remove: 2}
keys: {count: 500, distribution: sequential}
value: 100B
preload: none
shards: 3
YAML
expect 0 transept workload ./own.yaml
out_has "1 get, 2 put, 2 remove"
out_has "check passed"

# By name; what it would take, without doing it.
expect 0 transept workload read-heavy --dry-run
out_has "64 threads"
out_has "MiB of memory. Nothing was measured."
expect 0 transept workload write-skewed --dry-run
out_has "128 threads"
out_has "zipf 0.99"

# A rate beyond all means.
expect 0 transept workload own.yaml --rate 1000000000
out_has "the rate asked was not"

# Damage to the map costs the run, and says what it is.
damaged() {
    export SABOTAGE=$1
    expect 1 faults workload "$2" --threads 2 --duration 100ms --warmup 20ms
    unset SABOTAGE
    out_has "check FAILED"
    err_has "$3"
}
sed 's/value: 64B/value: 16B/; s/20000/100/' small.yaml >tiny.yaml
damaged lose small.yaml 'pairs lost: 1'
damaged lose-early tiny.yaml 'reads that found no pair where one must be'
damaged revert tiny.yaml 'are not those that were put last'
damaged tear small.yaml 'no put made'
sed 's/value: 64B/value: 64KiB/; s/20000/10/' small.yaml >large.yaml
damaged invent large.yaml 'no put made'
expect 0 faults workload tiny.yaml --threads 2 --duration 100ms --warmup 20ms

# Ctrl-C ends it early and keeps what was measured.
what='Ctrl-C half-way'
"${prefix[@]}" "$TRANSEPT" workload small.yaml --threads 4 --duration 20s --warmup 20ms --output int.json >out 2>err &
pid=$!
wait_for err '10 %\|of 20 s'
kill -INT "$pid"
status=0
wait "$pid" || status=$?
((status == 130)) || fail "$what: exit status $status, wanted 130"
out_has "interrupted after"
out_has "check passed"
narrow out
grep -q '"interrupted": true' int.json || fail "$what: the file does not say so"
valid int.json

# Slips.
expect 0 transept workload --help
narrow out
(($(wc -l <out) <= 24)) || fail "$what: more than a screen of 24 lines"
out_has 'Examples:'
refused 'name a workload: read-heavy, write-skewed' transept workload
refused "no workload is called 'read'" transept workload read
refused 'one too many' transept workload a b
refused 'No such file' transept workload ./none.yaml
cp small.yaml own-file.yaml
refused 'cannot write ./own-file.yaml: it is what is read (own-file.yaml)' transept workload own-file.yaml --output ./own-file.yaml
refused 'cannot write own-file.yaml: it is what is read (own-file.yaml)' transept workload own-file.yaml --raw own-file.yaml
cmp -s own-file.yaml small.yaml || fail "$what: the workload's file was overwritten"
touch read-heavy # not what is read where the name is that of a shipped workload
expect 0 transept workload read-heavy --output read-heavy --dry-run
refused "'1025' is not a whole number from 1 to 1024" transept workload read-heavy --threads 1025
refused "--duration: '10'" transept workload read-heavy --duration 10
refused "--rate: 'x'" transept workload read-heavy --rate x
refused "no format is called 'xml'" transept workload read-heavy --format xml
refused '--raw: name a file' transept workload read-heavy --raw ''
refused "did you mean '--threads'" transept workload read-heavy --thraeds 3
sed 's/count: 500/count: 5OO/' own.yaml >bad.yaml
refused "bad.yaml:7:15: 'count': '5OO' is not a whole number" transept workload bad.yaml
sed 's/^value: 100B/value: 3B/' own.yaml >bad.yaml
refused "bad.yaml:8:8: 'value' is 16B to 64KiB" transept workload bad.yaml
sed 's/count: 500/count: 1000000000/; s/100B/64KiB/' own.yaml >bad.yaml
refused 'ask for fewer keys' transept workload bad.yaml
finish
