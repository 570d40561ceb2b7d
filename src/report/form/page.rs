//! One sheet of the form: cells with their borders and decimals, and how it prints.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::{number, tables::district::District, words::Words};

/// Bound of Excel on the text of a cell, in UTF-16 units.
const MOST_TEXT: usize = 32_767;
/// Paper size 9 of the file format.
const A4: u8 = 9;
/// Points of one line of text.
const LINE: f64 = 15.0;
/// Not reached: light enough to read through, and grey in grey print.
const SHADE: u32 = 0xD9D9D9;
const HEAD: u32 = 0xF2F2F2;
const SIZE: f64 = 10.0;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// The number unrounded, and its decimals in print.
    Number(f64, u32),
    /// A number of which data are missing: the same, with an asterisk behind it.
    Incomplete(f64, u32),
    /// Looked for and not there.
    Missing,
    /// Not given, to be filled in by hand.
    Blank,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A number that may not be given.
    pub fn known(value: Option<f64>, decimals: u32) -> Cell {
        value.map_or(Cell::Blank, |value| Cell::Number(value, decimals))
    }
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Head,
    /// One cell of the head in two or three rows that the form does not merge: no line between them.
    HeadTop,
    HeadMiddle,
    HeadBelow,
    /// The same in the body.
    Top,
    Below,
    Center,
    Left,
    /// Shaded, and bold so that it shows on a bad printer too.
    Unmet,
}

impl Look {
    fn format(self, font: &str) -> Format {
        let format = Format::new()
            .set_font_name(font)
            .set_font_size(SIZE)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_align(if self == Look::Left { FormatAlign::Left } else { FormatAlign::Center });
        let head = |format: Format| format.set_bold().set_background_color(Color::RGB(HEAD));
        let none = FormatBorder::None;
        match self {
            Look::Head => head(format),
            Look::HeadTop => head(format).set_border_bottom(none),
            Look::HeadMiddle => head(format).set_border_top(none).set_border_bottom(none),
            Look::HeadBelow => head(format).set_border_top(none),
            Look::Top => format.set_border_bottom(none),
            Look::Below => format.set_border_top(none),
            Look::Center | Look::Left => format,
            Look::Unmet => format.set_bold().set_background_color(Color::RGB(SHADE)),
        }
    }
}

type Written<T = ()> = Result<T, XlsxError>;

fn title_format(font: &str) -> Format {
    Format::new().set_font_name(font).set_bold().set_font_size(14.0).set_align(FormatAlign::VerticalCenter)
}

/// A sheet on its way.
pub struct Page {
    sheet: Worksheet,
    font: String,
    title: String,
    widths: Vec<f64>,
    /// The next free row.
    next: u32,
    /// Rows of the head, which stay on the screen.
    head: u32,
    /// Of these, the rows that stand on every printed page.
    repeated: u32,
}

impl Page {
    /// The sheet of table `table` (`2-1`) with its title in the first row. `widths` are the columns'.
    pub fn new(table: &str, widths: Vec<f64>, head: u32, words: &Words) -> Written<Page> {
        Page::titled(table, &format!("form.{table}.title"), widths, head, words)
    }

    /// With another title than the form's own.
    pub fn titled(table: &str, title: &str, widths: Vec<f64>, head: u32, words: &Words) -> Written<Page> {
        let mut sheet = Worksheet::new();
        sheet.set_name(words.say(&format!("form.{table}.sheet")))?;
        for (column, width) in (0u16..).zip(&widths) {
            sheet.set_column_width(column, *width)?;
        }
        let (font, title) = (words.say("form.font"), words.say(title));
        sheet.write_string_with_format(0, 0, &title, &title_format(&font))?;
        sheet.set_row_height(0, 26.0)?;
        Ok(Page { sheet, font, title, widths, next: 1, head, repeated: head })
    }

    /// The title over the whole width.
    pub fn wide_title(&mut self) -> Written {
        let format = title_format(&self.font).set_align(FormatAlign::Center);
        let last = self.last_column();
        self.sheet.merge_range(0, 0, 0, last, &self.title, &format)?;
        Ok(())
    }

    fn last_column(&self) -> u16 {
        (self.widths.len().max(1) - 1) as u16
    }

    pub fn put(&mut self, row: u32, column: u16, cell: Cell, look: Look) -> Written {
        self.next = self.next.max(row + 1);
        let format = look.format(&self.font);
        let marked = matches!(cell, Cell::Incomplete(..));
        match cell {
            Cell::Text(words) => self.sheet.write_string_with_format(row, column, text(&words), &format)?,
            Cell::Number(value, decimals) | Cell::Incomplete(value, decimals) if value.is_finite() => {
                let digits = "0".repeat(decimals as usize);
                let mut picture = if decimals == 0 { "0".to_string() } else { format!("0.{digits}") };
                if marked {
                    picture += "\"*\"";
                }
                self.sheet.write_number_with_format(row, column, value, &format.set_num_format(picture))?
            }
            Cell::Missing => self.sheet.write_string_with_format(row, column, "—", &format)?,
            Cell::Number(..) | Cell::Incomplete(..) | Cell::Blank => {
                self.sheet.write_blank(row, column, &format)?
            }
        };
        Ok(())
    }

    /// A row of cells from `column` on.
    pub fn line(
        &mut self,
        row: u32,
        column: u16,
        cells: impl IntoIterator<Item = Cell>,
        look: Look,
    ) -> Written {
        for (column, cell) in (column..).zip(cells) {
            self.put(row, column, cell, look)?;
        }
        Ok(())
    }

    /// A range as one cell.
    pub fn merge(&mut self, from: (u32, u16), to: (u32, u16), words: &str, look: Look) -> Written {
        self.next = self.next.max(to.0 + 1);
        if from == to {
            return self.put(from.0, from.1, Cell::text(words), look);
        }
        self.sheet.merge_range(from.0, from.1, to.0, to.1, &text(words), &look.format(&self.font))?;
        Ok(())
    }

    /// Rows high enough for `words` in a cell that is `width` wide: Excel fits the height of single cells when it
    /// opens the file, other programs do not.
    pub fn fit(&mut self, row: u32, cells: &[(usize, &str)]) -> Written {
        let lines = cells
            .iter()
            .map(|(column, words)| lines_of(words, self.widths.get(*column).copied().unwrap_or(8.0)))
            .max()
            .unwrap_or(1);
        self.sheet.set_row_height(row, LINE * f64::from(lines.min(26)) + 6.0)?;
        Ok(())
    }

    pub fn height(&mut self, row: u32, lines: f64) -> Written {
        self.sheet.set_row_height(row, LINE * lines)?;
        Ok(())
    }

    /// Words without a border in a single cell of a row, which run over its neighbours.
    pub fn plain(&mut self, row: u32, column: u16, words: &str) -> Written {
        self.next = self.next.max(row + 1);
        let format = Format::new().set_font_name(&self.font).set_font_size(SIZE);
        self.sheet.write_string_with_format(row, column, text(words), &format)?;
        Ok(())
    }

    /// A note over the whole width in the next free row.
    pub fn note(&mut self, words: &str) -> Written {
        self.note_at(self.next, words)
    }

    pub fn note_at(&mut self, row: u32, words: &str) -> Written {
        let format = Format::new()
            .set_font_name(&self.font)
            .set_font_size(SIZE)
            .set_text_wrap()
            .set_align(FormatAlign::Left)
            .set_align(FormatAlign::Top);
        let lines = lines_of(words, self.widths.iter().sum());
        self.next = self.next.max(row + 1);
        // Excel's rows are 409 points high at most.
        self.sheet.set_row_height(row, LINE * f64::from(lines.min(26)) + 3.0)?;
        if self.last_column() == 0 {
            self.sheet.write_string_with_format(row, 0, text(words), &format)?;
            return Ok(());
        }
        let last = self.last_column();
        self.sheet.merge_range(row, 0, row, last, &text(words), &format)?;
        Ok(())
    }

    /// A printed page ends before this row, which has a head of its own: the title alone is repeated.
    pub fn new_page_before(&mut self, row: u32) -> Written {
        self.repeated = 1;
        self.sheet.set_page_breaks(&[row])?;
        Ok(())
    }

    /// The last line (what made it), and how it prints: A4 across, one page wide, the head on every page.
    pub fn done(mut self, district: &District) -> Written<Worksheet> {
        self.note(&district.made_line())?;
        let (last_row, last_column) = (self.next - 1, self.last_column());
        // Excel's footers end at 255 characters, and read & as the start of a code.
        let name: String = district.name.chars().filter(|c| !c.is_control()).take(60).collect();
        let name = format!("{} {}", name.replace('&', "&&"), district.year);
        let page = district
            .words
            .text("form.footer", &[("district", name), ("page", "&P".into()), ("pages", "&N".into())]);
        let sheet = &mut self.sheet;
        sheet.set_paper_size(A4).set_landscape();
        sheet.set_margins(0.5, 0.5, 0.5, 0.6, 0.3, 0.3);
        sheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
        sheet.set_footer(format!("&C&8 {page}"));
        sheet.set_print_area(0, 0, last_row, last_column)?;
        if self.head > 0 {
            sheet.set_repeat_rows(0, self.repeated.max(1) - 1)?;
            sheet.set_freeze_panes(self.head, 0)?;
        }
        Ok(self.sheet)
    }
}

/// Lines that `words` take in a cell of `width` characters; a Chinese one is two.
fn lines_of(words: &str, width: f64) -> u16 {
    // A little is lost at the end of every line, where the next character does not fit.
    let room = (width - 2.0).max(2.0);
    let lines: f64 = words.lines().map(|line| (line.width() as f64 / room).ceil().max(1.0)).sum();
    lines.clamp(1.0, 2_000.0) as u16
}

/// Text as XML and Excel take it: without control characters (a line break stays), cut at Excel's bound.
fn text(words: &str) -> String {
    let mut units = 0;
    words
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_TEXT
        })
        .collect()
}

/// A number in a sentence: rounded as the form prints it, without separators of thousands.
pub fn printed(value: f64, decimals: u32) -> String {
    number::fixed(Some(value), decimals).replace(',', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_width() {
        assert_eq!(lines_of("", 10.0), 1);
        assert_eq!(lines_of("四个汉字", 10.0), 1);
        assert_eq!(lines_of("五个汉字了", 10.0), 2);
        assert_eq!(lines_of("a\nb", 10.0), 2);
    }

    #[test]
    fn text_is_what_a_workbook_can_hold() {
        assert_eq!(text("a\u{0}b\u{1b}c\n𠮷"), "abc\n𠮷");
        assert_eq!(text(&"𠮷".repeat(20_000)).encode_utf16().count(), MOST_TEXT - 1);
    }

    #[test]
    fn numbers_in_sentences_have_no_separators() {
        assert_eq!(printed(30_197.0, 0), "30197");
        assert_eq!(printed(99.96, 1), "100.0");
    }
}
