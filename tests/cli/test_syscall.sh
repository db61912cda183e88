#!/usr/bin/env bash
# The syscall family: every case runs or says why not, and what must be dearer than something else is.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

# Processes, threads, signals and filters of the family under all the limits of a round: none may fail, be taken for a fork bomb or stay behind.
# (What stays behind keeps stderr open, and the command below would not end.)
expect 0 bash -o pipefail -c '"$@" 2>&1 | cat' _ "${prefix[@]}" "$TRANSEPT" run --suite thorough --filter syscall --rounds 1 --time 1ms --output "$work/all"
python3 - "$(echo "$work"/all/*/latest.json)" >"$work/err" <<'PYTHON' || fail "$what: not every case is ok or skipped with a reason"
import json, sys
cases = json.load(open(sys.argv[1]))["cases"]
bad = [c for c in cases if not (c["status"] == "ok" or c["status"] == "skipped" and len(c["reason"]) > 10)]
for case in bad:
    print(case["id"], case["status"], case["reason"])
sys.exit(bool(bad) or len(cases) < 60 or sum(c["status"] == "ok" for c in cases) < 35)
PYTHON

# What threads that take turns count is never held to be exact, even where it came out the same 30 times.
(
    # shellcheck source=tests/cli/emulated.sh
    . "$here/emulated.sh"
    emulate "$arch" "$TRANSEPT" run --count --counters none --suite thorough --rounds 1 --filter syscall/thread-create,syscall/fork-exit \
        --output "$work/counted" &&
        python3 - "$(echo "$work"/counted/*/latest.json)" <<'PYTHON'
import json, sys
vary = {(case["kernel"], metric["nondeterministic"])
        for case in json.load(open(sys.argv[1]))["cases"] for metric in case["metrics"].values() if metric["evidence"] == "counted"}
print(vary)
sys.exit(vary != {("thread-create", True), ("fork-exit", False)})
PYTHON
) >"$work/out" 2>"$work/err"
case $? in
    0) ;;
    77) cat "$work/out" ;;
    *) what='counts of thread-create and fork-exit' && fail 'thread-create is held to be exact, or fork-exit is not' ;;
esac

if [[ -n ${EMULATOR:-} ]]; then
    skip 'orderings of times: an emulator shows its own, not the machine'\''s'
    finish
elif [[ -n ${SANITIZE:-} ]]; then
    skip 'orderings of times: a sanitizer stands in between'
    finish
fi

expect 0 transept run --suite thorough --rounds 3 --time 5ms --output "$work/times" \
    --filter 'syscall/clock_gettime,syscall/getcpu,syscall/getppid/raw,syscall/switch/*/place=same-cpu'
# cheaper LESS MORE: by the medians of three rounds. Both are several times apart wherever a vDSO works and a switch is one.
cheaper() {
    python3 - "$(echo "$work"/times/*/latest.json)" "$@" >"$work/err" <<'PYTHON'
import json, sys
cases = {case["id"]: case for case in json.load(open(sys.argv[1]))["cases"]}
less, more = (cases[id] for id in sys.argv[2:])
for case in less, more:
    if case["status"] != "ok":
        print("SKIPPED", *sys.argv[2:], case["reason"])
        sys.exit(77)
less, more = (case["metrics"]["time"]["p50"]["value"] for case in (less, more))
print(f"{sys.argv[2]} takes {less} ns, {sys.argv[3]} {more}")
sys.exit(not less < more)
PYTHON
    local status=$?
    ((status == 0)) || { ((status == 77)) && cat "$work/err"; } || fail "$1 is not cheaper than $2"
}
source=$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource 2>/dev/null) || source=unknown
case $source in
    tsc | kvm-clock | hyperv_clocksource_tsc_page | arch_sys_counter | riscv_clocksource | timebase | tod)
        cheaper syscall/clock_gettime/vdso syscall/clock_gettime/raw ;;
    *) skip "clock_gettime/vdso against raw: the vDSO has no way to read the clock source $source" ;;
esac
cheaper syscall/getcpu/vdso syscall/getcpu/raw
cheaper syscall/getppid/raw syscall/switch/pipe/place=same-cpu
cheaper syscall/getppid/raw syscall/switch/futex/place=same-cpu
finish
