#!/usr/bin/env bash
# What exact counts must show on this build's instruction set: tests/tools/invariants.txt, a line each. Every family is run once.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
tools=$SOURCE_DIR/tests/tools

expect 0 python3 "$tools/test_invariants.py"
# shellcheck source=tests/cli/emulated.sh
. "$here/emulated.sh"
name=$("$SOURCE_DIR/scripts/arch" "$arch" | cut -d ' ' -f 1)

expect 0 python3 "$tools/invariants.py" plan "$tools/invariants.txt" "$name"
cp "$work/out" "$work/plan"
records=()
while read -r family options cases; do
    expect 0 emulate --counts "$options" "$arch" "$TRANSEPT" run --count --counters none --suite thorough --rounds 1 \
        --filter "$cases" --output "$work/$family"
    records+=("$work/$family/$name/latest.json")
done <"$work/plan"
((${#records[@]} > 0)) || fail 'the table has nothing for this instruction set'

expect 0 python3 "$tools/invariants.py" check "$tools/invariants.txt" "$name" "${records[@]}"
cat "$work/out"
finish
