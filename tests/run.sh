#!/usr/bin/env bash
# All tests, with what they need beyond cargo: a Python with DuckDB, which runs our SQL and must give our numbers;
# a browser with playwright and axe-core, which uses the page.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${CARGO_TARGET_DIR:-target}/python"
if ! "$venv/bin/python" -c 'import duckdb' 2>/dev/null; then
    python3 -m venv "$venv" || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv "$venv"; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check duckdb
fi
case "$venv" in /*) ;; *) venv="$PWD/$venv" ;; esac
export JUNHENG_PYTHON="$venv/bin/python"
browser="${CARGO_TARGET_DIR:-target}/browser"
if ! { command -v chromium && command -v npm; } >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq chromium nodejs npm fonts-noto-cjk
fi
if [ ! -d "$browser/node_modules/playwright-core" ] && command -v npm >/dev/null; then
    mkdir -p "$browser" && cp tests/browser/package.json "$browser/"
    npm install --prefix "$browser" --no-audit --no-fund --no-package-lock --silent
fi
cargo test "$@"
