//! Annual report: CV² decomposed into what lies between 城区, 镇区 and 乡村, between public and private schools, or between
//! regions, and what lies within them. One picture per section, one row per indicator.

use plotters::style::RGBColor;

use super::{AnnualView, view::percent};
use crate::{
    chart::{
        Drawn, Kind,
        canvas::{Anchor, Canvas, Paint},
        definition::{Chart, Draw, Place},
        frame::{Frame, MARGIN, Subject, find_or_push, year_text},
        layout::{Rect, wrap},
        legend::{Symbol, legend},
        palette::{AXIS, FAINT, GROUPS, INK, MESH, MET, PAPER, between},
    },
    standard::Section,
    words::Words,
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("decomposition", "chart.annual.decomposition", Place::Template, Draw::Annual(pictures));

const ROW: f64 = 42.0;
const BAR: f64 = 15.0;
const SIZE: f64 = 12.5;
const LABELS: f64 = 150.0;
const GAP: f64 = 22.0;

/// One way to decompose: its id in the table, and its parts in order. The last part is what lies within.
type Grouping = (&'static str, &'static [&'static str]);
const GROUPINGS: [Grouping; 3] = [
    ("location", &["between", "within"]),
    ("ownership", &["between", "within"]),
    ("region", &["between_provinces", "between_cities", "between_districts", "within_districts"]),
];

/// One indicator: its shares by grouping and part. `None` where the table lacks the grouping.
struct Split {
    indicator: String,
    shares: [Option<Vec<f64>>; 3],
}

impl Split {
    /// The sum of all parts but the one within.
    fn between(&self, grouping: usize) -> Option<f64> {
        let shares = self.shares[grouping].as_ref()?;
        Some(shares.iter().rev().skip(1).sum())
    }

    fn has(&self, grouping: usize, part: usize) -> bool {
        self.shares[grouping].as_ref().and_then(|shares| shares.get(part)).is_some_and(|share| *share > 1e-9)
    }
}

/// What lies between groups of this kind, inside a sentence.
fn between_text(words: &Words, grouping: usize) -> String {
    words.say(&format!("chart.annual.decomposition.inside_{}", GROUPINGS[grouping].0))
}

fn part_text(words: &Words, grouping: usize, part: usize) -> String {
    let (by, parts) = GROUPINGS[grouping];
    words.say(&format!("chart.annual.decomposition.{by}_{}", parts[part]))
}

fn read(view: &AnnualView, section: Section) -> Vec<Split> {
    let rows = view.annual.decomposition.rows().filter(|row| {
        row.section() == section
            && row.year() == view.year
            && row.level() == "all"
            && row.measure() == "cv_squared"
    });
    let mut splits: Vec<Split> = Vec::new();
    for row in rows {
        let place = GROUPINGS.iter().position(|(by, _)| *by == row.by()).and_then(|grouping| {
            Some((grouping, GROUPINGS[grouping].1.iter().position(|part| *part == row.part())?))
        });
        let (Some((grouping, part)), Some(share)) = (place, row.share()) else { continue };
        let new = || Split { indicator: row.indicator().to_string(), shares: [None, None, None] };
        let split = find_or_push(&mut splits, |split| split.indicator == row.indicator(), new);
        let parts = GROUPINGS[grouping].1.len();
        split.shares[grouping].get_or_insert_with(|| vec![0.0; parts])[part] = share.max(0.0);
    }
    splits.sort_by_key(|split| view.order(&split.indicator));
    splits
}

fn title(view: &AnnualView, section: Section, splits: &[Split], grouping: usize) -> String {
    let known = splits.iter().filter_map(|split| Some((split, split.between(grouping)?)));
    let Some((split, share)) = known.reduce(|a, b| if b.1 > a.1 { b } else { a }) else {
        return String::new();
    };
    let args = [
        ("section", view.section_name(section)),
        ("year", year_text(view.year)),
        ("indicator", view.short_title(&split.indicator)),
        ("share", percent(share)),
        ("between", between_text(view.words, grouping)),
    ];
    let key = if share < 0.5 { "title" } else { "title_most" };
    view.words.fill(&format!("chart.annual.decomposition.{key}"), &args)
}

/// The colour of a part and of the lines over it. What lies within is pale, what lies between is dark.
fn paint(part: usize, parts: usize) -> (RGBColor, Option<RGBColor>) {
    match part {
        part if part + 1 == parts => (between(PAPER, MET, 0.25), None),
        0 => (MET, None),
        1 => (GROUPS[1], Some(PAPER)),
        _ => (GROUPS[2], None),
    }
}

fn pictures(view: &AnnualView, section: Section) -> Drawn {
    let splits = read(view, section);
    // Where there is only one group, nothing lies between groups.
    let differs =
        |grouping: &usize| splits.iter().any(|split| split.between(*grouping).is_some_and(|b| b > 1e-9));
    let shown: Vec<usize> = (0..GROUPINGS.len()).filter(differs).collect();
    // The title is about the location, where that is known.
    let Some(&first) = shown.first() else { return Ok(Vec::new()) };
    let words = view.words;
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::Decomposition, title(view, section, &splits, first), &args)?;
    let canvas = &frame.canvas;
    let start = MARGIN + LABELS;
    let count = shown.len() as f64;
    let width = ((frame.right() - start - GAP * (count - 1.0)) / count).min(400.0);
    let left = |at: usize| start + at as f64 * (width + GAP);
    // A part that no indicator has is not in the legend.
    let has = |grouping: usize, part: usize| splits.iter().any(|split| split.has(grouping, part));
    let mut top = frame.top;
    for (at, &grouping) in shown.iter().enumerate() {
        let (by, parts) = GROUPINGS[grouping];
        let heading = words.say(&format!("chart.annual.decomposition.{by}"));
        canvas.strong(&heading, (left(at), frame.top + 8.0), Anchor::Start, 13.0, INK);
        let symbol = |part: usize| {
            let symbol = match paint(part, parts.len()) {
                (fill, Some(hatch)) => Symbol::Hatched(Paint::fill(fill).edged(hatch, 1.0)),
                (fill, None) => Symbol::Box(Paint::fill(fill)),
            };
            (symbol, part_text(words, grouping, part))
        };
        let symbols: Vec<_> = (0..parts.len()).filter(|part| has(grouping, *part)).map(symbol).collect();
        top = legend(canvas, &symbols, (left(at), left(at) + width), frame.top + 20.0).max(top);
    }
    top += 8.0;
    let mut listed = Vec::new();
    for (row, split) in splits.iter().enumerate() {
        let y = top + row as f64 * ROW;
        if row > 0 {
            canvas.line((MARGIN, y), (frame.right(), y), &Paint::stroke(MESH, 1.0));
        }
        let name = view.short_title(&split.indicator);
        let lines = wrap(canvas.font, &name, SIZE, LABELS - 14.0, 2);
        canvas.lines(&lines, (start - 12.0, y + ROW / 2.0), 16.0, Anchor::End, SIZE, INK);
        for (at, &grouping) in shown.iter().enumerate() {
            let rect = Rect::new(left(at), y + 5.0, width, BAR);
            bar(view, canvas, rect, section, split, grouping, &|part| has(grouping, part));
            if let Some(share) = split.between(grouping) {
                let args = [
                    ("indicator", name.clone()),
                    ("between", between_text(words, grouping)),
                    ("share", percent(share)),
                ];
                listed.push(words.fill("chart.annual.decomposition.listed", &args));
            }
        }
    }
    let args = [("list", listed.join(&words.say("chart.annual.then")))];
    frame.finish(section.id(), &args, top + splits.len() as f64 * ROW + 4.0)
}

/// Draws the bar, and below it its shares in the same order.
fn bar(
    view: &AnnualView,
    canvas: &Canvas,
    rect: Rect,
    section: Section,
    split: &Split,
    grouping: usize,
    is_shown: &dyn Fn(usize) -> bool,
) {
    let words = view.words;
    let Some(shares) = &split.shares[grouping] else {
        canvas.text(&words.say("chart.missing"), (rect.x, rect.middle().1), Anchor::Start, 11.0, FAINT);
        return;
    };
    let total: f64 = shares.iter().sum();
    let mut x = rect.x;
    let mut printed = Vec::new();
    for (part, &share) in shares.iter().enumerate() {
        let args = [
            ("indicator", view.short_title(&split.indicator)),
            ("part", part_text(words, grouping, part)),
            ("share", percent(share)),
        ];
        let data = [("section", section.id()), ("indicator", split.indicator.as_str())];
        let width = rect.width * share / total.max(f64::MIN_POSITIVE);
        if share > 0.0 {
            canvas.mark(&words.fill("chart.annual.decomposition.tip", &args), &data, || {
                let (fill, hatch) = paint(part, shares.len());
                let piece = Rect::new(x, rect.y, width, rect.height);
                canvas.rect(piece, &Paint::fill(fill));
                if let Some(hatch) = hatch {
                    canvas.hatch(piece, hatch, 5.0);
                }
                canvas.rect(piece, &Paint::stroke(PAPER, 0.8));
            });
        }
        if is_shown(part) {
            printed.push(percent(share));
        }
        x += width;
    }
    canvas.rect(rect, &Paint::stroke(AXIS, 0.8));
    canvas.text(&printed.join(" · "), (rect.x, rect.bottom() + 10.0), Anchor::Start, 11.5, INK);
}
