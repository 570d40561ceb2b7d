#!/usr/bin/env bash
# Runs the notebooks from top to bottom and compares their key numbers with expected.json.
#
#   notebooks-rs/run.sh             all, outputs are compared and thrown away
#   notebooks-rs/run.sh --write     all, and keeps their outputs
#   notebooks-rs/run.sh 1-county    one (or several) of them
#   notebooks-rs/run.sh --open      opens them in JupyterLab
#
# Kernel, Jupyter and what they compile are put under the project's target folder, once.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
case "$target" in /*) ;; *) target="$PWD/$target" ;; esac
own="$target/notebooks"
mkdir -p "$own/crate" "$own/settings"

kernel="$own/kernel/bin/evcxr_jupyter"
if [ ! -x "$kernel" ]; then
    echo "installing the Rust kernel (about ten minutes, once)" >&2
    CARGO_TARGET_DIR="$own/building" cargo install --quiet --locked --root "$own/kernel" evcxr_jupyter --version '^0.22'
    rm -rf "$own/building"
fi

python="$own/python/bin/python"
modules="nbclient nbformat"
[ "${1:-}" != --open ] || modules="$modules jupyterlab"
if ! "$python" -c "import ${modules// /, }" 2>/dev/null; then
    python3 -m venv "$own/python"
    # shellcheck disable=SC2086
    "$python" -m pip install --quiet --disable-pip-version-check $modules
fi

export JUPYTER_PATH="$own/jupyter"
# The folder may have been moved: the kernel writes down where it is.
"$kernel" --install >/dev/null
# Cells are compiled here, all notebooks' alike, so that the library is compiled once; by the versions of Cargo.lock.
export EVCXR_TMPDIR="$own/crate" EVCXR_CONFIG_DIR="$own/settings"
cp Cargo.lock "$EVCXR_TMPDIR/Cargo.lock"

if [ "${1:-}" = --open ]; then
    exec "$python" -m jupyterlab --notebook-dir notebooks-rs
fi
exec "$python" notebooks-rs/run.py "$@"
