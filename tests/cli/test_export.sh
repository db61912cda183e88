#!/usr/bin/env bash
# transept export: every format as the golden one, read by the program it is for where that is installed (scripts/deps formats), and slips.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden
cd "$work" || exit 1

# From the command line it is what the library writes (unit/test_record_export makes the golden files).
for record in hardware emulated; do
    for pair in google-benchmark:google.json go:go.txt smaller-is-better:smaller.json bencher:bencher.json junit:junit.xml markdown:md; do
        expect 0 transept export "$golden/record/$record.json" --format "${pair%%:*}"
        cmp -s out "$golden/export/$record.${pair#*:}" || fail "$what: not as in $record.${pair#*:}"
        expect 0 transept export "$golden/record/$record.json" --format "${pair%%:*}" --output "file.${pair#*:}"
        [[ ! -s out ]] || fail "$what: something on stdout"
        cmp -s "file.${pair#*:}" "$golden/export/$record.${pair#*:}" || fail "$what: another file than stdout"
    done
done
[[ $(find . -name 'file.*' | wc -l) == 6 ]] || fail "files were left behind: $(ls)"
expect 0 transept export "$golden/record/hardware.json" --format json
cmp -s out "$golden/record/hardware.json" || fail "$what: the record itself is not what was read"
expect 0 transept export "$golden/record/hardware.json" --format markdown --output /dev/null
[[ -c /dev/null ]] || fail "$what: /dev/null is no device any more"

# What the readers' documentation asks for: the schema that Bencher publishes, and the members that github-action-benchmark takes.
/usr/bin/python3 - "$golden/export" <<'PYTHON' || fail "a format is not what its reader's documentation says"
import json
import math
import pathlib
import sys
import xml.etree.ElementTree as tree

import jsonschema

folder = pathlib.Path(sys.argv[1])
BENCHER = {
    "$schema": "http://json-schema.org/draft-07/schema", "type": "object",
    "patternProperties": {".+": {"type": "object", "patternProperties": {".+": {
        "type": "object", "required": ["value"],
        "properties": {name: {"type": "number"} for name in ("value", "lower_value", "upper_value")}}}}},
}


def refuse(word):
    raise ValueError(f"{word} is not JSON")


def load(name):
    return json.loads((folder / name).read_text(encoding="utf-8"), parse_constant=refuse)


for record in ("hardware", "emulated"):
    bencher = load(f"{record}.bencher.json")
    jsonschema.Draft7Validator(BENCHER).validate(bencher)
    for case, measures in bencher.items():
        assert 0 < len(case) <= 1024
        for measure, metric in measures.items():
            assert 0 < len(measure) <= 64
            assert metric.get("lower_value", -math.inf) <= metric["value"] <= metric.get("upper_value", math.inf)
    custom = load(f"{record}.smaller.json")
    names = [entry["name"] for entry in custom]
    assert len(set(names)) == len(names)
    for entry in custom:
        assert isinstance(entry["value"], (int, float)) and isinstance(entry["unit"], str), entry
        assert all(isinstance(entry[key], str) for key in ("range", "extra") if key in entry), entry
    google = load(f"{record}.google.json")
    assert isinstance(google["context"]["caches"], list) and google["context"]["json_schema_version"] == 1
    for row in google["benchmarks"]:
        assert row["run_type"] == "iteration" and row["time_unit"] == "ns"
        assert all(math.isfinite(row[key]) for key in ("real_time", "cpu_time", "iterations"))
    suites = tree.parse(folder / f"{record}.junit.xml").getroot()
    assert suites.tag == "testsuites"
    for suite in suites:
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests")) > 0
        assert sum(case.find("failure") is not None for case in cases) == int(suite.get("failures"))
        assert sum(case.find("skipped") is not None for case in cases) == int(suite.get("skipped"))
statuses = {case.get("name"): case[0].get("type", case[0].tag) for case in tree.parse(folder / "hardware.junit.xml").iter("testcase")}
assert sorted(statuses.values()).count("system-out") == 3
assert {"failed", "faulted", "timed-out", "skipped"} <= set(statuses.values()), statuses
PYTHON

# google-benchmark's own compare.py: the two runs are told apart, and an emulated one shares no row with hardware's.
compare_py=/usr/share/benchmark/compare.py
if [[ -r $compare_py ]] && /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
    /usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" "$work/made" 2>/dev/null || {
        mkdir -p made
        /usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" "$work/made" || fail "the records could not be made"
    }
    for name in first other emulated; do
        expect 0 transept export "made/$name.json" --format google-benchmark -o "$name.google.json"
    done
    expect 0 /usr/bin/python3 $compare_py --no-color benchmarks first.google.json other.google.json
    grep -Eq '^barrier/fence/seq-cst +\+0\.0[45]' out || fail "$what: a case that became 5 % slower is not told"
    out_has barrier/fence/seq-cst_pvalue
    expect 0 /usr/bin/python3 $compare_py --no-color benchmarks first.google.json emulated.google.json
    out_lacks barrier/fence
else
    skip "compare.py of google-benchmark: scripts/deps formats installs it"
fi
if command -v benchstat >/dev/null; then
    expect 0 benchstat "$golden/export/hardware.go.txt"
    out_has 'Transept/syscall/getppid/raw'
    out_has 'sec/op'
else
    skip "benchstat: it is not installed, and Debian has no package of it"
fi

# `run` writes them beside the record, where `compare` of a folder leaves them alone.
expect 0 transept run --filter syscall/getppid/raw --rounds 3 --time 2ms --output results --format json,google-benchmark,go,smaller-is-better,bencher,junit,markdown
for extension in json google.json go.txt smaller.json bencher.json junit.xml md; do
    [[ -s $(find results -name "latest.$extension") ]] || fail "$what: no latest.$extension"
done
folder=$(dirname "$(find results -type f -name '*.md')")
expect 0 transept compare "$folder" "$folder"
out_lacks "records pooled"

# A reader that goes away is no error, also when it never read.
mkfifo pipe
(exec <pipe) &
transept export "$golden/record/hardware.json" --format json >pipe 2>err
status=$?
what='transept export to a reader that left'
((status == 0)) || fail "$what: exit status $status"
wait

# What is read is never what is written, by whatever name; it stays as it was.
cp "$golden/record/hardware.json" own.json
ln -s own.json link.json
ln own.json hard.json
for name in own.json ./own.json link.json hard.json "$work/own.json"; do
    refused "cannot write $name: it is what is read (own.json)" transept export own.json --format csv -o "$name"
done
cmp -s own.json "$golden/record/hardware.json" || fail "$what: the record was overwritten"
[[ -L link.json && hard.json -ef own.json ]] || fail "$what: a link was replaced"

# Ended while it writes: what it wrote so far is removed. A pipe where that will be keeps it writing until the signal is there.
what='transept export, ended while it writes'
(
    mkfifo "ended.json.$BASHPID"
    exec "${prefix[@]}" "$TRANSEPT" export "$golden/report/x86_64.json" --format json -o ended.json
) 2>err &
pid=$!
until [[ -p ended.json.$pid ]]; do sleep 0.05; done
exec 3<"ended.json.$pid"
read -rn 1 -u 3
kill -TERM $pid
sleep 0.1
cat <&3 >/dev/null
exec 3<&-
wait $pid && status=0 || status=$?
((status == 143)) || fail "$what: exit status $status, wanted 143"
[[ -z $(find . -name 'ended.json*') ]] || fail "$what: left behind: $(find . -name 'ended.json*')"

# One clear line each.
refused "name a record" transept export --format go
refused "name one format" transept export "$golden/record/hardware.json"
refused "name one format" transept export "$golden/record/hardware.json" --format go,junit
refused "no format is called 'xml'" transept export "$golden/record/hardware.json" --format xml
refused "one too many" transept export a.json b.json --format go
refused "No such file" transept export none.json --format go
refused "cannot write nowhere/x" transept export "$golden/record/hardware.json" --format go -o nowhere/x
refused "No space left on device" transept export "$golden/record/hardware.json" --format go -o /dev/full
printf 'BenchmarkA 1 1 ns/op\n' >text
refused "text:1" transept export text --format go
finish
