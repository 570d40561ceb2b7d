"""Executes the notebooks, cell by cell, and compares the key numbers that they print with expected.json.

A key number is a line `核对 NAME = VALUE` on a cell's output. Where what a notebook reads is not everywhere (the
Taiwan panel), it prints `核对 data = WHICH`, and expected.json has numbers for each."""

import argparse
import json
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

HERE = Path(__file__).resolve().parent
# One cell; the first of the first notebook compiles the library.
SECONDS = 2400
KEY = re.compile(r"^核对 (.+?) = (.+)$", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What cargo says while it compiles; all else on stderr is an error or a panic, after which the kernel goes on.
COMPILING = re.compile(r"^\s*(Compiling|Downloading|Downloaded|Updating|Locking|Adding)\b")


class Failed(Exception):
    pass


def text(cell):
    return "".join(o.get("text", "") for o in cell.get("outputs", []) if o.output_type == "stream")


def keys(notebook):
    found = {}
    for cell in notebook.cells:
        for name, value in KEY.findall(text(cell)):
            if name in found:
                sys.exit(f"{name}: printed twice")
            found[name] = value.strip()
    return found


def execute(path):
    """The notebook with its outputs, or the end of the program with the cell that failed."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    now = {}

    def begin(cell, cell_index):
        now.update(number=cell_index + 1, source=cell.source, cell=cell)

    def done(cell, cell_index, execute_reply):
        stderr = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
        said = [line for line in stderr.splitlines() if line.strip() and not COMPILING.match(line)]
        if said:
            raise Failed("\n".join(said))

    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        startup_timeout=300,
        kernel_name="rust",
        record_timing=False,
        resources={"metadata": {"path": str(HERE)}},
        on_cell_start=begin,
        on_cell_executed=done,
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError, Failed) as why:
        source = "\n".join(f"    {line}" for line in now.get("source", "").splitlines())
        # nbclient's own text repeats the cell; what the compiler said stands among its outputs.
        outputs = now["cell"].outputs if isinstance(why, CellExecutionError) else []
        told = "\n".join(o.get("text", "") + "\n".join(o.get("traceback", [])) for o in outputs) or str(why)
        said = ANSI.sub("", told).split("stack backtrace:")[0].strip()
        sys.exit(f"{path.name}: cell {now.get('number')}:\n{source}\n{said}")
    return clean(notebook)


def clean(notebook):
    """Without what differs from run to run and from machine to machine: folders, times, what cargo said."""
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02}"
        cell.metadata = {}
        if cell.cell_type != "code":
            continue
        kept = []
        for output in cell.outputs:
            # What a cell that ends in a statement gives.
            if output.get("data") == {"text/plain": "()"}:
                continue
            output.pop("transient", None)
            # The kernel counts what it does before the first cell.
            if "execution_count" in output:
                output["execution_count"] = cell.execution_count
            if "metadata" in output:
                output["metadata"] = {}
            if output.output_type == "stream" and output.name == "stderr":
                continue
            kept.append(output)
        cell.outputs = kept
    notebook.metadata = {
        "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
        "language_info": {"name": "rust", "file_extension": ".rs", "mimetype": "text/rust"},
    }
    whole = nbformat.writes(notebook)
    for folder in {str(HERE.parent), str(Path.home())} - {"/"}:
        if folder in whole:
            sys.exit(f"an output names a folder of this machine: {folder}")
    return notebook


def same(found, expected):
    """Numbers to nine digits, all else as it is."""
    try:
        found, expected = float(found), float(expected)
    except (TypeError, ValueError):
        return str(found) == str(expected)
    return abs(found - expected) <= 1e-9 * max(1.0, abs(expected))


def differences(found, expected):
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield f"{name}: not printed, expected {expected[name]}"
        elif name not in expected:
            yield f"{name}: {found[name]}, and expected.json does not have it"
        elif not same(found[name], expected[name]):
            yield f"{name}: {found[name]}, expected {expected[name]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="names, without the ending; all without any")
    parser.add_argument("--write", action="store_true", help="keep the outputs")
    asked = parser.parse_args()
    names = [name.removesuffix(".ipynb") for name in asked.notebooks]
    names = names or sorted(path.stem for path in HERE.glob("*.ipynb"))
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    wrong = []
    for name in names:
        path = HERE / f"{name}.ipynb"
        started = time.monotonic()
        notebook = execute(path)
        found = keys(notebook)
        wanted = expected[name]
        data = found.pop("data", None)
        if data is not None:
            wanted = wanted[data]
        mine = [f"{name}: {line}" for line in differences(found, wanted)]
        # What is committed to be read says the same, unless it was made of other data.
        kept = keys(nbformat.read(path, as_version=4))
        if not asked.write and kept.pop("data", None) == data:
            mine += [f"{name}, outputs as committed: {line}" for line in differences(kept, wanted)]
        wrong += mine
        if asked.write:
            nbformat.write(notebook, path)
        of = f" ({data})" if data else ""
        print(f"{name}{of}: {len(found)} key numbers, {len(mine)} differ, {time.monotonic() - started:.0f} s", flush=True)
    if wrong:
        sys.exit("\n".join(wrong))


main()
