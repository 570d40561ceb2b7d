//! The hidden sheet: the ledger as it is written now, so that the next run can tell what people typed.

use super::{parts, sheets::Styles};
use crate::{
    report::workbook::Sheet,
    tables::ledger::{Column, Entry, Field, Ledger, MARK, MEMORY, REMEMBERED},
};

pub fn sheets(ledger: &Ledger, summary: &str, lists: &[String], styles: &Styles) -> Vec<Sheet> {
    let mut columns: Vec<Column> = Field::ALL.into_iter().map(Column::Known).collect();
    columns.retain(|column| !matches!(column, Column::Known(Field::Number | Field::Status)));
    columns.extend(ledger.columns.iter().cloned().map(Column::Own));

    let mut sheets = Vec::new();
    for (at, part) in parts(&ledger.entries).into_iter().enumerate() {
        let mut sheet =
            Sheet::named(&if at == 0 { MEMORY.to_string() } else { format!("{MEMORY} {}", at + 1) });
        let mut row = 0;
        if at == 0 {
            let date = ledger.date.map(|date| date.to_string()).unwrap_or_default();
            let carried = if ledger.carried { "yes" } else { "no" };
            let own = ledger.own_mark();
            sheet.write_row((0, 0), [MARK, &ledger.standard, &ledger.version, &date, carried, summary, &own]);
            sheet.write_row((1, 0), lists);
            let names: Vec<String> = columns.iter().map(Column::id).collect();
            sheet.write_row((2, 0), REMEMBERED.into_iter().chain(names.iter().map(String::as_str)));
            row = 3;
        }
        for entry in part {
            entry_at(&mut sheet, row, entry, &columns, styles);
            row += 1;
        }
        sheet.hide();
        sheets.push(sheet);
    }
    sheets
}

fn entry_at(sheet: &mut Sheet, row: u32, entry: &Entry, columns: &[Column], styles: &Styles) {
    let typed: Vec<&str> = entry.typed.iter().map(|field| field.id()).collect();
    let key = entry.key.clone().unwrap_or_default();
    sheet.write(row, 0, entry.number as f64).write(row, 1, entry.state.id());
    let texts = [&typed.join(" "), &key.district, &key.school, &key.section, &key.item, &key.check];
    sheet.write_row((row, 2), texts);
    for (at, column) in (REMEMBERED.len() as u16..).zip(columns) {
        if let Some(value) = entry.cells.get(column) {
            styles.put(sheet, (row, at), value, &styles.text);
        }
    }
}
