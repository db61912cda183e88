#!/usr/bin/env bash
# scripts/peers: its arithmetic on known records, its misuse, and a session of seconds in which all maps that are here have to agree. How fast
# they are is for make peers.
#
# `expect` calls peers by name.
# shellcheck disable=SC2317
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
unset PEERS_BIG
peers() { /usr/bin/python3 "$SOURCE_DIR/scripts/peers" "$@"; }

expect 0 /usr/bin/python3 "$SOURCE_DIR/tests/tools/test_peers.py"
expect 2 peers --sizes 1000,many
err_has "'1000,many' is not a list of numbers"
expect 2 peers --rounds 1
err_has "'1' is not a number from 2 to"
expect 2 peers --cpu 100000
err_has 'CPU 100000 is not ours to use'
expect 1 peers --read "$work/nothing.json"
err_has 'No such file'
echo '{"format": "other"}' >"$work/other.json"
expect 1 peers --read "$work/other.json"
err_has 'is no record of scripts/peers'
expect 2 make --no-print-directory -C "$SOURCE_DIR" peers ARCH="$([[ $(uname -m) == s390x ]] && echo arm64 || echo s390x)"
err_has 'leave out ARCH'

# The session itself is of this machine, whatever else is tested.
if [[ -n ${EMULATOR:-} || -n ${SANITIZE:-} ]]; then
    skip 'a session: it belongs to the native preset'
    finish
fi
# What it builds is kept in the build folder for the next time.
build=${BUILD_DIR:?}/peers-test
session=(peers --build "$build" --output "$work/kept" --rounds 2 --repetitions 1 --seed 7)
expect 0 "${session[@]}" --sizes 1000,30000
narrow "$work/out"
out_has '× boost'
out_has 'goal, for putall'
for name in boost abseil khash std uthash glib go; do
    if reason=$(sed -n "s/^$name  *ABSENT: //p" "$work/out") && [[ -n $reason ]]; then
        skip "$name: $reason"
    else
        grep -Eq "^$name +[0-9.]+ +[0-9.]+" "$work/out" || fail "$what: no figures of $name"
    fi
done
# The record prints as the session did. A checksum that differs is an error that is named.
cp "$work/out" "$work/first"
expect 0 peers --read "$work/kept/latest.json"
cmp -s "$work/first" "$work/out" || fail "$what: other tables than the session's"
sed -i '0,/"sum": "[0-9a-f]*"/s//"sum": "00000000000000ff"/' "$work/kept/latest.json"
expect 1 peers --read "$work/kept/latest.json"
err_has 'scripts/peers: WRONG: '
finish
