#!/usr/bin/env bash
# What is chosen: suites, filters, CPUs, counters. What is wrong with them is one line that says where and what to do.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

refused 'there are claims, default, facts, quick, selfbench, thorough' transept run --suite qiuck
refused 'No such file or directory' transept run --suite "$work/none.yaml"

printf 'name: mine\nabout: broken\ncases: [syscall\nrounds: 3\n' >"$work/syntax.yaml"
refused "$work/syntax.yaml:4:" transept run --suite "$work/syntax.yaml"
printf 'name: mine\nabout: broken\ncases: [syscall]\nrouds: 3\n' >"$work/key.yaml"
refused "$work/key.yaml:4:1: unknown key 'rouds'; did you mean 'rounds'?" transept list --suite "$work/key.yaml"
printf 'name: mine\nabout: broken\ncases: [syscall]\ntime: 3 s\n' >"$work/value.yaml"
refused "$work/value.yaml:4:7: " transept run --dry-run --suite "$work/value.yaml"
printf 'name: mine\nabout: broken\ncases: [syscal]\n' >"$work/pattern.yaml"
refused "$work/pattern.yaml:3:9: pattern 'syscal' matches none of the" transept run --dry-run --suite "$work/pattern.yaml"

refused "the nearest is 'syscall/getppid'" transept run --filter syscall/getpid
refused "the nearest is 'syscall'" transept list --filter syscal
refused "'/^nothing$/' matches none" transept list --filter '/^nothing$/'
refused 'is broken' transept list --filter '/(/'
refused 'no closing slash' transept list --filter '/abc'
refused 'nothing stands at character' transept list --filter 'syscall,'
refused "the nearest is 'syscall/getppid/raw'" transept show syscall/getppid/rwa
refused 'unknown counter' transept run --filter syscall/getppid --counters nosuchevent

# A CPU that the machine has and this process may not use.
if (($(nproc) > 1)) && command -v taskset >/dev/null; then
    first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
    refused 'not usable here' taskset -c "$first" "${prefix[@]}" "$TRANSEPT" run --filter syscall/getppid --cpu $((first + 1))
else
    skip 'a CPU outside the affinity mask: this machine has one CPU only'
fi
refused 'not usable here' transept run --filter syscall/getppid --cpu 100000

# The built-in suites speak of cases that there are, and load from their files too.
for file in "$SOURCE_DIR"/bench/suites/*.yaml; do
    expect 0 transept run --dry-run --suite "$file"
    out_has "of suite $(basename "$file" .yaml) run here"
done

# A plan is a plan: its seed decides, nothing is measured, nothing is written.
expect 0 transept run --dry-run --suite quick --filter syscall --rounds 4 --time 10ms --seed 7 --output "$work/results"
out_has '4 rounds of 10 ms'
out_has 'seed 7'
out_has 'syscall/getppid/raw'
[[ ! -e $work/results ]] || fail "$what: wrote something"
[[ ! -s $work/err ]] || fail "$what: something on stderr"
finish
