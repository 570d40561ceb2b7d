//! One sheet of the form: cells with their borders and decimals, and its print settings.

use crate::{
    number,
    report::workbook::{Paper, Print, Sheet, Style, Value, lines, style},
    tables::district::District,
    words::Words,
};

/// Points of one line of text.
const LINE: f64 = 15.0;
/// Excel's rows are at most 409 points high.
const MAX_LINES: usize = 26;
const SIZE: u32 = 10;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// The unrounded number, and its decimals in print.
    Number(f64, u32),
    /// A number computed from incomplete data: the same, followed by an asterisk.
    Incomplete(f64, u32),
    /// Looked for but missing.
    Missing,
    /// Not given, left to be filled in by hand.
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

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Head,
    /// One of two or three rows of the heading that the form does not merge: no line between them.
    HeadTop,
    HeadMiddle,
    HeadBelow,
    /// The same in the body.
    Top,
    Below,
    Center,
    Left,
    /// Shaded, and bold so that it shows on a poor printer too.
    Unmet,
}

impl Look {
    fn style(self, font: &str) -> Style {
        let cell = Style::new().font(font).size(SIZE).wrap().boxed().middle();
        let cell = if self == Look::Left { cell.left() } else { cell.centre() };
        let head = |cell: Style| cell.bold().fill(style::LIGHT_GREY);
        match self {
            Look::Head => head(cell),
            Look::HeadTop => head(cell).open_below(),
            Look::HeadMiddle => head(cell).open_above().open_below(),
            Look::HeadBelow => head(cell).open_above(),
            Look::Top => cell.open_below(),
            Look::Below => cell.open_above(),
            Look::Center | Look::Left => cell,
            // Light enough for the text to be legible, and visible in grey print.
            Look::Unmet => cell.bold().fill(style::GREY),
        }
    }
}

/// A sheet of the form while it is filled.
pub struct Page {
    sheet: Sheet,
    font: String,
    title: String,
    widths: Vec<f64>,
    /// The next free row.
    next: u32,
    /// Rows of the heading, which stay in view on the screen.
    head: u32,
    /// Of these, the rows repeated on every printed page.
    repeated: u32,
}

impl Page {
    /// The sheet of table `table` (`2-1`) with its title in the first row. `widths` are the widths of the columns.
    pub fn new(table: &str, widths: Vec<f64>, head: u32, words: &Words) -> Page {
        Page::titled(table, &format!("form.{table}.title"), widths, head, words)
    }

    /// The same with another title than the form's own.
    pub fn titled(table: &str, title: &str, widths: Vec<f64>, head: u32, words: &Words) -> Page {
        let (font, title) = (words.say("form.font"), words.say(title));
        let mut sheet = Sheet::named(&words.say(&format!("form.{table}.sheet")));
        sheet.widths(&widths).put(0, 0, &title, &Style::title(14).font(&font).middle()).height(0, 26.0);
        Page { sheet, font, title, widths, next: 1, head, repeated: head }
    }

    /// Writes the title over the whole width.
    pub fn wide_title(&mut self) {
        let style = Style::title(14).font(&self.font).middle().centre();
        self.sheet.merge((0, 0), (0, self.last_column()), &self.title, &style);
    }

    fn last_column(&self) -> u16 {
        (self.widths.len().max(1) - 1) as u16
    }

    pub fn put(&mut self, row: u32, column: u16, cell: Cell, look: Look) {
        self.next = self.next.max(row + 1);
        let style = look.style(&self.font);
        match cell {
            Cell::Text(text) => self.sheet.put(row, column, text, &style),
            Cell::Number(value, decimals) => self.sheet.put(row, column, value, &style.decimals(decimals)),
            Cell::Incomplete(value, decimals) => {
                let starred = style.number_format(style::picture(decimals) + "\"*\"");
                self.sheet.put(row, column, value, &starred)
            }
            Cell::Missing => self.sheet.put(row, column, "—", &style),
            Cell::Blank => self.sheet.put(row, column, Value::Blank, &style),
        };
    }

    /// Writes a row of cells from `column` on.
    pub fn line(&mut self, row: u32, column: u16, cells: impl IntoIterator<Item = Cell>, look: Look) {
        for (column, cell) in (column..).zip(cells) {
            self.put(row, column, cell, look);
        }
    }

    /// Merges a range into one cell.
    pub fn merge(&mut self, from: (u32, u16), to: (u32, u16), text: &str, look: Look) {
        self.next = self.next.max(to.0 + 1);
        self.sheet.merge(from, to, text, &look.style(&self.font));
    }

    /// Makes a row high enough for texts in cells of these columns. Excel fits the height of single cells when it opens
    /// the file, but other programs do not.
    pub fn fit(&mut self, row: u32, cells: &[(usize, &str)]) {
        let width = |column: &usize| self.widths.get(*column).copied().unwrap_or(8.0);
        let most = cells.iter().map(|(column, text)| lines_of(text, width(column))).max().unwrap_or(1);
        self.sheet.height(row, LINE * most as f64 + 6.0);
    }

    pub fn height(&mut self, row: u32, lines: f64) {
        self.sheet.height(row, LINE * lines);
    }

    /// Writes text without a border in a single cell of a row; it runs over the neighbouring cells.
    pub fn plain(&mut self, row: u32, column: u16, text: &str) {
        self.next = self.next.max(row + 1);
        self.sheet.put(row, column, text, &Style::new().font(&self.font).size(SIZE));
    }

    /// Writes a note over the whole width in the next free row.
    pub fn note(&mut self, text: &str) {
        self.note_at(self.next, text);
    }

    pub fn note_at(&mut self, row: u32, text: &str) {
        self.next = self.next.max(row + 1);
        let lines = lines_of(text, self.widths.iter().sum());
        let style = Style::wrapped().font(&self.font).size(SIZE).left();
        let last = self.last_column();
        self.sheet.merge((row, 0), (row, last), text, &style).height(row, LINE * lines as f64 + 3.0);
    }

    /// Ends the printed page before this row, which has a heading of its own, so only the title is repeated.
    pub fn new_page_before(&mut self, row: u32) {
        self.repeated = 1;
        self.sheet.page_break(row);
    }

    /// Writes the last line (the provenance) and the print settings: A4 landscape, one page wide, the heading on every
    /// page.
    pub fn done(mut self, district: &District) -> Sheet {
        self.note(&district.made_line());
        let footer = |name: String| {
            let name = format!("{name} {}", district.year);
            let args = [("district", name), ("page", "&P".into()), ("pages", "&N".into())];
            district.words.fill("form.footer", &args)
        };
        let mut print = Print::new(Paper::A4)
            .margins([0.5, 0.5, 0.5, 0.6, 0.3, 0.3])
            .centred()
            .footer(&district.name, footer)
            .up_to(self.next - 1, self.last_column());
        if self.head > 0 {
            print = print.repeat(0, self.repeated.max(1) - 1);
            self.sheet.freeze(self.head, 0);
        }
        self.sheet.print(print);
        self.sheet
    }
}

/// Number of lines of a text in a cell of `width` characters, up to the maximum height of a row.
fn lines_of(text: &str, width: f64) -> usize {
    // Some room is lost at the end of every line, where the next character does not fit.
    lines(text, (width - 2.0).max(2.0)).min(MAX_LINES)
}

/// A number in a sentence, rounded as the form prints it, without thousands separators.
pub fn printed(value: f64, decimals: u32) -> String {
    number::fixed(Some(value), decimals).replace(',', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_at_excels_bound() {
        assert_eq!(lines_of("四个汉字", 10.0), 1);
        assert_eq!(lines_of("五个汉字了", 10.0), 2);
        assert_eq!(lines_of(&"长".repeat(9_000), 10.0), 26);
    }

    #[test]
    fn numbers_in_sentences_have_no_separators() {
        assert_eq!(printed(30_197.0, 0), "30197");
        assert_eq!(printed(99.96, 1), "100.0");
    }
}
