//! Annual report: the CVs of all schools together by year against their limits. One picture per section, one panel per
//! indicator.

use super::{
    AnnualView,
    cv_panel::{HEIGHT, Panels},
    series::{Series, YearValue},
};
use crate::{
    chart::{
        Drawn, Kind,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, limit_text, year_text},
        grid::Grid,
    },
    number,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("cv-years", "chart.annual.cv", Place::Template, Draw::Annual(pictures));

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let all = view.series(view.whole_rows(section));
    let Some(title) = finding(view, view.section_name(section), &all) else { return Ok(Vec::new()) };
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::CvYears, title, &args)?;
    draw(view, frame, section, &all, HEIGHT, &[])
}

/// What the CVs of a place show in the report's year, or in the last year with a CV. `who` names the place and the
/// section. `None` where no CV is known.
pub fn finding(view: &AnnualView, who: String, all: &[Series]) -> Option<String> {
    let words = view.words;
    let year = all.iter().filter_map(|series| Some(series.known().next_back()?.year)).max()?;
    let now: Vec<(&Series, &YearValue)> = all
        .iter()
        .filter_map(|series| Some((series, series.at(year).filter(|value| value.cv.is_some())?)))
        .collect();
    // Where some have a limit, the others are neither within nor above one.
    let limited: Vec<(&Series, &YearValue)> =
        now.iter().copied().filter(|(_, v)| v.limit.is_some()).collect();
    let judged = if limited.is_empty() { &now } else { &limited };
    let over: Vec<(&Series, &YearValue)> = judged.iter().copied().filter(|(_, v)| v.is_over()).collect();
    let among = if over.is_empty() { judged } else { &over };
    // Of several that are equally wide, the first in the standard's order.
    let ratio = |value: &YearValue| value.ratio().unwrap_or(0.0);
    let (series, value) = among.iter().rev().max_by(|a, b| ratio(a.1).total_cmp(&ratio(b.1)))?;
    let undecided = judged.iter().filter(|(_, value)| value.is_undecided()).count();
    let open = limited.iter().filter(|(_, value)| value.is_open).count();
    let first = series.known().find(|value| value.year < year);
    let mut args = vec![
        ("who", who),
        ("year", year_text(year)),
        ("all", judged.len().to_string()),
        ("over", over.len().to_string()),
        ("indicator", view.short_title(&series.id)),
        ("cv", view.cv_text(value.cv)),
        ("limit", limit_text(value.limit)),
        ("undecided", number::count(undecided)),
        ("open", number::count(open)),
        ("from", first.map_or_else(String::new, |first| year_text(first.year))),
        ("first", view.cv_text(first.and_then(|first| first.cv))),
    ];
    let key = match over.len() {
        _ if limited.is_empty() && first.is_some() => "measured_since",
        _ if limited.is_empty() => "measured",
        0 if undecided > 0 => "undecided",
        0 => "within",
        _ => "over",
    };
    let title = words.fill(&format!("chart.annual.cv.{key}"), &args);
    if open == 0 {
        return Some(title);
    }
    args.push(("title", title));
    Some(words.fill("chart.annual.cv.some_open", &args))
}

/// Draws one panel per indicator into the frame. Every mark has `data`.
pub fn draw(
    view: &AnnualView,
    frame: Frame,
    section: Section,
    all: &[Series],
    height: f64,
    data: &[(&'static str, &str)],
) -> Drawn {
    let panels = Panels::new(view, section, all);
    let top = panels.legend(&frame.canvas, all, frame.sides(), frame.top);
    let grid = Grid::new(all.len(), frame.sides(), top, height);
    let mut listed = Vec::new();
    for (at, series) in all.iter().enumerate() {
        let mut data = data.to_vec();
        data.extend([("section", section.id()), ("indicator", series.id.as_str())]);
        let name = view.short_title(&series.id);
        panels.panel(&frame.canvas, &grid, at, &name, series, &data);
        listed.push(first_and_last(view, &name, series));
    }
    let args = [("list", listed.join(&view.words.say("chart.annual.then")))];
    let is_limited = all.iter().flat_map(|series| &series.values).any(|value| value.limit.is_some());
    let described = if is_limited { "described" } else { "described_measured" };
    frame.finish_as(described, section.id(), &args, grid.bottom() - 12.0)
}

/// The first known CV of a series and the last, for a description.
pub fn first_and_last(view: &AnnualView, title: &str, series: &Series) -> String {
    let texts = |value: Option<&YearValue>| {
        value.map(|value| (year_text(value.year), view.cv_text(value.cv))).unwrap_or_default()
    };
    let ((from, first), (to, last)) = (texts(series.known().next()), texts(series.known().next_back()));
    let key =
        if series.known().count() > 1 { "chart.annual.cv.listed" } else { "chart.annual.cv.listed_one" };
    let args = [("title", title.to_string()), ("from", from), ("first", first), ("year", to), ("last", last)];
    view.words.fill(key, &args)
}
