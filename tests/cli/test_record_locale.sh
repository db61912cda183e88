#!/usr/bin/env bash
# Records written and read where the decimal point is a comma: makes such a locale, which no machine need have installed.
set -euo pipefail
: "${BUILD_DIR:?names the build folder}"

if [[ -n ${EMULATOR:-} ]]; then
    echo "skipped: a locale made here has this machine's layout, not that of the emulated one"
    exit 77
fi
if ! command -v localedef >/dev/null || [[ ! -e /usr/share/i18n/locales/de_DE ]]; then
    echo "skipped: localedef or its sources are not installed (Debian: locales)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
localedef --no-archive -i de_DE -f UTF-8 "$work/de_DE.UTF-8"
LOCPATH=$work "$BUILD_DIR/tests/test_record_json" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
grep -q 'OK \] a_decimal_comma_changes_nothing' "$work/out" || { echo "FAILED: the test did not run under the locale"; cat "$work/out"; exit 1; }
