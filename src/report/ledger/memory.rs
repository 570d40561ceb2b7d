//! The hidden sheet: the ledger as it is written now, so that next time what people typed is told from it.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{put, sheets::Formats};
use crate::tables::ledger::{Column, Entry, Field, Ledger, MARK, MEMORY, MOST_ROWS, REMEMBERED};

pub fn sheets(
    ledger: &Ledger,
    summary: &str,
    lists: &[String],
    formats: &Formats,
) -> Result<Vec<Worksheet>, XlsxError> {
    let mut columns: Vec<Column> = Field::ALL.into_iter().map(Column::Known).collect();
    columns.retain(|column| !matches!(column, Column::Known(Field::Number | Field::Status)));
    columns.extend(ledger.columns.iter().cloned().map(Column::Own));

    let mut parts: Vec<&[Entry]> = ledger.entries.chunks(MOST_ROWS).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let mut sheets = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        let mut sheet = Worksheet::new();
        let mut row = 0;
        if at == 0 {
            sheet.set_name(MEMORY)?;
            let date = ledger.date.map(|date| date.to_string()).unwrap_or_default();
            let carried = if ledger.carried { "yes" } else { "no" };
            let own = ledger.own_mark();
            let head = [MARK, &ledger.standard, &ledger.version, &date, carried, summary, &own];
            line(&mut sheet, 0, head)?;
            line(&mut sheet, 1, lists.iter().map(String::as_str))?;
            let names: Vec<String> = columns.iter().map(Column::id).collect();
            line(&mut sheet, 2, REMEMBERED.into_iter().chain(names.iter().map(String::as_str)))?;
            row = 3;
        } else {
            sheet.set_name(format!("{MEMORY} {}", at + 1))?;
        }
        for entry in part {
            entry_at(&mut sheet, row, entry, &columns, formats)?;
            row += 1;
        }
        sheet.set_very_hidden(true);
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn line<'a>(
    sheet: &mut Worksheet,
    row: u32,
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<(), XlsxError> {
    for (column, text) in (0u16..).zip(texts) {
        sheet.write_string(row, column, super::cut(text))?;
    }
    Ok(())
}

fn entry_at(
    sheet: &mut Worksheet,
    row: u32,
    entry: &Entry,
    columns: &[Column],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write_number(row, 0, entry.number as f64)?;
    sheet.write_string(row, 1, entry.state.id())?;
    let typed: Vec<&str> = entry.typed.iter().map(|field| field.id()).collect();
    let key = entry.key.clone().unwrap_or_default();
    let texts = [&typed.join(" "), &key.district, &key.school, &key.section, &key.item, &key.check];
    for (column, text) in (2u16..).zip(texts) {
        if !text.is_empty() {
            sheet.write_string(row, column, super::cut(text))?;
        }
    }
    for (at, column) in (REMEMBERED.len() as u16..).zip(columns) {
        if let Some(value) = entry.cells.get(column) {
            put(sheet, (row, at), value, &formats.text, formats)?;
        }
    }
    Ok(())
}
