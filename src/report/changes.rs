//! The differences between two versions in the store, as `.csv` or `.xlsx`.

use std::{fs::File, path::Path};

use super::{
    csv,
    workbook::{Style, Value, Workbook, undated},
};
use crate::{
    problem::{Error, Result},
    tables::version_changes::{self, column},
    words::Words,
};

/// Writes, depending on the extension of `path`, a workbook with translated headings or a csv with column names.
pub fn write(changes: &version_changes::Frame, words: &Words, path: &Path) -> Result<()> {
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        let mut file = File::create(path).map_err(|why| Error::disk(path, why))?;
        return csv::write(changes.frame(), &mut file);
    }
    let mut book = Workbook::new(undated());
    let mut sheet = book.sheet("Sheet1");
    for (at, texts) in (0u16..).zip(changes.frame().columns()) {
        let name = texts.name().as_str();
        let holds_values = [column::old.name(), column::new.name()].contains(&name);
        sheet.put(0, at, words.say(&format!("store.diff.column.{name}")), &Style::new().bold());
        for (row, text) in (1u32..).zip(texts.str()?.iter()) {
            let text = text.unwrap_or_default();
            let value: Value = match text.parse::<f64>() {
                // A code made of digits remains a text.
                Ok(number) if holds_values && number.is_finite() => number.into(),
                _ if name == column::kind.name() => words.say(&format!("store.diff.kind.{text}")).into(),
                _ => text.into(),
            };
            sheet.write(row, at, value);
        }
    }
    sheet.freeze(1, 0).fit_widths();
    book.add(sheet);
    book.save(path)
}
