//! A table of schools: one row per school with the sections in the headers (小学在校生数), or one row per section. The
//! statistics exports are read here too, once [`export`] has found their header.

use std::collections::BTreeMap;

use super::{
    Asked, Block, Layout, Outcome, Spot, Values, about,
    export::{self, Header},
    name_year, owner, place,
    plan::{Plan, mapped_header, plan},
    rows::{Taken, decode, limit_findings},
    sections::{leave_out_others, sections_named, sections_of_rows, table_section, types},
};
use crate::{
    dictionary::{Dictionary, Grain, Section},
    ingest::{
        cell,
        header::{self, Meaning, mapping_lines},
        sheet::{Sheet, address},
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
    let mut of_rows = sections_of_rows(&named, &plan);
    leave_out_others(sheet, rows, &plan, &mut of_rows, problems);
    let of_type = types(&plan);
    let names = plan.slots.iter().find(|s| facts[s.fact].id == "school_name");
    let mut records: Vec<(u32, Section)> = Vec::with_capacity(rows.len());
    for (i, sections) in of_rows.iter().enumerate() {
        if sections.is_empty() && !of_type(i).is_some_and(cell::is_outside) {
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
