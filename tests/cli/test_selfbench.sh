#!/usr/bin/env bash
# The arithmetic of scripts/selfbench and scripts/emulation-cost: known figures, known verdicts.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1

expect 0 python3 "$SOURCE_DIR/tests/tools/test_selfbench.py"
expect 1 "$SOURCE_DIR/scripts/selfbench"
err_has 'usage: scripts/selfbench RECORD.json'
expect 0 python3 "$SOURCE_DIR/tests/tools/test_emulation_cost.py"
expect 1 "$SOURCE_DIR/scripts/emulation-cost"
err_has 'usage: scripts/emulation-cost BUILD'
# A plugin that is not there: nothing to judge, and why.
expect 0 "$SOURCE_DIR/scripts/emulation-cost" "$work/no-build"
out_has 'cannot be told: '

# MODEL means nothing without the emulator, and make says so instead of leaving it out.
refused 'MODEL=zen-4 needs the emulator' make --no-print-directory -C "$SOURCE_DIR" run MODEL=zen-4
finish
