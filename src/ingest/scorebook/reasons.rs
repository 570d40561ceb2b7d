//! Reads 事由: the facts, evidence and requirements behind the marks, one row each. Its rows have no keys, because people
//! insert, sort and delete them; a row is known by the number and the unit that it names.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{find::Found, reading::Reading, said_in};
use crate::{
    ingest::{
        cell::{self, fold, is_blank},
        sheet::{Cell, Row},
    },
    nearest::nearest,
    problem::{Place, Problem},
    standard::{Rule, Standard, entry::Entry},
    tables::{
        marks::Reason,
        scorebook::{Anchor, HEADER, ReasonColumn},
    },
};

/// Between several numbers or units in one cell.
const BETWEEN: [char; 7] = ['、', ',', '，', ';', '；', '\n', '/'];
/// A row of headers names at least this many columns.
const HEADERS: usize = 2;
/// Serial days of Excel that may stand for a date: 1982 to 2064.
const SERIALS: std::ops::Range<f64> = 30_000.0..60_000.0;

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    item: usize,
    part: Option<usize>,
    adjustment: Option<usize>,
}

/// The cells of one row, by column, with their positions.
type Line = BTreeMap<ReasonColumn, (u32, Cell)>;

pub fn read(reading: &mut Reading, found: &Found) {
    let targets = targets(reading);
    let Some((header, columns)) = header(reading, found) else {
        // The title and the guide stand in one cell each.
        let full = |row: &&Row| row.cells.iter().filter(|(_, cell)| is_written(cell)).count() >= HEADERS;
        if let Some(row) = found.sheet.rows.iter().find(full) {
            let problem = Problem::error("marks_reasons_header", found.place(row.index, found.column));
            reading.problems.push(problem.list("expected", labels(reading, &ReasonColumn::ALL)));
        }
        return;
    };
    let known = ReasonColumn::ALL.into_iter().map(|column| (column, headers(reading, column))).collect();
    let lines: Vec<(u32, Line)> = found
        .sheet
        .rows
        .iter()
        .filter(|row| row.index != header)
        .filter_map(|row| {
            let line = line(found, row.index, &columns);
            // Above the header stand a title and a guide, each in one cell.
            let least = if row.index < header { HEADERS } else { 1 };
            (line.len() >= least && !is_header(&known, &line)).then_some((row.index, line))
        })
        .collect();
    unread(reading, found, header, &columns);
    if lines.is_empty() {
        return;
    }
    let missing: Vec<ReasonColumn> =
        ReasonColumn::ALL.into_iter().filter(|column| !columns.values().any(|own| own == column)).collect();
    if !missing.is_empty() {
        let needed = [ReasonColumn::Number, ReasonColumn::Unit];
        let place = found.place(header, found.column);
        let named = labels(reading, &missing);
        if missing.iter().any(|column| needed.contains(column)) {
            reading.problems.push(Problem::error("marks_reasons_columns", place).list("columns", named));
            return;
        }
        reading.findings.push(Problem::warning("marks_reasons_columns", place).list("columns", named));
    }
    for (row, line) in &lines {
        one(reading, found, (*row, line), &targets);
    }
}

/// Whether a cell holds something that people wrote.
fn is_written(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) => {
            let text = text.trim();
            let is_key = text == HEADER || ReasonColumn::ALL.iter().any(|column| column.key() == text);
            !is_blank(&fold(text)) && !is_key && Anchor::from_text(text).is_none()
        }
        _ => true,
    }
}

/// The headers of a column, in both languages, with other spellings.
fn headers(reading: &Reading, column: ReasonColumn) -> Vec<String> {
    let mut known = said_in(reading.catalogues, &format!("marking.reasons.column.{}", column.id()));
    known.extend(said_in(reading.catalogues, &format!("marks.reason_header.{}", column.id())));
    known.iter().map(|name| fold(name)).collect()
}

fn labels(reading: &Reading, columns: &[ReasonColumn]) -> Vec<String> {
    let words = reading.catalogues.first();
    let label = |column: &ReasonColumn| {
        words.map_or_else(
            || column.id().to_string(),
            |words| words.say(&format!("marking.reasons.column.{}", column.id())),
        )
    };
    columns.iter().map(label).collect()
}

/// The row of headers and the columns that it names; a column whose visible header is not known is recognized by its
/// hidden key.
fn header(reading: &Reading, found: &Found) -> Option<(u32, BTreeMap<u32, ReasonColumn>)> {
    let known: Vec<(ReasonColumn, Vec<String>)> =
        ReasonColumn::ALL.into_iter().map(|column| (column, headers(reading, column))).collect();
    let named = |row: &Row| {
        let mut columns: BTreeMap<u32, ReasonColumn> = BTreeMap::new();
        for (at, cell) in &row.cells {
            let Cell::Text(text) = cell else { continue };
            let text = fold(text);
            let column = known.iter().find(|(_, names)| names.contains(&text)).map(|(column, _)| *column);
            if let Some(column) = column.filter(|column| !columns.values().any(|own| own == column)) {
                columns.insert(*at, column);
            }
        }
        columns
    };
    let best = found.sheet.rows.iter().map(|row| (row.index, named(row)));
    let (header, mut columns) = best
        .max_by_key(|(row, columns)| (columns.len(), u32::MAX - row))
        .filter(|(_, c)| c.len() >= HEADERS)?;
    let keys = found.sheet.rows.iter().find(|row| row.index == found.row);
    for (at, cell) in keys.into_iter().flat_map(|row| &row.cells) {
        let Cell::Text(text) = cell else { continue };
        let column = ReasonColumn::ALL.into_iter().find(|column| column.key() == text.trim());
        if let Some(column) = column
            && !columns.contains_key(at)
            && !columns.values().any(|own| *own == column)
        {
            columns.insert(*at, column);
        }
    }
    Some((header, columns))
}

/// A cell, or the uppermost of the merged cells that it belongs to. A merged line, as the guide's, is one cell.
fn cell_at(found: &Found, row: u32, column: u32) -> Cell {
    let at = |row: u32, column: u32| {
        let rows = &found.sheet.rows;
        let own = rows.binary_search_by_key(&row, |own| own.index).ok().and_then(|own| rows.get(own));
        own.map_or(Cell::Empty, |own| own.get(column).clone())
    };
    match at(row, column) {
        Cell::Empty => {
            let merged = found
                .sheet
                .merges
                .iter()
                .find(|(top, left, bottom, _)| (*top..=*bottom).contains(&row) && *left == column);
            merged.map_or(Cell::Empty, |(top, left, ..)| at(*top, *left))
        }
        cell => cell,
    }
}

fn line(found: &Found, row: u32, columns: &BTreeMap<u32, ReasonColumn>) -> Line {
    let cells = columns.iter().map(|(at, column)| (*column, (*at, cell_at(found, row, *at))));
    cells.filter(|(_, (_, cell))| is_written(cell)).collect()
}

/// Whether the row repeats the headers, as where two lists were put one below the other.
fn is_header(known: &BTreeMap<ReasonColumn, Vec<String>>, line: &Line) -> bool {
    line.iter().all(|(column, (_, cell))| match cell {
        Cell::Text(text) => known.get(column).is_some_and(|names| names.contains(&fold(text))),
        _ => false,
    })
}

/// A note about every column with content that is not read.
fn unread(reading: &mut Reading, found: &Found, header: u32, columns: &BTreeMap<u32, ReasonColumn>) {
    let mut others: BTreeMap<u32, u32> = BTreeMap::new();
    for row in found.sheet.rows.iter().filter(|row| row.index >= header) {
        for (at, cell) in row.cells.iter().filter(|(at, cell)| !columns.contains_key(at) && is_written(cell))
        {
            // The keys of another sheet's rows say nothing.
            if !matches!(cell, Cell::Text(text) if text.starts_with('@')) {
                others.entry(*at).or_insert(row.index);
            }
        }
    }
    for (column, row) in others {
        let shown = cell::shown(&cell_at(found, row, column));
        let note = Problem::note("marks_reasons_column_passed", found.place(row, column));
        reading.findings.push(note.with("found", shown));
    }
}

/// Every number that the sheets print, and every id of an entry.
fn targets(reading: &Reading) -> BTreeMap<String, Target> {
    let mut known = BTreeMap::new();
    for (index, item) in reading.standard.items.iter().enumerate() {
        let whole = Target { item: index, part: None, adjustment: None };
        known.insert(fold(&item.id), whole);
        let Rule::Scored { parts, adjustments, .. } = &item.rule else { continue };
        for (part, own) in parts.iter().enumerate() {
            let target = Target { part: Some(part), ..whole };
            known.entry(fold(&format!("{}.{}", item.id, own.id))).or_insert(target);
        }
        for (adjustment, own) in adjustments.iter().enumerate() {
            let target = Target { adjustment: Some(adjustment), ..whole };
            known.entry(fold(&format!("{}.{}", item.id, own.id))).or_insert(target);
        }
    }
    for entry in reading.entries.values() {
        let Some(item) = entry.item else { continue };
        let target = Target { item, part: entry.part, adjustment: None };
        for name in [&entry.id, &entry.number(reading.standard)] {
            known.entry(fold(name)).or_insert(target);
        }
    }
    known
}

/// What a number as written stands for: `27.2`, `27`, `第27项`, `27.2 义教招生`.
fn target(text: &str, targets: &BTreeMap<String, Target>) -> Option<Target> {
    let folded = fold(text);
    let bare = folded.strip_prefix('第').unwrap_or(&folded);
    let bare = bare.trim_end_matches(['项', '条', '.', '、']);
    let first = text.split_whitespace().next().map(fold).unwrap_or_default();
    [folded.as_str(), bare, first.as_str()].into_iter().find_map(|name| targets.get(name)).copied()
}

/// The targets of a cell, each with what is written there, or the findings about it.
fn targets_of(
    reading: &Reading,
    found: &Cell,
    place: &Place,
    targets: &BTreeMap<String, Target>,
) -> Result<Vec<Target>, Box<Problem>> {
    let text = text_of(found);
    if let (Cell::Number(_), Some(longer)) = (found, targets.get(&fold(&format!("{text}0"))))
        && text.contains('.')
        && let Some(shorter) = targets.get(&fold(&text))
        && longer != shorter
    {
        // A number cell does not tell 27.1 from 27.10.
        let problem = Problem::warning("marks_reason_number_unclear", place.clone());
        return Err(Box::new(problem.with("found", &text).with("other", format!("{text}0"))));
    }
    if let Some(one) = target(&text, targets) {
        return Ok(vec![one]);
    }
    let each = text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
    let all: Option<Vec<Target>> = each.map(|part| target(part, targets)).collect();
    all.filter(|all| !all.is_empty()).ok_or_else(|| {
        let labels: Vec<String> = nearest(&text, targets.keys().map(String::as_str))
            .iter()
            .filter_map(|name| targets.get(*name))
            .map(|target| label(reading.standard, *target))
            .collect();
        let problem = Problem::warning("marks_reason_number", place.clone())
            .with("found", cell::shown(found))
            .with("nearest", super::near(labels.join("、")));
        Box::new(problem)
    })
}

fn units_of(reading: &Reading, found: &Cell, place: &Place) -> Result<Vec<usize>, Box<Problem>> {
    let text = text_of(found);
    if let Some(one) = reading.roster.called(&text) {
        return Ok(vec![one]);
    }
    let each = text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
    let all: Option<Vec<usize>> = each.map(|part| reading.roster.called(part)).collect();
    all.filter(|all| !all.is_empty()).ok_or_else(|| {
        let problem = Problem::warning("marks_reason_unit", place.clone())
            .with("found", cell::shown(found))
            .with("nearest", reading.roster.near(&text));
        Box::new(problem)
    })
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().replace("\r\n", "\n"),
        Cell::Number(number) => number.to_string(),
        cell => cell::shown(cell),
    }
}

/// A date as written; a serial day of Excel as the day that it stands for.
fn date_of(cell: &Cell) -> String {
    if let Cell::Number(number) = cell
        && SERIALS.contains(number)
        && let Some(day) =
            NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|d| d.checked_add_days(Days::new(*number as u64)))
    {
        return day.to_string();
    }
    text_of(cell)
}

/// `27.2 义教招生`.
fn label(standard: &Standard, target: Target) -> String {
    let Some(item) = standard.items.get(target.item) else { return String::new() };
    let Rule::Scored { parts, adjustments, .. } = &item.rule else {
        return format!("{} {}", item.id, item.title.zh);
    };
    let part = target.part.and_then(|part| parts.get(part));
    let adjustment = target.adjustment.and_then(|at| adjustments.get(at));
    match (part, adjustment) {
        (Some(part), _) => format!("{}.{} {}", item.id, part.id, part.title).trim_end().to_string(),
        (None, Some(own)) => format!("{}.{} {}", item.id, own.id, own.title.zh).trim_end().to_string(),
        (None, None) => format!("{} {}", item.id, item.title.zh),
    }
}

fn one(reading: &mut Reading, found: &Found, (row, line): (u32, &Line), targets: &BTreeMap<String, Target>) {
    let place = |column: ReasonColumn| {
        let at = line.get(&column).map_or(found.column, |(at, _)| *at);
        found.place(row, at)
    };
    for (at, cell) in line.values() {
        if matches!(cell, Cell::Error(_) | Cell::Uncalculated) {
            let problem = Problem::warning("marks_reason_cell", found.place(row, *at));
            reading.findings.push(problem.with("found", cell::shown(cell)));
        }
    }
    let cell = |column: ReasonColumn| line.get(&column).map(|(_, cell)| cell);
    let text = |column: ReasonColumn| match cell(column) {
        None | Some(Cell::Error(_) | Cell::Uncalculated) => String::new(),
        Some(cell) if column == ReasonColumn::Date => date_of(cell),
        Some(cell) => text_of(cell),
    };
    let named = (cell(ReasonColumn::Number), cell(ReasonColumn::Unit));
    let (Some(number), Some(unit)) = named else {
        let lacking: Vec<ReasonColumn> = [ReasonColumn::Number, ReasonColumn::Unit]
            .into_iter()
            .filter(|column| !line.contains_key(column))
            .collect();
        let first = line.values().next();
        let at = first.map_or(found.column, |(at, _)| *at);
        let problem = Problem::warning("marks_reason_incomplete", found.place(row, at))
            .list("missing", labels(reading, &lacking))
            .with("found", first.map(|(_, cell)| cell::shown(cell)).unwrap_or_default());
        reading.findings.push(problem);
        return;
    };
    let numbers = targets_of(reading, number, &place(ReasonColumn::Number), targets);
    let units = units_of(reading, unit, &place(ReasonColumn::Unit));
    let (numbers, units) = match (numbers, units) {
        (Ok(numbers), Ok(units)) => (numbers, units),
        (numbers, units) => {
            let problems = [numbers.err(), units.err()].into_iter().flatten();
            reading.findings.extend(problems.map(|problem| *problem));
            return;
        }
    };
    if line.len() == 2 {
        // Number and unit alone say nothing.
        reading.findings.push(Problem::note("marks_reason_empty", place(ReasonColumn::Number)));
        return;
    }
    for target in &numbers {
        for unit in &units {
            if !concerns(reading, *target, *unit) {
                let problem = Problem::warning("marks_reason_not_concerned", place(ReasonColumn::Unit))
                    .with("item", label(reading.standard, *target))
                    .with("unit", reading.roster.name(*unit));
                reading.findings.push(problem);
                continue;
            }
            reading.reason(Reason {
                unit: *unit,
                item: target.item,
                part: target.part,
                adjustment: target.adjustment,
                fact: text(ReasonColumn::Fact),
                evidence: text(ReasonColumn::Evidence),
                number: text(ReasonColumn::Document),
                date: text(ReasonColumn::Date),
                required: text(ReasonColumn::Required),
                place: place(ReasonColumn::Number),
                office: office(reading, found, *target),
            });
        }
    }
}

fn concerns(reading: &Reading, target: Target, unit: usize) -> bool {
    let by_department = reading.standard.units.as_ref().is_some_and(|units| units.by_department);
    let item = reading.standard.items.get(target.item);
    match (item, reading.roster.units.get(unit)) {
        (Some(item), Some(unit)) => {
            !by_department || item.departments.iter().any(|name| unit.is_called(name.trim()))
        }
        _ => false,
    }
}

/// The office of the workbook; in a workbook of several offices, those that mark the part.
fn office(reading: &Reading, found: &Found, target: Target) -> String {
    if !found.anchor.office.is_empty() {
        return found.anchor.office.clone();
    }
    let mut offices: Vec<&str> = Vec::new();
    let own = |entry: &&Entry| {
        entry.item == Some(target.item) && (target.part.is_none() || entry.part == target.part)
    };
    for name in reading.entries.values().filter(own).flat_map(|entry| &entry.offices) {
        if !offices.contains(&name.as_str()) {
            offices.push(name);
        }
    }
    offices.join("、")
}
