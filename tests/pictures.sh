#!/usr/bin/env bash
# The pictures of the README: a chart as the main command writes it, and its page in a browser.
#
#   tests/pictures.sh target/release/junheng
set -euo pipefail
program="$(realpath "$1")"
cd "$(dirname "$0")/.."
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT
"$program" assess data/demo/大祥区.xlsx --date 2026-03-01 --no-docx --no-pdf --out "$out/结果" >/dev/null
cp "$out/结果/charts/cv.svg" README-chart.svg
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-background-networking \
    --user-data-dir="$out/profile" --window-size=1100,760 --screenshot="$PWD/README-page.png" \
    "file://$out/结果/report.html" 2>/dev/null
