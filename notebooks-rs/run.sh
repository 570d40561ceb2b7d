#!/usr/bin/env bash
# Runs the notebooks from top to bottom and compares their key numbers with expected.json.
#
#   notebooks-rs/run.sh             all, outputs are compared and thrown away
#   notebooks-rs/run.sh --write     all, and keeps their outputs
#   notebooks-rs/run.sh 1-county    one (or several) of them
#   notebooks-rs/run.sh --open      opens them in JupyterLab
#
# Jupyter and the library are put under the project's target folder, once. The kernel takes as long to compile as much of
# the library: it is kept by its version in the user's cache, for every clone of the project.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
case "$target" in /*) ;; *) target="$PWD/$target" ;; esac
own="$target/notebooks"
mkdir -p "$own/settings"

version=0.22.0
kernels="${XDG_CACHE_HOME:-$HOME/.cache}/junheng"
kernel="$kernels/evcxr_jupyter-$version/bin/evcxr_jupyter"
if [ ! -x "$kernel" ]; then
    # Not optimised: it passes cells to the compiler, and is built in a third of the time. Its own allocator is left out.
    echo "installing the Rust kernel $version (some minutes, once)" >&2
    CARGO_TARGET_DIR="$own/building" CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install --quiet --locked \
        --no-default-features --root "$own/kernel" evcxr_jupyter --version "=$version"
    rm -rf "$own/building"
    # Whole or not at all: another clone may look for it now.
    mkdir -p "$kernels"
    rm -rf "$kernels/evcxr_jupyter-$version"
    mv "$own/kernel" "$kernels/evcxr_jupyter-$version"
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
export EVCXR_CONFIG_DIR="$own/settings"

# The library as one shared object, with std shared too: the kernel links its cells so.
CARGO_TARGET_DIR="$target" cargo rustc --quiet --locked --example junheng_linked --crate-type dylib \
    --message-format json-render-diagnostics -- -C prefer-dynamic >"$own/linked.json"
made="$(grep -o '[^"]*/libjunheng_linked[^"/]*\.so' "$own/linked.json" | tail -n 1)"
# Alone in a folder: beside it lie others of its name, which the tests made.
export JUNHENG_LINKED="$own/linked" JUNHENG_DEPENDENCIES="${made%/*/*}/deps"
rm -rf "$JUNHENG_LINKED"
mkdir "$JUNHENG_LINKED"
ln -s "$made" "$JUNHENG_LINKED/"
export LD_LIBRARY_PATH="${made%/*}:$(rustc --print sysroot)/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

if [ "${1:-}" = --open ]; then
    exec "$python" -m jupyterlab --notebook-dir notebooks-rs
fi
exec "$python" notebooks-rs/run.py "$@"
