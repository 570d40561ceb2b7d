//! A sheet as it was read: cells by row, nothing interpreted.

/// What a cell holds. Text is trimmed of nothing: the cell parser decides.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Number(f64),
    Text(Box<str>),
    YesNo(bool),
    /// A date or date-time as Excel keeps it: `year, month, day`.
    Date(i32, u32, u32),
    /// `#DIV/0!` and its kind, as text.
    Error(Box<str>),
    /// A formula whose result was not stored with the file.
    Uncalculated,
}

/// One sheet of one file. Rows without any cell are not kept.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The file as the user named it (or folder/name inside a folder he named).
    pub file: String,
    /// Hex SHA-256 of the file.
    pub sha256: String,
    /// Empty for csv and tsv.
    pub name: String,
    pub rows: Vec<Row>,
    /// Merged ranges, 0-based, inclusive: (first row, first column, last row, last column).
    pub merges: Vec<(u32, u32, u32, u32)>,
}

/// Cells of one row, ascending by column; empty cells are left out.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// 0-based.
    pub index: u32,
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
