//! Annual report: classes by their number of pupils, by year. One picture per section.

use plotters::style::RGBColor;

use super::{
    AnnualView,
    stack::{Segment, column, plot},
    view::percent,
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Paint},
        class_sizes::{BRACKETS, bracket_text},
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, find_or_push, year_text},
        layout::Rect,
        legend::{Symbol, legend},
        palette::{AXIS, FAINT, FLOOR, INK, MET, PAPER, UNMET, between},
        plot::Plot,
    },
    number,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("class-sizes-years", "chart.annual.classes", Place::Template, Draw::Annual(pictures));

const HEIGHT: f64 = 260.0;
/// Space right of the plot, for the names of the brackets.
const NAMES: f64 = 74.0;

/// Whether the classes of each bracket are larger than allowed; `None` where the size allowed lies within the bracket.
type Over = [Option<bool>; 10];

/// The classes of one year.
#[derive(Debug, Clone)]
struct Year {
    year: i32,
    /// The number of classes in each of [`BRACKETS`].
    classes: [f64; 10],
    /// Schools that leave at least one bracket empty.
    unknown: i64,
}

impl Year {
    fn total(&self) -> f64 {
        self.classes.iter().sum()
    }
    fn share(&self, bracket: usize) -> f64 {
        self.classes[bracket] / self.total().max(f64::MIN_POSITIVE)
    }
    fn over(&self, over: &Over) -> f64 {
        let counted = self.classes.iter().zip(over).filter(|(_, over)| **over == Some(true));
        counted.map(|(classes, _)| classes).sum()
    }
    fn share_over(&self, over: &Over) -> f64 {
        self.over(over) / self.total()
    }
}

fn read(view: &AnnualView, section: Section) -> (Vec<Year>, Over) {
    let mut years: Vec<Year> = Vec::new();
    let mut over: Over = [Some(false); 10];
    let rows = view.annual.class_sizes.rows();
    for row in rows.filter(|row| row.section() == section && row.level() == "all" && row.year() <= view.year)
    {
        let Some(bracket) = BRACKETS.iter().position(|(id, _)| *id == row.bracket()) else { continue };
        over[bracket] = row.over();
        let new = || Year { year: row.year(), classes: [0.0; 10], unknown: 0 };
        let year = find_or_push(&mut years, |year| year.year == row.year(), new);
        year.unknown = year.unknown.max(row.unknown());
        year.classes[bracket] = row.classes().max(0.0);
    }
    years.retain(|year| year.total() > 0.0);
    years.sort_by_key(|year| year.year);
    (years, over)
}

/// Darker the larger the classes are; another colour and hatched where they are larger than allowed; a third colour for
/// the bracket that contains the size allowed.
fn paint(bracket: usize, over: &Over) -> (RGBColor, Option<RGBColor>) {
    match over[bracket] {
        Some(true) => (between(PAPER, UNMET, 0.2), Some(UNMET)),
        None => (FLOOR, None),
        Some(false) => {
            let within = over.iter().filter(|over| **over == Some(false)).count().max(1);
            (between(PAPER, MET, 0.2 + 0.8 * bracket as f64 / within as f64), None)
        }
    }
}

fn title(view: &AnnualView, section: Section, now: &Year, first: &Year, over: &Over) -> String {
    let first = Some(first).filter(|first| first.year < now.year);
    let args = [
        ("section", view.section_name(section)),
        ("year", year_text(now.year)),
        ("over", number::fixed(Some(now.over(over)), 0)),
        ("all", number::fixed(Some(now.total()), 0)),
        ("share", percent(now.share_over(over))),
        ("from", first.map_or_else(String::new, |first| year_text(first.year))),
        ("first", first.map_or_else(String::new, |first| percent(first.share_over(over)))),
    ];
    let key = match (now.over(over) > 0.0, first) {
        // No size is laid down.
        _ if over.iter().all(|over| over.is_none()) => "measured",
        (true, Some(_)) => "over_since",
        (true, None) => "over",
        (false, Some(first)) if first.over(over) > 0.0 => "none_since",
        (false, _) => "none",
    };
    view.words.fill(&format!("chart.annual.classes.{key}"), &args)
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let (all, over) = read(view, section);
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(Vec::new()) };
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let title = title(view, section, last, first, &over);
    let frame = Frame::new(view, Kind::ClassSizesYears, title, &args)?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.classes.{key}"));
    let is_judged = over.iter().any(Option::is_some);
    let mut symbols = Vec::new();
    if is_judged {
        symbols.push((Symbol::Box(Paint::fill(between(PAPER, MET, 0.7))), say("sign_within")));
        symbols.push((Symbol::Hatched(Paint::fill(PAPER).edged(UNMET, 1.2)), say("sign_over")));
    }
    if over.contains(&None) {
        let key = if is_judged { "sign_both" } else { "sign_unjudged" };
        symbols.push((Symbol::Box(Paint::fill(FLOOR)), say(key)));
    }
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 40.0;
    let rect = Rect::new(frame.left() + 40.0, top, frame.right() - frame.left() - 40.0 - NAMES, HEIGHT);
    let years = YearAxis::new(first.year, view.year);
    let plot = plot(canvas, rect, years, &say("unit"));
    let labelled = years.labels(canvas.font, rect.width);
    let mut edge = rect.right();
    let mut listed = Vec::new();
    for year in &all {
        let segment = |bracket: usize| {
            let (fill, hatch) = paint(bracket, &over);
            let share = year.share(bracket);
            let args = [
                ("year", year_text(year.year)),
                ("size", bracket_text(bracket)),
                ("count", number::fixed(Some(year.classes[bracket]), 0)),
                ("share", percent(share)),
            ];
            let tip = words.fill("chart.annual.classes.tip", &args);
            Segment { share, fill, hatch, tip, text: percent(share) }
        };
        let segments: Vec<Segment> = (0..BRACKETS.len()).map(segment).collect();
        let (from, to) = column(&plot, years, year.year, &segments, &[("section", section.id())]);
        edge = to;
        let share = percent(year.share_over(&over));
        if is_judged && labelled.contains(&year.year) {
            canvas.strong(&share, ((from + to) / 2.0, rect.y - 10.0), Anchor::Middle, 11.0, INK);
        }
        let args = [("year", year_text(year.year)), ("share", share)];
        listed.push(words.fill("chart.annual.classes.listed", &args));
    }
    bracket_names(&plot, last, edge);
    let mut bottom = rect.bottom() + 22.0;
    if last.unknown > 0 {
        let args = [("count", number::count(last.unknown)), ("year", year_text(view.year))];
        let text = words.fill("chart.annual.classes.unknown", &args);
        bottom = frame.note(&text, bottom + 16.0, 2) - 16.0;
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    let described = if is_judged { "described" } else { "described_measured" };
    frame.finish_as(described, section.id(), &args, bottom)
}

/// Draws the brackets' names right of the last column, each as near to its segment as space allows. The column ends at
/// `edge`.
fn bracket_names(plot: &Plot, year: &Year, edge: f64) {
    let canvas = plot.canvas;
    let mut below = 0.0;
    let mut taken = f64::INFINITY;
    for bracket in 0..BRACKETS.len() {
        let share = year.share(bracket);
        if share <= 0.0 {
            continue;
        }
        let middle = plot.y(100.0 * (below + share / 2.0));
        below += share;
        // Each name stands at least one line above the name before it.
        let y = middle.min(taken - 13.0);
        taken = y;
        let x = plot.rect.right() + 8.0;
        canvas.line((edge + 1.0, middle), (x - 2.0, y), &Paint::stroke(AXIS, 0.7));
        canvas.text(&bracket_text(bracket), (x, y), Anchor::Start, 11.0, FAINT);
    }
}
