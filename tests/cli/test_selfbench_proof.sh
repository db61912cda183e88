#!/usr/bin/env bash
# scripts/proof, by which `make selfbench` shows what is claimed: its arithmetic, and a glance at each part. What it finds of a machine that is
# busy with other tests is no matter here: only that it says so.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
if [[ -n ${EMULATOR:-} ]]; then
    echo 'SKIPPED: a foreign binary cannot start itself'
    exit 77
fi
export JUDGE=$BUILD_DIR/bench/peers/transept_judge
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/test_proof.py"

# The judge: known figures, known verdicts; and what is no question.
expect 0 "$JUDGE" <<'END'
pairs 0.01 8 1 1 1 1 1 1 1 1 2 2 2 2 2 2 2 2
records 0.01 3 1 2 3 1 2 3
END
out_has 'slower 2 2 2 0.0078125'
out_has 'inconclusive 1 '
for wrong in 'duel 0.01 3 1 2 3 1 2 3' 'pairs 0.01 3 1 2 3 1 2' 'pairs 0.01 0' 'pairs 0.01 100000000 1'; do
    expect 1 "$JUDGE" <<<"$wrong"
    err_has 'judge: expected'
done

# A glance at each part, in a copy of the checkout's scripts, so that nothing is left in it.
mkdir -p "$work/scripts" "$work/results/reference"
cp -R "$SOURCE_DIR/scripts/proof" "$SOURCE_DIR/scripts/selfbench" "$work/scripts"
ln -s "$SOURCE_DIR/bench" "$SOURCE_DIR/harness" "$SOURCE_DIR/kernels" "$work"
# glance PART: whatever it finds; it may not misbehave.
glance() {
    local status=0
    what="the part $1"
    /usr/bin/python3 "$work/scripts/proof" --effort 0.001 --seed 1 --write "$BUILD_DIR" "$1" >"$work/out" 2>"$work/err" || status=$?
    ((status <= 1)) || fail "$what: exit status $status"
    [[ ! -s $work/err ]] || fail "$what: something on stderr"
    out_has "$1: "
    out_has 'kept in results/selfbench/proof/'
    grep -q "^## $1" "$work/results/reference/selfbench.md" || fail "$what: not in what is written"
    if grep -qE 'NOT held|LEFT OUT' "$work/out"; then
        ((status == 1)) || fail "$what: exit status $status where something does not hold"
    else
        ((status == 0)) || fail "$what: exit status $status where all holds"
    fi
}
glance chains
glance slowdown
out_has 'LEFT OUT: duels of 10 s'
glance same
glance peers
[[ -n ${SANITIZE:-} ]] || glance simulated

expect 2 /usr/bin/python3 "$SOURCE_DIR/scripts/proof" "$BUILD_DIR" nothing
err_has "there is no part 'nothing'"
expect 2 /usr/bin/python3 "$SOURCE_DIR/scripts/proof" "$work"
err_has 'no bench/transept'
finish
