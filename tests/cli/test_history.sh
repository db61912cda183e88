#!/usr/bin/env bash
# transept history: twelve days of records of known figures, in every output, letter by letter; what is no history or no record; Ctrl-C.
# After a wanted change: UPDATE=1 TRANSEPT=… FAULTS=… SOURCE_DIR=. tests/cli/test_history.sh, and read the difference.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden/history
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_history.py" "$work/records" || fail "the records could not be made"
cd "$work" || exit 1

# as NAME: the last output is that golden file.
as() {
    [[ -z ${UPDATE:-} ]] || cp out "$golden/$1"
    diff -u "$golden/$1" out >err || fail "$what: not as in $1"
}

# valid: the last output is what the schema says, by a validator that we did not write; typos are no more members.
valid() {
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/tools /usr/bin/python3 - "$SOURCE_DIR/results/schema/trend-1.json" out <<'PYTHON' || fail "$what: not what its schema says"
import sys

import jsonschema
import validate_record

schema, trends = map(validate_record.load, sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
schema["additionalProperties"] = False
validate_record.close(schema["$defs"])
jsonschema.Draft202012Validator(schema).validate(trends)
for series in trends["series"]:
    runs = [point["run"] for point in series["points"]]
    assert len(set(runs)) == len(runs), "a run twice"
    assert [point["started"] for point in series["points"]] == sorted(point["started"] for point in series["points"]), "out of order"
    for change in series["changes"]:
        assert runs[change["index"]] == change["run"], "a change at another run"
PYTHON
}

# The database is where it is by default, its folder made; files, folders and patterns will do.
expect 0 transept history add records/hardware/00.json 'records/hardware/0[1-9].json'
out_has 'results/history.db: 10 runs added, 0 there already'
expect 0 transept history add records/hardware records/emulated
out_has 'there   66320000'
out_has 'results/history.db: 5 runs added, 10 there already'
cp results/history.db before.db
expect 0 transept history add records/hardware/03.json
out_has 'results/history.db: 0 runs added, 1 there already'
cmp -s results/history.db before.db || fail "$what: the same run again changed the history"

expect 0 transept history show
narrow out
as show.txt
expect 0 transept history show --since 2024-05-11 --arch x86_64
(($(grep -c '^  66' out) == 2)) || fail "$what: not two runs"
expect 0 transept history show --limit 1
(($(grep -c '^  66' out) == 2)) || fail "$what: not one of each machine"
expect 0 transept history show 66320006 -f 'barrier,abi'
narrow out
as run.txt

# Evidence, machines and executors never meet: each place has a heading of its own.
expect 0 transept history trend
narrow out
as trend.txt
expect 0 env LC_ALL=C "${prefix[@]}" "$TRANSEPT" history trend --arch x86_64
! LC_ALL=C grep -q '[^ -~]' out || fail "$what: more than ASCII where the terminal has no more"
narrow out
expect 0 transept history trend --metric instructions
as counts.txt
expect 0 transept history trend --format csv -o trend.csv
[[ ! -s out ]] || fail "$what: something on stdout"
cp trend.csv out
as trend.csv
expect 0 transept history trend --format json --arch x86_64
as trend.json
valid
for choice in '--percentile p95' '--percentile p99' '--metric instructions' '--arch arm64' '--limit 5'; do
    # shellcheck disable=SC2086 # several words
    expect 0 transept history trend --format json $choice
    valid
done
expect 0 transept history trend --percentile p99 -f syscall
out_has 'its samples support no p99: it takes 300 effective ones a round'
out_has 'needs 6 runs with a value, and has 0'
expect 0 transept history trend --threshold 10% --arch x86_64
out_has '1 changed' # by 12 %; the slip of 8 % is within

# What another program measured: how long its rounds were nobody knows, and of that nothing is said; its series are there all the same.
/usr/bin/python3 - <<'PYTHON'
import json

for run in range(8):
    rows = [{"name": f"BM_{name}/64", "run_type": "iteration", "iterations": 1000, "time_unit": "us", "cpu_time": 9,
             "real_time": (12 if name == "slower" and run >= 4 else 10) * (1 + (repetition * 7 + run) % 10 / 3000)}
            for name in ("same", "slower") for repetition in range(6)]
    with open(f"day{run}.google.json", "w", encoding="utf-8") as stream:
        json.dump({"context": {"date": f"2024-05-0{run + 1}T12:34:56+00:00", "caches": []}, "benchmarks": rows}, stream)
PYTHON
for ((i = 0; i < 8; ++i)); do
    expect 0 transept import day$i.google.json -o day$i.json
done
expect 0 transept history add --db imported.db day?.json
expect 0 transept history trend --db imported.db
narrow out
out_has 'imported/BM_same/64'
out_has 'imported/BM_slower/64'
out_has '2024-05-05 no commit: 10.0 to 12.0 µs (+20 %)'
out_has '2 series: 1 changed'
out_lacks nan
(($(grep -c '^case ' out) == 1)) || fail "$what: not one heading"
id=$(transept history show --db imported.db | awk 'END { print $1 }')
expect 0 transept history show "$id" --db imported.db
grep -q '^google-benchmark · 6 rounds · compiler not known' out || fail "$what: not what is known of it"
out_lacks nan
printf 'BenchmarkA 10 1 ns/op\n' >undated.txt
expect 0 transept import undated.txt -o undated.json
err_has ': 1 case, 1 round from'
expect 2 transept history add --db imported.db day0.json undated.json
err_has 'undated.json: the record does not say when it was measured'
cp imported.db kept.db
refused 'cannot write ./imported.db: it is what is read' transept history trend --db imported.db -o ./imported.db
cmp -s imported.db kept.db || fail "$what: the history was overwritten"

# Removed, and added again.
expect 0 transept history remove 66320005
out_has 'removed 66320005'
expect 0 transept history trend -f 'abi/args-int/direct/n=6' --metric instructions --arch x86_64
out_has '2024-05-07' # the first day with 13 now
expect 0 transept history add records/hardware
out_has '1 run added, 11 there already'

# One clear line each.
refused 'say what: add, show, trend or remove' transept history
refused "no action is called 'trent'" transept history trent
refused 'add what?' transept history add
refused 'remove takes one run' transept history remove
refused "'b' is one too many" transept history show a b
refused "write --filter 'syscall'" transept history trend syscall
refused "no percentile is called 'p42'" transept history trend --percentile p42
refused "no format is called 'xml'" transept history trend --format xml
refused "--since: 'yesterday' is no date" transept history show --since yesterday
for date in 2024-13-45 2024-00-01 2024-02-30 2023-02-29 1900-02-29 2024-04-31 2024-05-01T24:00:00Z 2024-05-01T12:60:00Z; do
    refused "--since: '$date' is no date: there is no such day or time" transept history show --since $date
done
for date in 2024-02-29 2000-02-29 2024-01-31 2023-12-31T23:59:59Z; do
    expect 0 transept history show --since $date
done
refused "--limit: '0'" transept history trend --limit 0
refused '--metric says nothing to' transept history show --metric time
refused '--filter chooses cases of one run' transept history show -f syscall
refused "has no run 'ffff'" transept history show ffff
refused '15 runs of' transept history remove 6632
refused "no run has a metric called 'tiem'; there are instructions, time" transept history trend --metric tiem
refused 'no run is chosen' transept history trend --arch s390x
refused 'no case matches' transept history trend -f epoll
refused 'no history is there' transept history trend --db none.db
refused 'is no history' transept history show --db records/hardware/00.json
refused 'is no file' transept history show --db records
refused 'no record is there' transept history add 'none*.json'
refused 'cannot be opened for writing' transept history add --db /proc/self/history.db records/hardware
head -c 30000 results/history.db >cut.db
refused 'cut.db: damaged' transept history trend --db cut.db

# A record that is damaged at its end: those before it are in, of itself nothing.
mkdir bad
cp records/hardware/00.json bad/0.json
sed 's/SIGSEGV at 0x0/SIGSEGV at 0x1/' records/hardware/06.json >bad/1.json
expect 2 transept history add --db bad.db bad
err_has 'bad/1.json'
out_has 'bad.db: 1 run added'
expect 0 transept history show 66320000 --db bad.db
refused "has no run '66320006'" transept history show 66320006 --db bad.db

# Ctrl-C: what was added before it stays, and the exit status says so.
again=()
for ((i = 0; i < 150; ++i)); do again+=(records/hardware); done
"${prefix[@]}" "$TRANSEPT" history add --db int.db "${again[@]}" >out 2>err &
pid=$! what='history add, interrupted'
until [[ -s int.db ]]; do sleep 0.05; done
kill -INT $pid
wait $pid && status=0 || status=$?
((status == 130)) || fail "$what: exit status $status"
err_has 'interrupted'
(($(wc -l <err) == 1)) || fail "$what: not one line on stderr"
expect 0 transept history add --db int.db records/hardware
expect 0 transept history show --db int.db
(($(grep -c ' 7/8 \| 6/8 ' out) == 12)) || fail "$what: a run that is not whole"

# A program that ends in the middle of adding leaves the run out, or all of it in; and nothing that keeps others from opening it.
for i in 0 1 2 4 8; do
    rm -f killed.db*
    transept history add --db killed.db records/hardware/00.json >/dev/null || fail "killed.db could not be made"
    "${prefix[@]}" "$TRANSEPT" history add --db killed.db records/hardware records/emulated >killed.out 2>&1 &
    sleep "0.0$i"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    expect 0 transept history add --db killed.db records/hardware records/emulated
    expect 0 transept history show --db killed.db
    (($(grep -c ' 7/8 \| 6/8 ' out) == 15)) || fail "$what: a run that is not whole"
done
finish
