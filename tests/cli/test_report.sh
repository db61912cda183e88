#!/usr/bin/env bash
# transept report: the page is whole or not there; slips and files that are none are one line. What the page shows is tested by test_report_page.sh.
# Called by name: report().
# shellcheck disable=SC2317
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden
record=$golden/record/hardware.json
cd "$work" || exit 1
printf '<meta name="generator" content="transept report 1"><script type="application/json">@TRANSEPT-REPORT-DATA@</script>\n' >page.html
report() { transept report --template page.html "$@"; }

# data FILE: what the page holds.
data() {
    /usr/bin/python3 -c 'import json, re, sys
text = re.fullmatch(r"<meta[^>]*><script[^>]*>(.*)</script>\n", open(sys.argv[1], encoding="utf-8").read(), re.DOTALL).group(1)
assert not set(text) & set("<>&"), "a sign that could end the element"
print(json.dumps(json.loads(text), indent=1, sort_keys=True))' "$1"
}

# A file, stdout, and the name that is taken where none is given: the same page.
expect 0 report "$record" -o one.html
err_has 'transept report: wrote one.html'
[[ ! -s out ]] || fail "$what: something on stdout"
expect 0 report "$record"
cmp -s one.html report.html || fail "$what: another page than with --output"
expect 0 report "$record" -o -
cmp -s one.html out || fail "$what: another page on stdout"
[[ ! -s err ]] || fail "$what: something on stderr"
data one.html >data.json || fail "$what: no data in the page"
grep -q '"schema": "transept.report/1"' data.json || fail "$what: no schema"
grep -q '"needs ARM64: this is x86_64, \\"dmb ish\\" does not exist"' data.json || fail "$what: no reason of what was skipped"
[[ $(grep -c '"evidence": "measured"' data.json) -ge 2 ]] || fail "$what: no evidence"

# Two records: the verdicts of `transept compare`. One of another ISA's emulator: no ratio of times.
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_report_records.py" . || fail 'no records to report'
expect 0 report "$golden/report/x86_64.json" other.json --trend trend.json -o two.html
data two.html >two.json
expect 0 transept compare "$golden/report/x86_64.json" other.json --metric time --format json
/usr/bin/python3 - two.json out <<'PYTHON' || fail 'the page says something else than transept compare'
import json
import sys

page, compared = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
rows = {row["case"]: row for row in page["differences"][0]["time"]["rows"]}
told = {row["case"]: row for row in compared["comparisons"][0]["rows"] if row["metric"]}
assert len(rows) >= 30 and rows.keys() == told.keys(), (len(rows), rows.keys() ^ told.keys())
for name, row in told.items():
    assert rows[name]["verdict"] == row["verdict"], name
    assert (row["ratio"] is None) == ("ratio" not in rows[name]), name
    if row["ratio"]:
        assert abs(rows[name]["ratio"][0] / row["ratio"]["value"] - 1) < 1e-3, name
assert rows["syscall/getppid/raw"]["verdict"] == "slower"
assert abs(rows["syscall/getppid/raw"]["ratio"][0] - 8.5) < 0.01
assert len(page["trends"]) == 1 and len(page["trends"][0]["points"]) == 12
PYTHON
expect 0 report "$golden/report/x86_64.json" "$golden/report/arm64.json" -o mixed.html
data mixed.html >mixed.json
/usr/bin/python3 - mixed.json <<'PYTHON' || fail 'an emulated time was held against one of hardware'
import json
import sys

page = json.load(open(sys.argv[1], encoding="utf-8"))
rows = page["differences"][0]["time"]["rows"]
assert rows and not any("ratio" in row for row in rows)
counts = page["differences"][0]["counts"]
assert all(row["evidence"] == "counted" for row in counts["rows"])
PYTHON

# Nothing in common is told by the page.
expect 0 report "$record" "$golden/record/emulated.json" -o apart.html
data apart.html >apart.json
grep -q 'nothing to compare' apart.json || fail "$what: the page does not say that nothing can be compared"

# Installed, the page lies beside the command: bin/transept, share/transept.
mkdir -p prefix/bin prefix/share/transept
cp -- "$TRANSEPT" prefix/bin/transept
cp page.html prefix/share/transept/report-template.html
expect 0 "${prefix[@]}" "$work/prefix/bin/transept" report "$record" -o installed.html
cmp -s one.html installed.html || fail "$what: not the page that is installed"

# Nothing that goes into the page is overwritten by it.
cp "$record" own.json
ln -s own.json link.html
refused 'cannot write ./own.json: it is what is read (own.json)' report other.json own.json -o ./own.json
refused 'cannot write link.html: it is what is read (own.json)' report own.json -o link.html
refused 'cannot write trend.json: it is what is read' report own.json --trend trend.json -o trend.json
refused 'cannot write page.html: it is what is read' report own.json -o page.html
cmp -s own.json "$record" || fail "$what: the record was overwritten"
rm link.html

# All or nothing.
rm -f page.part* ./*.html.*
printf 'before' >kept.html
refused 'cannot read' report none.json -o kept.html
refused 'none.json' report none.json -o kept.html
refused 'not a transept record' report page.html -o kept.html
refused 'name a record' report -o kept.html
refused 'no trend' report "$record" --trend "$record" -o kept.html
refused 'transept history trend' report "$record" --trend "$record" -o kept.html
refused 'cannot be read as a trend' report "$record" --trend none.json -o kept.html
refused 'is one too many' report a b c d e f g -o kept.html
refused 'No such file' report "$record" -o "$work/no/such/folder/x.html"
refused 'no template' transept report --template "$record" "$record" -o kept.html
refused 'cannot read the page' transept report --template none.html "$record" -o kept.html
refused "did you mean '--output'" report "$record" --outptu x.html
[[ $(<kept.html) == before ]] || fail 'a page that could not be made has changed what was there'
if [[ -c /dev/full ]]; then
    refused 'No space left' report "$record" -o /dev/full
    expect 2 bash -c '"$@" >/dev/full' - "${prefix[@]}" "$TRANSEPT" report --template page.html "$record" -o -
    err_has 'No space left'
fi
expect 0 report "$record" -o kept.html
cmp -s one.html kept.html || fail "$what: not the page"
[[ -z $(find . -name '*.html.*') ]] || fail "files were left behind: $(ls)"

expect 0 transept report --help
narrow out
(($(wc -l <out) <= 24)) || fail "$what: more than a screen of 24 lines"
out_has 'Examples:'
finish
