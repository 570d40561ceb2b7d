//! CV² taken apart: what lies between 城区, 镇区 and 乡村, between public and private schools, between regions, and what
//! lies within. A picture a section, a row an indicator.

use plotters::style::RGBColor;

use super::view::{View, of_year, only, percent, said};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Paint},
        frame::MARGIN,
        layout::{Rect, wrap},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, GROUPS, INK, MESH, MET, PAPER, between},
    },
    problem::Result,
    standard::Section,
    tables::Row,
};

const ROW: f64 = 42.0;
const BAR: f64 = 15.0;
const SIZE: f64 = 12.5;
const LABELS: f64 = 150.0;
const GAP: f64 = 22.0;

/// What is taken apart, and its parts in order; the last is what lies within.
const KINDS: [(&str, &[&str]); 3] = [
    ("location", &["between", "within"]),
    ("ownership", &["between", "within"]),
    ("region", &["between_provinces", "between_cities", "between_districts", "within_districts"]),
];

/// Of one indicator: shares by kind and part; `None` where it was not taken apart so.
struct Split {
    indicator: String,
    shares: [Option<Vec<f64>>; 3],
}

impl Split {
    /// All but what lies within.
    fn between(&self, kind: usize) -> Option<f64> {
        let shares = self.shares.get(kind)?.as_ref()?;
        Some(shares.iter().rev().skip(1).sum())
    }
}

/// # Errors
/// The font cannot be used.
pub fn pictures(view: &View) -> Result<Vec<Picture>> {
    let rows = only(&of_year(&view.annual.decomposition, view.year), "measure", "cv_squared");
    let rows = only(&rows, "level", "all");
    let mut drawn = Vec::new();
    for &section in &view.sections {
        let mut splits: Vec<Split> = Vec::new();
        for row in Row::all(&rows).filter(|row| row.text("section") == Some(section.id())) {
            let kind = KINDS.iter().position(|(by, _)| *by == row.said("by"));
            let part = kind.and_then(|kind| Some((kind, KINDS.get(kind)?.1)));
            let place = part.and_then(|(kind, parts)| {
                Some((kind, parts.len(), parts.iter().position(|part| *part == row.said("part"))?))
            });
            let (Some((kind, parts, part)), Some(share)) = (place, row.number("share")) else { continue };
            let indicator = row.said("indicator");
            let at = splits.iter().position(|split| split.indicator == indicator).unwrap_or_else(|| {
                splits.push(Split { indicator: indicator.to_string(), shares: [None, None, None] });
                splits.len() - 1
            });
            let slot = splits.get_mut(at).and_then(|split| split.shares.get_mut(kind));
            if let Some(own) =
                slot.and_then(|slot| slot.get_or_insert_with(|| vec![0.0; parts]).get_mut(part))
            {
                *own = share.max(0.0);
            }
        }
        splits.sort_by_key(|split| view.order(&split.indicator));
        // One group has nothing to lie between.
        let shown: Vec<usize> = (0..KINDS.len())
            .filter(|&kind| {
                splits.iter().filter_map(|split| split.between(kind)).any(|between| between > 1e-9)
            })
            .collect();
        if !shown.is_empty() {
            drawn.push(picture(view, section, &splits, &shown)?);
        }
    }
    Ok(drawn)
}

fn title(view: &View, section: Section, splits: &[Split], shown: &[usize]) -> String {
    // Location, where it is known, is what the report asks first.
    let kind = shown.first().copied().unwrap_or_default();
    let all = splits.iter().filter_map(|split| Some((split, split.between(kind)?)));
    let Some((split, share)) = all.reduce(|a, b| if b.1 > a.1 { b } else { a }) else { return String::new() };
    let by = KINDS.get(kind).map_or("", |kind| kind.0);
    let args = [
        ("section", view.heading(section)),
        ("year", said(view.year)),
        ("indicator", view.short(&split.indicator)),
        ("share", percent(share)),
        ("between", view.words.say(&format!("chart.annual.decomposition.inside_{by}"))),
    ];
    let key = if share < 0.5 { "title" } else { "title_most" };
    view.words.text(&format!("chart.annual.decomposition.{key}"), &args)
}

/// From left to right; what lies within is pale, what lies between is dark, hatched for every second.
fn paint(part: usize, parts: usize) -> (RGBColor, Option<RGBColor>) {
    match part {
        part if part + 1 == parts => (between(PAPER, MET, 0.25), None),
        0 => (MET, None),
        1 => (GROUPS.get(1).copied().unwrap_or(INK), Some(PAPER)),
        _ => (GROUPS.get(2).copied().unwrap_or(INK), None),
    }
}

fn picture(view: &View, section: Section, splits: &[Split], shown: &[usize]) -> Result<Picture> {
    let words = view.words;
    let title = title(view, section, splits, shown);
    let args = [("section", view.heading(section))];
    let frame = view.frame(&title, &words.text("chart.annual.decomposition.what", &args))?;
    let canvas = &frame.canvas;
    let start = MARGIN + LABELS;
    let count = shown.len() as f64;
    let width = ((frame.right() - start - GAP * (count - 1.0)) / count).min(400.0);
    let left = |at: usize| start + at as f64 * (width + GAP);
    // Parts that are nowhere are not explained.
    let present = |kind: usize, part: usize| {
        splits.iter().any(|split| {
            let shares = split.shares.get(kind).and_then(Option::as_ref);
            shares.and_then(|shares| shares.get(part)).is_some_and(|share| *share > 1e-9)
        })
    };
    let mut top = frame.top;
    for (at, &kind) in shown.iter().enumerate() {
        let Some((by, parts)) = KINDS.get(kind).copied() else { continue };
        let heading = words.say(&format!("chart.annual.decomposition.{by}"));
        canvas.strong(&heading, (left(at), frame.top + 8.0), Anchor::Start, 13.0, INK);
        let signs: Vec<(Sign, String)> = parts
            .iter()
            .enumerate()
            .filter(|(part, _)| present(kind, *part))
            .map(|(part, name)| {
                let (fill, hatch) = paint(part, parts.len());
                let sign = match hatch {
                    Some(hatch) => Sign::Hatched(Paint::fill(fill).edged(hatch, 1.0)),
                    None => Sign::Box(Paint::fill(fill)),
                };
                (sign, words.say(&format!("chart.annual.decomposition.{by}_{name}")))
            })
            .collect();
        top = legend(canvas, &signs, (left(at), left(at) + width), frame.top + 20.0).max(top);
    }
    top += 8.0;
    let mut listed = Vec::new();
    for (row, split) in splits.iter().enumerate() {
        let y = top + row as f64 * ROW;
        if row > 0 {
            canvas.line((MARGIN, y), (frame.right(), y), &Paint::stroke(MESH, 1.0));
        }
        let name = view.short(&split.indicator);
        let lines = wrap(canvas.font, &name, SIZE, LABELS - 14.0, 2);
        let mut line_y = y + ROW / 2.0 - 8.0 * (lines.len() as f64 - 1.0);
        for line in lines {
            canvas.text(&line, (start - 12.0, line_y), Anchor::End, SIZE, INK);
            line_y += 16.0;
        }
        for (at, &kind) in shown.iter().enumerate() {
            let rect = Rect::new(left(at), y + 5.0, width, BAR);
            bar(view, canvas, rect, (section, split, kind), &|part| present(kind, part));
            if let Some(share) = split.between(kind) {
                let by = KINDS.get(kind).map_or("", |kind| kind.0);
                let args = [
                    ("indicator", name.clone()),
                    ("between", words.say(&format!("chart.annual.decomposition.inside_{by}"))),
                    ("share", percent(share)),
                ];
                listed.push(words.text("chart.annual.decomposition.listed", &args));
            }
        }
    }
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.decomposition.described", &args);
    let name = format!("decomposition-{}", section.id());
    Ok(frame.finish(&name, Kind::Decomposition, &description, top + splits.len() as f64 * ROW + 4.0))
}

/// The bar, and its shares printed below in the same order.
fn bar(
    view: &View,
    canvas: &Canvas,
    rect: Rect,
    (section, split, kind): (Section, &Split, usize),
    present: &dyn Fn(usize) -> bool,
) {
    let words = view.words;
    let Some((by, parts)) = KINDS.get(kind).copied() else { return };
    let Some(shares) = split.shares.get(kind).and_then(Option::as_ref) else {
        canvas.text(&words.say("chart.missing"), (rect.x, rect.middle().1), Anchor::Start, 11.0, FAINT);
        return;
    };
    let whole: f64 = shares.iter().sum();
    let mut x = rect.x;
    let mut printed = Vec::new();
    for (part, &share) in shares.iter().enumerate() {
        let part_name = parts.get(part).copied().unwrap_or_default();
        let args = [
            ("indicator", view.short(&split.indicator)),
            ("part", words.say(&format!("chart.annual.decomposition.{by}_{part_name}"))),
            ("share", percent(share)),
        ];
        let data = [("section", section.id()), ("indicator", split.indicator.as_str())];
        let wide = rect.width * share / whole.max(f64::MIN_POSITIVE);
        if share > 0.0 {
            canvas.mark(&words.text("chart.annual.decomposition.tip", &args), &data, || {
                let (fill, hatch) = paint(part, parts.len());
                let own = Rect::new(x, rect.y, wide, rect.height);
                canvas.rect(own, &Paint::fill(fill));
                if let Some(hatch) = hatch {
                    canvas.hatch(own, hatch, 5.0);
                }
                canvas.rect(own, &Paint::stroke(PAPER, 0.8));
            });
        }
        if present(part) {
            printed.push(percent(share));
        }
        x += wide;
    }
    canvas.rect(rect, &Paint::stroke(AXIS, 0.8));
    let text = printed.join(" · ");
    canvas.text(&text, (rect.x, rect.bottom() + 10.0), Anchor::Start, 11.5, INK);
}
