#!/usr/bin/env bash
# The page of transept report in headless Chromium (tests/browser/report.mjs): what it says, keyboard, phone, dark, paper, contrast. It is made of the
# Called by name: report().
# shellcheck disable=SC2317
# built template by the built command; screenshots and the printed page land in build/test-artefacts/report.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

page=$SOURCE_DIR/build/web/report-template.html
web=$SOURCE_DIR/sysroots/web
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
[[ -z ${EMULATOR:-} && -z ${SANITIZE:-} ]] || { skip 'the page is the same for every build: native alone looks at it'; exit 77; }
[[ -r $page && -d $web/node_modules && -n $chromium ]] || {
    [[ ${CI:-} != true ]] || fail 'there is no page or no browser: scripts/web, scripts/deps browser'
    skip 'needs the page and a browser: scripts/web, scripts/deps browser'
    ((failures == 0)) || finish
    exit 77
}

golden=$SOURCE_DIR/tests/golden/report
cd "$work" || exit 1
/usr/bin/python3 "$SOURCE_DIR/tests/tools/make_report_records.py" . || fail 'no records to report'
report() { transept report --template "$page" "$@"; }
expect 0 report "$golden/x86_64.json" --trend trend.json -o one.html
expect 0 report "$golden/x86_64.json" other.json -o two.html
expect 0 report "$golden/x86_64.json" "$golden/arm64.json" -o mixed.html
expect 0 report hostile.json -o hostile.html
for name in one two mixed hostile; do
    (($(stat -c %s $name.html) < 3000000)) || fail "$name.html is $(stat -c %s $name.html) bytes"
    # The one address that may be in it names SVG's elements, and is asked for by nobody.
    ! grep -oE '(src|href)="?https?://[^" >]*' $name.html || fail "$name.html names something outside of itself"
done
what='the page in a browser'
REPORT_FOLDER=$work WEB_MODULES=$web CHROMIUM=$chromium ARTEFACTS=$SOURCE_DIR/build/test-artefacts/report HOME=$work \
    node --test --test-reporter=spec "$SOURCE_DIR/tests/browser/report.mjs" >out 2>err || fail "$what"
grep -E '^ℹ (tests|pass|fail)' out
finish
