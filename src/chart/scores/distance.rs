//! Units × headings: the share of the points that is missing, darker where more is missing.

use plotters::style::RGBColor;

use super::{code, frame, name, points};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Label, Paint},
        frame::MARGIN,
        layout::{Rect, fit, wrap},
        palette::{self, AXIS, FAINT, INK},
    },
    number,
    problem::Result,
    standard::Group,
    tables::scoring::Scoring,
};

const SIZE: f64 = 11.5;
/// Height of a row; with many units a lower one.
const ROOMY: f64 = 22.0;
const DENSE: f64 = 16.5;
const NAMES: f64 = 170.0;
/// A column is no wider; a narrower one has its title set upright.
const COLUMN: f64 = 84.0;
const LEVEL: f64 = 52.0;
/// Height of upright titles.
const UPRIGHT: f64 = 150.0;

/// From nothing missing to everything: pale blue, then from orange to dark vermilion.
fn colour(missing: f64) -> RGBColor {
    match missing {
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

/// The lowest headings that have points of their own, bonus aside: as many as fit, else those at the top.
fn columns(scoring: &Scoring<'_>) -> Vec<usize> {
    let groups = &scoring.standard.groups;
    let bonus = |group: &Group| {
        let above = |own: &&Group| groups.iter().find(|one| own.within.as_deref() == Some(one.id.as_str()));
        std::iter::successors(Some(group), above).take(groups.len()).any(|own| own.bonus)
    };
    let lowest =
        |group: &Group| !groups.iter().any(|other| other.within.as_deref() == Some(group.id.as_str()));
    let has =
        |at: &usize| scoring.scored.groups.iter().any(|own| own.group == *at && own.points != Some(0.0));
    let all: Vec<usize> = (0..groups.len()).filter(|at| !bonus(&groups[*at])).filter(has).collect();
    let low: Vec<usize> = all.iter().copied().filter(|at| lowest(&groups[*at])).collect();
    // Narrower than this no number stands in a cell.
    if low.len() <= 34 {
        return low;
    }
    all.into_iter().filter(|at| groups[*at].within.is_none()).collect()
}

/// # Errors
/// The font cannot be used.
pub fn picture(scoring: &Scoring<'_>) -> Result<Option<Picture>> {
    let words = scoring.words;
    let (units, columns) = (scoring.in_order(), columns(scoring));
    let missing = |unit: usize, group: usize| {
        let own = scoring.scored.group(unit, group).filter(|own| own.complete)?;
        let full = own.points.filter(|full| *full > 0.0)?;
        Some((1.0 - own.score / full).max(0.0))
    };
    let mean = |group: usize| {
        let all: Vec<f64> = units.iter().filter_map(|own| missing(own.unit, group)).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
    };
    let worst = columns
        .iter()
        .filter_map(|group| Some((*group, mean(*group)?)))
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((worst, most)) = worst else { return Ok(None) };
    let percent = |share: f64| number::fixed(Some(share * 100.0), 0) + "%";
    let key = if most <= 1e-9 { "chart.scores.distance.title_full" } else { "chart.scores.distance.title" };
    let title = words.text(key, &[("heading", scoring.group_title(worst)), ("percent", percent(most))]);
    let frame = frame(scoring, &title, &words.say("chart.scores.distance.what"))?;
    let canvas = &frame.canvas;
    let y = scale(scoring, canvas, frame.top);

    let widest =
        units.iter().map(|own| canvas.font.width(name(scoring, own.unit), SIZE)).fold(60.0, f64::max);
    let names = (widest + 12.0).min(NAMES);
    let left = MARGIN + names;
    let width = ((frame.right() - left) / columns.len() as f64).min(COLUMN);
    let y = header(scoring, canvas, &columns, (left, width), y);
    let height = if units.len() > super::totals::MANY { DENSE } else { ROOMY };
    for (at, own) in units.iter().enumerate() {
        let middle = y + (at as f64 + 0.5) * height;
        let told = fit(canvas.font, name(scoring, own.unit), SIZE, names - 8.0);
        canvas.text(&told, (left - 8.0, middle), Anchor::End, SIZE, INK);
        for (k, group) in columns.iter().enumerate() {
            let rect = Rect::new(left + k as f64 * width, middle - height / 2.0, width, height);
            let inside = rect.grown(-0.5);
            let score = scoring.scored.group(own.unit, *group);
            let full = score.and_then(|score| score.points);
            let share = missing(own.unit, *group);
            let args = [
                ("unit", name(scoring, own.unit).to_string()),
                ("heading", scoring.group_title(*group)),
                ("score", score.map_or_else(|| "—".into(), |score| points(score.score))),
                ("points", full.map_or_else(|| "—".into(), points)),
                ("percent", share.map_or_else(|| "—".into(), percent)),
            ];
            let key = if share.is_some() {
                "chart.scores.distance.tip"
            } else {
                "chart.scores.distance.tip_unknown"
            };
            canvas.mark(&words.text(key, &args), &[("unit", code(scoring, own.unit))], || match share {
                Some(share) => {
                    let ground = colour(share);
                    canvas.rect(inside, &Paint::fill(ground));
                    let text = number::fixed(Some(share * 100.0), 0);
                    if canvas.font.width(&text, SIZE) <= rect.width - 2.0 {
                        canvas.text(&text, rect.middle(), Anchor::Middle, SIZE, palette::text_on(ground));
                    }
                }
                // Nothing under it concerns the unit.
                None if full == Some(0.0) || score.is_none() => {}
                None => {
                    canvas.rect(inside, &Paint::fill(palette::MISSING));
                    canvas.hatch(inside, AXIS, 5.0);
                }
            });
        }
    }
    let bottom = y + units.len() as f64 * height;
    let all = Rect::new(left, y, width * columns.len() as f64, bottom - y);
    canvas.rect(all, &Paint::stroke(AXIS, 1.0));
    let listed: Vec<String> = columns
        .iter()
        .filter_map(|group| {
            let args = [("unit", scoring.group_title(*group)), ("score", percent(mean(*group)?))];
            Some(words.text("chart.scores.listed", &args))
        })
        .collect();
    let args = [("title", title.clone()), ("list", listed.join(&words.say("scores.and")))];
    let description = words.text("chart.scores.distance.description", &args);
    Ok(Some(frame.finish("distance", Kind::Distance, &description, bottom + 6.0)))
}

/// What the colours mean. Gives its lower edge.
fn scale(scoring: &Scoring<'_>, canvas: &Canvas, top: f64) -> f64 {
    let words = scoring.words;
    let label = canvas.text(
        &words.say("chart.scores.distance.scale"),
        (MARGIN, top + 10.0),
        Anchor::Start,
        SIZE,
        FAINT,
    );
    let bar = Rect::new(label.right() + 14.0, top + 3.0, 240.0, 14.0);
    let steps = 48;
    for i in 0..steps {
        let share = (f64::from(i) + 0.5) / f64::from(steps);
        let share = if i == 0 { 0.0 } else { share };
        let x = bar.x + bar.width * f64::from(i) / f64::from(steps);
        canvas.rect(
            Rect::new(x, bar.y, bar.width / f64::from(steps) + 0.2, bar.height),
            &Paint::fill(colour(share)),
        );
    }
    canvas.rect(bar, &Paint::stroke(AXIS, 1.0));
    for (share, anchor) in [(0.0, Anchor::Start), (0.5, Anchor::Middle), (1.0, Anchor::End)] {
        let text = number::fixed(Some(share * 100.0), 0) + "%";
        canvas.text(&text, (bar.x + bar.width * share, bar.bottom() + 10.0), anchor, 10.5, FAINT);
    }
    let unknown = Rect::new(bar.right() + 24.0, bar.y, 22.0, bar.height);
    canvas.rect(unknown, &Paint::fill(palette::MISSING));
    canvas.hatch(unknown, AXIS, 5.0);
    canvas.rect(unknown, &Paint::stroke(AXIS, 1.0));
    let place = (unknown.right() + 7.0, top + 10.0);
    let own = canvas.text(&words.say("chart.scores.distance.open"), place, Anchor::Start, SIZE, FAINT);
    let _ = own;
    bar.bottom() + 24.0
}

/// Titles of the columns: level where they fit, else upright. Gives the lower edge.
fn header(
    scoring: &Scoring<'_>,
    canvas: &Canvas,
    columns: &[usize],
    (left, width): (f64, f64),
    top: f64,
) -> f64 {
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
