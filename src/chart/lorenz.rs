//! County: Lorenz curves with Gini coefficients, which show what share of each resource goes to the pupils who have least
//! of it. One picture per section, one panel per indicator.

use super::{
    Drawn, Kind,
    canvas::{Anchor, Canvas, Paint},
    county::County,
    definition::{Chart, Draw, Place},
    frame::{Frame, Subject, whole_percent},
    grid::{Grid, SIZE},
    layout::Rect,
    legend::{Symbol, legend},
    palette::{AXIS, FAINT, INK, MESH, MET, UNMET},
    plot::Plot,
};
use crate::{
    equity::{Distribution, Point},
    number,
    standard::Section,
    words::Words,
};

pub(super) const CHART: Chart =
    Chart::new("lorenz", "chart.lorenz", Place::Strips, Draw::CountySection(pictures));

/// Titles state what this share of the pupils has: those who have least.
const LOWEST: f64 = 0.4;

/// One indicator's curve.
#[derive(Debug, Clone, PartialEq)]
struct Curve {
    indicator: String,
    points: Vec<Point>,
    gini: f64,
    /// What the [`LOWEST`] share of the pupils has.
    share_of_lowest: f64,
    schools: usize,
    /// Schools without a known value.
    left_out: usize,
}

/// In the standard's order, without indicators whose values are unknown or all zero.
fn curves(county: &County, section: Section) -> Vec<Curve> {
    let curve = |indicator: &str| {
        let rows = county.values(section, indicator).iter().map(|value| value.row);
        let found = Distribution::of(rows.map(|row| (row.numerator(), row.denominator())));
        // A single school has no other to be compared with.
        (found.schools().len() > 1).then_some(())?;
        Some(Curve {
            indicator: indicator.to_string(),
            points: found.lorenz().ok()?,
            gini: found.gini().ok()?,
            share_of_lowest: found.share_of_lowest(LOWEST).ok()?,
            schools: found.schools().len(),
            left_out: found.left_out(),
        })
    };
    county.district.standard.indicators.iter().filter_map(|indicator| curve(&indicator.id)).collect()
}

/// Side of a curve's square.
const SIDE: f64 = 138.0;

fn gini_text(curve: &Curve) -> String {
    number::fixed(Some(curve.gini), 2)
}

fn pictures(county: &County, section: Section) -> Drawn {
    let curves = curves(county, section);
    let words = county.words;
    // Of several that are equally unequal, the first in the standard's order.
    let Some(worst) = curves.iter().rev().max_by(|a, b| a.gini.total_cmp(&b.gini)) else {
        return Ok(Vec::new());
    };
    let args = [
        ("section", county.section_name(section)),
        ("indicator", county.short_title(&worst.indicator)),
        ("gini", gini_text(worst)),
        ("least", whole_percent(LOWEST)),
        ("share", whole_percent(worst.share_of_lowest)),
    ];
    let frame = Frame::new(county, Kind::Lorenz, words.fill("chart.lorenz.title", &args), &args)?;
    let canvas = &frame.canvas;
    let symbols = [
        (Symbol::Line(diagonal(4.0)), words.say("chart.lorenz.sign_equal")),
        (Symbol::Line(Paint::stroke(MET, 1.8)), words.say("chart.lorenz.sign_curve")),
        (Symbol::Line(Paint::stroke(UNMET, 2.6)), words.say("chart.lorenz.sign_most")),
        (Symbol::Circle(Paint::fill(INK), 3.6), words.fill("chart.lorenz.sign_least", &args)),
    ];
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 8.0;
    let grid = Grid::in_columns(curves.len(), 4, frame.sides(), top, SIDE);
    let grid = grid.with_axis_name().with_foot(50.0).centred();
    for (at, curve) in curves.iter().enumerate() {
        panel(county, canvas, &grid, at, curve, curve == worst);
    }
    let listed = curves.iter().map(|curve| {
        let args = [("indicator", county.short_title(&curve.indicator)), ("gini", gini_text(curve))];
        words.fill("chart.lorenz.listed", &args)
    });
    let list = listed.collect::<Vec<_>>().join(&words.say("chart.lorenz.and"));
    let args = [("section", county.section_name(section)), ("list", list)];
    frame.finish(section.id(), &args, grid.bottom() - 12.0)
}

fn panel(county: &County, canvas: &Canvas, grid: &Grid, at: usize, curve: &Curve, is_worst: bool) {
    let words = county.words;
    let title = county.short_title(&curve.indicator);
    let args = [
        ("indicator", title.clone()),
        ("gini", gini_text(curve)),
        ("least", whole_percent(LOWEST)),
        ("share", whole_percent(curve.share_of_lowest)),
        ("schools", number::count(curve.schools)),
        ("left_out", number::count(curve.left_out)),
    ];
    grid.head(canvas, at, &title, |place| {
        canvas.strong(&words.fill("chart.lorenz.gini", &args), place, Anchor::Middle, SIZE, INK);
    });
    let square = Rect { width: SIDE, ..grid.plot(at) };
    let plot = Plot::new(canvas, square, 0.0..1.0, 0.0..1.0);
    axes(&plot, words, 5, (-26.0, -13.0));
    let key = match curve.left_out {
        0 => "chart.lorenz.tip",
        _ => "chart.lorenz.tip_left_out",
    };
    let data = [("indicator", curve.indicator.as_str())];
    canvas.mark(&words.fill(key, &args), &data, || {
        let line: Vec<(f64, f64)> = curve.points.iter().map(|p| plot.at(p.students, p.amount)).collect();
        let colour = if is_worst { UNMET } else { MET };
        // The area between the diagonal and the curve.
        canvas.polygon(&line, &Paint::fill(colour).with_opacity(0.16));
        canvas.line(plot.at(0.0, 0.0), plot.at(1.0, 1.0), &diagonal(4.0));
        canvas.polyline(&line, &Paint::stroke(colour, if is_worst { 2.6 } else { 1.8 }));
        let (x, y) = plot.at(LOWEST, curve.share_of_lowest);
        canvas.line((x, y), (x, square.bottom()), &Paint::stroke(INK, 0.8).dashed(2.0, 2.0));
        canvas.circle((x, y), 3.6, &Paint::fill(INK));
        // Below the curve there is always room at the right.
        let share = whole_percent(curve.share_of_lowest);
        canvas.text(&share, (x + 9.0, y + 11.0), Anchor::Start, SIZE, INK);
    });
    base_lines(&plot);
}

/// The line of equal shares, with dashes of this length.
pub(super) fn diagonal(dash: f64) -> Paint {
    Paint::stroke(AXIS, 1.2).dashed(dash, 3.0)
}

/// Mesh, numbers and axis names of a square of Lorenz curves. `steps` is the number of meshes on a side, `amount` the
/// place of the upright axis's name relative to the upper left corner.
pub(super) fn axes(plot: &Plot, words: &Words, steps: u32, amount: (f64, f64)) {
    let (canvas, square) = (plot.canvas, plot.rect);
    let mesh = Paint::stroke(MESH, 1.0);
    for tick in (0..=steps).map(|step| f64::from(step) / f64::from(steps)) {
        canvas.line(plot.at(tick, 0.0), plot.at(tick, 1.0), &mesh);
        canvas.line(plot.at(0.0, tick), plot.at(1.0, tick), &mesh);
    }
    for tick in [0.0, 0.5, 1.0] {
        let text = number::fixed(Some(100.0 * tick), 0);
        canvas.text(&text, (plot.x(tick), square.bottom() + 11.0), Anchor::Middle, 11.0, FAINT);
        canvas.text(&text, (square.x - 5.0, plot.y(tick)), Anchor::End, 11.0, FAINT);
    }
    let students = words.say("chart.lorenz.students");
    canvas.text(&students, (square.right(), square.bottom() + 26.0), Anchor::End, 11.0, FAINT);
    let place = (square.x + amount.0, square.y + amount.1);
    canvas.text(&words.say("chart.lorenz.amount"), place, Anchor::Start, 11.0, FAINT);
}

/// The axes themselves, drawn over the curves.
pub(super) fn base_lines(plot: &Plot) {
    let (canvas, square, axis) = (plot.canvas, plot.rect, Paint::stroke(AXIS, 1.0));
    canvas.line((square.x, square.bottom()), (square.right(), square.bottom()), &axis);
    canvas.line((square.x, square.y), (square.x, square.bottom()), &axis);
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{report::sample::Whole, words::Language};

    #[test]
    fn a_curve_has_the_numbers_of_the_table_and_counts_schools_left_out() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        district.measures = crate::tables::measures::Frame::partial(df!(
            "school_code" => ["a", "b", "c", "a", "b", "c"], "section" => ["primary"; 6],
            "indicator" => ["L5", "L5", "L5", "L6", "L6", "L6"],
            "numerator" => [Some(10.0), Some(30.0), None, Some(0.0), Some(0.0), Some(0.0)],
            "denominator" => [100.0; 6],
        ));
        let county = County::new(&district);
        let found = curves(&county, Section::Primary);
        // All values of L6 are zero.
        let [curve] = &found[..] else { panic!("{found:?}") };
        assert_eq!((curve.gini, curve.schools, curve.left_out), (0.25, 2, 1));
        assert!((curve.share_of_lowest - 0.2).abs() < 1e-12);
        let drawn = &pictures(&county, Section::Primary).unwrap()[0];
        assert!(drawn.title.contains("基尼系数 0.25") && drawn.title.contains("20%"), "{}", drawn.title);
        assert!(drawn.live().contains("1 所学校缺数据"));
        assert!(pictures(&county, Section::Junior).unwrap().is_empty());
    }
}
