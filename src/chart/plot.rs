//! A coordinate system of plotters on a part of a canvas, with its axes.

use std::ops::Range;

use plotters::{
    coord::{Shift, ranged1d::Ranged, types::RangedCoordf64},
    drawing::IntoDrawingArea,
    element::{Drawable, PointCollection, Rectangle},
    prelude::{Cartesian2d, DrawingArea},
    style::{RGBColor, ShapeStyle},
};

use super::{
    canvas::{Anchor, Canvas, FINE, Paint, Pen},
    layout::Rect,
    palette::{AXIS, FAINT, MESH},
};
use crate::number;

/// The size of the numbers and titles of axes.
pub const AXIS_SIZE: f64 = 11.5;

type Coordinates = Cartesian2d<RangedCoordf64, RangedCoordf64>;

pub struct Plot<'a> {
    pub canvas: &'a Canvas,
    pub rect: Rect,
    area: DrawingArea<Pen<'a>, Coordinates>,
    x: RangedCoordf64,
    y: RangedCoordf64,
}

impl<'a> Plot<'a> {
    /// Higher values of `y` are further up. An empty or infinite range becomes one that can be drawn.
    pub fn new(canvas: &'a Canvas, rect: Rect, x: Range<f64>, y: Range<f64>) -> Plot<'a> {
        let (x, y) = (drawable(x), drawable(y));
        let area: DrawingArea<Pen<'a>, Shift> = canvas.pen(rect).into_drawing_area();
        let pixels = |length: f64| (length * FINE).round() as i32;
        let coordinates =
            Coordinates::new(x.clone(), y.clone(), (0..pixels(rect.width), pixels(rect.height)..0));
        Plot { canvas, rect, area: area.apply_coord_spec(coordinates), x: x.into(), y: y.into() }
    }

    /// Draws a bar in the n-th row from above, where `y` counts rows. `thickness` is in parts of a row.
    pub fn bar(&self, row: usize, (from, to): (f64, f64), thickness: f64, colour: RGBColor) {
        let (middle, half) = (self.row(row), thickness / 2.0);
        let style = ShapeStyle { color: colour.into(), filled: true, stroke_width: FINE as u32 };
        self.draw(&Rectangle::new([(from, middle - half), (to, middle + half)], style));
    }

    /// Draws an element of plotters: `Circle`, `Rectangle`, `PathElement`, `Polygon` … Sizes are tenths of a pixel
    /// ([`FINE`]).
    pub fn draw<E>(&self, element: &E)
    where
        for<'b> &'b E: PointCollection<'b, (f64, f64)>,
        E: Drawable<Pen<'a>>,
    {
        // Drawing into memory does not fail.
        let _ = self.area.draw(element);
    }

    /// The place of a value on the canvas, in pixels.
    pub fn x(&self, value: f64) -> f64 {
        let at = self.x.map(&value, (0, (self.rect.width * FINE).round() as i32));
        self.rect.x + f64::from(at) / FINE
    }
    pub fn y(&self, value: f64) -> f64 {
        let at = self.y.map(&value, ((self.rect.height * FINE).round() as i32, 0));
        self.rect.y + f64::from(at) / FINE
    }
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x(x), self.y(y))
    }

    /// The middle of the n-th row from above, where `y` counts rows.
    fn row(&self, at: usize) -> f64 {
        self.y.range().end - at as f64 - 0.5
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
