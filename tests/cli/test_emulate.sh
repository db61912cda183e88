#!/usr/bin/env bash
# The emulator as a PMU: scripts/emulate with the built plugins, on this build's instruction set.
# The checks are in the order in which things can break: the plugin, the launcher, the whole pipe.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

[[ -z ${SANITIZE:-} ]] || { echo 'SKIPPED under sanitizers: QEMU cannot map their memory'; exit 77; }
plugins=$BUILD_DIR/emulator
guest=$BUILD_DIR/tests/test_emulator_guest
arch=native
if [[ ${#prefix[@]} -gt 1 ]]; then # qemu-<cpu> -L <sysroots>/<arch>
    arch=${prefix[2]##*/}
    export TRANSEPT_SYSROOTS=${prefix[2]%/*}
fi
cpu=$("$SOURCE_DIR/scripts/arch" "$arch" | cut -d ' ' -f 4)
command -v "qemu-$cpu" >/dev/null || { echo "SKIPPED there is no qemu-$cpu"; exit 77; }
emulate() { "$SOURCE_DIR/scripts/emulate" --plugins "$plugins" "$@"; }
if emulate "$arch" "$TRANSEPT" --version 2>&1 | grep -q 'no exact counts'; then
    echo "SKIPPED this qemu-$cpu takes no plugin"
    exit 77
fi

# counts ARGUMENT...: `transept run --count` into $work/r; the record is $record.
counts() { expect 0 emulate "${options[@]}" "$arch" "$TRANSEPT" run --count --counters none --output "$work/r" "$@"; record=$(find "$work/r" -name latest.json); }
options=()

# value CASE METRIC [RECORD]: the p50 of the case that the pattern matches, with ~ if it was not the same every time.
value() {
    python3 - "${3:-$record}" "$1" "$2" <<'PYTHON'
import json, sys
record, case, metric = sys.argv[1:]
found = [c["metrics"].get(metric) for c in json.load(open(record))["cases"] if c["id"] == case and c["metrics"]]
for m in found:
    assert m is None or m["evidence"] in ("counted", "modelled"), m["evidence"]
    print("none" if m is None else f'{m["p50"]["value"]:g}' + ("~" if m["nondeterministic"] else ""))
PYTHON
}
# is CASE METRIC WANTED: to the instruction, every time.
is() {
    local found
    found=$(value "$1" "$2")
    [[ $found == "$3" ]] || fail "$1: $2 is '$found', not $3"
}

# --- repetitions, processes, threads ----------------------------------------------------------------------------------------------
expect 0 emulate "$arch" "$guest"
expect 0 emulate --counts by=instruction "$arch" "$guest"

# --- times and counts in one record and one table ---------------------------------------------------------------------------------
expect 0 emulate "$arch" "$TRANSEPT" run --filter harness/chain/add --suite selfbench --output "$work/both"
grep -Eq '^ +add +.* 1= EMULATED' "$work/out" || fail "the table has no exact count beside the emulated time"
out_lacks 'perf_event_open'
grep -Eq '3 rounds' "$work/out" || fail "an emulated run was not shortened to 3 rounds"

# --- what is known by hand --------------------------------------------------------------------------------------------------------
counts --suite selfbench --filter harness/chain --rounds 2
is harness/chain/add instructions 1
is harness/chain/add-twice instructions 2
is harness/chain/mul instructions 1
is harness/chain/add loads 0
is harness/chain/add branches 0

counts --suite thorough --filter 'syscall/getppid,syscall/enosys,barrier/fence/seq-cst,abi/args-int'
is syscall/getppid/raw syscalls 1
is syscall/enosys/raw/args=6 syscalls 1
is syscall/getppid/raw branches 0
is barrier/fence/seq-cst/pending=0 instructions 1
is barrier/fence/seq-cst/pending=0 syscalls 0
is barrier/fence/seq-cst/pending=0 calls 0
is abi/args-int/direct/n=0 calls 1
is abi/args-int/direct/n=0 branches 2
[[ $(value barrier/fence/seq-cst/pending=0 barriers)$(value barrier/fence/seq-cst/pending=0 atomics) =~ ^(10|01)$ ]] ||
    fail 'a full fence is neither one barrier nor one atomic'
# The argument that no longer fits in registers is stored by the caller.
declare -A last=([x86_64]=6 [aarch64]=8 [riscv64]=8 [ppc64le]=8 [s390x]=5 [arm]=4)
in_registers=$(value "abi/args-int/direct/n=${last[$cpu]}" stores)
beyond=$(value "abi/args-int/direct/n=$((last[$cpu] + 1))" stores)
[[ $in_registers == "$(value abi/args-int/direct/n=0 stores)" ]] || fail "stores with ${last[$cpu]} arguments: $in_registers"
[[ $beyond == "$((in_registers + 1))" ]] || fail "stores with one argument more: $beyond"
! grep -q '"nondeterministic": *true' "$record" || fail 'a count is not the same every time'
cp "$record" "$work/by-block.json"

# Where libc's heap has a say, counts are marked, also when they came out the same; where it has none they are exact.
counts --suite thorough --filter 'insert/putall/scalar/n=100/pair=u64-u64/keys=random' --rounds 1
for state in fresh sized; do
    [[ $(value "insert/putall/scalar/n=100/pair=u64-u64/keys=random/state=$state" instructions) == *~ ]] || fail "insert into a $state map: an exact count"
done
[[ $(value insert/putall/scalar/n=100/pair=u64-u64/keys=random/state=reused instructions) =~ ^[0-9.]+$ ]] || fail 'insert into a reused map: no exact count'

# --- one by one gives the same as by blocks ---------------------------------------------------------------------------------------
options=(--counts by=instruction)
counts --suite thorough --filter 'syscall/getppid,syscall/enosys,barrier/fence/seq-cst,abi/args-int'
python3 - "$record" "$work/by-block.json" >"$work/out" <<'PYTHON' || fail 'by=instruction and by=block differ'
import json, sys
def flat(path):
    return {(c["id"], m): v["p50"] and v["p50"]["value"]
            for c in json.load(open(path))["cases"] for m, v in (c["metrics"] or {}).items()}
a, b = map(flat, sys.argv[1:])
different = [(k, a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)]
print(*different, sep="\n")
sys.exit(bool(different) or len(a) < 100)
PYTHON

# --- every access -----------------------------------------------------------------------------------------------------------------
# Of the 64 places in a line, (width - 1) let an access cross it.
options=(--counts model=neoverse-n1)
counts --suite thorough --rounds 1 --filter 'align/load/throughput/width=8'
crossings=$(python3 - "$record" <<'PYTHON'
import json, sys
cases = [c for c in json.load(open(sys.argv[1]))["cases"] if not c["id"].endswith("offset=page")]
assert len(cases) == 64, len(cases)
print(sum(c["metrics"]["line-crossings"]["p50"]["value"] for c in cases))
PYTHON
)
# A 32-bit ISA loads 8 bytes as two words or as a pair.
[[ ${crossings%.0} == 7 || ($cpu == arm && ${crossings%.0} == 6) ]] || fail "8-byte loads cross a line at $crossings offsets"
misses=$(value align/load/throughput/width=8/offset=0 l1d-misses:neoverse-n1)
# A modelled count may vary by a miss or two of thousands of ops (docs/method/counts.md).
awk -v misses="${misses%\~}" 'BEGIN { exit !(misses > -0.001 && misses < 0.001) }' || fail "loads of one line miss it: '$misses' an op"
is align/load/throughput/width=8/offset=page page-crossings 1
options=()

# --- times and counts in one record -----------------------------------------------------------------------------------------------
expect 0 emulate "$arch" "$TRANSEPT" run --suite selfbench --filter harness/chain/add --rounds 1 --time 1ms --output "$work/both"
grep -q '"evidence": *"emulated"' "$work"/both/*/latest.json || fail 'no emulated times in the record'
grep -q '"evidence": *"counted"' "$work"/both/*/latest.json || fail 'no counts in the record'

# --- and a modelled core's, each with its evidence, in the table, the CSV and the JSON ------------------------------------------------
expect 0 emulate --counts model=zen-4 "$arch" "$TRANSEPT" run --suite selfbench --filter harness/chain/add --rounds 1 --time 1ms --output "$work/model"
out_has 'EMULATED'
out_has 'MODELLED: l1d-misses:zen-4, l2-misses:zen-4'
for word in time,ns/op,emulated instructions,count/op,counted l1d-misses:zen-4,count/op,modelled l2-misses:zen-4,count/op,modelled; do
    grep -q ",$word," "$work"/model/*/latest.csv || fail "no '$word' in the CSV"
done
[[ $(python3 -c 'import json, sys; m = json.load(open(sys.argv[1]))["cases"][0]["metrics"]; print(*[m[n]["evidence"] for n in sys.argv[2:]])' \
    "$work"/model/*/latest.json time instructions l1d-misses:zen-4 l2-misses:zen-4) == 'emulated counted modelled modelled' ]] ||
    fail 'the record mixes up what is emulated, counted and modelled'
expect 0 transept show "$(find "$work/model" -name latest.json)" --case harness/chain/add
out_has 'l1d-misses:zen-4'

# --- side by side -----------------------------------------------------------------------------------------------------------------
expect 0 transept counts "$work/by-block.json" "$record" --metric syscalls
out_has 'syscall/getppid'
refused "has a metric called 'colour'" transept counts "$work/by-block.json" --metric colour
refused "matches 'nothing/here'" transept counts "$work/by-block.json" --filter nothing/here
refused 'name the records' transept counts

# --- what cannot be had -----------------------------------------------------------------------------------------------------------
refused "no model of 'pentium'" emulate --counts model=pentium "$arch" "$TRANSEPT" --version
refused 'is no argument' emulate --counts colour=red "$arch" "$TRANSEPT" --version
refused 'unknown ARCH' emulate pdp11 "$TRANSEPT" --version
refused 'there are no plugins' "$SOURCE_DIR/scripts/emulate" --counts by=block "$arch" "$TRANSEPT" --version

# other_qemu VERSION WORDS: a QEMU that says so of its version and, when given a plugin, says WORDS and ends; nothing: takes it.
# shellcheck disable=SC2016 # the other script's own words
other_qemu() {
    {
        printf '#!/bin/sh\n[ "$1" != --version ] || { echo "qemu-%s version %s"; exit 0; }\n' "$cpu" "$1"
        [[ -z $2 ]] || printf '[ "$1" != -plugin ] || { echo "%s" >&2; exit 1; }\n' "$2"
        printf 'exec qemu-%s "$@"\n' "$cpu"
    } >"$work/qemu"
    chmod +x "$work/qemu"
}

# goes_on WHY COMMAND...: the launcher says WHY in one line and runs the rest: times, no counts. Who asks for counts is told the same and refused.
goes_on() {
    local why=$1
    shift
    expect 0 "$@" "$arch" "$TRANSEPT" run --suite selfbench --filter harness/chain/add --rounds 1 --time 1ms --output "$work/plain"
    [[ $(grep -c "no exact counts, times only: .*$why" "$work/err") == 1 ]] || fail "$what: stderr does not say '$why'"
    grep -q '"evidence": *"emulated"' "$work"/plain/*/latest.json || fail "$what: no times"
    ! grep -q '"evidence": *"counted"' "$work"/plain/*/latest.json || fail "$what: counts without a plugin"
    expect 2 "$@" --counts by=block "$arch" "$TRANSEPT" --version
    [[ $(wc -l <"$work/err") == 1 && ! -s $work/out ]] || fail "$what: not just one line on stderr"
    grep -q "$why" "$work/err" || fail "$what: stderr does not say '$why'"
    rm -rf "$work/plain"
}
goes_on 'there are no plugins' "$SOURCE_DIR/scripts/emulate"
expect 2 "$SOURCE_DIR/scripts/emulate" "$arch" "$TRANSEPT" run --count --counters none --output "$work/plain"
err_has '--count: nothing counts here'
# A static QEMU has no way to load one (Debian 13's says just this).
other_qemu '10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)' "qemu: unknown option 'plugin'"
goes_on "QEMU 10.0, .*count-3.so: qemu: unknown option 'plugin'" env TRANSEPT_QEMU="$work/qemu" "$SOURCE_DIR/scripts/emulate" --plugins "$plugins"
# Another version, whose interface is none of ours. The QEMU that is there refuses the plugin of the other interface by itself.
other_qemu 10.2.0 ''
goes_on 'QEMU 10.2, .*count-3.so: .*Could not load plugin' env TRANSEPT_QEMU="$work/qemu" "$SOURCE_DIR/scripts/emulate" --plugins "$plugins"
other_qemu 3.1.0 ''
goes_on 'QEMU 3.1 is older' env TRANSEPT_QEMU="$work/qemu" "$SOURCE_DIR/scripts/emulate" --plugins "$plugins"
# A file that is missing, and one that is none.
mkdir "$work/plugins"
goes_on 'needs .*/plugins/transept-count-[13].so, which is not there' "$SOURCE_DIR/scripts/emulate" --plugins "$work/plugins"
for i in 1 2 3; do echo nonsense >"$work/plugins/transept-count-$i.so"; done
goes_on 'Could not load plugin' "$SOURCE_DIR/scripts/emulate" --plugins "$work/plugins"

# The command's own exit status and signals come through, and nothing stays behind.
expect 2 emulate "$arch" "$TRANSEPT" no-such-command
! compgen -G '/dev/shm/transept-counts.*' >/dev/null || fail 'a page was left in /dev/shm'

finish
