//! One line of CVs through the years, with interval and limit: a panel among others.

use plotters::style::RGBColor;

use super::{
    grid::{Grid, SIZE},
    series::{Line, Point},
    view::{View, said},
    year_axis::YearAxis,
};
use crate::{
    chart::{
        canvas::{Anchor, Canvas, Paint},
        legend::{Sign, legend},
        palette::{FAINT, INK, LIMIT, MET, PAPER, UNMET},
        plot::Plot,
    },
    number,
    standard::Section,
};

/// Of the plots.
pub const HEIGHT: f64 = 112.0;

/// Panels that are read against one another: one scale, one row of years.
pub struct Panels<'a> {
    pub view: &'a View<'a>,
    pub section: Section,
    pub years: YearAxis,
    /// Where the axis of the CV ends.
    reach: f64,
}

/// The limit they share; `None` where they have none, or more than one.
fn shared_limit(lines: &[Line]) -> Option<f64> {
    let mut limits = lines.iter().flat_map(|line| line.points.iter().map(|point| point.limit));
    let first = limits.next().flatten()?;
    limits.all(|limit| limit == Some(first)).then_some(first)
}

impl<'a> Panels<'a> {
    pub fn of(view: &'a View<'a>, section: Section, lines: &[Line]) -> Panels<'a> {
        let points = || lines.iter().flat_map(|line| &line.points);
        let first = points().filter(|point| point.cv.is_some()).map(|point| point.year).min();
        let most = points().flat_map(|point| [point.cv, point.limit]).flatten().fold(0.05, f64::max);
        let highest = points().filter_map(|point| point.interval).map(|(_, high)| high).fold(0.0, f64::max);
        // An interval that is wider than all there is besides ends at the edge.
        let reach = highest.clamp(1.08 * most, 1.8 * most);
        Panels { view, section, years: YearAxis::of(first.unwrap_or(view.year), view.year), reach }
    }

    /// What the signs mean; gives the lower edge.
    pub fn legend(&self, canvas: &Canvas, lines: &[Line], (left, right): (f64, f64), top: f64) -> f64 {
        let words = self.view.words;
        let points = || lines.iter().flat_map(|line| &line.points);
        let say = |key: &str| words.say(&format!("chart.annual.cv.{key}"));
        let mut signs = vec![(Sign::Line(Paint::stroke(MET, 2.0)), say("sign_cv"))];
        if points().any(|point| point.interval.is_some()) {
            signs.push((Sign::Box(Paint::fill(MET).opaque(0.18)), say("sign_interval")));
        }
        if points().any(|point| point.limit.is_some()) {
            let said = match shared_limit(lines) {
                Some(limit) => words.text("chart.annual.cv.limit", &[("limit", View::limit(limit))]),
                None => say("sign_limit"),
            };
            signs.push((Sign::Line(Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0)), said));
        }
        if points().any(Point::over) {
            signs.push((Sign::None, say("sign_over")));
        }
        if points().any(Point::undecided) {
            signs.push((Sign::Circle(Paint::fill(PAPER).edged(FAINT, 1.6), 4.0), say("sign_partial")));
        }
        if lines.iter().any(|line| line.runs().len() > 1) {
            signs.push((Sign::None, say("sign_gap")));
        }
        legend(canvas, &signs, (left, right), top) + 8.0
    }

    /// `data`: what a page finds the panel's marks by.
    pub fn panel(
        &self,
        canvas: &Canvas,
        (grid, at): (&Grid, usize),
        title: &str,
        line: &Line,
        data: &[(&'static str, &str)],
    ) {
        grid.head(canvas, at, title, |place| self.value(canvas, place, line));
        let plot = Plot::new(canvas, grid.plot(at), self.years.range(), 0.0..self.reach);
        plot.axis_y(3, "");
        self.years.draw(&plot);
        let limits: Vec<&Point> = line.points.iter().filter(|point| point.limit.is_some()).collect();
        let dashed = Paint::stroke(LIMIT, 1.4).dashed(5.0, 3.0);
        let same = limits.windows(2).all(|w| w[0].limit == w[1].limit);
        for (k, point) in limits.iter().enumerate() {
            // One line where it never changes, else a piece a year.
            let Some(y) = point.limit.map(|limit| plot.y(limit)) else { continue };
            let half = 0.5 * self.years.step(plot.rect.width);
            let x = plot.x(f64::from(point.year));
            match same {
                true if k > 0 => {}
                true => canvas.line((plot.rect.x, y), (plot.rect.right(), y), &dashed),
                false => canvas.line((x - half, y), (x + half, y), &dashed),
            }
        }
        for run in line.runs() {
            self.band(&plot, &run);
            let points: Vec<(f64, f64)> = run.iter().filter_map(|point| self.at(&plot, point)).collect();
            if points.len() > 1 {
                canvas.polyline(&points, &Paint::stroke(MET, 2.0));
            }
        }
        let radius = (0.3 * self.years.step(plot.rect.width)).clamp(1.4, 3.2);
        for point in &line.points {
            let Some(place) = self.at(&plot, point) else { continue };
            canvas.mark(&self.tip(title, point), data, || dot(canvas, place, radius, point));
        }
    }

    fn at(&self, plot: &Plot, point: &Point) -> Option<(f64, f64)> {
        Some(plot.at(f64::from(point.year), point.cv?.min(self.reach)))
    }

    /// The interval of years that follow one another; of a single year an upright stroke.
    fn band(&self, plot: &Plot, run: &[&Point]) {
        let mut parts: Vec<Vec<(i32, f64, f64)>> = vec![Vec::new()];
        for point in run {
            match point.interval {
                Some((low, high)) => {
                    if let Some(part) = parts.last_mut() {
                        part.push((point.year, low, high));
                    }
                }
                None => parts.push(Vec::new()),
            }
        }
        for part in parts {
            let side = |high: bool| {
                let corner = move |(year, low, top): &(i32, f64, f64)| {
                    let value = if high { *top } else { *low };
                    plot.at(f64::from(*year), value.clamp(0.0, self.reach))
                };
                part.iter().map(corner).collect::<Vec<_>>()
            };
            let (low, mut high) = (side(false), side(true));
            if let (&[from], &[to]) = (&low[..], &high[..]) {
                plot.canvas.line(
                    from,
                    to,
                    &Paint::stroke(crate::chart::palette::between(PAPER, MET, 0.4), 4.0),
                );
                continue;
            }
            high.reverse();
            let corners: Vec<(f64, f64)> = low.into_iter().chain(high).collect();
            if corners.len() > 2 {
                plot.canvas.polygon(&corners, &Paint::fill(MET).opaque(0.18));
            }
        }
    }

    /// The report's year in numbers.
    fn value(&self, canvas: &Canvas, place: (f64, f64), line: &Line) {
        let (words, year) = (self.view.words, self.view.year);
        let Some((point, cv)) = line.at(year).and_then(|point| Some((point, point.cv?))) else {
            let text = words.text("chart.annual.cv.value_none", &[("year", said(year))]);
            canvas.text(&text, place, Anchor::Start, SIZE, FAINT);
            return;
        };
        let text = self.view.cv(cv);
        let text = if point.over() { format!("{text} ▲") } else { text };
        let colour = if point.over() { UNMET } else { INK };
        canvas.strong(&text, place, Anchor::Start, SIZE, colour);
        if let Some((low, high)) = point.interval {
            let args = [("low", self.view.cv(low)), ("high", self.view.cv(high))];
            let x = place.0 + canvas.font.width(&text, SIZE) + 8.0;
            canvas.text(
                &words.text("chart.annual.cv.interval", &args),
                (x, place.1),
                Anchor::Start,
                11.0,
                FAINT,
            );
        }
    }

    fn tip(&self, title: &str, point: &Point) -> String {
        let words = self.view.words;
        let known = |value: Option<f64>| value.map_or_else(|| "—".into(), |value| self.view.cv(value));
        let args = [
            ("section", self.view.heading(self.section)),
            ("title", title.to_string()),
            ("year", said(point.year)),
            ("cv", known(point.cv)),
            ("low", known(point.interval.map(|interval| interval.0))),
            ("high", known(point.interval.map(|interval| interval.1))),
            ("limit", point.limit.map_or_else(|| "—".into(), View::limit)),
            ("status", words.say(&format!("status.{}", point.status.id()))),
            ("schools", number::count(point.schools)),
        ];
        let mut tip = words.text("chart.annual.cv.tip", &args);
        if point.interval.is_some() {
            tip += &words.text("chart.annual.cv.tip_interval", &args);
        }
        if point.limit.is_some() {
            tip += &words.text("chart.annual.cv.tip_limit", &args);
        }
        tip
    }
}

/// Over the limit a triangle, undecided a ring, else a dot.
fn dot(canvas: &Canvas, (x, y): (f64, f64), radius: f64, point: &Point) {
    let edged = |colour: RGBColor| Paint::fill(colour).edged(PAPER, 0.8);
    if point.over() {
        let r = 1.5 * radius;
        canvas.polygon(&[(x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r)], &edged(UNMET));
    } else if point.undecided() {
        canvas.circle((x, y), radius, &Paint::fill(PAPER).edged(FAINT, 1.4));
    } else {
        canvas.circle((x, y), radius, &edged(MET));
    }
}
