//! Shares by year: a column a year, its parts one on another.

use plotters::style::RGBColor;

use super::year_axis::YearAxis;
use crate::chart::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{FAINT, PAPER, text_on},
    plot::Plot,
};

/// Of one column, from below.
pub struct Part {
    /// Of the column.
    pub share: f64,
    pub fill: RGBColor,
    /// Slanting lines of this colour.
    pub hatch: Option<RGBColor>,
    pub tip: String,
    /// Printed inside where there is room.
    pub text: String,
}

const INSIDE: f64 = 11.0;

/// A plot of shares from 0 to 100 %, with its axes.
pub fn plot<'a>(canvas: &'a Canvas, rect: Rect, years: YearAxis, unit: &str) -> Plot<'a> {
    let plot = Plot::new(canvas, rect, years.range(), 0.0..100.0);
    plot.axis_y(5, "");
    // Above what stands on the columns.
    canvas.text(unit, (rect.x - 6.0, rect.y - 26.0), Anchor::Start, INSIDE, FAINT);
    years.draw(&plot);
    plot
}

/// Draws the column of a year; gives its left and right edge.
pub fn column(
    plot: &Plot,
    years: YearAxis,
    year: i32,
    parts: &[Part],
    data: &[(&'static str, &str)],
) -> (f64, f64) {
    let canvas = plot.canvas;
    let step = years.step(plot.rect.width);
    let width = (0.76 * step).min(90.0);
    let left = plot.x(f64::from(year)) - width / 2.0;
    let mut below = 0.0;
    for part in parts.iter().filter(|part| part.share > 0.0) {
        let (bottom, top) = (plot.y(100.0 * below), plot.y(100.0 * (below + part.share)));
        let rect = Rect::new(left, top, width, bottom - top);
        canvas.mark(&part.tip, data, || {
            canvas.rect(rect, &Paint::fill(part.fill));
            if let Some(hatch) = part.hatch {
                canvas.hatch(rect, hatch, 5.0);
            }
            canvas.rect(rect, &Paint::stroke(PAPER, 0.8));
            let wide = canvas.font.width(&part.text, INSIDE);
            if !part.text.is_empty() && wide + 6.0 <= width && rect.height >= INSIDE + 4.0 {
                let (x, y) = rect.middle();
                if part.hatch.is_some() {
                    let ground = Rect::new(x - wide / 2.0 - 2.0, y - 7.0, wide + 4.0, 14.0);
                    canvas.rect(ground, &Paint::fill(part.fill));
                }
                canvas.text(&part.text, (x, y), Anchor::Middle, INSIDE, text_on(part.fill));
            }
        });
        below += part.share;
    }
    (left, left + width)
}
