//! Annual report: growth per year against the mean at the start (β-convergence). One picture per section, one panel per
//! indicator, one dot per district.

use std::fmt::Write;

use super::AnnualView;
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Canvas, Paint},
        coordinate::short,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, find_or_push, name_or_code, year_text},
        grid::{Grid, SIZE},
        layout::{FreeSpace, Rect, fit},
        legend::{Symbol, legend},
        palette::{AXIS, FAINT, INK, MET, PAPER, UNMET},
        plot::Plot,
    },
    number,
    standard::Section,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("growth", "chart.annual.growth", Place::Template, Draw::Annual(pictures));

const HEIGHT: f64 = 140.0;
/// With more dots than this, none has a tooltip: a page with so many would be too large.
const MAX_MARKED: usize = 400;
/// The number of districts that are named in a panel.
const NAMED: usize = 3;
/// A slope counts as different from 0 where its p is below this.
const SIGNIFICANT: f64 = 0.05;

/// One district.
struct Dot {
    code: String,
    name: String,
    /// Logarithm of the first mean.
    start: f64,
    /// Percent per year.
    growth: f64,
}

/// The regression line, in percent per year.
struct Beta {
    intercept: f64,
    slope: f64,
    error: Option<f64>,
    p: Option<f64>,
}

impl Beta {
    fn is_significant(&self) -> bool {
        self.p.is_some_and(|p| p < SIGNIFICANT)
    }
}

/// One indicator.
struct Scatter {
    indicator: String,
    dots: Vec<Dot>,
    beta: Option<Beta>,
    left_out: i64,
    years: Option<(i32, i32)>,
}

impl Scatter {
    /// Districts that began lower grew faster.
    fn falls(&self) -> bool {
        self.beta.as_ref().is_some_and(|beta| beta.slope < 0.0 && beta.is_significant())
    }
    /// Districts that began higher grew faster.
    fn rises(&self) -> bool {
        self.beta.as_ref().is_some_and(|beta| beta.slope > 0.0 && beta.is_significant())
    }
}

fn read(view: &AnnualView, section: Section) -> Vec<Scatter> {
    let mut found: Vec<Scatter> = Vec::new();
    for row in view.annual.growth.rows().filter(|row| row.section() == section) {
        let Some((start, growth)) = row.log_first().zip(row.growth()) else { continue };
        let new = || Scatter {
            indicator: row.indicator().to_string(),
            dots: Vec::new(),
            beta: None,
            left_out: 0,
            years: row.from_year().zip(row.to_year()),
        };
        let scatter = find_or_push(&mut found, |scatter| scatter.indicator == row.indicator(), new);
        let code = row.district_code();
        let name = name_or_code(row.district_name(), code).to_string();
        scatter.dots.push(Dot { code: code.to_string(), name, start, growth: 100.0 * growth });
    }
    let convergence = view.annual.convergence.rows();
    for row in convergence.filter(|row| row.section() == section && row.kind() == "beta") {
        let scatter = found.iter_mut().find(|scatter| scatter.indicator == row.indicator());
        let Some(scatter) = scatter else { continue };
        scatter.left_out = row.left_out().unwrap_or(0);
        scatter.beta = row.intercept().zip(row.slope()).map(|(intercept, slope)| Beta {
            intercept: 100.0 * intercept,
            slope: 100.0 * slope,
            error: row.error().map(|error| 100.0 * error),
            p: row.p(),
        });
    }
    // A single district shows nothing.
    found.retain(|scatter| scatter.dots.len() > 1);
    found.sort_by_key(|scatter| view.order(&scatter.indicator));
    found
}

fn title(view: &AnnualView, section: Section, scatters: &[Scatter]) -> String {
    let falling = scatters.iter().filter(|scatter| scatter.falls()).count();
    let rising = scatters.iter().filter(|scatter| scatter.rises()).count();
    let steepest = scatters
        .iter()
        .filter(|scatter| scatter.falls())
        .filter_map(|scatter| Some((scatter, scatter.beta.as_ref()?.slope)));
    let steepest = steepest.reduce(|a, b| if b.1 < a.1 { b } else { a });
    let (from, to) = scatters.iter().find_map(|scatter| scatter.years).unwrap_or_default();
    let args = [
        ("section", view.section_name(section)),
        ("from", year_text(from)),
        ("year", year_text(to)),
        ("all", scatters.len().to_string()),
        ("falling", falling.to_string()),
        ("rising", rising.to_string()),
        ("indicator", steepest.map_or_else(String::new, |(scatter, _)| view.short_title(&scatter.indicator))),
    ];
    let key = match (falling, rising) {
        _ if scatters.iter().all(|scatter| scatter.beta.is_none()) => "unknown",
        (0, 0) => "none",
        (0, _) => "apart",
        (_, 0) => "closer",
        _ => "both",
    };
    view.words.fill(&format!("chart.annual.growth.{key}"), &args)
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let scatters = read(view, section);
    if scatters.is_empty() {
        return Ok(Vec::new());
    }
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::Growth, title(view, section, &scatters), &args)?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.growth.{key}"));
    let mut symbols = vec![(Symbol::Circle(Paint::fill(MET).with_opacity(0.75), 3.4), say("sign_district"))];
    if scatters.iter().any(|scatter| scatter.beta.is_some()) {
        symbols.push((Symbol::Line(Paint::stroke(INK, 1.8)), say("sign_line")));
    }
    symbols.push((Symbol::Line(zero_line()), say("sign_zero")));
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 8.0;
    let grid = Grid::in_columns(scatters.len(), scatters.len().min(3), frame.sides(), top, HEIGHT);
    let grid = grid.with_axis_name().with_foot(52.0);
    let mut listed = Vec::new();
    for (at, scatter) in scatters.iter().enumerate() {
        let name = view.short_title(&scatter.indicator);
        let slope = slope(view, scatter);
        grid.head(canvas, at, &name, |place| {
            match (scatter.falls(), scatter.rises()) {
                (true, _) => canvas.strong(&slope, place, Anchor::Start, SIZE, INK),
                (_, true) => canvas.strong(&slope, place, Anchor::Start, SIZE, UNMET),
                _ => canvas.text(&slope, place, Anchor::Start, SIZE, FAINT),
            };
        });
        panel(view, canvas, grid.plot(at), section, scatter);
        let args = [("indicator", name), ("slope", slope)];
        listed.push(words.fill("chart.annual.growth.listed", &args));
    }
    let mut bottom = grid.bottom() - 12.0;
    let left_out = scatters.iter().map(|scatter| scatter.left_out).max().unwrap_or(0);
    if left_out > 0 {
        let text = words.fill("chart.annual.growth.left_out", &[("count", number::count(left_out))]);
        frame.note(&text, bottom + 10.0, 1);
        bottom += 14.0;
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    frame.finish(section.id(), &args, bottom)
}

fn zero_line() -> Paint {
    Paint::stroke(AXIS, 1.2).dashed(2.0, 3.0)
}

/// `β = −3.21 ± 0.84，p = 0.003`, in percentage points of growth per year and unit of the logarithm.
fn slope(view: &AnnualView, scatter: &Scatter) -> String {
    let Some(beta) = &scatter.beta else { return view.words.say("chart.annual.growth.no_line") };
    let p = match beta.p {
        Some(p) if p < 0.001 => "< 0.001".to_string(),
        Some(p) => format!("= {}", number::fixed(Some(p), 3)),
        None => "= —".to_string(),
    };
    let args = [
        ("slope", number::fixed(Some(beta.slope), 2).replace('-', "−")),
        ("error", number::fixed(beta.error, 2)),
        ("p", p),
    ];
    view.words.fill("chart.annual.growth.slope", &args)
}

fn panel(view: &AnnualView, canvas: &Canvas, rect: Rect, section: Section, scatter: &Scatter) {
    let words = view.words;
    let bounds = |value: fn(&Dot) -> f64| {
        let low = scatter.dots.iter().map(value).fold(f64::INFINITY, f64::min);
        let high = scatter.dots.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
        // A margin is needed even where all values are equal.
        let edge = (0.08 * (high - low)).max(1e-3 * high.abs()).max(1e-3);
        (low - edge, high + edge)
    };
    let (left, right) = bounds(|dot| dot.start);
    let (low, high) = bounds(|dot| dot.growth);
    let (low, high) = (low.min(0.0), high.max(0.0));
    let plot = Plot::new(canvas, rect, left..right, low..high);
    plot.axis_y(4, "");
    plot.axis_x(4, "");
    let (across, upwards) =
        (words.say("chart.annual.growth.axis_x"), words.say("chart.annual.growth.axis_y"));
    canvas.text(&across, (rect.right(), rect.bottom() + 27.0), Anchor::End, 11.0, FAINT);
    canvas.text(&upwards, (rect.x - 34.0, rect.y - 14.0), Anchor::Start, 11.0, FAINT);
    canvas.line(plot.at(left, 0.0), plot.at(right, 0.0), &zero_line());
    let many = scatter.dots.len() > MAX_MARKED;
    let radius = if scatter.dots.len() > 60 { 2.4 } else { 3.4 };
    if many {
        let mut path = String::new();
        for dot in &scatter.dots {
            let (x, y) = plot.at(dot.start, dot.growth);
            let _ = write!(path, "M{} {}h1.8v1.8h-1.8z", short(x - 0.9), short(y - 0.9));
        }
        canvas.path(&path, &Paint::fill(MET).with_opacity(0.6));
    }
    if let Some(beta) = &scatter.beta {
        let at = |x: f64| beta.intercept + beta.slope * x;
        // Cut where the line leaves the plot.
        let clip = |from: f64, to: f64| {
            let inside = |x: f64| at(x).clamp(low, high);
            if beta.slope.abs() < f64::MIN_POSITIVE {
                return (from, to);
            }
            let x = |y: f64| (y - beta.intercept) / beta.slope;
            let ends = [from, to]
                .map(|end| if inside(end) == at(end) { end } else { x(inside(end)).clamp(from, to) });
            (ends[0], ends[1])
        };
        let (from, to) = clip(left, right);
        canvas.line(
            plot.at(from, at(from).clamp(low, high)),
            plot.at(to, at(to).clamp(low, high)),
            &Paint::stroke(INK, 1.8),
        );
    }
    // The districts that are furthest from the middle are named.
    let mut order: Vec<&Dot> = scatter.dots.iter().collect();
    let (middle_x, middle_y) = ((left + right) / 2.0, {
        let mut growths: Vec<f64> = scatter.dots.iter().map(|dot| dot.growth).collect();
        growths.sort_by(f64::total_cmp);
        growths.get(growths.len() / 2).copied().unwrap_or(0.0)
    });
    let far = |dot: &Dot| {
        let x = (dot.start - middle_x) / (right - left);
        let y = (dot.growth - middle_y) / (high - low);
        x * x + y * y
    };
    order.sort_by(|a, b| far(b).total_cmp(&far(a)).then_with(|| a.code.cmp(&b.code)));
    let mut room = FreeSpace::new(Rect::new(rect.x + 1.0, rect.y + 1.0, rect.width + 8.0, rect.height - 2.0));
    if !many {
        for dot in &scatter.dots {
            let (x, y) = plot.at(dot.start, dot.growth);
            room.take(Rect::new(x - radius, y - radius, 2.0 * radius, 2.0 * radius));
            let args = [
                ("district", dot.name.clone()),
                ("indicator", view.short_title(&scatter.indicator)),
                ("start", view.mean_text(Some(dot.start.exp()), &scatter.indicator)),
                ("growth", number::fixed(Some(dot.growth), 2).replace('-', "−")),
                ("from", scatter.years.map_or_else(String::new, |years| year_text(years.0))),
            ];
            let data = [
                ("district", dot.code.as_str()),
                ("section", section.id()),
                ("indicator", &scatter.indicator),
            ];
            canvas.mark(&words.fill("chart.annual.growth.tip", &args), &data, || {
                canvas.circle((x, y), radius, &Paint::fill(MET).with_opacity(0.75).edged(PAPER, 0.6));
            });
        }
    }
    for dot in order.into_iter().take(NAMED) {
        let (x, y) = plot.at(dot.start, dot.growth);
        let name = fit(canvas.font, &dot.name, 10.5, 84.0);
        let size = (canvas.font.width(&name, 10.5), 12.5);
        if let Some(place) = room.place((x, y), radius + 1.0, size) {
            canvas.text(&name, (place.x, place.middle().1), Anchor::Start, 10.5, INK);
        }
    }
}
