//! How a cell looks: a few named styles, and what each sheet changes in them.

use std::sync::Arc;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// Grounds. All can be told apart in grey print.
pub const GREY: u32 = 0xD9D9D9;
pub const LIGHT_GREY: u32 = 0xF2F2F2;
/// Something to look at, something worse, something bad.
pub const YELLOW: u32 = 0xFFF2CC;
pub const ORANGE: u32 = 0xFFD9B3;
pub const RED: u32 = 0xE8A08C;
/// What is closed, or awaited.
pub const PALE: u32 = 0xEDEDED;
const LINES: u32 = 0xA6A6A6;
const DIM: u32 = 0x595959;
const BLUE: u32 = 0x0563C1;

/// How a cell looks. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Style(Arc<Format>);

impl Style {
    /// A cell without any formatting.
    pub fn new() -> Style {
        Style::default()
    }

    /// A line above a sheet or a part of it.
    pub fn title(size: u32) -> Style {
        Style::new().bold().size(size)
    }

    /// A small grey line: what made this, what was left out.
    pub fn note() -> Style {
        Style::new().size(9).colour(DIM)
    }

    /// A longer text, broken at the width of its cell, from the top on.
    pub fn wrapped() -> Style {
        Style::new().wrap().top()
    }

    /// A cell of a list: lines around it, its text broken.
    pub fn cell() -> Style {
        Style::wrapped().lines()
    }

    /// The head of such a list.
    pub fn head() -> Style {
        Style::cell().centre().middle().bold().fill(GREY)
    }

    /// What leads elsewhere.
    pub fn link(self) -> Style {
        self.colour(BLUE).with(|format| format.set_underline(FormatUnderline::Single))
    }

    pub fn bold(self) -> Style {
        self.with(Format::set_bold)
    }

    pub fn italic(self) -> Style {
        self.with(Format::set_italic)
    }

    /// Points of the type.
    pub fn size(self, points: u32) -> Style {
        self.with(|format| format.set_font_size(points))
    }

    pub fn font(self, name: &str) -> Style {
        self.with(|format| format.set_font_name(name))
    }

    /// Of the type, as `0xRRGGBB`.
    pub fn colour(self, colour: u32) -> Style {
        self.with(|format| format.set_font_color(Color::RGB(colour)))
    }

    pub fn dim(self) -> Style {
        self.colour(DIM)
    }

    /// The ground, as `0xRRGGBB`.
    pub fn fill(self, colour: u32) -> Style {
        self.with(|format| format.set_background_color(Color::RGB(colour)))
    }

    pub fn wrap(self) -> Style {
        self.with(Format::set_text_wrap)
    }

    pub fn top(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::Top))
    }

    /// Half-way down.
    pub fn middle(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::VerticalCenter))
    }

    pub fn left(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::Left))
    }

    pub fn centre(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::Center))
    }

    pub fn right(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::Right))
    }

    /// Levels from the left edge.
    pub fn indent(self, levels: u8) -> Style {
        self.left().with(|format| format.set_indent(levels))
    }

    /// Grey lines around the cell.
    pub fn lines(self) -> Style {
        self.boxed().with(|format| format.set_border_color(Color::RGB(LINES)))
    }

    /// Black lines around the cell.
    pub fn boxed(self) -> Style {
        self.with(|format| format.set_border(FormatBorder::Thin))
    }

    pub fn open_above(self) -> Style {
        self.with(|format| format.set_border_top(FormatBorder::None))
    }

    pub fn open_below(self) -> Style {
        self.with(|format| format.set_border_bottom(FormatBorder::None))
    }

    /// How Excel shows numbers: `0.0%`, `#,##0`.
    pub fn number_format(self, picture: impl Into<String>) -> Style {
        self.with(|format| format.set_num_format(picture))
    }

    /// Numbers with that many decimals, without separators of thousands.
    pub fn decimals(self, decimals: u32) -> Style {
        self.number_format(picture(decimals))
    }

    /// Kept as it is typed: a code keeps its zeros, 2026年3月 does not become a day.
    pub fn typed(self) -> Style {
        self.number_format("@")
    }

    /// May be typed into where the sheet is protected.
    pub fn unlocked(self) -> Style {
        self.with(Format::set_unlocked)
    }

    fn with(self, change: impl FnOnce(Format) -> Format) -> Style {
        Style(Arc::new(change(Arc::unwrap_or_clone(self.0))))
    }

    pub(super) fn format(&self) -> &Format {
        &self.0
    }
}

/// `0`, `0.00`: the number format with so many decimals.
pub fn picture(decimals: u32) -> String {
    match decimals {
        0 => "0".to_string(),
        _ => format!("0.{}", "0".repeat(decimals as usize)),
    }
}
