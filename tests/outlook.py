"""Trends carried on and shocks again, from the years' csv files alone (the schools and measures of panel.py).

    outlook.py DIR OUT TO --rate R            OUT/outlook.csv, and OUT/shocks.csv of a yearly rate
    outlook.py DIR OUT TO --lines FILE        the same, pupils by the lines of FILE (csv in UTF-8, English headers)
"""

import math
import sys
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

from panel import INDICATORS, Compared, by, check_done, measures, panel, read, schools

# ── Student's t ──

# Published quantiles at 0.975 (two-sided 5 %), degrees 1 to 8.
PUBLISHED = [12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041]


def inside(t, degrees):
    """Share between −t and t; the finite series for whole degrees (Abramowitz, Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(1 if odd else 0, degrees - 1, 2):
        total += term
        term *= cosine**2 * (k + 1) / (k + 2)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def quantile(share, degrees):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle, degrees) < share else (low, middle)
    return low


for at, published in enumerate(PUBLISHED):
    assert abs(quantile(0.95, at + 1) - published) < 1e-7, (at + 1, quantile(0.95, at + 1))

# ── trends ──


def least_squares(points):
    n = len(points)
    x_mean, y_mean = sum(x for x, _ in points) / n, math.fsum(y for _, y in points) / n
    squares = math.fsum((x - x_mean) ** 2 for x, _ in points)
    slope = math.fsum((x - x_mean) * (y - y_mean) for x, y in points) / squares
    rest = math.fsum((y - y_mean - slope * (x - x_mean)) ** 2 for x, y in points)
    residual = math.sqrt(rest / (n - 2))
    error = residual / math.sqrt(squares)
    t = quantile(0.95, n - 2)

    def at(x):
        half = t * residual * math.sqrt(1 + 1 / n + (x - x_mean) ** 2 / squares)
        return y_mean + slope * (x - x_mean), half

    return slope, error, at


def trends(found, to_year):
    rows = defaultdict(list)
    for (code, year, section, _, indicator), row in panel(found, "district", "").items():
        rows[code, section, indicator].append((year, row))
    common = max(one["year"] for one in found)
    expected = {}
    for (code, section, indicator), years in rows.items():
        years.sort(key=lambda one: one[0])
        for of, bound in (("cv", "limit"), ("mean", "threshold"), ("schools_at_threshold", None)):
            points = [(year, float(row[of])) for year, row in years if row[of] is not None]
            out = expected[code, section, indicator, of] = defaultdict(lambda: None)
            row = years[-1][1]
            bound = float(row[bound]) if bound else 1.0
            out.update(district_name=row["district_name"], to_year=to_year, bound=bound, years=len(points))
            if not points:
                out.update(year=years[-1][0], why_not="no_value")
                continue
            (first, _), (last, now) = points[0], points[-1]

            def keeps(value):
                return value <= bound + 1e-9 if of == "cv" else value >= bound - 1e-9

            out.update({"year": last, "from_year": first, "last": now, "met_now": keeps(now)})
            if of == "cv" and row["met"] is not None and years[-1][0] == last:
                out["met_now"] = row["met"]
            if len(points) < 3 or years[-1][0] < common:
                out["why_not"] = "too_few_years" if len(points) < 3 else "not_in_last_year"
                continue
            if last - first + 1 > len(points) or last < years[-1][0]:
                out["why_not"] = "gap"
            if len({value for _, value in points}) == 1:
                slope, error, at = 0.0, 0.0, lambda _: (now, 0.0)
            else:
                slope, error, at = least_squares(points)
                out["p"] = 1 - inside(abs(slope / error), len(points) - 2) if error > 0 else None

            def within(value):
                return min(max(value, 0.0), 1.0 if of == "schools_at_threshold" else math.inf)

            middle, half = at(to_year)
            value, low, high = within(middle), within(middle - half), within(middle + half)
            good, bad = (low, high) if of == "cv" else (high, low)
            certainty = "met" if keeps(bad) else "open" if keeps(good) else "unmet"
            then = keeps(value)
            warning = {
                (True, False): "crosses", (False, True): "recovers", (False, False): "stays_unmet",
                (True, True): "none" if certainty == "met" else "may_cross",
            }[out["met_now"], then]  # fmt: skip
            if warning == "crosses" and (slope <= 0 if of == "cv" else slope >= 0):
                warning = "may_cross"
            ahead = range(last + 1, to_year + 1)
            crossing = [year for year in ahead if keeps(within(at(year)[0])) != out["met_now"]]
            crossing = crossing if warning in ("crosses", "recovers") else []
            out.update(
                slope=slope, error=error, projected=value, low=low, high=high, met_then=then,
                certainty=certainty, warning=warning, crossing_year=crossing[0] if crossing else None,
            )  # fmt: skip
    return expected


# ── shocks ──


def after(folder, last, to_year, rate, lines):
    """Pupils of every section of the last year, by district, school and section as they are written."""
    rows = read(folder / "years" / f"{last}.csv")
    before = {(r["区县代码"], r["学校代码"], r["学段"]): F(r["在校生数"]) for r in rows if r["在校生数"]}
    if lines is None:
        return {key: pupils * (1 + F(rate)) ** (to_year - last) for key, pupils in before.items()}
    latest = {}
    for line in lines:
        scope = line["district_code"], line["school_code"], line["section"]
        if scope not in latest or int(line["year"]) > int(latest[scope]["year"]):
            latest[scope] = line

    def breadth(one):
        (_, school, section), _ = one
        return (school == "", section == "")

    changed = {}
    for (district, school, section), line in sorted(latest.items(), key=breadth):
        those = [
            key for key in before if key[0] == district and school in ("", key[1]) and section in ("", key[2])
        ]
        assert those, line
        free = [key for key in those if key not in changed]
        if line["factor"]:
            factor = F(line["factor"])
        else:
            rest = F(line["students"]) - sum(changed[key] for key in those if key in changed)
            factor = rest / sum(before[key] for key in free) if free else None
        changed.update({key: before[key] * factor for key in free})
    return before | changed


def shocks(folder, found, last, to_year, pupils):
    def lines(those):
        cells = defaultdict(list)
        for one in those:
            if one["year"] == last and one["students"] > 0:
                cells[one["place"]["district"][0], one["section"]].append(one)
        rows = {}
        for (code, section), ones in cells.items():
            for indicator in INDICATORS:
                amounts = [(one["amounts"][indicator], one["students"]) for one in ones]
                row = measures(indicator, section, amounts, True)
                row["mean_met"] = None if row["mean"] is None else row["mean"] >= row["threshold"]
                rows[code, section, indicator] = row
        return rows

    first, then = lines(found), lines(schools(folder, pupils, last)[0])
    nobody = measures("L1", "primary", [], False) | {"students": 0, "threshold": None, "status": None}
    names = {one["place"]["district"][0]: one["place"]["district"][1] for one in found if one["year"] == last}
    expected = {}
    for key in first.keys() | then.keys():
        a, b = (defaultdict(lambda: None, side.get(key, nobody)) for side in (first, then))
        warned = {
            (True, False): "crosses", (False, True): "recovers", (False, False): "stays_unmet", (True, True): "none",
        }  # fmt: skip
        of_all = defaultdict(lambda: None)
        for name in ("students", "mean", "cv"):
            of_all.update({f"{name}_before": a[name], f"{name}_after": b[name]})
        for side, row in (("before", a), ("after", b)):
            share = row["schools_at_threshold"]
            of_all[f"schools_met_{side}"] = None if share is None else share * row["schools"]
        of_all.update(
            district_name=names[key[0]], to_year=to_year, schools=b["schools"], year=last,
            threshold=a["threshold"] or b["threshold"], limit=a["limit"] or b["limit"],
            warning=warned.get((a["met"], b["met"])), mean_warning=warned.get((a["mean_met"], b["mean_met"])),
        )  # fmt: skip
        expected[key] = of_all
    return expected


def main(made, out, to_year, how, value):
    found, _ = schools(made)
    last = max(one["year"] for one in found)
    compared = Compared()
    theirs = by(read(out / "outlook.csv"), "district_code", "section", "indicator", "of")
    compared.table("outlook", trends(found, to_year), theirs, keys=("level", "district_code", "section", "indicator", "of"))
    lines = None if how == "--rate" else [line for line in read(value) if int(line["year"]) <= to_year]
    if lines is not None:
        to_year = max(int(line["year"]) for line in lines)
    pupils = after(made, last, to_year, value, lines)
    theirs = by(read(out / "shocks.csv"), "district_code", "section", "indicator")
    expected = shocks(made, found, last, to_year, pupils)
    compared.table("shocks", expected, theirs, keys=("level", "district_code", "section", "indicator"))
    check_done(compared, f"outlook and shocks to {to_year}")


if __name__ == "__main__":
    folder, out, to, how, value = sys.argv[1:]
    main(Path(folder), Path(out), int(to), how, value)
