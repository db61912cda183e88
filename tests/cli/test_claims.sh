#!/usr/bin/env bash
# transept claims: verdicts on records of known figures, letter by letter; which claims and records are meant; what cannot be read.
# After a wanted change: UPDATE=1 TRANSEPT=… FAULTS=… SOURCE_DIR=. tests/cli/test_claims.sh, and read the difference.
# Checks are called by name.
# shellcheck disable=SC2317
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden/claims
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" "$work" || fail "the records could not be made"
cp "$golden/own.yaml" "$work"
cd "$work" || exit 1

# as NAME: the last output is that golden file.
as() {
    [[ -z ${UPDATE:-} ]] || cp out "$golden/$1"
    diff -u "$golden/$1" out >err || fail "$what: not as in $1"
}

# screen NAME: the same for what people read, whose signs are those of a UTF-8 locale (a foreign libc may not find one).
utf8=$(transept claims C01 "$SOURCE_DIR/results/reference/arm64.counted.json" | grep -c '…')
screen() { if ((utf8 > 0)); then as "$1"; else skip "no UTF-8 locale here: $1"; fi; }

own() { transept claims --file own.yaml "$@"; }

# Every verdict, in every format; records that agree share a line.
expect 0 own first.json arm64.json emulated.json
narrow out
screen table.txt
expect 0 own --format markdown first.json arm64.json emulated.json
as table.md
expect 0 own --format csv first.json arm64.json emulated.json
as table.csv
expect 0 own --format json first.json arm64.json emulated.json
as table.json
/usr/bin/python3 - "$SOURCE_DIR/results/schema/claims-1.json" out <<'PYTHON' || fail "$what: not what its schema says"
import json
import sys

import jsonschema

schema, claims = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(claims)
PYTHON

# One record, single claims with their figures, in three ways of asking; letters of either case.
expect 0 own other.json
narrow out
screen one.txt
expect 0 own t3 T6 first.json arm64.json
narrow out
screen details.txt
expect 0 own --claim T3,T6 first.json arm64.json
screen details.txt
expect 0 own first.json --claim T3 arm64.json T6
screen details.txt

# An emulator's times decide nothing, whichever way the figures lie.
expect 0 own T3 T4 emulated.json
out_has '0 hold, 0 do not hold, 2 not shown here'
out_has 'says nothing of a processor'

# Those that come with the command. Exact counts decide some by themselves.
expect 0 transept claims --format csv "$SOURCE_DIR"/results/reference/arm64.counted.json "$SOURCE_DIR"/results/reference/x86_64.counted.json
for line in 'C01,calls,arm64,.*,holds,' 'C01,calls,x86_64,.*,holds,' 'C07,layout,arm64,.*,does not hold,' 'C08,layout,arm64,.*,does not hold,' \
    'C10,layout,x86_64,.*,does not hold,' 'C21,layout,arm64 ÷ x86_64,.*,holds,' 'C11,the kernel,x86_64,.*,not shown here,exact counts only'; do
    grep -q "^$line" out || fail "$what: no line '$line'"
done
expect 0 transept claims c01 "$SOURCE_DIR"/results/reference/arm64.counted.json
out_has 'abi/args-int/direct/n=9 less'
out_has 'abi/args-int/direct/n=9 (arm64): 1, counted, exact'
ascii() { LC_ALL=C transept "$@"; }
expect 0 ascii claims c01 "$SOURCE_DIR"/results/reference/arm64.counted.json
out_has 'stores, abi/args-int/direct/n=9 less ...n=8: 1 (wanted: above'

# Without a record: the newest of this machine, or what there is to be told.
expect 0 transept claims
narrow out
out_has 'C23  Batched arm64 inserts'
out_has 'transept run --suite claims'
expect 0 transept claims C01
out_has 'Tested: Stores of a call'
out_lacks C02
expect 0 transept claims --format json
out_has '"findings": []'
expect 0 transept run --suite claims --filter 'layout/fields/wide*' --rounds 1 --counters none
expect 0 transept claims C08
out_has '/latest.json: '
out_has 'does not hold'
rm -r results

# One clear line each.
refused "no claim is called 'C99'; there are C01 to C23" transept claims C99 first.json
refused "no claim is called ''" transept claims --claim C01, first.json
refused "no format is called 'xml'" own first.json --format xml
refused "nothing.json" own nothing.json
refused "nothing.yaml" transept claims --file nothing.yaml first.json
refused 'cannot read .' own .
sed 's/at-least: 5/at-lest: 5/' own.yaml >bad.yaml
refused "bad.yaml:16:93: unknown key 'at-lest'; did you mean 'at-least'?" transept claims --file bad.yaml first.json
head -c 700 own.yaml >bad.yaml
refused 'bad.yaml:' transept claims --file bad.yaml first.json
many=()
for i in {1..27}; do many+=(first.json); done
refused 'one too many: 26 records at most' own "${many[@]}"

# Damage: each of these is no record any more, and gives no verdict.
size=$(stat -c %s other.json)
for ((i = 0; i < 10; ++i)); do
    at=$((size * i / 10))
    { head -c "$at" other.json; printf '\x07'; tail -c "+$((at + 2))" other.json; } >damaged.json
    refused damaged.json own damaged.json
    head -c "$at" other.json >damaged.json
    refused damaged.json own first.json damaged.json
done
counts=$SOURCE_DIR/results/reference/s390x.counted.json
sed '0,/"stores": 1,/s//"stores": "some",/' "$counts" >damaged.json
refused damaged.json transept claims damaged.json
sed 's/transept.counts\/1/transept.counts\/2/' "$counts" >damaged.json
refused 'transept.counts/2' transept claims damaged.json
finish
