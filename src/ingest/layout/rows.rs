//! What each row of a table is, and the values of those that are schools.

use super::{
    Value, cell_problem,
    export::{self, Header},
    place,
    plan::{Plan, Slot},
    read_cell,
    records::Values,
};
use crate::{
    dictionary::{self, Dictionary, Fact, Section},
    ingest::{
        cell::{self, fold},
        sheet::{Cell, Row, Sheet, address},
    },
    problem::{Level, Place, Problem},
};

/// The maximum number of findings of one sheet that are reported one by one; the rest are counted.
const TOLD: usize = 5_000;

/// Limits the findings of a sheet for the sake of memory and readers. Errors are kept.
pub fn limit_findings(problems: &mut Vec<Problem>, before: usize, more: &mut usize) {
    if problems.len() > before + TOLD {
        let mut rest = problems.split_off(before + TOLD);
        let all = rest.len();
        rest.retain(|p| p.level == Level::Error);
        *more += all - rest.len();
        problems.append(&mut rest);
    }
}

/// A row that holds a school.
pub struct Taken {
    pub row: u32,
    pub section: Option<Section>,
}

/// Reads every row of a school into the slots; totals, notes and repeated headers are skipped.
pub fn decode(
    sheet: &Sheet,
    header: &Header,
    plan: &mut Plan,
    problems: &mut Vec<Problem>,
    more: &mut usize,
) -> Vec<Taken> {
    let facts = Dictionary::get().facts();
    let column_of = |plan: &Plan, id: &str| {
        plan.slots.iter().find(|s| facts[s.fact].id == id).and_then(|s| s.columns.first().copied())
    };
    let (name, code) = (column_of(plan, "school_name"), column_of(plan, "school_code"));
    let district = column_of(plan, "district_name");
    let year_offset = plan.year_offset;
    let Plan { slots, targets, section_column, .. } = plan;
    // Columns of counts and amounts: prefilled codes and years alone do not make a row.
    let kind = |slot: usize| slots.get(slot).map(|slot: &Slot| facts[slot.fact].kind);
    let is_counted =
        |slot: usize| matches!(kind(slot), Some(dictionary::Kind::Count | dictionary::Kind::Amount));
    let counted: Vec<Option<bool>> = targets
        .iter()
        .map(|of| (!of.is_empty()).then(|| of.iter().any(|(slot, _)| is_counted(*slot))))
        .collect();
    let start = sheet.rows.partition_point(|r| r.index <= header.last);
    let mut taken: Vec<Taken> = Vec::with_capacity(sheet.rows.len() - start);
    let year_column = column_of_year(slots, facts);
    let mut years_refused = 0usize;
    let before = problems.len();
    for row in &sheet.rows[start..] {
        limit_findings(problems, before, more);
        let identity = [name, code].map(|c| (c, c.map_or(&Cell::Empty, |c| row.get(c))));
        if !holds_a_school(sheet, header, row, identity, &counted, problems) {
            continue;
        }
        let identity = identity.map(|(_, cell)| cell);
        // 大祥区 in the column of names: the district's own row of totals.
        if let (Some(district), Cell::Text(name)) = (district, identity[0])
            && matches!(identity[1], Cell::Empty)
            && matches!(row.get(district), Cell::Text(d) if fold(d) == fold(name))
        {
            continue;
        }
        let mut section = None;
        if let Some(column) = *section_column {
            let word = fold(&cell::shown(row.get(column)));
            section = cell::section_of_row(&word);
            if section.is_none() && !word.is_empty() {
                problems.push(
                    Problem::warning("section_unreadable", place(sheet, row.index, column))
                        .with("found", cell::shown(row.get(column))),
                );
                continue;
            }
        }
        let i = taken.len();
        taken.push(Taken { row: row.index, section });
        slots.iter_mut().for_each(|s| s.values.push_missing());
        for (column, cell) in &row.cells {
            let Some(targets) = targets.get(*column as usize) else { break };
            for &(slot, unit) in targets {
                let slot = &mut slots[slot];
                let fact = &facts[slot.fact];
                let (value, trouble) = read_cell(cell, fact, slot.wanted, unit, year_offset);
                if let Some(trouble) = trouble {
                    let school = cell::text(identity[1], true).0.or_else(|| cell::text(identity[0], false).0);
                    // A whole column of unreadable years is one error rather than one per row.
                    if Some(*column) == year_column {
                        years_refused += 1;
                    }
                    if Some(*column) != year_column || years_refused <= 3 {
                        let place = place(sheet, row.index, *column);
                        problems.push(cell_problem(trouble, cell, fact, place, school.as_deref()));
                    }
                }
                match (&mut slot.values, value) {
                    // A sum with an unreadable part is unknown: NaN stays NaN.
                    (Values::Number(v), None) if trouble.is_some() => v[i] = Some(f64::NAN),
                    (Values::Number(v), Some(Value::Number(n))) => v[i] = Some(v[i].unwrap_or(0.0) + n),
                    (Values::Text(v), Some(Value::Text(t))) => v[i] = Some(t),
                    _ => {}
                }
            }
        }
    }
    for slot in slots {
        match (&mut slot.values, &slot.constant) {
            (Values::Number(v), Some(Value::Number(n))) => v.fill(Some(*n)),
            (Values::Text(v), Some(Value::Text(t))) => v.fill(Some(t.clone())),
            (Values::Number(v), _) => {
                v.iter_mut().filter(|v| v.is_some_and(f64::is_nan)).for_each(|v| *v = None)
            }
            _ => {}
        }
    }
    taken
}

fn column_of_year(slots: &[Slot], facts: &[Fact]) -> Option<u32> {
    slots.iter().find(|s| facts[s.fact].id == "year").and_then(|s| s.columns.first().copied())
}

/// Whether a row is a school's; `counted` tells for each column with a fact whether it is a count or an amount. A row
/// with figures and no school is a finding; totals, notes, rows that number the columns (甲, 乙, 1, 2) and repeated
/// headers are not.
fn holds_a_school(
    sheet: &Sheet,
    header: &Header,
    row: &Row,
    identity: [(Option<u32>, &Cell); 2],
    counted: &[Option<bool>],
    problems: &mut Vec<Problem>,
) -> bool {
    let blank = |cell: &Cell| match cell {
        Cell::Number(_) => false,
        Cell::Text(text) if text.len() < 64 => cell::is_blank(&fold(text)),
        Cell::Text(text) => text.chars().all(|c| cell::narrow(c).is_none()),
        _ => true,
    };
    let figures = || {
        row.cells.iter().any(|(c, cell)| {
            let Some(counted) = counted.get(*c as usize).copied().flatten() else { return false };
            // In a csv, numbers are text.
            let figure = match cell {
                Cell::Number(_) => true,
                Cell::Text(text) => counted && text.len() < 64 && cell::number(cell, None, None).0.is_some(),
                _ => false,
            };
            identity.iter().all(|(column, _)| *column != Some(*c)) && figure
        })
    };
    let text = |cell: &Cell, test: fn(&str) -> bool| matches!(cell, Cell::Text(text) if test(text));
    let given: Vec<(Option<u32>, &Cell)> = identity.into_iter().filter(|(_, cell)| !blank(cell)).collect();
    let Some((_, only)) = given.first() else {
        let first = row.cells.iter().find(|(_, cell)| !blank(cell));
        let foot = first.is_some_and(|(_, cell)| text(cell, export::is_total) || text(cell, export::is_note));
        if let Some((column, _)) = first
            && !foot
            && figures()
        {
            let place = Place::cell(&sheet.file, &sheet.name, (row.index + 1).to_string());
            problems.push(
                Problem::warning("row_without_school", place).with("cell", address(row.index, *column)),
            );
        }
        return false;
    };
    let repeated = |(column, cell): &(Option<u32>, &Cell)| match cell {
        Cell::Text(text) => header
            .columns
            .iter()
            .find(|(c, _)| Some(*c) == *column)
            .is_some_and(|(_, path)| path.iter().any(|p| p.trim() == text.trim())),
        _ => false,
    };
    let numbered =
        |cell: &Cell| matches!(cell, Cell::Text(t) if matches!(t.trim(), "甲" | "乙" | "丙" | "丁"));
    // No school is called 合计, whatever code stands beside it.
    let total = given.iter().any(|(_, cell)| text(cell, export::is_total));
    !(total
        || text(only, export::is_note) && !figures()
        || given.iter().all(repeated)
        || row.index == header.last + 1 && given.iter().all(|(_, cell)| numbered(cell)))
}
