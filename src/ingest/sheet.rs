//! A sheet as it was read: cells by row, nothing interpreted; and [`read`], from any file to its sheets.

use std::{fs::File, io::Read, path::Path};

use sha2::{Digest, Sha256};

use super::{Limits, delimited, workbook};
use crate::problem::{Error, Place, Problem, Result};

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
    /// The file as messages call it ([`super::shown`]).
    pub file: String,
    /// The name of the folder that the file lies in, where its path says so.
    pub folder: String,
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

/// The sheets of a file, hidden ones too, in the file's order.
///
/// What the file is, its content says; its name is asked where the content does not. `shown` is the name of
/// the file in messages, in [`Sheet::file`] and in places; `encoding` is for csv and tsv, detected without it.
///
/// # Errors
/// A [`Problem`] for a file that is missing, empty, damaged, protected, of another kind, or over a limit;
/// [`Error::Disk`] where the disk says no.
pub fn read(path: &Path, shown: &str, encoding: Option<&str>, limits: &Limits) -> Result<Vec<Sheet>> {
    let bytes = bytes(path, shown, limits)?;
    let name = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let sheets = match kind(&bytes, &name) {
        Kind::Package => workbook::package(&bytes, shown, limits),
        Kind::Compound => workbook::compound(&bytes, shown, limits),
        Kind::Delimited => delimited::read(&bytes, shown, encoding, limits),
        Kind::Html => Err(Problem::error("file_is_html", Place::file(shown)).into()),
        Kind::Other(what) => {
            Err(Problem::error("file_is_other", Place::file(shown)).with("found", what).into())
        }
        Kind::Unknown => Err(Problem::error("file_unknown", Place::file(shown)).into()),
    };
    let mut sheets = sheets?;
    if sheets.is_empty() {
        return Err(workbook::damaged(shown, "sheets: 0").into());
    }
    let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    for sheet in &mut sheets {
        sheet.sha256.clone_from(&sha256);
        sheet.folder = folder.to_string();
    }
    Ok(sheets)
}

fn bytes(path: &Path, shown: &str, limits: &Limits) -> Result<Vec<u8>> {
    let disk = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => {
            Error::from(Problem::error("file_missing", Place::file(shown)).with("path", path.display()))
        }
        _ => Error::disk(path, source),
    };
    let file = File::open(path).map_err(disk)?;
    let most = limits.inflated / 4;
    let mut bytes = Vec::new();
    // Not by the length that is told: a pipe has none.
    file.take(most + 1).read_to_end(&mut bytes).map_err(disk)?;
    if bytes.is_empty() {
        return Err(Problem::error("file_empty", Place::file(shown)).into());
    }
    if bytes.len() as u64 > most {
        let place = Place::file(shown);
        return Err(Problem::error("limit_file", place).with("allowed", most >> 20).into());
    }
    Ok(bytes)
}

#[derive(Debug, PartialEq)]
enum Kind {
    /// A zip: xlsx, xlsm, ods, or what is said of it when it is opened.
    Package,
    /// OLE: xls, or a workbook with a password.
    Compound,
    /// csv, tsv.
    Delimited,
    /// Web systems export tables as html and call them .xls.
    Html,
    Other(&'static str),
    Unknown,
}

fn kind(bytes: &[u8], extension: &str) -> Kind {
    const MAGIC: [(&[u8], &str); 8] = [
        (b"%PDF", "PDF"),
        (b"{\\rtf", "RTF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"\x1F\x8B", "gzip"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"PAR1", "Parquet"),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Package;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Kind::Compound;
    }
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Kind::Other(name);
    }
    let head = bytes.get(..4096).unwrap_or(bytes);
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if !wide && head.iter().any(|b| *b < 9 || (14..27).contains(b)) {
        return Kind::Unknown;
    }
    let start = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.starts_with('<') {
        return match () {
            () if ["<html", "<table", "<!doctype html"].iter().any(|tag| start.contains(tag)) => Kind::Html,
            () if start.contains("excel.sheet") || start.contains("office:spreadsheet") => Kind::Other("XML"),
            () => Kind::Unknown,
        };
    }
    // Text under a workbook's name is a table if it looks like one.
    let workbook = ["xlsx", "xlsm", "xls", "ods", "xlsb"].contains(&extension);
    match workbook && !wide && !start.contains([',', '\t', ';']) {
        true => Kind::Unknown,
        false => Kind::Delimited,
    }
}

/// What reading one file has taken so far, against the limits.
#[derive(Clone, Copy)]
pub(super) struct Tally<'a> {
    pub shown: &'a str,
    pub limits: &'a Limits,
    cells: usize,
    /// Bytes in memory, about.
    held: usize,
}

impl<'a> Tally<'a> {
    pub fn new(shown: &'a str, limits: &'a Limits) -> Self {
        Tally { shown, limits, cells: 0, held: 0 }
    }

    /// `bytes` more are kept; an error where the memory for `--max-cells` cells is used up.
    pub fn hold(&mut self, bytes: usize) -> Result<()> {
        // A cell of a number with its share of the row is 36 bytes: 20 million of them, and a small file with
        // few cells, stay under a gigabyte.
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

    /// Before so many cells are kept.
    pub fn expect(&self, cells: usize) -> Result<()> {
        let found = self.cells.saturating_add(cells);
        if found > self.limits.cells {
            let problem = Problem::error("limit_cells", Place::file(self.shown));
            return Err(problem.with("found", found).with("allowed", self.limits.cells).into());
        }
        Ok(())
    }
}

/// A sheet as its cells come.
pub(super) struct Builder<'a, 'b> {
    pub tally: &'b mut Tally<'a>,
    sheet: Sheet,
    index: u32,
    cells: Vec<(u32, Cell)>,
    ordered: bool,
}

/// Rows and columns as Excel has them; an address beyond is no address.
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

    /// Keeps a cell; an empty one is passed over.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<()> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if row >= ROWS || column >= COLUMNS {
            let why = format!("{} / {}", self.sheet.name, u64::from(row) + 1);
            return Err(workbook::damaged(self.tally.shown, why).into());
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
                // As malloc hands it out.
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
            // Of just the size it needs: `cells` stays as the place where rows grow.
            let cells = self.cells.drain(..).collect();
            self.sheet.rows.push(Row { index: self.index, cells });
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Sheet> {
        self.close_row()?;
        if !self.ordered {
            // No program writes them so; of cells at the same address the last one stands.
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
