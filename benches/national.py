#!/usr/bin/env python3
"""The national decade: the fast binary compared with DuckDB, Polars and pandas in turn, as whole processes; then every value.

  national.py [RUNS=5] [PANEL.py=../shared/bench/panel.py]

Requires `cargo build --release` and, from PyPI: numpy polars duckdb pandas pyarrow. Prints median seconds, peak memory,
the ratio to DuckDB pair by pair, and the number of values that differ.
"""
import csv, os, resource, statistics, subprocess, sys, tempfile, time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
PANEL = Path(sys.argv[2]) if len(sys.argv) > 2 else HOME / "../shared/bench/panel.py"
if not PANEL.exists():
    sys.exit(f"skipped: {PANEL} is not here; name a script that makes the panel")


def timed(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def rows(path):
    with open(path, encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    data = folder / "panel.parquet"
    subprocess.run([sys.executable, PANEL, "make", data], check=True, stdout=subprocess.DEVNULL)
    target = Path(os.environ.get("CARGO_TARGET_DIR", HOME / "target"))
    ours = [target / "release/junheng", "assess", data, "--standard", "quality-balance-2017",
            "--tables", "districts,dispersion", "--out", folder / "out"]
    commands = {"junheng": ours} | {t: [sys.executable, PANEL, t, data, folder / f"{t}.csv"] for t in ("duckdb", "polars", "pandas")}
    taken = {name: [] for name in commands}
    for run in range(RUNS + 1):
        for name, command in commands.items():
            found = timed(command)
            if run:  # the first run warms the disk's cache
                taken[name].append(found)
    print(f"{'':8} {'wall s':>8} {'cpu s':>8} {'MB':>6}   (medians of {RUNS})")
    for name, found in taken.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*found))
        print(f"{name:8} {wall:8.2f} {cpu:8.2f} {memory:6.0f}")
    ratios = [a[0] / b[0] for a, b in zip(taken["junheng"], taken["duckdb"])]
    print(f"junheng / duckdb, wall: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")

    cv = {(r["district_code"], r["year"], r["section"], r["indicator"]): float(r["cv"]) for r in rows(folder / "out/dispersion.csv")}
    met = {(r["district_code"], r["year"], r["section"]): (int(r["schools"]), int(r["schools_met"])) for r in rows(folder / "out/districts.csv")}
    for tool in ("duckdb", "polars", "pandas"):
        worst, other, groups = 0.0, [], rows(folder / f"{tool}.csv")
        for r in groups:
            key = (r["district_code"], r["year"], r["section"])
            if met[key] != (int(float(r["n"])), int(float(r["met"]))):
                other.append(key)
            for k in range(1, 8):
                worst = max(worst, abs(cv[(*key, f"L{k}")] / float(r[f"cv_L{k}"]) - 1))
        print(f"{tool:8} {len(groups)} groups, largest relative difference of a CV {worst:.1e}, other counts of schools met: {len(other)} {other[:3]}")
