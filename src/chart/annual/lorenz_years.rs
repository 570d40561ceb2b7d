//! Lorenz curves of the first year and the report's: a picture a section, a panel an indicator.

use super::{
    grid::{Grid, SIZE},
    view::{View, only, said},
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Paint},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, GROUPS, INK, MESH, MET},
        plot::Plot,
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

/// Side of a curve's square, as wide as the panels in four columns.
const SIDE: f64 = 140.0;
/// Corners nearer than this, in shares, are one to the eye.
const NEAR: f64 = 0.004;

struct Curve {
    year: i32,
    corners: Vec<(f64, f64)>,
    gini: Option<f64>,
}

/// The curves of an indicator, the earlier first.
struct Curves {
    indicator: String,
    all: Vec<Curve>,
}

impl Curves {
    fn at(&self, year: i32) -> Option<f64> {
        self.all.iter().find(|curve| curve.year == year)?.gini
    }
    fn first(&self, before: i32) -> Option<(i32, f64)> {
        self.all.iter().filter(|curve| curve.year < before).find_map(|curve| Some((curve.year, curve.gini?)))
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let curves = curves(view, section);
        if !curves.is_empty() {
            drawn.push(picture(view, section, &curves)?);
        }
    }
    Ok(drawn)
}

fn curves(view: &View, section: Section) -> Vec<Curves> {
    let mut found: Vec<Curves> = Vec::new();
    let rows = only(&view.annual.lorenz, "section", section.id());
    for row in Row::all(&rows) {
        let year = row.whole("year").and_then(|year| i32::try_from(year).ok());
        let corner = row.number("students").zip(row.number("amount"));
        let (Some(year), Some(corner)) = (year.filter(|year| *year <= view.year), corner) else { continue };
        let indicator = row.said("indicator");
        let at = found.iter().position(|curves| curves.indicator == indicator).unwrap_or_else(|| {
            found.push(Curves { indicator: indicator.to_string(), all: Vec::new() });
            found.len() - 1
        });
        let Some(curves) = found.get_mut(at) else { continue };
        match curves.all.iter_mut().find(|curve| curve.year == year) {
            Some(curve) => curve.corners.push(corner),
            None => curves.all.push(Curve { year, corners: vec![corner], gini: None }),
        }
    }
    for row in Row::all(&view.annual.whole)
        .filter(|row| row.text("section") == Some(section.id()) && row.text("group").is_none())
    {
        let own = found.iter_mut().find(|curves| curves.indicator == row.said("indicator"));
        let curve = own.and_then(|curves| {
            curves.all.iter_mut().find(|curve| Some(i64::from(curve.year)) == row.whole("year"))
        });
        if let Some(curve) = curve {
            curve.gini = row.number("gini");
        }
    }
    for curves in &mut found {
        curves.all.retain(|curve| curve.corners.len() > 1 && curve.gini.is_some());
        curves.all.sort_by_key(|curve| curve.year);
        // The first and the last.
        let last = curves.all.len().saturating_sub(1);
        let mut at = 0;
        curves.all.retain(|_| {
            at += 1;
            at == 1 || at == last + 1
        });
        for curve in &mut curves.all {
            curve.corners = thinned(&curve.corners);
        }
    }
    found.retain(|curves| !curves.all.is_empty());
    found.sort_by_key(|curves| view.order(&curves.indicator));
    found
}

/// Without corners that no eye tells from the one before; the last always stays.
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

fn gini(value: f64) -> String {
    number::fixed(Some(value), 3)
}

fn title(view: &View, section: Section, all: &[Curves]) -> String {
    let known = || all.iter().filter_map(|curves| Some((curves, curves.at(view.year)?)));
    let Some((most, value)) = known().reduce(|a, b| if b.1 > a.1 { b } else { a }) else {
        return view.words.text("chart.annual.lorenz.unknown", &[("section", view.heading(section))]);
    };
    let first = most.first(view.year);
    let args = [
        ("section", view.heading(section)),
        ("indicator", view.short(&most.indicator)),
        ("year", said(view.year)),
        ("gini", gini(value)),
        ("from", first.map_or_else(String::new, |first| said(first.0))),
        ("first", first.map_or_else(String::new, |first| gini(first.1))),
        (
            "fallen",
            known()
                .filter(|(own, now)| own.first(view.year).is_some_and(|first| *now < first.1))
                .count()
                .to_string(),
        ),
        ("all", all.len().to_string()),
    ];
    view.words
        .text(if first.is_some() { "chart.annual.lorenz.since" } else { "chart.annual.lorenz.one" }, &args)
}

fn picture(view: &View, section: Section, all: &[Curves]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, all);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.lorenz.what", &args))?;
    let (canvas, sides) = (&frame.canvas, (frame.left(), frame.right()));
    let mut years: Vec<i32> =
        all.iter().flat_map(|curves| curves.all.iter().map(|curve| curve.year)).collect();
    years.sort_unstable();
    years.dedup();
    let args = |year: i32| [("year", said(year))];
    let mut signs =
        vec![(Sign::Line(Paint::stroke(AXIS, 1.2).dashed(2.0, 3.0)), words.say("chart.lorenz.sign_equal"))];
    for &year in &years {
        signs.push((Sign::Line(paint(view, year)), words.text("chart.annual.lorenz.sign_year", &args(year))));
    }
    let top = legend(canvas, &signs, sides, frame.top) + 8.0;
    let grid = Grid::in_columns(all.len(), 4, sides, top, SIDE).with_axis_name().with_foot(50.0);
    let mut listed = Vec::new();
    for (at, curves) in all.iter().enumerate() {
        let name = view.short(&curves.indicator);
        grid.head(canvas, at, &name, |place| coefficients(view, canvas, place, curves));
        panel(view, canvas, (&grid, at), (section, curves));
        let told = curves.all.iter().filter_map(|curve| {
            let args = [("year", said(curve.year)), ("value", gini(curve.gini?))];
            Some(words.text("chart.annual.was", &args))
        });
        let told: Vec<String> = told.collect();
        let args = [("indicator", name), ("list", told.join(&words.say("chart.annual.and")))];
        listed.push(words.text("chart.annual.lorenz.listed", &args));
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.lorenz.described", &args);
    let name = format!("lorenz-years-{}", section.id());
    let bottom = grid.bottom() - 12.0;
    Ok(frame.finish(&name, Kind::LorenzYears, &description, bottom))
}

/// The report's year solid, the earlier one dashed.
fn paint(view: &View, year: i32) -> Paint {
    match year == view.year {
        true => Paint::stroke(MET, 2.2),
        false => Paint::stroke(GROUPS.get(1).copied().unwrap_or(INK), 1.8).dashed(6.0, 3.0),
    }
}

fn coefficients(view: &View, canvas: &Canvas, (x, y): (f64, f64), curves: &Curves) {
    let mut x = x;
    if let Some(now) = curves.at(view.year) {
        canvas.strong(&gini(now), (x, y), Anchor::Start, SIZE, INK);
        x += canvas.font.width(&gini(now), SIZE) + 8.0;
    }
    if let Some((year, first)) = curves.first(view.year) {
        let args = [("year", said(year)), ("value", gini(first))];
        canvas.text(&view.words.text("chart.annual.was", &args), (x, y), Anchor::Start, 11.0, FAINT);
    }
}

fn panel(view: &View, canvas: &Canvas, (grid, at): (&Grid, usize), (section, curves): (Section, &Curves)) {
    let words = view.words;
    let square = grid.plot(at);
    let plot = Plot::new(canvas, square, 0.0..1.0, 0.0..1.0);
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let mesh = Paint::stroke(MESH, 1.0);
        canvas.line(plot.at(tick, 0.0), plot.at(tick, 1.0), &mesh);
        canvas.line(plot.at(0.0, tick), plot.at(1.0, tick), &mesh);
    }
    for tick in [0.0, 0.5, 1.0] {
        let text = number::fixed(Some(100.0 * tick), 0);
        canvas.text(&text, (plot.x(tick), square.bottom() + 11.0), Anchor::Middle, 11.0, FAINT);
        canvas.text(&text, (square.x - 5.0, plot.y(tick)), Anchor::End, 11.0, FAINT);
    }
    let unit = words.say("chart.lorenz.students");
    canvas.text(&unit, (square.right(), square.bottom() + 26.0), Anchor::End, 11.0, FAINT);
    canvas.text(
        &words.say("chart.lorenz.amount"),
        (square.x - 34.0, square.y - 16.0),
        Anchor::Start,
        11.0,
        FAINT,
    );
    canvas.line(plot.at(0.0, 0.0), plot.at(1.0, 1.0), &Paint::stroke(AXIS, 1.2).dashed(2.0, 3.0));
    for curve in &curves.all {
        let args = [
            ("indicator", view.short(&curves.indicator)),
            ("year", said(curve.year)),
            ("gini", curve.gini.map_or_else(|| "—".into(), gini)),
        ];
        let data = [("section", section.id()), ("indicator", curves.indicator.as_str())];
        canvas.mark(&words.text("chart.annual.lorenz.tip", &args), &data, || {
            let line: Vec<(f64, f64)> =
                curve.corners.iter().map(|c| plot.at(c.0.clamp(0.0, 1.0), c.1.clamp(0.0, 1.0))).collect();
            if curve.year == view.year {
                canvas.polygon(&line, &Paint::fill(MET).opaque(0.12));
            }
            canvas.polyline(&line, &paint(view, curve.year));
        });
    }
    let axis = Paint::stroke(AXIS, 1.0);
    canvas.line((square.x, square.bottom()), (square.right(), square.bottom()), &axis);
    canvas.line((square.x, square.y), (square.x, square.bottom()), &axis);
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
