//! Annual report: the shares of schools that are at standard, are not, and cannot be judged, by year. One picture per
//! section.

use super::{
    AnnualView,
    stack::{Segment, column, plot},
    view::percent,
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::Paint,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, year_text},
        layout::Rect,
        legend::{Symbol, legend},
        palette::{AXIS, MET, MISSING, PAPER, UNMET},
    },
    number,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("standing-years", "chart.annual.standing", Place::Template, Draw::Annual(pictures));

const HEIGHT: f64 = 240.0;

/// Schools of one year.
#[derive(Debug, Clone, Copy)]
struct Standing {
    year: i32,
    met: i64,
    unmet: i64,
    missing: i64,
}

impl Standing {
    fn total(&self) -> i64 {
        self.met + self.unmet + self.missing
    }
    fn share(&self, schools: i64) -> f64 {
        schools as f64 / self.total().max(1) as f64
    }
}

fn read(view: &AnnualView, section: Section) -> Vec<Standing> {
    let rows = view.annual.standings.rows();
    let rows = rows.filter(|row| row.section() == section && row.level() == "all" && row.year() <= view.year);
    let standings = rows.map(|row| Standing {
        year: row.year(),
        met: row.schools_met().unwrap_or(0),
        unmet: row.schools_unmet().unwrap_or(0),
        missing: row.schools_missing().unwrap_or(0),
    });
    let mut standings: Vec<Standing> = standings.filter(|standing| standing.total() > 0).collect();
    standings.sort_by_key(|standing| standing.year);
    standings.dedup_by_key(|standing| standing.year);
    standings
}

fn title(view: &AnnualView, section: Section, standings: &[Standing]) -> String {
    let Some(now) = standings.last() else { return String::new() };
    let before = standings.iter().find(|standing| standing.year + 1 == now.year);
    let change = before.map(|before| 100.0 * (now.share(now.met) - before.share(before.met)));
    let mut args = vec![
        ("section", view.section_name(section)),
        ("year", year_text(now.year)),
        ("all", number::count(now.total())),
        ("met", number::count(now.met)),
        ("share", percent(now.share(now.met))),
        ("missing", number::count(now.missing)),
        ("change", number::fixed(change.map(f64::abs), 1)),
    ];
    // A change that is printed as 0.0 is none.
    let key = match change.map(|change| (change * 10.0).round() as i64) {
        None => "one",
        Some(0) => "same",
        Some(1..) => "risen",
        Some(_) => "fallen",
    };
    let title = view.words.fill(&format!("chart.annual.standing.{key}"), &args);
    if now.missing == 0 {
        return title;
    }
    args.push(("title", title));
    view.words.fill("chart.annual.standing.some_missing", &args)
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let standings = read(view, section);
    // Without a school that is judged there is nothing to show.
    if !standings.iter().any(|standing| standing.met + standing.unmet > 0) {
        return Ok(Vec::new());
    }
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::StandingYears, title(view, section, &standings), &args)?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.standing.{key}"));
    let mut symbols = vec![
        (Symbol::Box(Paint::fill(MET)), say("met")),
        (Symbol::Hatched(Paint::fill(PAPER).edged(UNMET, 1.2)), say("unmet")),
    ];
    if standings.iter().any(|standing| standing.missing > 0) {
        symbols.push((Symbol::Hatched(Paint::fill(MISSING).edged(AXIS, 1.0)), say("missing")));
    }
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 40.0;
    let rect = Rect::new(frame.left() + 40.0, top, frame.right() - frame.left() - 40.0, HEIGHT);
    let first = standings.first().map_or(view.year, |standing| standing.year);
    let years = YearAxis::new(first, view.year);
    let plot = plot(canvas, rect, years, &say("unit"));
    let mut listed = Vec::new();
    for standing in &standings {
        let segments = [
            ("met", standing.met, MET, None),
            ("unmet", standing.unmet, PAPER, Some(UNMET)),
            ("missing", standing.missing, MISSING, Some(AXIS)),
        ];
        let segments = segments.map(|(key, count, fill, hatch)| {
            let share = standing.share(count);
            let args = [
                ("year", year_text(standing.year)),
                ("what", say(key)),
                ("count", number::count(count)),
                ("all", number::count(standing.total())),
                ("share", percent(share)),
            ];
            let tip = words.fill("chart.annual.standing.tip", &args);
            Segment { share, fill, hatch, tip, text: percent(share) }
        });
        column(&plot, years, standing.year, &segments, &[("section", section.id())]);
        let args = [("year", year_text(standing.year)), ("share", percent(standing.share(standing.met)))];
        listed.push(words.fill("chart.annual.standing.listed", &args));
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    frame.finish(section.id(), &args, rect.bottom() + 22.0)
}
