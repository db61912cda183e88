#!/usr/bin/env bash
# transept gate --policy: rules over made records; a gate that cannot fire, or no longer does, is an error.
# shellcheck disable=SC2317 # expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
cd "$work" || exit 1
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_records.py" . || exit 1
gate() { transept gate --policy gate.yaml "$@"; }

# policy CASES METRIC EVIDENCE THRESHOLD [MORE]: one rule.
policy() {
    rm -f gate.lock
    printf 'name: ci\nrules:\n- name: one\n  cases: %s\n  metric: %s\n  evidence: %s\n  threshold: %s\n' "${@:1:4}" >gate.yaml
    (($# < 5)) || printf '  %s\n' "${@:5}" >>gate.yaml
}

# --- pass, regression --------------------------------------------------------------------------------------------------------------
policy '[barrier/fence, barrier/load]' time measured 2%
expect 0 gate first.json first.json
out_has 'gate ci: pass'
out_has 'not calibrated'
out_has 'there is no gate.lock'
expect 1 gate first.json other.json
out_has 'gate ci: regression'
out_has 'barrier/fence/seq-cst'
out_has 'slower time: 21 ns/op, was 20; ratio 1.050'
out_lacks 'barrier/fence/acquire'
policy '[barrier/fence, barrier/load]' time measured 10%
expect 0 gate first.json other.json
policy '[barrier]' time measured 2% 'exclude: [barrier/fence/seq-cst]'
expect 0 gate first.json other.json
out_has '2 inconclusive'
policy '[barrier]' time measured 2% 'exclude: [barrier/fence/seq-cst]' 'inconclusive: refuse'
expect 2 gate first.json other.json
out_has 'gate ci: cannot be judged'

# Counts are exact, and have a threshold all the same.
policy '[abi]' instructions counted 0
expect 1 gate first.json other.json
out_has 'more instructions: 15.5, was 14'
policy '[abi]' instructions counted 20%
expect 0 gate first.json other.json

policy '[abi]' instructions counted 0
expect 1 gate kinds-a.json kinds-b.json
out_has 'more instructions: 5, was 0'
out_has '1 pass, 1 worse'
# A fact is held where it is, whichever way it moves; what is fair may become fairer.
policy '[layout]' offset counted 0
expect 0 gate kinds-a.json kinds-a.json
expect 1 gate kinds-a.json kinds-b.json
out_has 'differs offset: 16, was 8'
expect 1 gate kinds-b.json kinds-a.json
policy '[layout]' offset counted 99%
expect 1 gate kinds-b.json kinds-a.json
policy '[barrier]' fairness measured 2%
expect 1 gate kinds-a.json kinds-b.json
expect 0 gate kinds-b.json kinds-a.json

# A case that no longer ends well is a regression.
policy '[syscall/getppid]' time measured 2%
expect 1 gate first.json other.json
out_has 'SIGSEGV at 0x0'

# --- what cannot be judged -----------------------------------------------------------------------------------------------------------
policy '[syscall/futex]' time measured 2%
expect 2 gate first.json other.json
err_has 'gate.yaml: rule one: first.json has no case that the rule matches'
policy '[barrier/load]' instructions counted 0
expect 2 gate first.json other.json
policy '[barrier/store]' time measured 2%
expect 2 gate first.json first.json
out_has 'no case of one can be judged: such a rule never fires'
policy '[barrier/fence]' time measured 2%
expect 2 gate emulated.json emulated.json
out_has 'time is emulated, and the rule is for what is measured'
expect 2 gate first.json compiler.json
out_has 'across: compiler'
policy '[barrier/fence]' time measured 2% 'across: compiler'
expect 0 gate first.json compiler.json
# One ISA's records say nothing of another's, whatever the rule allows.
for across in '' 'across: machine,compiler,page'; do
    policy '[barrier/fence]' time measured 2% ${across:+"$across"}
    refused 'the sides differ in ISA: first.json is of x86_64, arm64.json of arm64' gate first.json arm64.json
    refused 'the sides differ in ISA' gate --update arm64.json first.json
done
[[ ! -e gate.lock ]] || fail 'a lock of two ISAs'
# Nor does a run that is there twice.
cp first.json pool/copy.json
cp first.json pool/copy-2.json
refused 'rounds would count twice' gate first.json pool
rm pool/copy.json pool/copy-2.json
policy '[barrier/fence]' time measured 2%
expect 2 gate first.json none.json
err_has 'none.json'

# --- the lock ------------------------------------------------------------------------------------------------------------------------
policy '[barrier/fence, barrier/load, syscall]' time measured 20% 'exclude: [syscall/getppid]'
expect 0 gate --update first.json first.json
out_has '4 cases are in gate.lock'
grep -qx 'x86_64 one syscall/poll/raw' gate.lock || fail "$what: the lock lacks a case"
expect 0 gate first.json first.json
out_lacks 'there is no gate.lock'
expect 2 gate first.json other.json
out_has 'syscall/poll/raw'
out_has 'gone: it was judged once, and is not in other.json'
expect 2 gate other.json first.json
out_has 'gone: it was judged once, and is not in other.json'
# Another ISA has its own lines; an update that fails leaves the file as it was.
printf 'arm64 one barrier/fence/other\n' >>gate.lock
expect 0 gate first.json first.json
expect 0 gate --update first.json first.json
grep -qx 'arm64 one barrier/fence/other' gate.lock || fail "$what: another ISA's cases are forgotten"
cp gate.lock before
sed -i 's/cases: .*/cases: [syscall\/futex]/' gate.yaml
expect 2 gate --update first.json first.json
cmp -s gate.lock before || fail "$what: the lock was written"
# A lock without a line for the ISA and the rule misses nothing either, and says so.
: >gate.lock
sed -i 's/cases: .*/cases: [barrier\/fence]/' gate.yaml
expect 0 gate first.json first.json
out_has 'gate.lock has no line of x86_64 and this rule: cases that vanish are not missed; make it with --update'
printf 'arm64 one barrier/fence/other\nx86_64 two barrier/fence/other\n' >gate.lock
expect 0 gate first.json first.json
out_has 'gate.lock has no line of x86_64 and this rule'
expect 0 gate --update first.json first.json
out_lacks 'has no line'
expect 0 gate first.json first.json
out_lacks 'has no line'
echo damaged >>gate.lock
refused 'gate.lock:' gate first.json first.json

# --- rules for one kind of record -------------------------------------------------------------------------------------------------------
# Exact counts are an emulator's, times are hardware's: one policy has rules for both, and each record is held to its own.
both() {
    printf 'name: ci\nrules:\n- {name: counts, cases: [abi], metric: instructions, evidence: counted, threshold: 0, executed_by: emulator}\n'
    printf -- '- {name: times, cases: [barrier/fence], metric: time, evidence: measured, threshold: 2%%, executed_by: hardware}\n'
}
both >gate.yaml
rm -f gate.lock
expect 0 gate --update first.json first.json
out_has 'counts: not for what hardware executed'
expect 0 gate --update emulated.json emulated.json
out_has 'times: not for what an emulator executed'
grep -qx 'x86_64 times barrier/fence/seq-cst' gate.lock || fail "$what: hardware's cases are forgotten"
grep -qx 'arm64 counts abi/args-int/direct/n=7' gate.lock || fail "$what: the emulator's cases are not there"
expect 1 gate first.json other.json
expect 0 gate emulated.json emulated.json
sed -i '/times/d' gate.yaml
refused 'no rule is for what hardware executed, as in other.json' gate first.json other.json
sed -i 's/executed_by: emulator/executed_by: emulators/' gate.yaml
refused "gate.yaml:3:" gate first.json other.json
policy '[barrier/fence]' time measured 2% 'executed_by: emulator'
refused 'nothing that an emulator executed is measured' gate first.json other.json

# --- calibration ---------------------------------------------------------------------------------------------------------------------
policy '[barrier/fence, barrier/load]' time measured 2%
machine=$(/usr/bin/python3 -c 'import json; machine = json.load(open("first.json"))["machine"]; print(machine["arch"] + "/" + machine["id"])')
floors="results/$machine/floors.json"
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" make first.json 0.10 "$floors"
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" check "$floors"
expect 0 gate first.json other.json
out_lacks 'not calibrated'
expect 1 gate --floors elsewhere first.json other.json
expect 0 transept compare first.json other.json
out_has 'same'
out_lacks 'slower'
expect 0 transept compare --floors elsewhere first.json other.json
out_has 'slower'
# The floors of another machine that lie in this one's place are none.
expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/floors.py" make machine.json 0.10 "$floors"
refused 'is of machine' transept compare first.json other.json
rm -r results

# --- confirmation --------------------------------------------------------------------------------------------------------------------
policy '[barrier/fence, barrier/load]' time measured 2% 'confirm: duel'
expect 1 gate first.json other.json
out_has 'not confirmed: the rule asks for a duel'
expect 2 gate first.json other.json --binaries /bin/true /bin/true
err_has 'rule one: cannot be confirmed: /bin/true answers nothing'
if [[ -z ${EMULATOR:-} ]]; then
    # One case will do, since a duel takes ten seconds a case. The same binary twice: the made regression is refuted, or on a very busy machine left in doubt, and never confirmed.
    status=0
    transept gate --policy gate.yaml first-one.json other-one.json --binaries "$TRANSEPT" "$TRANSEPT" >"$work/out" 2>"$work/err" || status=$?
    what='a regression that is none'
    ((status == 0 || status == 2)) || fail "$what: exit status $status"
    out_has 'duel: barrier/fence/seq-cst/pending=0: '
fi

# --- a reference of nothing ------------------------------------------------------------------------------------------------------------
expect 0 transept gate --exact --update --reference reference emulated.json
cp reference/arm64.counted.json before
refused 'uncounted.json: it has no exact counts' transept gate --exact --update --reference reference uncounted.json
/usr/bin/python3 -c 'import json, sys; json.dump(dict(json.load(sys.stdin), cases={}), sys.stdout)' <before >nothing.json
refused 'nothing.json has no case with exact counts' transept gate --exact --update --reference reference nothing.json
cmp -s reference/arm64.counted.json before || fail "$what: the reference was written"

# --- the command line ------------------------------------------------------------------------------------------------------------------
refused 'two sides' gate first.json
refused 'do not go together' gate --exact first.json other.json
refused '--exact or --policy' transept gate first.json other.json
refused '--filter and --reference' gate -f abi first.json other.json
refused '--binaries takes two' gate first.json other.json --binaries a
refused '--binaries goes with --policy' transept gate --exact first.json --binaries a b
refused 'none.yaml' transept gate --policy none.yaml first.json other.json
sed -i 's/metric:/metrc:/' gate.yaml
refused "gate.yaml:5:3: unknown key 'metrc'; did you mean 'metric'?" gate first.json other.json
finish
