//! Reads the previous ledger as users filled it in: what the program wrote (recorded in a hidden sheet), and what was
//! typed since, in any sheet, column and order.
//!
//! Columns are found by their headers. Edits are found cell by cell in comparison with what was written, so that a
//! planner may fill in the sheet of a department, sort, filter, and insert rows and columns. A workbook whose hidden
//! sheet is gone is read by its visible content.

mod lines;
mod memory;
mod merge;

use std::{collections::BTreeSet, path::Path};

use self::{lines::List, memory::Memory};
use super::{Limits, file, sheet};
use crate::{
    problem::{Place, Problem, Result},
    standard::Standard,
    tables::ledger::{Field, Ledger, MEMORY, OwnSheet, Value},
    words::{Language, Words},
};

/// A ledger as it was read.
#[derive(Debug, Clone)]
pub struct Read {
    pub ledger: Ledger,
    /// Whether users typed something since the program wrote it.
    pub typed: bool,
    pub findings: Vec<Problem>,
}

/// Reads `path`, which messages call `shown`. `standards` are those of the run; a workbook that does not name its
/// standard is assigned to the one that knows its items. [`Ledger::standard`] says whether it is one of them.
///
/// # Errors
/// Those of [`file::sheets`]; a workbook that is no ledger, or whose columns cannot be found (`ledger_columns_missing`
/// names those missing and those found).
pub fn read(
    path: &Path,
    shown: &str,
    standards: &[&Standard],
    limits: &Limits,
    words: &Words,
) -> Result<Read> {
    let sheets = file::sheets(path, shown, None, limits)?;
    // Headers may be in either language, whatever the run's.
    let catalogues = catalogues(words)?;
    let memory = memory::of(&sheets);
    let mut lists = Vec::new();
    let mut own = Vec::new();
    let mut candidates = Vec::new();
    for one in sheets.iter().filter(|sheet| !sheet.name.starts_with(MEMORY)) {
        if is_summary(one, memory.as_ref(), &catalogues) {
            continue;
        }
        let list = List::of(one, &catalogues);
        let named = memory.as_ref().is_some_and(|memory| memory.lists.contains(&one.name));
        match list {
            Some(list) if list.is_ours(memory.is_some(), named) => lists.push(list),
            list if named => return Err(columns_missing(one, list.as_ref(), words).into()),
            list => {
                own.push(one);
                candidates.push((one, list));
            }
        }
    }
    if lists.is_empty() {
        let best = candidates.iter().max_by_key(|(_, list)| list.as_ref().map_or(0, List::known));
        return Err(match best {
            Some((sheet, list)) => columns_missing(sheet, list.as_ref(), words).into(),
            None => Problem::error("ledger_none", Place::file(shown)).into(),
        });
    }
    let standard = match &memory {
        Some(memory) => standards.iter().find(|standard| standard.id == memory.standard),
        None => lines::standard_of(&lists, standards),
    };
    let own_before = memory.as_ref().map(|memory| memory.own.clone());
    let mut read = merge::merge(memory, &lists, standard.copied(), &catalogues, words);
    read.findings.extend(lists.iter().filter_map(|list| list.unfound(words)));
    read.ledger.sheets = own.iter().map(|sheet| as_it_is(sheet)).filter(|s| !s.cells.is_empty()).collect();
    read.ledger.above = lists.iter().map(List::above).filter(|s| !s.cells.is_empty()).collect();
    read.typed |= own_before.is_some_and(|before| before != read.ledger.own_mark());
    Ok(read)
}

fn catalogues(words: &Words) -> Result<Vec<Words>> {
    let all = [Language::Chinese, Language::English];
    let others = all.into_iter().filter(|language| *language != words.language);
    std::iter::once(Ok(words.clone())).chain(others.map(Words::load)).collect()
}

fn is_summary(sheet: &sheet::Sheet, memory: Option<&Memory>, catalogues: &[Words]) -> bool {
    let known = memory.map(|memory| memory.summary.as_str());
    known == Some(sheet.name.as_str())
        || catalogues.iter().any(|words| words.say("ledger.sheet.summary") == sheet.name)
}

/// A user's own sheet, cell by cell.
fn as_it_is(sheet: &sheet::Sheet) -> OwnSheet {
    let cells = sheet.rows.iter().flat_map(|row| {
        row.cells.iter().filter_map(|(column, cell)| Some((row.index, *column, lines::value(cell)?)))
    });
    OwnSheet { name: sheet.name.clone(), cells: cells.collect() }
}

fn columns_missing(sheet: &sheet::Sheet, list: Option<&List>, words: &Words) -> Problem {
    let have: BTreeSet<Field> = list.map(List::fields).unwrap_or_default();
    let missing: Vec<String> = [Field::Number, Field::Item]
        .into_iter()
        .filter(|field| !have.contains(field))
        .map(|field| words.say(&format!("ledger.column.{}", field.id())))
        .collect();
    let found = list.map(List::headers).unwrap_or_else(|| {
        let first = sheet.rows.first().map(|row| row.cells.iter().filter_map(|(_, cell)| lines::value(cell)));
        first.into_iter().flatten().map(|value| value.shown()).collect()
    });
    let mut found: Vec<String> = found.iter().take(MAX_HEADERS + 1).map(|header| short(header)).collect();
    if found.len() > MAX_HEADERS {
        found[MAX_HEADERS] = "…".into();
    }
    Problem::error("ledger_columns_missing", Place::sheet(&sheet.file, &sheet.name))
        .list("missing", missing)
        .list("found", found)
}

/// The number of headers that a message shows of a sheet that is no ledger.
const MAX_HEADERS: usize = 40;

/// A header, shortened for a message.
fn short(text: &str) -> String {
    let cut: String = text.chars().take(20).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// A user's value, for a message.
fn shown(value: &Value) -> String {
    short(&value.shown().replace('\n', " "))
}
