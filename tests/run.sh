#!/usr/bin/env bash
# All tests, with what they need beyond cargo: a Python that reads what we write and runs our SQL, LibreOffice,
# which must open our documents, and a browser, which uses the page. What is missing is installed where that can
# be done without asking; where it cannot, the tests that want it say that they are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
case "$target" in /*) ;; *) target="$PWD/$target" ;; esac

# The compiler works while the rest is fetched.
cargo test --no-run "$@" &
compiling=$!

wanted=()
command -v soffice >/dev/null || wanted+=(libreoffice-calc libreoffice-writer)
command -v pdftotext >/dev/null || wanted+=(poppler-utils)
command -v chromium >/dev/null || wanted+=(chromium)
command -v npm >/dev/null || wanted+=(nodejs npm)
python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
# Without a Chinese font the browser and LibreOffice show boxes.
[ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ] || wanted+=(fonts-noto-cjk)
if [ "${#wanted[@]}" -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
    else
        echo "not installed, tests that need them are skipped: ${wanted[*]}" >&2
    fi
fi

python="$target/python"
modules="duckdb openpyxl docx icalendar numpy"
if ! "$python/bin/python" -c "import ${modules// /, }" 2>/dev/null; then
    python3 -m venv "$python"
    "$python/bin/python" -m pip install --quiet --disable-pip-version-check duckdb openpyxl python-docx icalendar numpy
fi
export JUNHENG_PYTHON="$python/bin/python"

browser="$target/browser"
if [ ! -d "$browser/node_modules/playwright-core" ] && command -v npm >/dev/null; then
    mkdir -p "$browser"
    cp tests/browser/package.json "$browser/"
    npm install --prefix "$browser" --no-audit --no-fund --no-package-lock --silent
fi

wait "$compiling"
cargo test "$@"

# The notebooks: with all tests, not with one that was named.
[ "$#" -gt 0 ] || ./notebooks-rs/run.sh
