//! The look of the cells of a scoring workbook.

use crate::report::workbook::{Style, style};

pub struct Styles {
    pub title: Style,
    pub head: Style,
    pub label: Style,
    /// Locked, with lines.
    pub text: Style,
    /// Without lines.
    pub plain: Style,
    pub link: Style,
    pub number: Style,
    /// A cell to fill in.
    pub entry: Style,
    pub date: Style,
    /// A cell to fill in, kept as typed: a name, a date.
    pub typed: Style,
    /// A cell of the sheet 事由, kept as typed.
    pub reason: Style,
    /// A cell of a unit to which the item does not apply.
    pub barred: Style,
}

const BARRED: u32 = 0xBFBFBF;

impl Styles {
    pub fn new() -> Styles {
        let text = Style::cell().fill(style::LIGHT_GREY);
        let middle = Style::cell().centre().middle();
        Styles {
            title: Style::title(14),
            head: Style::head(),
            label: Style::cell().bold().fill(style::GREY),
            number: text.clone().number_format("0.####"),
            text,
            plain: Style::wrapped(),
            link: Style::cell().link(),
            // A number format of its own, so that 85% is not kept as 0.85 shown as 85 %.
            entry: middle.clone().number_format("0.####;-0.####;0").unlocked(),
            date: middle.clone().number_format("yyyy-mm-dd").unlocked(),
            typed: Style::cell().typed().unlocked(),
            reason: Style::cell().typed(),
            barred: middle.fill(BARRED),
        }
    }
}
