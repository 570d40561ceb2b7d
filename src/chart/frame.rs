//! What every picture has: the finding as its title, a line under it that says what is shown and of which place and
//! year, and a line at the foot that names program, standard, inputs and date.

use super::{
    Drawn, Kind, Picture,
    canvas::{Anchor, Canvas},
    layout::{balanced, fit, wrap},
    palette::{FAINT, INK},
};
use crate::{
    number,
    problem::Result,
    standard::{Section, Standard},
    words::Words,
};

/// Width of pictures: they stand across a page of A4 with texts of 7 points and more.
const WIDTH: f64 = 800.0;
/// Width of a picture that stands beside another: its texts are as large on half a page.
const NARROW_WIDTH: f64 = 520.0;
/// The margin at both sides.
pub const MARGIN: f64 = 20.0;
const TITLE: f64 = 18.0;
const SUBTITLE: f64 = 12.5;
const FOOT: f64 = 10.0;
/// Text and line height of notes below a picture.
pub const NOTE: f64 = 11.5;
const NOTE_LINE: f64 = 16.0;

/// What a picture is about: a county, the year's report, one district of it, or a scoring.
pub trait Subject {
    fn standard(&self) -> &Standard;
    fn words(&self) -> &Words;
    /// The line under the title: what is shown, and of which place and year.
    fn subtitle(&self, what: String) -> String;
    /// The line at the foot: program, standard, inputs and date. Empty where the page has it.
    fn made_line(&self) -> String;

    /// Whether two pictures stand side by side on a page.
    fn is_narrow(&self) -> bool {
        false
    }

    /// An indicator's title, short where the catalogue has a short form (`[chart.short]`, by the Chinese title).
    fn short_title(&self, indicator: &str) -> String {
        let (standard, words) = (self.standard(), self.words());
        let long = standard.title_of(indicator, words.language);
        let key =
            standard.indicator(indicator).map(|indicator| format!("chart.short.{}", indicator.title.zh));
        match key.filter(|key| words.has(key)) {
            Some(key) => words.say(&key),
            None if long.is_empty() => indicator.to_string(),
            None => long.to_string(),
        }
    }

    /// A section's name at the beginning of a heading or a line.
    fn section_name(&self, section: Section) -> String {
        self.words().say(&format!("chart.section.{}", section.id()))
    }

    /// A CV with the decimals of the form.
    fn cv_text(&self, cv: Option<f64>) -> String {
        number::fixed(cv, self.standard().print.cv)
    }

    /// A school's value of an indicator, with the decimals of the form and its unit.
    fn value_text(&self, value: Option<f64>, indicator: &str) -> String {
        self.with_unit(number::fixed(value, self.standard().print.value), indicator)
    }

    /// A mean of an indicator, with the decimals of the form and its unit.
    fn mean_text(&self, mean: Option<f64>, indicator: &str) -> String {
        self.with_unit(number::fixed(mean, self.standard().print.mean), indicator)
    }

    fn with_unit(&self, number: String, indicator: &str) -> String {
        match self.standard().indicator(indicator).map_or("", |indicator| indicator.unit.as_str()) {
            "" => number,
            unit => format!("{number} {}", self.words().unit(unit)),
        }
    }
}

/// A limit as the documents print it: `0.50`, `0.45`; more decimals where it has more.
pub fn limit_text(limit: Option<f64>) -> String {
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-9;
    let decimals = limit.and_then(|limit| (2..6).find(|&decimals| is_whole(limit * 10f64.powi(decimals))));
    number::fixed(limit, decimals.unwrap_or(6) as u32)
}

/// A year without a thousands separator.
pub fn year_text(year: i32) -> String {
    year.to_string()
}

/// A share in whole percent.
pub fn whole_percent(share: f64) -> String {
    number::fixed(Some(100.0 * share), 0) + "%"
}

/// The name, or the code of what has none.
pub fn name_or_code<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.trim().is_empty() { code } else { name }
}

/// The first element for which `is_wanted` holds; where there is none, `new` is appended.
pub fn find_or_push<T>(all: &mut Vec<T>, is_wanted: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let at = all.iter().position(is_wanted).unwrap_or_else(|| {
        all.push(new());
        all.len() - 1
    });
    &mut all[at]
}

/// Texts for the placeholders of a message.
pub type Args<'a> = &'a [(&'a str, String)];

/// A canvas with its title drawn. The picture itself begins at `top`.
pub struct Frame<'a> {
    pub canvas: Canvas,
    pub words: &'a Words,
    pub top: f64,
    kind: Kind,
    title: String,
    made_line: String,
}

impl<'a> Frame<'a> {
    /// `title` is the finding; `args` fill the message `what` of the chart.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn new(subject: &'a impl Subject, kind: Kind, title: String, args: Args) -> Result<Frame<'a>> {
        Frame::with_what(subject, kind, title, "what", args)
    }

    /// The same with another message than `what` for the line under the title.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn with_what(
        subject: &'a impl Subject,
        kind: Kind,
        title: String,
        what: &str,
        args: Args,
    ) -> Result<Frame<'a>> {
        let words = subject.words();
        let subtitle = subject.subtitle(words.fill(&format!("{}.{what}", kind.chart().words), args));
        let (width, size) = if subject.is_narrow() { (NARROW_WIDTH, 0.85 * TITLE) } else { (WIDTH, TITLE) };
        let canvas = Canvas::new(width)?;
        let inner = width - 2.0 * MARGIN;
        let mut y = 26.0;
        for line in balanced(canvas.font, &title, size, inner, 3) {
            canvas.strong(&line, (MARGIN, y), Anchor::Start, size, INK);
            y += size * 1.4;
        }
        for line in wrap(canvas.font, &subtitle, SUBTITLE, inner, 2) {
            canvas.text(&line, (MARGIN, y), Anchor::Start, SUBTITLE, FAINT);
            y += SUBTITLE * 1.5;
        }
        Ok(Frame { canvas, words, top: y + 6.0, kind, title, made_line: subject.made_line() })
    }

    pub fn left(&self) -> f64 {
        MARGIN
    }
    pub fn right(&self) -> f64 {
        self.canvas.width - MARGIN
    }
    pub fn sides(&self) -> (f64, f64) {
        (self.left(), self.right())
    }

    /// Writes small text across the picture, its first line at height `y`. Returns the height of the line that would
    /// follow.
    pub fn note(&self, text: &str, mut y: f64, max_lines: usize) -> f64 {
        for line in wrap(self.canvas.font, text, NOTE, self.right() - self.left(), max_lines) {
            self.canvas.text(&line, (self.left(), y), Anchor::Start, NOTE, FAINT);
            y += NOTE_LINE;
        }
        y
    }

    /// Writes the foot under `bottom`. `part` completes the picture's name (a section, an indicator); `args` fill the
    /// message `described` of the chart, in which `title` may be used too.
    pub fn finish(self, part: &str, args: Args, bottom: f64) -> Drawn {
        self.finish_as("described", part, args, bottom)
    }

    /// The same with another message than `described`.
    pub fn finish_as(self, described: &str, part: &str, args: Args, bottom: f64) -> Drawn {
        let inner = self.canvas.width - 2.0 * MARGIN;
        let mut y = bottom + if self.made_line.is_empty() { 0.0 } else { 20.0 };
        for line in wrap(self.canvas.font, &self.made_line, FOOT, inner, 2) {
            let line = fit(self.canvas.font, &line, FOOT, inner);
            self.canvas.text(&line, (MARGIN, y), Anchor::Start, FOOT, FAINT);
            y += FOOT * 1.4;
        }
        let chart = self.kind.chart();
        let args: Vec<(&str, String)> = args.iter().cloned().chain([("title", self.title.clone())]).collect();
        let description = self.words.fill(&format!("{}.{described}", chart.words), &args);
        let name = if part.is_empty() { chart.file.to_string() } else { format!("{}-{part}", chart.file) };
        let picture: Picture = self.canvas.finish(&name, self.kind, &self.title, &description, y + 4.0);
        Ok(vec![picture])
    }
}
