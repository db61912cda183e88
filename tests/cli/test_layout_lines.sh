#!/usr/bin/env bash
# Lines touched: what the layout family works out is what a modelled first-level cache (64-byte lines, 64 KiB) misses in arrays that do not
# fit it; and an object that begins amid a line costs more of them.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/emulated.sh
. "$here/emulated.sh"

expect 0 emulate --counts model=neoverse-n1 "$arch" "$TRANSEPT" run --count --counters none --suite thorough --rounds 1 \
    --output "$work/r" --filter 'layout/assign/*/ws=llc,layout/scan/wide-*/ws=llc,layout/scan/*/fields=1/ws=llc,layout/hot-cold/*/ws=llc,layout/object/mark/size=64/offset=0,layout/object/mark/size=64/offset=16,layout/object/mark/size=64/offset=56'
records=("$work"/r/*/latest.json)
expect 0 python3 - "${records[0]}" <<'CHECK'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    cases = {case["id"][len("layout/"):]: case["metrics"] for case in json.load(file)["cases"]}
value = lambda case, metric: cases[case][metric]["p50"]["value"]
misses = lambda case: value(case, "l1d-misses:neoverse-n1")
bad = []
arrays = [case for case in cases if case.endswith("ws=llc")]
for case in arrays:
    lines = value(case, "lines") * (8 if "fields=" in case else 1)  # an op of these is eight objects
    if abs(misses(case) - lines) > 0.03 * lines:
        bad.append(f"{case}: {misses(case):g} misses an op, {lines:g} lines")
if len(arrays) != 9:
    bad.append(f"{len(arrays)} arrays: {arrays}")
if not misses("assign/wide-first/ws=llc") <= misses("assign/wide-last/ws=llc"):
    bad.append("wide-first misses more than wide-last")
for offset in (16, 56):
    if not misses(f"object/mark/size=64/offset={offset}") > 1.1 * misses("object/mark/size=64/offset=0"):
        bad.append(f"64 bytes at offset {offset} miss no more than at 0")
sys.exit("\n".join(bad) or None)
CHECK
finish
