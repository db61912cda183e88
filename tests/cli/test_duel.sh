#!/usr/bin/env bash
# transept duel and calibrate: two binaries take turns whatever they are and whatever becomes of them. Nothing here depends on how fast
# the machine is: what is found of speed is for make selfbench.
# shellcheck disable=SC2317 # expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
if [[ -n ${EMULATOR:-} ]]; then
    echo 'SKIPPED: a foreign binary cannot start itself'
    exit 77
fi
cd "$work" || exit 1
case_id=harness/chain/add
duel() { transept duel --time 5ms --rounds 3 --seed 1 "$@"; }

# --- two binaries ------------------------------------------------------------------------------------------------------------------
expect 0 duel "$TRANSEPT" "$TRANSEPT" -f "$case_id"
out_has 'chain/add'
out_has 'B: '
narrow "$work/out"
for format in markdown csv json junit; do
    expect 0 duel "$TRANSEPT" "$TRANSEPT" -f "$case_id" --format "$format"
    out_has "$case_id"
done
expect 0 duel "$TRANSEPT" "$TRANSEPT" -f "$case_id" --format json
/usr/bin/python3 - "$work/out" <<'PYTHON' || fail "$what: not three pairs, nor a reason"
import json
import sys

rows = json.load(open(sys.argv[1], encoding="utf-8"))["comparisons"][0]["rows"]
(row,) = rows  # on a busy machine a round may lack the samples for a P50, and under a sanitizer an addition is lost in its loop
assert row["rounds"] in ([3, 3], [0, 0]), row
assert row["rounds"] == [3, 3] or row["verdict"] == "inconclusive" and row["reason"], row
assert len(row["pairs"]) == 3 and all(len(pair) == 2 for pair in row["pairs"]), row
PYTHON
/usr/bin/python3 - "$SOURCE_DIR/results/schema/comparison-1.json" "$work/out" <<'PYTHON' || fail "$what: not what its schema says"
import json
import sys

import jsonschema

schema, comparison = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
jsonschema.Draft202012Validator(schema).validate(comparison)
PYTHON

# Another case of the other binary, under the first's name.
expect 0 duel "$TRANSEPT" "$TRANSEPT" -f harness/slowdown/chain/percent=0 --with harness/slowdown/chain/percent=2
out_has 'slowdown/chain/percent=0'
refused 'has no case '\''harness/none'\''' duel "$TRANSEPT" "$TRANSEPT" -f "$case_id" --with harness/none
refused 'choose one with --filter' duel "$TRANSEPT" "$TRANSEPT" -f harness --with "$case_id"

# What misbehaves costs only itself, and is told.
expect 0 duel "$FAULTS" "$FAULTS" -f 'faults/made/behaves,faults/made/segfaults,faults/made/lies,faults/made/absent'
out_has 'made/behaves'
out_has 'SIGSEGV'
out_has 'the sum is wrong'

# --- what is no duel ---------------------------------------------------------------------------------------------------------------
refused 'name two binaries' transept duel
refused 'name two binaries' transept duel "$TRANSEPT"
refused 'one too many' transept duel a b c
refused '--against goes with --ref' transept duel --against HEAD a b
refused 'leave out' transept duel --ref HEAD a b
refused "--rounds: '2'" transept duel -r 2 a b
refused '--seconds-per-case' transept duel --seconds-per-case soon a b
refused '--threshold' transept duel --threshold 200% a b
refused 'no format is called' transept duel --format xml a b
refused 'no suite is called' duel "$TRANSEPT" "$TRANSEPT" -s none
refused 'matches no case that both have' duel "$TRANSEPT" "$TRANSEPT" -f harness/none
refused 'matches no case that both have: 0 of the first' duel "$FAULTS" "$TRANSEPT" -f "$case_id"
refused 'answers nothing' duel /bin/true "$TRANSEPT"
refused 'cannot start' duel "$TRANSEPT" "$work/none"
refused 'says too much' duel "$(command -v yes)" "$TRANSEPT"
printf '#!/bin/sh\ncat >/dev/null\necho "{\\"schema\\": \\"transept.journal/9\\"}"\n' >future
chmod +x future
refused 'transept.journal/9' duel "$work/future" "$TRANSEPT"
printf '{"schema": "transept.duel/2"}' >question
refused 'transept.duel/2, this transept knows transept.duel/1' transept duel-round <question
refused 'not JSON' transept duel-round </dev/null

# A binary that dies in the midst of it: one line, and the pairs that were complete. Its third process measures the second pair.
cat >dying <<END
#!/bin/sh
printf x >>"$work/starts"
[ "\$(wc -c <"$work/starts")" -lt 4 ] || kill -SEGV \$\$
exec "$TRANSEPT" "\$@"
END
chmod +x dying
expect 2 duel "$work/dying" "$TRANSEPT" -f "$case_id"
[[ $(grep -c 'died by SIGSEGV' "$work/err") == 1 ]] || fail "$what: not told in a line"
out_has 'chain/add'
rm starts
sed -i 's/-lt 4/-lt 1/' dying
refused 'died by SIGSEGV' duel "$work/dying" "$TRANSEPT" -f "$case_id"

# Ctrl-C: what is complete is judged.
"$TRANSEPT" duel --time 5ms --rounds 400 --seed 1 "$TRANSEPT" "$TRANSEPT" -f "$case_id" >"$work/out" 2>"$work/err" &
process=$!
what='an interrupted duel'
wait_for "$work/err" '[0-9] %, ' && kill -TERM "$process"
status=0
wait "$process" || status=$?
((status == 130)) || fail "$what: exit status $status"
err_has 'interrupted'
out_has 'chain/add'

# --- two revisions -----------------------------------------------------------------------------------------------------------------
# A checkout whose build is a copy, and whose first revision builds nothing.
export TRANSEPT
mkdir checkout temporary
git_() { git -C checkout -c user.name=test -c user.email=test@example.org "$@" >"$work/git" 2>&1 || fail "git $*"; }
# commit COMMAND: a revision whose target is made by that.
commit() {
    printf 'cmake_minimum_required(VERSION 3.22)\nproject(copy NONE)\nadd_custom_target(transept COMMAND %s)\n' "$1" >checkout/CMakeLists.txt
    git_ add CMakeLists.txt
    git_ commit -m "$1"
}
git_ init
commit false
commit "install -D \$ENV{TRANSEPT} bench/transept"
in_checkout() { (cd checkout && TMPDIR="$work/temporary" duel "$@"); }
expect 0 in_checkout --ref HEAD -f "$case_id"
err_has 'building HEAD'
err_has 'building the checkout as it is'
out_has 'chain/add'
expect 2 in_checkout --ref none -f "$case_id"
err_has 'checking out none failed'
expect 2 in_checkout --ref HEAD~1 --against HEAD -f "$case_id"
err_has 'building HEAD~1 failed'
[[ -z $(ls temporary) ]] || fail "$what: it leaves $(ls temporary)"
[[ $(git -C checkout worktree list | wc -l) == 1 ]] || fail "$what: it leaves a worktree"

# --- calibration -------------------------------------------------------------------------------------------------------------------
calibrate() { transept calibrate --time 5ms --rounds 3 --repeats 3 --suite selfbench --seed 1 "$@"; }
expect 0 calibrate -f "$case_id"
out_has 'compare, run to run'
out_has 'duel, in pairs'
out_has "$case_id"
narrow "$work/out"
floors=$(echo results/*/*/floors.json)
[[ -f $floors ]] || fail "$what: no floors"
expect 0 calibrate -f harness/chain/mul
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" check "$floors"
grep -q "$case_id" "$floors" || fail 'a second calibration forgets what the first one found'
grep -q harness/chain/mul "$floors" || fail 'a second calibration adds nothing'
refused '--repeats' transept calibrate --repeats 2
refused 'what is' transept calibrate abi
# What was done before Ctrl-C is kept, in so far as it makes floors, and never takes the place of what more repeats found.
# broken_off LINE ARGUMENT...: interrupts a long calibration when it has written that line.
broken_off() {
    local line=$1 status=0 pid
    shift
    what="calibrate $* until '$line'"
    rm -f "$work/err" # the one before wrote the same lines
    "${prefix[@]}" "$TRANSEPT" calibrate --rounds 3 --repeats 1000 --suite selfbench --seed 1 "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    wait_for "$work/err" "$line"
    kill -INT "$pid"
    wait "$pid" || status=$?
    ((status == 130)) || fail "$what: exit status $status"
}
broken_off 'repeat 4 of 1000' --time 5ms -f "$case_id" --output broken
err_has 'interrupted; the floors are those of'
out_has "$case_id"
broken=$(echo broken/*/*/floors.json)
grep -qE '"repeats": ([4-9]|[1-9][0-9]+)' "$broken" || fail "$what: the floors do not say how many repeats are behind them"
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" check "$broken"
/usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" change 900 0.875 "$broken" || fail 'the floors could not be changed'
broken_off 'repeat 3 of 1000' --time 5ms -f "$case_id" --output broken
grep -q '0.875' "$broken" || fail "$what: floors of fewer repeats took the place of those of more"
broken_off '1000 times' --time 500ms -f "$case_id" --output hasty
err_has 'nothing was stored'
[[ ! -e hasty ]] || fail "$what: something was stored"
# No verdict where a floor cannot be read.
sed -i 's/"repeats": 3/"repeats": 4/' "$floors"
refused 'digest' duel "$TRANSEPT" "$TRANSEPT" -f "$case_id"
refused 'digest' calibrate -f "$case_id"
finish
