#!/usr/bin/env bash
# The arithmetic of scripts/selfbench: known records, known verdicts.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1

expect 0 python3 "$SOURCE_DIR/tests/tools/test_selfbench.py"
expect 1 "$SOURCE_DIR/scripts/selfbench"
err_has 'usage: scripts/selfbench RECORD.json'
finish
