//! Small multiples: panels of one size in rows and columns.

use super::{
    canvas::{Anchor, Canvas},
    layout::{Rect, wrap},
    palette::INK,
};

pub const SIZE: f64 = 12.0;
/// Space left of a plot, for the numbers of its axis.
const NUMBERS: f64 = 38.0;
const RIGHT: f64 = 12.0;
/// Space above a plot: two lines of title and one with the value.
const HEAD: f64 = 60.0;
/// Space below a plot: years and a gap.
const FOOT: f64 = 34.0;

#[derive(Debug, Clone, Copy)]
pub struct Grid {
    count: usize,
    columns: usize,
    left: f64,
    top: f64,
    width: f64,
    /// Height of a plot.
    height: f64,
    head: f64,
    foot: f64,
    is_centred: bool,
}

impl Grid {
    /// A grid of `count` panels between `left` and `right`, in as few rows as leave them wide enough.
    pub fn new(count: usize, (left, right): (f64, f64), top: f64, height: f64) -> Grid {
        let columns = match count {
            0 | 1 => 1,
            2 | 4 => 2,
            3 | 5 | 6 | 9 => 3,
            _ => 4,
        };
        Grid::in_columns(count, columns, (left, right), top, height)
    }

    pub fn in_columns(
        count: usize,
        columns: usize,
        (left, right): (f64, f64),
        top: f64,
        height: f64,
    ) -> Grid {
        let width = (right - left) / columns as f64;
        Grid { count, columns, left, top, width, height, head: HEAD, foot: FOOT, is_centred: false }
    }

    /// The grid with more space above the plots, for the name of an upright axis.
    pub fn with_axis_name(self) -> Grid {
        Grid { head: HEAD + 16.0, ..self }
    }

    /// The grid with this space below the plots.
    pub fn with_foot(self, foot: f64) -> Grid {
        Grid { foot, ..self }
    }

    /// The grid with titles in the middle of panels, not in bold.
    pub fn centred(self) -> Grid {
        Grid { is_centred: true, ..self }
    }

    /// Height of a row of panels.
    fn row(&self) -> f64 {
        self.head + self.height + self.foot
    }

    fn corner(&self, at: usize) -> (f64, f64) {
        let (column, row) = ((at % self.columns) as f64, (at / self.columns) as f64);
        (self.left + column * self.width, self.top + row * self.row())
    }

    /// Where the plot of the n-th panel is.
    pub fn plot(&self, at: usize) -> Rect {
        let (x, y) = self.corner(at);
        Rect::new(x + NUMBERS, y + self.head, self.width - NUMBERS - RIGHT, self.height)
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.count.div_ceil(self.columns) as f64 * self.row()
    }

    /// Draws the panel's title; `value` draws the line under it, at the point that is passed.
    pub fn head(&self, canvas: &Canvas, at: usize, title: &str, value: impl FnOnce((f64, f64))) {
        let (x, y) = self.corner(at);
        let lines = wrap(canvas.font, title, SIZE, self.width - 14.0, 2);
        // The last line of every title stands at the same height.
        let mut line_y = y + 8.0 + 16.0 * (2 - lines.len().min(2)) as f64;
        let x = if self.is_centred { x + self.width / 2.0 } else { x + 4.0 };
        for line in lines {
            match self.is_centred {
                true => canvas.text(&line, (x, line_y), Anchor::Middle, SIZE, INK),
                false => canvas.strong(&line, (x, line_y), Anchor::Start, SIZE, INK),
            };
            line_y += 16.0;
        }
        value((x, y + 41.0));
    }
}
