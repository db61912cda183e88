#!/usr/bin/env bash
# scripts/docs: tables that are part of the checkout are up to date, every kernel has its section, the site builds offline, a broken link fails it.
# Checks are called by name; Markdown has backquotes.
# shellcheck disable=SC2016,SC2317
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
[[ -z ${EMULATOR:-} && -z ${SANITIZE:-} ]] || { echo 'SKIPPED what it tests does not depend on the build'; exit 77; }
export PYTHONDONTWRITEBYTECODE=1
SOURCE_DIR=$(cd "$SOURCE_DIR" && pwd)
docs() { /usr/bin/python3 "$SOURCE_DIR/scripts/docs" --transept "$TRANSEPT" "$@"; }

expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/test_docs.py"

# --- what is made and kept ---------------------------------------------------------------------------------------------------------------
expect 0 docs --check

# A checkout of its own, to damage.
copy=$work/copy
mkdir -p "$copy/results"
cp -R "$SOURCE_DIR/docs" "$SOURCE_DIR/README.md" "$copy/"
cp -R "$SOURCE_DIR/results/reference" "$copy/results/"
for entry in "$SOURCE_DIR"/*; do
    case ${entry##*/} in docs | README.md | results | build | sysroots) ;; *) ln -s "$entry" "$copy/" ;; esac
done
ln -s "$SOURCE_DIR/results/schema" "$copy/results/"
of_copy() { docs --root "$copy" "$@"; }
expect 0 of_copy --check

# A count that moved, a page that was edited, one that is gone, one of a family that is no more: each is named, and --tables mends it.
sed -i '0,/"syscall\/getppid\/raw": {"status": "ok", "counts": {"instructions": [0-9]*/s//"syscall\/getppid\/raw": {"status": "ok", "counts": {"instructions": 77/' \
    "$copy/results/reference/s390x.counted.json"
echo edited >>"$copy/results/reference/insert.md"
rm "$copy/results/reference/README.md"
echo old >"$copy/results/reference/counts/gone.md"
sed -i 's/^| \[syscall\/getppid\].*/| changed |/' "$copy/docs/kernels/README.md"
expect 1 of_copy --check
for name in results/reference/counts/syscall.md results/reference/insert.md results/reference/README.md results/reference/counts/gone.md docs/kernels/README.md; do
    err_has "$name is not up to date: make docs writes it anew"
done
[[ $(wc -l <"$work/err") == 5 ]] || fail "$what: not the five pages"
expect 0 of_copy --tables
out_has 'removed results/reference/counts/gone.md'
expect 0 of_copy --check
grep -q '^| `raw` | .* | 77 |' "$copy/results/reference/counts/syscall.md" || fail "the table lacks the count that moved"
rm -rf "$copy/results/reference"
cp -R "$SOURCE_DIR/results/reference" "$copy/results/"
expect 0 of_copy --tables

# A kernel without a section, and a section without a kernel.
sed -i 's/^## barrier\/litmus$/## Litmus tests/; s/^## barrier\/spin$/&, spun/' "$copy/docs/kernels/barrier.md"
expect 1 of_copy --check
err_has 'kernel barrier/litmus has no section in docs/kernels/barrier.md: begin one with `## barrier/litmus`'
err_has 'docs/kernels/barrier.md has a section barrier/spun, and there is no such kernel'
cp "$SOURCE_DIR/docs/kernels/barrier.md" "$copy/docs/kernels/"

# --- the site ------------------------------------------------------------------------------------------------------------------------------
if ! command -v mkdocs >/dev/null; then
    skip 'the site: there is no mkdocs (scripts/deps docs installs it)'
    finish
fi
# Without a network, where the system lets one take it away.
offline=()
! unshare -rn true 2>/dev/null || offline=(unshare -rn)
/usr/bin/python3 "$here/../tools/docs_records.py" "$work"
expect 0 "${offline[@]}" /usr/bin/python3 "$SOURCE_DIR/scripts/docs" --transept "$TRANSEPT" --output "$work/made" --records "$work/x86.json" "$work/arm.json"
site=$work/made/site
for page in index.html kernels/insert.html kernels/abi/args-int.html reference/insert.html records/x86.html records/comparison.html troubleshooting.html \
    source/harness/include/transept/kernel.h.html; do
    [[ -s $site/$page ]] || fail "the site lacks $page"
done
# What is shown is there: a count as the reference has it, a verdict, the text of a kernel's section on its own page.
grep -q 'Instructions an op' "$site/kernels/abi/args-int.html" || fail 'a page of a kernel has no counts'
grep -q 'slower' "$site/records/comparison.html" || fail 'the comparison has no verdict'
grep -q 'The ways into a function' "$site/kernels/abi/call.html" || fail "a page of a kernel lacks its section's text"
# Nothing is fetched from elsewhere, by the checker and by a plain search.
! grep -rlE '(src|href)="(https?:)?//[^"]*\.(js|css|woff2?|png|svg|ico)"|fonts\.g|unpkg|jsdelivr|cdnjs' "$site" >"$work/out" || fail 'something is fetched from elsewhere'

# The checker: each kind of mistake is found on its own.
links() { docs --links "$site"; }
expect 0 links
damaged() { # PAGE HTML TEXT: with this in the page, the checker says the text
    cp "$site/$1" "$work/kept"
    printf '%s\n' "$2" >>"$site/$1"
    expect 1 links
    err_has "$3"
    cp "$work/kept" "$site/$1"
}
damaged index.html '<a href="guide/nowhere.html">x</a>' 'guide/nowhere.html leads nowhere'
damaged index.html '<a href="kernels/abi.html#nothing">x</a>' 'kernels/abi.html#nothing leads to a page without that anchor'
damaged guide/reading.html '<img src="picture.png">' 'picture.png leads nowhere'
damaged index.html '<script src="https://example.org/x.js"></script>' 'fetches https://example.org/x.js'
damaged style.css 'p { background: url(//example.org/x.png) }' 'fetches //example.org/x.png'
damaged style.css '@import "https://example.org/x.css";' 'fetches https://example.org/x.css'

# A record that is none, and a command that is not there, are told in one line.
echo '{}' >"$work/none.json"
expect 1 of_copy --output "$work/again" --records "$work/none.json"
err_has 'none.json'
expect 1 of_copy --output "$work/again" --transept "$work/nowhere"
err_has 'nowhere'
[[ $(wc -l <"$work/err") == 1 ]] || fail "$what: not one line"

# In the sources: a link to nothing, an anchor that is none, a page of the navigation that is gone. Each fails the site.
broken() { # TEXT APPENDED-TO-A-PAGE
    printf '\n%s\n' "$2" >>"$copy/docs/formats.md"
    expect 1 of_copy --output "$work/again"
    err_has "$1"
    cp "$SOURCE_DIR/docs/formats.md" "$copy/docs/"
}
broken 'docs/formats.md: a link leads to ../bench/none.c, which is not there' '[x](../bench/none.c)'
broken 'without that anchor' '[x](ci.md#no-such-anchor)'
rm "$copy/docs/guide/first-run.md"
expect 1 of_copy --output "$work/again"
err_has 'first-run.md'
finish
