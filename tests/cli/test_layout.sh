#!/usr/bin/env bash
# results/reference/layout.md says how structs are laid out on this build's instruction set, and its check notices when it does not.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
layout=$SOURCE_DIR/scripts/layout
page=$SOURCE_DIR/results/reference/layout.md

expect 0 transept run --suite thorough --rounds 1 --filter layout/fields --output "$work/r"
records=("$work"/r/*/latest.json)
expect 0 "$layout" --check "$page" "${records[0]}"

# section NAME: of the page, that struct's.
section() { awk -v head="## $1" '/^## / { on = ($0 == head) } on' "$page"; }

# What is wrong in the page is named: an offset, a struct that it lacks, one that is no more.
sed '/^## wide-first/,/^## small/s/^| offset of u32 .*/| offset of u32 | 8 | 8 | 8 | 8 | 8 | 8 |/' "$page" >"$work/page"
expect 1 "$layout" --check "$work/page" "${records[0]}"
err_has 'wide-first: offset:u32 is 16'
[[ $(wc -l <"$work/err") == 2 ]] || fail "$what: more than the one difference"
awk '/^## / { off = ($0 == "## small") } !off' "$page" >"$work/page"
expect 1 "$layout" --check "$work/page" "${records[0]}"
err_has 'small: size is 12'
{ cat "$page"; section small | sed 's/^## small/## gone/'; } >"$work/page"
expect 1 "$layout" --check "$work/page" "${records[0]}"
err_has 'gone: size is not there'

expect 2 "$layout"
err_has 'usage:'
expect 1 "$layout" "${records[0]}"
err_has 'there is no record of'
expect 1 "$layout" --check "$work/none.md" "${records[0]}"
err_has 'make layout'
echo '{"machine": {}}' >"$work/other.json"
expect 1 "$layout" "$work/other.json"
err_has 'this is no record'
finish
