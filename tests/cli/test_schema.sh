#!/usr/bin/env bash
# Records against results/schema/run-1.json, with a validator that we did not write (python3-jsonschema): the golden ones are valid,
# mutated ones are not, and the CSV beside them says the same. Run it alone with SOURCE_DIR=. tests/cli/test_schema.sh
set -euo pipefail
cd "${SOURCE_DIR:?names the checkout}"

if ! /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    echo "FAILED: python3-jsonschema is not there: install it (scripts/deps), no other program here knows JSON Schema" >&2
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1
/usr/bin/python3 tests/tools/validate_record.py tests/golden/record/*.json
/usr/bin/python3 tests/tools/test_schema.py tests/golden/record

# The validator itself fails when it should.
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
sed 's/"suite": "quick"/"suit": "quick"/' tests/golden/record/emulated.json >"$work/typo.json"
sed 's/"value": 250,/"value": 251,/' tests/golden/record/emulated.json >"$work/flipped.json"
printf '{"value": NaN}' >"$work/nan.json"
head -c 1000 tests/golden/record/emulated.json >"$work/cut.json"
for file in typo flipped nan cut missing; do
    if /usr/bin/python3 tests/tools/validate_record.py "$work/$file.json" 2>"$work/err"; then
        echo "FAILED: $file.json was taken" >&2
        exit 1
    fi
    grep -q "$file.json: " "$work/err" || { cat "$work/err" >&2; exit 1; }
done
