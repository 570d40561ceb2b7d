//! CVs of everything together by year against their limits: a picture a section, a panel an indicator.

use super::{
    cv_panel::{HEIGHT, Panels},
    grid::Grid,
    series::{Line, Point, lines},
    view::{View, said},
};
use crate::{
    chart::{Kind, Picture, frame::Frame},
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let rows = Row::all(&view.annual.whole)
            .filter(|row| row.text("section") == Some(section.id()) && row.text("group").is_none());
        let lines = by_indicator(view, rows);
        let Some(title) = finding(view, &view.heading(section), &lines) else { continue };
        let args = [("section", view.heading(section))];
        let frame = view.frame(&title, &view.words.text("chart.annual.cv.what", &args))?;
        let name = format!("cv-years-{}", section.id());
        drawn.push(draw(view, frame, (section, &lines), (&name, Kind::CvYears), &[]));
    }
    Ok(drawn)
}

/// In the standard's order.
pub fn by_indicator<'a>(view: &View, rows: impl Iterator<Item = Row<'a>>) -> Vec<Line> {
    let mut found = lines(rows, "indicator", None, view.year);
    found.sort_by_key(|line| view.order(&line.id));
    found
}

/// What the report's year says of the CVs of `who`; of the last year there is where that one is not known. `None`
/// without a CV.
pub fn finding(view: &View, who: &str, lines: &[Line]) -> Option<String> {
    let words = view.words;
    let known = |point: &&Point| point.cv.is_some();
    let year = lines.iter().flat_map(|line| &line.points).filter(known).map(|point| point.year).max()?;
    let now: Vec<(&Line, &Point)> =
        lines.iter().filter_map(|line| Some((line, line.at(year).filter(known)?))).collect();
    // Where some have a limit, the others are neither within nor over one.
    let limited: Vec<(&Line, &Point)> = now.iter().copied().filter(|(_, p)| p.limit.is_some()).collect();
    let judged = if limited.is_empty() { &now } else { &limited };
    let over: Vec<(&Line, &Point)> = judged.iter().copied().filter(|(_, point)| point.over()).collect();
    let among = if over.is_empty() { judged } else { &over };
    // The first of the worst, as the standard orders them.
    let worst =
        among.iter().rev().max_by(|a, b| a.1.weight().unwrap_or(0.0).total_cmp(&b.1.weight().unwrap_or(0.0)));
    let (line, point) = worst?;
    let undecided = judged.iter().filter(|(_, point)| point.undecided()).count();
    let open = limited.iter().filter(|(_, point)| point.open).count();
    let first = line.points.iter().find(|point| point.cv.is_some() && point.year < year);
    let args = [
        ("who", who.to_string()),
        ("year", said(year)),
        ("all", judged.len().to_string()),
        ("over", over.len().to_string()),
        ("indicator", view.short(&line.id)),
        ("cv", point.cv.map_or_else(String::new, |cv| view.cv(cv))),
        ("limit", point.limit.map_or_else(String::new, View::limit)),
        ("undecided", number::count(undecided)),
        ("open", number::count(open)),
        ("from", first.map_or_else(String::new, |first| said(first.year))),
        ("first", first.and_then(|first| first.cv).map_or_else(String::new, |cv| view.cv(cv))),
    ];
    let key = match over.len() {
        _ if limited.is_empty() && first.is_some() => "measured_since",
        _ if limited.is_empty() => "measured",
        0 if undecided > 0 => "undecided",
        0 => "within",
        _ => "over",
    };
    let title = words.text(&format!("chart.annual.cv.{key}"), &args);
    if open == 0 {
        return Some(title);
    }
    let mut args = args.to_vec();
    args.push(("title", title));
    Some(words.text("chart.annual.cv.some_open", &args))
}

/// The panels under a head that is drawn. `data`: of every mark.
pub fn draw(
    view: &View,
    frame: Frame,
    (section, lines): (Section, &[Line]),
    (name, kind): (&str, Kind),
    data: &[(&'static str, &str)],
) -> Picture {
    let words = view.words;
    let panels = Panels::of(view, section, lines);
    let sides = (frame.left(), frame.right());
    let top = panels.legend(&frame.canvas, lines, sides, frame.top);
    // Lower panels on half a page.
    let height = if kind == Kind::PortraitTrend { 0.7 * HEIGHT } else { HEIGHT };
    let grid = Grid::of(lines.len(), sides, top, height);
    for (at, line) in lines.iter().enumerate() {
        let mut data = data.to_vec();
        data.extend([("section", section.id()), ("indicator", line.id.as_str())]);
        panels.panel(&frame.canvas, (&grid, at), &view.short(&line.id), line, &data);
    }
    let listed = lines.iter().map(|line| listed(view, &view.short(&line.id), line));
    let listed: Vec<String> = listed.collect();
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    let limited = lines.iter().flat_map(|line| &line.points).any(|point| point.limit.is_some());
    let key = if limited { "chart.annual.cv.described" } else { "chart.annual.cv.described_measured" };
    let description = words.text(key, &args);
    let bottom = grid.bottom() - 12.0;
    frame.finish(name, kind, &description, bottom)
}

/// From its first known year to its last.
pub fn listed(view: &View, title: &str, line: &Line) -> String {
    let known: Vec<&Point> = line.points.iter().filter(|point| point.cv.is_some()).collect();
    let told = |point: Option<&&Point>| {
        point.and_then(|point| Some((said(point.year), view.cv(point.cv?)))).unwrap_or_default()
    };
    let ((from, first), (to, last)) = (told(known.first()), told(known.last()));
    let args = [("title", title.to_string()), ("from", from), ("first", first), ("year", to), ("last", last)];
    let key = if known.len() > 1 { "chart.annual.cv.listed" } else { "chart.annual.cv.listed_one" };
    view.words.text(key, &args)
}
