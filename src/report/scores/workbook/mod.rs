//! The workbooks of a scoring: `对比表.xlsx` for all units, and one a unit. Every text is written as text: nothing in
//! them is a formula, and numbers are numbers.

mod comparison;
mod feedback;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

pub use self::{comparison::write as comparison, feedback::write as feedback};
use super::view::View;
use crate::{
    problem::{Error, Result},
    tables::ledger::clean,
};

/// A4 in Excel's list of papers, and A3.
const A4: u8 = 9;
const A3: u8 = 8;
/// Excel's own bound on the text of a cell.
const MOST_TEXT: usize = 32_767;
/// Grounds of shares, from full to nothing; lighter is better in grey print too.
const SHADES: [Option<u32>; 5] = [None, None, Some(0xFFF2CC), Some(0xFFD9B3), Some(0xE8A08C)];

struct Formats {
    title: Format,
    note: Format,
    head: Format,
    text: Format,
    /// A heading at the top.
    strong: Format,
}

/// What is written into one cell.
enum Value {
    Text(String),
    Number(Option<f64>),
    Whole(usize),
    Percent(Option<f64>),
}

/// How a cell looks besides its kind.
#[derive(Clone, Copy, Default)]
struct Look {
    strong: bool,
    shade: Option<u8>,
    /// Not marked yet: italic on grey.
    awaited: bool,
    /// Levels of indent.
    indent: u8,
}

fn cell() -> Format {
    Format::new()
        .set_align(FormatAlign::Top)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xA6A6A6))
}

impl Formats {
    fn new() -> Formats {
        Formats {
            title: Format::new().set_bold().set_font_size(14),
            note: Format::new().set_font_size(9).set_font_color(Color::RGB(0x595959)),
            head: cell()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xD9D9D9)),
            text: cell(),
            strong: cell().set_bold(),
        }
    }

    fn of(&self, value: &Value, look: Look) -> Format {
        let mut format = if look.strong { self.strong.clone() } else { self.text.clone() };
        format = match value {
            Value::Text(_) => format.set_num_format("@"),
            Value::Number(_) => format.set_num_format("#,##0.##;-#,##0.##;0"),
            Value::Whole(_) => format.set_num_format("0"),
            Value::Percent(_) => format.set_num_format("0.0%"),
        };
        // `0.##` leaves a dot behind whole numbers.
        if let Value::Number(Some(number)) = value
            && (number.fract() == 0.0)
        {
            format = format.set_num_format("#,##0");
        }
        if let Some(ground) = look.shade.and_then(|shade| SHADES.get(usize::from(shade)).copied().flatten()) {
            format = format.set_background_color(Color::RGB(ground));
            // Heavier, for print without colours.
            if look.shade >= Some(4) {
                format = format.set_bold();
            }
        }
        if look.awaited {
            format = format.set_italic().set_background_color(Color::RGB(0xEDEDED));
        }
        if look.indent > 0 {
            format = format.set_align(FormatAlign::Left).set_indent(look.indent);
        }
        format
    }
}

/// One sheet on its way: a title, the line that says what made it, a head, rows.
struct Page<'a> {
    sheet: Worksheet,
    formats: &'a Formats,
    widths: Vec<f64>,
    row: u32,
    head: u32,
    /// Rows under the list that are none of it.
    remarks: u32,
}

impl<'a> Page<'a> {
    fn new(
        name: &str,
        title: &str,
        note: &str,
        columns: &[(String, f64)],
        formats: &'a Formats,
    ) -> Result<Page<'a>, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.write_string_with_format(0, 0, cut(title), &formats.title)?;
        sheet.write_string_with_format(1, 0, cut(note), &formats.note)?;
        let head = 2;
        let mut deepest = 1;
        for (at, (text, width)) in (0u16..).zip(columns) {
            sheet.set_column_width(at, *width)?;
            sheet.write_string_with_format(head, at, cut(text), &formats.head)?;
            deepest = deepest.max(lines(text, *width));
        }
        sheet.set_row_height(head, (deepest.min(8) * 15 + 4) as f64)?;
        let widths = columns.iter().map(|(_, width)| *width).collect();
        Ok(Page { sheet, formats, widths, row: head + 1, head, remarks: 0 })
    }

    fn put(&mut self, column: u16, value: &Value, look: Look) -> Result<(), XlsxError> {
        let format = self.formats.of(value, look);
        let at = (self.row, column);
        match value {
            Value::Text(text) => {
                self.sheet.write_string_with_format(at.0, at.1, cut(text), &format)?;
            }
            Value::Number(Some(number)) | Value::Percent(Some(number)) if number.is_finite() => {
                self.sheet.write_number_with_format(at.0, at.1, *number, &format)?;
            }
            Value::Number(_) | Value::Percent(_) => {
                self.sheet.write_string_with_format(
                    at.0,
                    at.1,
                    "—",
                    &format.set_align(FormatAlign::Right),
                )?;
            }
            Value::Whole(number) => {
                self.sheet.write_number_with_format(at.0, at.1, *number as f64, &format)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, values: &[(Value, Look)]) -> Result<(), XlsxError> {
        let mut deepest = 1;
        for (at, (value, look)) in (0u16..).zip(values) {
            self.put(at, value, *look)?;
            if let Value::Text(text) = value {
                let width = self.widths.get(usize::from(at)).copied().unwrap_or(10.0);
                deepest = deepest.max(lines(text, width));
            }
        }
        self.sheet.set_row_height(self.row, (deepest.min(26) * 15 + 3) as f64)?;
        self.row += 1;
        Ok(())
    }

    /// Small lines under the list.
    fn remarks(&mut self, lines: &[String]) -> Result<(), XlsxError> {
        for line in lines {
            self.sheet.write_string_with_format(self.row, 0, cut(line), &self.formats.note)?;
            self.row += 1;
            self.remarks += 1;
        }
        Ok(())
    }

    /// Frozen panes, filter, print: `fixed` columns stay in sight.
    fn finish(mut self, fixed: u16, paper: u8, footer: (&str, &str)) -> Result<Worksheet, XlsxError> {
        let last_column = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let last = (self.row - self.remarks).saturating_sub(1).max(self.head);
        self.sheet.set_freeze_panes(self.head + 1, fixed)?;
        self.sheet.autofilter(self.head, 0, last, last_column)?;
        self.sheet.set_landscape();
        self.sheet.set_paper_size(paper);
        self.sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        self.sheet.set_print_fit_to_pages(1, 0);
        self.sheet.set_repeat_rows(self.head, self.head)?;
        // Excel allows 255 characters, and takes & as the start of a code.
        let (made, page) = footer;
        let made: String = clean(made).chars().take(90).collect::<String>().replace('&', "&&");
        self.sheet.set_footer(format!("&L&7{made}&R&8{page}"));
        Ok(self.sheet)
    }
}

/// Lines of a text in a column of this width.
fn lines(text: &str, width: f64) -> usize {
    let wide = (width as usize).max(1);
    text.lines().map(|line| line.width().div_ceil(wide).max(1)).sum::<usize>().max(1)
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MOST_TEXT
    };
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).take_while(fits).collect()
}

fn text(text: impl Into<String>) -> (Value, Look) {
    (Value::Text(text.into()), Look::default())
}

fn number(number: Option<f64>) -> (Value, Look) {
    (Value::Number(number), Look::default())
}

/// A workbook with the same bytes for the same scoring: no clock.
fn book(view: &View<'_>, title: &str) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let standard = view.scoring.standard;
    let day = ExcelDateTime::parse_from_str(&view.scoring.made.date.to_string())?;
    let properties = DocProperties::new()
        .set_title(cut(title))
        .set_subject(format!("{} {}", standard.id, standard.version))
        .set_author(&view.scoring.made.program);
    book.set_properties(&properties.set_creation_datetime(&day));
    Ok(book)
}

fn failed(why: XlsxError) -> Error {
    match why {
        XlsxError::IoError(why) => Error::disk("xlsx", why),
        other => Error::disk("xlsx", std::io::Error::other(other.to_string())),
    }
}
