//! Portrait: a district's means against their thresholds and its CVs against their limits, side by side.

use super::PortraitView;
use crate::{
    chart::{
        Drawn, Kind,
        canvas::Anchor,
        definition::{Chart, Draw, Place},
        frame::{Frame, Subject, limit_text, year_text},
        legend::legend,
        palette::{INK, UNMET},
        spokes::{MAX_RATIO, MIN_CORNERS, Spoke, Style, percent},
    },
    standard::{Indicator, Section},
};

pub(in crate::chart) const CHART: Chart =
    Chart::new("portrait-radar", "chart.annual.radar", Place::Portrait, Draw::Portrait(pictures));

/// Between the headings and the shapes.
const ABOVE: f64 = 62.0;

const STYLE: Style = Style {
    radius: 62.0,
    font: 11.5,
    line: 14.0,
    label_gap: 8.0,
    label_lines: 3,
    good_corner: 4.5,
    short_corner: 4.0,
    short_edge: 2.4,
    numbers: &[1.0, MAX_RATIO],
    number_font: 10.0,
    number_height: 12.0,
};

/// What a radar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Means over thresholds: short where the ratio is below 1.
    Means,
    /// CVs over limits: short where the ratio is above 1.
    Cvs,
}

impl Side {
    fn key(self) -> &'static str {
        match self {
            Side::Means => "means",
            Side::Cvs => "cvs",
        }
    }
}

/// One radar.
struct Radar {
    side: Side,
    spokes: Vec<Spoke>,
}

impl Radar {
    /// The spokes whose ratio is known, with it.
    fn known(&self) -> impl Iterator<Item = (&Spoke, f64)> {
        self.spokes.iter().filter_map(|spoke| Some((spoke, spoke.ratio?)))
    }
}

fn pictures(view: &PortraitView, section: Section) -> Drawn {
    let radars: Vec<Radar> = [Side::Means, Side::Cvs]
        .into_iter()
        .map(|side| Radar { side, spokes: spokes(view, section, side) })
        .filter(|radar| radar.known().count() >= MIN_CORNERS)
        .collect();
    if radars.is_empty() {
        return Ok(Vec::new());
    }
    let words = view.words();
    let args = [("section", view.section_name(section))];
    let frame = Frame::new(view, Kind::PortraitRadar, title(view, section, &radars), &args)?;
    let canvas = &frame.canvas;
    let texts =
        ["sign_good", "sign_short", "sign_ring"].map(|key| words.say(&format!("chart.annual.radar.{key}")));
    let symbols: Vec<_> = STYLE.symbols().into_iter().zip(texts).collect();
    let top = legend(canvas, &symbols, frame.sides(), frame.top) + 6.0;
    let width = (frame.right() - frame.left()) / radars.len() as f64;
    for (at, radar) in radars.iter().enumerate() {
        let middle = frame.left() + (at as f64 + 0.5) * width;
        let heading = words.say(&format!("chart.annual.radar.{}_heading", radar.side.key()));
        canvas.strong(&heading, (middle, top + 8.0), Anchor::Middle, 13.0, INK);
        let centre = (middle, top + ABOVE + STYLE.radius);
        STYLE.draw(canvas, centre, &radar.spokes, None, |anchor, distance| match anchor {
            Anchor::Middle => width - 40.0,
            _ => width / 2.0 - distance - 2.0,
        });
    }
    let mut bottom = top + ABOVE + 2.0 * STYLE.radius + 44.0;
    if radars.iter().flat_map(Radar::known).any(|(_, ratio)| ratio > MAX_RATIO) {
        let text = words.fill("chart.radar.beyond", &[("most", percent(MAX_RATIO))]);
        frame.note(&text, bottom + 8.0, 1);
        bottom += 20.0;
    }
    let listed = radars.iter().flat_map(|radar| {
        radar.spokes.iter().map(|spoke| {
            let args = [("indicator", spoke.name.clone()), ("percent", spoke.value.clone())];
            words.fill(&format!("chart.annual.radar.{}_listed", radar.side.key()), &args)
        })
    });
    let list = listed.collect::<Vec<_>>().join(&words.say("chart.annual.then"));
    frame.finish(section.id(), &[("list", list)], bottom)
}

/// The indicators that have a threshold, or a limit, in the standard's order.
fn spokes(view: &PortraitView, section: Section, side: Side) -> Vec<Spoke> {
    let (words, year) = (view.words(), view.year());
    let all = view.series(section);
    let spoke = |indicator: &Indicator| {
        let id = indicator.id.as_str();
        let now = all.iter().find(|series| series.id == id).and_then(|series| series.at(year));
        let (value, bound, stated) = match side {
            Side::Means => {
                (now.and_then(|now| now.mean), now.and_then(|now| now.threshold), &indicator.threshold)
            }
            Side::Cvs => (now.and_then(|now| now.cv), now.and_then(|now| now.limit), &indicator.limit),
        };
        let bound = bound.or(stated.get(section).copied()).filter(|bound| *bound > 0.0)?;
        let ratio = value.map(|value| value / bound);
        let is_short = match side {
            Side::Means => ratio.is_some_and(|ratio| ratio < 1.0),
            Side::Cvs => now.is_some_and(|now| now.is_over()),
        };
        let (value, bound) = match side {
            Side::Means => (view.mean_text(value, id), view.mean_text(Some(bound), id)),
            Side::Cvs => (view.cv_text(value), limit_text(Some(bound))),
        };
        let name = view.short_title(id);
        let args = [
            ("indicator", name.clone()),
            ("percent", ratio.map_or_else(String::new, percent)),
            ("value", value),
            ("bound", bound),
        ];
        let tip = if ratio.is_some() { "chart.annual.radar.tip" } else { "chart.annual.radar.tip_unknown" };
        Some(Spoke {
            name,
            value: ratio.map_or_else(|| words.say("chart.missing"), percent),
            ratio,
            is_short,
            name_is_strong: false,
            value_is_strong: is_short,
            colour: UNMET,
            tip: words.fill(tip, &args),
            data: vec![
                ("district", view.code().to_string()),
                ("section", section.id().to_string()),
                ("indicator", id.to_string()),
            ],
        })
    };
    view.standard().indicators.iter().filter_map(spoke).collect()
}

fn title(view: &PortraitView, section: Section, radars: &[Radar]) -> String {
    let words = view.words();
    let parts = radars.iter().map(|radar| {
        // The lowest mean, or the highest CV; where some are on the wrong side of their bound, among those alone.
        let any = radar.known().any(|(spoke, _)| spoke.is_short);
        let worst =
            radar.known().filter(|(spoke, _)| spoke.is_short || !any).reduce(|a, b| match radar.side {
                Side::Means if b.1 < a.1 => b,
                Side::Cvs if b.1 > a.1 => b,
                _ => a,
            });
        let args = [
            ("all", radar.known().count().to_string()),
            ("short", radar.known().filter(|(spoke, _)| spoke.is_short).count().to_string()),
            ("indicator", worst.map_or_else(String::new, |(spoke, _)| spoke.name.clone())),
            ("percent", worst.map_or_else(String::new, |(_, ratio)| percent(ratio))),
        ];
        let key = if any { "short" } else { "none" };
        words.fill(&format!("chart.annual.radar.{}_{key}", radar.side.key()), &args)
    });
    let list = parts.collect::<Vec<_>>().join(&words.say("chart.annual.then"));
    let args =
        [("who", view.district_and_section(section)), ("year", year_text(view.year())), ("list", list)];
    words.fill("chart.annual.radar.title", &args)
}
