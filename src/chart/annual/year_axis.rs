//! The years along the lower edge of a plot.

use std::ops::Range;

use crate::chart::{
    canvas::{Anchor, Paint},
    font::Font,
    frame::year_text,
    palette::{AXIS, FAINT},
    plot::Plot,
};

const SIZE: f64 = 11.0;
/// The minimum distance between two labels.
const GAP: f64 = 7.0;

/// From the first year to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearAxis {
    pub first: i32,
    pub last: i32,
}

impl YearAxis {
    pub fn new(first: i32, last: i32) -> YearAxis {
        YearAxis { first: first.min(last), last }
    }

    pub fn range(self) -> Range<f64> {
        f64::from(self.first) - 0.5..f64::from(self.last) + 0.5
    }

    pub fn count(self) -> usize {
        (i64::from(self.last) - i64::from(self.first) + 1).max(1) as usize
    }

    /// The width of one year, in pixels.
    pub fn step(self, width: f64) -> f64 {
        width / self.count() as f64
    }

    /// The years that have room for a label, counted back from the last.
    pub fn labels(self, font: &Font, width: f64) -> Vec<i32> {
        let label =
            font.width(&year_text(self.first), SIZE).max(font.width(&year_text(self.last), SIZE)) + GAP;
        let every = [1, 2, 5, 10, 20, 50, 100]
            .into_iter()
            .find(|every| *every as f64 * self.step(width) >= label)
            .unwrap_or(1000_usize);
        let mut labels: Vec<i32> = (self.first..=self.last).rev().step_by(every).collect();
        labels.reverse();
        labels
    }

    /// Draws base line, ticks and labels. Labels take 20 pixels below the plot.
    pub fn draw(self, plot: &Plot) {
        let (canvas, rect) = (plot.canvas, plot.rect);
        let base = rect.bottom();
        let axis = Paint::stroke(AXIS, 1.0);
        for year in self.labels(canvas.font, rect.width) {
            let x = plot.x(f64::from(year));
            canvas.line((x, base), (x, base + 3.0), &axis);
            canvas.text(&year_text(year), (x, base + 12.0), Anchor::Middle, SIZE, FAINT);
        }
        canvas.line((rect.x, base), (rect.right(), base), &axis);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::font::font;

    #[test]
    fn years_are_labelled_where_there_is_room() {
        let font = font().unwrap();
        assert_eq!(YearAxis::new(103, 110).labels(font, 400.0), [103, 104, 105, 106, 107, 108, 109, 110]);
        assert_eq!(YearAxis::new(2019, 2024).labels(font, 120.0), [2020, 2022, 2024]);
        assert_eq!(YearAxis::new(1995, 2024).labels(font, 130.0), [2004, 2014, 2024]);
        assert_eq!(YearAxis::new(2024, 2024).labels(font, 130.0), [2024]);
        assert_eq!(YearAxis::new(2024, 2024).range(), 2023.5..2024.5);
    }
}
