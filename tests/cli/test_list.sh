#!/usr/bin/env bash
# transept list, show CASE and doctor: complete, for pipes and for windows.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

expect 0 transept list
cases=$(wc -l <"$work/out")
runnable=$(grep -cE '  runs here($|, but )' "$work/out")
skipped=$(grep -c '  skipped: ..*' "$work/out")
((runnable > 0 && runnable + skipped == cases)) || fail "$what: $cases lines, $runnable run, $skipped skipped with a reason"
err_has "$runnable cases run here, $skipped do not"
out_has 'syscall/getppid/raw'

expect 0 transept list --format csv
[[ $(head -n 1 "$work/out") == case,family,kernel,variant,runs,reason,summary ]] || fail "$what: no header"
(($(wc -l <"$work/out") == cases + 1)) || fail "$what: not a line a case"
expect 0 transept list --format json
python3 - "$work/out" "$cases" "$runnable" <<'PYTHON' || fail "$what: not what the table says"
import json, sys
cases = json.load(open(sys.argv[1]))
assert len(cases) == int(sys.argv[2])
assert sum(case["runs"] for case in cases) == int(sys.argv[3])
assert all(case["runs"] or case["reason"] for case in cases)
PYTHON

expect 0 transept list --suite quick --filter 'syscall,!*/raw*'
out_has syscall/getppid/libc
out_lacks /raw
out_lacks barrier

# A kernel's own reason comes before that of having no form.
expect 0 transept list --filter abi/callee-saved
(($(wc -l <"$work/out") == 11)) || fail "$what: not all of them"
out_lacks 'has no form'

# A reader that goes away is no error.
transept list 2>"$work/err" | head -n 1 >"$work/out"
[[ ${PIPESTATUS[0]} == 0 && $(wc -l <"$work/out") == 1 ]] || fail 'transept list | head'
# A disk that is full is one.
if [[ -c /dev/full ]]; then
    status=0
    transept list >/dev/full 2>"$work/err" || status=$?
    what='transept list >/dev/full'
    ((status == 2)) || fail "$what: exit status $status, wanted 2"
    err_has 'could not be written'
    (($(wc -l <"$work/err") == 1)) || fail "$what: not one line on stderr"
fi

expect 0 transept show syscall/getppid/raw
for word in what needs measured 'made of' source; do out_has "  $word"; done
expect 0 transept show abi/args-int
out_has 'parameters  n = 0..16'

expect 0 transept doctor
grep -v '^ *mend it: ' "$work/out" >"$work/wrapped" # remedies stay whole: they are there to be pasted
narrow "$work/wrapped"
subjects=(load gaps aslr thp clock pmu)
[[ -z ${EMULATOR:-} ]] || subjects=(emulator clock pmu) # the host's settings say nothing of counts
for subject in "${subjects[@]}"; do
    grep -Eq "(^| )$subject: " "$work/out" || fail "$what: nothing on $subject"
done
first=$(grep -nm 1 '^ok ' "$work/out" | cut -d: -f 1)
worse=$(sed -n "$first,/^Clock and counters/p" "$work/out" | grep -c '^WARNING')
((worse == 0)) || fail "$what: a warning stands behind what is well"

# In a window of 60 columns.
if command -v script >/dev/null; then
    script -qec "stty cols 60; ${prefix[*]} '$TRANSEPT' list -f barrier; ${prefix[*]} '$TRANSEPT' doctor" /dev/null </dev/null |
        tr -d '\r' >"$work/out"
    # A remedy, an id and a path have no place where they could be broken.
    grep -v '^ *mend it: \|^[^ ]*/\| /sys/\| /proc/' "$work/out" | while IFS= read -r line; do
        ((${#line} <= 60)) || printf '%s\n' "$line"
    done >"$work/err"
    [[ ! -s $work/err ]] || fail 'lines of over 60 columns in a window of 60'
else
    skip 'windows: there is no script(1)'
fi
finish
