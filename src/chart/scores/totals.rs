//! Scoring: one stacked bar per unit, with its score under each heading at the top, up to the full points.

use super::{code, name, points};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, MARGIN},
        layout::{Rect, fit},
        legend::{Symbol, legend},
        palette::{self, FAINT, INK, PAPER},
        plot::Plot,
    },
    number,
    tables::{scored::Standing, scoring::Scoring},
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("totals", "chart.scores.totals", Place::Units, Draw::Scoring(pictures));

/// Height of a row and of its bar. With more units than [`MANY`] both are lower, so that they fit on one page.
const ROOMY: (f64, f64) = (24.0, 15.0);
const DENSE: (f64, f64) = (17.5, 12.5);
pub(super) const MANY: usize = 14;
const SIZE: f64 = 12.0;
const NAMES: f64 = 200.0;
/// Space right of the bars, for the total.
const TOTAL: f64 = 92.0;
/// Size of the numbers inside a bar.
const INSIDE: f64 = 10.0;

/// The paint of the n-th heading, and whether it is hatched: the colours of the palette, hatched in every second round, so
/// that all differ.
fn paint(at: usize) -> (Paint, bool) {
    let colours = palette::GROUPS;
    let colour = colours.get(at % colours.len()).copied().unwrap_or(palette::AXIS);
    (Paint::fill(colour).edged(PAPER, 0.8), (at / colours.len()) % 2 == 1)
}

fn pictures(scoring: &Scoring) -> Drawn {
    let words = scoring.words;
    let units = scoring.in_order();
    let tops: Vec<usize> = (0..scoring.standard.groups.len())
        .filter(|at| scoring.standard.groups[*at].within.is_none())
        .collect();
    if units.is_empty() || tops.is_empty() {
        return Ok(Vec::new());
    }
    let shares = |standing: &Standing| -> Vec<(usize, f64)> {
        let score =
            |group: &usize| scoring.scored.group(standing.unit, *group).map_or(0.0, |heading| heading.score);
        tops.iter().map(|group| (*group, score(group).max(0.0))).collect()
    };
    let sum = |standing: &Standing| shares(standing).iter().map(|(_, score)| score).sum::<f64>();
    // Where units have different full points, bars of points would show how many items a unit has, not how well it does.
    let full: Vec<f64> =
        units.iter().filter_map(|standing| standing.points.filter(|points| *points > 0.0)).collect();
    let in_percent = full.iter().any(|points| full.iter().any(|other| (points - other).abs() > 1e-9));
    // The length of one point on the axis.
    let scale = |standing: &Standing| match standing.points.filter(|points| *points > 0.0) {
        Some(points) if in_percent => 100.0 / points,
        _ => 1.0,
    };
    let what = if in_percent { "what_percent" } else { "what" };
    let frame = Frame::with_what(scoring, Kind::Totals, title(scoring, &units), what, &[])?;
    let canvas = &frame.canvas;
    let mut symbols: Vec<(Symbol, String)> = tops
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let (paint, hatched) = paint(at);
            let symbol = if hatched { Symbol::Hatched(paint) } else { Symbol::Box(paint) };
            (symbol, fit(canvas.font, &scoring.group_title(*group), 11.5, 300.0))
        })
        .collect();
    let some_open = units.iter().any(|standing| standing.unmarked > 0);
    if some_open {
        symbols.push((Symbol::None, words.say("chart.scores.totals.open")));
    }
    let y = legend(canvas, &symbols, frame.sides(), frame.top) + 14.0;

    let shown = |standing: &Standing| match standing.rank {
        Some(rank) => words.fill(
            "chart.scores.ranked",
            &[("rank", rank.to_string()), ("unit", name(scoring, standing.unit).to_string())],
        ),
        None => name(scoring, standing.unit).to_string(),
    };
    let (height, thick) = if units.len() > MANY { DENSE } else { ROOMY };
    let widest = units.iter().map(|standing| canvas.font.width(&shown(standing), SIZE)).fold(60.0, f64::max);
    let names = (widest + 12.0).min(NAMES);
    let left = MARGIN + names;
    let rect = Rect::new(left, y, frame.right() - TOTAL - left, units.len() as f64 * height);
    let most = units
        .iter()
        .map(|standing| sum(standing).max(standing.points.unwrap_or(0.0)) * scale(standing))
        .fold(1.0, f64::max);
    let plot = Plot::new(canvas, rect, 0.0..most, 0.0..units.len() as f64);
    let axis = if in_percent { "chart.scores.totals.axis_percent" } else { "chart.scores.totals.axis" };
    plot.axis_x(6, &words.say(axis));
    for (row, standing) in units.iter().enumerate() {
        let middle = y + (row as f64 + 0.5) * height;
        let unit = name(scoring, standing.unit);
        let label = fit(canvas.font, &shown(standing), SIZE, names - 10.0);
        let colour = if standing.rank.is_some() { INK } else { FAINT };
        canvas.text(&label, (left - 8.0, middle), Anchor::End, SIZE, colour);
        let mut from = 0.0;
        for (at, (group, score)) in shares(standing).into_iter().enumerate() {
            let (paint, hatched) = paint(at);
            let full = scoring.scored.group(standing.unit, group).and_then(|heading| heading.points);
            let args = [
                ("unit", unit.to_string()),
                ("heading", scoring.group_title(group)),
                ("score", points(score)),
                ("points", full.map_or_else(|| "—".into(), points)),
            ];
            let long = score * scale(standing);
            let tip = words.fill("chart.scores.totals.tip", &args);
            canvas.mark(&tip, &[("unit", code(scoring, standing.unit))], || {
                let ground = paint.fill.unwrap_or(INK);
                plot.bar(row, (from, from + long), thick / height, ground);
                let (x, end) = (plot.x(from), plot.x(from + long));
                let part = Rect::new(x, middle - thick / 2.0, end - x, thick);
                if hatched {
                    canvas.hatch(part, PAPER, 6.0);
                }
                canvas.rect(part, &Paint::stroke(PAPER, 0.8));
                let text = number::at_most(long, if in_percent { 1 } else { 2 });
                let width = canvas.font.width(&text, INSIDE);
                if width + 8.0 <= part.width {
                    if hatched {
                        let x = part.middle().0 - width / 2.0 - 2.0;
                        let behind = Rect::new(x, part.y + 1.0, width + 4.0, thick - 2.0);
                        canvas.rect(behind, &Paint::fill(ground));
                    }
                    canvas.text(&text, part.middle(), Anchor::Middle, INSIDE, palette::text_on(ground));
                }
            });
            from += long;
        }
        // A dashed outline up to the full points.
        if let Some(full) = standing.points.map(|full| full * scale(standing)).filter(|full| *full > from) {
            let (x, end) = (plot.x(from), plot.x(full));
            let outline = Rect::new(x, middle - thick / 2.0, end - x, thick);
            canvas.rect(outline, &Paint::stroke(palette::AXIS, 0.8).dashed(3.0, 3.0));
        }
        // The result decides the rank. Where a scoring has components it is not the sum of the bar.
        let total = match standing.result {
            Some(result) => points(result),
            None if standing.unmarked > 0 => {
                words.fill("chart.scores.totals.so_far", &[("score", points(sum(standing)))])
            }
            None => "—".to_string(),
        };
        canvas.text(&total, (frame.right(), middle), Anchor::End, SIZE, INK);
    }
    let listed: Vec<String> = units
        .iter()
        .map(|standing| {
            let args = [("unit", name(scoring, standing.unit).to_string()), ("score", points(sum(standing)))];
            words.fill("chart.scores.listed", &args)
        })
        .collect();
    frame.finish("", &[("list", listed.join(&words.say("scores.and")))], rect.bottom() + 34.0)
}

/// The finding.
fn title(scoring: &Scoring, units: &[&Standing]) -> String {
    let words = scoring.words;
    let ranked: Vec<&&Standing> = units.iter().filter(|standing| standing.rank.is_some()).collect();
    let open = units.iter().filter(|standing| standing.unmarked > 0).count();
    let result = |standing: &Standing| standing.result.map_or_else(|| "—".into(), points);
    let title = match (ranked.first(), ranked.last()) {
        (Some(first), Some(last)) if ranked.len() > 1 => {
            let args = [
                ("first", name(scoring, first.unit).to_string()),
                ("most", result(first)),
                ("last", name(scoring, last.unit).to_string()),
                ("least", result(last)),
            ];
            words.fill("chart.scores.totals.title", &args)
        }
        (Some(only), _) => {
            let args = [("unit", name(scoring, only.unit).to_string()), ("result", result(only))];
            words.fill("chart.scores.totals.title_one", &args)
        }
        // Where the document does not rank, nobody is called the highest.
        _ => match units.iter().filter(|standing| standing.result.is_some()).count() {
            0 => words.say("chart.scores.totals.title_none"),
            done => {
                let args = [("count", done.to_string()), ("measure", scoring.measure())];
                words.fill("chart.scores.totals.title_listed", &args)
            }
        },
    };
    match open {
        0 => title,
        _ => words.fill(
            "chart.scores.totals.title_open",
            &[("title", title), ("open", open.to_string()), ("measure", scoring.measure())],
        ),
    }
}
