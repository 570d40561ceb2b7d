//! What stands round every picture: the finding as its title, district and year under it, what made it below.

use super::{
    Kind, Picture,
    canvas::{Anchor, Canvas},
    layout::{balanced, fit, wrap},
    palette::{FAINT, INK},
};
use crate::{problem::Result, tables::district::District};

/// Width of pictures: they stand across a page of A4 with texts of 7 points and more.
pub const WIDTH: f64 = 800.0;
/// Free at the left and right.
pub const MARGIN: f64 = 20.0;
const TITLE: f64 = 18.0;
const SUBTITLE: f64 = 12.5;
const FOOT: f64 = 10.0;
/// Width of a picture that stands beside another: its texts are as large on half a page.
pub const NARROW: f64 = 520.0;

/// A canvas with its head drawn. `top` is where the picture itself begins.
pub struct Frame {
    pub canvas: Canvas,
    pub top: f64,
    title: String,
    made: String,
    width: f64,
}

impl Frame {
    /// `title`: the finding. `what`: what is shown, in a few words, put before district and year.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn new(district: &District, title: &str, what: &str) -> Result<Frame> {
        let args = [
            ("what", what.to_string()),
            ("district", district.name.clone()),
            ("year", district.year.to_string()),
        ];
        Frame::under(title, &district.words.text("chart.subtitle", &args), district.made_line())
    }

    /// The same with a subtitle of one's own.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn under(title: &str, subtitle: &str, made: String) -> Result<Frame> {
        Frame::sized(WIDTH, TITLE, title, subtitle, made)
    }

    /// For half a page; without a line of what made it, which the page has.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn narrow(title: &str, subtitle: &str) -> Result<Frame> {
        Frame::sized(NARROW, 0.85 * TITLE, title, subtitle, String::new())
    }

    fn sized(width: f64, size: f64, title: &str, subtitle: &str, made: String) -> Result<Frame> {
        let canvas = Canvas::new(width)?;
        let inner = width - 2.0 * MARGIN;
        let mut y = 26.0;
        for line in balanced(canvas.font, title, size, inner, 3) {
            canvas.strong(&line, (MARGIN, y), Anchor::Start, size, INK);
            y += size * 1.4;
        }
        for line in wrap(canvas.font, subtitle, SUBTITLE, inner, 2) {
            canvas.text(&line, (MARGIN, y), Anchor::Start, SUBTITLE, FAINT);
            y += SUBTITLE * 1.5;
        }
        Ok(Frame { canvas, top: y + 6.0, title: title.to_string(), made, width })
    }

    pub fn left(&self) -> f64 {
        MARGIN
    }
    pub fn right(&self) -> f64 {
        self.width - MARGIN
    }

    /// Writes the foot under `bottom`, and is done.
    pub fn finish(self, name: &str, kind: Kind, description: &str, bottom: f64) -> Picture {
        let inner = self.width - 2.0 * MARGIN;
        let mut y = bottom + if self.made.is_empty() { 0.0 } else { 20.0 };
        for line in wrap(self.canvas.font, &self.made, FOOT, inner, 2) {
            self.canvas.text(
                &fit(self.canvas.font, &line, FOOT, inner),
                (MARGIN, y),
                Anchor::Start,
                FOOT,
                FAINT,
            );
            y += FOOT * 1.4;
        }
        self.canvas.finish(name, kind, &self.title, description, y + 4.0)
    }
}
