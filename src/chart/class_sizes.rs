//! County: classes by their number of pupils against the size allowed (教督〔2017〕6号，政府保障程度第5项: 45 pupils in
//! primary, 50 in junior).

use super::{
    Drawn, Kind,
    canvas::{Anchor, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, Subject},
    layout::Rect,
    legend::{Symbol, hatched, legend},
    palette::{AXIS, FAINT, INK, LIMIT, MET, PAPER, UNMET},
    plot::Plot,
};
use crate::{
    number,
    standard::{
        Section,
        class_sizes::{self, checks, largest},
    },
    tables::district::District,
};

pub(super) use crate::standard::class_sizes::BRACKETS;

pub(super) const CHART: Chart =
    Chart::new("class-sizes", "chart.classes", Place::Schools, Draw::County(pictures));

/// The classes of one section of the district.
#[derive(Debug, Clone, PartialEq)]
struct ClassSizes {
    section: Section,
    limit: f64,
    /// The number of classes in each of [`BRACKETS`], as far as schools report it.
    classes: [f64; 10],
    largest: Option<f64>,
    /// Schools that leave at least one bracket empty.
    unknown: usize,
    schools: usize,
}

impl ClassSizes {
    fn total(&self) -> f64 {
        self.classes.iter().sum()
    }

    /// Classes in brackets that lie wholly above the limit. Those in the bracket that contains the limit do not count:
    /// how many of them are above it is not known.
    fn over(&self) -> f64 {
        let counted = BRACKETS.iter().enumerate().filter(|(k, _)| self.is_over(*k));
        counted.map(|(k, _)| self.classes.get(k).copied().unwrap_or(0.0)).sum()
    }

    /// Whether every class of the bracket is larger than allowed.
    fn is_over(&self, bracket: usize) -> bool {
        class_sizes::is_over(bracket, self.limit) == Some(true)
    }
}

/// One element per section that has classes; none where the standard does not limit their size.
fn class_sizes(district: &District) -> Vec<ClassSizes> {
    let checks = checks(district.standard);
    let mut found = Vec::new();
    for &section in &district.standard.scope.sections {
        let Some(limit) = largest(&checks, section) else { continue };
        let mut sizes =
            ClassSizes { section, limit, classes: [0.0; 10], largest: None, unknown: 0, schools: 0 };
        for row in district.facts.rows().filter(|row| row.section() == Some(section)) {
            if !class_sizes::apply(&checks, &|id| row.exact(id)) {
                continue;
            }
            sizes.schools += 1;
            sizes.largest = [sizes.largest, row.max_class_size()].into_iter().flatten().reduce(f64::max);
            let given: Vec<Option<f64>> = BRACKETS.iter().map(|(fact, _)| row.number(fact)).collect();
            sizes.unknown += usize::from(given.iter().any(Option::is_none));
            for (sum, classes) in sizes.classes.iter_mut().zip(given) {
                *sum += classes.unwrap_or(0.0);
            }
        }
        if sizes.total() > 0.0 {
            found.push(sizes);
        }
    }
    found
}

/// The finding of one section.
fn finding(county: &County, sizes: &ClassSizes) -> String {
    let args = [
        ("section", county.section_name(sizes.section)),
        ("count", number::count(sizes.over() as i64)),
        ("all", number::count(sizes.total() as i64)),
        ("limit", size_text(sizes.limit)),
        ("largest", number::fixed(sizes.largest, 0)),
    ];
    let key = match (sizes.over() > 0.0, sizes.largest) {
        // Schools report the two facts separately: they need not agree, and one may be missing.
        (true, Some(largest)) if largest > sizes.limit => "over_largest",
        (true, _) => "over",
        (false, Some(largest)) if largest > sizes.limit => "largest",
        (false, Some(_)) => "within_largest",
        (false, None) => "within",
    };
    county.words.fill(&format!("chart.classes.{key}"), &args)
}

fn size_text(size: f64) -> String {
    number::fixed(Some(size), if size.fract() == 0.0 { 0 } else { 1 })
}

/// `≤25`, `26–30`, `≥66`
pub(super) fn bracket_text(bracket: usize) -> String {
    let to = BRACKETS.get(bracket).and_then(|(_, to)| *to);
    let from = bracket.checked_sub(1).and_then(|k| BRACKETS.get(k)).and_then(|(_, to)| *to).map(|n| n + 1);
    match (from, to) {
        (None, Some(to)) => format!("≤{to}"),
        (Some(from), Some(to)) => format!("{from}–{to}"),
        (Some(from), None) => format!("≥{from}"),
        (None, None) => String::new(),
    }
}

/// The position of the limit on an axis on which every bracket is 1 wide.
fn position(limit: f64) -> f64 {
    let mut below = 20.0;
    for (bracket, (_, to)) in BRACKETS.iter().enumerate() {
        let to = to.map_or(below + 5.0, f64::from);
        if limit <= to {
            return bracket as f64 + ((limit - below) / (to - below)).clamp(0.0, 1.0);
        }
        below = to;
    }
    BRACKETS.len() as f64
}

const PANEL_HEIGHT: f64 = 170.0;

/// One picture with one panel per section. None where the standard does not limit class sizes, or where no school
/// reports its classes.
fn pictures(county: &County) -> Drawn {
    let found = class_sizes(county.district);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let words = county.words;
    // Sections with classes that are too large come first in the title.
    let (too_large, others): (Vec<_>, Vec<_>) =
        found.iter().partition(|s| s.over() > 0.0 || s.largest.is_some_and(|largest| largest > s.limit));
    let findings: Vec<String> = too_large.into_iter().chain(others).map(|s| finding(county, s)).collect();
    let title = findings.join(&words.say("chart.classes.then"));
    let frame = Frame::new(county, Kind::ClassSizes, title, &[])?;
    let (canvas, (left, right)) = (&frame.canvas, frame.sides());
    let limit_line = Paint::stroke(LIMIT, 1.4).dashed(4.0, 3.0);
    let symbols = [
        (Symbol::Box(Paint::fill(MET)), words.say("chart.classes.sign_within")),
        (Symbol::Hatched(Paint::fill(PAPER).edged(UNMET, 1.2)), words.say("chart.classes.sign_over")),
        (Symbol::Line(limit_line), words.say("chart.classes.sign_limit")),
    ];
    let mut top = legend(canvas, &symbols, (left, right), frame.top) + 8.0;
    for sizes in &found {
        let section = county.section_name(sizes.section);
        canvas.strong(&section, (left, top + 8.0), Anchor::Start, 14.0, INK);
        let most = sizes.classes.iter().copied().fold(0.0, f64::max);
        let rect = Rect::new(left + 46.0, top + 44.0, right - left - 46.0, PANEL_HEIGHT);
        let plot = Plot::new(canvas, rect, 0.0..BRACKETS.len() as f64, 0.0..most * 1.15);
        plot.axis_y(if most < 5.0 { most as usize + 1 } else { 5 }, &words.say("chart.classes.unit"));
        for (bracket, &count) in sizes.classes.iter().enumerate() {
            let (from, to) = (plot.x(bracket as f64), plot.x(bracket as f64 + 1.0));
            let middle = (from + to) / 2.0;
            let label = bracket_text(bracket);
            let args = [
                ("section", section.clone()),
                ("size", label.clone()),
                ("count", number::count(count as i64)),
            ];
            canvas.mark(&words.fill("chart.classes.tip", &args), &[], || {
                let bar = Rect::new(from + 8.0, plot.y(count), to - from - 16.0, plot.y(0.0) - plot.y(count));
                match count > 0.0 {
                    true if sizes.is_over(bracket) => hatched(canvas, bar, UNMET),
                    true => canvas.rect(bar, &Paint::fill(MET)),
                    false => {}
                }
                if count > 0.0 {
                    let text = number::count(count as i64);
                    let at = (middle, plot.y(count) - 9.0);
                    let width = canvas.font.width(&text, 12.0);
                    let ground = Rect::new(middle - width / 2.0 - 2.0, at.1 - 7.0, width + 4.0, 14.0);
                    canvas.rect(ground, &Paint::fill(PAPER));
                    canvas.text(&text, at, Anchor::Middle, 12.0, INK);
                }
            });
            canvas.text(&label, (middle, rect.bottom() + 12.0), Anchor::Middle, 11.5, FAINT);
        }
        canvas.line((rect.x, rect.bottom()), (rect.right(), rect.bottom()), &Paint::stroke(AXIS, 1.0));
        let axis = words.say("chart.classes.size");
        canvas.text(&axis, (rect.right(), rect.bottom() + 28.0), Anchor::End, 11.5, FAINT);
        // The line is drawn over the bars; its text stands above it.
        let x = plot.x(position(sizes.limit));
        canvas.line((x, rect.y - 12.0), (x, rect.bottom()), &limit_line);
        let text = words.fill("chart.classes.limit", &[("limit", size_text(sizes.limit))]);
        canvas.text(&text, (x, rect.y - 20.0), Anchor::Middle, 12.0, INK);
        top = rect.bottom() + 46.0;
        if sizes.unknown > 0 {
            let args = [
                ("count", number::count(sizes.unknown)),
                ("all", number::count(sizes.schools)),
                ("section", section),
            ];
            top = frame.note(&words.fill("chart.classes.unknown", &args), top, 2) + 6.0;
        }
    }
    frame.finish("", &[], top - 18.0)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{
        report::sample::Whole,
        standard::{Rule, Standard},
        words::Language,
    };

    #[test]
    fn the_limit_comes_from_the_standard() {
        let mut whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let limit = |standard: &Standard, section| largest(&checks(standard), section);
        assert_eq!(limit(&whole.standard, Section::Primary), Some(45.0));
        assert_eq!(limit(&whole.standard, Section::Junior), Some(50.0));
        assert_eq!(limit(&whole.standard, Section::Senior), Some(50.0));
        for item in &mut whole.standard.items {
            if let Rule::Checks { checks } = &mut item.rule {
                for check in checks.iter_mut().filter(|check| check.numerator.to_string() == "max_class_size")
                {
                    check.required = "case when section = 'primary' then 40 else 48 end".parse().unwrap();
                }
            }
        }
        assert_eq!(limit(&whole.standard, Section::Primary), Some(40.0));
        assert_eq!(limit(&whole.standard, Section::Junior), Some(48.0));
        whole.standard.items.clear();
        assert!(
            class_sizes(&whole.district()).is_empty()
                && pictures(&County::new(&whole.district())).unwrap().is_empty()
        );
    }

    fn sizes(classes: [f64; 10], limit: f64, largest: Option<f64>) -> ClassSizes {
        ClassSizes { section: Section::Primary, limit, classes, largest, unknown: 0, schools: 1 }
    }

    #[test]
    fn brackets_above_the_limit_are_over() {
        let classes = [1.0, 0.0, 0.0, 2.0, 30.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        assert_eq!(sizes(classes, 45.0, None).over(), 30.0);
        assert_eq!(sizes(classes, 50.0, None).over(), 26.0);
        // 48 lies within 46–50.
        assert_eq!(sizes(classes, 48.0, None).over(), 26.0);
        assert_eq!((position(45.0), position(50.0), position(48.0)), (5.0, 6.0, 5.6));
        assert_eq!(
            (bracket_text(0), bracket_text(1), bracket_text(9)),
            ("≤25".into(), "26–30".into(), "≥66".into())
        );
    }

    #[test]
    fn a_title_states_only_what_is_known() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let district = whole.district();
        let county = County::new(&district);
        let some = [0.0, 0.0, 0.0, 0.0, 10.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        let none = [0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        for (classes, largest, title) in [
            (some, Some(48.0), "小学 2 个班超过 45 人，最大班额 48 人"),
            (some, None, "小学 2 个班超过 45 人"),
            (some, Some(44.0), "小学 2 个班超过 45 人"),
            (none, Some(45.0), "小学 10 个班都不超过 45 人，最大班额 45 人"),
            (none, None, "小学 10 个班都不超过 45 人"),
            (none, Some(46.0), "小学最大班额 46 人，超过 45 人（分段班级数中未反映）"),
        ] {
            assert_eq!(finding(&county, &sizes(classes, 45.0, largest)), title);
        }
    }

    #[test]
    fn a_school_without_counts_is_noted_and_not_counted_as_zero() {
        let whole = Whole::synthetic(9, "quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        let before = class_sizes(&district)[0].clone();
        let bracket = BRACKETS[4].0;
        let mut counts: Vec<Option<f64>> = district.facts.rows().map(|row| row.number(bracket)).collect();
        let first = counts[0].take().unwrap();
        district.facts.frame_mut().with_column(Column::new(bracket.into(), counts)).unwrap();
        let after = class_sizes(&district)[0].clone();
        assert_eq!((before.unknown, after.unknown), (0, 1));
        assert_eq!(after.total(), before.total() - first);
        assert!(pictures(&County::new(&district)).unwrap()[0].live().contains("分段班级数填报不全"));
    }
}
