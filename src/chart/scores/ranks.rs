//! Rank last year and this year, a line a unit: who rose, who fell.

use super::{code, frame, name};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Paint},
        layout::fit,
        legend::{Sign, legend},
        palette::{self, AXIS, FAINT, INK},
    },
    problem::Result,
    tables::scoring::Scoring,
};

const SIZE: f64 = 12.0;
/// Height of a rank.
const ROW: f64 = 19.0;
/// Room for names at each side, and how much of it a name takes.
const SIDE: f64 = 250.0;
/// Between the two years, beside the lines.
const GAP: f64 = 10.0;

/// One unit with both ranks.
struct Slope {
    unit: usize,
    last: usize,
    now: usize,
}

/// # Errors
/// The font cannot be used.
pub fn picture(scoring: &Scoring<'_>) -> Result<Option<Picture>> {
    let words = scoring.words;
    let slopes: Vec<Slope> = scoring
        .scored
        .standings
        .iter()
        .filter_map(|own| Some(Slope { unit: own.unit, last: own.last_rank?, now: own.rank? }))
        .collect();
    if slopes.is_empty() {
        return Ok(None);
    }
    let risen = slopes.iter().filter(|slope| slope.now < slope.last).count();
    let fallen = slopes.iter().filter(|slope| slope.now > slope.last).count();
    let best = slopes
        .iter()
        .max_by_key(|slope| (slope.last as i64 - slope.now as i64, std::cmp::Reverse(slope.now)));
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
    let title = words.text(key, &args);
    let frame = frame(scoring, &title, &words.say("chart.scores.ranks.what"))?;
    let canvas = &frame.canvas;
    let (up, down, same) = (
        Paint::stroke(palette::MET, 2.4),
        Paint::stroke(palette::UNMET, 2.0).dashed(6.0, 3.0),
        Paint::stroke(AXIS, 1.4),
    );
    let signs = [
        (Sign::Line(up), words.say("chart.scores.ranks.up")),
        (Sign::Line(down), words.say("chart.scores.ranks.down")),
        (Sign::Line(same), words.say("chart.scores.ranks.same")),
    ];
    let y = legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 12.0;
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
    // Equal ranks stand under one another: each side has its own rows.
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
    for (at, slope) in slopes.iter().enumerate() {
        let middle = |row: usize| y + (row as f64 + 0.5) * ROW;
        let (from, to) = ((left + GAP, middle(before[at])), (right - GAP, middle(after[at])));
        let paint = match slope.now.cmp(&slope.last) {
            std::cmp::Ordering::Less => &up,
            std::cmp::Ordering::Greater => &down,
            std::cmp::Ordering::Equal => &same,
        };
        let unit = name(scoring, slope.unit);
        let args =
            [("unit", unit.to_string()), ("last", slope.last.to_string()), ("now", slope.now.to_string())];
        let tip = words.text("chart.scores.ranks.tip", &args);
        canvas.mark(&tip, &[("unit", code(scoring, slope.unit))], || {
            canvas.line(from, to, paint);
            let colour = paint.stroke.unwrap_or(AXIS);
            canvas.circle(from, 3.2, &Paint::fill(colour));
            canvas.circle(to, 3.2, &Paint::fill(colour));
            let before = format!("{unit}　{}", slope.last);
            let change = match slope.last as i64 - slope.now as i64 {
                0 => String::new(),
                places @ 1.. => format!("　↑ {places}"),
                places => format!("　↓ {}", -places),
            };
            // The name may be cut, never the rank.
            let ends = canvas.font.width(&format!("　{}", slope.last), SIZE);
            let short = fit(canvas.font, unit, SIZE, SIDE - 6.0 - ends);
            let before = if short == unit { before } else { format!("{short}　{}", slope.last) };
            canvas.text(&before, (left, from.1), Anchor::End, SIZE, INK);
            let ends = canvas.font.width(&format!("{}　{change}", slope.now), SIZE);
            let short = fit(canvas.font, unit, SIZE, SIDE - 6.0 - ends);
            canvas.text(&format!("{}　{short}{change}", slope.now), (right, to.1), Anchor::Start, SIZE, INK);
        });
    }
    let listed: Vec<String> = slopes
        .iter()
        .map(|slope| {
            let args = [
                ("unit", name(scoring, slope.unit).to_string()),
                ("last", slope.last.to_string()),
                ("now", slope.now.to_string()),
            ];
            words.text("chart.scores.ranks.tip", &args)
        })
        .collect();
    let args = [("title", title.clone()), ("list", listed.join(&words.say("chart.scores.ranks.then")))];
    let description = words.text("chart.scores.ranks.description", &args);
    Ok(Some(frame.finish("ranks", Kind::Ranks, &description, y + slopes.len() as f64 * ROW + 4.0)))
}
