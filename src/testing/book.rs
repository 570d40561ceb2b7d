//! The cells of a scorebook, to be filled in as an office does.

use std::{collections::BTreeMap, path::Path};

use calamine::{Data, Reader, open_workbook_auto};
use rust_xlsxwriter::Workbook;

/// The row with the units' names as sheets are written (see `tables::scorebook`).
pub const HEADER: u32 = 5;

/// What may be in a cell of such a workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    YesNo(bool),
}

pub fn t(text: &str) -> Cell {
    Cell::Text(text.into())
}

/// By row and column.
pub type Cells = BTreeMap<(u32, u32), Cell>;

/// A workbook as its cells, to be changed and written again, without any format: as if copied elsewhere.
#[derive(Clone)]
pub struct Book {
    pub sheets: Vec<(String, Cells)>,
}

impl Book {
    pub fn open(path: &Path) -> Book {
        let mut workbook = open_workbook_auto(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let mut sheets = Vec::new();
        for name in workbook.sheet_names() {
            let range = workbook.worksheet_range(&name).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            let cell = |data: &Data| match data {
                Data::Int(number) => Some(Cell::Number(*number as f64)),
                Data::Float(number) => Some(Cell::Number(*number)),
                Data::String(text) if !text.is_empty() => Some(t(text)),
                Data::Bool(yes) => Some(Cell::YesNo(*yes)),
                // As another program may save a day.
                Data::DateTime(day) => day.as_datetime().map(|day| t(&day.date().to_string())),
                _ => None,
            };
            let cells = range.used_cells().filter_map(|(row, column, data)| {
                Some(((top + row as u32, left + column as u32), cell(data)?))
            });
            sheets.push((name, cells.collect()));
        }
        Book { sheets }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, cells) in &self.sheets {
            let sheet = book.add_worksheet();
            // A name that Excel does not allow, or twice.
            let _ = sheet.set_name(name);
            for ((row, column), cell) in cells {
                let at = (*row, *column as u16);
                let _ = match cell {
                    Cell::Number(number) => sheet.write_number(at.0, at.1, *number).map(|_| ()),
                    Cell::YesNo(yes) => sheet.write_boolean(at.0, at.1, *yes).map(|_| ()),
                    Cell::Text(text) => sheet.write_string(at.0, at.1, text).map(|_| ()),
                };
            }
        }
        book.save_to_buffer().unwrap_or_default()
    }

    pub fn sheet(&mut self, name: &str) -> &mut Cells {
        let found = self.sheets.iter_mut().find(|(own, _)| own == name);
        &mut found.unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    pub fn row(&mut self, sheet: &str, entry: &str) -> u32 {
        let found = self.sheet(sheet).iter().find(|((_, column), cell)| *column == 0 && **cell == t(entry));
        found.unwrap_or_else(|| panic!("no row {entry}")).0.0
    }

    pub fn column(&mut self, sheet: &str, unit: &str) -> u32 {
        let found = self.sheet(sheet).iter().find(|((row, _), cell)| *row == HEADER && **cell == t(unit));
        found.unwrap_or_else(|| panic!("no column {unit}")).0.1
    }

    /// What one office enters.
    pub fn set(&mut self, sheet: &str, entry: &str, unit: &str, cell: Cell) {
        let at = (self.row(sheet, entry), self.column(sheet, unit));
        self.sheet(sheet).insert(at, cell);
    }

    /// The same on the sheets of all offices that mark it.
    pub fn enter(&mut self, entry: &str, unit: &str, cell: &Cell) {
        let sheets = self.offices(entry);
        assert!(!sheets.is_empty(), "no row {entry}");
        for sheet in sheets {
            self.set(&sheet, entry, unit, cell.clone());
        }
    }

    /// Sheets with a row for `entry`, in their order.
    pub fn offices(&self, entry: &str) -> Vec<String> {
        let asks = |cells: &Cells| {
            cells.iter().any(|((row, c), cell)| *row > HEADER && *c == 0 && *cell == t(entry))
        };
        let is_office = |cells: &Cells| cells.get(&(HEADER, 0)) == Some(&t("@header"));
        let found = self.sheets.iter().filter(|(_, cells)| is_office(cells) && asks(cells));
        found.map(|(name, _)| name.clone()).collect()
    }

    /// Every cell of a sheet where `to` says, or gone.
    pub fn moved(&mut self, sheet: &str, to: impl Fn(u32, u32) -> Option<(u32, u32)>) {
        let cells = std::mem::take(self.sheet(sheet));
        let moved = cells.into_iter().filter_map(|((r, c), cell)| Some((to(r, c)?, cell)));
        *self.sheet(sheet) = moved.collect();
    }

    pub fn only(&self, sheet: &str) -> Book {
        Book { sheets: self.sheets.iter().filter(|(name, _)| name == sheet).cloned().collect() }
    }
}
