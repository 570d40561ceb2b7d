#!/usr/bin/env python3
"""A nation's decade in the store → the panel with all measures, compared with DuckDB and Polars for the part that SQL can express.

  years.py [RUNS=3] [SCHOOLS=200000] [YEARS=10] [STORE]

Generates the facts of a nation (2,900 districts, 2,000,000 rows), adds them to a store year by year, then runs in turn, as whole
processes: `junheng panel` on the store; DuckDB and Polars on the files of the store (one per district and year); DuckDB and Polars
on one Parquet file with the same rows. For a district with one school the CV is 0 here and about 1e-8 with SQL's sums of squares,
which is printed as a relative difference of 1. Prints medians, peak memory, the ratios pair by pair, and the largest differences
between the values. An existing STORE is used as it is. Compared with SQL: number, pupils, mean, SD, CV, range, shares at threshold
and floor, Theil T and L, Atkinson, change on the previous year, rank. Weighted quantiles, Gini, Palma and McLoone are not.
Requires `cargo build --release` and, from PyPI: numpy polars duckdb.
"""
import os, statistics, subprocess, sys, tempfile, time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
INDICATOR = {  # numerator, factor, threshold and limit for primary and junior
    "L1": ("teachers_bachelor + teachers_master + teachers_doctor + case when section = 'primary' then teachers_associate else 0 end", 100, 4.2, 5.3),
    "L2": ("backbone_teachers", 100, 1.0, 1.0),
    "L3": ("pe_teachers + music_teachers + art_teachers + arts_teachers", 100, 0.9, 0.9),
    "L4": ("teaching_area - indoor_sports_area", 1, 4.5, 5.8),
    "L5": ("gym_area + sports_ground_area", 1, 7.5, 10.2),
    "L6": ("equipment_value", 10000, 2000.0, 2500.0),
    "L7": ("multimedia_rooms", 100, 2.3, 2.4),
}
COLUMNS = ["district_code", "year", "section", "students", "teachers_associate", "teachers_bachelor", "teachers_master", "teachers_doctor",
           "backbone_teachers", "pe_teachers", "music_teachers", "art_teachers", "arts_teachers", "teaching_area", "indoor_sports_area",
           "gym_area", "sports_ground_area", "equipment_value", "multimedia_rooms"]


def make(folder, schools, years):
    """Facts in one Parquet file per year and one for all years; columns are named as in the dictionary."""
    import numpy as np, polars as pl
    r = np.random.default_rng(7)
    district = np.char.mod("%d", 110000 + np.sort(r.integers(0, 2900, schools)))
    code = np.char.mod("%010d", np.arange(schools))
    base = r.lognormal(6, 0.9, schools).clip(20, 4000)
    primary = r.random(schools) < 0.73
    place = np.array(["城区", "镇区", "乡村"])[r.integers(0, 3, schools)]
    frames = []
    for y in range(years):
        p = np.round(base * r.normal(1, 0.05, schools)).clip(60, 5000)
        whole = lambda k, sd=.35: np.round(p * k * r.lognormal(0, sd, schools))
        amount = lambda k, sd=.35: np.round(p * k * r.lognormal(0, sd, schools), 2)
        t = whole(.062)
        indoor = amount(.5)
        frames.append(pl.DataFrame(dict(
            district_code=district, year=np.full(schools, 2016 + y, np.int32), school_code=code, school_name=code,
            section=np.where(primary, "primary", "junior"), school_type=np.where(primary, "小学", "初中"), location=place, ownership=np.full(schools, "公办"),
            students=p, teachers=t, teachers_associate=np.floor(t * .2), teachers_bachelor=np.floor(t * .65), teachers_master=np.floor(t * .1),
            teachers_doctor=np.zeros(schools), backbone_teachers=whole(.012), pe_teachers=whole(.004), music_teachers=whole(.003),
            art_teachers=whole(.003), arts_teachers=whole(.0005), teaching_area=amount(5.9) + indoor, indoor_sports_area=indoor, gym_area=indoor,
            sports_ground_area=amount(8.8), equipment_value=amount(.25), multimedia_rooms=whole(.028, .25))))
        frames[-1].write_parquet(folder / f"{2016 + y}.parquet")
    pl.concat(frames).write_parquet(folder / "all.parquet")


def query(source):
    known = "p > 0 and x is not null"
    long = " union all ".join(
        f"select district_code, year, section, '{k}' indicator, students p, {f} * ({n}) x, "
        f"case when section = 'primary' then {a} else {b} end t from facts" for k, (n, f, a, b) in INDICATOR.items())
    return f"""with facts as (select {', '.join(COLUMNS)} from {source}), long as ({long}),
      g as (select district_code, year, section, indicator, count(*) n, sum(p) pupils, sum(x) / sum(p) mean,
          sqrt(greatest(sum(p) * sum(x * x / p) / (sum(x) * sum(x)) - 1, 0)) cv, min(x / p) minimum, max(x / p) maximum,
          avg(case when x / p >= t then 1.0 else 0.0 end) schools_at_threshold, sum(case when x / p >= t then p else 0 end) / sum(p) students_at_threshold,
          avg(case when x / p >= 0.85 * t then 1.0 else 0.0 end) schools_at_floor, sum(case when x / p >= 0.85 * t then p else 0 end) / sum(p) students_at_floor,
          sum(case when x > 0 then x * ln(x / p) else 0 end) / sum(x) - ln(sum(x) / sum(p)) theil_t,
          ln(sum(x) / sum(p)) - sum(p * ln(case when x > 0 then x / p end)) / sum(p) theil_l,
          1 - pow(sum(p * sqrt(x / p)) / sum(p), 2) / (sum(x) / sum(p)) atkinson
        from long where {known} group by district_code, year, section, indicator),
      c as (select *, cv * mean sd, maximum / nullif(minimum, 0) range_ratio,
          rank() over (partition by year, section, indicator order by cv) rank,
          lag(year) over w before, lag(cv) over w cv_before, lag(mean) over w mean_before from g
        window w as (partition by district_code, section, indicator order by year))
      select *, case when before = year - 1 then cv - cv_before end cv_change, case when before = year - 1 then mean - mean_before end mean_change
      from c order by year, district_code, section, indicator"""


def duckdb_(source, out):
    import duckdb
    source = f"read_parquet('{source}/facts/*/*/facts.parquet', hive_partitioning = false)" if Path(source).is_dir() else f"'{source}'"
    duckdb.connect().execute(f"copy ({query(source)}) to '{out}.csv'; ")


def polars_(source, out):
    import polars as pl
    c = pl.col
    primary = c("section") == "primary"
    if Path(source).is_dir():
        facts = pl.scan_parquet(f"{source}/facts/*/*/facts.parquet", hive_partitioning=False)
    else:
        facts = pl.scan_parquet(source)
    amount = {"L1": c("teachers_bachelor") + c("teachers_master") + c("teachers_doctor") + pl.when(primary).then(c("teachers_associate")).otherwise(0),
              "L2": c("backbone_teachers"), "L3": c("pe_teachers") + c("music_teachers") + c("art_teachers") + c("arts_teachers"),
              "L4": c("teaching_area") - c("indoor_sports_area"), "L5": c("gym_area") + c("sports_ground_area"), "L6": c("equipment_value"), "L7": c("multimedia_rooms")}
    keys = ["district_code", "year", "section"]
    parts = []
    for k, (_, f, a, b) in INDICATOR.items():
        p, x, t = c("students"), c(k) * float(f), pl.when(primary).then(a).otherwise(b)
        v = x / p
        share = lambda bound: [(v >= bound).mean(), pl.when(v >= bound).then(p).otherwise(0).sum() / p.sum()]
        names = ["schools_at_threshold", "students_at_threshold", "schools_at_floor", "students_at_floor"]
        parts.append(facts.with_columns(amount[k].alias(k)).filter(p > 0).group_by(keys).agg(
            pl.lit(k).alias("indicator"), pl.len().alias("n"), p.sum().alias("pupils"), (x.sum() / p.sum()).alias("mean"),
            (p.sum() * (x * x / p).sum() / x.sum() ** 2 - 1).clip(0).sqrt().alias("cv"), v.min().alias("minimum"), v.max().alias("maximum"),
            *[e.alias(n) for e, n in zip(share(t) + share(0.85 * t), names)],
            (pl.when(x > 0).then(x * v.log()).otherwise(0).sum() / x.sum() - (x.sum() / p.sum()).log()).alias("theil_t"),
            ((x.sum() / p.sum()).log() - pl.when(x > 0).then(p * v.log()).sum() / p.sum()).alias("theil_l"),
            (1 - ((p * v.sqrt()).sum() / p.sum()) ** 2 / (x.sum() / p.sum())).alias("atkinson")))
    made = pl.concat(parts).collect(engine="streaming").sort(["district_code", "section", "indicator", "year"])
    within = ["district_code", "section", "indicator"]
    consecutive = c("year").shift(1).over(within) == c("year") - 1
    made = made.with_columns(sd=c("cv") * c("mean"), rank=c("cv").rank("min").over(["year", "section", "indicator"]),
                             cv_change=pl.when(consecutive).then(c("cv") - c("cv").shift(1).over(within)),
                             mean_change=pl.when(consecutive).then(c("mean") - c("mean").shift(1).over(within)))
    made.sort(["year", "district_code", "section", "indicator"]).write_csv(f"{out}.csv")


def timed(command):
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def apart(folder, tool):
    import polars as pl
    keys = ["district_code", "year", "section", "indicator"]
    read = lambda path: pl.read_csv(path, schema_overrides={"district_code": pl.String}, infer_schema_length=None)
    ours, theirs = read(folder / "ours/panel.csv"), read(folder / f"{tool}.csv")
    both = ours.join(theirs, on=keys, suffix="_theirs")
    worst = {name: (both[name] / both[name + "_theirs"] - 1).abs().max()
             for name in ["mean", "cv", "minimum", "maximum", "theil_t", "theil_l", "atkinson", "students_at_threshold"]}
    print(f"{tool:16} rows {len(ours)} and {len(theirs)}, joined {len(both)}; largest relative differences: "
          + ", ".join(f"{name} {value:.1e}" for name, value in worst.items())
          + f"; other ranks: {(both['rank'].cast(pl.Int64) != both['rank_theirs'].cast(pl.Int64)).sum()}")


def main():
    runs, schools, years = (int(sys.argv[k]) if len(sys.argv) > k else usual for k, usual in ((1, 3), (2, 200_000), (3, 10)))
    junheng = Path(os.environ.get("CARGO_TARGET_DIR", HOME / "target")) / "release/junheng"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        store = Path(sys.argv[4]) if len(sys.argv) > 4 else folder / "store"
        make(folder, schools, years)
        if not store.exists():
            taken = [timed([junheng, "store", "add", folder / f"{2016 + y}.parquet", "--store", store]) for y in range(years)]
            size = sum(f.stat().st_size for f in store.rglob("*") if f.is_file()) / 1e6
            print(f"store add: {sum(t[0] for t in taken):.1f} s in all, {max(t[2] for t in taken):.0f} MB at most; the store has {size:.0f} MB")
        this = lambda tool, source, out: [sys.executable, __file__, tool, source, folder / out]
        commands = {
            "junheng": [junheng, "panel", "--store", store, "--replicates", "0", "--no-xlsx", "--out", folder / "ours"],
            "duckdb, store": this("duckdb", store, "duckdb-store"), "polars, store": this("polars", store, "polars-store"),
            "duckdb, one file": this("duckdb", folder / "all.parquet", "duckdb-file"), "polars, one file": this("polars", folder / "all.parquet", "polars-file")}
        taken = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                found = timed(command)
                if run:  # the first run warms the disk's cache
                    taken[name].append(found)
        print(f"{'':16} {'wall s':>8} {'cpu s':>8} {'MB':>6}   (medians of {runs})")
        for name, found in taken.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*found))
            print(f"{name:16} {wall:8.2f} {cpu:8.2f} {memory:6.0f}")
        for other in list(commands)[1:]:
            ratios = [a[0] / b[0] for a, b in zip(taken["junheng"], taken[other])]
            print(f"junheng / {other}, wall: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
        for tool in ("duckdb-store", "polars-store", "duckdb-file", "polars-file"):
            apart(folder, tool)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("duckdb", "polars"):
        {"duckdb": duckdb_, "polars": polars_}[sys.argv[1]](*sys.argv[2:])
    else:
        main()
