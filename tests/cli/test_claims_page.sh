#!/usr/bin/env bash
# docs/claims.md says what the counts of results/reference/claims/ say, those are this build's, and what is wrong is noticed.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
claims=$SOURCE_DIR/scripts/claims
page=$SOURCE_DIR/docs/claims.md
reference=$SOURCE_DIR/results/reference/claims

# On hardware: the page is the same whatever wrote it.
if [[ ${#prefix[@]} -le 1 ]]; then
    expect 0 "$claims" --check "$TRANSEPT"
    sed '/counted: begin/,/counted: end/s/does not hold/holds/' "$page" >"$work/page.md"
    expect 1 "$claims" --check --page "$work/page.md" "$TRANSEPT"
    err_has 'is out of date'
    expect 0 "$claims" --page "$work/page.md" "$TRANSEPT"
    cmp -s "$page" "$work/page.md" || fail "$what: not the page that is kept"

    # With a record the part that was measured is written, and only that.
    (cd "$work" && transept run --suite claims --filter 'layout/fields,alloc/pool' --rounds 3 --time 1ms --counters none --output "$work/r") >"$work/out" 2>&1 ||
        fail 'a record could not be made'
    records=("$work"/r/*/latest.json)
    expect 0 "$claims" --page "$work/page.md" "$TRANSEPT" "${records[0]}"
    for part in counted measured; do
        sed -n "/^<!-- $part: begin/,/^<!-- $part: end/p" "$work/page.md" >"$work/$part"
    done
    grep -q '^### C17: ' "$work/measured" || fail "$what: C17 is not in the part that was measured"
    sed -n '/^<!-- counted: begin/,/^<!-- counted: end/p' "$page" | cmp -s - "$work/counted" || fail "$what: the part that was counted is another"
    grep -v 'measured: end' "$page" >"$work/page.md"
    expect 2 "$claims" --page "$work/page.md" "$TRANSEPT" "${records[0]}"
    err_has 'no marks for the part measured'
    expect 2 "$claims"
    err_has usage
    expect 2 "$claims" --page "$work/none.md" "$TRANSEPT"
    err_has 'there is no page'
fi

# Counted anew, on this instruction set.
# shellcheck source=tests/cli/emulated.sh
. "$here/emulated.sh"
filter='abi,layout/fields,layout/object'
expect 0 emulate --counts by=block "$arch" "$TRANSEPT" run --count --counters none --suite claims --rounds 1 --filter "$filter" --output "$work/c"
records=("$work"/c/*/latest.json)
status=0
what='transept gate --exact'
transept gate --exact --reference "$reference" --filter "$filter" "${records[0]}" >"$work/out" 2>"$work/err" || status=$?
if ((status == 2)) && grep -q "than the reference's" "$work/err"; then
    skip "another toolchain than that of the reference: $(cat "$work/err")"
elif ((status != 0)); then
    fail "results/reference/claims is not what this build counts: make claims-counts"
fi
# The claims that they decide are the same from this record as from the reference.
name=${records[0]%/latest.json}
name=${name##*/}
verdicts() { transept claims --format csv --claim C01,C02,C07,C08 "$1" | sed -nE 's/^([^,]*),([^,]*),([^,]*),[^,]*,[^,]*,(holds|does not hold|not shown here),.*/\1 \3 \4/p' | sort -u; }
verdicts "$reference/$name.counted.json" >"$work/kept"
verdicts "${records[0]}" >"$work/now"
[[ -s $work/kept ]] || fail 'the reference gives no verdicts'
diff -u "$work/kept" "$work/now" || fail 'other verdicts than those of the reference'
finish
