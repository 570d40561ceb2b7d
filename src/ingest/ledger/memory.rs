//! The hidden sheet, which holds the ledger as the program wrote it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lines::value;
use crate::{
    ingest::sheet::{Row, Sheet},
    tables::ledger::{Column, Entry, Field, Key, MARK, MEMORY, REMEMBERED, State, Value},
};

pub struct Memory {
    pub standard: String,
    pub version: String,
    pub date: Option<NaiveDate>,
    pub carried: bool,
    pub summary: String,
    /// [`crate::tables::ledger::Ledger::own_mark`].
    pub own: String,
    /// The names of the sheets that listed entries.
    pub lists: Vec<String>,
    /// Columns that users had added.
    pub columns: Vec<String>,
    pub entries: BTreeMap<u64, Entry>,
}

/// `None` if the sheet is absent or has another layout; the workbook is then read by its visible content.
pub fn of(sheets: &[Sheet]) -> Option<Memory> {
    let mut parts = sheets.iter().filter(|sheet| sheet.name.starts_with(MEMORY));
    let first = parts.next()?;
    let mut rows = first.rows.iter();
    let head = rows.next().filter(|row| text(row, 0) == MARK)?;
    let lists = rows.next()?;
    let names = rows.next()?;
    let columns: Vec<(u32, Column)> = names
        .cells
        .iter()
        .filter(|(at, _)| *at as usize >= REMEMBERED.len())
        .filter_map(|(at, cell)| Some((*at, Column::from_id(&value(cell)?.shown())?)))
        .collect();
    let mut memory = Memory {
        standard: text(head, 1),
        version: text(head, 2),
        date: text(head, 3).parse().ok(),
        carried: text(head, 4) == "yes",
        summary: text(head, 5),
        own: text(head, 6),
        lists: lists.cells.iter().filter_map(|(_, cell)| Some(value(cell)?.shown())).collect(),
        columns: columns
            .iter()
            .filter_map(|(_, column)| match column {
                Column::Own(header) => Some(header.clone()),
                Column::Known(_) => None,
            })
            .collect(),
        entries: BTreeMap::new(),
    };
    for row in rows.chain(parts.flat_map(|part| part.rows.iter())) {
        let entry = entry(row, &columns)?;
        memory.entries.insert(entry.number, entry);
    }
    Some(memory)
}

fn text(row: &Row, column: u32) -> String {
    value(row.get(column)).map(|value| value.shown()).unwrap_or_default()
}

/// `None` for a row that the program did not write; the whole sheet is then disregarded.
fn entry(row: &Row, columns: &[(u32, Column)]) -> Option<Entry> {
    let said = |at: u32| text(row, at);
    let key = Key { district: said(3), school: said(4), section: said(5), item: said(6), check: said(7) };
    let cells = columns.iter().filter_map(|(at, column)| Some((column.clone(), value(row.get(*at))?)));
    Some(Entry {
        number: match value(row.get(0))? {
            Value::Number(number) if number >= 1.0 && number.fract() == 0.0 => number as u64,
            _ => return None,
        },
        state: State::from_id(&said(1))?,
        marked: None,
        typed: said(2).split(' ').filter_map(Field::from_id).collect(),
        key: (key != Key::default()).then_some(key),
        cells: cells.collect(),
    })
}
