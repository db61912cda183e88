#!/usr/bin/env bash
# transept compare: verdicts on records of known figures, letter by letter; what must not be compared; what is no record.
# After a wanted change: UPDATE=1 TRANSEPT=… FAULTS=… SOURCE_DIR=. tests/cli/test_compare.sh, and read the difference.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden/compare
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" "$work" || fail "the records could not be made"
cd "$work" || exit 1

# as NAME: the last output is that golden file.
as() {
    [[ -z ${UPDATE:-} ]] || cp out "$golden/$1"
    diff -u "$golden/$1" out >err || fail "$what: not as in $1"
}

# Every verdict, in every format.
expect 0 transept compare first.json other.json
narrow out
as table.txt
expect 0 transept compare first.json other.json --format markdown
as table.md
expect 0 transept compare first.json other.json --format csv
as table.csv
expect 0 transept compare first.json other.json --format json
as table.json
/usr/bin/python3 - "$SOURCE_DIR/results/schema/comparison-1.json" out <<'PYTHON' || fail "$what: not what its schema says"
import json
import sys

import jsonschema

schema, comparison = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(comparison)
PYTHON
expect 0 transept compare first.json other.json --format junit
as table.xml
/usr/bin/python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' out || fail "$what: not XML"

# What is asked decides: the threshold, the figure, the cases.
expect 0 transept compare first.json other.json -f 'barrier/fence/*' --threshold 6%
out_lacks slower
out_lacks faster
expect 0 transept compare first.json other.json -f 'barrier/fence/*' --threshold 0.049
out_has "0 worse, 0 better, 0 the same, 2 inconclusive" # 1.05, and the interval reaches down to 1.048
expect 0 transept compare first.json other.json -f barrier --metric time:p95
out_has "Metric time, p95 of each round"
out_has "21.0 ns"
expect 0 transept compare first.json other.json --metric instructions
out_has "B: 1 worse, 1 better, 1 the same, 1 inconclusive"

# A record against itself is the same, whatever it holds; three records have a column each.
expect 0 transept compare first.json first.json
out_has "B: 0 worse, 0 better"
expect 0 transept compare first.json other.json first.json
narrow out
as three.txt

# Pooled: the links of a folder are not read twice; a pattern is.
expect 0 transept compare pool first.json
out_has "3 records pooled by rounds"
expect 0 transept compare 'pool/[01].json' first.json
out_has "2 records pooled by rounds"
expect 0 transept compare 'pool/*.json' first.json
out_has "3 records pooled by rounds" # and not the link beside them
mkdir link
ln -s ../pool/1.json link/latest.json
expect 0 transept compare 'link/*.json' first.json # a link that stands alone is its record
out_lacks "pooled"
cp pool/0.json pool/copy.json
refused "pool/copy.json: cannot be pooled with pool/0.json: both are of the run 0" transept compare pool first.json
refused "rounds would count twice" transept compare 'pool/*.json' first.json
rm pool/copy.json
cp compiler.json pool/3.json
refused "pool/3.json: cannot be pooled with pool/0.json: compiler is" transept compare pool first.json

# Verdicts across a difference only where it is the question.
for across in compiler machine page; do
    expect 0 transept compare first.json $across.json -f barrier
    out_has "--across $across"
    out_has "0 the same"
    expect 0 transept compare first.json $across.json -f barrier --across $across
    out_lacks "No verdicts"
    out_has "4 the same"
done
expect 0 transept compare first.json arm64.json -f barrier
out_has "Question: arm64 ÷ x86_64"
out_has "4 the same"

# From nothing to something is worse, and has no ratio; a fact is neither better nor worse; the fair share is better the more it is.
expect 0 transept compare kinds-a.json kinds-b.json
narrow out
as kinds.txt
for format in markdown csv json junit; do
    expect 0 transept compare kinds-a.json kinds-b.json --format $format
    as kinds.$format
done
expect 0 transept compare kinds-a.json kinds-b.json kinds-a.json
out_has "0→5 more"
out_has "2.000 differs"
expect 0 transept compare kinds-a.json kinds-b.json --metric fairness
out_has "fewer"
out_has "B: 1 worse"

# Counts are compared where times cannot be.
for pair in "timed counted more" "counted timed fewer" "timed emulated more" "emulated counted fewer"; do
    read -r first other verdict <<<"$pair"
    expect 0 transept compare "mixed-$first.json" "mixed-$other.json"
    grep -Eq "^ +1[234] +1[234] +[01]\\.[0-9]+ +$verdict\$" out || fail "$what: no count says $verdict"
    out_lacks "is not in the"
done
expect 0 transept compare mixed-timed.json mixed-emulated.json
out_has "measured there, emulated here: never compared"
expect 0 transept compare mixed-timed.json mixed-timed.json
out_lacks instructions # the time will do

# What is gone, and what ended badly, has a name.
expect 0 transept compare whole.json gone.json
narrow out
as gone.txt
expect 0 transept compare whole.json gone.json --format csv
[[ $(grep -c ',not in the other' out) == 10 ]] || fail "$what: not ten that are gone"
[[ $(grep -c ',faulted in the other: ' out) == 5 ]] || fail "$what: not five that faulted"
expect 0 transept compare whole.json gone.json --format junit
out_has '<testsuite name="only in whole.json" tests="10" failures="0" skipped="10">'
[[ $(grep -c '<failure message="faulted in the other' out) == 5 ]] || fail "$what: not five failures"
expect 0 transept compare whole.json gone.json --format json
out_has '"syscall/read/raw/n=14", "syscall/read/raw/n=15"'
expect 0 transept compare whole.json gone.json --format markdown
# shellcheck disable=SC2016 # these are no expressions
out_has 'faulted in the other: &lt;b&gt;at&lt;/b&gt; \`0x0\`\|\*'
# shellcheck disable=SC2016
out_has '`syscall/read/raw/n=11` and 4 more'
# What the second side lacks and the third has is in the table all the same.
expect 0 transept compare whole.json gone.json whole.json
out_has "  read/raw/n=15           90.0 ns             —    1.000 same"
[[ $(grep -c '^  read/raw/n=1 ' out) == 1 ]] || fail "$what: a case has two rows"
expect 0 transept compare gone.json gone.json whole.json
[[ $(grep -c '^  read/raw/n=1 ' out) == 1 ]] || fail "$what: a case has two rows"
expect 0 transept compare first.json first.json --threshold 0
out_lacks "same±0%"
out_has "same±"

# An emulator's time never meets hardware's; its counts do.
expect 0 transept compare first.json emulated.json
out_has "measured there, emulated here: never compared"
out_has "4 the same"
out_lacks "ns   1.000"

# One clear line each.
refused "name two records" transept compare first.json
refused "one too many" transept compare first.json first.json first.json first.json first.json first.json
refused "no share" transept compare first.json other.json --threshold 2x
refused "no share" transept compare first.json other.json --threshold nan
refused "no format is called 'xml'" transept compare first.json other.json --format xml
refused "'isa' is nothing to compare across" transept compare first.json other.json --across machine,isa
refused "nothing to compare: no case of first.json matches the filter 'epoll/*'" transept compare first.json other.json -f 'epoll/*'
refused "no case of other.json matches the filter 'syscall/poll'" transept compare first.json other.json -f syscall/poll
refused "nothing to compare" transept compare first.json other.json --metric l1d_misses
refused "cannot read nothing.json" transept compare first.json nothing.json
refused "no record is there" transept compare first.json 'none*.json'
mkdir empty
refused "no record is there" transept compare empty first.json

# Damage: each of these is no record any more, and gives no verdict.
size=$(stat -c %s other.json)
for ((i = 0; i < 40; ++i)); do
    at=$((size * i / 40))
    { head -c "$at" other.json; printf '\x07'; tail -c "+$((at + 2))" other.json; } >damaged.json
    refused damaged.json transept compare first.json damaged.json
    head -c "$at" other.json >damaged.json
    refused damaged.json transept compare first.json damaged.json
done
sed 's/transept.run\/1/transept.run\/2/' other.json >damaged.json
refused "use the transept that wrote it" transept compare first.json damaged.json
sed '0,/"value": 12[,.]/s//"value": NaN,/' other.json >damaged.json
refused "damaged.json:" transept compare first.json damaged.json
finish
