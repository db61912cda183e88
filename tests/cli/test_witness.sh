#!/usr/bin/env bash
# The witnesses of exact counts: their pure parts everywhere; valgrind itself on a few cases, where it can look at this binary.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1

expect 0 python3 "$SOURCE_DIR/tests/tools/test_witness.py"

# What valgrind is to look at: so many calls, each announced.
expect 0 transept ops abi/args-int/direct/n=7 --ops 256,512 --reference
[[ $(cut -f 2,3 "$work/out" | tr '\t\n' ' ,') == 'op 256,op 512,reference 256,reference 512,ok ,' ]] ||
    fail "$what: not the calls that were asked for"
expect 0 transept ops layout/fields
out_lacks $'\top\t'
expect 1 faults ops 'faults/made/lies'
out_has $'\tfailed\t'
refused 'name a case, a pattern of cases, or a --suite' transept ops
refused '--ops' transept ops abi --ops 0
refused 'one too many' transept ops abi syscall
refused 'matches none of the' transept ops abi/args-nit

if [[ -n ${EMULATOR:-} || -n ${SANITIZE:-} || $(uname -m) != x86_64 ]]; then
    skip 'valgrind against the plugin: this is not a plain x86_64 binary on its own machine'
elif ! command -v valgrind >/dev/null || ! command -v qemu-x86_64 >/dev/null; then
    skip 'valgrind against the plugin: needs valgrind and qemu-user (scripts/deps valgrind)'
elif [[ -z $(find "$BUILD_DIR/emulator" -name '*.so' 2>/dev/null) ]]; then
    skip 'valgrind against the plugin: this build has no plugin'
else
    expect 0 "$SOURCE_DIR/ci/valgrind-witness" --build "$BUILD_DIR" --filter 'abi/args-int,syscall/getppid,barrier/fence/*/pending=16'
    out_has ', 0 differ'
fi
finish
