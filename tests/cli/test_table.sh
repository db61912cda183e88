#!/usr/bin/env bash
# The table of stored records, letter by letter. After a wanted change: UPDATE=1 TRANSEPT=… FAULTS=… SOURCE_DIR=. tests/cli/test_table.sh
# and read the difference.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$SOURCE_DIR/tests/golden

# compare NAME: the last output with the golden file.
compare() {
    narrow "$work/out"
    [[ -z ${UPDATE:-} ]] || cp "$work/out" "$golden/table/$1.txt"
    diff -u "$golden/table/$1.txt" "$work/out" >"$work/err" || fail "$what: not as in $1.txt"
}

for record in hardware emulated; do
    expect 0 transept show "$golden/record/$record.json"
    compare "$record"
done
expect 0 transept show "$golden/record/hardware.json" --case 'syscall,align'
compare hardware-details

# The same in a locale that knows ASCII alone.
LC_ALL=C expect 0 transept show "$golden/record/hardware.json"
compare hardware-ascii
! LC_ALL=C grep -q '[^ -~]' "$work/out" || fail "$what: more than ASCII"
finish
