//! How the cells of a scoring workbook look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

pub struct Formats {
    pub title: Format,
    pub head: Format,
    pub label: Format,
    /// Locked, with lines.
    pub text: Format,
    /// Without lines.
    pub plain: Format,
    pub link: Format,
    pub number: Format,
    /// What is to be entered.
    pub entry: Format,
    /// Likewise, as typed: a name, a date.
    pub typed: Format,
    /// Of a unit that the item does not concern.
    pub barred: Format,
}

const GREY: u32 = 0xD9D9D9;

impl Formats {
    pub fn new() -> Formats {
        let cell = || {
            Format::new()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xA6A6A6))
        };
        let middle = || cell().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let grey = Color::RGB(GREY);
        Formats {
            title: Format::new().set_bold().set_font_size(14),
            head: middle().set_bold().set_background_color(grey),
            label: cell().set_bold().set_background_color(grey),
            text: cell().set_background_color(Color::RGB(0xF2F2F2)),
            plain: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            link: cell().set_font_color(Color::RGB(0x0563C1)).set_underline(FormatUnderline::Single),
            number: cell().set_background_color(Color::RGB(0xF2F2F2)).set_num_format("0.####"),
            // A number format of its own, so that 85% is not kept as 0.85 shown as 85 %.
            entry: middle().set_num_format("0.####;-0.####;0").set_unlocked(),
            typed: cell().set_num_format("@").set_unlocked(),
            barred: middle().set_background_color(Color::RGB(0xBFBFBF)),
        }
    }
}
