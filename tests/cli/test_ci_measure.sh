#!/usr/bin/env bash
# ci/measure: times, exact counts, another revision; and that ci/check judges what it leaves.
# shellcheck disable=SC2016,SC2317 # Markdown has backquotes; expect and refused call what is defined here
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/ci.sh
. "$here/ci.sh"

expect 0 "$ci/measure" --help
out_has '--count'
refused 'unknown ARCH "vax"' "$ci/measure" --arch vax
refused '--suite needs a value' "$ci/measure" --suite
refused 'leave out --build' "$ci/measure" --ref HEAD --build "$BUILD_DIR"
refused 'there is no' "$ci/measure" --build nowhere
if [[ -z ${EMULATOR:-} && -z ${SANITIZE:-} ]]; then
    mkdir -p got/x86_64 got/arm64
    expect 0 "$ci/measure" --build "$BUILD_DIR" --filter syscall/getppid/raw --suite quick --rounds 3 --output got --time 5ms
    arch=$("$SOURCE_DIR/scripts/arch" native | cut -d ' ' -f 1)
    python 'record = json.load(open(sys.argv[1])); assert record["cases"][0]["metrics"]["time"]["evidence"] == "measured" and record["run"]["suite"] == "quick" and record["run"]["rounds"] == 3' \
        "got/$arch/latest.json" || fail "$what: not what was asked for"
    [[ -x got/$arch/transept ]] || fail "$what: the binary is not beside the record"
    # What cannot be run leaves no result of an earlier run.
    refused 'nothing/matches' "$ci/measure" --build "$BUILD_DIR" --output got --filter nothing/matches
    [[ ! -e got/$arch/latest.json ]] || fail "$what: the earlier record is still there"
fi

# Another revision, in a repository with these scripts, whose make is a stand-in that `builds` a command from the revision's own source.
mkdir -p rev/ci rev/scripts
cp "$ci/measure" "$ci/lib.sh" rev/ci/
cp "$SOURCE_DIR/scripts/arch" rev/scripts/
printf '/build\n' >rev/.gitignore
cat >rev/fake <<'FAKE'
#!/bin/bash
while (($# > 0)); do [[ $1 != --output ]] || folder=$2; shift; done
mkdir -p "$folder/ARCH"
printf '{"machine": {"executed_by": {"kind": "hardware"}}, "of": "OLD"}' >"$folder/ARCH/latest.json"
FAKE
sed -i "s/ARCH/$("$SOURCE_DIR/scripts/arch" native | cut -d ' ' -f 1)/" rev/fake
git_here init -q rev
git -C rev add .
git_here -C rev commit -q -m old
sed -i 's/OLD/NEW/' rev/fake
git -C rev add fake
git_here -C rev commit -q -m new
mkdir bin
cat >bin/make <<'MAKE'
#!/bin/bash
while (($# > 0)); do [[ $1 != -C ]] || tree=$2; shift; done
echo "built in $tree" >>"$0.log"
mkdir -p "$tree/build/native/bench" && install -m 755 "$tree/fake" "$tree/build/native/bench/transept"
MAKE
chmod +x bin/make
revision() { PATH=$work/bin:$PATH rev/ci/measure "$@"; }
expect 0 revision --output now
grep -qr NEW now || fail "$what: not the checkout as it stands"
expect 0 revision --ref HEAD^ --output base-of
grep -qr OLD base-of || fail "$what: not the revision"
[[ -z $(git -C rev status --porcelain) ]] || fail "$what: the checkout changed"
expect 0 revision --ref HEAD^ --output base-of
rm -rf rev/build # as `make clean` does
expect 0 revision --ref HEAD^ --output base-of
refused 'there is no revision nowhere' revision --ref nowhere
printf '#!/bin/bash\necho it is broken >&2; exit 2\n' >bin/make
expect 2 revision --ref HEAD^ --output base-of
err_has 'cannot build HEAD^'

if [[ -z ${SANITIZE:-} ]] && ((failures == 0)); then
    # shellcheck source=tests/cli/emulated.sh
    . "$here/emulated.sh" # ends the test here where there is nothing to count with
    expect 0 "$ci/measure" --arch "$arch" --count --build "$BUILD_DIR" --output counted --filter syscall/getppid/raw
    python 'metrics = json.load(open(sys.argv[1]))["cases"][0]["metrics"]; assert metrics["instructions"]["evidence"] == "counted" and "time" not in metrics' \
        counted/*/latest.json || fail "$what: not counted"
    sed -i 's/cases: .abi.,/cases: [syscall],/' gate.yaml
    expect 0 check --baseline counted counted
    out_has "counts (instructions, counted, threshold 0 %): 1 pass, 0 worse"
fi
finish
