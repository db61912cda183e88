#!/usr/bin/env bash
# transept man: pages that mandoc, groff and man read without a complaint, and what `cmake --install` puts where. UPDATE=1 makes the golden page
# anew.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
golden=$SOURCE_DIR/tests/golden/man
cd "$work" || exit 1

for tool in mandoc groff man; do
    command -v $tool >/dev/null || { printf 'FAILED %s is not installed: scripts/deps tests\n' $tool; exit 1; }
done

expect 0 transept
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' out)
(($(wc -w <<<"$commands") >= 16)) || fail "$what: lists hardly a command"

expect 0 transept man --output pages/man1
[[ ! -s out ]] || fail "$what: something on stdout"
for command in '' $commands; do
    page=pages/man1/transept${command:+-$command}.1
    [[ -s $page ]] || { fail "$what: no $page"; continue; }
    # shellcheck disable=SC2086 # no word where there is no command
    expect 0 transept man $command
    cmp -s out "$page" || fail "$what: not what $page has"
done
(($(find pages -type f | wc -l) == $(wc -w <<<"$commands") + 1)) || fail "$what: pages of what is no command"

# A version without a date, as of an archive, would be a complaint of mandoc's and no fault of the page.
for page in pages/man1/*.1; do
    sed -i '2s/ 1 "[^"]*" / 1 "2026-01-01" /' "$page"
    expect 0 mandoc -Tlint "$page"
    [[ ! -s out ]] || fail "$what: a complaint"
    expect 0 groff -ww -man -Tutf8 "$page"
    [[ ! -s err ]] || fail "$what: a complaint"
    MANWIDTH=80 expect 0 man --warnings -l "$page"
    [[ ! -s err ]] || fail "$what: a complaint"
    sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g' out >plain
    ! grep -q '[\\]' plain || fail "$what: a letter that was meant for roff"
    for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES 'EXIT STATUS' ENVIRONMENT 'SEE ALSO'; do
        grep -qx "$section" plain || fail "$what: no section $section"
    done
done

# What stands in a page can be pasted.
MANWIDTH=100 expect 0 man -l pages/man1/transept-run.1
out_has "transept run -f '/args=[06]\$/' -r 10 -t 200ms"
MANWIDTH=100 expect 0 man -l pages/man1/transept-compare.1
out_has 'other ÷ first'

expect 0 transept man export
sed '2s/ "[^"]*" "[^"]*"/ "DATE" "VERSION"/' out >export.1
[[ -z ${UPDATE:-} ]] || cp export.1 "$golden/transept-export.1"
diff -u "$golden/transept-export.1" export.1 >err || fail "$what: not as in the golden file (UPDATE=1 makes it anew)"

refused "Did you mean 'export'" transept man exprot
refused "no command is called 'complete'" transept man complete
refused 'one too many' transept man run list
refused 'leave out' transept man run --output pages
touch file
refused 'cannot write' transept man --output file/man1

# Installed, pages and completion lie where man and the shells look.
expect 0 cmake --install "${BUILD_DIR:?}" --prefix "$work/prefix"
for file in man/man1/transept.1 man/man1/transept-run.1 man/man1/transept-gate.1 bash-completion/completions/transept \
    zsh/site-functions/_transept fish/vendor_completions.d/transept.fish; do
    [[ -s prefix/share/$file ]] || fail "$what: no share/$file"
done
expect 0 transept completion bash
cmp -s out prefix/share/bash-completion/completions/transept || fail "$what: another one is installed"
MANWIDTH=80 expect 0 man -M prefix/share/man -w transept-run
out_has transept-run.1
finish
