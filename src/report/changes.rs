//! What differs between two versions in the store, as `.csv` or `.xlsx`.

use std::{fs::File, path::Path};

use polars::prelude::*;

use super::{
    csv,
    workbook::{Style, Value, Workbook, undated},
};
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
    let mut book = Workbook::new(undated());
    let mut sheet = book.sheet("Sheet1");
    for (at, column) in (0u16..).zip(changes.columns()) {
        let name = column.name().as_str();
        sheet.put(0, at, words.say(&format!("store.diff.column.{name}")), &Style::new().bold());
        for (row, text) in (1u32..).zip(column.str()?.iter()) {
            let text = text.unwrap_or_default();
            let value: Value = match (name, text.parse::<f64>()) {
                // A code of digits stays a text.
                ("old" | "new", Ok(number)) if number.is_finite() => number.into(),
                ("kind", _) => words.say(&format!("store.diff.kind.{text}")).into(),
                _ => text.into(),
            };
            sheet.write(row, at, value);
        }
    }
    sheet.freeze(1, 0).fit_widths();
    book.add(sheet);
    book.save(path)
}
