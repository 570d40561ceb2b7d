//! The legend under a picture's title: symbols and what they mean, in as many lines as they need.

use plotters::style::RGBColor;

use super::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{AXIS, FAINT, MISSING, PAPER},
};

const SIZE: f64 = 11.5;
const LINE: f64 = 20.0;
/// The gap between a symbol and its text, and between one entry and the next.
const SYMBOL_GAP: f64 = 6.0;
const ENTRY_GAP: f64 = 18.0;

/// A symbol as the picture draws it.
pub enum Symbol {
    Box(Paint),
    /// A box with slanting lines over it.
    Hatched(Paint),
    /// The number is its radius.
    Circle(Paint, f64),
    Line(Paint),
    /// An entry that is text alone.
    None,
}

/// Draws the entries from `left` to `right`, their first line directly below `top`. Returns the lower edge.
pub fn legend(canvas: &Canvas, entries: &[(Symbol, String)], (left, right): (f64, f64), top: f64) -> f64 {
    let (mut x, mut y) = (left, top + LINE / 2.0);
    for (symbol, words) in entries {
        let width = match symbol {
            Symbol::Circle(_, radius) => 2.0 * radius,
            Symbol::Line(_) => 22.0,
            Symbol::None => 0.0,
            _ => 14.0,
        };
        let space = if width > 0.0 { SYMBOL_GAP } else { 0.0 };
        let whole = width + space + canvas.font.width(words, SIZE);
        if x + whole > right && x > left {
            (x, y) = (left, y + LINE);
        }
        let rect = Rect::new(x, y - 6.0, 14.0, 12.0);
        match symbol {
            Symbol::Box(paint) => canvas.rect(rect, paint),
            Symbol::Hatched(paint) => {
                canvas.rect(rect, paint);
                canvas.hatch(rect, paint.stroke.unwrap_or(PAPER), 4.0);
            }
            Symbol::Circle(paint, radius) => canvas.circle((x + radius, y), *radius, paint),
            Symbol::Line(paint) => canvas.line((x, y), (x + width, y), paint),
            Symbol::None => {}
        }
        canvas.text(words, (x + width + space, y), Anchor::Start, SIZE, FAINT);
        x += whole + ENTRY_GAP;
    }
    y + LINE / 2.0
}

/// A rectangle filled with slanting lines, so that it can be told apart without colour.
pub fn hatched(canvas: &Canvas, rect: Rect, colour: RGBColor) {
    canvas.rect(rect, &Paint::fill(PAPER).edged(colour, 1.2));
    canvas.hatch(rect, colour, 5.0);
}

/// An area where nothing is known.
pub fn unknown(canvas: &Canvas, rect: Rect) {
    canvas.rect(rect, &Paint::fill(MISSING));
    canvas.hatch(rect, AXIS, 5.0);
}
