//! What signs mean: in one line under a picture's head, or in several where it is narrow.

use super::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{FAINT, PAPER},
};

const SIZE: f64 = 11.5;
const LINE: f64 = 20.0;
/// Between a sign and its words, and between one entry and the next.
const NEAR: f64 = 6.0;
const FAR: f64 = 18.0;

/// A sign as the picture draws it.
pub enum Sign {
    Box(Paint),
    /// With slanting lines over it.
    Hatched(Paint),
    Circle(Paint, f64),
    Line(Paint),
    /// Words alone.
    None,
}

/// Draws the entries from `left` to `right`, their middle at `top` + half a line. Gives the lower edge.
pub fn legend(canvas: &Canvas, entries: &[(Sign, String)], (left, right): (f64, f64), top: f64) -> f64 {
    let (mut x, mut y) = (left, top + LINE / 2.0);
    for (sign, words) in entries {
        let width = match sign {
            Sign::Circle(_, radius) => 2.0 * radius,
            Sign::Line(_) => 22.0,
            Sign::None => 0.0,
            _ => 14.0,
        };
        let space = if width > 0.0 { NEAR } else { 0.0 };
        let whole = width + space + canvas.font.width(words, SIZE);
        if x + whole > right && x > left {
            (x, y) = (left, y + LINE);
        }
        let rect = Rect::new(x, y - 6.0, 14.0, 12.0);
        match sign {
            Sign::Box(paint) => canvas.rect(rect, paint),
            Sign::Hatched(paint) => {
                canvas.rect(rect, paint);
                canvas.hatch(rect, paint.stroke.unwrap_or(PAPER), 4.0);
            }
            Sign::Circle(paint, radius) => canvas.circle((x + radius, y), *radius, paint),
            Sign::Line(paint) => canvas.line((x, y), (x + width, y), paint),
            Sign::None => {}
        }
        canvas.text(words, (x + width + space, y), Anchor::Start, SIZE, FAINT);
        x += whole + FAR;
    }
    y + LINE / 2.0
}
