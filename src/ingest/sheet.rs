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

// replaced at merge
pub fn read(
    path: &std::path::Path,
    shown: &str,
    encoding: Option<&str>,
    _limits: &super::Limits,
) -> crate::problem::Result<Vec<Sheet>> {
    use calamine::{Data, Reader};
    let bytes = std::fs::read(path).map_err(|e| crate::problem::Error::disk(path, e))?;
    let (file, sha256) = (shown.to_string(), String::new());
    let bad = || crate::problem::Problem::error("stub", crate::problem::Place::file(shown));
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let rows = |cells: Vec<Vec<Cell>>| -> Vec<Row> {
        let row = |(i, row): (usize, Vec<Cell>)| Row {
            index: i as u32,
            cells: row
                .into_iter()
                .enumerate()
                .filter(|(_, c)| *c != Cell::Empty)
                .map(|(i, c)| (i as u32, c))
                .collect(),
        };
        cells.into_iter().enumerate().map(row).filter(|r| !r.cells.is_empty()).collect()
    };
    if matches!(ending, "csv" | "tsv") {
        let label = encoding.unwrap_or(if std::str::from_utf8(&bytes).is_ok() { "utf-8" } else { "gbk" });
        let text =
            encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(bad)?.decode(&bytes).0.into_owned();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let cells = reader.records().flatten().map(|r| {
            r.iter().map(|t| if t.is_empty() { Cell::Empty } else { Cell::Text(t.into()) }).collect()
        });
        return Ok(vec![Sheet { file, sha256, rows: rows(cells.collect()), ..Sheet::default() }]);
    }
    let mut book = calamine::open_workbook_auto(path).map_err(|_| bad())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|_| bad())?;
        let merges = match &mut book {
            calamine::Sheets::Xlsx(x) => x.merge_cells_by_sheet_name(&name).unwrap_or_default(),
            calamine::Sheets::Xls(x) => x.merge_cells_by_sheet_name(&name).unwrap_or_default(),
            _ => Vec::new(),
        };
        let cell = |d: &Data| match d {
            Data::Float(f) => Cell::Number(*f),
            Data::Int(i) => Cell::Number(*i as f64),
            Data::String(s) => Cell::Text(s.as_str().into()),
            Data::Bool(b) => Cell::YesNo(*b),
            Data::DateTime(d) => {
                let (y, m, d, ..) = d.to_ymd_hms_milli();
                Cell::Date(i32::from(y), u32::from(m), u32::from(d))
            }
            Data::Error(e) => Cell::Error(format!("{e}").into()),
            _ => Cell::Empty,
        };
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = vec![Vec::new(); top as usize];
        cells.extend(range.rows().map(|r| {
            let mut row = vec![Cell::Empty; left as usize];
            row.extend(r.iter().map(cell));
            row
        }));
        let merges = merges.iter().map(|d| (d.start.0, d.start.1, d.end.0, d.end.1)).collect();
        sheets.push(Sheet { file: file.clone(), sha256: sha256.clone(), name, rows: rows(cells), merges });
    }
    Ok(sheets)
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
