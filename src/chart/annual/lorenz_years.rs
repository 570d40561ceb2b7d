//! Annual report: the Lorenz curves of the first year and of the report's year. One picture per section, one panel per
//! indicator.

use super::AnnualView;
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Canvas, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, find_or_push, year_text},
        grid::{Grid, SIZE},
        layout::Rect,
        legend::{Symbol, legend},
        lorenz::{axes, base_lines, diagonal},
        palette::{FAINT, GROUPS, INK, MET},
        plot::Plot,
    },
    number,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("lorenz-years", "chart.annual.lorenz", Place::Template, Draw::Annual(pictures));

/// Side of a curve's square, as wide as the panels in four columns.
const SIDE: f64 = 140.0;
/// Corners that are nearer to each other than this (in shares) cannot be told apart in the picture.
const NEAR: f64 = 0.004;

struct Curve {
    year: i32,
    corners: Vec<(f64, f64)>,
    gini: Option<f64>,
}

/// The curves of an indicator, the earlier one first.
struct IndicatorCurves {
    id: String,
    curves: Vec<Curve>,
}

impl IndicatorCurves {
    fn gini(&self, year: i32) -> Option<f64> {
        self.curves.iter().find(|curve| curve.year == year)?.gini
    }
    /// The first year before `year`, with its coefficient.
    fn first(&self, year: i32) -> Option<(i32, f64)> {
        let mut earlier = self.curves.iter().filter(|curve| curve.year < year);
        earlier.find_map(|curve| Some((curve.year, curve.gini?)))
    }
}

fn read(view: &AnnualView, section: Section) -> Vec<IndicatorCurves> {
    let mut found: Vec<IndicatorCurves> = Vec::new();
    let corners = view.annual.lorenz.rows();
    for row in corners.filter(|row| row.section() == section && row.year() <= view.year) {
        let new = || IndicatorCurves { id: row.indicator().to_string(), curves: Vec::new() };
        let indicator = find_or_push(&mut found, |indicator| indicator.id == row.indicator(), new);
        let new = || Curve { year: row.year(), corners: Vec::new(), gini: None };
        let curve = find_or_push(&mut indicator.curves, |curve| curve.year == row.year(), new);
        curve.corners.push((row.students(), row.amount()));
    }
    for row in view.whole_rows(section) {
        let indicator = found.iter_mut().find(|indicator| indicator.id == row.indicator());
        let curve = indicator
            .and_then(|indicator| indicator.curves.iter_mut().find(|curve| curve.year == row.year()));
        if let Some(curve) = curve {
            curve.gini = row.gini();
        }
    }
    for indicator in &mut found {
        indicator.curves.retain(|curve| curve.corners.len() > 1 && curve.gini.is_some());
        indicator.curves.sort_by_key(|curve| curve.year);
        // Only the first and the last year are drawn.
        if indicator.curves.len() > 2 {
            indicator.curves.drain(1..indicator.curves.len() - 1);
        }
        for curve in &mut indicator.curves {
            curve.corners = thinned(&curve.corners);
        }
    }
    found.retain(|indicator| !indicator.curves.is_empty());
    found.sort_by_key(|indicator| view.order(&indicator.id));
    found
}

/// The corners without those that cannot be told from the corner before. The last corner always stays.
fn thinned(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (at, corner) in corners.iter().enumerate() {
        let near = |last: &(f64, f64)| (corner.0 - last.0).abs().max((corner.1 - last.1).abs()) < NEAR;
        if at + 1 == corners.len() || !kept.last().is_some_and(near) {
            kept.push(*corner);
        }
    }
    kept
}

fn gini_text(gini: Option<f64>) -> String {
    number::fixed(gini, 3)
}

fn title(view: &AnnualView, section: Section, all: &[IndicatorCurves]) -> String {
    let known = || all.iter().filter_map(|indicator| Some((indicator, indicator.gini(view.year)?)));
    let Some((worst, gini)) = known().reduce(|a, b| if b.1 > a.1 { b } else { a }) else {
        return view.words.fill("chart.annual.lorenz.unknown", &[("section", view.section_name(section))]);
    };
    let first = worst.first(view.year);
    let fell = |(indicator, now): &(&IndicatorCurves, f64)| {
        indicator.first(view.year).is_some_and(|first| *now < first.1)
    };
    let args = [
        ("section", view.section_name(section)),
        ("indicator", view.short_title(&worst.id)),
        ("year", year_text(view.year)),
        ("gini", gini_text(Some(gini))),
        ("from", first.map_or_else(String::new, |first| year_text(first.0))),
        ("first", gini_text(first.map(|first| first.1))),
        ("fallen", known().filter(fell).count().to_string()),
        ("all", all.len().to_string()),
    ];
    let key = if first.is_some() { "chart.annual.lorenz.since" } else { "chart.annual.lorenz.one" };
    view.words.fill(key, &args)
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let all = read(view, section);
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::LorenzYears, title(view, section, &all), &args)?;
    let canvas = &frame.canvas;
    let mut years: Vec<i32> =
        all.iter().flat_map(|indicator| indicator.curves.iter().map(|curve| curve.year)).collect();
    years.sort_unstable();
    years.dedup();
    let mut symbols = vec![(Symbol::Line(diagonal(2.0)), words.say("chart.lorenz.sign_equal"))];
    for &year in &years {
        let text = words.fill("chart.annual.lorenz.sign_year", &[("year", year_text(year))]);
        symbols.push((Symbol::Line(paint(view, year)), text));
    }
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 8.0;
    let grid = Grid::in_columns(all.len(), 4, frame.sides(), top, SIDE).with_axis_name().with_foot(50.0);
    let mut listed = Vec::new();
    for (at, indicator) in all.iter().enumerate() {
        let name = view.short_title(&indicator.id);
        grid.head(canvas, at, &name, |place| coefficients(view, canvas, place, indicator));
        panel(view, canvas, grid.plot(at), section, indicator);
        let by_year = indicator.curves.iter().map(|curve| {
            let args = [("year", year_text(curve.year)), ("value", gini_text(curve.gini))];
            words.fill("chart.annual.was", &args)
        });
        let list = by_year.collect::<Vec<_>>().join(&words.say("chart.annual.and"));
        listed.push(words.fill("chart.annual.lorenz.listed", &[("indicator", name), ("list", list)]));
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    frame.finish(section.id(), &args, grid.bottom() - 12.0)
}

/// The report's year is solid, the earlier one dashed.
fn paint(view: &AnnualView, year: i32) -> Paint {
    match year == view.year {
        true => Paint::stroke(MET, 2.2),
        false => Paint::stroke(GROUPS[1], 1.8).dashed(6.0, 3.0),
    }
}

fn coefficients(view: &AnnualView, canvas: &Canvas, (mut x, y): (f64, f64), indicator: &IndicatorCurves) {
    if let Some(now) = indicator.gini(view.year) {
        let text = gini_text(Some(now));
        canvas.strong(&text, (x, y), Anchor::Start, SIZE, INK);
        x += canvas.font.width(&text, SIZE) + 8.0;
    }
    if let Some((year, first)) = indicator.first(view.year) {
        let args = [("year", year_text(year)), ("value", gini_text(Some(first)))];
        canvas.text(&view.words.fill("chart.annual.was", &args), (x, y), Anchor::Start, 11.0, FAINT);
    }
}

fn panel(view: &AnnualView, canvas: &Canvas, rect: Rect, section: Section, indicator: &IndicatorCurves) {
    let plot = Plot::new(canvas, rect, 0.0..1.0, 0.0..1.0);
    axes(&plot, view.words, 4, (-34.0, -16.0));
    canvas.line(plot.at(0.0, 0.0), plot.at(1.0, 1.0), &diagonal(2.0));
    for curve in &indicator.curves {
        let args = [
            ("indicator", view.short_title(&indicator.id)),
            ("year", year_text(curve.year)),
            ("gini", gini_text(curve.gini)),
        ];
        let data = [("section", section.id()), ("indicator", indicator.id.as_str())];
        canvas.mark(&view.words.fill("chart.annual.lorenz.tip", &args), &data, || {
            let line: Vec<(f64, f64)> =
                curve.corners.iter().map(|c| plot.at(c.0.clamp(0.0, 1.0), c.1.clamp(0.0, 1.0))).collect();
            if curve.year == view.year {
                canvas.polygon(&line, &Paint::fill(MET).with_opacity(0.12));
            }
            canvas.polyline(&line, &paint(view, curve.year));
        });
    }
    base_lines(&plot);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_curve_keeps_its_ends() {
        let corners: Vec<(f64, f64)> =
            (0..=10_000).map(|k| f64::from(k) / 10_000.0).map(|x| (x, x * x)).collect();
        let kept = thinned(&corners);
        assert!(kept.len() < 400, "{}", kept.len());
        assert_eq!((kept.first(), kept.last()), (Some(&(0.0, 0.0)), Some(&(1.0, 1.0))));
        assert_eq!(thinned(&[(0.0, 0.0), (1.0, 1.0)]).len(), 2);
    }
}
