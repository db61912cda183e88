# Packages of foreign architectures, without touching the host's package state and without root: APT runs on a private
# configuration and only downloads. To be sourced; the script that does so has `say` and `fail`, sets `work` to a folder
# of its own and `stubs` to the packages that the resolver is to take for installed.
#
# Where packages come from is read from the host's own APT sources. TRANSEPT_ARCHIVE=<base address> overrides that:
# Ubuntu keeps foreign instruction sets in a separate "ports" archive, which an x86_64 host's sources do not name.
# shellcheck shell=bash disable=SC2154

# The suite that packages are taken from: the host's, so that both sides have the same versions of everything, but
# for riscv64, which became a release architecture only with trixie.
suite_for() {
    local debian=$1 host=$2
    if [[ $debian == riscv64 && $host =~ ^(buster|bullseye|bookworm)$ ]]; then
        printf 'trixie\n'
    else
        printf '%s\n' "$host"
    fi
}

# host_sources: every enabled binary source of the host as deb822 stanzas, from both of APT's formats.
host_sources() {
    local sourcelist sourceparts file
    eval "$(apt-config shell sourcelist Dir::Etc::sourcelist/f sourceparts Dir::Etc::sourceparts/d)"
    for file in "$sourcelist" "$sourceparts"*.list; do
        # deb [option=value …] address suite component…   # comment
        [[ ! -r $file ]] || sed -E -n '
            s/[[:space:]]*#.*//
            /^[[:space:]]*deb[[:space:]]/p' "$file"
    done | awk '
        {
            options = ""
            if (match($0, /\[[^]]*\]/)) {
                options = substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
            }
            print "Types: deb\nURIs: " $2 "\nSuites: " $3
            components = ""
            for (i = 4; i <= NF; i++) components = components " " $i
            print "Components:" components
            count = split(options, option, /[[:space:]]+/)
            for (i = 1; i <= count; i++) {
                equals = index(option[i], "=")
                if (equals == 0) continue
                name = substr(option[i], 1, equals - 1)
                if (name == "arch") name = "architectures"
                value = substr(option[i], equals + 1)
                gsub(/,/, " ", value)
                print name ": " value
            }
            print ""
        }'
    for file in "$sourceparts"*.sources; do
        [[ -r $file ]] || continue
        sed '/^#/d' "$file"
        echo # lest two files' stanzas run together
    done
}

# private_sources DEBIAN-ARCH HOST-SUITE SUITE: of the stanzas on stdin, those that are the distribution's archive,
# with SUITE put in place of the host's. Third parties' sources are left out by suite and component. Entries that name
# the foreign architecture outright are taken alone where there are any: that is how Ubuntu's ports are written.
private_sources() {
    awk -v RS='' -v arch="$1" -v host="$2" -v suite="$3" -v archive="${TRANSEPT_ARCHIVE-}" '
        function field(name,    i) { return (name in value) ? value[name] : "" }
        function has(list, word) { return index(" " list " ", " " word " ") > 0 }
        {
            delete value
            name = ""
            count = split($0, line, "\n")
            for (i = 1; i <= count; i++) {
                if (line[i] ~ /^[ \t]/) {            # a continued field: a key within the stanza
                    value[name] = value[name] "\n" line[i]
                } else {
                    colon = index(line[i], ":")
                    name = tolower(substr(line[i], 1, colon - 1))
                    value[name] = substr(line[i], colon + 1)
                    gsub(/^[ \t]+|[ \t]+$/, "", value[name])
                }
            }
            if (!has(field("types"), "deb") || tolower(field("enabled")) ~ /^(no|false|0|off|without|disable)$/) next
            if (field("uris") ~ /^cdrom:/) next

            suites = ""
            count = split(field("suites"), word, /[ \t\n]+/)
            for (i = 1; i <= count; i++) {
                pocket = word[i]
                if (sub("^(" host "|" suite "|stable|oldstable|testing)", "", pocket) && pocket ~ /^(-updates|-security)?$/)
                    suites = suites " " suite pocket
                else if (word[i] == "sid" || word[i] == "unstable")
                    suites = suites " " word[i]
            }
            components = ""
            if (has(field("components"), "main")) components = " main"
            if (has(field("components"), "universe")) components = components " universe"
            if (suites == "" || components !~ /main/) next

            # A key that signs one release only does not sign the next.
            key = field("signed-by")
            if (suite != host && key ~ /debian-archive-[a-z-]+\.(gpg|asc|pgp)$/)
                key = "/usr/share/keyrings/debian-archive-keyring.gpg"
            uris = field("uris")
            if (archive != "") {
                if (done++) next
                uris = archive
                suites = " " suite " " suite "-updates"
            }
            stanza = "Types: deb\nURIs: " uris "\nSuites:" suites "\nComponents:" components "\n"
            if (key != "") stanza = stanza "Signed-By: " key "\n"
            # An archive of the past, or one that the host trusts unsigned, stays so.
            split("trusted check-valid-until check-date valid-until-max", keep, " ")
            for (i = 1; i <= 4; i++) if (keep[i] in value) stanza = stanza keep[i] ": " value[keep[i]] "\n"
            if (has(field("architectures"), arch)) named = named stanza "\n"
            else others = others stanza "\n"
        }
        END { printf "%s", named != "" ? named : others }'
}

# apt_configuration DEBIAN-ARCH: how to reach the archive (proxies, time limits, expired releases) stays as on the
# host; everything that names a place or runs a program after APT does not.
apt_configuration() {
    apt-config dump | grep -E '^Acquire::' | grep -Ev '^Acquire::(IndexTargets|CompressionTypes|GzipIndexes|Changelogs|Languages|cdrom)' || true
    cat <<CONFIGURATION
Dir::Etc::parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::sourcelist "$work/apt/archive.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$work/apt/state";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt/cache";
Dir::Log "$work/apt/log";
APT::Architecture "$1";
APT::Architectures { "$1"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONFIGURATION
}

# complaint FILE: the line of APT's output that says what went wrong.
complaint() { grep -m1 -E '^ .* : (Pre-)?Depends: ' "$1" || grep -m1 '^E:' "$1" || grep -m1 '^W:' "$1" || tail -n1 "$1"; }

# The host's release; the variable is for tests.
host_suite() {
    # shellcheck source=/dev/null
    (. "${TRANSEPT_OS_RELEASE:-/etc/os-release}" && printf '%s\n' "${VERSION_CODENAME:-sid}")
}

# download ARCH DEBIAN-ARCH PACKAGE...: fills $work/apt/cache/archives with the packages and what they depend on,
# and says in $work/apt/suite where from. The resolver is told that those named in $stubs are installed.
download() {
    local name=$1 debian=$2 host suite stub log="$work/apt/output"
    shift 2
    host=$(host_suite)
    suite=$(suite_for "$debian" "$host")

    mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial,log}
    for stub in "${stubs[@]}"; do
        printf 'Package: %s\nStatus: install ok installed\nArchitecture: %s\nMulti-Arch: allowed\nVersion: 999:0\nMaintainer: none\nDescription: left out\n\n' \
            "$stub" "$debian"
    done >"$work/apt/status"
    host_sources | private_sources "$debian" "$host" "$suite" >"$work/apt/archive.sources"
    [[ -s $work/apt/archive.sources ]] ||
        fail "no source for $host in /etc/apt/sources.list{,.d}: add the distribution's archive there, or set TRANSEPT_ARCHIVE=<its base address>"
    apt_configuration "$debian" >"$work/apt/apt.conf"
    local -x APT_CONFIG=$work/apt/apt.conf

    # A source that fails (a third party's that slipped through) matters only if a package is then missing.
    apt-get -q update >"$log" 2>&1 || true
    if ! apt-cache show "$1" >/dev/null 2>&1; then
        if grep -Eq "^[EW]: (Failed|The repository .* (no longer|does not) have)" "$log"; then
            fail "cannot read suite $suite for $name: $(complaint "$log")"
        elif grep -Eq '^[EW]: ' "$log"; then
            fail "suite $suite for $name: $(complaint "$log")"
        fi
        fail "the archive in this host's package sources has no $debian in suite $suite; name one that has: TRANSEPT_ARCHIVE=<base address> (on Ubuntu: the ports archive)"
    fi
    apt-get -q -y --download-only --no-install-recommends install "$@" >"$log" 2>&1 ||
        fail "cannot download the packages of $name: $(complaint "$log")"
    printf '%s\n' "$suite" >"$work/apt/suite"
}
