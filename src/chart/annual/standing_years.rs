//! Schools at standard by year: shares of those that are, are not, and cannot be judged. A picture a section.

use super::{
    stack::{Part, column, plot},
    view::{View, only, percent, said},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::Paint,
        layout::Rect,
        legend::{Sign, legend},
        palette::{AXIS, MET, MISSING, PAPER, UNMET},
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

const HEIGHT: f64 = 240.0;

#[derive(Debug, Clone, Copy)]
struct Standing {
    year: i32,
    met: i64,
    unmet: i64,
    missing: i64,
}

impl Standing {
    fn all(&self) -> i64 {
        self.met + self.unmet + self.missing
    }
    fn share(&self, part: i64) -> f64 {
        if self.all() > 0 { part as f64 / self.all() as f64 } else { 0.0 }
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let whole = only(&view.annual.standings, "level", "all");
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let read = |row: Row| {
            let count = |column| row.whole(column).unwrap_or(0).max(0);
            let year = i32::try_from(row.whole("year")?).ok().filter(|year| *year <= view.year)?;
            let (met, unmet, missing) =
                (count("schools_met"), count("schools_unmet"), count("schools_missing"));
            Some(Standing { year, met, unmet, missing }).filter(|standing| standing.all() > 0)
        };
        let mine = Row::all(&whole).filter(|row| row.text("section") == Some(section.id()));
        let mut standings: Vec<Standing> = mine.filter_map(read).collect();
        standings.sort_by_key(|standing| standing.year);
        standings.dedup_by_key(|standing| standing.year);
        // Without a school that is judged there is nothing to see.
        if standings.iter().any(|standing| standing.met + standing.unmet > 0) {
            drawn.push(picture(view, section, &standings)?);
        }
    }
    Ok(drawn)
}

fn title(view: &View, section: Section, standings: &[Standing]) -> String {
    let Some(now) = standings.last() else { return String::new() };
    let before = standings.iter().find(|standing| standing.year + 1 == now.year);
    let change = before.map(|before| 100.0 * (now.share(now.met) - before.share(before.met)));
    let args = [
        ("section", view.heading(section)),
        ("year", said(now.year)),
        ("all", number::count(now.all())),
        ("met", number::count(now.met)),
        ("share", percent(now.share(now.met))),
        ("missing", number::count(now.missing)),
        ("change", number::fixed(change.map(f64::abs), 1)),
    ];
    // As it is printed: 0.0 is no change.
    let key = match change.map(|change| (change * 10.0).round() as i64) {
        None => "one",
        Some(0) => "same",
        Some(1..) => "risen",
        Some(_) => "fallen",
    };
    let title = view.words.text(&format!("chart.annual.standing.{key}"), &args);
    if now.missing == 0 {
        return title;
    }
    let mut args = args.to_vec();
    args.push(("title", title));
    view.words.text("chart.annual.standing.some_missing", &args)
}

fn picture(view: &View, section: Section, standings: &[Standing]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, standings);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.standing.what", &args))?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.standing.{key}"));
    let mut signs = vec![
        (Sign::Box(Paint::fill(MET)), say("met")),
        (Sign::Hatched(Paint::fill(PAPER).edged(UNMET, 1.2)), say("unmet")),
    ];
    if standings.iter().any(|standing| standing.missing > 0) {
        signs.push((Sign::Hatched(Paint::fill(MISSING).edged(AXIS, 1.0)), say("missing")));
    }
    let top = legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 40.0;
    let rect = Rect::new(frame.left() + 40.0, top, frame.right() - frame.left() - 40.0, HEIGHT);
    let first = standings.first().map_or(view.year, |standing| standing.year);
    let years = YearAxis::of(first, view.year);
    let plot = plot(canvas, rect, years, &say("unit"));
    let mut listed = Vec::new();
    for standing in standings {
        let parts = [
            ("met", standing.met, MET, None),
            ("unmet", standing.unmet, PAPER, Some(UNMET)),
            ("missing", standing.missing, MISSING, Some(AXIS)),
        ];
        let parts = parts.map(|(key, count, fill, hatch)| {
            let share = standing.share(count);
            let args = [
                ("year", said(standing.year)),
                ("what", say(key)),
                ("count", number::count(count)),
                ("all", number::count(standing.all())),
                ("share", percent(share)),
            ];
            Part {
                share,
                fill,
                hatch,
                tip: words.text("chart.annual.standing.tip", &args),
                text: percent(share),
            }
        });
        let (from, to) = column(&plot, years, standing.year, &parts, &[("section", section.id())]);
        // What is white needs an edge.
        canvas.rect(Rect::new(from, rect.y, to - from, rect.height), &Paint::stroke(AXIS, 0.8));
        let args = [("year", said(standing.year)), ("share", percent(standing.share(standing.met)))];
        listed.push(words.text("chart.annual.standing.listed", &args));
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.standing.described", &args);
    let name = format!("standing-years-{}", section.id());
    Ok(frame.finish(&name, Kind::StandingYears, &description, rect.bottom() + 22.0))
}
