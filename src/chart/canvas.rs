//! The canvas keeps shapes and texts in drawing order. They are written as SVG when the picture is finished.
//!
//! Texts are kept as texts: a page shows them as such, a file shows their outlines, and tests find texts that overlap.

use std::{
    cell::{Cell, RefCell},
    fmt::Write,
};

use plotters::style::RGBColor;

use super::{
    Kind, Picture,
    coordinate::short,
    font::{Font, font},
    layout::{Rect, clean},
    palette,
};
use crate::problem::Result;

/// One element of a picture.
#[derive(Debug, Clone)]
pub enum Element {
    /// Begins a group with a tooltip. `data` has the names and values of its `data-` attributes.
    Open {
        tip: String,
        data: Vec<(&'static str, String)>,
    },
    /// Ends the group.
    Close,
    /// The SVG of a shape.
    Shape(String),
    Text(Label),
}

/// One line of text. Its anchor is at `x`, `y` on the baseline.
#[derive(Debug, Clone)]
pub struct Label {
    pub x: f64,
    pub y: f64,
    pub anchor: Anchor,
    pub size: f64,
    /// Degrees, clockwise.
    pub angle: f64,
    pub colour: RGBColor,
    pub strong: bool,
    pub text: String,
}

/// The point of a text that its position gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// The filling and the outline of a shape.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paint {
    pub fill: Option<RGBColor>,
    /// Opacity of the filling; 0, the default, means opaque.
    pub opacity: f64,
    pub stroke: Option<RGBColor>,
    pub width: f64,
    /// The lengths of dash and gap.
    pub dash: Option<(f64, f64)>,
}

impl Paint {
    pub fn fill(colour: RGBColor) -> Paint {
        Paint { fill: Some(colour), ..Paint::default() }
    }
    pub fn stroke(colour: RGBColor, width: f64) -> Paint {
        Paint { stroke: Some(colour), width, ..Paint::default() }
    }
    pub fn edged(self, colour: RGBColor, width: f64) -> Paint {
        Paint { stroke: Some(colour), width, ..self }
    }
    pub fn dashed(self, dash: f64, gap: f64) -> Paint {
        Paint { dash: Some((dash, gap)), ..self }
    }
    pub fn with_opacity(self, opacity: f64) -> Paint {
        Paint { opacity, ..self }
    }

    fn attributes(&self) -> String {
        let mut out = match self.fill {
            Some(fill) => format!(" fill=\"{}\"", palette::hex(fill)),
            None => " fill=\"none\"".to_string(),
        };
        if self.fill.is_some() && self.opacity > 0.0 && self.opacity < 1.0 {
            let _ = write!(out, " fill-opacity=\"{}\"", self.opacity);
        }
        if let Some(stroke) = self.stroke {
            let _ =
                write!(out, " stroke=\"{}\" stroke-width=\"{}\"", palette::hex(stroke), short(self.width));
        }
        if let Some((dash, gap)) = self.dash {
            let _ = write!(out, " stroke-dasharray=\"{} {}\"", short(dash), short(gap));
        }
        out
    }
}

/// What a picture is drawn on, in pixels at 1x. Its height is known when everything is drawn.
pub struct Canvas {
    pub font: &'static Font,
    pub width: f64,
    elements: RefCell<Vec<Element>>,
    open: Cell<usize>,
}

/// The box of a Chinese character above and below the baseline, in parts of the text size.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;
/// The distance from the middle of a line of text down to its baseline, in parts of its size.
const MIDDLE: f64 = 0.37;

impl Canvas {
    /// # Errors
    /// The font cannot be used.
    pub fn new(width: f64) -> Result<Canvas> {
        Ok(Canvas { font: font()?, width, elements: RefCell::default(), open: Cell::new(0) })
    }

    fn push(&self, element: Element) {
        self.elements.borrow_mut().push(element);
    }

    /// Makes one mark of what `draw` draws. It has a tooltip, and `data-` attributes that a page may use (`school`,
    /// `section`, `indicator`).
    pub fn mark(&self, tip: &str, data: &[(&'static str, &str)], draw: impl FnOnce()) {
        let data = data.iter().map(|(name, value)| (*name, clean(value))).collect();
        self.push(Element::Open { tip: clean(tip), data });
        self.open.set(self.open.get() + 1);
        draw();
        self.open.set(self.open.get() - 1);
        self.push(Element::Close);
    }

    pub fn rect(&self, rect: Rect, paint: &Paint) {
        let (x, y, w, h) =
            (short(rect.x), short(rect.y), short(rect.width.max(0.0)), short(rect.height.max(0.0)));
        self.push(Element::Shape(format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{}/>",
            paint.attributes()
        )));
    }

    /// Draws slanting lines over a rectangle: for unknown values, and for areas that must differ without colour.
    pub fn hatch(&self, rect: Rect, colour: RGBColor, gap: f64) {
        let (w, h) = (rect.width, rect.height);
        let mut path = String::new();
        let mut at = gap / 2.0;
        while at < w + h && w > 0.0 && h > 0.0 {
            // From the left or lower edge to the upper or right edge.
            let from = (at - h).max(0.0);
            let to = at.min(w);
            let y = |x: f64| rect.y + (at - x);
            let _ = write!(
                path,
                "M{} {}L{} {}",
                short(rect.x + from),
                short(y(from)),
                short(rect.x + to),
                short(y(to))
            );
            at += gap;
        }
        self.path(&path, &Paint::stroke(colour, 0.8));
    }

    /// Draws a path, whose `d` is that of SVG.
    pub fn path(&self, d: &str, paint: &Paint) {
        if !d.is_empty() {
            self.push(Element::Shape(format!("<path d=\"{d}\"{}/>", paint.attributes())));
        }
    }

    pub fn line(&self, from: (f64, f64), to: (f64, f64), paint: &Paint) {
        self.push(Element::Shape(format!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>",
            short(from.0),
            short(from.1),
            short(to.0),
            short(to.1),
            paint.attributes()
        )));
    }

    pub fn circle(&self, centre: (f64, f64), radius: f64, paint: &Paint) {
        self.push(Element::Shape(format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>",
            short(centre.0),
            short(centre.1),
            short(radius),
            paint.attributes()
        )));
    }

    pub fn polygon(&self, points: &[(f64, f64)], paint: &Paint) {
        self.shape("polygon", points, paint);
    }

    pub fn polyline(&self, points: &[(f64, f64)], paint: &Paint) {
        self.shape("polyline", points, paint);
    }

    fn shape(&self, shape: &str, points: &[(f64, f64)], paint: &Paint) {
        let all: Vec<String> = points.iter().map(|p| format!("{},{}", short(p.0), short(p.1))).collect();
        self.push(Element::Shape(format!("<{shape} points=\"{}\"{}/>", all.join(" "), paint.attributes())));
    }

    /// Writes one line of text whose vertical middle is at `y`. Returns its box.
    pub fn text(&self, text: &str, (x, y): (f64, f64), anchor: Anchor, size: f64, colour: RGBColor) -> Rect {
        let (y, text) = (y + MIDDLE * size, text.to_string());
        self.label(Label { x, y, anchor, size, angle: 0.0, colour, strong: false, text })
    }

    /// The same in bold.
    pub fn strong(
        &self,
        text: &str,
        (x, y): (f64, f64),
        anchor: Anchor,
        size: f64,
        colour: RGBColor,
    ) -> Rect {
        let (y, text) = (y + MIDDLE * size, text.to_string());
        self.label(Label { x, y, anchor, size, angle: 0.0, colour, strong: true, text })
    }

    /// Writes lines of text below each other, `step` apart, with the vertical middle of them all at `y`.
    pub fn lines(
        &self,
        lines: &[String],
        (x, y): (f64, f64),
        step: f64,
        anchor: Anchor,
        size: f64,
        colour: RGBColor,
    ) {
        let first = y - step / 2.0 * (lines.len() as f64 - 1.0);
        for (at, line) in lines.iter().enumerate() {
            self.text(line, (x, first + step * at as f64), anchor, size, colour);
        }
    }

    /// Writes any text. Returns its box.
    pub fn label(&self, label: Label) -> Rect {
        let label = Label { text: clean(&label.text), ..label };
        let rect = label.rect(self.font);
        if !label.text.is_empty() {
            self.push(Element::Text(label));
        }
        rect
    }

    /// The finished picture. `title` is the finding, `description` is for readers who cannot see the picture.
    pub fn finish(self, name: &str, kind: Kind, title: &str, description: &str, height: f64) -> Picture {
        debug_assert_eq!(self.open.get(), 0);
        let size = (self.width, height);
        Picture::new(name, kind, clean(title), clean(description), size, self.elements.into_inner())
    }
}

impl Label {
    /// The upright box around the text.
    pub fn rect(&self, font: &Font) -> Rect {
        let width = font.width(&self.text, self.size);
        let left = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width / 2.0,
            Anchor::End => -width,
        };
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let corners = [(left, -ASCENT), (left + width, -ASCENT), (left, DESCENT), (left + width, DESCENT)];
        let corners = corners.map(|(x, y)| (x, y * self.size));
        let turned = corners.map(|(x, y)| (self.x + x * cos - y * sin, self.y + x * sin + y * cos));
        let low = turned.iter().fold((f64::MAX, f64::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)));
        let high = turned.iter().fold((f64::MIN, f64::MIN), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        Rect { x: low.0, y: low.1, width: high.0 - low.0, height: high.1 - low.1 }
    }
}
