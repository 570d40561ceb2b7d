//! Cities side by side, without a map: the CV that is worst overall, a panel a city. Where no city is known, districts.

use super::{
    cv_panel::{HEIGHT, Panels},
    cv_years::{by_indicator, listed},
    grid::Grid,
    series::{Line, Point, lines},
    view::{View, only, said},
};
use crate::{
    chart::{Kind, Picture, canvas::Anchor, layout::wrap, palette::FAINT},
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

/// Panels of a picture; the worst come first.
const MOST: usize = 24;

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let all = view.sections.iter().map(|&section| picture(view, section));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The indicator that is worst overall in the last year there is.
fn worst(view: &View, section: Section) -> Option<String> {
    let rows = Row::all(&view.annual.whole)
        .filter(|row| row.text("section") == Some(section.id()) && row.text("group").is_none());
    let lines = by_indicator(view, rows);
    let year = lines.iter().flat_map(|line| &line.points).filter(|p| p.cv.is_some()).map(|p| p.year).max()?;
    let weight = |line: &Line| line.at(year).and_then(Point::weight);
    // Where some have a limit, those without one are not held against it.
    let limited = lines.iter().any(|line| line.at(year).is_some_and(|p| p.cv.is_some() && p.limit.is_some()));
    let judged = lines.iter().filter(|line| {
        line.at(year).is_some_and(|point| point.cv.is_some() && (point.limit.is_some() || !limited))
    });
    judged
        .rev()
        .max_by(|a, b| weight(a).unwrap_or(0.0).total_cmp(&weight(b).unwrap_or(0.0)))
        .map(|l| l.id.clone())
}

fn picture(view: &View, section: Section) -> Result<Option<Picture>> {
    let Some(indicator) = worst(view, section) else { return Ok(None) };
    let mine = |row: &Row, level: &str| {
        row.text("level") == Some(level)
            && row.text("section") == Some(section.id())
            && row.text("group").is_none()
    };
    let regional = only(&view.annual.regional, "indicator", &indicator);
    let panel = only(&view.annual.panel, "indicator", &indicator);
    let of = |frame, level: &'static str| {
        let rows = Row::all(frame).filter(move |row| mine(row, level));
        lines(rows, "district_code", Some("district_name"), view.year)
    };
    let (level, mut places) = match of(&regional, "city") {
        cities if cities.is_empty() => ("district", of(&panel, "district")),
        cities => ("city", cities),
    };
    // One place is the whole again.
    if places.len() < 2 {
        return Ok(None);
    }
    let weight = |line: &Line| line.at(view.year).and_then(Point::weight);
    places.sort_by(|a, b| {
        let (a_weight, b_weight) = (weight(a).unwrap_or(-1.0), weight(b).unwrap_or(-1.0));
        b_weight.total_cmp(&a_weight).then_with(|| a.id.cmp(&b.id))
    });
    let Some((first, point)) = places.first().and_then(|line| Some((line, line.at(view.year)?))) else {
        return Ok(None);
    };
    let words = view.words;
    let known: Vec<&Point> =
        places.iter().filter_map(|line| line.at(view.year)).filter(|point| point.cv.is_some()).collect();
    let over = known.iter().filter(|point| point.over()).count();
    let args = [
        ("section", view.heading(section)),
        ("indicator", view.short(&indicator)),
        ("year", said(view.year)),
        ("all", number::count(known.len())),
        ("over", number::count(over)),
        ("place", name(first).to_string()),
        ("cv", point.cv.map_or_else(|| "—".into(), |cv| view.cv(cv))),
        ("limit", point.limit.map_or_else(String::new, View::limit)),
        ("rest", number::count(places.len().saturating_sub(MOST))),
        ("unit", words.say(&format!("chart.annual.cities.{level}"))),
    ];
    if known.is_empty() {
        return Ok(None);
    }
    let key = match over {
        _ if known.iter().all(|point| point.limit.is_none()) => "measured",
        0 if known.iter().any(|point| point.undecided()) => "highest",
        0 => "within",
        _ => "over",
    };
    let title = words.text(&format!("chart.annual.cities.{key}"), &args);
    let frame = view.frame(&title, &words.text(&format!("chart.annual.cities.what_{level}"), &args))?;
    let shown = places.get(..places.len().min(MOST)).unwrap_or_default();
    let (canvas, sides) = (&frame.canvas, (frame.left(), frame.right()));
    let panels = Panels::of(view, section, shown);
    let top = panels.legend(canvas, shown, sides, frame.top);
    let grid = Grid::of(shown.len(), sides, top, HEIGHT);
    for (at, line) in shown.iter().enumerate() {
        let data = [("district", line.id.as_str()), ("section", section.id()), ("indicator", &indicator)];
        panels.panel(canvas, (&grid, at), name(line), line, &data);
    }
    let mut bottom = grid.bottom() - 12.0;
    if places.len() > shown.len() {
        bottom += 14.0;
        let text = words.text("chart.annual.cities.rest", &args);
        for line in wrap(canvas.font, &text, 11.5, sides.1 - sides.0, 2) {
            canvas.text(&line, (sides.0, bottom), Anchor::Start, 11.5, FAINT);
            bottom += 16.0;
        }
        bottom -= 8.0;
    }
    let listed: Vec<String> = shown.iter().map(|line| listed(view, name(line), line)).collect();
    let mut args = args.to_vec();
    args.push(("list", listed.join(&words.say("chart.annual.then"))));
    let description = words.text("chart.annual.cities.described", &args);
    let name = format!("cities-{}-{indicator}", section.id());
    Ok(Some(frame.finish(&name, Kind::Cities, &description, bottom)))
}

fn name(line: &Line) -> &str {
    if line.name.trim().is_empty() { &line.id } else { &line.name }
}
