//! Gaps counted: by department, and by kind.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::{
    Kind, Picture,
    canvas::{Anchor, Canvas, Paint},
    frame::Frame,
    layout::{Rect, fit, wrap},
    legend::{Sign, legend},
    palette::{AXIS, FAINT, INK, MET, PAPER},
    values::short_title,
};
use crate::{
    number,
    problem::Result,
    standard::{Check, Comparison, Rule, Standard},
    tables::{Row, district::District},
};

/// Gaps of one department. A gap counts for every department that is named in it.
#[derive(Debug, Clone, PartialEq)]
struct OfDepartment {
    name: String,
    /// How much is lacking is known.
    measured: usize,
    /// Data, evidence or a conclusion is lacking, or the conclusion is no.
    open: usize,
}

impl OfDepartment {
    fn all(&self) -> usize {
        self.measured + self.open
    }
}

#[derive(Debug, Clone, PartialEq)]
struct ByDepartment {
    /// Most gaps first; the standard's own order among equals.
    departments: Vec<OfDepartment>,
    /// All gaps, each once.
    gaps: usize,
    /// Gaps of items that name no department, and how many of these are open.
    nobody: usize,
    nobody_open: usize,
}

fn count_by_department(district: &District) -> ByDepartment {
    let mut found = ByDepartment { departments: Vec::new(), gaps: 0, nobody: 0, nobody_open: 0 };
    for gap in Row::all(&district.gaps) {
        found.gaps += 1;
        let (named, _) = district.standard.responsible(gap.said("item"));
        if named.is_empty() {
            found.nobody += 1;
            found.nobody_open += usize::from(gap.number("shortfall").is_none());
        }
        for name in named {
            let place = found.departments.iter().position(|d| d.name == *name).unwrap_or_else(|| {
                found.departments.push(OfDepartment { name: name.clone(), measured: 0, open: 0 });
                found.departments.len() - 1
            });
            match gap.number("shortfall") {
                Some(_) => found.departments[place].measured += 1,
                None => found.departments[place].open += 1,
            }
        }
    }
    found.departments.sort_by_key(|d| std::cmp::Reverse(d.all()));
    found
}

/// Gaps of one item.
#[derive(Debug, Clone, PartialEq)]
struct OfItem {
    item: String,
    measured: usize,
    open: usize,
    /// What the schools lack together, where it is one unit. What the district's mean or CV lacks is the same
    /// resource once more, so it is not added; it stands where it is the only gap.
    amount: Option<(f64, String)>,
    /// What is counted is too much, not too little: pupils over the size of a school.
    over: bool,
}

impl OfItem {
    fn all(&self) -> usize {
        self.measured + self.open
    }
}

/// Groups of the standard (一级指标) in its order, each with its items that have gaps, most first.
fn count_by_kind(district: &District) -> Vec<(String, Vec<OfItem>)> {
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for gap in Row::all(&district.gaps) {
        rows.entry(gap.said("item")).or_default().push(gap);
    }
    let language = district.words.language;
    let mut groups: Vec<(String, Vec<OfItem>)> = Vec::new();
    let known = district.standard.items.iter().map(|item| (item.id.as_str(), item.group.get(language)));
    let known: Vec<(&str, &str)> = known.collect();
    // An indicator without an item of its own has no group.
    let others = rows.keys().filter(|id| known.iter().all(|(item, _)| item != *id)).map(|id| (*id, ""));
    for (id, group) in known.iter().copied().chain(others) {
        let Some(rows) = rows.get(id) else { continue };
        let measured = rows.iter().filter(|row| row.number("shortfall").is_some()).count();
        let one = OfItem {
            item: id.to_string(),
            measured,
            open: rows.len() - measured,
            amount: amount(rows),
            over: is_bound(district.standard, id),
        };
        match groups.iter_mut().find(|(name, _)| name == group) {
            Some((_, items)) => items.push(one),
            None => groups.push((group.to_string(), vec![one])),
        }
    }
    for (_, items) in &mut groups {
        items.sort_by_key(|item| std::cmp::Reverse(item.all()));
    }
    groups
}

/// Whether the item's limit, or all its checks, say what must not be exceeded.
fn is_bound(standard: &Standard, id: &str) -> bool {
    // A mean of CVs is over its limit.
    if standard.composites().any(|(item, ..)| item.id == id) {
        return true;
    }
    let checks = standard.item(id).map_or(&[][..], |item| item.checks());
    let bound = |check: &Check| match check.compare {
        Comparison::AtMost | Comparison::Less => true,
        // None is allowed: classes over the size.
        Comparison::Equal => check.required.to_string() == "0",
        Comparison::AtLeast | Comparison::More => false,
    };
    !checks.is_empty() && checks.iter().all(bound)
}

fn amount(rows: &[Row]) -> Option<(f64, String)> {
    let schools: Vec<&Row> = rows.iter().filter(|row| row.text("school_code").is_some()).collect();
    let counted: Vec<&Row> = match (&schools[..], rows) {
        ([], [one]) => vec![one],
        _ => schools,
    };
    let known: Vec<(f64, &str)> =
        counted.iter().filter_map(|row| Some((row.number("shortfall")?, row.said("unit")))).collect();
    let (_, unit) = *known.first()?;
    // An item's checks may count different things (classes, pupils) without a unit of their own.
    let one_unit = !unit.is_empty() && known.iter().all(|(_, other)| *other == unit);
    let sum = known.iter().map(|(shortfall, _)| shortfall).sum::<f64>();
    (one_unit && sum > 0.0).then(|| (sum, unit.to_string()))
}

/// One bar: its name, what it counts, and what is written behind it.
struct Bar {
    name: String,
    measured: usize,
    open: usize,
    behind: String,
    tip: String,
}

const SIZE: f64 = 12.5;
const SMALL: f64 = 10.5;
const ROW: f64 = 28.0;
const HEADING: f64 = 30.0;

/// Bars of all groups on one scale; names at the left, numbers behind. Gives the height below them.
fn bars(canvas: &Canvas, top: f64, (left, right): (f64, f64), groups: &[(String, Vec<Bar>)]) -> f64 {
    let all = || groups.iter().flat_map(|(_, bars)| bars);
    let widest = |of: fn(&Bar) -> &str, most: f64| {
        all().map(|bar| canvas.font.width(of(bar), SIZE)).fold(0.0, f64::max).min(most)
    };
    let names = widest(|bar| &bar.name, 290.0);
    let behind = widest(|bar| &bar.behind, 220.0);
    let start = left + names + 10.0;
    let room = right - behind - 10.0 - start;
    let most = all().map(|bar| bar.measured + bar.open).max().unwrap_or(0).max(1);
    let length = |count: usize| room * count as f64 / most as f64;
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
                let (measured, open) = (length(bar.measured), length(bar.open));
                let rect = |x: f64, width: f64| Rect::new(x, middle - 8.0, width, 16.0);
                if bar.measured > 0 {
                    canvas.rect(rect(start, measured), &Paint::fill(MET));
                }
                if bar.open > 0 {
                    hatched(canvas, rect(start + measured, open), MET);
                }
                let text = fit(canvas.font, &bar.behind, SIZE, behind);
                canvas.text(&text, (start + measured + open + 8.0, middle), Anchor::Start, SIZE, INK);
            });
            y += ROW;
        }
        canvas.line((start, from), (start, y), &Paint::stroke(AXIS, 1.0));
    }
    y
}

/// A name that ends here: in one line, or small in two.
fn label(canvas: &Canvas, name: &str, (x, middle): (f64, f64), room: f64) {
    if canvas.font.width(name, SIZE) <= room {
        canvas.text(name, (x, middle), Anchor::End, SIZE, INK);
        return;
    }
    let lines = wrap(canvas.font, name, SMALL, room, 2);
    let mut y = middle - 6.5 * (lines.len() as f64 - 1.0);
    for line in lines {
        canvas.text(&line, (x, y), Anchor::End, SMALL, INK);
        y += 13.0;
    }
}

/// A bar whose filling says by lines that it is of another kind.
pub(super) fn hatched(canvas: &Canvas, rect: Rect, colour: RGBColor) {
    canvas.rect(rect, &Paint::fill(PAPER).edged(colour, 1.2));
    canvas.hatch(rect, colour, 5.0);
}

/// What solid and hatched bars are, where both are drawn.
fn signs(district: &District) -> [(Sign, String); 2] {
    let words = district.words;
    [
        (Sign::Box(Paint::fill(MET)), words.say("chart.gaps.measured")),
        (Sign::Hatched(Paint::fill(PAPER).edged(MET, 1.2)), words.say("chart.gaps.open")),
    ]
}

fn percent(part: usize, whole: usize) -> String {
    number::fixed(Some(100.0 * part as f64 / whole.max(1) as f64), 0)
}

/// Bars of the departments, one that has most first. None where the standard names no departments.
///
/// # Errors
/// The font cannot be used.
pub fn by_department(district: &District) -> Result<Vec<Picture>> {
    let found = count_by_department(district);
    let words = district.words;
    let Some(first) = found.departments.first() else { return Ok(Vec::new()) };
    let bar = |name: &str, measured: usize, open: usize| {
        let args = [
            ("department", name.to_string()),
            ("count", number::count(measured + open)),
            ("percent", percent(measured + open, found.gaps)),
            ("measured", number::count(measured)),
            ("open", number::count(open)),
        ];
        let behind = words.text("chart.gaps.behind", &args);
        Bar { name: name.to_string(), measured, open, behind, tip: words.text("chart.gaps.tip", &args) }
    };
    let mut all: Vec<Bar> = found.departments.iter().map(|d| bar(&d.name, d.measured, d.open)).collect();
    if found.nobody > 0 {
        let measured = found.nobody - found.nobody_open;
        all.push(bar(&words.say("ledger.sheet.nobody"), measured, found.nobody_open));
    }
    let args = [
        ("department", first.name.clone()),
        ("count", number::count(first.all())),
        ("percent", percent(first.all(), found.gaps)),
        ("all", number::count(found.gaps)),
        ("departments", number::count(found.departments.len())),
    ];
    let second =
        found.departments.get(1).map(|d| (d.name.clone(), number::count(d.all()))).unwrap_or_default();
    let (mut args, key) = (
        args.to_vec(),
        match (first.all() == found.gaps, found.departments.len()) {
            (true, 1) => "chart.gaps.title_one",
            (true, _) => "chart.gaps.title_all",
            (false, _) => "chart.gaps.title_department",
        },
    );
    args.extend([("second", second.0), ("second_count", second.1)]);
    let frame = Frame::new(district, &words.text(key, &args), &words.say("chart.gaps.departments"))?;
    let (canvas, left, right) = (&frame.canvas, frame.left(), frame.right());
    let top = legend(canvas, &signs(district), (left, right), frame.top) + 6.0;
    let mut bottom = bars(canvas, top, (left, right), &[(String::new(), all)]);
    let named: usize = found.departments.iter().map(OfDepartment::all).sum();
    if named + found.nobody > found.gaps {
        bottom = note(canvas, &words.text("chart.gaps.several", &args), (left, right), bottom);
    }
    let description = words.text("chart.gaps.described_department", &args);
    Ok(vec![frame.finish("gaps-by-department", Kind::GapsByDepartment, &description, bottom)])
}

/// Bars of the items, by the groups of the standard.
///
/// # Errors
/// The font cannot be used.
pub fn by_kind(district: &District) -> Result<Vec<Picture>> {
    let groups = count_by_kind(district);
    let words = district.words;
    let items = || groups.iter().flat_map(|(_, items)| items.iter());
    // The first of the most, as the standard orders them.
    let Some(most) = items().rev().max_by_key(|item| item.all()) else { return Ok(Vec::new()) };
    // An indicator's own title is shorter than that of the item that names it.
    let title_of = |item: &OfItem| match district.standard.item(&item.item).map(|item| &item.rule) {
        Some(Rule::Indicator { indicator }) => short_title(district, indicator),
        _ => short_title(district, &item.item),
    };
    let args = |item: &OfItem| {
        let (amount, unit) = item.amount.clone().unzip();
        let amount = number::needed(amount, unit.as_deref().unwrap_or_default(), words);
        vec![
            ("item", title_of(item)),
            ("count", number::count(item.all())),
            ("amount", amount),
            ("measured", number::count(item.measured)),
            ("open", number::count(item.open)),
        ]
    };
    let say = |key: &str, item: &OfItem| {
        let key = match (&item.amount, item.over) {
            (None, _) => key.to_string(),
            (Some(_), false) => format!("{key}_amount"),
            (Some(_), true) => format!("{key}_over"),
        };
        words.text(&key, &args(item))
    };
    let bar = |item: &OfItem| Bar {
        name: title_of(item),
        measured: item.measured,
        open: item.open,
        behind: say("chart.gaps.behind_item", item),
        tip: say("chart.gaps.tip_item", item),
    };
    let all: usize = items().map(OfItem::all).sum();
    let mut of_title = args(most);
    of_title.push(("all", number::count(all)));
    of_title.push(("items", number::count(items().count())));
    let key = match most.amount.as_ref().filter(|_| !most.over) {
        Some(_) => "chart.gaps.title_kind_amount",
        None => "chart.gaps.title_kind",
    };
    let frame = Frame::new(district, &words.text(key, &of_title), &words.say("chart.gaps.kinds"))?;
    let (canvas, left, right) = (&frame.canvas, frame.left(), frame.right());
    let top = legend(canvas, &signs(district), (left, right), frame.top) + 2.0;
    let drawn: Vec<(String, Vec<Bar>)> =
        groups.iter().map(|(name, items)| (name.clone(), items.iter().map(bar).collect())).collect();
    let bottom = bars(canvas, top, (left, right), &drawn);
    let bottom = match items().any(|item| item.amount.is_some()) {
        true => note(canvas, &words.say("chart.gaps.added"), (left, right), bottom),
        false => bottom,
    };
    let description = words.text("chart.gaps.described_kind", &of_title);
    Ok(vec![frame.finish("gaps-by-kind", Kind::GapsByKind, &description, bottom)])
}

/// Small text under the bars; gives the height below it.
fn note(canvas: &Canvas, text: &str, (left, right): (f64, f64), top: f64) -> f64 {
    let mut y = top + 16.0;
    for line in wrap(canvas.font, text, 11.5, right - left, 3) {
        canvas.text(&line, (left, y), Anchor::Start, 11.5, FAINT);
        y += 16.0;
    }
    y - 8.0
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
        assert!(found.departments.len() > 3 && found.nobody == 0);
        for department in &found.departments {
            // As the table says it: 区发改局、区财政局、区教育局（基建办）. A name may have brackets of its own.
            let named =
                Row::all(&district.gaps).filter(|row| row.said("departments").contains(&department.name));
            assert_eq!(department.all(), named.count(), "{}", department.name);
        }
        assert!(found.departments.windows(2).all(|w| w[0].all() >= w[1].all()));
        assert!(!found.departments.iter().any(|d| d.name == "基建办"));
    }

    #[test]
    fn a_standard_without_departments_has_no_such_picture() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = whole.district();
        assert!(by_department(&district).unwrap().is_empty());
        assert_eq!(count_by_department(&district).nobody, district.gaps.height());
    }

    #[test]
    fn amounts_are_the_schools_and_of_one_unit() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        district.gaps = crate::tables::gaps::Frame::partial(df!(
            "item" => ["L5", "L5", "L5", "G5", "G5", "G1", "G4", "Q4"],
            "school_code" => [Some("a"), Some("b"), None, Some("a"), Some("b"), None, Some("c"), None],
            "shortfall" => [Some(10.5), Some(4.5), Some(15.0), Some(3.0), Some(7.0), None, Some(20.0), Some(2.5)],
            "unit" => ["㎡", "㎡", "㎡", "", "", "", "人", "万元"],
        ));
        let groups = count_by_kind(&district);
        let of = |id: &str| groups.iter().flat_map(|(_, items)| items).find(|item| item.item == id).unwrap();
        assert_eq!((of("L5").measured, of("L5").amount.clone()), (3, Some((15.0, "㎡".into()))));
        assert_eq!((of("G5").amount.clone(), of("G5").all()), (None, 2));
        assert_eq!((of("G1").measured, of("G1").open), (0, 1));
        assert_eq!((of("G4").amount.clone(), of("G4").over), (Some((20.0, "人".into())), true));
        assert_eq!((of("Q4").amount.clone(), of("Q4").over), (Some((2.5, "万元".into())), false));
        let picture = &by_kind(&district).unwrap()[0];
        assert_eq!(picture.title, "全部缺口 8 条，最多的一项是体育运动场馆面积：3 条，合计缺 15.0 ㎡");
        district.gaps = district.gaps.head(0);
        assert!(by_kind(&district).unwrap().is_empty() && by_department(&district).unwrap().is_empty());
    }

    #[test]
    fn departments_keep_apart_at_any_size_of_county() {
        for (schools, language) in [(3, Language::English), (120, Language::Chinese)] {
            let whole = Whole::synthetic(schools, "daxiang", language);
            let district = whole.district();
            for picture in by_department(&district).unwrap().iter().chain(&by_kind(&district).unwrap()) {
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
