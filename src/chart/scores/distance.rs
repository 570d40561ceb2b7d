//! Scoring: units × headings, with the share of the points that is lost, darker where more is lost.

use plotters::style::RGBColor;

use super::{code, name, points, totals::MANY};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Canvas, Label, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, MARGIN, whole_percent},
        layout::{Rect, fit, wrap},
        legend::unknown,
        palette::{self, AXIS, FAINT, INK},
    },
    number,
    standard::Group,
    tables::scoring::Scoring,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("distance", "chart.scores.distance", Place::Headings, Draw::Scoring(pictures));

const SIZE: f64 = 11.5;
/// Height of a row, and of a row where there are many units.
const ROOMY: f64 = 22.0;
const DENSE: f64 = 16.5;
const NAMES: f64 = 170.0;
/// The maximum width of a column, and the width from which its title is set level; in narrower ones it is upright.
const COLUMN: f64 = 84.0;
const LEVEL: f64 = 52.0;
/// With more columns than this, a cell has no room for its number.
const MAX_COLUMNS: usize = 34;
/// The maximum height of upright titles.
const UPRIGHT: f64 = 150.0;

/// Pale blue where nothing is lost, then from orange to dark vermilion.
fn colour(lost: f64) -> RGBColor {
    match lost {
        none if none <= 1e-9 => RGBColor(0xe3, 0xee, 0xf7),
        some if some <= 0.15 => {
            palette::between(RGBColor(0xfd, 0xf3, 0xdc), RGBColor(0xf8, 0xd9, 0x8f), some / 0.15)
        }
        half if half <= 0.4 => {
            palette::between(RGBColor(0xf2, 0xb1, 0x34), palette::UNMET, (half - 0.15) / 0.25)
        }
        most => palette::between(palette::UNMET, RGBColor(0x5e, 0x12, 0x02), (most - 0.4) / 0.6),
    }
}

/// The headings of the lowest level that have points, without bonus headings; where those are too many, the headings of
/// the top level.
fn columns(scoring: &Scoring) -> Vec<usize> {
    let groups = &scoring.standard.groups;
    let bonus = |group: &Group| {
        let above =
            |below: &&Group| groups.iter().find(|group| below.within.as_deref() == Some(group.id.as_str()));
        std::iter::successors(Some(group), above).take(groups.len()).any(|group| group.bonus)
    };
    let lowest =
        |group: &Group| !groups.iter().any(|other| other.within.as_deref() == Some(group.id.as_str()));
    let has = |at: &usize| {
        scoring.scored.groups.iter().any(|score| score.group == *at && score.points != Some(0.0))
    };
    let all: Vec<usize> = (0..groups.len()).filter(|at| !bonus(&groups[*at])).filter(has).collect();
    let low: Vec<usize> = all.iter().copied().filter(|at| lowest(&groups[*at])).collect();
    if low.len() <= MAX_COLUMNS {
        return low;
    }
    all.into_iter().filter(|at| groups[*at].within.is_none()).collect()
}

fn pictures(scoring: &Scoring) -> Drawn {
    let words = scoring.words;
    let (units, columns) = (scoring.in_order(), columns(scoring));
    let lost = |unit: usize, group: usize| {
        let score = scoring.scored.group(unit, group).filter(|score| score.complete)?;
        let full = score.points.filter(|full| *full > 0.0)?;
        Some((1.0 - score.score / full).max(0.0))
    };
    let mean = |group: usize| {
        let all: Vec<f64> = units.iter().filter_map(|standing| lost(standing.unit, group)).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
    };
    let worst = columns
        .iter()
        .filter_map(|group| Some((*group, mean(*group)?)))
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((worst, most)) = worst else { return Ok(Vec::new()) };
    let key = if most <= 1e-9 { "chart.scores.distance.title_full" } else { "chart.scores.distance.title" };
    let title = words.fill(key, &[("heading", scoring.group_title(worst)), ("percent", whole_percent(most))]);
    let frame = Frame::new(scoring, Kind::Distance, title, &[])?;
    let canvas = &frame.canvas;
    let y = scale(scoring, canvas, frame.top);

    let widest = units
        .iter()
        .map(|standing| canvas.font.width(name(scoring, standing.unit), SIZE))
        .fold(60.0, f64::max);
    let names = (widest + 12.0).min(NAMES);
    let left = MARGIN + names;
    let width = ((frame.right() - left) / columns.len() as f64).min(COLUMN);
    let y = header(scoring, canvas, &columns, (left, width), y);
    let height = if units.len() > MANY { DENSE } else { ROOMY };
    for (at, standing) in units.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * height;
        let unit = fit(canvas.font, name(scoring, standing.unit), SIZE, names - 8.0);
        canvas.text(&unit, (left - 8.0, middle), Anchor::End, SIZE, INK);
        for (k, group) in columns.iter().enumerate() {
            let rect = Rect::new(left + k as f64 * width, middle - height / 2.0, width, height);
            let inside = rect.grown(-0.5);
            let score = scoring.scored.group(standing.unit, *group);
            let full = score.and_then(|score| score.points);
            let share = lost(standing.unit, *group);
            let args = [
                ("unit", name(scoring, standing.unit).to_string()),
                ("heading", scoring.group_title(*group)),
                ("score", score.map_or_else(|| "—".into(), |score| points(score.score))),
                ("points", full.map_or_else(|| "—".into(), points)),
                ("percent", share.map_or_else(|| "—".into(), whole_percent)),
            ];
            let known = share.is_some();
            let key = if known { "chart.scores.distance.tip" } else { "chart.scores.distance.tip_unknown" };
            canvas.mark(&words.fill(key, &args), &[("unit", code(scoring, standing.unit))], || match share {
                Some(share) => {
                    let ground = colour(share);
                    canvas.rect(inside, &Paint::fill(ground));
                    let text = number::fixed(Some(share * 100.0), 0);
                    if canvas.font.width(&text, SIZE) <= rect.width - 2.0 {
                        canvas.text(&text, rect.middle(), Anchor::Middle, SIZE, palette::text_on(ground));
                    }
                }
                // No item under the heading applies to the unit.
                None if full == Some(0.0) || score.is_none() => {}
                None => unknown(canvas, inside),
            });
        }
    }
    let bottom = y + units.len() as f64 * height;
    let all = Rect::new(left, y, width * columns.len() as f64, bottom - y);
    canvas.rect(all, &Paint::stroke(AXIS, 1.0));
    let listed: Vec<String> = columns
        .iter()
        .filter_map(|group| {
            let args = [("unit", scoring.group_title(*group)), ("score", whole_percent(mean(*group)?))];
            Some(words.fill("chart.scores.listed", &args))
        })
        .collect();
    frame.finish("", &[("list", listed.join(&words.say("scores.and")))], bottom + 6.0)
}

/// Draws the scale of colours. Returns its lower edge.
fn scale(scoring: &Scoring, canvas: &Canvas, top: f64) -> f64 {
    let words = scoring.words;
    let title = words.say("chart.scores.distance.scale");
    let label = canvas.text(&title, (MARGIN, top + 10.0), Anchor::Start, SIZE, FAINT);
    let bar = Rect::new(label.right() + 14.0, top + 3.0, 240.0, 14.0);
    let steps = 48;
    for i in 0..steps {
        let share = (f64::from(i) + 0.5) / f64::from(steps);
        let share = if i == 0 { 0.0 } else { share };
        let x = bar.x + bar.width * f64::from(i) / f64::from(steps);
        let step = Rect::new(x, bar.y, bar.width / f64::from(steps) + 0.2, bar.height);
        canvas.rect(step, &Paint::fill(colour(share)));
    }
    canvas.rect(bar, &Paint::stroke(AXIS, 1.0));
    for (share, anchor) in [(0.0, Anchor::Start), (0.5, Anchor::Middle), (1.0, Anchor::End)] {
        let text = whole_percent(share);
        canvas.text(&text, (bar.x + bar.width * share, bar.bottom() + 10.0), anchor, 10.5, FAINT);
    }
    let open = Rect::new(bar.right() + 24.0, bar.y, 22.0, bar.height);
    unknown(canvas, open);
    canvas.rect(open, &Paint::stroke(AXIS, 1.0));
    let place = (open.right() + 7.0, top + 10.0);
    canvas.text(&words.say("chart.scores.distance.open"), place, Anchor::Start, SIZE, FAINT);
    bar.bottom() + 24.0
}

/// Draws the titles of the columns, level where they fit and otherwise upright. Returns the lower edge.
fn header(scoring: &Scoring, canvas: &Canvas, columns: &[usize], (left, width): (f64, f64), top: f64) -> f64 {
    if width >= LEVEL {
        let titles: Vec<Vec<String>> = columns
            .iter()
            .map(|group| wrap(canvas.font, &scoring.group_title(*group), SIZE, width - 8.0, 4))
            .collect();
        let most = titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
        for (k, lines) in titles.iter().enumerate() {
            let first = top + (most - lines.len() as f64) * 15.0;
            for (i, line) in lines.iter().enumerate() {
                let at = (left + (k as f64 + 0.5) * width, first + (i as f64 + 0.5) * 15.0);
                canvas.text(&fit(canvas.font, line, SIZE, width - 4.0), at, Anchor::Middle, SIZE, INK);
            }
        }
        return top + most * 15.0 + 6.0;
    }
    let titles: Vec<String> =
        columns.iter().map(|group| fit(canvas.font, &scoring.group_title(*group), SIZE, UPRIGHT)).collect();
    let longest = titles.iter().map(|title| canvas.font.width(title, SIZE)).fold(0.0, f64::max);
    let bottom = top + longest + 4.0;
    for (k, title) in titles.into_iter().enumerate() {
        canvas.label(Label {
            x: left + (k as f64 + 0.5) * width + 4.0,
            y: bottom,
            anchor: Anchor::Start,
            size: SIZE,
            angle: -90.0,
            colour: INK,
            strong: false,
            text: title,
        });
    }
    bottom + 6.0
}
