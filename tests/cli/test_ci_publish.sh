#!/usr/bin/env bash
# ci/publish into repositories made for it, and ci/comment with a stand-in for the service.
# shellcheck disable=SC2016,SC2317 # Markdown has backquotes; expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/ci.sh
. "$here/ci.sh"
native_only

git_here init -q repo
echo source >repo/source
git -C repo add source
git_here -C repo commit -q -m source
git_here init -q --bare remote.git
git -C repo push -q ../remote.git HEAD:refs/heads/main
publish() { "$ci/publish" --transept ./transept --repo repo "$@"; }
page='x86_64/20240501T123456Z-6f1c2d3e00004000.md'
expect 0 "$ci/publish" --help
out_has '--remote REMOTE'
# Without a remote it is a commit on a branch, and nothing leaves.
expect 0 publish same/measured
out_has 'not pushed'
[[ $(git -C repo ls-tree -r --name-only pages) == $'index.md\n'"$page" ]] || fail "$what: not the page and the index: $(git -C repo ls-tree -r --name-only pages)"
git -C repo show "pages:$page" | grep '^| `barrier/fence/seq-cst` | time' >/dev/null || fail "$what: the page has no table"
git -C repo show pages:index.md | grep -Fc "| [2024-05-01 12:34]($page) | Some CPU @ 2.90 GHz, hardware |" >/dev/null || fail "$what: the index lacks the page"
[[ $(git --git-dir remote.git branch --format '%(refname:short)') == main ]] || fail "$what: something was pushed"
first=$(git -C repo rev-parse pages)
expect 0 publish same/measured
out_has 'nothing is new'
[[ $(git -C repo rev-parse pages) == "$first" ]] || fail "$what: a commit for nothing"
# With one it is there, and earlier pages stay; the newest comes first.
python 'record = json.load(open("made/first.json")); record["run"].update(started="2024-06-01T00:00:00Z", id="aaaaaaaa-0000-4000-8000-000000000001"); make_records.save(record, pathlib.Path("made/later.json"))'
records_at later measured/x86_64=later
expect 0 publish --remote ../remote.git same
[[ $(git -C repo rev-parse pages) == "$first" ]] || fail "$what: the local branch moved"
expect 0 publish --remote ../remote.git later/measured/x86_64/latest.json
expect 0 publish --remote ../remote.git later
out_has 'nothing is new'
dates=$(git --git-dir remote.git show pages:index.md | grep -E '^## |^\| \[' | cut -c 1-19)
[[ $dates == $'## arm64\n| [2024-05-01 12:34\n## x86_64\n| [2024-06-01 00:00\n| [2024-05-01 12:34' ]] || fail "$what: the index is $dates"
[[ $(git --git-dir remote.git ls-tree -r --name-only pages | wc -l) == 4 ]] || fail "$what: an earlier page is gone"
git --git-dir remote.git show pages:arm64/20240501T123456Z-6f1c2d3e00004000.md | grep 'Emulated: the times are' >/dev/null || fail "$what: the page does not say emulated"
# A site lies beside the pages, and takes the place of the one before; the index leads to it, and still to no page of the site's own.
mkdir -p pages/first/sub pages/second
echo first | tee pages/first/index.html >pages/first/sub/old.md
echo second >pages/second/index.html
expect 0 publish --branch documented --site pages/first same
expect 0 publish --branch documented --site pages/first same
out_has 'nothing is new'
expect 0 publish --branch documented --site pages/second same
[[ $(git -C repo ls-tree -r --name-only documented site) == site/index.html && $(git -C repo show documented:site/index.html) == second ]] || fail "$what: not the second site"
git -C repo show documented:index.md | grep -qF '[The documentation](site/index.html)' || fail "$what: the index does not lead to the site"
! git -C repo show documented^:index.md | grep -F 'old.md' || fail "$what: the index lists the site's files"
expect 0 publish --branch documented more
git -C repo cat-file -e documented:site/index.html || fail "$what: the site is gone"
refused 'there is no site in empty' publish --site empty same
# A push that is refused once, as when somebody else was faster, is done again; one that always is, is told.
printf '#!/bin/sh\n[ -e "%s" ] || { touch "%s"; exit 1; }\n' "$work/refused" "$work/refused" >remote.git/hooks/pre-receive
chmod +x remote.git/hooks/pre-receive
records_at others measured/x86_64=machine
python 'record = json.load(open("made/first.json")); record["run"].update(started="2024-07-01T00:00:00Z"); make_records.save(record, pathlib.Path("others/measured/x86_64/latest.json"))'
expect 0 publish --remote ../remote.git others
[[ -e refused ]] || fail "$what: the push was not refused"
printf '#!/bin/sh\nexit 1\n' >remote.git/hooks/pre-receive
python 'record = json.load(open("made/first.json")); record["run"].update(started="2024-08-01T00:00:00Z"); make_records.save(record, pathlib.Path("others/measured/x86_64/latest.json"))'
refused 'cannot push to ../remote.git' publish --remote ../remote.git others
[[ $(git -C repo worktree list | wc -l) == 1 && -z $(git -C repo status --porcelain) ]] || fail "$what: something stayed behind"
git -C repo branch taken
refused 'taken holds something else' publish --branch taken same
refused 'main is checked out in repo' publish --branch main same
refused "'a..b' is no name for a branch" publish --branch a..b same
refused 'cannot ask ../nowhere.git' publish --remote ../nowhere.git same
refused 'there is no record in empty' publish empty
refused 'there is no record nowhere' publish nowhere
refused 'damaged' publish damaged
refused 'name records' publish
refused 'is no git repository' "$ci/publish" --transept ./transept --repo empty same
refused '--branch needs a value' publish same --branch
refused 'unknown option --remot' publish --remot x same

# --- ci/comment ------------------------------------------------------------------------------------------------------------------------
# The hosted service's command is played by a stand-in, which notes what it was asked and keeps the comment.
"$ci/summary" --transept ./transept --output told.md same || fail "there is nothing to post"
mkdir bin
cat >bin/gh <<'GH'
#!/bin/bash
printf '%s\n' "$*" >>"$0.log"
case "$*" in
    *--paginate*) cat "$0.id" 2>/dev/null || true ;;
    *) for word; do [[ $word != body=@* ]] || cp "${word#body=@}" "$0.body"; done ;;
esac
GH
chmod +x bin/gh
comment() { PATH=$work/bin:$PATH "$ci/comment" "$@"; }
expect 0 "$ci/comment" --help
expect 0 comment --repo owner/name --number 7 told.md
grep -q -- '--method POST repos/owner/name/issues/7/comments' bin/gh.log || fail "$what: no comment was posted"
cmp -s <(tail -n +2 bin/gh.body) told.md || fail "$what: another text was posted"
echo 42 >bin/gh.id
expect 0 comment --repo owner/name --number 7 told.md
grep -q -- '--method PATCH repos/owner/name/issues/comments/42' bin/gh.log || fail "$what: the earlier comment was not changed"
head -c 65472 /dev/zero | tr '\0' x >longest.md # of what ci/summary writes
expect 0 comment --repo owner/name --number 7 longest.md
head -c 65536 /dev/zero | tr '\0' x >long.md
refused 'more than a comment takes' comment --repo owner/name --number 7 long.md
refused 'nothing to post' comment --repo owner/name --number 7 nowhere
refused 'is not OWNER/NAME' comment --number 7 told.md
refused 'is no number' comment --repo owner/name told.md
printf '#!/bin/bash\nexit 1\n' >bin/gh
expect 2 comment --repo owner/name --number 7 told.md
finish
