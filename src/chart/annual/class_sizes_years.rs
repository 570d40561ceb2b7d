//! Classes by size, year by year: a picture a section.

use plotters::style::RGBColor;

use super::{
    stack::{Part, column, plot},
    view::{View, percent, said},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Paint},
        class_sizes::{BRACKETS, bracket_text},
        layout::{Rect, wrap},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, FLOOR, INK, MET, PAPER, UNMET, between},
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

const HEIGHT: f64 = 260.0;
/// Right of the plot, for the names of the brackets.
const NAMES: f64 = 74.0;

#[derive(Debug, Clone)]
struct Year {
    year: i32,
    classes: [f64; 10],
    /// Schools that say nothing of a bracket.
    unknown: i64,
}

impl Year {
    fn all(&self) -> f64 {
        self.classes.iter().sum()
    }
    fn share(&self, bracket: usize) -> f64 {
        self.classes.get(bracket).copied().unwrap_or(0.0) / self.all().max(f64::MIN_POSITIVE)
    }
    fn over(&self, over: &[Option<bool>; 10]) -> f64 {
        let counted = self.classes.iter().zip(over).filter(|(_, over)| **over == Some(true));
        counted.map(|(classes, _)| classes).sum()
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let mut years: Vec<Year> = Vec::new();
        let mut over: [Option<bool>; 10] = [Some(false); 10];
        let mine = Row::all(&view.annual.class_sizes)
            .filter(|row| row.text("section") == Some(section.id()) && row.text("level") == Some("all"));
        for row in mine {
            let bracket = BRACKETS.iter().position(|(id, _)| *id == row.said("bracket"));
            let year = row.whole("year").and_then(|year| i32::try_from(year).ok());
            let (Some(bracket), Some(year)) = (bracket, year.filter(|year| *year <= view.year)) else {
                continue;
            };
            if let Some(own) = over.get_mut(bracket) {
                *own = row.yes("over");
            }
            let at = years.iter().position(|own| own.year == year).unwrap_or_else(|| {
                years.push(Year { year, classes: [0.0; 10], unknown: 0 });
                years.len() - 1
            });
            if let Some(own) = years.get_mut(at) {
                own.unknown = own.unknown.max(row.whole("unknown").unwrap_or(0));
                if let Some(classes) = own.classes.get_mut(bracket) {
                    *classes = row.number("classes").unwrap_or(0.0).max(0.0);
                }
            }
        }
        years.retain(|year| year.all() > 0.0);
        years.sort_by_key(|year| year.year);
        if !years.is_empty() {
            drawn.push(picture(view, section, &years, &over)?);
        }
    }
    Ok(drawn)
}

/// Darker the larger; over the size allowed in another colour, hatched; where a bracket lies on both sides in a third.
fn paint(bracket: usize, over: &[Option<bool>; 10]) -> (RGBColor, Option<RGBColor>) {
    match over.get(bracket).copied().flatten() {
        Some(true) => (between(PAPER, UNMET, 0.2), Some(UNMET)),
        None => (FLOOR, None),
        Some(false) => {
            let within = over.iter().filter(|over| **over == Some(false)).count().max(1);
            (between(PAPER, MET, 0.2 + 0.8 * bracket as f64 / within as f64), None)
        }
    }
}

fn title(view: &View, section: Section, years: &[Year], over: &[Option<bool>; 10]) -> String {
    let Some(now) = years.last() else { return String::new() };
    let share = |year: &Year| year.over(over) / year.all();
    let first = years.first().filter(|first| first.year < now.year);
    let args = [
        ("section", view.heading(section)),
        ("year", said(now.year)),
        ("over", number::fixed(Some(now.over(over)), 0)),
        ("all", number::fixed(Some(now.all()), 0)),
        ("share", percent(share(now))),
        ("from", first.map_or_else(String::new, |first| said(first.year))),
        ("first", first.map_or_else(String::new, |first| percent(share(first)))),
    ];
    let key = match (now.over(over) > 0.0, first) {
        // Nothing is known of the size allowed.
        _ if over.iter().all(|over| over.is_none()) => "measured",
        (true, Some(_)) => "over_since",
        (true, None) => "over",
        (false, Some(first)) if first.over(over) > 0.0 => "none_since",
        (false, _) => "none",
    };
    view.words.text(&format!("chart.annual.classes.{key}"), &args)
}

fn picture(view: &View, section: Section, all: &[Year], over: &[Option<bool>; 10]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, all, over);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.classes.what", &args))?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.classes.{key}"));
    let judged = over.iter().any(Option::is_some);
    let mut signs = Vec::new();
    if judged {
        signs.push((Sign::Box(Paint::fill(between(PAPER, MET, 0.7))), say("sign_within")));
        signs.push((Sign::Hatched(Paint::fill(PAPER).edged(UNMET, 1.2)), say("sign_over")));
    }
    if over.contains(&None) {
        signs.push((Sign::Box(Paint::fill(FLOOR)), say(if judged { "sign_both" } else { "sign_unjudged" })));
    }
    let top = legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 40.0;
    let rect = Rect::new(frame.left() + 40.0, top, frame.right() - frame.left() - 40.0 - NAMES, HEIGHT);
    let years = YearAxis::of(all.first().map_or(view.year, |year| year.year), view.year);
    let plot = plot(canvas, rect, years, &say("unit"));
    let labelled = years.labels(canvas.font, rect.width);
    let mut edge = rect.right();
    let mut listed = Vec::new();
    for year in all {
        let parts: Vec<Part> = (0..BRACKETS.len())
            .map(|bracket| {
                let (fill, hatch) = paint(bracket, over);
                let share = year.share(bracket);
                let classes = year.classes.get(bracket).copied().unwrap_or(0.0);
                let args = [
                    ("year", said(year.year)),
                    ("size", bracket_text(bracket)),
                    ("count", number::fixed(Some(classes), 0)),
                    ("share", percent(share)),
                ];
                let tip = words.text("chart.annual.classes.tip", &args);
                Part { share, fill, hatch, tip, text: percent(share) }
            })
            .collect();
        let (from, to) = column(&plot, years, year.year, &parts, &[("section", section.id())]);
        canvas.rect(Rect::new(from, rect.y, to - from, rect.height), &Paint::stroke(AXIS, 0.8));
        edge = to;
        let share = percent(year.over(over) / year.all());
        if judged && labelled.contains(&year.year) {
            canvas.strong(&share, ((from + to) / 2.0, rect.y - 10.0), Anchor::Middle, 11.0, INK);
        }
        let args = [("year", said(year.year)), ("share", share)];
        listed.push(words.text("chart.annual.classes.listed", &args));
    }
    if let Some(last) = all.last() {
        names(&plot, last, edge);
    }
    let mut bottom = rect.bottom() + 22.0;
    let unknown = all.last().map_or(0, |year| year.unknown);
    if unknown > 0 {
        let args = [("count", number::count(unknown)), ("year", said(view.year))];
        for line in wrap(canvas.font, &words.text("chart.annual.classes.unknown", &args), 11.5, 760.0, 2) {
            bottom += 16.0;
            canvas.text(&line, (frame.left(), bottom), Anchor::Start, 11.5, FAINT);
        }
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let key = if judged { "described" } else { "described_measured" };
    let description = words.text(&format!("chart.annual.classes.{key}"), &args);
    let name = format!("class-sizes-years-{}", section.id());
    Ok(frame.finish(&name, Kind::ClassSizesYears, &description, bottom))
}

/// The brackets' names right of the last column, each beside its part as far as there is room.
fn names(plot: &super::super::plot::Plot, year: &Year, edge: f64) {
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
        // From below upwards, each at least a line above the other.
        let y = middle.min(taken - 13.0);
        taken = y;
        let x = plot.rect.right() + 8.0;
        canvas.line((edge + 1.0, middle), (x - 2.0, y), &Paint::stroke(AXIS, 0.7));
        canvas.text(&bracket_text(bracket), (x, y), Anchor::Start, 11.0, FAINT);
    }
}
