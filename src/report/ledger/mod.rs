//! `gaps.xlsx`: the gap list and 整改台账 (domain.md §6). A summary, a sheet with all, one a department, what
//! people added, and a hidden sheet that remembers what was written (see [`crate::tables::ledger`]).

mod memory;
mod sheets;
mod summary;

use std::{collections::BTreeSet, io::Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use self::sheets::{Formats, Layout};
use crate::{
    gap::ledger::{Carried, Scope},
    problem::{Error, Result},
    standard::Standard,
    tables::{
        ledger::{Entry, MOST_ROWS, OwnSheet, Value, clean},
        made::Made,
    },
    words::Words,
};

/// Excel's own bound on the text of a cell.
const MOST_TEXT: usize = 32_767;
/// With more entries than this people filter one list; a sheet a department would hold each entry again.
const MOST_FOR_DEPARTMENTS: usize = 60_000;
/// A workbook with more sheets is hard to use; their entries stand in the sheet of all.
const MOST_DEPARTMENTS: usize = 60;

/// Writes the workbook. Every text is written as text: nothing in it is a formula.
pub fn write(
    carried: &Carried,
    scope: &Scope,
    standard: &Standard,
    (made, words): (&Made, &Words),
    out: &mut (impl Write + Send),
) -> Result<()> {
    workbook(carried, scope, standard, (made, words))
        .and_then(|mut book| book.save_to_writer(out))
        .map_err(failed)
}

fn workbook(
    carried: &Carried,
    scope: &Scope,
    standard: &Standard,
    (made, words): (&Made, &Words),
) -> std::result::Result<Workbook, XlsxError> {
    let ledger = &carried.ledger;
    let mut book = Workbook::new();
    // The same bytes for the same ledger: no clock.
    let day = ExcelDateTime::parse_from_str(&made.date.to_string())?;
    let properties = DocProperties::new()
        .set_title(words.say("ledger.title"))
        .set_subject(format!("{} {}", standard.id, standard.version))
        .set_author(&made.program);
    book.set_properties(&properties.set_creation_datetime(&day));

    let mut names = BTreeSet::new();
    let formats = Formats::new();
    let summary_name = sheet_name(&words.say("ledger.sheet.summary"), &mut names);
    let with_departments = ledger.entries.len() <= MOST_FOR_DEPARTMENTS;
    let mut summary = Worksheet::new();
    summary.set_name(&summary_name)?;
    let made_line = made.line(Some(standard), words);
    summary::fill(&mut summary, carried, scope, standard, (&made_line, with_departments), words)?;
    book.push_worksheet(summary);

    let layout = Layout { ledger, words, formats: &formats, title: title(scope, words), made: &made_line };
    let mut listed = Vec::new();
    let all: Vec<&Entry> = ledger.entries.iter().collect();
    let mut lists = vec![(words.say("ledger.sheet.all"), all)];
    if with_departments {
        lists.extend(by_department(&ledger.entries, words));
    }
    for (wanted, entries) in lists {
        let mut parts: Vec<&[&Entry]> = entries.chunks(MOST_ROWS).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        for part in parts {
            let name = sheet_name(&wanted, &mut names);
            let mut sheet = Worksheet::new();
            sheet.set_name(&name)?;
            layout.fill(&mut sheet, part)?;
            book.push_worksheet(sheet);
            listed.push(name);
        }
    }
    for own in &ledger.sheets {
        let mut sheet = Worksheet::new();
        sheet.set_name(sheet_name(&own.name, &mut names))?;
        as_it_was(&mut sheet, own, &formats)?;
        book.push_worksheet(sheet);
    }
    for sheet in memory::sheets(ledger, &summary_name, &listed, &formats)? {
        book.push_worksheet(sheet);
    }
    Ok(book)
}

/// 大祥区 整改台账.
fn title(scope: &Scope, words: &Words) -> String {
    let mut districts = scope.districts.values();
    match (districts.next(), districts.next()) {
        (Some(only), None) => words.text("ledger.title_of", &[("district", clean(&only.name))]),
        _ => words.say("ledger.title"),
    }
}

/// The entries of each department in the order they come, and those of nobody.
fn by_department<'a>(entries: &'a [Entry], words: &Words) -> Vec<(String, Vec<&'a Entry>)> {
    let mut found: Vec<(String, Vec<&Entry>)> = Vec::new();
    let mut nobody = Vec::new();
    for entry in entries {
        let departments = entry.departments();
        if departments.is_empty() {
            nobody.push(entry);
        }
        for department in departments {
            match found.iter().position(|(name, _)| *name == department) {
                Some(at) => found[at].1.push(entry),
                None if found.len() < MOST_DEPARTMENTS => found.push((department, vec![entry])),
                None => {}
            }
        }
    }
    if !nobody.is_empty() && nobody.len() < entries.len() {
        found.push((words.say("ledger.sheet.nobody"), nobody));
    }
    found
}

fn as_it_was(sheet: &mut Worksheet, own: &OwnSheet, formats: &Formats) -> std::result::Result<(), XlsxError> {
    for (row, column, value) in &own.cells {
        let Ok(column) = u16::try_from(*column) else { continue };
        put(sheet, (*row, column), value, &formats.text, formats)?;
    }
    Ok(())
}

/// One value: texts as texts, numbers as numbers, days as days.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    text: &Format,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    match value {
        Value::Text(value) => sheet.write_string_with_format(row, column, cut(&clean(value)), text)?,
        Value::Number(value) if !value.is_finite() => sheet,
        Value::Number(value) => {
            sheet.write_number_with_format(row, column, *value, formats.number(*value))?
        }
        Value::YesNo(value) => sheet.write_boolean_with_format(row, column, *value, text)?,
        Value::Date(day) => match ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(date) => sheet.write_datetime_with_format(row, column, &date, &formats.date)?,
            // Excel's calendar begins in 1900.
            Err(_) => sheet.write_string_with_format(row, column, day.to_string(), text)?,
        },
    };
    Ok(())
}

fn failed(why: XlsxError) -> Error {
    match why {
        XlsxError::IoError(why) => Error::disk("xlsx", why),
        other => Error::disk("xlsx", std::io::Error::other(other.to_string())),
    }
}

/// Allowed in Excel (31 characters, none of `[]:*?/\`, no apostrophe at the ends) and not there yet.
pub(super) fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String =
        name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    let mut number = 1;
    loop {
        let end = if number == 1 { String::new() } else { format!(" {number}") };
        let mut short = clean.to_string();
        // Excel counts UTF-16 units.
        while short.encode_utf16().count() + end.len() > 31 {
            short.pop();
        }
        let name = if short.is_empty() { format!("_{end}") } else { short + &end };
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

pub(super) fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= MOST_TEXT {
        return text.to_string();
    }
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_TEXT
        })
        .collect()
}

#[cfg(test)]
mod tests;
