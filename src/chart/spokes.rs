//! Draws a radar: one spoke per indicator with its ratio to a bound, and a ring at the bound.

use plotters::style::RGBColor;

use super::{
    canvas::{Anchor, Canvas, Paint},
    layout::{Rect, wrap},
    legend::Symbol,
    palette::{AXIS, FAINT, INK, LIMIT, MESH, MET, PAPER, UNMET},
};
use crate::number;

/// Ratios are drawn up to here, so that high ratios leave enough room for low ones.
pub const MAX_RATIO: f64 = 2.0;
/// A shape needs three corners.
pub const MIN_CORNERS: usize = 3;

/// One indicator.
pub struct Spoke {
    pub name: String,
    /// The last line of its label.
    pub value: String,
    /// `None` where it is not known.
    pub ratio: Option<f64>,
    /// On the wrong side of its bound: its corner is a ring.
    pub is_short: bool,
    pub name_is_strong: bool,
    pub value_is_strong: bool,
    /// The colour of texts in bold.
    pub colour: RGBColor,
    pub tip: String,
    pub data: Vec<(&'static str, String)>,
}

/// The sizes of a radar.
pub struct Style {
    pub radius: f64,
    pub font: f64,
    pub line: f64,
    /// Between the end of a spoke and its label.
    pub label_gap: f64,
    pub label_lines: usize,
    /// The radius of a corner on the right side of its bound.
    pub good_corner: f64,
    /// The radius of a corner on the wrong side, and the width of its ring.
    pub short_corner: f64,
    pub short_edge: f64,
    /// The rings whose ratio is printed.
    pub numbers: &'static [f64],
    pub number_font: f64,
    pub number_height: f64,
}

impl Style {
    fn good(&self) -> Paint {
        Paint::fill(MET).edged(PAPER, 1.0)
    }
    fn short(&self) -> Paint {
        Paint::fill(PAPER).edged(UNMET, self.short_edge)
    }

    /// The symbols of the legend: a good corner, a short one, the ring of the bound.
    pub fn symbols(&self) -> [Symbol; 3] {
        [
            Symbol::Circle(self.good(), self.good_corner),
            Symbol::Circle(self.short(), self.short_corner),
            Symbol::Line(Paint::stroke(LIMIT, 1.6)),
        ]
    }

    /// Draws the radar. `floor` is a second ring, dashed; `label_width` gives the maximum width of a label by its anchor
    /// and its horizontal distance from the centre.
    pub fn draw(
        &self,
        canvas: &Canvas,
        centre: (f64, f64),
        spokes: &[Spoke],
        floor: Option<f64>,
        label_width: impl Fn(Anchor, f64) -> f64,
    ) {
        let count = spokes.len();
        let at = |k: f64, ratio: f64| {
            let (sin, cos) = (std::f64::consts::TAU * k / count as f64).sin_cos();
            let length = self.radius * (ratio / MAX_RATIO).clamp(0.0, 1.0);
            (centre.0 + length * sin, centre.1 - length * cos)
        };
        let ring = |ratio: f64, paint: &Paint| {
            let corners: Vec<(f64, f64)> = (0..count).map(|k| at(k as f64, ratio)).collect();
            canvas.polygon(&corners, paint);
        };
        for ratio in [0.5, 1.5, MAX_RATIO] {
            ring(ratio, &Paint::stroke(MESH, 1.0));
        }
        for k in 0..count {
            canvas.line(centre, at(k as f64, MAX_RATIO), &Paint::stroke(MESH, 1.0));
        }
        if let Some(floor) = floor {
            ring(floor, &floor_line());
        }
        ring(1.0, &Paint::stroke(LIMIT, 1.6));
        let corners: Vec<Option<(f64, f64)>> =
            spokes.iter().enumerate().map(|(k, spoke)| Some(at(k as f64, spoke.ratio?))).collect();
        outline(canvas, &corners);
        // Between the first two spokes, where no corner lies.
        for &ratio in self.numbers {
            let (x, y) = at(0.5, ratio);
            let text = percent(ratio);
            let (width, height) = (canvas.font.width(&text, self.number_font) + 4.0, self.number_height);
            let ground = Rect::new(x - width / 2.0, y - height / 2.0, width, height);
            canvas.rect(ground, &Paint::fill(PAPER).with_opacity(0.85));
            canvas.text(&text, (x, y), Anchor::Middle, self.number_font, FAINT);
        }
        for (k, (spoke, corner)) in spokes.iter().zip(corners).enumerate() {
            let end = at(k as f64, MAX_RATIO);
            let data: Vec<(&'static str, &str)> =
                spoke.data.iter().map(|(name, value)| (*name, value.as_str())).collect();
            canvas.mark(&spoke.tip, &data, || {
                match corner {
                    Some(corner) if spoke.is_short => canvas.circle(corner, self.short_corner, &self.short()),
                    Some(corner) => canvas.circle(corner, self.good_corner, &self.good()),
                    None => canvas.line(centre, end, &Paint::stroke(AXIS, 1.2).dashed(2.0, 4.0)),
                }
                self.label(canvas, centre, end, spoke, &label_width);
            });
        }
    }

    /// Name and value outside the end of a spoke.
    fn label(
        &self,
        canvas: &Canvas,
        centre: (f64, f64),
        end: (f64, f64),
        spoke: &Spoke,
        width: &impl Fn(Anchor, f64) -> f64,
    ) {
        let (dx, dy) = ((end.0 - centre.0) / self.radius, (end.1 - centre.1) / self.radius);
        let anchor = match dx {
            dx if dx > 0.2 => Anchor::Start,
            dx if dx < -0.2 => Anchor::End,
            _ => Anchor::Middle,
        };
        let (x, y) = (end.0 + self.label_gap * dx, end.1 + self.label_gap * dy);
        let width = width(anchor, (x - centre.0).abs());
        let name = wrap(canvas.font, &spoke.name, self.font, width, self.label_lines);
        let lines = name.iter().map(|line| (line, spoke.name_is_strong));
        let lines: Vec<(&String, bool)> = lines.chain([(&spoke.value, spoke.value_is_strong)]).collect();
        let height = self.line * lines.len() as f64;
        // The block grows away from the shape.
        let mut y = y - height / 2.0 + dy * height / 2.0 + self.line / 2.0;
        for (line, is_strong) in lines {
            match is_strong {
                true => canvas.strong(line, (x, y), anchor, self.font, spoke.colour),
                false => canvas.text(line, (x, y), anchor, self.font, INK),
            };
            y += self.line;
        }
    }
}

/// The ring of a floor.
pub fn floor_line() -> Paint {
    Paint::stroke(LIMIT, 1.0).dashed(4.0, 3.0)
}

/// The shape through the corners. Where one is not known its outline has a gap, and nothing is filled.
fn outline(canvas: &Canvas, corners: &[Option<(f64, f64)>]) {
    if let Some(shape) = corners.iter().copied().collect::<Option<Vec<_>>>() {
        canvas.polygon(&shape, &Paint::fill(MET).with_opacity(0.16).edged(MET, 2.0));
        return;
    }
    let next = corners.iter().cycle().skip(1);
    for (from, to) in corners.iter().zip(next).filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
        canvas.line(from, to, &Paint::stroke(MET, 2.0));
    }
}

/// A ratio in whole percent; with decimals where 100 would hide on which side of the bound it lies.
pub fn percent(ratio: f64) -> String {
    let text = |decimals| number::fixed(Some(100.0 * ratio), decimals);
    let is_hundred = |text: &str| {
        text.strip_prefix("100").is_some_and(|rest| rest.chars().all(|c| matches!(c, '.' | '0')))
    };
    let hides = |text: &str| ratio != 1.0 && is_hundred(text);
    let shown = (0..3).map(text).find(|text| !hides(text)).unwrap_or_else(|| text(3));
    format!("{shown}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_stay_on_their_side_of_the_threshold() {
        assert_eq!(
            (percent(0.412), percent(1.0), percent(3.0)),
            ("41%".into(), "100%".into(), "300%".into())
        );
        assert_eq!(
            (percent(0.9999), percent(1.004), percent(0.996)),
            ("99.99%".into(), "100.4%".into(), "99.6%".into())
        );
    }
}
