//! County: the number of gaps by the department in charge, and by item.

use std::collections::BTreeMap;

use super::{
    Drawn, Kind,
    canvas::{Anchor, Canvas, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, Subject, find_or_push},
    layout::{Rect, fit, wrap},
    legend::{Symbol, hatched, legend},
    palette::{AXIS, INK, MET, PAPER},
};
use crate::{
    number,
    standard::{Check, Comparison, Rule, Standard},
    tables::{district::District, gaps},
    words::Words,
};

pub(super) const BY_DEPARTMENT: Chart =
    Chart::new("gaps-by-department", "chart.gaps_by_department", Place::Gaps, Draw::County(by_department));

pub(super) const BY_KIND: Chart =
    Chart::new("gaps-by-kind", "chart.gaps_by_kind", Place::Gaps, Draw::County(by_kind));

/// A number of gaps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Count {
    /// Gaps of a known size.
    measured: usize,
    /// Gaps without a size: data, evidence or a conclusion is missing, or the conclusion is no.
    open: usize,
}

impl Count {
    fn add(&mut self, gap: gaps::Row) {
        match gap.shortfall() {
            Some(_) => self.measured += 1,
            None => self.open += 1,
        }
    }
    fn total(self) -> usize {
        self.measured + self.open
    }
    fn args(self) -> [(&'static str, String); 3] {
        [
            ("count", number::count(self.total())),
            ("measured", number::count(self.measured)),
            ("open", number::count(self.open)),
        ]
    }
}

#[derive(Debug, Clone, PartialEq)]
struct ByDepartment {
    /// Names and gaps, the most gaps first. A gap counts for every department that is in charge of it.
    departments: Vec<(String, Count)>,
    /// All gaps, each once.
    gaps: usize,
    /// Gaps of items without a department in charge.
    nobody: Count,
}

fn count_by_department(district: &District) -> ByDepartment {
    let mut found = ByDepartment { departments: Vec::new(), gaps: 0, nobody: Count::default() };
    for gap in district.gaps.rows() {
        found.gaps += 1;
        let (named, _) = district.standard.responsible(gap.item());
        if named.is_empty() {
            found.nobody.add(gap);
        }
        for name in named {
            let new = || (name.clone(), Count::default());
            find_or_push(&mut found.departments, |(other, _)| other == name, new).1.add(gap);
        }
    }
    found.departments.sort_by_key(|(_, count)| std::cmp::Reverse(count.total()));
    found
}

/// The gaps of one item.
#[derive(Debug, Clone, PartialEq)]
struct ItemGaps {
    item: String,
    count: Count,
    /// What the schools lack together, with its unit, where all have the same unit. The gap of the district's mean or CV
    /// is about the same resource and is not added; it counts where it is the only gap.
    amount: Option<(f64, String)>,
    /// There is too much, not too little: pupils above the size of a school.
    is_excess: bool,
}

/// The items with gaps by the groups of the standard (一级指标), in its order; in each group the most gaps first.
fn count_by_kind(district: &District) -> Vec<(String, Vec<ItemGaps>)> {
    let mut rows: BTreeMap<&str, Vec<gaps::Row>> = BTreeMap::new();
    for gap in district.gaps.rows() {
        rows.entry(gap.item()).or_default().push(gap);
    }
    let language = district.words.language;
    let mut groups: Vec<(String, Vec<ItemGaps>)> = Vec::new();
    let items = district.standard.items.iter().map(|item| (item.id.as_str(), item.group.get(language)));
    let items: Vec<(&str, &str)> = items.collect();
    // An indicator without an item of its own has no group.
    let others = rows.keys().filter(|id| items.iter().all(|(item, _)| item != *id)).map(|id| (*id, ""));
    for (id, group) in items.iter().copied().chain(others) {
        let Some(rows) = rows.get(id) else { continue };
        let mut count = Count::default();
        rows.iter().for_each(|row| count.add(*row));
        let new = || (group.to_string(), Vec::new());
        find_or_push(&mut groups, |(name, _)| name == group, new).1.push(ItemGaps {
            item: id.to_string(),
            count,
            amount: amount(rows),
            is_excess: is_upper_bound(district.standard, id),
        });
    }
    for (_, items) in &mut groups {
        items.sort_by_key(|item| std::cmp::Reverse(item.count.total()));
    }
    groups
}

/// Whether the item's limit, or all its checks, state what must not be exceeded.
fn is_upper_bound(standard: &Standard, id: &str) -> bool {
    // The mean of CVs has a limit.
    if standard.composites().any(|(item, ..)| item.id == id) {
        return true;
    }
    let checks = standard.item(id).map_or(&[][..], |item| item.checks());
    let bound = |check: &Check| match check.compare {
        Comparison::AtMost | Comparison::Less => true,
        // None are allowed: classes above the size.
        Comparison::Equal => check.required.to_string() == "0",
        Comparison::AtLeast | Comparison::More => false,
    };
    !checks.is_empty() && checks.iter().all(bound)
}

fn amount(rows: &[gaps::Row]) -> Option<(f64, String)> {
    let schools: Vec<&gaps::Row> = rows.iter().filter(|row| row.school_code().is_some()).collect();
    let counted = match (&schools[..], rows) {
        ([], [one]) => vec![one],
        _ => schools,
    };
    let known: Vec<(f64, &str)> =
        counted.iter().filter_map(|row| Some((row.shortfall()?, row.unit()))).collect();
    let (_, unit) = *known.first()?;
    // The checks of an item may count different things (classes, pupils) that have no unit.
    let one_unit = !unit.is_empty() && known.iter().all(|(_, other)| *other == unit);
    let sum = known.iter().map(|(shortfall, _)| shortfall).sum::<f64>();
    (one_unit && sum > 0.0).then(|| (sum, unit.to_string()))
}

/// One bar.
struct Bar {
    name: String,
    count: Count,
    /// The text after the bar.
    text: String,
    tip: String,
}

const SIZE: f64 = 12.5;
const SMALL: f64 = 10.5;
const ROW: f64 = 28.0;
const HEADING: f64 = 30.0;

/// Draws the bars of all groups on one scale, with names before and texts after them. Returns the lower edge.
fn bars(canvas: &Canvas, top: f64, (left, right): (f64, f64), groups: &[(String, Vec<Bar>)]) -> f64 {
    let all = || groups.iter().flat_map(|(_, bars)| bars);
    let widest = |text: fn(&Bar) -> &str, max: f64| {
        all().map(|bar| canvas.font.width(text(bar), SIZE)).fold(0.0, f64::max).min(max)
    };
    let names = widest(|bar| &bar.name, 290.0);
    let texts = widest(|bar| &bar.text, 220.0);
    let start = left + names + 10.0;
    let room = right - texts - 10.0 - start;
    let longest = all().map(|bar| bar.count.total()).max().unwrap_or(0).max(1);
    let length = |count: usize| room * count as f64 / longest as f64;
    let mut y = top;
    for (heading, bars) in groups {
        if !heading.is_empty() {
            let heading = fit(canvas.font, heading, SIZE + 1.0, right - left);
            canvas.strong(&heading, (left, y + HEADING / 2.0 + 2.0), Anchor::Start, SIZE + 1.0, INK);
            y += HEADING;
        }
        let from = y;
        for bar in bars {
            let middle = y + ROW / 2.0;
            canvas.mark(&bar.tip, &[], || {
                label(canvas, &bar.name, (start - 10.0, middle), names);
                let (measured, open) = (length(bar.count.measured), length(bar.count.open));
                let rect = |x: f64, width: f64| Rect::new(x, middle - 8.0, width, 16.0);
                if bar.count.measured > 0 {
                    canvas.rect(rect(start, measured), &Paint::fill(MET));
                }
                if bar.count.open > 0 {
                    hatched(canvas, rect(start + measured, open), MET);
                }
                let text = fit(canvas.font, &bar.text, SIZE, texts);
                canvas.text(&text, (start + measured + open + 8.0, middle), Anchor::Start, SIZE, INK);
            });
            y += ROW;
        }
        canvas.line((start, from), (start, y), &Paint::stroke(AXIS, 1.0));
    }
    y
}

/// Draws a name that ends at `x`: in one line, or in two lines of smaller text.
fn label(canvas: &Canvas, name: &str, (x, middle): (f64, f64), room: f64) {
    if canvas.font.width(name, SIZE) <= room {
        canvas.text(name, (x, middle), Anchor::End, SIZE, INK);
        return;
    }
    let lines = wrap(canvas.font, name, SMALL, room, 2);
    canvas.lines(&lines, (x, middle), 13.0, Anchor::End, SMALL, INK);
}

/// The legend of solid and hatched bars.
fn symbols(words: &Words) -> [(Symbol, String); 2] {
    [
        (Symbol::Box(Paint::fill(MET)), words.say("chart.gaps.measured")),
        (Symbol::Hatched(Paint::fill(PAPER).edged(MET, 1.2)), words.say("chart.gaps.open")),
    ]
}

fn percent(part: usize, whole: usize) -> String {
    number::fixed(Some(100.0 * part as f64 / whole.max(1) as f64), 0)
}

/// None where the standard names no departments.
fn by_department(county: &County) -> Drawn {
    let found = count_by_department(county.district);
    let words = county.words;
    let Some((first, count)) = found.departments.first() else { return Ok(Vec::new()) };
    let bar = |name: &str, count: Count| {
        let mut args = count.args().to_vec();
        args.push(("department", name.to_string()));
        args.push(("percent", percent(count.total(), found.gaps)));
        let (text, tip) = (words.fill("chart.gaps.behind", &args), words.fill("chart.gaps.tip", &args));
        Bar { name: name.to_string(), count, text, tip }
    };
    let mut all: Vec<Bar> = found.departments.iter().map(|(name, count)| bar(name, *count)).collect();
    if found.nobody.total() > 0 {
        all.push(bar(&words.say("ledger.sheet.nobody"), found.nobody));
    }
    let second = found.departments.get(1).map(|(name, count)| (name.clone(), number::count(count.total())));
    let second = second.unwrap_or_default();
    let args = [
        ("department", first.clone()),
        ("count", number::count(count.total())),
        ("percent", percent(count.total(), found.gaps)),
        ("all", number::count(found.gaps)),
        ("departments", number::count(found.departments.len())),
        ("second", second.0),
        ("second_count", second.1),
    ];
    let key = match (count.total() == found.gaps, found.departments.len()) {
        (true, 1) => "chart.gaps_by_department.title_one",
        (true, _) => "chart.gaps_by_department.title_all",
        (false, _) => "chart.gaps_by_department.title",
    };
    let frame = Frame::new(county, Kind::GapsByDepartment, words.fill(key, &args), &[])?;
    let canvas = &frame.canvas;
    let top = legend(canvas, &symbols(words), frame.sides(), frame.top) + 6.0;
    let mut bottom = bars(canvas, top, frame.sides(), &[(String::new(), all)]);
    let named: usize = found.departments.iter().map(|(_, count)| count.total()).sum();
    if named + found.nobody.total() > found.gaps {
        let text = words.fill("chart.gaps_by_department.several", &args);
        bottom = frame.note(&text, bottom + 16.0, 3) - 8.0;
    }
    frame.finish("", &args, bottom)
}

fn by_kind(county: &County) -> Drawn {
    let groups = count_by_kind(county.district);
    let words = county.words;
    let items = || groups.iter().flat_map(|(_, items)| items.iter());
    // Of several with the most gaps, the first in the standard's order.
    let Some(most) = items().rev().max_by_key(|item| item.count.total()) else { return Ok(Vec::new()) };
    // An indicator's own title is shorter than that of the item that names it.
    let title_of = |item: &ItemGaps| match county.district.standard.item(&item.item).map(|item| &item.rule) {
        Some(Rule::Indicator { indicator }) => county.short_title(indicator),
        _ => county.short_title(&item.item),
    };
    let args = |item: &ItemGaps| {
        let (amount, unit) = item.amount.clone().unzip();
        let amount = number::needed(amount, unit.as_deref().unwrap_or_default(), words);
        let mut args = item.count.args().to_vec();
        args.extend([("item", title_of(item)), ("amount", amount)]);
        args
    };
    let say = |key: &str, item: &ItemGaps| {
        let key = match (&item.amount, item.is_excess) {
            (None, _) => key.to_string(),
            (Some(_), false) => format!("{key}_amount"),
            (Some(_), true) => format!("{key}_over"),
        };
        words.fill(&key, &args(item))
    };
    let bar = |item: &ItemGaps| Bar {
        name: title_of(item),
        count: item.count,
        text: say("chart.gaps.behind_item", item),
        tip: say("chart.gaps.tip_item", item),
    };
    let all: usize = items().map(|item| item.count.total()).sum();
    let mut args = args(most);
    args.push(("all", number::count(all)));
    args.push(("items", number::count(items().count())));
    let key = match most.amount.as_ref().filter(|_| !most.is_excess) {
        Some(_) => "chart.gaps_by_kind.title_amount",
        None => "chart.gaps_by_kind.title",
    };
    let frame = Frame::new(county, Kind::GapsByKind, words.fill(key, &args), &[])?;
    let canvas = &frame.canvas;
    let top = legend(canvas, &symbols(words), frame.sides(), frame.top) + 2.0;
    let drawn: Vec<(String, Vec<Bar>)> =
        groups.iter().map(|(name, items)| (name.clone(), items.iter().map(bar).collect())).collect();
    let mut bottom = bars(canvas, top, frame.sides(), &drawn);
    if items().any(|item| item.amount.is_some()) {
        bottom = frame.note(&words.say("chart.gaps_by_kind.added"), bottom + 16.0, 3) - 8.0;
    }
    frame.finish("", &args, bottom)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{chart::tests::collisions, report::sample::Whole, words::Language};

    #[test]
    fn every_department_that_is_named_counts() {
        let whole = Whole::demo("daxiang", Language::Chinese);
        let district = whole.district();
        let found = count_by_department(&district);
        assert_eq!(found.gaps, district.gaps.height());
        assert!(found.departments.len() > 3 && found.nobody.total() == 0);
        for (department, count) in &found.departments {
            // The table has 区发改局、区财政局、区教育局（基建办）. A name may contain brackets of its own.
            let named = district.gaps.rows().filter(|row| row.departments().contains(department));
            assert_eq!(count.total(), named.count(), "{department}");
        }
        assert!(found.departments.windows(2).all(|w| w[0].1.total() >= w[1].1.total()));
        assert!(!found.departments.iter().any(|(name, _)| name == "基建办"));
    }

    #[test]
    fn a_standard_without_departments_has_no_such_picture() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = whole.district();
        assert!(by_department(&County::new(&district)).unwrap().is_empty());
        assert_eq!(count_by_department(&district).nobody.total(), district.gaps.height());
    }

    #[test]
    fn amounts_are_the_schools_and_of_one_unit() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        district.gaps = gaps::Frame::partial(df!(
            "item" => ["L5", "L5", "L5", "G5", "G5", "G1", "G4", "Q4"],
            "school_code" => [Some("a"), Some("b"), None, Some("a"), Some("b"), None, Some("c"), None],
            "shortfall" => [Some(10.5), Some(4.5), Some(15.0), Some(3.0), Some(7.0), None, Some(20.0), Some(2.5)],
            "unit" => ["㎡", "㎡", "㎡", "", "", "", "人", "万元"],
        ));
        let groups = count_by_kind(&district);
        let item =
            |id: &str| groups.iter().flat_map(|(_, items)| items).find(|item| item.item == id).unwrap();
        assert_eq!((item("L5").count.measured, item("L5").amount.clone()), (3, Some((15.0, "㎡".into()))));
        assert_eq!((item("G5").amount.clone(), item("G5").count.total()), (None, 2));
        assert_eq!((item("G1").count.measured, item("G1").count.open), (0, 1));
        assert_eq!((item("G4").amount.clone(), item("G4").is_excess), (Some((20.0, "人".into())), true));
        assert_eq!((item("Q4").amount.clone(), item("Q4").is_excess), (Some((2.5, "万元".into())), false));
        let picture = &by_kind(&County::new(&district)).unwrap()[0];
        assert_eq!(picture.title, "全部缺口 8 条，最多的一项是体育运动场馆面积：3 条，合计缺 15.0 ㎡");
        district.gaps = district.gaps.head(0);
        assert!(
            by_kind(&County::new(&district)).unwrap().is_empty()
                && by_department(&County::new(&district)).unwrap().is_empty()
        );
    }

    #[test]
    fn departments_keep_apart_at_any_size_of_county() {
        for (schools, language) in [(3, Language::English), (120, Language::Chinese)] {
            let whole = Whole::synthetic(schools, "daxiang", language);
            let district = whole.district();
            for picture in by_department(&County::new(&district))
                .unwrap()
                .iter()
                .chain(&by_kind(&County::new(&district)).unwrap())
            {
                assert_eq!(collisions(picture), Vec::<String>::new());
                assert!(
                    !picture.title.contains('{') && !picture.live().contains("chart."),
                    "{}",
                    picture.title
                );
            }
        }
    }
}
