#!/usr/bin/env bash
# The hosted workflows call scripts that are there with options that they take, with no more rights than they need; and lint finds mistakes.
# shellcheck disable=SC2016,SC2317 # Markdown has backquotes; expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/ci.sh
. "$here/ci.sh"
native_only

expect 0 /usr/bin/python3 "$tools/test_workflows.py" "$SOURCE_DIR"
# What it is there to find, it finds.
mkdir -p mistaken/.github
cp -R "$SOURCE_DIR/ci" "$SOURCE_DIR/scripts" "$SOURCE_DIR/Makefile" mistaken/
while IFS='|' read -r from to found; do
    rm -rf mistaken/.github/workflows
    cp -R "$SOURCE_DIR/.github/workflows" mistaken/.github/
    sed -i "s|$from|$to|" mistaken/.github/workflows/measure.yml
    expect 1 /usr/bin/python3 "$tools/test_workflows.py" mistaken
    out_has "$found"
done <<'MISTAKES'
ci/check --baseline|ci/chek --baseline|ci/chek is no script of ours
ci/check --baseline|ci/check --basis|ci/check takes no --basis
make build|make biuld|make has no target
actions/upload-artifact@v4|someone/upload@v4|is not actions/
timeout-minutes: 20|name: x|no timeout-minutes
permissions: {}|permissions: write-all|rights are given by job
--repo "$GITHUB_REPOSITORY"|--repo ${{ github.event.pull_request.title }}|open to injection
arch: .x86_64, arm64,|arch: [x86_64,|counts
MISTAKES

# The linter, where scripts/deps lint has installed it.
if [[ ! -e $SOURCE_DIR/sysroots/lint/installed.json ]]; then
    skip 'the workflow linter: scripts/deps lint has not installed it'
else
    refused 'usage: scripts/lint-workflows FILE...' "$SOURCE_DIR/scripts/lint-workflows"
    expect 0 "$SOURCE_DIR/scripts/lint-workflows" "$SOURCE_DIR"/.github/workflows/*.yml
    sed 's/matrix\.arch/matrix.ach/; s/^    needs:.*/    needs: [nobody]/' "$SOURCE_DIR/.github/workflows/measure.yml" >mistaken.yml
    expect 1 "$SOURCE_DIR/scripts/lint-workflows" mistaken.yml
    out_has 'mistaken.yml:'
    out_has 'property "ach" is not defined'
    out_has 'nobody'
    refused 'no such file' "$SOURCE_DIR/scripts/lint-workflows" nowhere.yml
fi
finish
