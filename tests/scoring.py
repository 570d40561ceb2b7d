"""The four scoring standards by an arithmetic of its own: workbooks filled at random, every score compared.

    python3 tests/scoring.py target/debug/junheng FOLDER [FILLINGS [FIRST]]

Reads data/standards/*.toml with the library's own TOML reader and nothing of the program but its command line. A filling
is a workbook of `junheng template --units` with something in every cell (or with holes), under settings chosen at
random. Fractions throughout. Ends with 1 and the first differences where the program says something else.
"""

import csv
import math
import pathlib
import random
import subprocess
import sys
import tomllib
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import openpyxl

STANDARDS = ("bayannur-2020", "taobei-2023", "akqi-2021", "inner-mongolia")
PROJECT = pathlib.Path(__file__).resolve().parent.parent
COMPARE = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}


def exact(number):
    return Fraction(str(number)) if isinstance(number, (int, Decimal)) else Fraction(number)


def tier_of(rank, tiers, count):
    """From 0: the tiers begin with 0, k/n, 2·k/n … of the units, rounded down."""
    return math.floor(Fraction((rank - 1) * tiers, count))


class Standard:
    def __init__(self, name):
        with open(PROJECT / "data" / "standards" / f"{name}.toml", "rb") as file:
            self.raw = tomllib.load(file, parse_float=Decimal)
        self.name = name
        self.items = [item for item in self.raw["item"] if item.get("kind") == "scored"]
        self.groups = {group["id"]: group for group in self.raw["group"]}
        self.settings = {one["id"]: one["value"] for one in self.raw.get("setting", [])}
        self.by_department = self.raw["units"].get("by_department", False)
        self.of_schools = self.raw["units"]["kind"] == "school"
        self.scoring = self.raw["scoring"]

    def choose(self, chance):
        chosen = []
        for setting in self.raw.get("setting", []):
            value = chance.choice(list(setting["values"]))
            self.settings[setting["id"]] = value
            chosen += ["--set", f"{setting['id']}={value}"]
        return chosen

    def in_force(self, what):
        only = what.get("only")
        return only is None or self.settings.get(only["setting"]) == only["value"]

    def headings(self, item):
        found, here = [], item["group"]
        while here:
            found.append(here)
            here = self.groups[here].get("within")
        return found

    def is_bonus(self, item):
        return any(self.groups[group].get("bonus") for group in self.headings(item))

    def sources(self):
        return self.scoring.get("source", self.scoring.get("component", []))

    def factor(self, item):
        """A heading whose items together count its own points."""
        factor = Fraction(1)
        for id in self.headings(item):
            group = self.groups[id]
            if "scaled" in group and self.in_force({"only": group["scaled"]}):
                under = [exact(one["points"]) for one in self.items if id in self.headings(one)]
                factor *= exact(group["points"]) / sum(under)
        return factor

    def shared(self, detail):
        """A figure of the district, which schools have in common."""
        return self.of_schools and detail is not None and detail["over"] == "district"

    def is_marked(self):
        return self.settings.get("tier_split") == "marked"

    def counted(self, check):
        return not self.of_schools and check["over"] in ("section", "school")

    def required(self, check):
        """A number; None where it is entered."""
        if check.get("required_by_class"):
            return None
        required = check.get("required")
        try:
            return exact(required) if not isinstance(required, str) else Fraction(required.strip())
        except ValueError:
            return None

    def checks_of(self, part):
        return part.get("checks", []) + ([part["check"]] if "check" in part else [])

    def asked(self):
        """Entry -> (item, kind, details)."""
        asked = {}
        for item in self.items:
            parts = [part for part in item["part"] if self.in_force(part)]
            # A check of no part stands beside a mark; one of a part that is not in force is nobody's.
            used = {id for part in parts for id in self.checks_of(part)}
            idle = {id for part in item["part"] for id in self.checks_of(part)} - used
            for check in item.get("check", []):
                if not self.in_force(check) or check["id"] in idle:
                    continue
                id = f"{item['id']}.check.{check['id']}"
                if self.counted(check):
                    asked[id] = (item, "count", None)
                    continue
                asked[id] = (item, "value", check)
                if self.required(check) is None and not check.get("required_by_class"):
                    asked[f"{id}.required"] = (item, "value", check)
            for part in parts:
                id, method = f"{item['id']}.{part['id']}", part.get("method", "office")
                tiers = [exact(tier) for tier in part.get("tiers", [])]
                if method == "office":
                    asked[id] = (item, "score", (part, Fraction(1)))
                elif method == "threshold":
                    if not self.checks_of(part):
                        asked[f"{id}.met"] = (item, "truth", None)
                    if part.get("otherwise") == "office":
                        asked[id] = (item, "score", (part, Fraction(1)))
                    if tiers and (self.is_marked() or not self.checks_of(part)):
                        asked[f"{id}.tier"] = (item, "tier", tiers)
                elif method == "elements":
                    for n, _ in enumerate(part["elements"], 1):
                        asked[f"{id}.{n}"] = (item, "truth", None)
                elif method == "deduct" and "check" not in part:
                    asked[f"{id}.count"] = (item, "count", None)
                elif method == "base":
                    asked[f"{id}.bonus"] = (item, "score", (part, 1 - exact(part["base"])))
                    if "fault" in part:
                        asked[f"{id}.fault"] = (item, "range", [exact(end) for end in part["fault"]])
                elif method == "tiers":
                    if "entered" in part:
                        asked[f"{id}.value"] = (item, "value", None)
                    if self.is_marked() or not ("entered" in part or "check" in part):
                        more = [Fraction(0)] if part.get("none") and 0 not in tiers else []
                        asked[f"{id}.tier"] = (item, "tier", tiers + more)
                elif method == "trend" and "check" not in part:
                    asked[f"{id}.trend"] = (item, "direction", None)
                elif method == "levels":
                    for n, _ in enumerate(part["level"], 1):
                        asked[f"{id}.level{n}"] = (item, "count", None)
                elif method == "share" and "check" not in part:
                    asked[f"{id}.value"] = (item, "percent", None)
            for adjust in item.get("adjust", []):
                if not self.in_force(adjust) or adjust["kind"] == "cap":
                    continue
                kind = "truth"
                if adjust["kind"] == "deduct" and "counted" in adjust:
                    kind = "count"
                elif adjust["kind"] == "deduct" and "least" in adjust:
                    kind = "range"
                ends = [exact(adjust[end]) for end in ("least", "most")] if kind == "range" else None
                asked[f"{item['id']}.{adjust['id']}"] = (item, kind, ends)
        for n, source in enumerate(self.sources()):
            if source.get("kind", "items" if n == 0 else "entered") in ("entered", "recheck"):
                asked[f"component.{source['id']}"] = (None, "percent", None)
        for n, grade in enumerate(self.scoring.get("grade", [])):
            if "condition" in grade:
                asked[f"condition.{n}"] = (None, "truth", None)
        return asked


class Filled:
    """One filling: what was entered, and what it comes to."""

    def __init__(self, standard, units, classes, yearly):
        self.standard, self.units, self.classes, self.yearly = standard, units, classes, yearly
        self.entered = {}

    def points(self, item):
        return exact(item["points"]) if "points" in item else self.yearly.get(item["id"])

    def concerned(self, unit, item):
        names = self.units[unit]
        return not self.standard.by_department or any(name in names for name in item.get("departments", []))

    def get(self, unit, entry):
        return self.entered.get((unit, entry))

    def check(self, unit, item, id):
        """Value, required, whether it is met."""
        check = next(check for check in item["check"] if check["id"] == id)
        entry = f"{item['id']}.check.{id}"
        value = self.get(unit, entry)
        if self.standard.counted(check):
            return value, None, None if value is None else value == 0
        required = self.standard.required(check)
        if check.get("required_by_class"):
            required = exact(check["required_by_class"][self.classes[unit]])
        elif required is None:
            required = self.get(unit, f"{entry}.required")
        unknown = value is None or required is None
        return value, required, None if unknown else COMPARE[check["compare"]](value, required)

    def settled(self, unit, item):
        for adjust in item.get("adjust", []):
            said = self.get(unit, f"{item['id']}.{adjust['id']}")
            if not self.standard.in_force(adjust) or said is None:
                continue
            if (adjust["kind"], said) in (("zero", True), ("veto", True), ("precondition", False)):
                return adjust["kind"]
        return None

    def ranked(self, item, part):
        """Unit -> score, for a part that compares the units; None for all where one is not known."""
        standard, values, scores = self.standard, {}, {}
        checks = standard.checks_of(part)
        higher = part.get("better", "higher") != "lower"
        if checks:
            first = next(check for check in item["check"] if check["id"] == checks[0])
            higher = not standard.counted(first) and first["compare"] not in ("<", "<=")
        for unit in self.units:
            if not self.concerned(unit, item) or self.settled(unit, item):
                continue
            if part["method"] == "threshold":
                met = [self.check(unit, item, id)[2] for id in checks]
                if False not in met and None not in met:
                    continue
                value = None if False not in met else self.check(unit, item, checks[0])[0]
            elif checks:
                value = self.check(unit, item, checks[0])[0]
            else:
                value = self.get(unit, f"{item['id']}.{part['id']}.value")
            if value is not None and part.get("none") and higher and value <= 0:
                scores[unit] = Fraction(0)
            else:
                values[unit] = value
        waits = None in values.values()
        tiers = [exact(tier) for tier in part["tiers"]]
        for unit, value in values.items():
            if waits:
                scores[unit] = None
                continue
            rank = 1 + sum((other > value) if higher else (other < value) for other in values.values())
            scores[unit] = tiers[tier_of(rank, len(tiers), len(values))]
        return scores

    def part(self, unit, item, part):
        id, method = f"{item['id']}.{part['id']}", part.get("method", "office")
        points = exact(part["points"]) if "points" in part else self.points(item)
        get = lambda what: self.get(unit, f"{id}{what}")
        checks = self.standard.checks_of(part)
        if points is None:
            return None
        if method == "office":
            return get("")
        if method == "threshold":
            met = get(".met")
            if checks:
                each = [self.check(unit, item, id)[2] for id in checks]
                met = False if False in each else None if None in each else True
            if met is None or met:
                return points if met else None
            if "tiers" in part:
                return get(".tier") if self.standard.is_marked() or not checks else self.ranked(item, part)[unit]
            otherwise = part.get("otherwise", 0)
            return get("") if otherwise == "office" else exact(otherwise)
        if method == "elements":
            there = [get(f".{n}") for n, _ in enumerate(part["elements"], 1)]
            if None in there:
                return None
            if part.get("all"):
                return points if all(there) else Fraction(0)
            return points * sum(there) / len(there)
        if method == "deduct":
            count = self.check(unit, item, checks[0])[0] if checks else get(".count")
            return None if count is None else max(Fraction(0), points - exact(part["each"]) * count)
        if method == "base":
            bonus, fault = get(".bonus"), get(".fault") if "fault" in part else Fraction(0)
            if bonus is None or fault is None:
                return None
            return min(points, max(Fraction(0), exact(part["base"]) * points + bonus - fault))
        if method == "tiers":
            if self.standard.is_marked() or not (checks or "entered" in part):
                return get(".tier")
            return self.ranked(item, part)[unit]
        if method == "trend":
            way = get(".trend")
            if checks:
                value, required, _ = self.check(unit, item, checks[0])
                way = None if value is None or required is None else (value > required) - (value < required)
            return None if way is None else exact(part[{1: "up", 0: "same", -1: "down"}[way]])
        if method == "levels":
            sum_ = Fraction(0)
            for n, level in enumerate(part["level"], 1):
                count = get(f".level{n}")
                if count is None:
                    return None
                if count:
                    sum_ += exact(level["first"]) + exact(level.get("more", 0)) * (count - 1)
            return min(points, sum_)
        if method == "share":
            percent = get(".value")
            if checks:
                check = next(check for check in item["check"] if check["id"] == checks[0])
                percent = self.check(unit, item, checks[0])[0]
                if percent is not None and check.get("unit") != "%":
                    percent *= 100
            return None if percent is None else min(points, max(Fraction(0), points * percent / 100))
        raise ValueError(method)

    def item(self, unit, item):
        """State and score."""
        if not self.concerned(unit, item):
            return "not_concerned", None
        settled = self.settled(unit, item)
        if settled:
            return ("scored" if settled == "veto" else "not_assessed"), Fraction(0)
        if self.points(item) is None:
            return "unmarked", None
        sum_ = Fraction(0)
        for part in (part for part in item["part"] if self.standard.in_force(part)):
            score = self.part(unit, item, part)
            points = exact(part["points"]) if "points" in part else self.points(item)
            if score is not None and self.standard.settings.get("above_points") != "as_written":
                score = min(score, points)
            sum_ = None if sum_ is None or score is None else sum_ + score
        for adjust in (adjust for adjust in item.get("adjust", []) if self.standard.in_force(adjust)):
            if adjust["kind"] == "cap":
                most = exact(adjust["points"]) if "points" in adjust else exact(adjust["share"]) * self.points(item)
                sum_ = None if sum_ is None else min(sum_, most)
                continue
            said = self.get(unit, f"{item['id']}.{adjust['id']}")
            if said is None:
                sum_ = None
            elif adjust["kind"] == "deduct" and sum_ is not None:
                off = said if "least" in adjust else said * exact(adjust["each"])
                sum_ = max(Fraction(0), sum_ - off)
        if sum_ is not None and self.standard.settings.get("above_points") != "as_written":
            sum_ = min(sum_, self.points(item))
        return ("unmarked", None) if sum_ is None else ("scored", sum_)

    def grade(self, result):
        grades = self.standard.scoring.get("grade", [])
        def holds(grade, number):
            if number < exact(grade["from"]):
                return False
            return number < exact(grade["below"]) if "below" in grade else number <= exact(grade["to"])
        for n, grade in enumerate(grades):
            if holds(grade, result):
                return n
        return None


def random_entry(chance, filled, unit, entry, asked):
    item, kind, detail = asked
    if kind == "truth":
        # Most things are as they should be; else everything is 0.
        veto = item and any(
            entry == f"{item['id']}.{adjust['id']}" and adjust["kind"] in ("zero", "veto") for adjust in item.get("adjust", [])
        )
        return chance.random() < (0.1 if veto else 0.8)
    if kind == "count":
        return Fraction(chance.choice([0, 0, 1, 1, 2, 3, 5, 40]))
    if kind == "score":
        part, share = detail
        most = (exact(part["points"]) if "points" in part else filled.points(item) or Fraction(10)) * share
        return chance.choice([Fraction(0), most, Fraction(chance.randint(0, int(most * 100)), 100)])
    if kind == "range":
        least, most = detail
        return chance.choice([Fraction(0), least, most, least + (most - least) / 2])
    if kind == "tier":
        return chance.choice(detail)
    if kind == "direction":
        return chance.choice([1, 0, -1])
    if kind == "percent":
        return chance.choice([Fraction(100), Fraction(0), Fraction(chance.randint(100, 10000), 100)])
    around = Fraction(chance.choice([0, 2, 50, 90]))
    if detail is not None:
        around = filled.standard.required(detail)
        if detail.get("required_by_class"):
            around = exact(detail["required_by_class"][filled.classes[unit]])
        around = Fraction(chance.choice([3, 50])) if around is None else around
    near = [around, around, around - Fraction(1, 100), around + Fraction(1, 100), around - 3, around + 2]
    return max(Fraction(0), chance.choice(near))


def cell_of(entered, kind):
    if kind == "truth":
        return "是" if entered else "否"
    if kind == "direction":
        return {1: "上升", 0: "持平", -1: "下降"}[entered]
    return float(entered) if entered.denominator > 1 else int(entered)


def run(command, folder, also=()):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    if done.returncode and done.returncode not in also:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


def table(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def compare(program, folder, name, seed):
    """One filling; the differences."""
    chance = random.Random(f"{name} {seed}")
    standard = Standard(name)
    chosen = standard.choose(chance) if seed else []
    listed = standard.raw["units"].get("member", [])
    units_from = "members"
    if not listed:
        count = chance.choice([1, 2, 3, 5, 8, 12])
        text = "".join(f"第{n}单位,{1000 + n}\n" for n in range(1, count + 1))
        (folder / "units.csv").write_text("名称,代码\n" + text, encoding="utf-8")
        units_from = "units.csv"
    book = f"{name}-{seed}.xlsx"
    run([program, "template", "--standard", name, "--units", units_from, "--year", "2024", "--out", book, *chosen], folder)
    workbook = openpyxl.load_workbook(folder / book)
    asked = standard.asked()
    yearly = {}
    for sheet in workbook:
        if str(sheet["A1"].value).startswith("junheng marking 1|points"):
            column = next(c.column for c in sheet[1] if c.value == "@points")
            ids = {item["id"] for item in standard.items}
            left = 100
            rows = [row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, 1).value) in ids]
            for n, row in enumerate(rows):
                points = left if n == len(rows) - 1 else max(1, left // (len(rows) - n) + chance.choice([-1, 0, 1]))
                left -= points
                sheet.cell(row, column).value = points
                yearly[str(sheet.cell(row, 1).value)] = Fraction(points)
    columns, classes, names = {}, {}, {}
    for sheet in workbook:
        if str(sheet["A1"].value).startswith("junheng marking 1|office"):
            for cell in sheet[1]:
                if str(cell.value).startswith("unit|"):
                    _, unit, code, kind, aliases = str(cell.value).split("|")
                    classes[unit] = kind
                    names[unit] = {unit, code, *aliases.split(";")} - {""}
    filled = Filled(standard, names, classes, yearly)
    # One in three has holes, one in three is full of what is best or worst.
    holes = 0.03 if seed % 3 == 2 else 0
    found = set()
    for sheet in workbook:
        if not str(sheet["A1"].value).startswith("junheng marking 1|office"):
            continue
        columns = {str(c.value).split("|")[1]: c.column for c in sheet[1] if str(c.value).startswith("unit|")}
        for row in range(2, sheet.max_row + 1):
            entry = str(sheet.cell(row, 1).value or "@")
            # The registers of papers and consequences decide no score here, and stay empty.
            if entry.startswith(("@", "paper.", "consequence.")):
                continue
            found.add(entry)
            if entry not in asked:
                continue
            for unit, column in columns.items():
                item, kind, detail = asked[entry]
                if item is not None and not filled.concerned(unit, item):
                    continue
                key = (unit, entry)
                if kind == "value" and standard.shared(detail):
                    first = next(iter(columns))
                    if unit != first:
                        filled.entered[key] = filled.entered[first, entry]
                        continue
                if key not in filled.entered:
                    hole = chance.random() < holes
                    filled.entered[key] = None if hole else random_entry(chance, filled, unit, entry, asked[entry])
                if filled.entered[key] is not None:
                    sheet.cell(row, column).value = cell_of(filled.entered[key], kind)
    wrong = [f"asked by the workbook alone: {entry}" for entry in sorted(found - set(asked))]
    wrong += [f"not in the workbook: {entry}" for entry in sorted(set(asked) - found)]
    workbook.save(folder / book)
    out = f"{name}-{seed}"
    confirmed = {unit: [n for n in range(9) if filled.get(unit, f"condition.{n}")] for unit in names}
    # Conditions that contradict each other: the results are written, and the run ends with an error.
    also = (1,) if any(len(grades) > 1 for grades in confirmed.values()) else ()
    run([program, "score", book, "--standard", name, "--out", out, "--no-documents", *chosen], folder, also)

    def differs(what, said, mine):
        number = None if said == "" else Decimal(said)
        if (number is None) != (mine is None) or (mine is not None and abs(Fraction(number) - mine) > Fraction(1, 10**8)):
            wrong.append(f"{what}: {said or '—'}, not {'—' if mine is None else float(mine)}")

    scores = {(row["unit"], row["item"]): row for row in table(folder / out, "scores")}
    standings = {row["unit"]: row for row in table(folder / out, "standings")}
    totals = {(row["unit"], row["group"]): row for row in table(folder / out, "totals")}
    results = {}
    for unit in names:
        groups, bonus, points, main, open_, vetoed = defaultdict(Fraction), Fraction(0), Fraction(0), Fraction(0), 0, False
        for item in standard.items:
            state, score = filled.item(unit, item)
            said = scores.get((unit, item["id"]), {"state": "not_concerned", "score": "", "arithmetic": ""})
            if said["state"] != state:
                wrong.append(f"{unit} {item['id']}: {said['state']}, not {state}")
            differs(f"{unit} {item['id']} ({said['arithmetic']})", said["score"], score)
            open_ += state == "unmarked"
            vetoed |= state == "scored" and filled.settled(unit, item) == "veto"
            factor = standard.factor(item)
            for group in standard.headings(item):
                groups[group] += (score or 0) * factor
            if standard.is_bonus(item):
                bonus += (score or 0) * factor
            else:
                main += (score or 0) * factor
                points += filled.points(item) * factor if state != "not_concerned" else 0
        for group in standard.groups:
            if (unit, group) in totals:
                differs(f"{unit} {group}", totals[unit, group]["score"], groups[group])
            elif groups[group]:
                wrong.append(f"{unit} {group}: no total")
        row = standings[unit]
        differs(f"{unit} points", row["points"], points)
        differs(f"{unit} score", row["score"], main)
        differs(f"{unit} bonus", row["bonus"], bonus)
        total = None if open_ else main + bonus
        differs(f"{unit} total", row["total"], total)
        result = total
        components = standard.sources()
        # Shares that nobody entered weigh nothing.
        if components and all("share" in one for one in components):
            first = None if total is None or not points else 100 * total / points
            values = [first] + [filled.get(unit, f"component.{one['id']}") for one in components[1:]]
            result = None
            if None not in values:
                result = sum(value * exact(one["share"]) for value, one in zip(values, components))
        differs(f"{unit} result", row["result"], result)
        results[unit] = (None if vetoed else result, points)
    for unit, (result, points) in results.items():
        like = [other for other, of in results.values() if other is not None and of == points]
        unranked = result is None or standard.settings.get("ranking") == "none"
        rank = None if unranked else Fraction(1 + sum(other > result for other in like))
        differs(f"{unit} rank", standings[unit]["rank"], rank)
        grade = None if result is None else filled.grade(result)
        if grade is not None and filled.get(unit, f"condition.{grade}") is False:
            grade = None
        if any(n != grade for n in confirmed[unit]):
            grade = None
        title = "" if grade is None else standard.scoring["grade"][grade]["name"]["zh"]
        if standings[unit]["grade"] != title:
            wrong.append(f"{unit} grade: {standings[unit]['grade']}, not {title} ({float(result or 0)})")
    return wrong, len(names)


def main():
    program, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    fillings = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    bad = False
    for name in STANDARDS:
        units = 0
        for seed in range(first, first + fillings):
            wrong, count = compare(program, folder, name, seed)
            units += count
            if wrong:
                bad = True
                print(f"{name}, filling {seed}: {len(wrong)} differences", *wrong[:12], sep="\n  ")
        print(f"{name}: {fillings} fillings, {units} units")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
