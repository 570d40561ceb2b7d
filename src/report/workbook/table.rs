//! A list by its columns.

use super::{Sheet, Style, Value, lines};

/// One cell of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    value: Value,
    style: Option<Style>,
    comment: Option<String>,
}

impl Cell {
    pub fn new(value: impl Into<Value>, style: &Style) -> Cell {
        Cell { value: value.into(), style: Some(style.clone()), comment: None }
    }

    /// In Excel's default style; not written if there is no value.
    pub fn plain(value: impl Into<Value>) -> Cell {
        Cell { value: value.into(), style: None, comment: None }
    }

    /// Not written if there is no value.
    pub fn given(value: Option<impl Into<Value>>, style: &Style) -> Cell {
        value.map_or(Cell::plain(Value::Blank), |value| Cell::new(value, style))
    }

    /// With a comment, unless it is empty.
    pub fn comment(mut self, text: String) -> Cell {
        self.comment = Some(text).filter(|text| !text.trim().is_empty());
        self
    }
}

/// Excel's default width of a column, in characters.
const STANDARD_WIDTH: f64 = 8.43;

struct Column<'a, R> {
    title: String,
    width: Option<f64>,
    cell: Box<dyn Fn(&R) -> Cell + 'a>,
}

impl<R> Column<'_, R> {
    /// Number of lines that a text takes in this column.
    fn lines(&self, text: &str) -> usize {
        lines(text, self.width.unwrap_or(STANDARD_WIDTH))
    }
}

/// A list of rows `R`: the lines above it, its columns, and what stays in view. The heading always stays in view, and
/// has a filter unless [`Table::unfiltered`].
pub struct Table<'a, R> {
    above: Vec<(String, Style)>,
    head: Style,
    columns: Vec<Column<'a, R>>,
    fixed: u16,
    fitted: bool,
    filtered: bool,
}

/// The position of a list in its sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The row of the heading.
    pub head: u32,
    /// The first row below the list.
    pub next: u32,
}

/// Size of a comment's box in pixels.
const COMMENT: (u32, u32) = (260, 120);
/// Maximum length of a comment; its box shows less.
const MAX_COMMENT: usize = 1000;

impl<'a, R> Table<'a, R> {
    /// A list without columns, whose headings will have the style `head`.
    pub fn new(head: Style) -> Table<'a, R> {
        Table { above: Vec::new(), head, columns: Vec::new(), fixed: 0, fitted: false, filtered: true }
    }

    /// Adds a line above the heading, below those added before.
    pub fn above(mut self, text: impl Into<String>, style: Style) -> Table<'a, R> {
        self.above.push((text.into(), style));
        self
    }

    /// Keeps the first columns in view.
    pub fn fixed(mut self, columns: u16) -> Table<'a, R> {
        self.fixed = columns;
        self
    }

    /// Makes rows as high as their texts need, which not every program computes.
    pub fn fitted(mut self) -> Table<'a, R> {
        self.fitted = true;
        self
    }

    /// Leaves out the filter in the heading.
    pub fn unfiltered(mut self) -> Table<'a, R> {
        self.filtered = false;
        self
    }

    /// Adds a column of `width` characters; `None` is Excel's default width.
    pub fn column(
        &mut self,
        title: impl Into<String>,
        width: impl Into<Option<f64>>,
        cell: impl Fn(&R) -> Cell + 'a,
    ) -> &mut Table<'a, R> {
        self.columns.push(Column { title: title.into(), width: width.into(), cell: Box::new(cell) });
        self
    }

    /// Writes the list into a sheet.
    pub fn fill(&self, sheet: &mut Sheet, rows: impl IntoIterator<Item = R>) -> Filled {
        for (row, (text, style)) in (0..).zip(&self.above) {
            sheet.put(row, 0, text, style);
        }
        let head = self.above.len() as u32;
        for (at, column) in (0..).zip(&self.columns) {
            if let Some(width) = column.width {
                sheet.width(at, width);
            }
            sheet.put(head, at, &column.title, &self.head);
        }
        if self.fitted {
            let most = self.columns.iter().map(|column| column.lines(&column.title)).max();
            sheet.height(head, (most.unwrap_or(1).min(8) * 15 + 4) as f64);
        }
        let mut next = head + 1;
        for row in rows {
            self.row(sheet, next, &row);
            next += 1;
        }
        sheet.freeze(head + 1, self.fixed);
        if self.filtered {
            let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
            sheet.filter(head, next - 1, last_column);
        }
        Filled { head, next }
    }

    fn row(&self, sheet: &mut Sheet, row: u32, of: &R) {
        let mut most = 1;
        for (at, column) in (0..).zip(&self.columns) {
            let cell = (column.cell)(of);
            if let (true, Value::Text(text)) = (self.fitted, &cell.value) {
                most = most.max(column.lines(text));
            }
            match cell.style {
                Some(style) => sheet.put(row, at, cell.value, &style),
                None => sheet.write(row, at, cell.value),
            };
            if let Some(text) = cell.comment {
                let text: String = text.chars().take(MAX_COMMENT).collect();
                sheet.comment(row, at, &text, "", COMMENT);
            }
        }
        if self.fitted {
            // Excel's rows are at most 409 points high.
            sheet.height(row, (most.min(26) * 15 + 3) as f64);
        }
    }
}
