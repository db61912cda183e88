#!/usr/bin/env bash
# Folders that cannot be written and disks that are full: one line, before anything is measured where that can be known.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

measure=(run --filter syscall/getppid --rounds 2 --time 2ms)

touch "$work/file"
refused "$work/file" transept "${measure[@]}" --output "$work/file"
refused 'cannot' transept "${measure[@]}" --output /proc/nowhere
if ((EUID != 0)); then
    mkdir -m 500 "$work/closed"
    refused 'Permission denied' transept "${measure[@]}" --output "$work/closed"
else
    skip 'a folder without write permission: root may write everywhere'
fi

# A disk of 64 KiB, of which some is taken: the journal begins, then fails; the record does not fit.
mkdir "$work/disk"
if mount -t tmpfs -o size=64k tmpfs "$work/disk" 2>/dev/null; then
    trap 'umount "$work/disk"; rm -rf -- "$work"' EXIT
    expect 2 transept run --filter 'syscall/*/raw*' --rounds 3 --time 2ms --output "$work/disk/results"
    err_has 'No space left on device'
    out_has 'syscall/getppid' # the table is there all the same
    (($(grep -c 'the run goes on' "$work/err") == 1)) || fail "$what: the journal's failure is not told once"
    find "$work/disk" -name '*.journal' | grep -q . || fail "$what: the journal is gone"
    [[ -z $(find "$work/disk" -name '*.json') ]] || fail "$what: half a record was left"
    dd if=/dev/zero of="$work/disk/fill" bs=1k 2>/dev/null
    refused 'No space left on device' transept "${measure[@]}" --output "$work/disk/other"
else
    skip 'a full disk: mounting a tmpfs is not allowed here'
fi

# A limit of files' size. It would hold for the test's own files, too: what is said comes by a pipe.
if [[ ${SANITIZE:-} == thread ]]; then
    skip "a limit of files' size: the thread sanitizer's own start breaks it"
else
    what='ulimit -f 0'
    status=0
    said=$(ulimit -f 0 && transept "${measure[@]}" --output "$work/limited" 2>&1) || status=$?
    [[ $status == 2 && $said == *'File too large'* ]] || fail "$what: exit status $status: $said"
fi

for text in '' '{' '[]' '{"schema": "transept.run/2"}' '{"schema": "other/1"}'; do
    printf '%s' "$text" >"$work/bad.json"
    refused "$work/bad.json" transept show "$work/bad.json"
done
refused 'No such file' transept show "$work/none.json"
# What has no end is told by how it begins.
refused "does not begin with '{'" timeout 60 "${prefix[@]}" "$TRANSEPT" show /dev/zero
refused "$work" transept show "$work"
finish
