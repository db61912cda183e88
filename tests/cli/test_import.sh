#!/usr/bin/env bash
# transept import: others' results become records that are valid and that compare judges by our rules; and slips.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden
export PYTHONDONTWRITEBYTECODE=1
cd "$work" || exit 1

# valid FILE: as results/schema/run-1.json has it, with the right digest.
valid() { /usr/bin/python3 "$SOURCE_DIR/tests/tools/validate_record.py" "$1" 2>err || fail "$what: $1 is no valid record"; }

# rows FACTOR: Go benchmark text of ten repetitions of three benchmarks, the second slower by the factor.
rows() {
    printf 'goos: linux\ngoarch: amd64\npkg: example.com/sort\ncpu: Some CPU\n'
    printf 'Unit steps/op assume=exact\n'
    awk -v factor="$1" 'BEGIN {
        for (i = 0; i < 10; ++i) {
            noise = 1 + ((i * 7) % 10 - 4.5) / 3000
            printf "BenchmarkSort/n=64-8 \t 1000 \t %.4f ns/op \t 5 steps/op \t 3 allocs/op\n", 100 * noise
            printf "BenchmarkFind/n=64-8 \t 1000 \t %.4f ns/op \t %d steps/op\n", 50 * factor * noise, 7 * factor
            printf "BenchmarkCopy-8 \t 1000 \t %.6f us/op\n", 2 * noise
        }
    }'
    printf 'PASS\nok  \texample.com/sort\t1.2s\n'
}
rows 1 >before.txt
rows 1.5 >after.txt
expect 0 transept import before.txt
cp out before.json
err_has "3 cases, 30 rounds from Go benchmark text"
valid before.json
expect 0 transept import after.txt --output after.json
[[ ! -s out ]] || fail "$what: something on stdout"
valid after.json
expect 0 transept compare before.json after.json
grep -Eq 'Find/n=64-8 +50\.0 ns +75\.0 ns +1\.500 .* slower' out || fail "$what: 1.5 times slower is not told"
grep -Eq 'Sort/n=64-8 .* same' out || fail "$what: what is the same is not told"
out_has "B: 1 worse, 0 better, 2 the same"
expect 0 transept compare before.json after.json --metric steps
out_has "B: 1 worse, 0 better, 1 the same"
expect 0 transept show before.json
out_has "IMPORTED from Go benchmark text"
narrow out

# google-benchmark's: written here as its reporter does it, and its own examples where they are installed.
/usr/bin/python3 - <<'PYTHON'
import json

for name, factor in (("first", 1.0), ("other", 0.8)):
    rows = [{"name": f"BM_{kind}/64", "run_name": f"BM_{kind}/64", "run_type": "iteration", "repetitions": 10, "repetition_index": i,
             "threads": 1, "iterations": 1000, "real_time": base * (1 + (i * 7 % 10) / 3000), "cpu_time": base, "time_unit": "us"}
            for kind, base in (("fast", 2.0 * factor), ("same", 3.0)) for i in range(10)]
    rows.append({"name": "BM_fast/64_mean", "run_name": "BM_fast/64", "run_type": "aggregate", "aggregate_name": "mean",
                 "iterations": 10, "real_time": 2.0, "cpu_time": 2.0, "time_unit": "us"})
    rows.append({"name": "BM_broken", "run_type": "iteration", "error_occurred": True, "error_message": "no such file"})
    context = {"date": "2024-05-01T12:34:56+00:00", "host_name": "somewhere", "executable": "./bench", "num_cpus": 4, "mhz_per_cpu": 2900,
               "cpu_scaling_enabled": True, "caches": [], "load_avg": [0.1], "library_build_type": "release"}
    with open(f"{name}.google.json", "w", encoding="utf-8") as stream:
        json.dump({"context": context, "benchmarks": rows}, stream, indent=2)
PYTHON
for name in first other; do
    expect 0 transept import $name.google.json -o $name.json
    err_has "3 cases, 21 rounds from google-benchmark JSON"
    valid $name.json
done
grep -q somewhere first.json && fail "the host's name is in the record"
expect 0 transept compare first.json other.json
grep -Eq 'BM_fast/64 +2003 ns +1602 ns +0\.800 .* faster' out || fail "$what: a fifth less is not told"
out_has "B: 0 worse, 1 better, 1 the same"
if [[ -d /usr/share/benchmark/gbench/Inputs ]]; then
    for run in 1 2; do
        expect 0 transept import /usr/share/benchmark/gbench/Inputs/test1_run$run.json -o run$run.json
        err_has "14 cases"
        valid run$run.json
    done
    expect 0 transept compare run1.json run2.json
    refused "aggregates_only" transept import /usr/share/benchmark/gbench/Inputs/test4_run0.json
else
    skip "google-benchmark's own files: scripts/deps formats installs them"
fi

# Our own, there and back: the same medians, so no difference; and what an emulator took stays an emulator's.
for format in go google-benchmark; do
    for record in hardware emulated; do
        expect 0 transept export "$golden/record/$record.json" --format $format -o exported
        expect 0 transept import exported -o $record.json
        valid $record.json
    done
    expect 0 transept compare "$golden/record/hardware.json" hardware.json -f syscall --metric time
    out_has "B: 0 worse, 0 better, 1 the same"
    grep -q '"emulated"' emulated.json || fail "$what: emulated times passed for measured ones"
    expect 0 transept show emulated.json
    out_has EMULATED
done

# Noise may leave less than nothing of a net time: our own files have such times and come back. Others' clocks do not run backwards.
sed 's|\t90\.[147] ns/op|\t-0.25 ns/op|' "$golden/export/hardware.go.txt" >below.go.txt
sed 's|"real_time": 90\.[147],|"real_time": -0.25,|' "$golden/export/hardware.google.json" >below.google.json
for file in below.go.txt below.google.json; do
    expect 0 transept import $file -o below.json
    valid below.json
    grep -q -- '"value":\? *-0.25' below.json || fail "$what: no negative time in the record"
done
sed '1d; s/BenchmarkTransept/Benchmark/' below.go.txt >others.go.txt
refused 'is negative' transept import others.go.txt
sed 's/"library_version": "transept /"library_version": "v/' below.google.json >others.google.json
refused 'real_time of ' transept import others.google.json
err_has 'is no number from 0 on'

# The file that is read is not overwritten.
ln -s before.txt link.txt
for name in before.txt ./before.txt link.txt; do
    refused "cannot write $name: it is what is read (before.txt)" transept import before.txt -o $name
done
rows 1 | cmp -s - before.txt || fail "$what: the input was overwritten"

# Texts that would move a terminal's cursor or break a table do neither: not in the record, not where a record is printed.
/usr/bin/python3 - <<'PYTHON'
import json

escape = "\x1b[2J\n\x07"
rows = [{"name": f"BM_good{escape}", "iterations": 10, "real_time": 5, "time_unit": "ns", f"count{escape}": 3},
        {"name": "BM_bad", "error_occurred": True, "error_message": f"no{escape}such \u009b2J file"}]
with open("control.google.json", "w", encoding="utf-8") as stream:
    json.dump({"context": {"date": "2024-05-01T12:34:56+00:00", "cpu": f"CPU{escape}", "caches": []}, "benchmarks": rows}, stream)
PYTHON
expect 0 transept import control.google.json -o control.json
valid control.json
! grep -qE '\\u00(1b|0a|07)|\\n' control.json || fail "$what: control characters in the record"
for command in 'show control.json' 'compare control.json control.json'; do
    # shellcheck disable=SC2086 # words
    expect 0 transept $command
    ! LC_ALL=C grep -q '[[:cntrl:]]' out || fail "$what: control characters on the terminal"
    ! grep -qF $'\u009b' out || fail "$what: a control character of two bytes on the terminal"
    out_has 'no?[2J??such ??2J file'
done

# Damage: every cut, one line with the file's name.
size=$(stat -c %s first.google.json)
for ((i = 0; i < 25; ++i)); do
    head -c $((size * i / 25)) first.google.json >cut.json
    refused cut.json transept import cut.json
done
size=$(stat -c %s before.txt)
for ((i = 0; i < 25; ++i)); do
    head -c $((size * i / 25)) before.txt >cut.txt
    [[ -s cut.txt && -z $(tail -c 1 cut.txt) ]] || refused cut.txt: transept import cut.txt # at a line's end nobody can know
done
sed 's/goarch: amd64/&\ngoarch: arm64/' before.txt | sed 's/^goarch: amd64//' >arch.txt
cat before.txt arch.txt >two.txt
refused "goarch is 'arm64' here and 'amd64' above" transept import two.txt
refused "needs no import" transept import "$golden/record/hardware.json"
refused "no benchmark is there" transept import /dev/null
refused "No such file" transept import none.txt
refused "cannot read $work" transept import "$work"
refused "name a file" transept import
refused "one too many" transept import before.txt after.txt
refused "cannot write nowhere/x" transept import before.txt -o nowhere/x
refused "No space left on device" transept import before.txt -o /dev/full
finish
