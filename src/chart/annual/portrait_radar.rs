//! A district's short boards: means against their thresholds, and CVs against their limits, side by side.

use polars::prelude::DataFrame;

use super::{
    cv_years::by_indicator,
    portrait_trend::{frame, who},
    view::{View, said},
};
use crate::{
    chart::{
        Kind, Picture,
        canvas::{Anchor, Canvas, Paint},
        layout::{Rect, wrap},
        legend::{Sign, legend},
        palette::{AXIS, FAINT, INK, LIMIT, MESH, MET, PAPER, UNMET},
        radar::percent,
    },
    problem::Result,
    standard::Section,
    tables::{Row, annual::Portrait},
};

/// Ratios are drawn up to here.
const MOST: f64 = 2.0;
/// A shape needs three corners.
const FEWEST: usize = 3;
const RADIUS: f64 = 62.0;
const SIZE: f64 = 11.5;
const LINE: f64 = 14.0;
/// Between the heads and the shapes.
const ABOVE: f64 = 62.0;

/// Pixels on the canvas.
type At = (f64, f64);

/// One indicator.
struct Spoke {
    indicator: String,
    /// To the threshold, or to the limit; `None` where it is not known.
    ratio: Option<f64>,
    short: bool,
    value: String,
    bound: String,
}

/// What a shape is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Short where it lies within the ring.
    Means,
    /// Short where it lies beyond it.
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

/// # Errors
/// The font cannot be used.
pub fn pictures(portrait: &Portrait, own: &DataFrame) -> Result<Vec<Picture>> {
    let view = View::of(portrait.annual);
    let mut drawn = Vec::new();
    for section in Section::ALL {
        let shapes: Vec<(Side, Vec<Spoke>)> = [Side::Means, Side::Cvs]
            .into_iter()
            .map(|side| (side, spokes(&view, own, section, side)))
            .filter(|(_, spokes)| spokes.iter().filter(|spoke| spoke.ratio.is_some()).count() >= FEWEST)
            .collect();
        if !shapes.is_empty() {
            drawn.push(picture(&view, portrait, section, &shapes)?);
        }
    }
    Ok(drawn)
}

/// Of the indicators that have a threshold, or a limit, in the standard's order.
fn spokes(view: &View, own: &DataFrame, section: Section, side: Side) -> Vec<Spoke> {
    let rows =
        Row::all(own).filter(|row| row.text("section") == Some(section.id()) && row.text("group").is_none());
    let lines = by_indicator(view, rows);
    let spoke = |indicator: &str| {
        let point = lines.iter().find(|line| line.id == indicator).and_then(|line| line.at(view.year));
        let standard = view.annual.standard.indicator(indicator)?;
        let stated = match side {
            Side::Means => standard.threshold.get(section),
            Side::Cvs => standard.limit.get(section),
        };
        let found = match side {
            Side::Means => point.and_then(|point| point.threshold),
            Side::Cvs => point.and_then(|point| point.limit),
        };
        let bound = found.or(stated.copied()).filter(|bound| *bound > 0.0)?;
        let value = match side {
            Side::Means => point.and_then(|point| point.mean),
            Side::Cvs => point.and_then(|point| point.cv),
        };
        let ratio = value.map(|value| value / bound);
        Some(Spoke {
            indicator: indicator.to_string(),
            ratio,
            short: match side {
                Side::Means => ratio.is_some_and(|ratio| ratio < 1.0),
                Side::Cvs => point.is_some_and(|point| point.over()),
            },
            value: match side {
                Side::Means => view.mean(value, indicator),
                Side::Cvs => value.map_or_else(|| "—".into(), |cv| view.cv(cv)),
            },
            bound: match side {
                Side::Means => view.mean(Some(bound), indicator),
                Side::Cvs => View::limit(bound),
            },
        })
    };
    view.annual.standard.indicators.iter().filter_map(|indicator| spoke(&indicator.id)).collect()
}

fn title(view: &View, portrait: &Portrait, section: Section, shapes: &[(Side, Vec<Spoke>)]) -> String {
    let words = view.words;
    let parts = shapes.iter().map(|(side, spokes)| {
        let known = || spokes.iter().filter_map(|spoke| Some((spoke, spoke.ratio?)));
        // The shortest mean, the widest CV; of those that are short, where some are.
        let any = known().any(|(spoke, _)| spoke.short);
        let worst = known().filter(|(spoke, _)| spoke.short || !any).reduce(|a, b| match side {
            Side::Means if b.1 < a.1 => b,
            Side::Cvs if b.1 > a.1 => b,
            _ => a,
        });
        let args = [
            ("all", known().count().to_string()),
            ("short", known().filter(|(spoke, _)| spoke.short).count().to_string()),
            ("indicator", worst.map_or_else(String::new, |(spoke, _)| view.short(&spoke.indicator))),
            ("percent", worst.map_or_else(String::new, |(_, ratio)| percent(ratio))),
        ];
        let key = if any { "short" } else { "none" };
        words.text(&format!("chart.annual.radar.{}_{key}", side.key()), &args)
    });
    let parts: Vec<String> = parts.collect();
    let args = [
        ("who", who(view, portrait, section)),
        ("year", said(view.year)),
        ("list", parts.join(&words.say("chart.annual.then"))),
    ];
    words.text("chart.annual.radar.title", &args)
}

fn picture(
    view: &View,
    portrait: &Portrait,
    section: Section,
    shapes: &[(Side, Vec<Spoke>)],
) -> Result<Picture> {
    let words = view.words;
    let title = title(view, portrait, section, shapes);
    let args = [("section", view.heading(section))];
    let frame = frame(view, portrait, &title, &words.text("chart.annual.radar.what", &args))?;
    let canvas = &frame.canvas;
    let say = |key: &str| words.say(&format!("chart.annual.radar.{key}"));
    let signs = [
        (Sign::Circle(good(), 4.5), say("sign_good")),
        (Sign::Circle(bad(), 4.0), say("sign_short")),
        (Sign::Line(Paint::stroke(LIMIT, 1.6)), say("sign_ring")),
    ];
    let top = legend(canvas, &signs, (frame.left(), frame.right()), frame.top) + 6.0;
    let wide = (frame.right() - frame.left()) / shapes.len() as f64;
    let mut beyond = false;
    let code = portrait.region.district_code.as_str();
    for (at, (side, spokes)) in shapes.iter().enumerate() {
        let middle = frame.left() + (at as f64 + 0.5) * wide;
        canvas.strong(
            &say(&format!("{}_heading", side.key())),
            (middle, top + 8.0),
            Anchor::Middle,
            13.0,
            INK,
        );
        shape(
            view,
            canvas,
            (middle, top + ABOVE + RADIUS),
            (wide, spokes),
            &[("district", code), ("section", section.id())],
        );
        beyond |= spokes.iter().any(|spoke| spoke.ratio.is_some_and(|ratio| ratio > MOST));
    }
    let mut bottom = top + ABOVE + 2.0 * RADIUS + 44.0;
    if beyond {
        let text = words.text("chart.radar.beyond", &[("most", percent(MOST))]);
        canvas.text(&text, (frame.left(), bottom + 8.0), Anchor::Start, 11.5, FAINT);
        bottom += 20.0;
    }
    let listed = shapes.iter().flat_map(|(side, spokes)| {
        spokes.iter().map(move |spoke| {
            let args = [
                ("indicator", view.short(&spoke.indicator)),
                ("percent", spoke.ratio.map_or_else(|| words.say("chart.missing"), percent)),
            ];
            words.text(&format!("chart.annual.radar.{}_listed", side.key()), &args)
        })
    });
    let listed: Vec<String> = listed.collect();
    let args = [("title", title), ("list", listed.join(&words.say("chart.annual.then")))];
    let description = words.text("chart.annual.radar.described", &args);
    let name = format!("portrait-radar-{}", section.id());
    Ok(frame.finish(&name, Kind::PortraitRadar, &description, bottom))
}

/// Full where it is as it should be, a ring where it is short.
fn good() -> Paint {
    Paint::fill(MET).edged(PAPER, 1.0)
}
fn bad() -> Paint {
    Paint::fill(PAPER).edged(UNMET, 2.4)
}

fn shape(
    view: &View,
    canvas: &Canvas,
    centre: (f64, f64),
    (wide, spokes): (f64, &[Spoke]),
    data: &[(&'static str, &str)],
) {
    let count = spokes.len() as f64;
    let at = |k: f64, ratio: f64| {
        let (sin, cos) = (std::f64::consts::TAU * k / count).sin_cos();
        let length = RADIUS * (ratio / MOST).clamp(0.0, 1.0);
        (centre.0 + length * sin, centre.1 - length * cos)
    };
    let ring = |ratio: f64, paint: &Paint| {
        let corners: Vec<(f64, f64)> = (0..spokes.len()).map(|k| at(k as f64, ratio)).collect();
        canvas.polygon(&corners, paint);
    };
    for ratio in [0.5, 1.5, MOST] {
        ring(ratio, &Paint::stroke(MESH, 1.0));
    }
    for k in 0..spokes.len() {
        canvas.line(centre, at(k as f64, MOST), &Paint::stroke(MESH, 1.0));
    }
    ring(1.0, &Paint::stroke(LIMIT, 1.6));
    // Where something is not known the line has a gap, and nothing is filled.
    let corners: Vec<Option<(f64, f64)>> =
        spokes.iter().enumerate().map(|(k, spoke)| Some(at(k as f64, spoke.ratio?))).collect();
    match corners.iter().copied().collect::<Option<Vec<_>>>() {
        Some(whole) => canvas.polygon(&whole, &Paint::fill(MET).opaque(0.16).edged(MET, 2.0)),
        None => {
            let next = corners.iter().cycle().skip(1);
            for (from, to) in corners.iter().zip(next).filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
                canvas.line(from, to, &Paint::stroke(MET, 2.0));
            }
        }
    }
    for ratio in [1.0, MOST] {
        let (x, y) = at(0.5, ratio);
        let text = percent(ratio);
        let half = canvas.font.width(&text, 10.0) / 2.0;
        canvas.rect(
            Rect::new(x - half - 2.0, y - 6.0, 2.0 * half + 4.0, 12.0),
            &Paint::fill(PAPER).opaque(0.85),
        );
        canvas.text(&text, (x, y), Anchor::Middle, 10.0, FAINT);
    }
    for (k, spoke) in spokes.iter().enumerate() {
        let end = at(k as f64, MOST);
        let corner = corners.get(k).copied().flatten();
        words_of(view, canvas, (centre, end, corner), (wide, spoke), data);
    }
}

/// Corner and words of one spoke.
fn words_of(
    view: &View,
    canvas: &Canvas,
    (centre, end, corner): (At, At, Option<At>),
    (wide, spoke): (f64, &Spoke),
    data: &[(&'static str, &str)],
) {
    let words = view.words;
    let name = view.short(&spoke.indicator);
    let args = [
        ("indicator", name.clone()),
        ("percent", spoke.ratio.map_or_else(String::new, percent)),
        ("value", spoke.value.clone()),
        ("bound", spoke.bound.clone()),
    ];
    let known = spoke.ratio.is_some();
    let tip = if known { "chart.annual.radar.tip" } else { "chart.annual.radar.tip_unknown" };
    let mut data = data.to_vec();
    data.push(("indicator", spoke.indicator.as_str()));
    canvas.mark(&words.text(tip, &args), &data, || {
        match corner {
            Some(corner) if spoke.short => canvas.circle(corner, 4.0, &bad()),
            Some(corner) => canvas.circle(corner, 4.5, &good()),
            None => canvas.line(centre, end, &Paint::stroke(AXIS, 1.2).dashed(2.0, 4.0)),
        }
        let (dx, dy) = ((end.0 - centre.0) / RADIUS, (end.1 - centre.1) / RADIUS);
        let anchor = match dx {
            dx if dx > 0.2 => Anchor::Start,
            dx if dx < -0.2 => Anchor::End,
            _ => Anchor::Middle,
        };
        let (x, y) = (end.0 + 8.0 * dx, end.1 + 8.0 * dy);
        let room = match anchor {
            Anchor::Middle => wide - 40.0,
            _ => wide / 2.0 - (x - centre.0).abs() - 2.0,
        };
        let mut lines = wrap(canvas.font, &name, SIZE, room, 3);
        lines.push(if known { percent(spoke.ratio.unwrap_or_default()) } else { words.say("chart.missing") });
        let height = LINE * lines.len() as f64;
        // The block grows away from the shape.
        let mut y = y - height / 2.0 + dy * height / 2.0 + LINE / 2.0;
        let last = lines.len() - 1;
        for (at, line) in lines.iter().enumerate() {
            match at == last && spoke.short {
                true => canvas.strong(line, (x, y), anchor, SIZE, UNMET),
                false => canvas.text(line, (x, y), anchor, SIZE, INK),
            };
            y += LINE;
        }
    });
}
