# What the tests of ci/ share; sourced after lib.sh. Leaves the test in $work, with made records (made/) and results folders of them:
# base, same (nothing changed), worse (times that regressed), more (a record more), damaged and empty; and the command as a program, ./transept.
# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh's and the tests'
export PYTHONDONTWRITEBYTECODE=1
unset GITHUB_STEP_SUMMARY "${!GIT_@}"
ci=$SOURCE_DIR/ci
tools=$SOURCE_DIR/tests/tools
cd "$work" || exit 1

# native_only: the scripts do not depend on the instruction set nor on sanitizers, and are tried once.
native_only() {
    [[ -z ${EMULATOR:-} && -z ${SANITIZE:-} ]] || { echo 'SKIPPED what it tests does not depend on the build'; exit 77; }
}

# git without what this user has configured, and with somebody to commit as.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git_here() { git -c user.name=test -c user.email=test@localhost -c init.defaultBranch=main -c commit.gpgsign=false "$@"; }

# The command as a program, whatever runs it.
printf '#!/bin/bash\nexec %s "$@"\n' "$(printf '%q ' "${prefix[@]}" "$TRANSEPT")" >transept
chmod +x transept

# python TEXT ARGUMENT...: with the makers of records at hand.
python() { PYTHONPATH=$tools /usr/bin/python3 -c "import json, pathlib, sys, make_records; $1" "${@:2}"; }

# records_at FOLDER FILE...: a results folder with these made records, each as its own kind.
records_at() {
    local folder=$1 file
    shift
    for file; do
        mkdir -p "$folder/${file%%=*}"
        cp "made/${file#*=}.json" "$folder/${file%%=*}/latest.json"
    done
}

mkdir made
/usr/bin/python3 "$tools/make_records.py" made || exit 1
records_at base measured/x86_64=first counted/arm64=emulated
records_at same measured/x86_64=first counted/arm64=emulated
records_at worse measured/x86_64=other counted/arm64=emulated
records_at more measured/x86_64=first counted/arm64=emulated measured/arm64=arm64
records_at damaged measured/x86_64=first counted/arm64=emulated
head -c 20000 made/first.json >damaged/measured/x86_64/latest.json
mkdir empty

# A policy as the project's own is made: exact counts of what an emulator executed, and times of hardware.
cat >gate.yaml <<'YAML'
name: test
rules:
  - {name: counts, cases: [abi], exclude: ["*/n=9"], metric: instructions, evidence: counted, threshold: 0, executed_by: emulator}
  - {name: times, cases: [barrier/fence, barrier/load], metric: time, evidence: measured, threshold: 2%, executed_by: hardware}
YAML
check() { "$ci/check" --transept ./transept --policy gate.yaml "$@"; }
