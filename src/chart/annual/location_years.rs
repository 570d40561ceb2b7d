//! 城区, 镇区 and 乡村 over the years: what a pupil has in each. A picture a section, a panel an indicator.

use super::{
    grid::{Grid, SIZE},
    series::{Line, lines},
    view::{View, only, said},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Paint},
        legend::{Sign, legend},
        location::{LOCATIONS, sign},
        palette::{FAINT, GROUPS, INK, LIMIT},
        plot::Plot,
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

const HEIGHT: f64 = 112.0;
/// What is nearer than this is called alike.
const ALIKE: f64 = 0.05;

/// One indicator: a line a location, as far as known.
struct Gap {
    indicator: String,
    lines: [Option<Line>; 3],
}

impl Gap {
    /// 城区 over 乡村.
    fn ratio(&self, year: i32) -> Option<f64> {
        let [urban, _, rural] = &self.lines;
        let mean = |line: &Option<Line>| line.as_ref()?.at(year)?.mean;
        let (urban, rural) = (mean(urban)?, mean(rural)?);
        (rural > 0.0 && urban > 0.0).then(|| urban / rural)
    }

    /// The first year both are known.
    fn first(&self, before: i32) -> Option<(i32, f64)> {
        let years = self.lines[0].iter().flat_map(|line| &line.points).map(|point| point.year);
        years.filter(|year| *year < before).find_map(|year| Some((year, self.ratio(year)?)))
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    let grouped = only(&view.annual.by_location, "grouping", "location");
    for &section in &view.sections {
        let own = only(&grouped, "section", section.id());
        let mut gaps: Vec<Gap> = Vec::new();
        for (place, (location, _)) in LOCATIONS.iter().enumerate() {
            let rows = Row::all(&own).filter(|row| row.text("group") == Some(*location));
            for line in lines(rows, "indicator", None, view.year) {
                let at = gaps.iter().position(|gap| gap.indicator == line.id).unwrap_or_else(|| {
                    gaps.push(Gap { indicator: line.id.clone(), lines: [None, None, None] });
                    gaps.len() - 1
                });
                if let Some(slot) = gaps.get_mut(at).and_then(|gap| gap.lines.get_mut(place)) {
                    *slot = Some(line);
                }
            }
        }
        gaps.retain(|gap| gap.lines.iter().flatten().count() > 1);
        gaps.sort_by_key(|gap| view.order(&gap.indicator));
        if !gaps.is_empty() {
            drawn.push(picture(view, section, &gaps)?);
        }
    }
    Ok(drawn)
}

fn title(view: &View, section: Section, gaps: &[Gap]) -> String {
    let apart = |ratio: f64| ratio.ln().abs();
    let widest = gaps.iter().filter_map(|gap| Some((gap, gap.ratio(view.year)?)));
    let widest = widest.reduce(|a, b| if apart(b.1) > apart(a.1) { b } else { a });
    let Some((gap, ratio)) = widest else {
        return view.words.text("chart.annual.location.unknown", &[("section", view.heading(section))]);
    };
    let first = gap.first(view.year);
    // Said the way round that is above 1.
    let times = |value: f64| number::fixed(Some(if ratio >= 1.0 { value } else { 1.0 / value }), 2);
    let args = [
        ("section", view.heading(section)),
        ("indicator", view.short(&gap.indicator)),
        ("year", said(view.year)),
        ("ratio", times(ratio)),
        ("from", first.map_or_else(String::new, |first| said(first.0))),
        ("first", first.map_or_else(String::new, |first| times(first.1))),
        (
            "high",
            view.words.say(if ratio >= 1.0 {
                "chart.location.inside.urban"
            } else {
                "chart.location.inside.rural"
            }),
        ),
        (
            "low",
            view.words.say(if ratio >= 1.0 {
                "chart.location.inside.rural"
            } else {
                "chart.location.inside.urban"
            }),
        ),
    ];
    let key = match first {
        _ if apart(ratio) < ALIKE => "alike",
        Some(_) => "since",
        None => "gap",
    };
    view.words.text(&format!("chart.annual.location.{key}"), &args)
}

fn picture(view: &View, section: Section, gaps: &[Gap]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, gaps);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.location.what", &args))?;
    let (canvas, sides) = (&frame.canvas, (frame.left(), frame.right()));
    let mut x = sides.0 + 6.0;
    let middle = frame.top + 10.0;
    for (place, (_, key)) in LOCATIONS.iter().enumerate() {
        if gaps.iter().all(|gap| gap.lines.get(place).is_none_or(Option::is_none)) {
            continue;
        }
        sign(canvas, place, (x, middle), 5.0);
        let name = words.say(&format!("chart.location.{key}"));
        canvas.text(&name, (x + 11.0, middle), Anchor::Start, 11.5, FAINT);
        x += 11.0 + canvas.font.width(&name, 11.5) + 24.0;
    }
    let points = || gaps.iter().flat_map(|gap| gap.lines.iter().flatten()).flat_map(|line| &line.points);
    let mut signs = Vec::new();
    if points().any(|point| point.threshold.is_some()) {
        let threshold = Paint::stroke(LIMIT, 1.2).dashed(5.0, 3.0);
        signs.push((Sign::Line(threshold), words.say("chart.annual.location.sign_threshold")));
    }
    signs.push((Sign::None, words.say("chart.annual.location.sign_ratio")));
    let top = legend(canvas, &signs, (x, sides.1), frame.top) + 8.0;
    let first = points().map(|point| point.year).min().unwrap_or(view.year);
    let years = YearAxis::of(first, view.year);
    let grid = Grid::of(gaps.len(), sides, top, HEIGHT);
    let mut listed = Vec::new();
    for (at, gap) in gaps.iter().enumerate() {
        let name = view.short(&gap.indicator);
        grid.head(canvas, at, &name, |place| ratio(view, canvas, place, gap));
        panel(view, canvas, (&grid, at), years, (section, gap));
        let args = [
            ("indicator", name),
            ("ratio", gap.ratio(view.year).map_or_else(|| "—".into(), |ratio| number::fixed(Some(ratio), 2))),
        ];
        listed.push(words.text("chart.annual.location.listed", &args));
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.location.described", &args);
    let name = format!("location-years-{}", section.id());
    let bottom = grid.bottom() - 12.0;
    Ok(frame.finish(&name, Kind::LocationYears, &description, bottom))
}

/// This year's ratio, and the first year's beside it.
fn ratio(view: &View, canvas: &Canvas, (x, y): (f64, f64), gap: &Gap) {
    let Some(ratio) = gap.ratio(view.year) else { return };
    let text = number::fixed(Some(ratio), 2);
    canvas.strong(&text, (x, y), Anchor::Start, SIZE, INK);
    if let Some((year, first)) = gap.first(view.year) {
        let args = [("year", said(year)), ("value", number::fixed(Some(first), 2))];
        let x = x + canvas.font.width(&text, SIZE) + 8.0;
        canvas.text(&view.words.text("chart.annual.was", &args), (x, y), Anchor::Start, 11.0, FAINT);
    }
}

fn panel(
    view: &View,
    canvas: &Canvas,
    (grid, at): (&Grid, usize),
    years: YearAxis,
    (section, gap): (Section, &Gap),
) {
    let points = || gap.lines.iter().flatten().flat_map(|line| &line.points);
    let most = points().filter_map(|point| point.mean).fold(0.0, f64::max);
    // A threshold far above all there is would press the lines together.
    let threshold = points().rev().find_map(|point| point.threshold);
    let drawn = threshold.filter(|threshold| *threshold <= 3.0 * most || most <= 0.0);
    let plot = Plot::new(canvas, grid.plot(at), years.range(), 0.0..1.08 * drawn.unwrap_or(0.0).max(most));
    plot.axis_y(5, "");
    years.draw(&plot);
    if let Some(threshold) = drawn {
        let y = plot.y(threshold);
        let dashed = Paint::stroke(LIMIT, 1.2).dashed(5.0, 3.0);
        canvas.line((plot.rect.x, y), (plot.rect.right(), y), &dashed);
    }
    let step = years.step(plot.rect.width);
    let labelled = years.labels(canvas.font, plot.rect.width);
    for (place, (_, key)) in LOCATIONS.iter().enumerate() {
        let Some(line) = gap.lines.get(place).and_then(Option::as_ref) else { continue };
        let colour = GROUPS.get(place).copied().unwrap_or(INK);
        for run in line.runs() {
            let corners: Vec<(f64, f64)> =
                run.iter().filter_map(|point| Some(plot.at(f64::from(point.year), point.mean?))).collect();
            if corners.len() > 1 {
                canvas.polyline(&corners, &Paint::stroke(colour, 1.6));
            }
        }
        for point in &line.points {
            // Where years stand close, signs only at the years that are named.
            let shown = step >= 11.0 || labelled.contains(&point.year);
            let Some(mean) = point.mean.filter(|_| shown) else { continue };
            let args = [
                ("location", view.words.say(&format!("chart.location.{key}"))),
                ("indicator", view.short(&gap.indicator)),
                ("year", said(point.year)),
                ("value", view.mean(Some(mean), &gap.indicator)),
                ("schools", number::count(point.schools)),
            ];
            let tip = view.words.text("chart.annual.location.tip", &args);
            let data = [("section", section.id()), ("indicator", gap.indicator.as_str())];
            canvas.mark(&tip, &data, || {
                sign(canvas, place, plot.at(f64::from(point.year), mean), 3.4);
            });
        }
    }
}
