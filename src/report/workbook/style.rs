//! The look of a cell: a few named styles, and what each sheet changes in them.

use std::sync::Arc;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// Background colours, which can be distinguished in grey print.
pub const GREY: u32 = 0xD9D9D9;
pub const LIGHT_GREY: u32 = 0xF2F2F2;
/// Attention, warning, serious.
pub const YELLOW: u32 = 0xFFF2CC;
pub const ORANGE: u32 = 0xFFD9B3;
pub const RED: u32 = 0xE8A08C;
/// Closed, or awaited.
pub const PALE: u32 = 0xEDEDED;
const LINES: u32 = 0xA6A6A6;
const DIM: u32 = 0x595959;
const BLUE: u32 = 0x0563C1;

/// The look of a cell. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Style(Arc<Format>);

impl Style {
    /// A cell without any formatting.
    pub fn new() -> Style {
        Style::default()
    }

    /// A title above a sheet or a part of it.
    pub fn title(size: u32) -> Style {
        Style::new().bold().size(size)
    }

    /// A small grey line, for provenance and omissions.
    pub fn note() -> Style {
        Style::new().size(9).colour(DIM)
    }

    /// A longer text, wrapped and aligned to the top.
    pub fn wrapped() -> Style {
        Style::new().wrap().top()
    }

    /// A cell of a list: with borders, wrapped.
    pub fn cell() -> Style {
        Style::wrapped().lines()
    }

    /// The heading of such a list.
    pub fn head() -> Style {
        Style::cell().centre().middle().bold().fill(GREY)
    }

    /// A link.
    pub fn link(self) -> Style {
        self.colour(BLUE).with(|format| format.set_underline(FormatUnderline::Single))
    }

    pub fn bold(self) -> Style {
        self.with(Format::set_bold)
    }

    pub fn italic(self) -> Style {
        self.with(Format::set_italic)
    }

    /// Font size in points.
    pub fn size(self, points: u32) -> Style {
        self.with(|format| format.set_font_size(points))
    }

    pub fn font(self, name: &str) -> Style {
        self.with(|format| format.set_font_name(name))
    }

    /// Font colour, as `0xRRGGBB`.
    pub fn colour(self, colour: u32) -> Style {
        self.with(|format| format.set_font_color(Color::RGB(colour)))
    }

    pub fn dim(self) -> Style {
        self.colour(DIM)
    }

    /// Background colour, as `0xRRGGBB`.
    pub fn fill(self, colour: u32) -> Style {
        self.with(|format| format.set_background_color(Color::RGB(colour)))
    }

    pub fn wrap(self) -> Style {
        self.with(Format::set_text_wrap)
    }

    pub fn top(self) -> Style {
        self.with(|format| format.set_align(FormatAlign::Top))
    }

    /// Vertically centred.
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

    /// Levels of indent.
    pub fn indent(self, levels: u8) -> Style {
        self.left().with(|format| format.set_indent(levels))
    }

    /// Grey borders.
    pub fn lines(self) -> Style {
        self.boxed().with(|format| format.set_border_color(Color::RGB(LINES)))
    }

    /// Black borders.
    pub fn boxed(self) -> Style {
        self.with(|format| format.set_border(FormatBorder::Thin))
    }

    pub fn open_above(self) -> Style {
        self.with(|format| format.set_border_top(FormatBorder::None))
    }

    pub fn open_below(self) -> Style {
        self.with(|format| format.set_border_bottom(FormatBorder::None))
    }

    /// Excel's number format: `0.0%`, `#,##0`.
    pub fn number_format(self, picture: impl Into<String>) -> Style {
        self.with(|format| format.set_num_format(picture))
    }

    /// Numbers with this number of decimals, without thousands separators.
    pub fn decimals(self, decimals: u32) -> Style {
        self.number_format(picture(decimals))
    }

    /// Text format: a code keeps its zeros, 2026年3月 does not become a date.
    pub fn typed(self) -> Style {
        self.number_format("@")
    }

    /// Can be changed even if the sheet is protected.
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

/// The number format with this number of decimals: `0`, `0.00`.
pub fn picture(decimals: u32) -> String {
    match decimals {
        0 => "0".to_string(),
        _ => format!("0.{}", "0".repeat(decimals as usize)),
    }
}
