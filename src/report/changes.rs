//! What differs between two versions in the store, as `.csv` or `.xlsx`.

use std::{fs::File, path::Path};

use polars::prelude::*;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::csv;
use crate::{
    problem::{Error, Result},
    words::Words,
};

/// By the ending of `path`: a workbook with headings in words, or a csv with the columns' names.
pub fn write(changes: &DataFrame, words: &Words, path: &Path) -> Result<()> {
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        let mut file = File::create(path).map_err(|why| Error::disk(path, why))?;
        return csv::write(changes, &mut file);
    }
    let failed = |why: XlsxError| Error::disk(path, std::io::Error::other(why.to_string()));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let head = Format::new().set_bold();
    for (at, column) in (0u16..).zip(changes.columns()) {
        let heading = words.say(&format!("store.diff.column.{}", column.name()));
        sheet.write_string_with_format(0, at, heading, &head).map_err(failed)?;
        for (row, text) in (1u32..).zip(column.str()?.iter()) {
            let text = text.unwrap_or_default();
            let value = ["old", "new"].contains(&column.name().as_str());
            match text.parse::<f64>() {
                // A code of digits stays a text.
                Ok(number) if value && number.is_finite() => sheet.write_number(row, at, number),
                _ if column.name() == "kind" => {
                    sheet.write_string(row, at, words.say(&format!("store.diff.kind.{text}")))
                }
                _ => sheet.write_string(row, at, text),
            }
            .map_err(failed)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    sheet.autofit();
    book.save(path).map_err(failed)
}
