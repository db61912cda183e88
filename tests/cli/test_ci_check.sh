#!/usr/bin/env bash
# ci/check on made results, and the project's own policy with its lock: what passes, what regressed, what cannot be judged.
# shellcheck disable=SC2016,SC2317 # Markdown has backquotes; expect and refused call what is defined here
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/ci.sh
. "$here/ci.sh"
native_only

expect 0 "$ci/check" --help
out_has '--baseline FOLDER'
expect 0 check --update same
grep -qx 'arm64 counts abi/args-int/direct/n=7' gate.lock || fail "$what: the lock lacks a count"
grep -qx 'x86_64 times barrier/fence/seq-cst' gate.lock || fail "$what: the lock lacks a time"
expect 0 check --baseline base same
out_has 'counted/arm64: pass'
out_has 'measured/x86_64: pass'
[[ $(tail -n 1 same/measured/x86_64/gate.txt) == 'measured/x86_64: pass' ]] || fail "$what: gate.txt does not end with the verdict"
expect 1 check --baseline base worse
out_has 'barrier/fence/seq-cst'
out_has 'measured/x86_64: regression'
out_has 'counted/arm64: pass'
# A case that was judged once, and is not there; a rule without a case; a record or a baseline that is not there.
printf 'x86_64 times barrier/fence/gone\n' >>gate.lock
expect 2 check --baseline base same
out_has 'gone: it was judged once'
out_has 'measured/x86_64: cannot be judged'
sed -i '/gone/d' gate.lock
sed 's/barrier/unknown/g' gate.yaml >other.yaml
expect 2 check --policy other.yaml --baseline base same
out_has 'has no case that the rule matches'
expect 2 check --baseline base more
out_has 'there is no base/measured/arm64/latest.json to compare with'
expect 2 check --baseline more same
out_has 'measured/arm64: gone: it is in more and not in same'
expect 2 check --baseline base damaged
out_has 'damaged'
expect 2 check --reference empty damaged
out_has 'measured/x86_64: cannot be judged'
# What is to be confirmed is, with the binaries beside the records: these are none, and say nothing.
sed 's/, executed_by: hardware}/, executed_by: hardware, confirm: duel}/' gate.yaml >confirm.yaml
expect 1 check --policy confirm.yaml --baseline base worse
out_has 'not confirmed: the rule asks for a duel'
for folder in base worse; do cp /bin/true "$folder/measured/x86_64/transept"; done
expect 2 check --policy confirm.yaml --baseline base worse
out_has 'cannot be confirmed'
out_has "$work/base/measured/x86_64/transept answers nothing"
rm base/measured/x86_64/transept worse/measured/x86_64/transept
# A reference is of counts.
mkdir reference
expect 0 transept gate --exact --update --reference reference made/emulated.json
expect 0 check --reference reference same
out_has 'measured/x86_64: not judged: a reference is of counts'
expect 0 check --reference reference --filter 'abi/*' same
python 'record = json.load(open("made/emulated.json")); case = next(c for c in record["cases"] if c["id"].endswith("n=7")); model = case
record["cases"][record["cases"].index(case)] = make_records.counted_case(model, case["id"], 99); make_records.save(record, pathlib.Path("made/moved.json"))'
records_at moved counted/arm64=moved measured/x86_64=first
expect 1 check --reference reference moved
out_has 'counted/arm64: regression'
expect 1 check --baseline base moved
out_has 'more instructions: 99, was 14'
records_at timed measured/x86_64=first
expect 2 check --reference reference timed
refused 'there is no record in empty' check --baseline base empty
refused 'there is no baseline nowhere' check --baseline nowhere same
refused 'there is no folder nowhere' check --baseline base nowhere
refused 'name the folder of results' check --baseline base
refused 'say what to judge by' check same
refused '--filter goes with --reference' check --baseline base --filter abi same
refused '--baseline needs a value' check same --baseline
refused 'unknown option --basline' check --basline base same
refused 'one too many' check --baseline base same worse
refused 'there is no command' "$ci/check" --transept ./nowhere --baseline base same

# --- this project's policy -------------------------------------------------------------------------------------------------------------
# It is read from a copy: a failing test must not write beside the original.
mkdir own
cp "$ci/gate.yaml" "$ci/gate.lock" own/
own() { "$ci/check" --transept ./transept --policy own/gate.yaml "$@"; }
expect 0 python "import yaml
rules = yaml.safe_load(open('own/gate.yaml'))['rules']
locked = {tuple(line.split()[:2]) for line in open('own/gate.lock') if line[0] != '#'}
archs = sys.argv[1].split()
for rule in rules:
    for arch in archs if rule.get('executed_by') == 'emulator' else ['x86_64']:
        assert (arch, rule['name']) in locked, f'the lock has no case of {rule[\"name\"]} on {arch}'
assert {name for _, name in locked} == {rule['name'] for rule in rules}, 'the lock has a rule that the policy lacks'
assert any(rule['cases'] == ['*'] and rule['evidence'] == 'counted' and rule['threshold'] == 0 for rule in rules), 'no rule holds all counts'
" "$("$SOURCE_DIR/scripts/arch" --list)"
# Cases that it judged and that the made records lack are missed; without the lock a rule without cases still is no pass.
expect 2 own --baseline base same
out_has 'gone: it was judged once, and is not in'
out_has 'rule sizes: base/counted/arm64/latest.json has no case that the rule matches'
rm own/gate.lock
expect 2 own --baseline base same
out_has 'rule sizes: base/counted/arm64/latest.json has no case that the rule matches'
out_lacks 'gone'
# Each pattern of a rule matches a case that there is.
expect 0 python "import subprocess, yaml
for rule in yaml.safe_load(open('own/gate.yaml'))['rules']:
    for pattern in rule['cases']:
        suite = 'quick' if rule['evidence'] == 'measured' else 'default' # what the hosted workflow measures and counts
        found = subprocess.run(['./transept', 'list', '--suite', suite, '--filter', pattern], capture_output=True, text=True)
        assert found.returncode == 0 and found.stdout.strip(), f'{rule[\"name\"]}: {pattern} matches no case of suite {suite}'
"
finish
