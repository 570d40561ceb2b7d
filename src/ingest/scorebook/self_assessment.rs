//! Reads the self-assessments of units: their own marks, facts and evidence, and the texts of their reports.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{find::Found, office, reading::Reading, said_in, values};
use crate::{
    ingest::{
        cell::{self, fold, is_blank},
        sheet::{Cell, Row},
    },
    number,
    problem::{Place, Problem},
    standard::entry::{Entry, Value},
    tables::{
        marks::{Entered, SelfMark, SelfReport},
        scorebook::{DATE, HEADER, Kind, Lead, MARKER, SelfColumn, UNIT},
    },
};

/// The columns of a sheet.
#[derive(Default)]
struct Columns {
    leads: BTreeMap<u32, Lead>,
    own: BTreeMap<SelfColumn, u32>,
}

/// Reads the sheets of all self-assessments. Their units are those of the offices' workbooks; without such workbooks,
/// those that handed one in.
pub fn read(reading: &mut Reading, sheets: &[&Found]) {
    let alone = reading.roster.units.is_empty();
    let mut first: HashMap<(usize, &str), Place> = HashMap::new();
    for found in sheets {
        let Some(unit) = unit(reading, found, alone) else { continue };
        let place = found.sheet_place();
        if let Some(first) = first.get(&(unit, found.anchor.kind.id())) {
            let problem = Problem::error("self_two", place).with("unit", reading.roster.name(unit));
            reading.problems.push(problem.with("first", first));
            continue;
        }
        first.insert((unit, found.anchor.kind.id()), place);
        let at = match reading.self_reports.iter().position(|report| report.unit == unit) {
            Some(at) => at,
            None => {
                let place = found.sheet_place();
                reading.self_reports.push(SelfReport { unit, place, ..SelfReport::default() });
                reading.self_reports.len() - 1
            }
        };
        let columns = columns(reading, found);
        let [signed, date] = [MARKER, DATE].map(|key| above(reading, found, key));
        if let Some(report) = reading.self_reports.get_mut(at) {
            for (own, said) in [(&mut report.signed, signed), (&mut report.date, date)] {
                if own.is_empty() {
                    *own = said;
                }
            }
        }
        match found.anchor.kind {
            Kind::SelfMarks => marks(reading, found, &columns, unit),
            _ => sections(reading, found, &columns, at),
        }
    }
    reading.self_marks.sort_by_key(|own| (own.unit, own.item, own.part));
    reading.self_reports.sort_by_key(|report| report.unit);
    findings(reading);
}

/// The unit of a sheet, named by its anchor and by the visible cell, which must agree.
fn unit(reading: &mut Reading, found: &Found, alone: bool) -> Option<usize> {
    let place = found.sheet_place();
    let hidden = crate::tables::scorebook::unit_from(&found.anchor.office);
    let Some((name, code, ..)) = hidden else {
        let problem = Problem::error("marks_keys_lost", place).with("sheet", &found.sheet.name);
        reading.problems.push(problem);
        return None;
    };
    let unit = match alone {
        true => {
            let mut problems = Vec::new();
            let unit = reading.roster.hidden(&found.anchor.office, &place, &mut problems);
            reading.problems.extend(problems);
            unit
        }
        false => reading.roster.called(&name).or_else(|| {
            Some(&code).filter(|code| !code.is_empty()).and_then(|code| reading.roster.called(code))
        }),
    };
    let Some(unit) = unit else {
        let problem = Problem::error("self_unit_unknown", place).with("found", &name);
        reading.problems.push(problem.with("nearest", reading.roster.near(&name)));
        return None;
    };
    let row = found.sheet.rows.iter().find(|row| office::text(row.get(found.column)) == UNIT);
    let label = said_in(reading.catalogues, "self_assessment.unit");
    let shown =
        row.into_iter().flat_map(|row| row.cells.iter().map(move |(column, cell)| (row.index, column, cell)));
    let shown = shown
        .filter(|(_, column, _)| **column != found.column)
        .map(|(row, column, cell)| (row, *column, office::text(cell)))
        .find(|(_, _, text)| !text.is_empty() && !label.iter().any(|label| fold(label) == fold(text)));
    // Without the visible name nobody has said that it is another unit.
    if let Some((row, column, shown)) = shown
        && !reading.roster.is(unit, &shown)
        && fold(&shown) != fold(&name)
    {
        let problem = Problem::error("self_unit_renamed", found.place(row, column));
        reading.problems.push(problem.with("found", shown).with("expected", name));
        return None;
    }
    Some(unit)
}

/// What stands above the list in the row with this key, beside its label.
fn above(reading: &Reading, found: &Found, key: &str) -> String {
    let label = if key == DATE { "self_assessment.date" } else { "self_assessment.signed" };
    let labels = said_in(reading.catalogues, label);
    let row = found.sheet.rows.iter().find(|row| office::text(row.get(found.column)) == key);
    let cells = row.into_iter().flat_map(|row| &row.cells).filter(|(column, _)| *column != found.column);
    let mut said = cells.map(|(_, cell)| whole(cell));
    said.find(|text| !text.is_empty() && !labels.contains(text)).unwrap_or_default()
}

/// A cell as text, whole.
fn whole(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_string(),
        other => cell::shown(other),
    }
}

/// Recognizes the columns by their hidden keys, checked against the visible headers; a column without a key is
/// recognized by its header.
fn columns(reading: &mut Reading, found: &Found) -> Columns {
    let mut columns = Columns::default();
    let Some(header) = found.sheet.rows.iter().find(|row| office::text(row.get(found.column)) == HEADER)
    else {
        reading.problems.push(Problem::error("marks_header_removed", found.sheet_place()));
        return columns;
    };
    let blank = Row::default();
    let keys = found.sheet.rows.iter().find(|row| row.index == found.row).unwrap_or(&blank);
    let wanted: &[SelfColumn] = match found.anchor.kind {
        Kind::SelfMarks => &SelfColumn::OF_MARKS,
        _ => &[SelfColumn::Text],
    };
    let names =
        |column: SelfColumn| said_in(reading.catalogues, &format!("self_assessment.column.{}", column.id()));
    let mut all: BTreeSet<u32> = keys.cells.iter().map(|(column, _)| *column).collect();
    all.extend(header.cells.iter().map(|(column, _)| *column));
    all.remove(&found.column);
    let mut problems = Vec::new();
    let mut passed = Vec::new();
    for column in all {
        let (key, shown) = (office::text(keys.get(column)), office::text(header.get(column)));
        if let Some(lead) = office::lead(reading, &key, &shown) {
            columns.leads.insert(column, lead);
            continue;
        }
        let place = found.place(header.index, column);
        let called = |own: &SelfColumn| names(*own).iter().any(|name| fold(name) == fold(&shown));
        let by_name = wanted.iter().copied().find(called);
        let by_key = wanted.iter().copied().find(|own| own.key() == key);
        match (by_key, by_name) {
            // Somebody exchanged the columns without their hidden keys, or wrote something else above one.
            (Some(own), other) if other != Some(own) => {
                let expected = names(own).into_iter().next().unwrap_or_default();
                let problem = Problem::error("self_column_renamed", place);
                problems.push(problem.with("found", shown).with("expected", expected));
            }
            (None, None) => passed.push((place, column, shown)),
            (_, Some(own)) | (Some(own), None) => {
                if columns.own.contains_key(&own) {
                    problems.push(Problem::error("self_column_twice", place).with("found", shown));
                }
                columns.own.insert(own, column);
            }
        }
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|own| !columns.own.contains_key(own))
        .filter_map(|own| names(*own).into_iter().next())
        .collect();
    if !missing.is_empty() && problems.is_empty() {
        problems.push(Problem::error("self_column_removed", found.sheet_place()).list("columns", missing));
    }
    if found.anchor.kind == Kind::SelfMarks && !columns.leads.values().any(|lead| *lead == Lead::Title) {
        problems.push(Problem::error("marks_titles_removed", found.place(header.index, found.column)));
        columns.own.clear();
    }
    // A user's own column: what stands in it is not read, and that is said.
    for (place, column, shown) in passed {
        let filled = |row: &&Row| row.index > header.index && *row.get(column) != Cell::Empty;
        if found.sheet.rows.iter().any(|row| filled(&row)) {
            reading.findings.push(Problem::warning("self_column_passed", place).with("found", shown));
        }
    }
    reading.problems.extend(problems);
    columns
}

/// The rows of 自评表.
fn marks(reading: &mut Reading, found: &Found, columns: &Columns, unit: usize) {
    let name = |reading: &Reading| reading.roster.name(unit).to_string();
    let entries: BTreeMap<String, Entry> = {
        let own = reading.roster.units.get(unit);
        let called = |name: &str| own.is_some_and(|own| own.is_called(name));
        let entries = reading.standard.self_entries(called);
        entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect()
    };
    let mut seen: HashMap<String, u32> = HashMap::new();
    for row in &found.sheet.rows {
        let key = office::text(row.get(found.column));
        if row.index == found.row || key.starts_with('@') {
            continue;
        }
        let filled: Vec<u32> =
            columns.own.values().copied().filter(|column| is_filled(row.get(*column))).collect();
        let Some(entry) = entries.get(&key) else {
            let place = found.place(row.index, filled.first().copied().unwrap_or(found.column));
            if !key.is_empty() {
                let problem = Problem::error("self_row_unknown", place).with("found", &key);
                reading.problems.push(problem.with("unit", name(reading)));
            } else if !filled.is_empty() && !is_above(found, row, &entries) {
                reading.problems.push(Problem::error("self_row_without_id", place));
            }
            continue;
        };
        if let Some(first) = seen.get(&key) {
            if !filled.is_empty() {
                let problem = Problem::error("self_row_twice", found.place(row.index, found.column));
                let first = found.place(*first, found.column);
                reading.problems.push(problem.with("item", reading.label(entry)).with("first", first));
            }
            continue;
        }
        seen.insert(key, row.index);
        if !office::same_words(reading, found, &columns.leads, row, entry) {
            continue;
        }
        one(reading, found, columns, row, (unit, entry));
    }
    for entry in entries.values().filter(|entry| !seen.contains_key(&entry.id)) {
        let problem = Problem::error("marks_row_missing", found.sheet_place());
        reading.problems.push(problem.with("item", reading.label(entry)).with("id", &entry.id));
    }
}

fn is_filled(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// Whether a row stands above the list, where there are no entries.
fn is_above(found: &Found, row: &Row, entries: &BTreeMap<String, Entry>) -> bool {
    let first =
        found.sheet.rows.iter().find(|row| entries.contains_key(&office::text(row.get(found.column))));
    first.is_some_and(|first| row.index < first.index)
}

/// One row: the mark and what is said with it.
fn one(reading: &mut Reading, found: &Found, columns: &Columns, row: &Row, (unit, entry): (usize, &Entry)) {
    let cell = |own: SelfColumn| columns.own.get(&own).map(|column| (*column, row.get(*column)));
    let Some((at, written)) = cell(SelfColumn::Mark) else { return };
    let place = found.place(row.index, at);
    let mark = match values::read(written, &entry.value, reading.yearly_points_of(entry), reading.catalogues)
    {
        Ok(Some(Entered::Number(number))) => Some(number),
        Ok(_) => None,
        Err(wrong) => {
            let mut problem = Problem::error(wrong.code, place)
                .with("item", reading.label(entry))
                .with("unit", reading.roster.name(unit))
                .with("found", cell::shown(written));
            problem.args.extend(wrong.args);
            reading.problems.push(problem);
            return;
        }
    };
    let mut said = |own: SelfColumn| match cell(own) {
        Some((at, broken @ (Cell::Error(_) | Cell::Uncalculated))) => {
            let problem = Problem::error("self_text_broken", found.place(row.index, at));
            reading.problems.push(problem.with("found", cell::shown(broken)));
            String::new()
        }
        Some((_, written)) => Some(whole(written)).filter(|text| !is_blank(&fold(text))).unwrap_or_default(),
        None => String::new(),
    };
    let [fact, evidence, reason] =
        [SelfColumn::Fact, SelfColumn::Evidence, SelfColumn::Reason].map(&mut said);
    if let (Some(item), Some(part)) = (entry.item, entry.part)
        && (mark.is_some() || !(fact.is_empty() && evidence.is_empty() && reason.is_empty()))
    {
        reading.self_marks.push(SelfMark { unit, item, part, mark, fact, evidence, reason, place });
    }
}

/// The rows of 自评报告.
fn sections(reading: &mut Reading, found: &Found, columns: &Columns, at: usize) {
    let Some(column) = columns.own.get(&SelfColumn::Text).copied() else { return };
    let known: Vec<String> = reading.standard.report_section_ids().into_iter().map(str::to_string).collect();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: Vec<String> = Vec::new();
    let header = found.sheet.rows.iter().find(|row| office::text(row.get(found.column)) == HEADER);
    for row in &found.sheet.rows {
        let key = office::text(row.get(found.column));
        if header.is_none_or(|header| row.index <= header.index) {
            continue;
        }
        let written = row.get(column);
        let place = found.place(row.index, column);
        if !known.contains(&key) {
            if is_filled(written) || !key.is_empty() {
                let expected = known.iter().filter_map(|id| title(reading, id));
                let problem = Problem::error("self_section_unknown", place).list("expected", expected);
                reading.problems.push(problem.with("found", if key.is_empty() { "—" } else { &key }));
            }
            continue;
        }
        if seen.contains(&key) && is_filled(written) {
            let item = title(reading, &key).unwrap_or_default();
            reading.problems.push(Problem::error("self_section_twice", place).with("section", item));
            continue;
        }
        // The visible title tells whether the row still belongs to its key.
        let shown = columns.leads.iter().find(|(_, lead)| **lead == Lead::Title);
        let shown = shown.map(|(column, _)| office::text(row.get(*column))).unwrap_or_default();
        let titles: Vec<String> = reading
            .catalogues
            .iter()
            .flat_map(|words| {
                reading.standard.report_sections(words).into_iter().map(move |s| (s, words.language))
            })
            .filter(|(section, _)| section.id == key)
            .map(|(section, language)| section.title.get(language).to_string())
            .collect();
        if !titles.iter().any(|title| fold(title) == fold(&shown)) {
            let expected = titles.into_iter().next().unwrap_or_default();
            let problem = Problem::error("self_section_renamed", place);
            reading.problems.push(problem.with("found", shown).with("expected", expected));
            continue;
        }
        seen.push(key.clone());
        match written {
            Cell::Error(_) | Cell::Uncalculated => {
                let problem = Problem::error("self_text_broken", place).with("found", cell::shown(written));
                reading.problems.push(problem);
            }
            written => {
                let text = whole(written);
                if !is_blank(&fold(&text)) {
                    texts.insert(key, text);
                }
            }
        }
    }
    let missing: Vec<String> =
        known.iter().filter(|id| !seen.contains(id)).filter_map(|id| title(reading, id)).collect();
    if !missing.is_empty() && reading.problems.is_empty() {
        let problem = Problem::error("self_section_missing", found.sheet_place());
        reading.problems.push(problem.list("sections", missing));
    }
    if let Some(report) = reading.self_reports.get_mut(at) {
        report.sections = texts;
    }
}

fn title(reading: &Reading, id: &str) -> Option<String> {
    let words = reading.catalogues.first()?;
    let sections = reading.standard.report_sections(words);
    sections.iter().find(|section| section.id == id).map(|one| one.title.get(words.language).to_string())
}

/// What is missing, each said once for all units.
fn findings(reading: &mut Reading) {
    if reading.self_reports.is_empty() {
        return;
    }
    let mut unmarked = Vec::new();
    let mut unfounded = Vec::new();
    let mut unexplained = Vec::new();
    let mut unwritten = Vec::new();
    for report in &reading.self_reports {
        let own = reading.roster.units.get(report.unit);
        let entries = reading.standard.self_entries(|name| own.is_some_and(|own| own.is_called(name)));
        let marked = |entry: &&Entry| {
            let mut rows = reading.self_marks.iter();
            rows.any(|row| {
                (Some(row.item), Some(row.part)) == (entry.item, entry.part)
                    && row.unit == report.unit
                    && row.mark.is_some()
            })
        };
        let rows = || reading.self_marks.iter().filter(|row| row.unit == report.unit);
        let most = |row: &&SelfMark| {
            let entry =
                entries.iter().find(|entry| (entry.item, entry.part) == (Some(row.item), Some(row.part)))?;
            match entry.value {
                Value::Score { most: Some(most) } => Some(most),
                _ => reading.yearly_points_of(entry),
            }
        };
        let below = |row: &&SelfMark| matches!((row.mark, most(row)), (Some(mark), Some(most)) if mark < most - values::DUST);
        let founded = |row: &&SelfMark| !row.fact.is_empty() && !row.evidence.is_empty();
        let sections = reading.standard.report_section_ids();
        for (list, count) in [
            (&mut unmarked, entries.iter().filter(|entry| !marked(entry)).count()),
            (&mut unfounded, rows().filter(|row| row.mark > Some(0.0) && !founded(row)).count()),
            (&mut unexplained, rows().filter(|row| row.reason.is_empty()).filter(below).count()),
            (&mut unwritten, sections.iter().filter(|id| !report.sections.contains_key(**id)).count()),
        ] {
            if count > 0 {
                list.push((reading.roster.name(report.unit).to_string(), count));
            }
        }
    }
    for (code, list) in [
        ("self_unmarked", unmarked),
        ("self_unfounded", unfounded),
        ("self_unexplained", unexplained),
        ("self_unwritten", unwritten),
    ] {
        if !list.is_empty() {
            let total: usize = list.iter().map(|(_, count)| count).sum();
            let units = list.iter().map(|(unit, count)| format!("{unit}（{count}）"));
            let problem = Problem::warning(code, Place::default()).with("count", total);
            reading.findings.push(problem.list("units", units));
        }
    }
    let handed: BTreeSet<usize> = reading.self_reports.iter().map(|report| report.unit).collect();
    let silent: Vec<&str> = (0..reading.roster.units.len())
        .filter(|unit| !handed.contains(unit))
        .map(|unit| reading.roster.name(unit))
        .collect();
    if !silent.is_empty() {
        let note = Problem::note("self_not_handed_in", Place::default());
        reading
            .findings
            .push(note.with("count", number::calculated(Some(silent.len() as f64))).list("units", silent));
    }
}

#[cfg(test)]
mod tests;
