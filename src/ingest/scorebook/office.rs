//! Reads the sheet of an office: the unit of each column, the entry of each row, and the marks in their cells.

use std::collections::{BTreeMap, BTreeSet};

use super::{find::Found, reading::Reading, said_in, values};
use crate::{
    ingest::{
        cell::{self, fold, is_blank},
        sheet::{Cell, Row},
    },
    nearest::nearest,
    problem::{Place, Problem},
    standard::{entry::Entry, stages::staged},
    tables::{
        marks::Mark,
        scorebook::{HEADER, Lead, MARKER},
    },
    words::Language,
};

/// The number of characters of a title that messages show.
const SHOWN: usize = 60;

/// The meaning of the columns.
struct Columns {
    leads: BTreeMap<u32, Lead>,
    units: BTreeMap<u32, usize>,
}

pub fn read(reading: &mut Reading, found: &Found) {
    let columns = columns(reading, found);
    let marker = marker(reading, found, &columns);
    let (office, stage) = (found.anchor.office.clone(), found.anchor.stage.clone());
    let expected: Vec<String> = match reading.offices.iter().find(|one| one.office == office) {
        Some(one) => {
            let asked = one.entries.iter().filter(|entry| reading.standard.is_in_stage(entry, &stage));
            asked.map(|entry| entry.id.clone()).collect()
        }
        None => {
            let known = reading.offices.iter().map(|one| one.office.as_str());
            let near = super::near(nearest(&office, known).join("、"));
            let problem = Problem::error("marks_office_unknown", found.sheet_place());
            reading.problems.push(problem.with("found", &office).with("nearest", near));
            Vec::new()
        }
    };
    let mut seen = BTreeSet::new();
    for row in &found.sheet.rows {
        if row.index == found.row {
            continue;
        }
        let key = text(row.get(found.column));
        if key.starts_with('@') {
            continue;
        }
        let Some(entry) = reading.entries.get(&key).cloned() else {
            without_entry(reading, found, &columns, row, &key);
            continue;
        };
        seen.insert(key.clone());
        let offices = reading.asked.entry(staged(&key, &stage)).or_default();
        if !offices.contains(&office) {
            offices.push(office.clone());
        }
        if !same_words(reading, found, &columns.leads, row, &entry) {
            // It is unknown which entry the row belongs to.
            continue;
        }
        for (column, unit) in &columns.units {
            let cell = row.get(*column);
            if *cell != Cell::Empty {
                let place = found.place(row.index, *column);
                one(reading, (&entry, &stage, *unit), cell, (place, &office, &marker));
            }
        }
    }
    columns_removed(reading, found, &columns, &expected);
    for id in expected.iter().filter(|id| !seen.contains(*id)) {
        if let Some(entry) = reading.entries.get(id) {
            let problem = Problem::error("marks_row_missing", found.sheet_place());
            reading.problems.push(problem.with("item", reading.label(entry)).with("id", id));
        }
    }
}

/// A warning about units that an entry of the sheet concerns and whose columns were removed: their marks are lost.
fn columns_removed(reading: &mut Reading, found: &Found, columns: &Columns, expected: &[String]) {
    let entries: Vec<&Entry> = expected.iter().filter_map(|id| reading.entries.get(id)).collect();
    let removed = |unit: &&usize| {
        let here = columns.units.values().any(|one| one == *unit);
        let unit = reading.roster.units.get(**unit);
        let concerned = unit.is_some_and(|unit| {
            entries.iter().any(|entry| reading.standard.concerns(entry, |name| unit.is_called(name)))
        });
        !here && concerned
    };
    let units: Vec<&str> =
        reading.units_listed(found).iter().filter(removed).map(|unit| reading.roster.name(*unit)).collect();
    if !units.is_empty() {
        let warning = Problem::warning("marks_column_removed", found.sheet_place()).list("units", units);
        reading.findings.push(warning);
    }
}

pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Recognizes columns by the hidden keys, checked against the visible names; a column without a key is recognized by
/// its name.
fn columns(reading: &mut Reading, found: &Found) -> Columns {
    let mut columns = Columns { leads: BTreeMap::new(), units: BTreeMap::new() };
    let Some(header) = found.sheet.rows.iter().find(|row| text(row.get(found.column)) == HEADER) else {
        // Without the visible names nobody can tell whether the columns still belong to their hidden keys.
        reading.problems.push(Problem::error("marks_header_removed", found.sheet_place()));
        return columns;
    };
    let blank = Row::default();
    let keys = found.sheet.rows.iter().find(|row| row.index == found.row).unwrap_or(&blank);
    let mut first: BTreeMap<usize, Place> = BTreeMap::new();
    let mut all: BTreeSet<u32> = keys.cells.iter().map(|(column, _)| *column).collect();
    all.extend(header.cells.iter().map(|(column, _)| *column));
    all.remove(&found.column);
    for column in all {
        let key = text(keys.get(column));
        let shown = text(header.get(column));
        if let Some(lead) = lead(reading, &key, &shown) {
            columns.leads.insert(column, lead);
            continue;
        }
        let place = found.place(header.index, column);
        let hidden = reading.roster.hidden(&key, &place, &mut Vec::new());
        let unit = match hidden {
            Some(unit) if !reading.roster.is(unit, &shown) => {
                let expected = reading.roster.name(unit).to_string();
                let problem = match reading.roster.called(&shown) {
                    Some(other) => Problem::error("marks_unit_moved", place.clone())
                        .with("unit", reading.roster.name(other)),
                    None if shown.is_empty() => Problem::error("marks_unit_nameless", place.clone()),
                    None => Problem::error("marks_unit_renamed", place.clone())
                        .with("nearest", reading.roster.near(&shown)),
                };
                reading.problems.push(problem.with("found", shown).with("expected", expected));
                // It is unknown whose marks they are.
                continue;
            }
            Some(unit) => unit,
            None => match named(reading, found, column, &shown, &place) {
                Some(unit) => unit,
                None => continue,
            },
        };
        if let Some(first) = first.get(&unit) {
            let problem = Problem::error("marks_unit_twice", place.clone())
                .with("unit", reading.roster.name(unit))
                .with("found", shown)
                .with("first", first);
            reading.problems.push(problem);
        } else {
            first.insert(unit, place);
        }
        columns.units.insert(column, unit);
    }
    if !columns.leads.values().any(|lead| *lead == Lead::Title) {
        // Nobody can tell whether the rows still belong to their hidden keys.
        reading
            .problems
            .push(Problem::error("marks_titles_removed", found.place(header.index, found.column)));
        columns.units.clear();
    }
    columns
}

/// A column in front of the units, by its hidden key, otherwise by its visible name.
pub fn lead(reading: &Reading, key: &str, shown: &str) -> Option<Lead> {
    let called = |lead: &Lead| {
        let names = said_in(reading.catalogues, &format!("marking.column.{}", lead.id()));
        key.is_empty() && names.iter().any(|name| fold(name) == fold(shown))
    };
    Lead::ALL.into_iter().find(|lead| lead.key() == key || called(lead))
}

/// Handles a column that users inserted: of a unit, a sum or a remark; anything else is an error.
fn named(reading: &mut Reading, found: &Found, column: u32, shown: &str, place: &Place) -> Option<usize> {
    if let Some(unit) = reading.roster.called(shown) {
        return Some(unit);
    }
    let folded = fold(shown);
    if said_in(reading.catalogues, "marks.passed.columns").iter().any(|name| fold(name) == folded) {
        return None;
    }
    let rows = found
        .sheet
        .rows
        .iter()
        .filter_map(|row| Some((reading.entries.get(&text(row.get(found.column)))?, row.get(column))));
    let mut read = rows.filter_map(|(entry, cell)| {
        values::read(cell, &entry.value, None, reading.catalogues).ok().flatten()
    });
    if read.next().is_some() {
        let problem = Problem::error("marks_unit_unknown", place.clone())
            .with("found", shown)
            .with("nearest", reading.roster.near(shown));
        reading.problems.push(problem);
    } else {
        let note = Problem::note("marks_column_passed", place.clone()).with("found", shown);
        reading.findings.push(note);
    }
    None
}

/// 评分人.
fn marker(reading: &Reading, found: &Found, columns: &Columns) -> String {
    let labels = said_in(reading.catalogues, "marking.marker");
    let row = found.sheet.rows.iter().find(|row| text(row.get(found.column)) == MARKER);
    let said = row
        .into_iter()
        .flat_map(|row| &row.cells)
        .filter(|(column, _)| *column != found.column && !columns.units.contains_key(column));
    let mut said = said.filter_map(|(_, cell)| {
        let text = cell::text(cell, false).0?.to_string();
        (!labels.contains(&text)).then_some(text)
    });
    said.next().unwrap_or_default()
}

/// Handles a row without the key of an entry: a user's own row, or one that lost its key.
fn without_entry(reading: &mut Reading, found: &Found, columns: &Columns, row: &Row, key: &str) {
    let place = found.place(row.index, found.column);
    if !key.is_empty() {
        let near = nearest(key, reading.entries.keys().map(String::as_str));
        let near: Vec<String> =
            near.iter().filter_map(|id| reading.entries.get(*id)).map(|e| reading.label(e)).collect();
        let problem = Problem::error("marks_entry_unknown", place).with("found", shortened(key));
        reading.problems.push(problem.with("nearest", super::near(near.join("；"))));
        return;
    }
    let mut marked = columns.units.keys().filter(|column| {
        let cell = row.get(**column);
        !matches!(cell, Cell::Empty | Cell::Text(_))
            || matches!(cell, Cell::Text(text) if looks_entered(text))
    });
    let Some(column) = marked.next() else { return };
    let mut words = columns.leads.keys().map(|column| text(row.get(*column))).filter(|text| !text.is_empty());
    let sums = said_in(reading.catalogues, "marks.passed.columns");
    let first = words.next().unwrap_or_default();
    if std::iter::once(first.clone()).chain(words).any(|word| sums.iter().any(|sum| fold(sum) == fold(&word)))
    {
        return;
    }
    // The header and the rows above the list have no entries, whatever their keys.
    let above =
        found.sheet.rows.iter().find(|row| reading.entries.contains_key(&text(row.get(found.column))));
    if above.is_some_and(|first| row.index < first.index) {
        return;
    }
    let place = found.place(row.index, *column);
    let problem = Problem::error("marks_row_without_id", place);
    reading.problems.push(problem.with("found", shortened(&first)));
}

fn looks_entered(text: &str) -> bool {
    let folded = fold(text);
    !is_blank(&folded) && folded.starts_with(|c: char| c.is_ascii_digit() || "是否√×".contains(c))
}

fn shortened(text: &str) -> String {
    match text.chars().count() > SHOWN {
        true => text.chars().take(SHOWN).chain("…".chars()).collect(),
        false => text.to_string(),
    }
}

/// Whether the visible number and title are still those of the entry: rows may have been sorted without their hidden
/// keys, and a changed title may mean that something else was marked.
pub fn same_words(
    reading: &mut Reading,
    found: &Found,
    leads: &BTreeMap<u32, Lead>,
    row: &Row,
    entry: &Entry,
) -> bool {
    let column = |wanted: Lead| leads.iter().find(|(_, lead)| **lead == wanted).map(|(c, _)| *c);
    if let Some(at) = column(Lead::Number) {
        let (shown, expected) = (text(row.get(at)), entry.number(reading.standard));
        if !same_number(&shown, &expected) {
            let problem = Problem::error("marks_number_changed", found.place(row.index, at))
                .with("found", shortened(&shown))
                .with("expected", expected)
                .with("item", reading.label(entry));
            reading.problems.push(problem);
            return false;
        }
    }
    if let Some(at) = column(Lead::Title) {
        let shown = text(row.get(at));
        let titles = [Language::Chinese, Language::English].map(|l| entry.title(reading.standard, l));
        let alike = |title: &String| {
            // A cell of Excel holds at most 32,767 characters.
            let (title, shown) = (fold(title), fold(&shown));
            title == shown || (shown.len() > 20_000 && title.starts_with(&shown))
        };
        if !titles.iter().any(alike) {
            let problem = Problem::error("marks_title_changed", found.place(row.index, at))
                .with("found", shortened(&shown))
                .with("expected", shortened(&titles[0]))
                .with("item", reading.label(entry));
            reading.problems.push(problem);
        }
    }
    true
}

/// Whether a number that a row shows is this one.
pub fn same_number(shown: &str, number: &str) -> bool {
    match (shown.parse::<f64>(), number.parse::<f64>()) {
        // Excel may have turned 27.10 into a number.
        (Ok(a), Ok(b)) => a == b,
        _ => fold(shown) == fold(number),
    }
}

/// Reads one cell.
fn one(
    reading: &mut Reading,
    (entry, stage, unit): (&Entry, &str, usize),
    found: &Cell,
    (place, office, marker): (Place, &str, &str),
) {
    let about = |problem: Problem, reading: &Reading| {
        problem
            .with("item", reading.label(entry))
            .with("unit", reading.roster.name(unit))
            .with("found", cell::shown(found))
    };
    let concerned = reading.roster.units.get(unit);
    if concerned.is_some_and(|unit| !reading.standard.concerns(entry, |name| unit.is_called(name))) {
        if !matches!(found, Cell::Text(text) if is_blank(&fold(text))) {
            let item = entry.item.and_then(|item| reading.standard.items.get(item));
            let departments = item.map_or_else(String::new, |item| item.departments.join("、"));
            let problem = Problem::error("marks_not_concerned", place).with("departments", departments);
            let problem = about(problem, reading);
            reading.problems.push(problem);
        }
        return;
    }
    let yearly = reading.yearly_points_of(entry);
    match values::read(found, &entry.value, yearly, reading.catalogues) {
        Ok(None) => {}
        Ok(Some(entered)) => {
            if let Some(code) = values::odd_percentage(&entry.value, found, entered) {
                let warning = about(Problem::warning(code, place.clone()), reading);
                reading.findings.push(warning);
            }
            reading.mark(Mark {
                unit,
                entry: staged(&entry.id, stage),
                entered,
                place,
                office: office.to_string(),
                marker: marker.to_string(),
            });
        }
        Err(wrong) => {
            let mut problem = about(Problem::error(wrong.code, place), reading);
            problem.args.extend(wrong.args);
            reading.problems.push(problem);
        }
    }
}
