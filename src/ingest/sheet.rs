//! A sheet as it was read: uninterpreted cells by row, and a builder for it.

use super::Limits;
use crate::problem::{Place, Problem, Result};

/// The content of a cell. Text is not trimmed, which is left to the cell parser.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A number.
    Number(f64),
    /// A text.
    Text(Box<str>),
    /// A logical value.
    YesNo(bool),
    /// A date or date-time of Excel: `year, month, day`.
    Date(i32, u32, u32),
    /// The text of an error value such as `#DIV/0!`.
    Error(Box<str>),
    /// A formula whose result was not stored with the file.
    Uncalculated,
}

/// One sheet of one file. Rows without cells are not kept.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The name of the file in messages (`super::shown`).
    pub file: String,
    /// The name of the folder that contains the file, if its path has one.
    pub folder: String,
    /// Hex SHA-256 of the file.
    pub sha256: String,
    /// Empty for csv and tsv.
    pub name: String,
    /// The rows, in ascending order.
    pub rows: Vec<Row>,
    /// Merged ranges, 0-based, inclusive: (first row, first column, last row, last column).
    pub merges: Vec<(u32, u32, u32, u32)>,
}

/// The cells of one row, in ascending order of columns, without empty cells.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// 0-based.
    pub index: u32,
    /// By 0-based column.
    pub cells: Vec<(u32, Cell)>,
}

impl Row {
    /// The cell of 0-based `column`; [`Cell::Empty`] where there is none.
    pub fn get(&self, column: u32) -> &Cell {
        match self.cells.binary_search_by_key(&column, |(c, _)| *c) {
            Ok(i) => &self.cells[i].1,
            Err(_) => &Cell::Empty,
        }
    }
}

/// The resources taken so far by the reading of one file, against the limits.
#[derive(Clone, Copy)]
pub(super) struct Tally<'a> {
    pub shown: &'a str,
    pub limits: &'a Limits,
    cells: usize,
    /// The approximate number of bytes in memory.
    held: usize,
}

impl<'a> Tally<'a> {
    pub fn new(shown: &'a str, limits: &'a Limits) -> Self {
        Tally { shown, limits, cells: 0, held: 0 }
    }

    /// Counts `bytes` more; an error if the memory for `--max-cells` cells is used up.
    pub fn hold(&mut self, bytes: usize) -> Result<()> {
        // A number cell with its share of the row takes 36 bytes; 20 million of them, or a small file with few cells,
        // stay below a gigabyte.
        let allowed = self.limits.cells.saturating_mul(36).saturating_add(64 << 20);
        self.held = self.held.saturating_add(bytes);
        if self.held > allowed {
            let place = Place::file(self.shown);
            return Err(Problem::error("limit_memory", place).with("allowed", allowed >> 20).into());
        }
        Ok(())
    }

    pub fn held(&self) -> usize {
        self.held
    }

    /// Checks the limit before this many cells are kept.
    pub fn expect(&self, cells: usize) -> Result<()> {
        let found = self.cells.saturating_add(cells);
        if found > self.limits.cells {
            let problem = Problem::error("limit_cells", Place::file(self.shown));
            return Err(problem.with("found", found).with("allowed", self.limits.cells).into());
        }
        Ok(())
    }
}

/// Builds a sheet from its cells.
pub(super) struct Builder<'a, 'b> {
    pub tally: &'b mut Tally<'a>,
    sheet: Sheet,
    index: u32,
    cells: Vec<(u32, Cell)>,
    ordered: bool,
}

/// The number of rows and columns in Excel; addresses beyond them are invalid.
pub(super) const ROWS: u32 = 1_048_576;
pub(super) const COLUMNS: u32 = 16_384;

impl<'a, 'b> Builder<'a, 'b> {
    pub fn new(tally: &'b mut Tally<'a>, name: &str) -> Self {
        let sheet = Sheet { file: tally.shown.to_string(), name: name.to_string(), ..Sheet::default() };
        Builder { tally, sheet, index: 0, cells: Vec::new(), ordered: true }
    }

    pub fn place(&self, row: u32, column: u32) -> Place {
        Place::cell(self.tally.shown, &self.sheet.name, address(row, column))
    }

    /// Adds a cell; an empty one is skipped.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<()> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if row >= ROWS || column >= COLUMNS {
            let why = format!("{} / {}", self.sheet.name, u64::from(row) + 1);
            return Err(damaged(self.tally.shown, why).into());
        }
        self.tally.expect(1)?;
        self.tally.cells += 1;
        let text = match &cell {
            Cell::Text(text) | Cell::Error(text) => {
                let allowed = self.tally.limits.text;
                if text.len() > allowed {
                    let problem = Problem::error("limit_text", self.place(row, column));
                    return Err(problem.with("found", text.len()).with("allowed", allowed).into());
                }
                // Rounded up to the sizes that malloc allocates.
                (text.len() + 24) & !15
            }
            _ => 0,
        };
        self.tally.hold(size_of::<(u32, Cell)>() + text)?;
        if row != self.index {
            self.close_row()?;
            self.ordered &= row > self.index || self.sheet.rows.is_empty();
            self.index = row;
        }
        self.ordered &= self.cells.last().is_none_or(|(last, _)| *last < column);
        self.cells.push((column, cell));
        Ok(())
    }

    pub fn merge(&mut self, first: (u32, u32), last: (u32, u32)) -> Result<()> {
        if first.0 <= last.0 && first.1 <= last.1 && last.0 < ROWS && last.1 < COLUMNS {
            self.tally.hold(16)?;
            self.sheet.merges.push((first.0, first.1, last.0, last.1));
        }
        Ok(())
    }

    fn close_row(&mut self) -> Result<()> {
        if !self.cells.is_empty() {
            self.tally.hold(size_of::<Row>() + 16)?;
            // A copy of exactly the right size: the capacity of `cells` is reused for the next row.
            let cells = self.cells.drain(..).collect();
            self.sheet.rows.push(Row { index: self.index, cells });
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Sheet> {
        self.close_row()?;
        if !self.ordered {
            // No program writes unsorted rows; of several cells at one address the last counts.
            self.sheet.rows.sort_by_key(|r| r.index);
            self.sheet.rows.dedup_by(|later, earlier| {
                let same = later.index == earlier.index;
                if same {
                    earlier.cells.append(&mut later.cells);
                }
                same
            });
            for row in &mut self.sheet.rows {
                row.cells.reverse();
                row.cells.sort_by_key(|(column, _)| *column);
                row.cells.dedup_by_key(|(column, _)| *column);
            }
        }
        Ok(self.sheet)
    }
}

pub(super) fn damaged(shown: &str, why: impl std::fmt::Display) -> Problem {
    Problem::error("workbook_damaged", Place::file(shown)).with("why", why)
}

/// `A`, `Z`, `AA` … for a 0-based column.
pub fn letters(column: u32) -> String {
    let mut n = column + 1;
    let mut out = Vec::new();
    while n > 0 {
        n -= 1;
        out.push(b'A' + (n % 26) as u8);
        n /= 26;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// `C12` for a 0-based row and column.
pub fn address(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), row + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_are_those_of_excel() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
        {
            assert_eq!(super::letters(column), letters);
        }
        assert_eq!(super::address(11, 2), "C12");
    }
}
