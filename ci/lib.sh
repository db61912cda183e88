# What the pipeline's scripts share. Each sets `me`, its own name, and `home`, the checkout, and sources it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # me and home are the sourcing script's

# usage FILE: the comment at a script's head is its help.
usage() { awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$1"; }

# fail TEXT...: one line, exit 2.
fail() {
    printf '%s: %s\n' "$me" "$*" >&2
    exit 2
}

# needs_value OPTION COUNT: COUNT words are left, the option among them.
needs_value() { (($2 >= 2)) || fail "$1 needs a value; see --help"; }

# records FOLDER: the newest record of each ISA and kind below it, one path a line, relative to it, in order.
records() { (cd "$1" && find -L . -name latest.json -type f -printf '%P\n' | LC_ALL=C sort); }

# executed_by RECORD: hardware or emulator.
executed_by() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8"))["machine"]["executed_by"]["kind"])' "$1" 2>/dev/null
}

# find_transept FILE: FILE, or what `make build` makes where it is empty; it must be there.
find_transept() {
    local file=${1:-$home/build/native/bench/transept}
    [[ -x $file ]] || fail "there is no command $file; build it with \`make build\`, or name one with --transept"
    printf '%s\n' "$file"
}
