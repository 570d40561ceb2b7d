//! A table of schools: one row per school with the sections in the headers (小学在校生数), or one row per section. The
//! statistics exports are read here too, once [`export`] has found their header.

use std::collections::BTreeMap;

use super::{
    Asked, Block, Layout, Outcome, Spot, Value, Values, about, cell_problem,
    export::{self, Header},
    name_year, owner, place,
    plan::{Plan, Slot, mapped_header, plan},
    position, read_cell,
};
use crate::{
    dictionary::{self, Dictionary, Fact, Grain, Section},
    ingest::{
        cell::{self, fold},
        header::{self, Meaning, mapping_lines},
        sheet::{Cell, Row, Sheet, address},
    },
    problem::{Level, Place, Problem},
};

/// An error about a whole table, with its headers, those most similar to what it lacks, and a pipeline file that maps
/// them.
pub fn lacks(code: &'static str, sheet: &Sheet) -> Problem {
    let facts = Dictionary::get().facts();
    let found = export::find(sheet, None).or_else(|| export::likely(sheet));
    let found = found.unwrap_or(Header { first: 0, last: 0, columns: Vec::new() });
    let meanings: Vec<Meaning> = (0..found.columns.len()).map(|i| header::resolve(&found.path(i))).collect();
    let has = |ids: &[&str]| {
        meanings.iter().any(|m| matches!(m.facts.as_slice(), [f] if ids.contains(&facts[*f].id.as_str())))
    };
    let shown = |i: usize| header::shown(&found.path(i));
    let mut near: Vec<String> = Vec::new();
    let mut columns: Vec<(String, String)> = Vec::new();
    let mut taken = Vec::new();
    let mut wanted = Vec::new();
    if !has(&["school_name", "school_code"]) {
        wanted.push("school_name");
    }
    if !has(&["students"]) {
        wanted.push("students");
    }
    for fact in wanted {
        // The header of another fact is not a candidate.
        let free = |i: &usize| meanings[*i].facts.is_empty() && !meanings[*i].is_section;
        let like = |i: &usize| {
            let leaf = found.columns[*i].1.last().map_or("", String::as_str);
            header::nearest(leaf).iter().any(|f| f.id == fact)
        };
        let candidates: Vec<usize> =
            (0..found.columns.len()).filter(free).filter(like).filter(|i| !taken.contains(i)).collect();
        near.extend(candidates.iter().take(3).map(|&i| shown(i)));
        let (named, section) = match candidates.first() {
            Some(&i) => {
                taken.push(i);
                let path: Vec<&str> = found.path(i).iter().map(|p| p.trim()).collect();
                (path.join("/"), path.iter().find_map(|p| header::section_in(p)))
            }
            None => ("…".to_string(), None),
        };
        columns.push(match section.filter(|_| fact == "students") {
            Some(section) => (format!("\"{}.{fact}\"", section.id()), named),
            None => (fact.to_string(), named),
        });
    }
    let knows_section = columns.iter().any(|(fact, _)| fact.contains('.'))
        || meanings.iter().any(|m| m.is_section || m.section.is_some())
        || has(&["school_type"]);
    if near.is_empty() {
        near.push("—".to_string());
    }
    let lines: Vec<(&str, &str)> = columns.iter().map(|(f, h)| (f.as_str(), h.as_str())).collect();
    Problem::error(code, Place::sheet(&sheet.file, &sheet.name))
        .with("headers", found.shown())
        .list("nearest", near)
        .with("lines", mapping_lines(&sheet.file, &sheet.name, !knows_section, &lines))
}

/// The layout of a table of schools.
pub struct SchoolTable;

impl Layout for SchoolTable {
    fn read(&self, sheet: &Asked<'_>, problems: &mut Vec<Problem>) -> Outcome {
        read(sheet, problems)
    }

    fn takes_mappings(&self) -> bool {
        true
    }
}

fn read(asked: &Asked<'_>, problems: &mut Vec<Problem>) -> Outcome {
    let Asked { sheet, mapping, source } = *asked;
    let given = mapping.and_then(|m| m.header_rows);
    let header = match mapping {
        Some(mapping) if given.is_none() => mapped_header(sheet, mapping),
        _ => export::find(sheet, given),
    };
    let Some(header) = header else { return Outcome::NotThisLayout };
    let before = problems.len();
    let mut plan = match plan(sheet, &header, mapping, problems) {
        Ok(plan) => plan,
        Err(misfit) => return Outcome::MappingMisfit(*misfit),
    };
    let has = |id: &str| plan.slots.iter().any(|s| Dictionary::get().facts()[s.fact].id == id);
    let (school, students, typed) =
        (has("school_name") || has("school_code"), has("students"), has("school_type"));
    if mapping.is_none() && !school && !students {
        problems.truncate(before);
        return Outcome::NotThisLayout;
    }
    if !school {
        problems.truncate(before);
        return Outcome::WithoutSchool(lacks("table_lacks_school", sheet));
    }
    let (title_year, title_section) = export::title(sheet, header.first, plan.year_offset);
    plan.given_section = mapping.and_then(|m| m.section);
    plan.section = plan.given_section.or_else(|| table_section(&plan, sheet, title_section));
    let knows_section = plan.section.is_some()
        || plan.section_column.is_some()
        || plan.slots.iter().any(|s| s.section.is_some())
        || typed;
    if !knows_section {
        problems.push(lacks("table_lacks_section", sheet));
    }
    if problems[before..].iter().any(|p| p.level == Level::Error) {
        return Outcome::Refused;
    }
    let mut more = 0;
    let rows = decode(sheet, &header, &mut plan, problems, &mut more);
    if rows.is_empty() {
        return Outcome::HeaderOnly;
    }
    merged_cells(sheet, &rows, problems);
    let mut block = block(sheet, source, &rows, plan, problems);
    limit_findings(problems, before, &mut more);
    if more > 0 {
        problems.push(
            Problem::warning("more_findings", Place::sheet(&sheet.file, &sheet.name)).with("more", more),
        );
    }
    block.given_year = mapping.and_then(|m| m.year.map(|y| y + m.year_offset.unwrap_or(0)));
    block.title_year = title_year;
    Outcome::Table(Box::new(block), students)
}

/// The maximum number of findings of one sheet that are reported one by one; the rest are counted.
const TOLD: usize = 5_000;

/// Limits the findings of a sheet for the sake of memory and readers. Errors are kept.
fn limit_findings(problems: &mut Vec<Problem>, before: usize, more: &mut usize) {
    if problems.len() > before + TOLD {
        let mut rest = problems.split_off(before + TOLD);
        let all = rest.len();
        rest.retain(|p| p.level == Level::Error);
        *more += all - rest.len();
        problems.append(&mut rest);
    }
}

/// The section of a table whose headers name none: from its title, its name or its file's name; or from a few headers
/// such as 县级以上骨干教师(小学) beside others that name no section.
fn table_section(plan: &Plan, sheet: &Sheet, title: Option<Section>) -> Option<Section> {
    if plan.section_column.is_some() {
        return None;
    }
    let students = position("students");
    if plan.slots.iter().any(|s| Some(s.fact) == students && s.section.is_some()) {
        return None;
    }
    let file = sheet.file.rsplit(['/', '\\']).next().unwrap_or_default();
    title.or_else(|| header::section_in(&sheet.name)).or_else(|| header::section_in(file)).or_else(|| {
        let mut named = plan.slots.iter().filter_map(|s| s.section);
        let first = named.next()?;
        named.all(|s| s == first).then_some(first)
    })
}

/// A row that holds a school.
struct Taken {
    row: u32,
    section: Option<Section>,
}

/// Reads every row of a school into the slots; totals, notes and repeated headers are skipped.
fn decode(
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

/// Reports merged cells in the rows of schools: only the first cell has the value.
fn merged_cells(sheet: &Sheet, rows: &[Taken], problems: &mut Vec<Problem>) {
    for m in sheet.merges.iter().filter(|m| m.2 > m.0 || m.3 > m.1) {
        let at = rows.partition_point(|r| r.row < m.0);
        if rows.get(at).is_some_and(|r| r.row <= m.2) {
            let range = format!("{}:{}", address(m.0, m.1), address(m.2, m.3));
            problems.push(Problem::warning("merged_cells", Place::cell(&sheet.file, &sheet.name, range)));
        }
    }
}

/// Turns rows of schools into section records.
fn block(sheet: &Sheet, source: usize, rows: &[Taken], mut plan: Plan, problems: &mut Vec<Problem>) -> Block {
    let facts = Dictionary::get().facts();
    // Headers that name their section take precedence; the others only fill gaps.
    plan.slots.sort_by_key(|s| s.section.is_none());
    let named = sections_named(rows, &plan);
    if plan.given_section.is_none()
        && let Some(section) = plan.section
    {
        let other =
            rows.iter().zip(&named).filter(|(row, named)| row.section.is_none() && named.is_none()).count();
        if other > 0 {
            problems.push(
                Problem::warning("section_of_type", Place::sheet(&sheet.file, &sheet.name))
                    .with("rows", other)
                    .with("section", section.label_zh())
                    .with("section_en", section.id()),
            );
        }
    }
    let of_rows = sections_of_rows(&named, &plan);
    let names = plan.slots.iter().find(|s| facts[s.fact].id == "school_name");
    let mut records: Vec<(u32, Section)> = Vec::with_capacity(rows.len());
    for (i, sections) in of_rows.iter().enumerate() {
        if sections.is_empty() {
            let row = Place::cell(&sheet.file, &sheet.name, (rows[i].row + 1).to_string());
            let school = names.map_or(String::new(), |s| s.values.shown(i));
            problems.push(Problem::warning("section_unknown", row).with("school", school));
        }
        records.extend(sections.iter().map(|s| (i as u32, *s)));
    }
    let mut values: Vec<Option<Values>> = vec![None; facts.len()];
    let mut spots = Vec::new();
    let mut not_split: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for slot in &plan.slots {
        let fact = &facts[slot.fact];
        let unnamed = fact.grain == Grain::Section && slot.section.is_none();
        let target = values[slot.fact].get_or_insert_with(|| Values::missing(fact.kind, records.len()));
        let mut gave = false;
        for (k, (i, section)) in records.iter().enumerate() {
            let i = *i as usize;
            let belongs = match slot.section {
                Some(s) => s == *section,
                None if !unnamed => true,
                None => match named[i] {
                    Some(s) => s == *section,
                    None => owner(fact, &of_rows[i]) == Some(*section),
                },
            };
            if slot.values.is_missing(i) {
                continue;
            }
            if !belongs {
                let split = named[i].is_some() || owner(fact, &of_rows[i]).is_some();
                if unnamed && !split && of_rows[i].first() == Some(section) && target.is_missing(k) {
                    not_split.entry(i).or_default().push(slot.fact);
                }
                continue;
            }
            gave = true;
            if target.is_missing(k) {
                target.set(k, &slot.values, i);
            } else if target.shown(k) != slot.values.shown(i) {
                let cell = slot.columns.first().map(|c| place(sheet, rows[i].row, *c)).unwrap_or_default();
                // Slots with a section come first, so an earlier value is of the same fact.
                let other = plan.slots.iter().find(|s| s.fact == slot.fact && s.section == Some(*section));
                let other = other.and_then(|s| s.columns.first()).map(|c| place(sheet, rows[i].row, *c));
                problems.push(
                    about(Problem::error("two_values", other.unwrap_or_else(|| cell.clone())), fact)
                        .with("school", names.map_or(String::new(), |s| s.values.shown(i)))
                        .with("first", target.shown(k))
                        .with("second", slot.values.shown(i))
                        .with("second_place", cell),
                );
            }
        }
        if gave || !unnamed {
            let spot =
                |column: &u32| Spot { section: slot.section, fact: slot.fact, column: *column, row: None };
            spots.extend(slot.columns.iter().map(spot));
        }
    }
    for (i, unsplit) in not_split {
        let labels: Vec<&str> = unsplit.iter().map(|&f| facts[f].label_zh.as_str()).collect();
        let labels_en: Vec<&str> = unsplit.iter().map(|&f| facts[f].label_en.as_str()).collect();
        let row = Place::cell(&sheet.file, &sheet.name, (rows[i].row + 1).to_string());
        problems.push(
            Problem::warning("sections_not_split", row)
                .with("school", names.map_or(String::new(), |s| s.values.shown(i)))
                .list("labels", labels)
                .with("labels_en", labels_en.join(", ")),
        );
    }
    Block {
        source,
        sections: records.iter().map(|(_, s)| *s).collect(),
        rows: records.iter().map(|(i, _)| Some(rows[*i as usize].row)).collect(),
        values,
        spots,
        given_year: None,
        title_year: None,
        name_year: name_year(sheet),
    }
}

/// The section that each row, the mapping or the title names. A nine-year school in a table of primary schools has its
/// primary section there; where the type of a school has no such section, the type decides rather than the title.
fn sections_named(rows: &[Taken], plan: &Plan) -> Vec<Option<Section>> {
    let of_type = types(plan);
    let of_table = |i: usize| {
        plan.section.filter(|section| {
            let sections = of_type(i);
            sections.is_empty() || sections.contains(section)
        })
    };
    rows.iter()
        .enumerate()
        .map(|(i, row)| row.section.or(plan.given_section).or_else(|| of_table(i)))
        .collect()
}

/// The sections of each row's school type; empty without a type.
fn types(plan: &Plan) -> impl Fn(usize) -> &'static [Section] {
    let facts = Dictionary::get().facts();
    let types = plan.slots.iter().find(|s| facts[s.fact].id == "school_type").map(|s| &s.values);
    move |i| types.and_then(|types| types.text(i)).map_or(&[], cell::sections_of_type)
}

/// The sections of each row: the one that is named; those with any figure of their own; those of its school type.
fn sections_of_rows(named: &[Option<Section>], plan: &Plan) -> Vec<Vec<Section>> {
    let mut given = vec![[false; 3]; named.len()];
    let of_type = types(plan);
    for slot in &plan.slots {
        let (Some(section), Values::Number(values)) = (slot.section, &slot.values) else { continue };
        for (given, value) in given.iter_mut().zip(values) {
            if value.is_some_and(|v| v != 0.0) {
                given[section as usize] = true;
            }
        }
    }
    given
        .into_iter()
        .enumerate()
        .map(|(i, mut given)| {
            match named[i] {
                Some(section) => given[section as usize] = true,
                None => of_type(i).iter().for_each(|s| given[*s as usize] = true),
            }
            Section::ALL.into_iter().filter(|s| given[*s as usize]).collect()
        })
        .collect()
}
