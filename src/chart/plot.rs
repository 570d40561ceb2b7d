//! A coordinate system of plotters on a part of a canvas, with its axes.

use std::ops::Range;

use plotters::{
    coord::{ranged1d::Ranged, types::RangedCoordf64},
    style::RGBColor,
};

use super::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{AXIS, FAINT, MESH},
};
use crate::number;

/// The size of the numbers and titles of axes.
pub const AXIS_SIZE: f64 = 11.5;

/// plotters works in whole pixels: it is given tenths of a pixel.
const TENTHS: f64 = 10.0;

pub struct Plot<'a> {
    pub canvas: &'a Canvas,
    pub rect: Rect,
    x: RangedCoordf64,
    y: RangedCoordf64,
}

impl<'a> Plot<'a> {
    /// Higher values of `y` are further up. An empty or infinite range becomes one that can be drawn.
    pub fn new(canvas: &'a Canvas, rect: Rect, x: Range<f64>, y: Range<f64>) -> Plot<'a> {
        Plot { canvas, rect, x: drawable(x).into(), y: drawable(y).into() }
    }

    /// Draws a bar in the n-th row from above, where `y` counts rows. `thickness` is in parts of a row.
    pub fn bar(&self, row: usize, (from, to): (f64, f64), thickness: f64, colour: RGBColor) {
        let middle = self.y.range().end - row as f64 - 0.5;
        let (left, top) = self.at(from, middle + thickness / 2.0);
        let (right, bottom) = self.at(to, middle - thickness / 2.0);
        let bar = Rect::new(left.min(right), top, (right - left).abs(), bottom - top);
        self.canvas.rect(bar, &Paint::fill(colour));
    }

    /// The position of a value on the canvas, in pixels.
    pub fn x(&self, value: f64) -> f64 {
        let at = self.x.map(&value, (0, (self.rect.width * TENTHS).round() as i32));
        self.rect.x + f64::from(at) / TENTHS
    }
    pub fn y(&self, value: f64) -> f64 {
        let at = self.y.map(&value, ((self.rect.height * TENTHS).round() as i32, 0));
        self.rect.y + f64::from(at) / TENTHS
    }
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x(x), self.y(y))
    }

    /// About `count` round numbers for an axis.
    fn ticks_x(&self, count: usize) -> Vec<f64> {
        ticks(&self.x, count)
    }
    fn ticks_y(&self, count: usize) -> Vec<f64> {
        ticks(&self.y, count)
    }

    /// Draws mesh lines with about `count` numbers below, and the unit under them.
    pub fn axis_x(&self, count: usize, unit: &str) {
        let ticks = self.ticks_x(count);
        let decimals = decimals(&ticks);
        for &tick in &ticks {
            let x = self.x(tick);
            self.canvas.line((x, self.rect.y), (x, self.rect.bottom()), &Paint::stroke(MESH, 1.0));
            let text = number::fixed(Some(tick), decimals);
            self.canvas.text(&text, (x, self.rect.bottom() + 12.0), Anchor::Middle, AXIS_SIZE, FAINT);
        }
        let base = self.rect.bottom();
        self.canvas.line((self.rect.x, base), (self.rect.right(), base), &Paint::stroke(AXIS, 1.0));
        self.canvas.text(unit, (self.rect.right(), base + 28.0), Anchor::End, AXIS_SIZE, FAINT);
    }

    /// Draws mesh lines with about `count` numbers at the left, and the unit above them.
    pub fn axis_y(&self, count: usize, unit: &str) {
        let ticks = self.ticks_y(count);
        let decimals = decimals(&ticks);
        let (left, right) = (self.rect.x, self.rect.right());
        for &tick in &ticks {
            let y = self.y(tick);
            self.canvas.line((left, y), (right, y), &Paint::stroke(MESH, 1.0));
            let text = number::fixed(Some(tick), decimals);
            self.canvas.text(&text, (left - 6.0, y), Anchor::End, AXIS_SIZE, FAINT);
        }
        self.canvas.line((left, self.rect.y), (left, self.rect.bottom()), &Paint::stroke(AXIS, 1.0));
        self.canvas.text(unit, (left - 6.0, self.rect.y - 14.0), Anchor::Start, AXIS_SIZE, FAINT);
    }
}

fn ticks(range: &RangedCoordf64, count: usize) -> Vec<f64> {
    let mut ticks = range.key_points(count.max(2));
    ticks.retain(|t| t.is_finite());
    ticks
}

fn drawable(range: Range<f64>) -> Range<f64> {
    let start = if range.start.is_finite() { range.start } else { 0.0 };
    let end = if range.end.is_finite() { range.end } else { start };
    // Relative to the end: 1e18..1e18+1 has no width in binary fractions.
    if end - start > end.abs() * 1e-9 { start..end } else { start..start + start.abs().max(1.0) }
}

/// The decimals that tell the ticks apart.
fn decimals(ticks: &[f64]) -> u32 {
    let step = ticks.windows(2).map(|w| (w[1] - w[0]).abs()).filter(|s| *s > 0.0).fold(f64::MAX, f64::min);
    (0..6)
        .find(|&d| {
            ((step * 10f64.powi(d)).round() - step * 10f64.powi(d)).abs() < 1e-6 * step * 10f64.powi(d)
        })
        .unwrap_or(6) as u32
}
