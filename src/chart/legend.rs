//! Signs that tell groups apart without colour, and the line that says what they stand for.

use plotters::style::RGBColor;

use super::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{INK, PAPER},
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sign {
    Filled(RGBColor),
    Hatched(RGBColor),
    Circle(RGBColor),
    Triangle(RGBColor),
    Square(RGBColor),
    /// Empty, with a strong edge.
    Ring(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
}

const SIZE: f64 = 12.5;

impl Sign {
    /// Round this point; `radius` in pixels.
    pub fn draw(self, canvas: &Canvas, (x, y): (f64, f64), radius: f64) {
        let side = Rect::new(x - radius, y - radius, 2.0 * radius, 2.0 * radius);
        match self {
            Sign::Filled(colour) => canvas.rect(side, &Paint::fill(colour)),
            Sign::Hatched(colour) => hatched(canvas, side, colour),
            Sign::Circle(colour) => {
                canvas.circle((x, y), radius, &Paint::fill(colour).edged(PAPER, 1.0));
            }
            Sign::Triangle(colour) => {
                let (high, wide) = (1.15 * radius, 1.2 * radius);
                let corners = [(x, y - high), (x + wide, y + 0.85 * radius), (x - wide, y + 0.85 * radius)];
                canvas.polygon(&corners, &Paint::fill(colour).edged(PAPER, 1.0));
            }
            Sign::Square(colour) => {
                canvas.rect(side.grown(-0.1 * radius), &Paint::fill(colour).edged(PAPER, 1.0));
            }
            Sign::Ring(colour) => {
                canvas.circle((x, y), radius - 1.0, &Paint::fill(PAPER).edged(colour, 2.5));
            }
            Sign::Line(colour) => {
                let paint = Paint::stroke(colour, 1.6);
                canvas.line((x - 1.8 * radius, y), (x + 1.8 * radius, y), &paint);
            }
            Sign::Dashes(colour) => {
                let paint = Paint::stroke(colour, 1.4).dashed(4.0, 3.0);
                canvas.line((x - 1.8 * radius, y), (x + 1.8 * radius, y), &paint);
            }
        }
    }
}

/// A bar whose filling says by lines that it is another kind.
pub fn hatched(canvas: &Canvas, rect: Rect, colour: RGBColor) {
    canvas.rect(rect, &Paint::fill(PAPER).edged(colour, 1.2));
    canvas.hatch(rect, colour, 5.0);
}

/// What the signs stand for, in as many lines as they need; gives the height below them.
pub fn legend(canvas: &Canvas, (left, top): (f64, f64), right: f64, entries: &[(Sign, String)]) -> f64 {
    let (mut x, mut y) = (left, top + 8.0);
    for (sign, text) in entries {
        let width = 26.0 + canvas.font.width(text, SIZE);
        if x > left && x + width > right {
            (x, y) = (left, y + 20.0);
        }
        sign.draw(canvas, (x + 9.0, y), 5.0);
        canvas.text(text, (x + 22.0, y), Anchor::Start, SIZE, INK);
        x += width + 18.0;
    }
    y + 14.0
}
