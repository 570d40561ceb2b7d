//! Panels with the CVs of one series by year, their confidence interval and limit.

use plotters::style::RGBColor;

use super::{
    AnnualView,
    series::{Series, YearValue},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        canvas::{Anchor, Canvas, Paint},
        frame::{Subject, limit_text, year_text},
        grid::{Grid, SIZE},
        legend::{Symbol, legend},
        palette::{FAINT, INK, LIMIT, MET, PAPER, UNMET, between},
        plot::Plot,
    },
    number,
    standard::Section,
};

/// Height of the plots.
pub const HEIGHT: f64 = 112.0;

/// Panels that readers compare: all have the same scale and the same years.
pub struct Panels<'a> {
    view: &'a AnnualView<'a>,
    section: Section,
    years: YearAxis,
    /// The end of the axis of the CV.
    end: f64,
}

/// The limit that all values have; `None` where they have none, or different ones.
fn shared_limit(all: &[Series]) -> Option<f64> {
    let mut limits = all.iter().flat_map(|series| series.values.iter().map(|value| value.limit));
    let first = limits.next().flatten()?;
    limits.all(|limit| limit == Some(first)).then_some(first)
}

impl<'a> Panels<'a> {
    pub fn new(view: &'a AnnualView<'a>, section: Section, all: &[Series]) -> Panels<'a> {
        let values = || all.iter().flat_map(|series| &series.values);
        let first = values().filter(|value| value.cv.is_some()).map(|value| value.year).min();
        let needed = values().flat_map(|value| [value.cv, value.limit]).flatten().fold(0.05, f64::max);
        let highest = values().filter_map(|value| value.interval).map(|(_, high)| high).fold(0.0, f64::max);
        // An interval that is much wider than everything else is cut at the edge.
        let end = highest.clamp(1.08 * needed, 1.8 * needed);
        Panels { view, section, years: YearAxis::new(first.unwrap_or(view.year), view.year), end }
    }

    /// Draws the legend. Returns its lower edge.
    pub fn legend(&self, canvas: &Canvas, all: &[Series], (left, right): (f64, f64), top: f64) -> f64 {
        let words = self.view.words;
        let values = || all.iter().flat_map(|series| &series.values);
        let say = |key: &str| words.say(&format!("chart.annual.cv.{key}"));
        let mut symbols = vec![(Symbol::Line(Paint::stroke(MET, 2.0)), say("sign_cv"))];
        if values().any(|value| value.interval.is_some()) {
            symbols.push((Symbol::Box(Paint::fill(MET).with_opacity(0.18)), say("sign_interval")));
        }
        if values().any(|value| value.limit.is_some()) {
            let text = match shared_limit(all) {
                Some(limit) => words.fill("chart.annual.cv.limit", &[("limit", limit_text(Some(limit)))]),
                None => say("sign_limit"),
            };
            symbols.push((Symbol::Line(Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0)), text));
        }
        if values().any(YearValue::is_over) {
            symbols.push((Symbol::None, say("sign_over")));
        }
        if values().any(YearValue::is_undecided) {
            symbols.push((Symbol::Circle(Paint::fill(PAPER).edged(FAINT, 1.6), 4.0), say("sign_partial")));
        }
        if all.iter().any(|series| series.runs().len() > 1) {
            symbols.push((Symbol::None, say("sign_gap")));
        }
        legend(canvas, &symbols, (left, right), top) + 8.0
    }

    /// Draws the panel at place `at` of the grid. Every mark in it has `data`.
    pub fn panel(
        &self,
        canvas: &Canvas,
        grid: &Grid,
        at: usize,
        title: &str,
        series: &Series,
        data: &[(&'static str, &str)],
    ) {
        grid.head(canvas, at, title, |place| self.value(canvas, place, series));
        let plot = Plot::new(canvas, grid.plot(at), self.years.range(), 0.0..self.end);
        plot.axis_y(3, "");
        self.years.draw(&plot);
        let limits: Vec<&YearValue> = series.values.iter().filter(|value| value.limit.is_some()).collect();
        let dashed = Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0);
        let same = limits.windows(2).all(|w| w[0].limit == w[1].limit);
        for (k, value) in limits.iter().enumerate() {
            // One line where the limit never changes, otherwise one line per year.
            let Some(y) = value.limit.map(|limit| plot.y(limit)) else { continue };
            let half = 0.5 * self.years.step(plot.rect.width);
            let x = plot.x(f64::from(value.year));
            match same {
                true if k > 0 => {}
                true => canvas.line((plot.rect.x, y), (plot.rect.right(), y), &dashed),
                false => canvas.line((x - half, y), (x + half, y), &dashed),
            }
        }
        for run in series.runs() {
            self.band(&plot, &run);
            let values: Vec<(f64, f64)> = run.iter().filter_map(|value| self.at(&plot, value)).collect();
            if values.len() > 1 {
                canvas.polyline(&values, &Paint::stroke(MET, 2.0));
            }
        }
        let radius = (0.3 * self.years.step(plot.rect.width)).clamp(1.4, 3.2);
        for value in &series.values {
            let Some(place) = self.at(&plot, value) else { continue };
            canvas.mark(&self.tip(title, value), data, || dot(canvas, place, radius, value));
        }
    }

    fn at(&self, plot: &Plot, value: &YearValue) -> Option<(f64, f64)> {
        Some(plot.at(f64::from(value.year), value.cv?.min(self.end)))
    }

    /// The interval of consecutive years as a band; of a single year as an upright stroke.
    fn band(&self, plot: &Plot, run: &[&YearValue]) {
        for part in run.split(|value| value.interval.is_none()) {
            let corner = |year, value: f64| plot.at(f64::from(year), value.clamp(0.0, self.end));
            let low = part.iter().filter_map(|value| Some(corner(value.year, value.interval?.0)));
            let high = part.iter().rev().filter_map(|value| Some(corner(value.year, value.interval?.1)));
            let corners: Vec<(f64, f64)> = low.chain(high).collect();
            match corners[..] {
                [] => {}
                [low, high] => plot.canvas.line(low, high, &Paint::stroke(between(PAPER, MET, 0.4), 4.0)),
                _ => plot.canvas.polygon(&corners, &Paint::fill(MET).with_opacity(0.18)),
            }
        }
    }

    /// The numbers of the report's year, under a panel's title.
    fn value(&self, canvas: &Canvas, place: (f64, f64), series: &Series) {
        let (words, year) = (self.view.words, self.view.year);
        let Some(value) = series.at(year).filter(|value| value.cv.is_some()) else {
            let text = words.fill("chart.annual.cv.value_none", &[("year", year_text(year))]);
            canvas.text(&text, place, Anchor::Start, SIZE, FAINT);
            return;
        };
        let text = self.view.cv_text(value.cv);
        let text = if value.is_over() { format!("{text} ▲") } else { text };
        let colour = if value.is_over() { UNMET } else { INK };
        canvas.strong(&text, place, Anchor::Start, SIZE, colour);
        if let Some((low, high)) = value.interval {
            let args = [("low", self.view.cv_text(Some(low))), ("high", self.view.cv_text(Some(high)))];
            let x = place.0 + canvas.font.width(&text, SIZE) + 8.0;
            let text = words.fill("chart.annual.cv.interval", &args);
            canvas.text(&text, (x, place.1), Anchor::Start, 11.0, FAINT);
        }
    }

    fn tip(&self, title: &str, value: &YearValue) -> String {
        let words = self.view.words;
        let args = [
            ("section", self.view.section_name(self.section)),
            ("title", title.to_string()),
            ("year", year_text(value.year)),
            ("cv", self.view.cv_text(value.cv)),
            ("low", self.view.cv_text(value.interval.map(|interval| interval.0))),
            ("high", self.view.cv_text(value.interval.map(|interval| interval.1))),
            ("limit", limit_text(value.limit)),
            ("status", words.say(&format!("status.{}", value.status.id()))),
            ("schools", number::count(value.schools)),
        ];
        let mut tip = words.fill("chart.annual.cv.tip", &args);
        if value.interval.is_some() {
            tip += &words.fill("chart.annual.cv.tip_interval", &args);
        }
        if value.limit.is_some() {
            tip += &words.fill("chart.annual.cv.tip_limit", &args);
        }
        tip
    }
}

/// A triangle above the limit, a ring where it is undecided, otherwise a dot.
fn dot(canvas: &Canvas, (x, y): (f64, f64), radius: f64, value: &YearValue) {
    let edged = |colour: RGBColor| Paint::fill(colour).edged(PAPER, 0.8);
    if value.is_over() {
        let r = 1.5 * radius;
        canvas.polygon(&[(x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r)], &edged(UNMET));
    } else if value.is_undecided() {
        canvas.circle((x, y), radius, &Paint::fill(PAPER).edged(FAINT, 1.4));
    } else {
        canvas.circle((x, y), radius, &edged(MET));
    }
}
