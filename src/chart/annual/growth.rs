//! β-convergence: growth a year against where a district began. A picture a section, a panel an indicator, a dot a
//! district.

use std::fmt::Write;

use super::{
    grid::{Grid, SIZE},
    view::{View, only, said},
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Paint, short},
        layout::{Rect, Room, fit},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, INK, MET, PAPER, UNMET},
        plot::Plot,
    },
    number,
    problem::Result,
    standard::Section,
    tables::Row,
};

const HEIGHT: f64 = 140.0;
/// More dots than these have no tooltip of their own: a page could not carry them.
const MARKED: usize = 400;
/// Districts a panel names.
const NAMED: usize = 3;
/// A slope whose p is smaller is said to be there.
const SURE: f64 = 0.05;

struct Dot {
    code: String,
    name: String,
    start: f64,
    /// Percent a year.
    growth: f64,
}

/// The β line; slope in percent a year.
struct Beta {
    intercept: f64,
    slope: f64,
    error: Option<f64>,
    p: Option<f64>,
}

struct Scatter {
    indicator: String,
    dots: Vec<Dot>,
    beta: Option<Beta>,
    left_out: i64,
    years: Option<(i64, i64)>,
}

impl Scatter {
    fn falls(&self) -> bool {
        self.beta.as_ref().is_some_and(|beta| beta.slope < 0.0 && beta.p.is_some_and(|p| p < SURE))
    }
    fn rises(&self) -> bool {
        self.beta.as_ref().is_some_and(|beta| beta.slope > 0.0 && beta.p.is_some_and(|p| p < SURE))
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let scatters = scatters(view, section);
        if !scatters.is_empty() {
            drawn.push(picture(view, section, &scatters)?);
        }
    }
    Ok(drawn)
}

fn scatters(view: &View, section: Section) -> Vec<Scatter> {
    let mut found: Vec<Scatter> = Vec::new();
    let rows = only(&view.annual.growth, "section", section.id());
    for row in Row::all(&rows) {
        let (Some(start), Some(growth)) = (row.number("log_first"), row.number("growth")) else { continue };
        let indicator = row.said("indicator");
        let at = found.iter().position(|scatter| scatter.indicator == indicator).unwrap_or_else(|| {
            let years = row.whole("from_year").zip(row.whole("to_year"));
            let indicator = indicator.to_string();
            found.push(Scatter { indicator, dots: Vec::new(), beta: None, left_out: 0, years });
            found.len() - 1
        });
        if let Some(scatter) = found.get_mut(at) {
            let (code, name) = (row.said("district_code"), row.said("district_name"));
            let name = if name.trim().is_empty() { code } else { name };
            let (code, name) = (code.to_string(), name.to_string());
            scatter.dots.push(Dot { code, name, start, growth: 100.0 * growth });
        }
    }
    for row in Row::all(&view.annual.convergence) {
        if row.text("section") != Some(section.id()) || row.text("kind") != Some("beta") {
            continue;
        }
        let Some(scatter) = found.iter_mut().find(|scatter| scatter.indicator == row.said("indicator"))
        else {
            continue;
        };
        scatter.left_out = row.whole("left_out").unwrap_or(0);
        scatter.beta = row.number("intercept").zip(row.number("slope")).map(|(intercept, slope)| Beta {
            intercept: 100.0 * intercept,
            slope: 100.0 * slope,
            error: row.number("error").map(|error| 100.0 * error),
            p: row.number("p"),
        });
    }
    // One district is no cloud.
    found.retain(|scatter| scatter.dots.len() > 1);
    found.sort_by_key(|scatter| view.order(&scatter.indicator));
    found
}

fn title(view: &View, section: Section, scatters: &[Scatter]) -> String {
    let falling = scatters.iter().filter(|scatter| scatter.falls()).count();
    let rising = scatters.iter().filter(|scatter| scatter.rises()).count();
    let steepest = scatters
        .iter()
        .filter(|scatter| scatter.falls())
        .filter_map(|scatter| Some((scatter, scatter.beta.as_ref()?.slope)));
    let steepest = steepest.reduce(|a, b| if b.1 < a.1 { b } else { a });
    let (from, to) = scatters.iter().find_map(|scatter| scatter.years).unwrap_or_default();
    let args = [
        ("section", view.heading(section)),
        ("from", from.to_string()),
        ("year", to.to_string()),
        ("all", scatters.len().to_string()),
        ("falling", falling.to_string()),
        ("rising", rising.to_string()),
        ("indicator", steepest.map_or_else(String::new, |(scatter, _)| view.short(&scatter.indicator))),
    ];
    let key = match (falling, rising) {
        _ if scatters.iter().all(|scatter| scatter.beta.is_none()) => "unknown",
        (0, 0) => "none",
        (0, _) => "apart",
        (_, 0) => "closer",
        _ => "both",
    };
    view.words.text(&format!("chart.annual.growth.{key}"), &args)
}

fn picture(view: &View, section: Section, scatters: &[Scatter]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, scatters);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.growth.what", &args))?;
    let (canvas, sides) = (&frame.canvas, (frame.left(), frame.right()));
    let say = |key: &str| words.say(&format!("chart.annual.growth.{key}"));
    let mut signs = vec![(Sign::Circle(Paint::fill(MET).opaque(0.75), 3.4), say("sign_district"))];
    if scatters.iter().any(|scatter| scatter.beta.is_some()) {
        signs.push((Sign::Line(Paint::stroke(INK, 1.8)), say("sign_line")));
    }
    signs.push((Sign::Line(Paint::stroke(AXIS, 1.2).dashed(2.0, 3.0)), say("sign_zero")));
    let top = legend(canvas, &signs, sides, frame.top) + 8.0;
    let columns = if scatters.len() < 3 { scatters.len() } else { 3 };
    let grid = Grid::in_columns(scatters.len(), columns, sides, top, HEIGHT).with_axis_name().with_foot(52.0);
    let mut listed = Vec::new();
    for (at, scatter) in scatters.iter().enumerate() {
        let name = view.short(&scatter.indicator);
        let slope = slope(view, scatter);
        grid.head(canvas, at, &name, |(x, y)| {
            let strong = scatter.falls() || scatter.rises();
            match strong {
                true => canvas.strong(
                    &slope,
                    (x, y),
                    Anchor::Start,
                    SIZE,
                    if scatter.rises() { UNMET } else { INK },
                ),
                false => canvas.text(&slope, (x, y), Anchor::Start, SIZE, FAINT),
            };
        });
        panel(view, canvas, grid.plot(at), (section, scatter));
        let args = [("indicator", name), ("slope", slope)];
        listed.push(words.text("chart.annual.growth.listed", &args));
    }
    let mut bottom = grid.bottom() - 12.0;
    let left_out = scatters.iter().map(|scatter| scatter.left_out).max().unwrap_or(0);
    if left_out > 0 {
        let text = words.text("chart.annual.growth.left_out", &[("count", number::count(left_out))]);
        let text = fit(canvas.font, &text, 11.5, sides.1 - sides.0);
        canvas.text(&text, (sides.0, bottom + 10.0), Anchor::Start, 11.5, FAINT);
        bottom += 14.0;
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.growth.described", &args);
    let name = format!("growth-{}", section.id());
    Ok(frame.finish(&name, Kind::Growth, &description, bottom))
}

/// `β = −3.21 ± 0.84，p = 0.003`, in percentage points of growth a year for one more in the logarithm.
fn slope(view: &View, scatter: &Scatter) -> String {
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
    view.words.text("chart.annual.growth.slope", &args)
}

fn panel(view: &View, canvas: &Canvas, rect: Rect, (section, scatter): (Section, &Scatter)) {
    let words = view.words;
    let bounds = |of: fn(&Dot) -> f64| {
        let low = scatter.dots.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = scatter.dots.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        // All alike still need some room.
        let edge = (0.08 * (high - low)).max(1e-3 * high.abs()).max(1e-3);
        (low - edge, high + edge)
    };
    let (left, right) = bounds(|dot| dot.start);
    let (low, high) = bounds(|dot| dot.growth);
    let (low, high) = (low.min(0.0), high.max(0.0));
    let plot = Plot::new(canvas, rect, left..right, low..high);
    plot.axis_y(4, "");
    plot.axis_x(4, "");
    canvas.text(
        &words.say("chart.annual.growth.axis_x"),
        (rect.right(), rect.bottom() + 27.0),
        Anchor::End,
        11.0,
        FAINT,
    );
    canvas.text(
        &words.say("chart.annual.growth.axis_y"),
        (rect.x - 34.0, rect.y - 14.0),
        Anchor::Start,
        11.0,
        FAINT,
    );
    let zero = Paint::stroke(AXIS, 1.2).dashed(2.0, 3.0);
    canvas.line(plot.at(left, 0.0), plot.at(right, 0.0), &zero);
    let many = scatter.dots.len() > MARKED;
    let radius = if scatter.dots.len() > 60 { 2.4 } else { 3.4 };
    if many {
        let mut path = String::new();
        for dot in &scatter.dots {
            let (x, y) = plot.at(dot.start, dot.growth);
            let _ = write!(path, "M{} {}h1.8v1.8h-1.8z", short(x - 0.9), short(y - 0.9));
        }
        canvas.path(&path, &Paint::fill(MET).opaque(0.6));
    }
    if let Some(beta) = &scatter.beta {
        let at = |x: f64| beta.intercept + beta.slope * x;
        // Only as far as the plot goes.
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
    // The furthest from the rest: highest, lowest, and where the rest is equal the outermost start.
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
    let mut room = Room::new(Rect::new(rect.x + 1.0, rect.y + 1.0, rect.width + 8.0, rect.height - 2.0));
    if !many {
        for dot in &scatter.dots {
            let (x, y) = plot.at(dot.start, dot.growth);
            room.take(Rect::new(x - radius, y - radius, 2.0 * radius, 2.0 * radius));
            let args = [
                ("district", dot.name.clone()),
                ("indicator", view.short(&scatter.indicator)),
                ("start", view.mean(Some(dot.start.exp()), &scatter.indicator)),
                ("growth", number::fixed(Some(dot.growth), 2).replace('-', "−")),
                ("from", scatter.years.map_or_else(String::new, |years| said(years.0 as i32))),
            ];
            let data = [
                ("district", dot.code.as_str()),
                ("section", section.id()),
                ("indicator", &scatter.indicator),
            ];
            canvas.mark(&words.text("chart.annual.growth.tip", &args), &data, || {
                canvas.circle((x, y), radius, &Paint::fill(MET).opaque(0.75).edged(PAPER, 0.6));
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
