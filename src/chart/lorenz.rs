//! Lorenz curves with Gini: how far the pupils who have least share in each resource. A picture a section, its
//! indicators as small multiples.

use super::{
    Kind, Picture,
    canvas::{Anchor, Canvas, Paint},
    frame::Frame,
    layout::{Rect, wrap},
    legend::{Sign, legend},
    palette::{AXIS, FAINT, INK, MESH, MET, UNMET},
    plot::Plot,
    values::{heading, sections, short_title},
};
use crate::{
    equity::{Distribution, Point},
    number,
    problem::Result,
    standard::Section,
    tables::{Row, district::District},
};

/// The pupils who have least, of whom titles speak.
const LEAST: f64 = 0.4;

/// One indicator's curve.
#[derive(Debug, Clone, PartialEq)]
struct Curve {
    indicator: String,
    points: Vec<Point>,
    gini: f64,
    /// What [`LEAST`] of the pupils have.
    least: f64,
    schools: usize,
    /// Schools without a known value.
    left_out: usize,
}

/// In the standard's order; an indicator that nothing is known of, or of which nobody has anything, is left out.
fn curves(district: &District, section: Section) -> Vec<Curve> {
    let curve = |indicator: &str| {
        let rows = Row::all(&district.measures).filter(|row| {
            row.text("section") == Some(section.id()) && row.text("indicator") == Some(indicator)
        });
        let found = Distribution::of(rows.map(|row| (row.number("numerator"), row.number("denominator"))));
        // One school has nobody to be compared with.
        (found.schools().len() > 1).then_some(())?;
        Some(Curve {
            indicator: indicator.to_string(),
            points: found.lorenz().ok()?,
            gini: found.gini().ok()?,
            least: found.share_of_lowest(LEAST).ok()?,
            schools: found.schools().len(),
            left_out: found.left_out(),
        })
    };
    district.standard.indicators.iter().filter_map(|indicator| curve(&indicator.id)).collect()
}

const COLUMNS: usize = 4;
/// Side of a curve's square.
const SIDE: f64 = 138.0;
/// Above the square: two lines of title and the coefficient.
const HEAD: f64 = 76.0;
/// Below it: numbers and unit of the axis.
const FOOT: f64 = 50.0;
const SIZE: f64 = 12.0;

fn percent(share: f64) -> String {
    format!("{}%", number::fixed(Some(100.0 * share), 0))
}

/// A picture a section, with the curve of every indicator.
///
/// # Errors
/// The font cannot be used.
pub fn pictures(district: &District) -> Result<Vec<Picture>> {
    let all = sections(district).into_iter().map(|section| picture(district, section));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn picture(district: &District, section: Section) -> Result<Option<Picture>> {
    let curves = curves(district, section);
    let words = district.words;
    // The first of the most unequal, as the standard orders them.
    let Some(most) = curves.iter().rev().max_by(|a, b| a.gini.total_cmp(&b.gini)) else { return Ok(None) };
    let args = [
        ("section", heading(district, section)),
        ("indicator", short_title(district, &most.indicator)),
        ("gini", number::fixed(Some(most.gini), 2)),
        ("least", percent(LEAST)),
        ("share", percent(most.least)),
    ];
    let title = words.text("chart.lorenz.title", &args);
    let what = words.text("chart.lorenz.what", &args);
    let frame = Frame::new(district, &title, &what)?;
    let (canvas, left, right) = (&frame.canvas, frame.left(), frame.right());
    let signs = [
        (Sign::Line(Paint::stroke(AXIS, 1.2).dashed(4.0, 3.0)), words.say("chart.lorenz.sign_equal")),
        (Sign::Line(Paint::stroke(MET, 1.8)), words.say("chart.lorenz.sign_curve")),
        (Sign::Line(Paint::stroke(UNMET, 2.6)), words.say("chart.lorenz.sign_most")),
        (Sign::Circle(Paint::fill(INK), 3.6), words.text("chart.lorenz.sign_least", &args)),
    ];
    let top = legend(canvas, &signs, (left, right), frame.top) + 8.0;
    let width = (right - left) / COLUMNS as f64;
    for (k, curve) in curves.iter().enumerate() {
        let (column, row) = ((k % COLUMNS) as f64, (k / COLUMNS) as f64);
        let (x, y) = (left + column * width, top + row * (HEAD + SIDE + FOOT));
        panel(district, canvas, Rect::new(x, y, width, HEAD + SIDE + FOOT), curve, curve == most);
    }
    let bottom = top + curves.len().div_ceil(COLUMNS) as f64 * (HEAD + SIDE + FOOT);
    let listed = curves.iter().map(|curve| {
        let args = [
            ("indicator", short_title(district, &curve.indicator)),
            ("gini", number::fixed(Some(curve.gini), 2)),
        ];
        words.text("chart.lorenz.listed", &args)
    });
    let listed: Vec<String> = listed.collect();
    let args =
        [("section", heading(district, section)), ("list", listed.join(&words.say("chart.lorenz.and")))];
    let description = words.text("chart.lorenz.described", &args);
    let name = format!("lorenz-{}", section.id());
    Ok(Some(frame.finish(&name, Kind::Lorenz, &description, bottom - 12.0)))
}

fn panel(district: &District, canvas: &Canvas, rect: Rect, curve: &Curve, most: bool) {
    let words = district.words;
    let square = Rect::new(rect.x + 38.0, rect.y + HEAD, SIDE, SIDE);
    let title = short_title(district, &curve.indicator);
    let lines = wrap(canvas.font, &title, SIZE, rect.width - 14.0, 2);
    let middle = rect.x + rect.width / 2.0;
    // The last line of the title stands always at the same height.
    let mut y = rect.y + 8.0 + 16.0 * (2 - lines.len().min(2)) as f64;
    for line in lines {
        canvas.text(&line, (middle, y), Anchor::Middle, SIZE, INK);
        y += 16.0;
    }
    let args = [
        ("indicator", title),
        ("gini", number::fixed(Some(curve.gini), 2)),
        ("least", percent(LEAST)),
        ("share", percent(curve.least)),
        ("schools", number::count(curve.schools)),
        ("left_out", number::count(curve.left_out)),
    ];
    canvas.strong(&words.text("chart.lorenz.gini", &args), (middle, y + 1.0), Anchor::Middle, SIZE, INK);
    let plot = Plot::new(canvas, square, 0.0..1.0, 0.0..1.0);
    for tick in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
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
        (rect.x + 12.0, square.y - 13.0),
        Anchor::Start,
        11.0,
        FAINT,
    );
    let key = match curve.left_out {
        0 => "chart.lorenz.tip",
        _ => "chart.lorenz.tip_left_out",
    };
    let data = [("indicator", curve.indicator.as_str())];
    canvas.mark(&words.text(key, &args), &data, || {
        let line: Vec<(f64, f64)> = curve.points.iter().map(|p| plot.at(p.students, p.amount)).collect();
        let colour = if most { UNMET } else { MET };
        // What lies between the diagonal and the curve.
        canvas.polygon(&line, &Paint::fill(colour).opaque(0.16));
        canvas.line(plot.at(0.0, 0.0), plot.at(1.0, 1.0), &Paint::stroke(AXIS, 1.2).dashed(4.0, 3.0));
        canvas.polyline(&line, &Paint::stroke(colour, if most { 2.6 } else { 1.8 }));
        let (x, y) = plot.at(LEAST, curve.least);
        canvas.line((x, y), (x, square.bottom()), &Paint::stroke(INK, 0.8).dashed(2.0, 2.0));
        canvas.circle((x, y), 3.6, &Paint::fill(INK));
        // Below the curve there is always room at the right.
        canvas.text(&percent(curve.least), (x + 9.0, y + 11.0), Anchor::Start, SIZE, INK);
    });
    let axis = Paint::stroke(AXIS, 1.0);
    canvas.line((square.x, square.bottom()), (square.right(), square.bottom()), &axis);
    canvas.line((square.x, square.y), (square.x, square.bottom()), &axis);
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{report::sample::Whole, words::Language};

    #[test]
    fn a_curve_is_of_the_tables_numbers_and_says_who_is_left_out() {
        let whole = Whole::demo("quality-balance-2017", Language::Chinese);
        let mut district = whole.district();
        district.measures = crate::tables::measures::Frame::partial(df!(
            "school_code" => ["a", "b", "c", "a", "b", "c"], "section" => ["primary"; 6],
            "indicator" => ["L5", "L5", "L5", "L6", "L6", "L6"],
            "numerator" => [Some(10.0), Some(30.0), None, Some(0.0), Some(0.0), Some(0.0)],
            "denominator" => [100.0; 6],
        ));
        let found = curves(&district, Section::Primary);
        // Of L6 nobody has anything.
        let [curve] = &found[..] else { panic!("{found:?}") };
        assert_eq!((curve.gini, curve.schools, curve.left_out), (0.25, 2, 1));
        assert!((curve.least - 0.2).abs() < 1e-12);
        let drawn = picture(&district, Section::Primary).unwrap().unwrap();
        assert!(drawn.title.contains("基尼系数 0.25") && drawn.title.contains("20%"), "{}", drawn.title);
        assert!(drawn.live().contains("1 校缺数据"));
        assert!(picture(&district, Section::Junior).unwrap().is_none());
    }
}
