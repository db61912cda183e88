#!/usr/bin/env bash
# results/reference/atomics.md is what this build's C11 atomics compile to: counted anew on this instruction set, written anew, compared.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
atomics=$SOURCE_DIR/scripts/atomics
page=$SOURCE_DIR/results/reference/atomics.md

expect 2 "$atomics"
err_has usage
expect 2 "$atomics" "$work/none.json"
err_has "none.json"

# shellcheck source=tests/cli/emulated.sh
. "$here/emulated.sh"
name=$("$SOURCE_DIR/scripts/arch" "$arch" | cut -d ' ' -f 1)
# Not from the cache: a toolchain file's compiler is not in it.
compiler=$(sed -n 's/^set(CMAKE_C_COMPILER "\(.*\)")$/\1/p' "$BUILD_DIR"/CMakeFiles/*/CMakeCCompiler.cmake | head -n 1)
"$compiler" --version >/dev/null 2>&1 || fail "the compiler of this build is not found: '$compiler'"

# section FILE: the part of the page that is about this instruction set.
section() { awk -v head="## $name" '/^## /{ on = ($0 == head) } on' "$1" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

[[ -s $page ]] || fail "there is no $page: make atomics"
section "$page" >"$work/kept"
made=$(sed -n 's/^GCC \([0-9.]*\),.*/\1/p' "$work/kept")
[[ -n $made ]] || fail "the page has no section '## $name': make atomics"
if [[ $("$compiler" -dumpfullversion 2>/dev/null) != "$made" || $("$compiler" --version) == *clang* ]]; then
    skip "the page is of GCC $made, this build of another compiler"
    finish
fi

expect 0 emulate --counts by=block "$arch" "$TRANSEPT" run --count --counters none --suite thorough --rounds 1 --output "$work/r" \
    --filter 'barrier/fence/*/pending=0,barrier/load,barrier/store,barrier/rmw-add,barrier/rmw-cas,barrier/rmw-swap'
record=$work/r/$name/latest.json
expect 0 "$atomics" --compiler "$name=$compiler" "$record"
section "$work/out" >"$work/now"
diff -u "$work/kept" "$work/now" >"$work/difference" || {
    cat "$work/difference"
    fail "results/reference/atomics.md is not what this build compiles to (-: the page, +: now): make atomics"
}
[[ $(grep -c '^|' "$work/now") -ge 33 ]] || fail 'the section is not complete'

# A record that was not counted, or lacks a case, is no page.
expect 2 "$atomics" --compiler "$name=/nonexistent/gcc" "$record"
err_has '/nonexistent/gcc'
sed 's/"evidence": *"counted"/"evidence": "emulated"/' "$record" >"$work/timed.json"
expect 2 "$atomics" --compiler "$name=$compiler" "$work/timed.json"
err_has 'no exact count'
sed 's#barrier/rmw-swap/seq-cst#barrier/rmw-swap/other#' "$record" >"$work/lacking.json"
expect 2 "$atomics" --compiler "$name=$compiler" "$work/lacking.json"
err_has 'is not in the record'
finish
