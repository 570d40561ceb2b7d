"""The panel again, from the years' csv files alone: nothing but the rules (教督〔2017〕6号) and Python's own fractions.

    panel.py alter DIR            puts what made districts lack into DIR/years: complete secondary and twelve-year schools with
                                  a senior section, values that are not known, schools exactly at a threshold, a floor
    panel.py check DIR OUT...     compares OUT/panel*.csv, standings.csv and coverage.csv of the folders with its own
"""

import csv
import io
import math
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction as F
from pathlib import Path

getcontext().prec = 50

# 教督〔2017〕6号, 资源配置: threshold of a school and limit of the CV, primary and junior.
INDICATORS = {
    "L1": ((F(42, 10), F(53, 10)), 100),
    "L2": ((F(1), F(1)), 100),
    "L3": ((F(9, 10), F(9, 10)), 100),
    "L4": ((F(45, 10), F(58, 10)), 1),
    "L5": ((F(75, 10), F(102, 10)), 1),
    "L6": ((F(2000), F(2500)), 10000),
    "L7": ((F(23, 10), F(24, 10)), 100),
}
LIMITS = (F(50, 100), F(45, 100))
FLOOR = F(85, 100)
SECTIONS = {"小学": "primary", "初中": "junior"}
WEIGHTS = {"小学": F(1), "初中": F(11, 10), "高中": F(132, 100)}
GROUPINGS = {"location": "城乡类型", "ownership": "办学性质", "type": "学校类型"}


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(row, name):
    return F(row[name]) if row[name] != "" else None


def plus(*parts):
    return None if any(part is None for part in parts) else sum(parts)


# ── what made districts lack ──


def alter(folder):
    for path in sorted(folder.glob("years/*.csv")):
        rows = read(path)
        year = int(path.stem)
        primary = [r for r in rows if r["学校类型"] == "小学"]
        junior = [r for r in rows if r["学校类型"] == "初中"]

        def added(of, code, name, kind, pupils, **cells):
            for section, students in pupils.items():
                row = dict(of, 学校代码=code, 学校名称=name, 学校类型=kind, 学段=section, 在校生数=str(students))
                rows.append(row | cells)

        shared = {"室内体育用房面积": "812.5", "体育馆面积": "812.5", "教学仪器设备值": "611.37"}
        code = "9%09d" % 1
        added(junior[0], code, "完全中学甲", "完全中学", {"初中": 700 + year % 7, "高中": 911}, **shared)
        added(junior[1], "9%09d" % 2, "学校乙", "十二年一贯制学校", {"小学": 801, "初中": 402, "高中": 633 + year % 5}, **shared)
        exact = {
            "专科学历教师数": "12", "本科学历教师数": "30", "硕士学历教师数": "0", "博士学历教师数": "0",
            "县级及以上骨干教师数": "10", "体育专任教师数": "5", "音乐专任教师数": "2", "美术专任教师数": "2",
            "艺术专任教师数": "0", "室内体育用房面积": "0", "体育馆面积": "0", "体育场面积": "7500",
            "教学仪器设备值": "200", "网络多媒体教室数": "23", "专任教师数": "60",
        }
        # 3.825 is the floor of 4.5 to the last digit; 3.824 is below it.
        added(primary[2], "9%09d" % 3, "恰到小学", "小学", {"小学": 1000}, **exact, 教学及辅助用房面积="3825")
        added(primary[2], "9%09d" % 4, "差一小学", "小学", {"小学": 1000}, **exact, 教学及辅助用房面积="3824")
        # Not known: of one school an amount, of one its location and owner.
        if year % 2:
            primary[4]["教学仪器设备值"] = ""
            junior[2]["县级及以上骨干教师数"] = ""
        primary[6]["城乡类型"] = ""
        primary[7]["县级及以上骨干教师数"] = "0"
        text = io.StringIO()
        out = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8-sig")


# ── the schools ──


def crosswalked(crosswalk, year, code, name):
    for _ in range(20):
        for line in crosswalk:
            years = int(line["from_year"] or 0) <= year <= int(line["to_year"] or 9999)
            if line["from_code"] == code and years and line["from_name"] in ("", name) and line["to_code"] != code:
                code, name = line["to_code"], line["to_name"] or name
                break
        else:
            return code, name
    raise ValueError("a circle")


def schools(folder, changed=None, changed_year=None):
    """Sections in scope: place, groups, pupils and the seven amounts (None: not known); and all that are kept.

    changed: other pupils in a year, by district, school and section as they are written."""
    crosswalk = read(folder / "crosswalk.csv")
    regions = {row["district_code"]: row for row in read(folder / "regions.csv")}
    found, kept = [], []
    for path in sorted(folder.glob("years/*.csv")):
        rows = read(path)
        pupils = defaultdict(dict)
        for row in rows:
            count = number(row, "在校生数")
            if changed and int(row["年度"]) == changed_year:
                count = changed.get((row["区县代码"], row["学校代码"], row["学段"]), count)
            pupils[row["区县代码"], row["学校代码"]][row["学段"]] = count
        for row in rows:
            if row["学段"] not in SECTIONS:
                continue
            year = int(row["年度"])
            code, name = crosswalked(crosswalk, year, row["区县代码"], row["区县名称"])
            place = {"district": (code, name), "all": ("all", "全部区县")}
            region = regions[code]
            place["city"] = (region["city_code"], region["city_name"])
            place["province"] = (region["province_code"], region["province_name"])
            mine = pupils[row["区县代码"], row["学校代码"]]
            students = mine[row["学段"]]
            one = {"year": year, "section": SECTIONS[row["学段"]], "place": place, "row": row, "students": students}
            kept.append(one)
            kind = row["学校类型"]
            if kind in ("特殊教育学校", "职业学校") or (kind == "教学点" and students < 50):
                continue
            if students == 0:
                continue
            weights = {section: WEIGHTS[section] * count for section, count in mine.items()}
            share = weights[row["学段"]] / sum(weights.values())

            def apportioned(name):
                amount = number(row, name)
                return None if amount is None else amount * share

            degrees = ["专科学历教师数"] if row["学段"] == "小学" else []
            degrees += ["本科学历教师数", "硕士学历教师数", "博士学历教师数"]
            indoor = apportioned("室内体育用房面积")
            one["amounts"] = {
                "L1": plus(*(number(row, degree) for degree in degrees)),
                "L2": number(row, "县级及以上骨干教师数"),
                "L3": plus(*(number(row, subject + "专任教师数") for subject in ("体育", "音乐", "美术", "艺术"))),
                "L4": plus(apportioned("教学及辅助用房面积"), -indoor),
                "L5": plus(apportioned("体育馆面积"), apportioned("体育场面积")),
                "L6": apportioned("教学仪器设备值"),
                "L7": apportioned("网络多媒体教室数"),
            }
            found.append(one)
    return found, kept


# ── the measures ──


def root(fraction):
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).sqrt()


def measures(indicator, section, amounts, limited):
    """amounts: pairs of amount or None, and pupils."""
    thresholds, factor = INDICATORS[indicator]
    at = ["primary", "junior"].index(section)
    threshold, limit = thresholds[at], LIMITS[at]
    known = sorted(((x / p * factor, p) for x, p in amounts if x is not None), key=lambda one: one[0])
    n, total = len(known), sum(p for _, p in known)
    found = defaultdict(lambda: None)
    found.update(
        schools=n, missing=len(amounts) - n, students=total, threshold=threshold, status="not_applicable"
    )
    if limited:
        found["limit"] = limit
        found["status"] = "missing" if n < len(amounts) or n == 0 else None
    if n == 0:
        # A number that does not exist (no school) is empty.
        found["students"] = None
        return found
    mean = sum(x * p for x, p in known) / total
    variance = sum(p * (x - mean) ** 2 for x, p in known) / total
    found.update(mean=mean, sd=root(variance), minimum=known[0][0], maximum=known[-1][0])
    if known[0][0] > 0:
        found["range_ratio"] = known[-1][0] / known[0][0]

    def quantile(share):
        below = 0
        for x, p in known:
            below += p
            if below >= share * total:
                return x

    for name, share in (("p10", 10), ("p25", 25), ("median", 50), ("p75", 75), ("p90", 90)):
        found[name] = quantile(F(share, 100))
    for name, least in (("threshold", threshold), ("floor", threshold * FLOOR)):
        there = [p for x, p in known if x >= least]
        found[f"schools_at_{name}"] = F(len(there), n)
        found[f"students_at_{name}"] = F(sum(there), total)
    if mean == 0:
        return found
    squared = variance / mean**2
    found["cv"] = root(squared)
    if limited and found["status"] is None:
        met = squared <= limit**2
        printed = found["cv"].quantize(Decimal("0.001"), ROUND_HALF_UP)
        found.update(
            status="met" if met else "unmet", met=met, borderline=(F(printed) <= limit) != met
        )
    found["entropy_2"] = squared / 2
    x = [float(x / mean) for x, _ in known]
    p = [float(p / total) for _, p in known]
    found["gini"] = math.fsum(a * b * abs(u - v) for u, a in zip(x, p) for v, b in zip(x, p)) / 2
    if n > 1:
        found["gini_corrected"] = found["gini"] * n / (n - 1)
    found["theil_t"] = math.fsum(a * u * math.log(u) for u, a in zip(x, p) if u > 0)
    if x[0] > 0:
        found["theil_l"] = -math.fsum(a * math.log(u) for u, a in zip(x, p))
    found["atkinson"] = 1 - math.fsum(a * math.sqrt(u) for u, a in zip(x, p)) ** 2

    def lowest(share):
        left, sum_of = share * total, F(0)
        for value, pupils in known:
            taken = min(left, pupils)
            sum_of += taken * value
            left -= taken
        return sum_of / (mean * total)

    if lowest(F(4, 10)) > 0:
        found["palma"] = (1 - lowest(F(9, 10))) / lowest(F(4, 10))
    if found["p10"] > 0:
        found["ratio_90_10"] = found["p90"] / found["p10"]
    if found["median"] > 0:
        found["mcloone"] = lowest(F(1, 2)) * mean / (found["median"] / 2)
    return found


def judged(one):
    """met, unmet or None; whether all are at the floor. What is not known could be nothing or enough."""
    at = ["primary", "junior"].index(one["section"])
    values = []
    for indicator, amount in one["amounts"].items():
        thresholds, factor = INDICATORS[indicator]
        value = None if amount is None else amount / one["students"] * factor / thresholds[at]
        values.append(value)

    def passes(unknown):
        values_then = [unknown if value is None else value for value in values]
        met = sum(value >= 1 for value in values_then)
        return met >= 6 and all(value >= FLOOR for value in values_then)

    best, worst = passes(F(1)), passes(F(0))
    floor = all(value is not None and value >= FLOOR for value in values)
    return (best if best == worst else None), floor


# ── the tables ──


def panel(found, level, grouping):
    cells = defaultdict(list)
    for one in found:
        group = one["row"][GROUPINGS[grouping]] if grouping else ""
        cells[one["place"][level], one["year"], one["section"], group].append(one)
    rows = {}
    for ((code, name), year, section, group), those in cells.items():
        for indicator in INDICATORS:
            amounts = [(one["amounts"][indicator], one["students"]) for one in those]
            row = measures(indicator, section, amounts, not grouping)
            row["district_name"] = name
            rows[code, year, section, group, indicator] = row
    ranked = defaultdict(list)
    for (code, year, section, group, indicator), row in rows.items():
        if row["cv"] is not None:
            ranked[year, section, group, indicator].append(row["cv"])
    for (code, year, section, group, indicator), row in rows.items():
        values = ranked[year, section, group, indicator]
        if row["cv"] is not None:
            row["ranked"] = len(values)
            row["rank"] = 1 + sum(value < row["cv"] for value in values)
    for (code, year, section, group, indicator), row in rows.items():
        before = rows.get((code, year - 1, section, group, indicator))
        if before is None:
            continue
        for name in ("mean", "cv", "gini", "schools_at_threshold", "rank"):
            if row[name] is not None and before[name] is not None:
                row[name + "_change"] = float(row[name]) - float(before[name])
    return rows


def standings(found, level):
    cells = defaultdict(list)
    for one in found:
        cells[one["place"][level], one["year"], one["section"]].append(one)
    rows = {}
    for ((code, name), year, section), those in cells.items():
        verdicts = [(judged(one), one["students"]) for one in those]
        row = dict(
            district_name=name,
            schools=len(those),
            students=sum(one["students"] for one in those),
            schools_met=sum(met is True for (met, _), _ in verdicts),
            schools_unmet=sum(met is False for (met, _), _ in verdicts),
            schools_missing=sum(met is None for (met, _), _ in verdicts),
            students_met=sum(p for (met, _), p in verdicts if met),
            schools_at_floor=sum(floor for (_, floor), _ in verdicts),
            limits=len(INDICATORS),
        )
        lines = {}
        for indicator in INDICATORS:
            amounts = [(one["amounts"][indicator], one["students"]) for one in those]
            lines[indicator] = measures(indicator, section, amounts, True)
        statuses = [line["status"] for line in lines.values()]
        row["limits_met"], row["limits_missing"] = statuses.count("met"), statuses.count("missing")
        ratios = {
            indicator: line["cv"] / Decimal(float(line["limit"]))
            for indicator, line in lines.items()
            if line["cv"] is not None
        }
        row["worst_indicator"] = max(ratios, key=ratios.get) if ratios else None
        row["worst_ratio"] = max(ratios.values()) if ratios else None
        if row["schools_unmet"] or "unmet" in statuses:
            row["passes"] = False
        else:
            row["passes"] = None if row["schools_missing"] or row["limits_missing"] else True
        rows[code, year, section] = row
    return rows


def coverage(kept, facts):
    """Known of how many, a district, year, section and fact; a year that a district lacks has none of none.

    facts: by section, those that the standard reads."""
    labels = {row["id"]: row["label_zh"] for row in read(Path(__file__).parent.parent / "data/dictionary.csv")}
    cells, names = defaultdict(list), {}
    for one in kept:
        code, name = one["place"]["district"]
        cells[code, one["year"], one["section"]].append(one["row"])
        names[code, one["year"]] = name
    years = sorted({year for _, year, _ in cells})
    sections = {(code, section) for code, _, section in cells}
    rows = {}
    for code, section in sections:
        for year in years:
            those = cells.get((code, year, section), [])
            for fact in [fact for of, fact in facts if of == section and (those or fact == "")]:
                known = sum(fact == "" or row.get(labels[fact], "") != "" for row in those)
                status = "none" if known == 0 else "complete" if known == len(those) else "partly"
                own = dict(known=known, of=len(those), status=status)
                # Where the year is not there, the name is the one of the last year before it, or of the first.
                others = [y for y in years if (code, y) in names]
                near = max((y for y in others if y <= year), default=min(others))
                rows[code, year, section, fact] = own | {"district_name": names[code, near]}
    return rows


def joined(kept):
    """Districts that the crosswalk leads elsewhere, and those whose name changed under one code."""
    went, last = defaultdict(int), {}
    for one in kept:
        code, name = one["place"]["district"]
        last[code] = max(last.get(code, (0, "")), (one["year"], name))
    for one in kept:
        row, (to, _) = one["row"], one["place"]["district"]
        went[one["year"], row["区县代码"], row["区县名称"], to, last[to][1]] += 1
    into = defaultdict(set)
    for year, code, _, to, _ in went:
        into[year, to].add(code)
    return {
        (year, code, name): dict(
            to_code=to, to_name=to_name, schools=count, kind="merged" if len(into[year, to]) > 1 else "renamed"
        )
        for (year, code, name, to, to_name), count in went.items()
        if (code, name) != (to, to_name)
    }


# ── side by side ──

# Of resampling: tests/equity.py has it.
RESAMPLED = (
    "cv_error", "cv_low", "cv_high", "cv_percentile", "above_limit", "certainty",
    "gini_error", "gini_low", "gini_high", "gini_percentile",
)  # fmt: skip


KEYS = ("level", "district_code", "year", "section", "grouping", "group", "indicator")


class Compared:
    def __init__(self):
        self.wrong, self.values = [], 0

    def cell(self, where, name, mine, theirs):
        self.values += 1
        if mine is None or theirs == "":
            same = mine is None and theirs == ""
        elif isinstance(mine, bool):
            same = theirs == str(mine).lower()
        elif isinstance(mine, str):
            same = mine == theirs
        else:
            same = abs(float(mine) - float(theirs)) <= 1e-9 * max(1, abs(float(mine)))
        if not same:
            shown = float(mine) if isinstance(mine, (int, float, F, Decimal)) else mine
            self.wrong.append(f"{where} {name}: {shown}, written {theirs!r}")

    def table(self, name, mine, theirs, keys=KEYS):
        if missing := mine.keys() - theirs.keys():
            self.wrong.append(f"{name} lacks {len(missing)} rows: {sorted(missing)[:5]}")
        if more := theirs.keys() - mine.keys():
            self.wrong.append(f"{name} has {len(more)} rows too many: {sorted(more)[:5]}")
        for key in mine.keys() & theirs.keys():
            for column in theirs[key]:
                if column not in keys and not (name.startswith("panel") and column.startswith(RESAMPLED)):
                    self.cell(f"{name} {key}", column, mine[key][column], theirs[key][column])


def by(rows, *columns):
    found = {}
    for row in rows:
        key = tuple(int(row[column]) if column == "year" else row[column] for column in columns)
        assert key not in found, f"{key} twice"
        found[key] = row
    return found


def check_done(compared, told):
    print(f"{told}: {compared.values} values")
    if compared.wrong:
        print(*compared.wrong[:60], sep="\n")
        print(f"{len(compared.wrong)} differ")
        sys.exit(1)


def check(made, outs):
    found, kept = schools(made)
    compared, tables = Compared(), 0
    for out in outs:
        for path in sorted(out.glob("panel*.csv")):
            theirs = read(path)
            level, grouping = theirs[0]["level"], theirs[0]["grouping"]
            assert all((row["level"], row["grouping"]) == (level, grouping) for row in theirs), path
            mine = panel(found, level, grouping)
            compared.table(path.name, mine, by(theirs, "district_code", "year", "section", "group", "indicator"))
            tables += 1
        theirs = read(out / "standings.csv")
        for level in sorted({row["level"] for row in theirs}):
            those = [row for row in theirs if row["level"] == level]
            compared.table(f"standings {level}", standings(found, level), by(those, "district_code", "year", "section"))
        theirs = by(read(out / "coverage.csv"), "district_code", "year", "section", "fact")
        compared.table("coverage", coverage(kept, {key[2:] for key in theirs}), theirs, keys=KEYS + ("fact",))
        theirs = by(read(out / "joined.csv"), "year", "from_code", "from_name")
        compared.table("joined", joined(kept), theirs, keys=KEYS + ("from_code", "from_name", "line"))
    check_done(compared, f"{tables} panels, {len(found)} sections in scope of {len(kept)}")


if __name__ == "__main__":
    what, made, *outs = sys.argv[1:]
    if what == "alter":
        alter(Path(made))
    else:
        check(Path(made), [Path(out) for out in outs])
