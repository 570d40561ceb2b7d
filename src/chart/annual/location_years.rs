//! Annual report: what a pupil has in 城区, 镇区 and 乡村, by year. One picture per section, one panel per indicator.

use super::{
    AnnualView,
    series::{Series, by_id},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Canvas, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, find_or_push, year_text},
        grid::{Grid, SIZE},
        layout::Rect,
        legend::{Symbol, legend},
        location::{LOCATIONS, mark, name, name_inside},
        palette::{FAINT, GROUPS, INK, LIMIT},
        plot::Plot,
    },
    number,
    standard::Section,
    tables::panel,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("location-years", "chart.annual.location", Place::Template, Draw::Annual(pictures));

const HEIGHT: f64 = 112.0;
/// Logarithms of ratios that are smaller than this count as alike.
const ALIKE: f64 = 0.05;

/// One indicator: one series per location, as far as known.
struct Gap {
    indicator: String,
    locations: [Option<Series>; 3],
}

impl Gap {
    /// The mean of 城区 over that of 乡村.
    fn ratio(&self, year: i32) -> Option<f64> {
        let [urban, _, rural] = &self.locations;
        let mean = |series: &Option<Series>| series.as_ref()?.at(year)?.mean;
        let (urban, rural) = (mean(urban)?, mean(rural)?);
        (rural > 0.0 && urban > 0.0).then(|| urban / rural)
    }

    /// The first year before `year` of which the ratio is known.
    fn first(&self, year: i32) -> Option<(i32, f64)> {
        let mut years = self.locations[0].iter().flat_map(|series| &series.values).map(|value| value.year);
        years.find_map(|first| Some((first, self.ratio(first).filter(|_| first < year)?)))
    }
}

fn ratio_text(ratio: Option<f64>) -> String {
    number::fixed(ratio, 2)
}

fn read(view: &AnnualView, section: Section) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for (place, (location, _)) in LOCATIONS.iter().enumerate() {
        let rows = view.annual.by_location.rows().filter(|row| {
            row.section() == section && row.grouping() == Some("location") && row.group() == Some(*location)
        });
        for series in by_id(rows, panel::Row::indicator, view.year) {
            let new = || Gap { indicator: series.id.clone(), locations: [None, None, None] };
            let gap = find_or_push(&mut gaps, |gap| gap.indicator == series.id, new);
            gap.locations[place] = Some(series);
        }
    }
    gaps.retain(|gap| gap.locations.iter().flatten().count() > 1);
    gaps.sort_by_key(|gap| view.order(&gap.indicator));
    gaps
}

fn title(view: &AnnualView, section: Section, gaps: &[Gap]) -> String {
    let apart = |ratio: f64| ratio.ln().abs();
    let known = gaps.iter().filter_map(|gap| Some((gap, gap.ratio(view.year)?)));
    let Some((gap, ratio)) = known.reduce(|a, b| if apart(b.1) > apart(a.1) { b } else { a }) else {
        return view.words.fill("chart.annual.location.unknown", &[("section", view.section_name(section))]);
    };
    let first = gap.first(view.year);
    // The ratio is stated in the direction in which it is above 1.
    let (high, low) = if ratio >= 1.0 { (0, 2) } else { (2, 0) };
    let times = |value: f64| ratio_text(Some(if ratio >= 1.0 { value } else { 1.0 / value }));
    let args = [
        ("section", view.section_name(section)),
        ("indicator", view.short_title(&gap.indicator)),
        ("year", year_text(view.year)),
        ("ratio", times(ratio)),
        ("from", first.map_or_else(String::new, |first| year_text(first.0))),
        ("first", first.map_or_else(String::new, |first| times(first.1))),
        ("high", name_inside(view.words, high)),
        ("low", name_inside(view.words, low)),
    ];
    let key = match first {
        _ if apart(ratio) < ALIKE => "alike",
        Some(_) => "since",
        None => "gap",
    };
    view.words.fill(&format!("chart.annual.location.{key}"), &args)
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let gaps = read(view, section);
    if gaps.is_empty() {
        return Ok(Vec::new());
    }
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::LocationYears, title(view, section, &gaps), &args)?;
    let canvas = &frame.canvas;
    let mut x = frame.left() + 6.0;
    let middle = frame.top + 10.0;
    for place in (0..LOCATIONS.len()).filter(|place| gaps.iter().any(|gap| gap.locations[*place].is_some())) {
        mark(canvas, place, (x, middle), 5.0);
        let name = name(words, place);
        canvas.text(&name, (x + 11.0, middle), Anchor::Start, 11.5, FAINT);
        x += 11.0 + canvas.font.width(&name, 11.5) + 24.0;
    }
    let values =
        || gaps.iter().flat_map(|gap| gap.locations.iter().flatten()).flat_map(|series| &series.values);
    let mut symbols = Vec::new();
    if values().any(|value| value.threshold.is_some()) {
        symbols.push((Symbol::Line(threshold_line()), words.say("chart.annual.location.sign_threshold")));
    }
    symbols.push((Symbol::None, words.say("chart.annual.location.sign_ratio")));
    let top = legend(canvas, &symbols, (x, frame.right()), frame.top) + 8.0;
    let first = values().map(|value| value.year).min().unwrap_or(view.year);
    let years = YearAxis::new(first, view.year);
    let grid = Grid::new(gaps.len(), frame.sides(), top, HEIGHT);
    let mut listed = Vec::new();
    for (at, gap) in gaps.iter().enumerate() {
        let name = view.short_title(&gap.indicator);
        grid.head(canvas, at, &name, |place| ratios(view, canvas, place, gap));
        panel(view, canvas, grid.plot(at), years, section, gap);
        let args = [("indicator", name), ("ratio", ratio_text(gap.ratio(view.year)))];
        listed.push(words.fill("chart.annual.location.listed", &args));
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    frame.finish(section.id(), &args, grid.bottom() - 12.0)
}

fn threshold_line() -> Paint {
    Paint::stroke(LIMIT, 1.2).dashed(5.0, 3.0)
}

/// This year's ratio, and the first year's beside it.
fn ratios(view: &AnnualView, canvas: &Canvas, (x, y): (f64, f64), gap: &Gap) {
    let Some(ratio) = gap.ratio(view.year) else { return };
    let text = ratio_text(Some(ratio));
    canvas.strong(&text, (x, y), Anchor::Start, SIZE, INK);
    if let Some((year, first)) = gap.first(view.year) {
        let args = [("year", year_text(year)), ("value", ratio_text(Some(first)))];
        let x = x + canvas.font.width(&text, SIZE) + 8.0;
        canvas.text(&view.words.fill("chart.annual.was", &args), (x, y), Anchor::Start, 11.0, FAINT);
    }
}

fn panel(view: &AnnualView, canvas: &Canvas, rect: Rect, years: YearAxis, section: Section, gap: &Gap) {
    let values = || gap.locations.iter().flatten().flat_map(|series| &series.values);
    let highest = values().filter_map(|value| value.mean).fold(0.0, f64::max);
    // A threshold far above all means would leave no height for the lines.
    let threshold = values().rev().find_map(|value| value.threshold);
    let drawn = threshold.filter(|threshold| *threshold <= 3.0 * highest || highest <= 0.0);
    let end = 1.08 * drawn.unwrap_or(0.0).max(highest);
    let plot = Plot::new(canvas, rect, years.range(), 0.0..end);
    plot.axis_y(5, "");
    years.draw(&plot);
    if let Some(threshold) = drawn {
        let y = plot.y(threshold);
        canvas.line((plot.rect.x, y), (plot.rect.right(), y), &threshold_line());
    }
    let step = years.step(plot.rect.width);
    let labelled = years.labels(canvas.font, plot.rect.width);
    for (place, series) in gap.locations.iter().enumerate() {
        let Some(series) = series else { continue };
        for run in series.runs() {
            let corners: Vec<(f64, f64)> =
                run.iter().filter_map(|value| Some(plot.at(f64::from(value.year), value.mean?))).collect();
            if corners.len() > 1 {
                canvas.polyline(&corners, &Paint::stroke(GROUPS[place], 1.6));
            }
        }
        for value in &series.values {
            // Where years are close together, only the years with a label get a mark.
            let is_marked = step >= 11.0 || labelled.contains(&value.year);
            let Some(mean) = value.mean.filter(|_| is_marked) else { continue };
            let args = [
                ("location", name(view.words, place)),
                ("indicator", view.short_title(&gap.indicator)),
                ("year", year_text(value.year)),
                ("value", view.mean_text(Some(mean), &gap.indicator)),
                ("schools", number::count(value.schools)),
            ];
            let tip = view.words.fill("chart.annual.location.tip", &args);
            let data = [("section", section.id()), ("indicator", gap.indicator.as_str())];
            canvas.mark(&tip, &data, || mark(canvas, place, plot.at(f64::from(value.year), mean), 3.4));
        }
    }
}
