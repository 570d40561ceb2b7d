#!/usr/bin/env bash
# All tests, with what they need beyond cargo: a Python with DuckDB, which runs our SQL and must give our numbers;
# LibreOffice, which must open what we write.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${CARGO_TARGET_DIR:-target}/python"
if ! "$venv/bin/python" -c 'import duckdb' 2>/dev/null; then
    python3 -m venv "$venv" || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv "$venv"; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check duckdb
fi
case "$venv" in /*) ;; *) venv="$PWD/$venv" ;; esac
if ! command -v soffice >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends libreoffice-calc libreoffice-writer poppler-utils
    else
        echo "LibreOffice (soffice) is not installed: tests that need it are skipped" >&2
    fi
fi
export JUNHENG_PYTHON="$venv/bin/python"
cargo test "$@"
