#!/usr/bin/env bash
# The set-up scripts and the Makefile's arguments, without network and without changing the machine: package managers
# are played by stand-ins on the PATH. Run it alone with SOURCE_DIR=. tests/cli/test_scripts.sh
#
# Stand-ins are scripts in single quotes; functions and programs are called by name.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=tests/cli/own_make.sh
. "$(dirname "$0")/own_make.sh"
unset TRANSEPT_ARCHIVE TRANSEPT_SYSROOTS

cd "${SOURCE_DIR:?names the checkout}"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
failed=0

# expect WHAT WANTED GOT
expect() {
    [[ $2 == "$3" ]] && return
    printf 'FAILED %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
    failed=1
}

# expect_match WHAT PATTERN GOT
expect_match() {
    [[ $3 =~ $2 ]] && return
    printf 'FAILED %s\n  wanted a match of: %s\n  got: %s\n' "$1" "$2" "$3"
    failed=1
}

# status COMMAND...: its exit status, output to $work/out and $work/err.
status() {
    local result=0
    "$@" >"$work/out" 2>"$work/err" || result=$?
    printf '%s' "$result"
}

err() { cat "$work/err"; }

# stand_in NAME BODY: a program of that name on the PATH of `with_stand_ins`.
stand_in() {
    printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

with_stand_ins() { env PATH="$work/bin:$PATH" "$@"; }

names_of_instruction_sets() {
    local alias row
    row=$(scripts/arch arm64)
    expect 'scripts/arch arm64' 'arm64 arm64 aarch64-linux-gnu aarch64' "${row% *}"
    for alias in ppc64le powerpc64le ppc64el; do
        row=$(scripts/arch $alias)
        expect "alias $alias" ppc64el "${row%% *}"
    done
    expect 'armv7 is armhf' armhf "$(scripts/arch armv7 | cut -d' ' -f1)"
    expect 'this host is native' native "$(scripts/arch "$(scripts/arch native | cut -d' ' -f1)" | cut -d' ' -f5)"
    expect 'an unknown name is exit 2' 2 "$(status scripts/arch vax)"
    expect 'an unknown name is one line' 'unknown ARCH "vax": choose one of x86_64 arm64 riscv64 ppc64el s390x armhf' "$(err)"
    expect 'make with an unknown name is exit 2' 2 "$(status make -s run ARCH=vax)"
    expect 'make with an unknown name is one line' 1 "$(wc -l <"$work/err")"
    expect_match 'make names what is known' 'unknown ARCH "vax": choose one of x86_64' "$(err)"
}

# Every preset of a foreign instruction set has its toolchain, and the toolchain agrees with the table.
toolchains_agree_with_the_table() {
    local name triplet qemu file
    for name in $(scripts/arch --list); do
        read -r _ _ triplet qemu _ <<<"$(scripts/arch "$name")"
        file=cmake/toolchain/$name.cmake
        expect "$file" "$name $triplet $qemu" \
            "$(sed -n 's/^set(TRANSEPT_\(ARCH\|TRIPLET\|QEMU\) \(.*\))/\2/p' "$file" | tr '\n' ' ' | sed 's/ $//')"
        grep -q "\"name\": \"$name\"" CMakePresets.json || expect "preset $name" present absent
    done
}

packages_are_installed_only_when_missing() {
    mkdir -p "$work/bin"
    stand_in apt-get "echo \"\$*\" >>'$work/apt'"
    # Everything is there: nothing is said and APT is not asked.
    stand_in dpkg-query 'shift 3; for name; do echo "installed $name"; done'
    expect 'nothing missing: exit' 0 "$(status with_stand_ins scripts/deps build)"
    expect 'nothing missing: silence' '' "$(cat "$work/out" "$work/err")"
    [[ ! -e $work/apt ]] || expect 'nothing missing: APT not run' '' "$(cat "$work/apt")"

    # One is not, and pkgconf does for pkg-config.
    stand_in dpkg-query 'shift 3; for name; do
        case $name in libgsl-dev | pkg-config) ;; *) echo "installed $name";; esac; done'
    if [[ $EUID -eq 0 ]]; then
        expect 'as root: exit' 0 "$(status with_stand_ins scripts/deps build)"
        expect 'as root: one line' 'installing for build: libgsl-dev' "$(err)"
        expect 'as root: APT' \
            $'-qq update\n-qq install -y --no-remove --no-install-recommends libgsl-dev' "$(cat "$work/apt")"
        stand_in apt-get 'echo "E: no network"; exit 100'
        expect 'APT fails: exit' 1 "$(status with_stand_ins scripts/deps build)"
        expect_match 'APT fails: its words are shown' 'E: no network' "$(err)"
    fi
    expect 'unknown set' 2 "$(status scripts/deps everything)"
    expect 'unknown ISA' 2 "$(status scripts/deps cross vax)"
}

# In a copy, so that the checkout's own stays.
the_workflow_linter_comes_once() {
    local copy=$work/copy
    mkdir -p "$work/bin" "$copy/ci"
    cp -R scripts "$copy/"
    cp -R ci/lint "$copy/ci/"
    stand_in dpkg-query 'shift 3; for name; do echo "installed $name"; done'
    stand_in npm "echo \"\$*\" >>'$work/npm'"
    expect 'npm: exit' 0 "$(status with_stand_ins "$copy/scripts/deps" lint)"
    expect 'npm: one line' 'installing for lint: what ci/lint/package.json names, by npm' "$(err)"
    expect 'npm again: exit' 0 "$(status with_stand_ins "$copy/scripts/deps" lint)"
    expect 'npm again: silence' '' "$(cat "$work/out" "$work/err")"
    expect 'npm: asked once' 1 "$(wc -l <"$work/npm")"
    expect_match 'npm: by the lock file' '^ci .*--ignore-scripts' "$(cat "$work/npm")"
    echo >>"$copy/ci/lint/package-lock.json"
    stand_in npm 'echo "npm error: no network"; exit 1'
    expect 'npm fails: exit' 1 "$(status with_stand_ins "$copy/scripts/deps" lint)"
    expect_match 'npm fails: its words are shown' 'npm error: no network' "$(err)"
    expect 'npm failed: nothing passes for installed' 1 "$(status with_stand_ins "$copy/scripts/deps" lint)"
    # The lock file says what, and not where from: that is for whoever runs npm to say.
    expect 'the lock file has no address' 0 "$(grep -c '://' ci/lint/package-lock.json || true)"
}

without_root_the_line_to_paste_is_printed() {
    local run=(env "PATH=$work/bin:$PATH")
    mkdir -p "$work/bin"
    rm -f "$work/apt"
    stand_in apt-get "echo \"\$*\" >>'$work/apt'"
    stand_in sudo 'exit 1'
    stand_in dpkg-query 'shift 3; for name; do [[ $name == libgsl-dev ]] || echo "installed $name"; done'
    if [[ $EUID -eq 0 ]]; then
        command -v setpriv >/dev/null || { echo 'not shown here: what happens without root (no setpriv)'; return; }
        chmod -R a+rX "$work"
        setpriv --reuid=65534 --clear-groups test -x "$PWD/scripts/deps" ||
            { echo 'not shown here: what happens without root (the checkout is readable by root only)'; return; }
        run=(setpriv --reuid=65534 --clear-groups "${run[@]}")
    fi
    expect 'without root: exit' 1 "$(status "${run[@]}" scripts/deps build)"
    expect 'without root: the line' \
        "sudo sh -c 'apt-get update && apt-get install -y --no-remove --no-install-recommends libgsl-dev'" "$(tail -n1 "$work/err")"
    [[ ! -e $work/apt ]] || expect 'without root: APT not run' '' "$(cat "$work/apt")"
}

# sources ARCH: what scripts/sysroot makes of the host's sources in $work/etc, on a host of release $1.
sources() {
    printf 'VERSION_CODENAME=%s\n' "$1" >"$work/os-release"
    printf 'Dir::Etc "%s/etc";\n' "$work" >"$work/apt.conf"
    APT_CONFIG=$work/apt.conf TRANSEPT_OS_RELEASE=$work/os-release scripts/sysroot --sources "$2"
}

sources_come_from_the_host() {
    local wanted
    command -v apt-config >/dev/null || { echo 'not shown here: reading of APT sources (no APT)'; return; }
    mkdir -p "$work"/etc/{sources.list,apt.conf}.d
    cat >"$work/etc/sources.list" <<-'LIST'
		# deb http://commented.example/debian bookworm main
		deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main contrib # trailing
		deb-src http://source.example/debian bookworm main
		deb cdrom:[Debian] bookworm main
		deb http://third.example/apt bookworm-pgdg main
		deb http://other.example/docker bookworm stable
	LIST
    cat >"$work/etc/sources.list.d/a.sources" <<-'SOURCES'
		# A comment.
		Types: deb deb-src
		URIs: http://two.example/debian
		#Suites: buster
		Suites: bookworm bookworm-updates bookworm-backports
		Components: main non-free-firmware
		Check-Valid-Until: no
		Signed-By:
		 -----BEGIN PGP PUBLIC KEY BLOCK-----
		 .
		 AAAA

		Enabled: no
		Types: deb
		URIs: http://disabled.example/debian
		Suites: bookworm
		Components: main
	SOURCES
    wanted='Types: deb
URIs: http://one.example/debian
Suites: bookworm
Components: main
Signed-By: /k.gpg

Types: deb
URIs: http://two.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: 
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 AAAA
check-valid-until: no'
    expect 'sources of both formats' "$wanted" "$(sources bookworm arm64)"
    expect 'riscv64 on bookworm comes from trixie' $'Suites: trixie\nSuites: trixie trixie-updates' \
        "$(sources bookworm riscv64 | grep Suites)"
    expect 'a release without sources' '' "$(sources noble arm64)"
    expect 'another archive may be named' 'URIs: http://named.example/debian' \
        "$(TRANSEPT_ARCHIVE=http://named.example/debian sources bookworm arm64 | grep URIs)"

    # Ubuntu with its ports archive written for the foreign architectures.
    rm -r "${work:?}/etc"
    mkdir -p "$work"/etc/{sources.list,apt.conf}.d
    cat >"$work/etc/sources.list" <<-'LIST'
		deb [arch=amd64] http://archive.example/ubuntu noble main universe
		deb [ arch=arm64,riscv64 ] http://ports.example/ubuntu noble main universe
		deb [ arch=arm64,riscv64 ] http://ports.example/ubuntu noble-updates main restricted universe
	LIST
    wanted='Types: deb
URIs: http://ports.example/ubuntu
Suites: noble
Components: main universe

Types: deb
URIs: http://ports.example/ubuntu
Suites: noble-updates
Components: main universe'
    expect 'ports named for the architecture' "$wanted" "$(sources noble riscv64)"
}

names_of_instruction_sets
toolchains_agree_with_the_table
packages_are_installed_only_when_missing
the_workflow_linter_comes_once
without_root_the_line_to_paste_is_printed
sources_come_from_the_host
[[ $failed -eq 0 ]] && echo ok
exit "$failed"
