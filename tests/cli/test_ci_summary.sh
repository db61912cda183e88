#!/usr/bin/env bash
# ci/summary on made results: what it says, in which order, and that it fits where it goes.
# shellcheck disable=SC2016,SC2317 # Markdown has backquotes; expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/ci.sh
. "$here/ci.sh"
native_only

summary() { "$ci/summary" --transept ./transept "$@"; }
expect 0 "$ci/summary" --help
out_has '--limit BYTES'
expect 0 check --update same
expect 0 check --baseline base same # and what it leaves there is what the summary tells
expect 0 summary same
out_has '| **x86\_64** | Some CPU @ 2.90 GHz | quick | measured, counted | 11 | 0 | – | – | – | – | – | pass |'
out_has 'nothing is judged by it'
out_has '<details><summary>all of measured/x86\_64</summary>'
rm -f worse/*/*/gate.txt
expect 0 summary --baseline base worse
out_has '| **2** | 2 | 2 | 3 | 1 | – |'
out_has '- `syscall/getppid/raw`: **faulted**: SIGSEGV at 0x0'
out_has '| `abi/args-int/direct/n=7` instructions | 14 count/op | 15.5 count/op | 1.10714 | exact | **more** |  |'
out_has '1 case of the baseline is not there any more.'
expect 1 check --baseline base worse
expect 0 summary --baseline base --title 'Nightly' worse
out_has '## Nightly'
out_has '| **regression** |'
# Worst first: the record that regressed, and in it what failed, what became worse by how much, and only then the rest.
order=$(grep -nE '^### measured|^- `syscall/getppid/raw`|^\| `abi/args-int/direct/n=7`|^\| `barrier/fence/seq-cst` \| 20|better</summary>|^### counted' out | head -n 6 | cut -d : -f 1)
[[ $(wc -l <<<"$order") == 6 && $order == "$(sort -n <<<"$order")" ]] || fail "$what: not worst first: $order"
grep -m 1 '^### ' out | grep measured >/dev/null || fail "$what: the record that regressed is not the first"
# Emulated times are compared with nothing.
expect 0 summary --baseline base same
sed -n '/^### counted/,/^### measured/p' out >emulated
! grep -qE '^\| `barrier/.*(slower|faster|inconclusive)' emulated || fail "$what: an emulator's time was judged"
expect 0 summary --baseline more/measured same/measured
expect 0 summary --baseline base more
out_has 'Cannot be compared: there is no base/measured/arm64/latest.json'
expect 0 summary --baseline more same
out_has '- `measured/arm64`'
# Where it goes.
expect 0 env GITHUB_STEP_SUMMARY="$work/job" "$ci/summary" --transept ./transept --output told.md same
[[ ! -s out ]] || fail "$what: it went to stdout too"
expect 0 env GITHUB_STEP_SUMMARY="$work/job" "$ci/summary" --transept ./transept --output told.md same
[[ $(wc -c <job) == $((2 * $(wc -c <told.md))) ]] || fail "$what: not appended to the job's summary"
# It fits a comment, however much there is, and says what it leaves out; the worst is still there.
python 'record = json.load(open("made/first.json")); model = record["cases"][0]
for side, factor in (("first", 1), ("other", 1.05)):
    made = [make_records.timed_case(model, f"barrier/many/case/n={n}", make_records.noisy(10 * (factor if n % 3 else 1 / factor) * (2 if (n, side) == (77, "other") else 1), 0.002, 4)) for n in range(450)]
    record["cases"] = made
    make_records.save(record, pathlib.Path(f"made/many-{side}.json"))'
records_at many-base measured/x86_64=many-first counted/arm64=emulated
records_at many measured/x86_64=many-other counted/arm64=emulated
for limit in 65472 4096 1024; do
    expect 0 summary --limit $limit --baseline many-base --output fit.md many
    (($(wc -c <fit.md) <= limit)) || fail "$what: $(wc -c <fit.md) bytes"
    grep -q '^| \*\*x86' fit.md || fail "$what: the record has no row"
    grep -q 'Not all of it fits here' fit.md || fail "$what: what was left out is not told"
    [[ $(grep -c '^<details>' fit.md) == $(grep -c '^</details>' fit.md) ]] || fail "$what: details that do not end"
done
expect 0 summary --baseline many-base --output fit.md many
(($(wc -c <fit.md) > 40000)) || fail "$what: only $(wc -c <fit.md) bytes, and there is room"
grep -m 1 '^| `barrier/many' fit.md | grep 'n=77`' >/dev/null || fail "$what: the worst is not the first"
# Nothing in a record is markup or a mention.
python 'record = json.load(open("made/first.json")); record["machine"]["cpu"]["model"] = "<b>@someone | `x`"; make_records.save(record, pathlib.Path("made/markup.json"))'
records_at markup measured/x86_64=markup
expect 0 summary --output markup.md markup
grep -qF '&lt;b>&#64;someone \| &#96;x&#96;' <(head -n 5 markup.md) || fail "$what: markup of a record is markup in the summary"
refused 'there is no record in empty' summary empty
refused 'nowhere' summary nowhere
refused 'damaged' summary damaged
refused 'there is no baseline nowhere' summary --baseline nowhere same
refused 'is too little' summary --limit 100 same
refused 'required' summary
refused '--limt' summary --limt 100 same
refused 'there is no command nowhere' "$ci/summary" --transept nowhere same
finish
