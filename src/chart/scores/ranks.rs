//! Scoring: ranks last year and this year, with one rising, level or falling line per unit.

use std::cmp::{Ordering, Reverse};

use super::{code, name};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Paint},
        definition::{Chart, Draw, Place},
        frame::Frame,
        layout::fit,
        legend::{Symbol, legend},
        palette::{self, AXIS, FAINT, INK},
    },
    tables::scoring::Scoring,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("ranks", "chart.scores.ranks", Place::Units, Draw::Scoring(pictures));

const SIZE: f64 = 12.0;
/// Height of a row.
const ROW: f64 = 19.0;
/// Space for names at each side.
const SIDE: f64 = 250.0;
/// Between a name and the end of its line.
const GAP: f64 = 10.0;

/// One unit with both ranks.
struct Slope {
    unit: usize,
    last: usize,
    now: usize,
}

fn pictures(scoring: &Scoring) -> Drawn {
    let words = scoring.words;
    let slopes: Vec<Slope> = scoring
        .scored
        .standings
        .iter()
        .filter_map(|standing| {
            Some(Slope { unit: standing.unit, last: standing.last_rank?, now: standing.rank? })
        })
        .collect();
    if slopes.is_empty() {
        return Ok(Vec::new());
    }
    let risen = slopes.iter().filter(|slope| slope.now < slope.last).count();
    let fallen = slopes.iter().filter(|slope| slope.now > slope.last).count();
    let best = slopes.iter().max_by_key(|slope| (slope.last as i64 - slope.now as i64, Reverse(slope.now)));
    let mut args =
        vec![("measure", scoring.measure()), ("risen", risen.to_string()), ("fallen", fallen.to_string())];
    let key = match best.filter(|best| best.now < best.last) {
        Some(best) => {
            args.push(("unit", name(scoring, best.unit).to_string()));
            args.push(("places", (best.last - best.now).to_string()));
            "chart.scores.ranks.title"
        }
        None if fallen == 0 => "chart.scores.ranks.title_same",
        None => "chart.scores.ranks.title_none",
    };
    let frame = Frame::new(scoring, Kind::Ranks, words.fill(key, &args), &[])?;
    let canvas = &frame.canvas;
    let (up, down, same) = (
        Paint::stroke(palette::MET, 2.4),
        Paint::stroke(palette::UNMET, 2.0).dashed(6.0, 3.0),
        Paint::stroke(AXIS, 1.4),
    );
    let symbols = [
        (Symbol::Line(up), words.say("chart.scores.ranks.up")),
        (Symbol::Line(down), words.say("chart.scores.ranks.down")),
        (Symbol::Line(same), words.say("chart.scores.ranks.same")),
    ];
    let y = legend(canvas, &symbols, frame.sides(), frame.top) + 12.0;
    let (left, right) = (frame.left() + SIDE, frame.right() - SIDE);
    let year = |shift: i32| scoring.scored.year.map(|year| (year - shift).to_string());
    let heads = [
        (year(1).unwrap_or_else(|| words.say("chart.scores.ranks.last")), left, Anchor::End),
        (year(0).unwrap_or_else(|| words.say("chart.scores.ranks.now")), right, Anchor::Start),
    ];
    for (text, x, anchor) in heads {
        canvas.strong(&text, (x, y), anchor, SIZE, FAINT);
    }
    let y = y + 20.0;
    // Units with equal ranks stand below each other, so that the rows are not the ranks.
    let rows = |rank: fn(&Slope) -> usize| {
        let mut order: Vec<usize> = (0..slopes.len()).collect();
        order.sort_by_key(|at| (rank(&slopes[*at]), slopes[*at].now, slopes[*at].unit));
        let mut rows = vec![0; slopes.len()];
        for (row, at) in order.into_iter().enumerate() {
            rows[at] = row;
        }
        rows
    };
    let (before, after) = (rows(|slope| slope.last), rows(|slope| slope.now));
    let mut listed = Vec::new();
    for (at, slope) in slopes.iter().enumerate() {
        let middle = |row: usize| y + (row as f64 + 0.5) * ROW;
        let (from, to) = ((left + GAP, middle(before[at])), (right - GAP, middle(after[at])));
        let paint = match slope.now.cmp(&slope.last) {
            Ordering::Less => &up,
            Ordering::Greater => &down,
            Ordering::Equal => &same,
        };
        let unit = name(scoring, slope.unit);
        let args =
            [("unit", unit.to_string()), ("last", slope.last.to_string()), ("now", slope.now.to_string())];
        let tip = words.fill("chart.scores.ranks.tip", &args);
        canvas.mark(&tip, &[("unit", code(scoring, slope.unit))], || {
            canvas.line(from, to, paint);
            let colour = paint.stroke.unwrap_or(AXIS);
            canvas.circle(from, 3.2, &Paint::fill(colour));
            canvas.circle(to, 3.2, &Paint::fill(colour));
            let change = match slope.last as i64 - slope.now as i64 {
                0 => String::new(),
                places @ 1.. => format!("　↑ {places}"),
                places => format!("　↓ {}", -places),
            };
            // A long name is cut, never the rank.
            let name = |rest: &str| fit(canvas.font, unit, SIZE, SIDE - 6.0 - canvas.font.width(rest, SIZE));
            let rank = format!("　{}", slope.last);
            canvas.text(&format!("{}{rank}", name(&rank)), (left, from.1), Anchor::End, SIZE, INK);
            let rest = format!("{}　{change}", slope.now);
            let text = format!("{}　{}{change}", slope.now, name(&rest));
            canvas.text(&text, (right, to.1), Anchor::Start, SIZE, INK);
        });
        listed.push(tip);
    }
    let args = [("list", listed.join(&words.say("chart.scores.ranks.then")))];
    frame.finish("", &args, y + slopes.len() as f64 * ROW + 4.0)
}
