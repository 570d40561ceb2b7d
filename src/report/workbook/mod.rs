//! Workbooks (xlsx): the one place that knows the rules of Excel and the library behind it.
//!
//! A list is only declared: its columns with title, width and value of a row. A sheet with a layout of its own is
//! filled cell by cell.
//!
//! ```text
//! let mut table = Table::new(Style::head()).fixed(1);
//! table.column("学校", 20.0, |school: &School| Cell::new(&school.name, &text));
//! table.column("师资配置", 10.0, |school| Cell::new(school.ratio, &ratio));
//!
//! let mut book = Workbook::new(day).title("学校一览");
//! let mut sheet = book.sheet("学校");
//! let list = table.fill(&mut sheet, schools);
//! sheet.print(Print::new(Paper::A4).repeat(list.head, list.head));
//! book.add(sheet);
//! book.bytes("schools.xlsx")
//! ```
//!
//! | file | what |
//! |---|---|
//! | `sheet` | one sheet: cells, links, comments, panes |
//! | [`style`] | how a cell looks |
//! | `table` | a list by its columns |
//! | `print` | paper, margins, repeated rows, header and footer |
//! | `entry` | what may be typed into a cell |
//! | `text` | texts and names of sheets as Excel takes them |
//!
//! A sheet keeps the first error of writing it, and [`Workbook::bytes`] returns it, so layouts do not need a `?` after
//! every cell.

mod entry;
mod print;
mod sheet;
pub mod style;
mod table;
mod text;

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

pub use self::{
    entry::Allowed,
    print::{Paper, Print},
    sheet::{Sheet, Value, address},
    style::Style,
    table::{Cell, Table},
    text::{SheetNames, lines},
};
use crate::problem::{Error, Result};

/// The date of creation of workbooks without a date of their own, such as blank forms and invented data.
pub fn undated() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, 1).unwrap_or_default()
}

/// A workbook while it is built. Texts are written as texts: only [`Sheet`] formulas are formulas.
pub struct Workbook {
    inner: rust_xlsxwriter::Workbook,
    properties: DocProperties,
    names: SheetNames,
    failed: Option<XlsxError>,
}

impl Workbook {
    /// `day` is stored as the date of creation. The clock is not read, so the same content gives the same bytes.
    pub fn new(day: NaiveDate) -> Workbook {
        let mut properties = DocProperties::new();
        if let Ok(day) = date(day) {
            properties = properties.set_creation_datetime(&day);
        }
        Workbook {
            inner: rust_xlsxwriter::Workbook::new(),
            properties,
            names: SheetNames::default(),
            failed: None,
        }
    }

    pub fn title(mut self, title: impl Into<String>) -> Workbook {
        self.properties = self.properties.set_title(title);
        self
    }

    pub fn subject(mut self, subject: impl Into<String>) -> Workbook {
        self.properties = self.properties.set_subject(subject);
        self
    }

    pub fn author(mut self, author: impl Into<String>) -> Workbook {
        self.properties = self.properties.set_author(author);
        self
    }

    /// Reserves the name for a sheet wanted as `name`: valid in Excel and unique in the workbook.
    pub fn reserve(&mut self, name: &str) -> String {
        self.names.distinct(name)
    }

    /// An empty sheet called `name`, or similar if Excel or another sheet forbids it. [`Workbook::add`] makes it part
    /// of the workbook.
    pub fn sheet(&mut self, name: &str) -> Sheet {
        Sheet::named(&self.reserve(name))
    }

    /// Appends a sheet.
    pub fn add(&mut self, sheet: Sheet) {
        let (sheet, failed) = sheet.into_parts();
        self.failed = self.failed.take().or(failed);
        self.inner.push_worksheet(sheet);
    }

    /// The content of the file. Errors name `file`.
    ///
    /// # Errors
    /// [`Error::Disk`] if a temporary file cannot be written; anything else is a defect of the program.
    pub fn bytes(mut self, file: &str) -> Result<Vec<u8>> {
        self.inner.set_properties(&self.properties);
        let bytes = match self.failed {
            Some(why) => Err(why),
            None => self.inner.save_to_buffer(),
        };
        bytes.map_err(|why| failed(file, why))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// As [`Workbook::bytes`]; the file cannot be written.
    pub fn save(self, path: &Path) -> Result<()> {
        let bytes = self.bytes(&path.display().to_string())?;
        std::fs::write(path, bytes).map_err(|why| Error::disk(path, why))
    }
}

/// Converts an error of the library. Only errors of the disk concern the user.
fn failed(file: &str, why: XlsxError) -> Error {
    match why {
        XlsxError::IoError(why) | XlsxError::TempFileError(_, why) => Error::disk(file, why),
        other => Error::defect(file, other),
    }
}

/// Excel's calendar begins in 1900.
fn date(day: NaiveDate) -> std::result::Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)
}

#[cfg(test)]
mod tests;
