//! `gaps.xlsx`: the gap list and 整改台账 (domain.md §6). A summary, a sheet of all entries, one sheet per department,
//! sheets that people added, and a hidden sheet that records what was written (see [`crate::tables::ledger`]).

mod memory;
mod sheets;
mod summary;

use self::sheets::{Layout, Styles};
use super::workbook::Workbook;
use crate::{
    gap::ledger::{Carried, Scope},
    problem::Result,
    standard::Standard,
    tables::{
        ledger::{Entry, Field, MAX_ROWS, Value, clean},
        provenance::Provenance,
        scoring_tables::rectification,
    },
    words::Words,
};

/// With more entries than this there are no sheets per department, which would repeat each entry; people filter one
/// list instead.
const MAX_FOR_DEPARTMENTS: usize = 60_000;
/// Maximum number of departments with a sheet of their own; entries of the others are only in the sheet of all entries.
const MAX_DEPARTMENTS: usize = 60;

/// The content of a ledger.
#[derive(Clone, Copy)]
pub struct LedgerReport<'a> {
    pub carried: &'a Carried,
    pub scope: &'a Scope,
    pub standard: &'a Standard,
    pub made: &'a Provenance,
    pub words: &'a Words,
}

/// The workbook. Every text is written as a text: nothing in it is a formula.
///
/// # Errors
/// As [`Workbook::bytes`].
pub fn write(of: &LedgerReport) -> Result<Vec<u8>> {
    let LedgerReport { standard, made, words, .. } = *of;
    let ledger = &of.carried.ledger;
    let mut book = Workbook::new(made.date)
        .title(words.say("ledger.title"))
        .subject(format!("{} {}", standard.id, standard.version))
        .author(&made.program);
    let made_line = made.line(Some(standard), words);
    let with_departments = ledger.entries.len() <= MAX_FOR_DEPARTMENTS;
    let mut summary = book.sheet(&words.say("ledger.sheet.summary"));
    let summary_name = summary.name();
    summary::fill(&mut summary, of, &made_line, with_departments);
    book.add(summary);

    let styles = Styles::new();
    let title = title(of.scope, words);
    let scored = standard.units.is_some();
    let layout = Layout { ledger, words, styles: &styles, title, made: &made_line, scored };
    let mut lists = vec![(words.say("ledger.sheet.all"), ledger.entries.iter().collect())];
    if with_departments {
        lists.extend(by_department(&ledger.entries, words));
    }
    let mut listed = Vec::new();
    for (name, entries) in lists {
        for part in parts(&entries) {
            let mut sheet = book.sheet(&name);
            layout.fill(&mut sheet, part);
            listed.push(sheet.name());
            book.add(sheet);
        }
    }
    for own in &ledger.sheets {
        let mut sheet = book.sheet(&own.name);
        styles.fill(&mut sheet, &own.cells, &styles.text);
        book.add(sheet);
    }
    for sheet in memory::sheets(ledger, &summary_name, &listed, &styles) {
        book.add(sheet);
    }
    book.bytes("xlsx")
}

/// The entries of a scored system as a table.
pub fn table(carried: &Carried, words: &Words) -> rectification::Frame {
    let entries = &carried.ledger.entries;
    let mut table = rectification::Builder::new(entries.len());
    for entry in entries {
        let text = |field: Field| Some(entry.text_or_empty(field)).filter(|text| !text.is_empty());
        let number = |field: Field| match entry.value(field) {
            Some(Value::Number(number)) => Some(*number),
            Some(other) => other.shown().parse().ok(),
            None => None,
        };
        let key = entry.key.as_ref();
        table.push(rectification::Values {
            number: i32::try_from(entry.number).unwrap_or(i32::MAX),
            unit_code: text(Field::DistrictCode).as_deref(),
            unit: text(Field::School).as_deref(),
            item: key.map(|key| key.item.as_str()),
            title: text(Field::Item).as_deref(),
            part: key.map(|key| key.check.as_str()).filter(|part| !part.is_empty()),
            part_title: text(Field::Check).as_deref(),
            problem: text(Field::Problem).as_deref(),
            required: text(Field::Measures).as_deref(),
            lost: number(Field::Shortfall),
            first: number(Field::First),
            score: number(Field::Current),
            offices: text(Field::Office).as_deref(),
            due: text(Field::Due).as_deref(),
            state: entry.state.id(),
            state_in_words: &words.say(&format!("ledger.state.{}", entry.state.id())),
            progress: text(Field::Progress).as_deref(),
            evidence: text(Field::Evidence).as_deref(),
            found: text(Field::Found).as_deref(),
            closed: text(Field::Closed).as_deref(),
            earlier: text(Field::Earlier).as_deref(),
        });
    }
    table.finish()
}

/// Splits the entries into sheets; there is at least one sheet, even if it is empty.
fn parts<T>(entries: &[T]) -> Vec<&[T]> {
    match entries {
        [] => vec![entries],
        _ => entries.chunks(MAX_ROWS).collect(),
    }
}

/// 大祥区 整改台账.
fn title(scope: &Scope, words: &Words) -> String {
    let mut districts = scope.districts.values();
    match (districts.next(), districts.next()) {
        (Some(only), None) => words.fill("ledger.title_of", &[("district", clean(&only.name))]),
        _ => words.say("ledger.title"),
    }
}

/// The entries of each department in order, and those without a department.
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
                None if found.len() < MAX_DEPARTMENTS => found.push((department, vec![entry])),
                None => {}
            }
        }
    }
    if !nobody.is_empty() && nobody.len() < entries.len() {
        found.push((words.say("ledger.sheet.nobody"), nobody));
    }
    found
}

#[cfg(test)]
mod tests;
