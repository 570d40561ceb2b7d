//! Shares by year: one stacked column per year.

use plotters::style::RGBColor;

use super::year_axis::YearAxis;
use crate::chart::{
    canvas::{Anchor, Canvas, Paint},
    layout::Rect,
    palette::{AXIS, FAINT, PAPER, text_on},
    plot::Plot,
};

/// One part of a column. The parts are stacked from below.
pub struct Segment {
    /// Share of the column, 0 to 1.
    pub share: f64,
    pub fill: RGBColor,
    /// The colour of slanting lines over it.
    pub hatch: Option<RGBColor>,
    pub tip: String,
    /// Printed inside where there is room.
    pub text: String,
}

const SIZE: f64 = 11.0;

/// A plot of shares from 0 to 100 %, with its axes.
pub fn plot<'a>(canvas: &'a Canvas, rect: Rect, years: YearAxis, unit: &str) -> Plot<'a> {
    let plot = Plot::new(canvas, rect, years.range(), 0.0..100.0);
    plot.axis_y(5, "");
    // Above the texts on top of the columns.
    canvas.text(unit, (rect.x - 6.0, rect.y - 26.0), Anchor::Start, SIZE, FAINT);
    years.draw(&plot);
    plot
}

/// Draws the column of a year. Returns its left and right edge.
pub fn column(
    plot: &Plot,
    years: YearAxis,
    year: i32,
    segments: &[Segment],
    data: &[(&'static str, &str)],
) -> (f64, f64) {
    let canvas = plot.canvas;
    let step = years.step(plot.rect.width);
    let width = (0.76 * step).min(90.0);
    let left = plot.x(f64::from(year)) - width / 2.0;
    let mut below = 0.0;
    for segment in segments.iter().filter(|segment| segment.share > 0.0) {
        let (bottom, top) = (plot.y(100.0 * below), plot.y(100.0 * (below + segment.share)));
        let rect = Rect::new(left, top, width, bottom - top);
        canvas.mark(&segment.tip, data, || {
            canvas.rect(rect, &Paint::fill(segment.fill));
            if let Some(hatch) = segment.hatch {
                canvas.hatch(rect, hatch, 5.0);
            }
            canvas.rect(rect, &Paint::stroke(PAPER, 0.8));
            let wide = canvas.font.width(&segment.text, SIZE);
            if !segment.text.is_empty() && wide + 6.0 <= width && rect.height >= SIZE + 4.0 {
                let (x, y) = rect.middle();
                if segment.hatch.is_some() {
                    let ground = Rect::new(x - wide / 2.0 - 2.0, y - 7.0, wide + 4.0, 14.0);
                    canvas.rect(ground, &Paint::fill(segment.fill));
                }
                canvas.text(&segment.text, (x, y), Anchor::Middle, SIZE, text_on(segment.fill));
            }
        });
        below += segment.share;
    }
    // White segments need an edge.
    canvas.rect(Rect::new(left, plot.rect.y, width, plot.rect.height), &Paint::stroke(AXIS, 0.8));
    (left, left + width)
}
