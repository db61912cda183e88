#!/usr/bin/env bash
# Adding a kernel takes one new file and no edit elsewhere: in this tree, and in somebody else's with the installed package. What is
# installed counts exactly too, without this tree, and the same as a build elsewhere.
set -euo pipefail

: "${SOURCE_DIR:?}" "${BUILD_DIR:?}"
if [[ -n ${EMULATOR:-} || -n ${SANITIZE:-} ]]; then
    echo "skipped: this test builds and installs for the machine itself; the native preset runs it"
    exit 77
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() {
    printf 'FAILED %s\n' "$*"
    exit 1
}

# quietly COMMAND…: its output only if it fails
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

# measures BINARY ID: does BINARY list the case, run it well and write it into its record?
measures() {
    local binary=$1 id=$2
    "$binary" list --filter "$id" | grep -q "^$id  *runs here" || fail "$binary does not list $id"
    quietly "$binary" run --filter "$id" --rounds 3 --time 2ms --output "$work/results"
    grep -q "\"$id\"" "$work"/results/*/latest.json || fail "$id is not in the record"
}

echo "in this tree: one new file in a family of its own"
mkdir "$work/tree"
(cd "$SOURCE_DIR" && tar -cf - --exclude=./build --exclude=./sysroots --exclude=./results --exclude=./.git .) | tar -xf - -C "$work/tree"
mkdir "$work/tree/kernels/example"
cp "$SOURCE_DIR/examples/own-kernel/strlen.c" "$work/tree/kernels/example/"
quietly cmake -S "$work/tree" -B "$work/build" -G Ninja -DBUILD_TESTING=OFF
quietly cmake --build "$work/build"
measures "$work/build/bench/transept" example/strlen/bytewise/length=1024
"$work/build/bench/transept" list | grep -q '^syscall/getppid/raw' || fail "the catalogue is gone"

echo "out of tree: the installed package and transept_add_kernels()"
quietly cmake --install "$BUILD_DIR" --prefix "$work/prefix"
quietly cmake -S "$SOURCE_DIR/examples/own-kernel" -B "$work/own" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix"
quietly cmake --build "$work/own"
measures "$work/own/own-kernel" example/strlen/libc/length=16
[[ $("$work/own/own-kernel" list | grep -c 'runs here') -eq 4 ]] || fail "own-kernel lists other cases than its own four"

echo "installed: exact counts of the command and of the own kernel"
cpu=$("$SOURCE_DIR/scripts/arch" native | cut -d ' ' -f 4)
if ! command -v "qemu-$cpu" >/dev/null; then
    echo "SKIPPED there is no qemu-$cpu"
else
    # counts BINARY ID: one exact count of the case's instructions, or the reason why QEMU takes no plugin.
    counts() {
        rm -rf "$work/results"
        (cd / && "$work/prefix/bin/transept-emulate" native "$1" run --count --counters none --filter "$2" --rounds 1 \
            --output "$work/results") >"$work/log" 2>&1 || true
        ! grep -q 'no exact counts' "$work/log" || { echo "SKIPPED $(grep 'no exact counts' "$work/log")"; return 0; }
        grep -q '"counted"' "$work"/results/*/latest.json || { cat "$work/log"; fail "no counts of $2"; }
    }
    mv "$work/prefix" "$work/elsewhere" # an installed tree may be moved: everything is found from where the launcher lies
    mkdir -p "$work/prefix/bin"
    ln -s "$work/elsewhere/bin/transept-emulate" "$work/prefix/bin/transept-emulate"
    counts "$work/elsewhere/bin/transept" syscall/getppid/raw
    counts "$work/own/own-kernel" example/strlen/libc/length=16

    echo "exact counts: the same of two builds of two checkouts in two folders"
    alike='abi/args-int,abi/struct-*,barrier/fence,layout/fields'
    counts "$work/elsewhere/bin/transept" "$alike"
    if grep -q 'no exact counts' "$work/log"; then
        echo "SKIPPED without counts there are none to compare"
    else
        mv "$work/results" "$work/first"
        counts "$work/build/bench/transept" "$alike"
        status=0
        "$work/elsewhere/bin/transept" gate --exact --reference "$work"/first/*/latest.json "$work"/results/*/latest.json \
            >"$work/log" 2>&1 || status=$?
        if grep -q 'another flags than' "$work/log"; then # of the coverage preset, say
            echo "SKIPPED $(<"$work/log")"
        elif ((status != 0)) || ! grep -qE 'the same: [0-9]{3,} counts' "$work/log"; then
            cat "$work/log"
            fail "two builds count otherwise"
        fi
    fi
    rm -rf "$work/prefix"
    mv "$work/elsewhere" "$work/prefix"
    mv "$work/prefix/libexec/transept/transept-count-1.so" "$work/1.so"
    mv "$work/prefix/libexec/transept/transept-count-3.so" "$work/3.so"
    "$work/prefix/bin/transept-emulate" native "$work/prefix/bin/transept" --version 2>&1 >/dev/null |
        grep -q '^transept-emulate: no exact counts, times only: .*which is not there$' || fail "a plugin is gone and nothing is said"
fi

echo "pkg-config: the flags link a program"
pc=$(find "$work/prefix" -name transept.pc -printf '%h')
printf '%s\n' '#include <transept/stats.h>' 'int main(void) { return tsp_stats_needed(0.99) == 300 ? 0 : 1; }' >"$work/needs.c"
# shellcheck disable=SC2046 # flags are words
quietly cc $(PKG_CONFIG_PATH=$pc pkg-config --cflags transept) "$work/needs.c" -o "$work/needs" \
    $(PKG_CONFIG_PATH=$pc pkg-config --libs transept)
"$work/needs" || fail "the program linked by pkg-config's flags"

echo "passed"
