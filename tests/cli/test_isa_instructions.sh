#!/bin/sh
# Which instructions the ISA primitives compile to: what TSP_IMPL_… says, which goes into the records, against the table below (which
# is isa.md's) and against the disassembly, with every compiler that is here for one of the six ISAs. No libc is needed for any of them.
set -eu
: "${SOURCE_DIR:?the folder of the sources}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# primitive | parameters | call | x86_64 | arm64 | riscv64 | ppc64el | s390x | armhf
cat >"$work/table" <<'TABLE'
clock_start    | void | ()                       | lfence; rdtsc | isb; mrs cntvct_el0      | fence; rdtime               | isync; mftb                | stckf         | isb; mrrc 15,1,c14
clock_stop     | void | ()                       | rdtscp; lfence| isb; mrs cntvct_el0; isb | rdtime; fence               | mftb                       | stckf         | isb; mrrc 15,1,c14; isb
clock_stated_hz| void | ()                       | cpuid         | mrs cntfrq_el0           | none                        | none                       | none          | none
fence_full     | void | ()                       | mfence        | dmb ish                  | fence rw,rw                 | sync                       | bcr 14,0      | dmb ish
fence_acquire  | void | ()                       | compiler only | dmb ishld                | fence r,rw                  | lwsync                     | compiler only | dmb ish
fence_release  | void | ()                       | compiler only | dmb ish                  | fence rw,w                  | lwsync                     | compiler only | dmb ish
fence_store    | void | ()                       | sfence        | dmb ishst                | fence w,w                   | eieio                      | compiler only | dmb ishst
fence_pipeline | void | ()                       | lfence        | isb                      | fence.i                     | isync                      | compiler only | isb
load_acquire   | uint64_t *p             | (p)    | mov           | ldar                     | ld; fence r,rw              | ld; cmpd; bne-; isync      | lg            | ldrexd; dmb ish
store_release  | uint64_t *p, uint64_t v | (p, v) | mov           | stlr                     | fence rw,w; sd              | lwsync; std                | stg           | dmb ish; ldrexd; strexd
store_seq_cst  | uint64_t *p, uint64_t v | (p, v) | xchg          | stlr                     | fence rw,w; sd; fence rw,rw | sync; std                  | stg; bcr 14,0 | dmb ish; ldrexd; strexd; dmb ish
add_atomic     | uint64_t *p, uint64_t v | (p, v) | lock xadd     | ldaxr; stlxr             | amoadd.d.aqrl               | sync; ldarx; stdcx.; isync | laag          | dmb ish; ldrexd; strexd; dmb ish
spin_hint      | void | ()                       | pause         | isb                      | pause                       | or 27,27,27                | compiler only | yield
line_flush     | void *p | (p)                   | clflush       | dc civac                 | none                        | dcbf                       | none          | none
prefetch       | void *p | (p)                   | prefetcht0    | prfm pldl1keep           | prefetch.r                  | dcbt                       | pfd           | pld
chain_add      | uint64_t x, uint64_t y | (x, y)  | add           | add                      | add                         | add                        | agr           | add
chain_mul      | uint64_t x, uint64_t y | (x, y)  | imul          | mul                      | mul                         | mulld                      | msgr          | mul
syscall0       | long n | (n)                    | syscall       | svc 0                    | ecall                       | sc                         | svc 0         | svc 0
syscall6       | long n, long a | (n, a, 2, 3, 4, 5, 6) | syscall | svc 0                   | ecall                       | sc                         | svc 0         | svc 0
TABLE

# A function a primitive, and its claim as a line that the preprocessor fills in.
{
    echo '#include "transept/isa.h"'
    awk -F ' *[|] *' '{ sub(/ *$/, "", $1)
        printf "#ifdef CLAIMS\nCLAIM %s TSP_IMPL(tsp_%s)\n#else\n", $1, $1
        result = $1 ~ /^(fence|spin|line|prefetch|store)/ ? "void" : "return"
        type = result == "void" ? "void" : $1 ~ /^syscall/ ? "long" : $1 ~ /hz$/ ? "double" : "uint64_t"
        printf "%s probe_%s(%s);\n%s probe_%s(%s) { %s tsp_%s%s; }\n#endif\n", type, $1, $2, type, $1, $2,
               result == "void" ? "" : "return", $1, $3 }' "$work/table"
} >"$work/probe.c"

# Disassembly and claims of one compiler against one column of the table. Prints what differs; its status is the number of differences.
check() { # isa column
    awk -F ' *[|] *' -v isa="$1" -v column="$2" '
        # The disassemblers have names of their own for some encodings, and ways of their own to write operands.
        function pattern(item) {
            if (item == "sync") return "^(hw)?sync$"
            if (item == "bcr 14,0") return "^(bcr 14,(%r)?0|bnor %r0)$"
            if (item == "or 27,27,27") return "^(yield|or r?27,r?27,r?27)$"
            if (item == "svc 0") return "^svc #?(0x)?0+( .*)?$"
            if (item == "pause") return "^(pause|fence w,(0|unknown))$"
            if (item == "prefetch.r") return "^(prefetch.r 0.*|ori? zero,a0,1)$"
            if (item == "mrrc 15,1,c14") return "^mrrc (p?15),#?1,r[0-9]+,r[0-9]+,cr?14$"
            if (item == "isb") return "^isb( sy)?$"
            if (item == "dcbt") return "^dcbt(ct)? "
            if (item == "fence") return "^fence( iorw,iorw)?$"
            if (item ~ /^mrs /) return "^mrs x[0-9]+," substr(item, 5) "$"
            if (item ~ /^(dc|prfm) /) return "^" item ","
            if (item ~ /^(add|mul|imul|mov|xchg|cmpd|teq)$/) return "^" item "(s|q|.w|s.w|.n)? "
            if (item ~ / /) return "^" item "( |$)"
            return "^" item "( |$)"
        }
        FILENAME ~ /table$/ { sub(/ *$/, "", $1); sub(/ *$/, "", $(column)); wanted[$1] = $(column); order[++count] = $1; next }
        FILENAME ~ /claims$/ { name = $0; sub(/^CLAIM /, "", name); sub(/ .*/, "", name)
            text = $0; sub(/^[^"]*"/, "", text); sub(/".*/, "", text); claim[name] = text; next }
        /^[0-9a-f]+ <probe_.*>:$/ { name = $0; sub(/.*<probe_/, "", name); sub(/>.*/, "", name); lines[name] = 0; next }
        /^ *[0-9a-f]+:/ { line = $0; sub(/^ *[0-9a-f]+:[ \t]*/, "", line); sub(/[ \t]+(#|\/\/|@|;) .*$/, "", line)
            gsub(/[ \t]+/, " ", line); gsub(/, /, ",", line); sub(/ $/, "", line); code[name, ++lines[name]] = line }
        END {
            # Where nothing is claimed there must be nothing that orders, hints or flushes.
            special = "^(.*fence.*|lock .*|xchg .*|pause|clflush.*|cpuid|dmb .*|dsb .*|isb.*|yield|wfe|dc .*|(hw|lw|i)?sync|eieio|dcb.*|or .*27|bcr .*|bnor .*|pfd .*|stckf .*|csg .*|pld .*|nop|sev|rd.*|mftb .*|mrs .*|mrrc .*)$"
            for (i = 1; i <= count; ++i) {
                name = order[i]
                if (claim[name] != wanted[name]) {
                    printf "  %s: tsp_%s claims \"%s\", the table says \"%s\"\n", isa, name, claim[name], wanted[name]
                    ++bad
                }
                if (!(name in lines) || lines[name] == 0) { printf "  %s: tsp_%s: no code found\n", isa, name; ++bad; continue }
                items = split(wanted[name], item, "; "); at = 1; found = ""
                if (wanted[name] == "none" || wanted[name] == "compiler only") items = 0
                for (k = 1; k <= lines[name]; ++k) {
                    found = found " | " code[name, k]
                    if (items == 0 && code[name, k] ~ special && code[name, k] !~ /^nop$/) at = -1
                    if (at >= 1 && at <= items && code[name, k] ~ pattern(item[at])) ++at
                }
                if (at != items + 1) {
                    printf "  %s: tsp_%s is not \"%s\" but%s\n", isa, name, wanted[name], found
                    ++bad
                }
            }
            exit bad > 0
        }' "$work/table" "$work/claims" "$work/disassembly"
}

checked=0
failed=0
column=4
for isa in x86_64:x86_64-linux-gnu arm64:aarch64-linux-gnu riscv64:riscv64-linux-gnu ppc64el:powerpc64le-linux-gnu \
    s390x:s390x-linux-gnu armhf:arm-linux-gnueabihf; do
    target=${isa#*:}
    isa=${isa%:*}
    for compiler in "$target-gcc" "clang --target=$target"; do
        # The words of "clang --target=…" are the command and its option.
        # shellcheck disable=SC2086
        set -- $compiler -std=gnu11 -O2 -fomit-frame-pointer -ffreestanding -falign-functions=1 -I "$SOURCE_DIR/harness/include"
        [ "$1" != clang ] || [ "$isa" != s390x ] || set -- "$@" -march=z196
        if ! command -v "$1" >/dev/null || ! command -v "$target-objdump" >/dev/null; then
            echo "$isa: not checked: $1 and $target-objdump are not both installed"
            continue
        fi
        if ! "$@" -w -c "$work/probe.c" -o "$work/probe.o" 2>"$work/errors"; then
            echo "$isa: $compiler does not compile the primitives:"
            sed 's/^/  /' "$work/errors"
            failed=1
            continue
        fi
        "$@" -DCLAIMS -E -P "$work/probe.c" | grep '^CLAIM' >"$work/claims"
        "$target-objdump" -d --no-show-raw-insn "$work/probe.o" >"$work/disassembly"
        if check "$isa" "$column"; then
            echo "$isa: $compiler: $(wc -l <"$work/table") primitives are what they claim"
        else
            echo "$isa: $compiler: see above"
            failed=1
        fi
        checked=$((checked + 1))
    done
    column=$((column + 1))
done
[ "$checked" -gt 0 ] || { echo "no compiler for any of the six ISAs was found" >&2; exit 1; }
exit "$failed"
