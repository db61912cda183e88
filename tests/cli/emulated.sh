# For command-line tests that count: this build's own instruction set under scripts/emulate with the built plugins. Sourced after lib.sh.
# Gives arch, cpu (QEMU's name), emulate; skips the test where QEMU or its plugin interface is not to be had.
# shellcheck shell=bash disable=SC2154 # prefix is lib.sh's
[[ -z ${SANITIZE:-} ]] || { echo 'SKIPPED under sanitizers: QEMU cannot map their memory'; exit 77; }
arch=native
if [[ ${#prefix[@]} -gt 1 ]]; then # qemu-<cpu> -L <sysroots>/<arch>
    arch=${prefix[2]##*/}
    export TRANSEPT_SYSROOTS=${prefix[2]%/*}
fi
cpu=$("$SOURCE_DIR/scripts/arch" "$arch" | cut -d ' ' -f 4)
command -v "qemu-$cpu" >/dev/null || { echo "SKIPPED there is no qemu-$cpu"; exit 77; }
emulate() { "$SOURCE_DIR/scripts/emulate" --plugins "$BUILD_DIR/emulator" "$@"; }
if emulate "$arch" "$TRANSEPT" --version 2>&1 | grep -q 'no exact counts'; then
    echo "SKIPPED this qemu-$cpu takes no plugin"
    exit 77
fi
