//! A stacked bar a unit: what it has under each heading at the top, and how much is missing to the full.

use plotters::{element::Rectangle, style::ShapeStyle};

use super::{code, frame, name, points};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, FINE, Paint},
        frame::MARGIN,
        layout::{Rect, fit},
        legend::{Sign, legend},
        palette::{self, FAINT, INK, PAPER},
        plot::Plot,
    },
    number,
    problem::Result,
    tables::{scored::Standing, scoring::Scoring},
};

/// Height of a row and of its bar; of more than so many rows lower ones, so that they are still read on one page.
const ROOMY: (f64, f64) = (24.0, 15.0);
const DENSE: (f64, f64) = (17.5, 12.5);
pub(super) const MANY: usize = 14;
const SIZE: f64 = 12.0;
const NAMES: f64 = 200.0;
/// Right of the bars, for the total.
const TOTAL: f64 = 92.0;
/// Letters within a bar.
const INSIDE: f64 = 10.0;

/// Paint of the n-th heading: the palette's colours, hatched from the second round on, so that all are told apart.
fn paint(at: usize) -> (Paint, bool) {
    let colours = palette::GROUPS;
    let colour = colours.get(at % colours.len()).copied().unwrap_or(palette::AXIS);
    (Paint::fill(colour).edged(PAPER, 0.8), (at / colours.len()) % 2 == 1)
}

/// # Errors
/// The font cannot be used.
pub fn picture(scoring: &Scoring<'_>) -> Result<Option<Picture>> {
    let words = scoring.words;
    let units = scoring.in_order();
    let tops: Vec<usize> = (0..scoring.standard.groups.len())
        .filter(|at| scoring.standard.groups[*at].within.is_none())
        .collect();
    if units.is_empty() || tops.is_empty() {
        return Ok(None);
    }
    let shares = |own: &Standing| -> Vec<(usize, f64)> {
        let score = |group: &usize| scoring.scored.group(own.unit, *group).map_or(0.0, |of| of.score);
        tops.iter().map(|group| (*group, score(group).max(0.0))).collect()
    };
    let sum = |own: &Standing| shares(own).iter().map(|(_, score)| score).sum::<f64>();
    // Where units have different points to win, bars of points would tell who has many items, not who is good.
    let full: Vec<f64> = units.iter().filter_map(|own| own.points.filter(|points| *points > 0.0)).collect();
    let in_percent = full.iter().any(|points| full.iter().any(|other| (points - other).abs() > 1e-9));
    // Units of the axis a point.
    let scale = |own: &Standing| match own.points.filter(|points| *points > 0.0) {
        Some(points) if in_percent => 100.0 / points,
        _ => 1.0,
    };
    let key = |name: &str| format!("chart.scores.totals.{name}{}", if in_percent { "_percent" } else { "" });
    let title = title(scoring, &units);
    let frame = frame(scoring, &title, &words.say(&key("what")))?;
    let canvas = &frame.canvas;
    let mut signs: Vec<(Sign, String)> = tops
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let (paint, hatched) = paint(at);
            let sign = if hatched { Sign::Hatched(paint) } else { Sign::Box(paint) };
            (sign, fit(canvas.font, &scoring.group_title(*group), 11.5, 300.0))
        })
        .collect();
    let some_open = units.iter().any(|own| own.unmarked > 0);
    if some_open {
        signs.push((Sign::None, words.say("chart.scores.totals.open")));
    }
    let y = legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 14.0;

    let shown = |own: &Standing| match own.rank {
        Some(rank) => words.text(
            "chart.scores.ranked",
            &[("rank", rank.to_string()), ("unit", name(scoring, own.unit).to_string())],
        ),
        None => name(scoring, own.unit).to_string(),
    };
    let (height, thick) = if units.len() > MANY { DENSE } else { ROOMY };
    let widest = units.iter().map(|own| canvas.font.width(&shown(own), SIZE)).fold(60.0, f64::max);
    let names = (widest + 12.0).min(NAMES);
    let left = MARGIN + names;
    let rect = Rect::new(left, y, frame.right() - TOTAL - left, units.len() as f64 * height);
    let most =
        units.iter().map(|own| sum(own).max(own.points.unwrap_or(0.0)) * scale(own)).fold(1.0, f64::max);
    let plot = Plot::new(canvas, rect, 0.0..most, 0.0..units.len() as f64);
    plot.axis_x(6, &words.say(&key("axis")));
    for (at, own) in units.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * height;
        let row = plot.row(at);
        let half = thick / height / 2.0;
        let unit = name(scoring, own.unit);
        let told = fit(canvas.font, &shown(own), SIZE, names - 10.0);
        canvas.text(
            &told,
            (left - 8.0, middle),
            Anchor::End,
            SIZE,
            if own.rank.is_some() { INK } else { FAINT },
        );
        let mut from = 0.0;
        for (at, (group, score)) in shares(own).into_iter().enumerate() {
            let (paint, hatched) = paint(at);
            let full = scoring.scored.group(own.unit, group).and_then(|of| of.points);
            let args = [
                ("unit", unit.to_string()),
                ("heading", scoring.group_title(group)),
                ("score", points(score)),
                ("points", full.map_or_else(|| "—".into(), points)),
            ];
            let long = score * scale(own);
            canvas.mark(
                &words.text("chart.scores.totals.tip", &args),
                &[("unit", code(scoring, own.unit))],
                || {
                    let style = ShapeStyle {
                        color: paint.fill.unwrap_or(INK).into(),
                        filled: true,
                        stroke_width: FINE as u32,
                    };
                    plot.draw(&Rectangle::new([(from, row - half), (from + long, row + half)], style));
                    let (x, end) = (plot.x(from), plot.x(from + long));
                    let part = Rect::new(x, middle - thick / 2.0, end - x, thick);
                    if hatched {
                        canvas.hatch(part, PAPER, 6.0);
                    }
                    canvas.rect(part, &Paint::stroke(PAPER, 0.8));
                    let text = number::at_most(long, if in_percent { 1 } else { 2 });
                    let width = canvas.font.width(&text, INSIDE);
                    if width + 8.0 <= part.width {
                        let ground = paint.fill.unwrap_or(INK);
                        if hatched {
                            let x = part.middle().0 - width / 2.0 - 2.0;
                            canvas.rect(
                                Rect::new(x, part.y + 1.0, width + 4.0, thick - 2.0),
                                &Paint::fill(ground),
                            );
                        }
                        canvas.text(&text, part.middle(), Anchor::Middle, INSIDE, palette::text_on(ground));
                    }
                },
            );
            from += long;
        }
        // Up to the points that could be had.
        if let Some(full) = own.points.map(|full| full * scale(own)).filter(|full| *full > from) {
            let (x, end) = (plot.x(from), plot.x(full));
            canvas.rect(
                Rect::new(x, middle - thick / 2.0, end - x, thick),
                &Paint::stroke(palette::AXIS, 0.8).dashed(3.0, 3.0),
            );
        }
        // The result is what the rank goes by; with components it is not the sum of the bar.
        let total = match own.result {
            Some(result) => points(result),
            None if own.unmarked > 0 => {
                words.text("chart.scores.totals.so_far", &[("score", points(sum(own)))])
            }
            None => "—".to_string(),
        };
        canvas.text(&total, (frame.right(), middle), Anchor::End, SIZE, INK);
    }
    let listed: Vec<String> = units
        .iter()
        .map(|own| {
            let args = [("unit", name(scoring, own.unit).to_string()), ("score", points(sum(own)))];
            words.text("chart.scores.listed", &args)
        })
        .collect();
    let args = [("title", title.clone()), ("list", listed.join(&words.say("scores.and")))];
    let description = words.text("chart.scores.totals.description", &args);
    Ok(Some(frame.finish("totals", Kind::Totals, &description, rect.bottom() + 34.0)))
}

/// The finding.
fn title(scoring: &Scoring<'_>, units: &[&Standing]) -> String {
    let words = scoring.words;
    let ranked: Vec<&&Standing> = units.iter().filter(|own| own.rank.is_some()).collect();
    let open = units.iter().filter(|own| own.unmarked > 0).count();
    let said = |own: &Standing| own.result.map_or_else(|| "—".into(), points);
    let title = match (ranked.first(), ranked.last()) {
        (Some(first), Some(last)) if ranked.len() > 1 => {
            let args = [
                ("first", name(scoring, first.unit).to_string()),
                ("most", said(first)),
                ("last", name(scoring, last.unit).to_string()),
                ("least", said(last)),
            ];
            words.text("chart.scores.totals.title", &args)
        }
        (Some(only), _) => {
            let args = [("unit", name(scoring, only.unit).to_string()), ("result", said(only))];
            words.text("chart.scores.totals.title_one", &args)
        }
        _ => words.say("chart.scores.totals.title_none"),
    };
    match open {
        0 => title,
        _ => words.text(
            "chart.scores.totals.title_open",
            &[("title", title), ("open", open.to_string()), ("measure", scoring.measure())],
        ),
    }
}
