//! The sections of a table's rows: from its headers, titles, columns of sections and types of schools.

use super::{plan::Plan, position, records::Values, rows::Taken};
use crate::{
    dictionary::{Dictionary, Section},
    ingest::{cell, header, sheet::Sheet},
    problem::{Place, Problem},
};

/// The section of a table whose headers name none: from its title, its name or its file's name; or from a few headers
/// such as 县级以上骨干教师(小学) beside others that name no section.
pub fn table_section(plan: &Plan, sheet: &Sheet, title: Option<Section>) -> Option<Section> {
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

/// The section that each row, the mapping or the title names. A nine-year school in a table of primary schools has its
/// primary section there; where the type of a school has no such section, the type decides rather than the title.
pub fn sections_named(rows: &[Taken], plan: &Plan) -> Vec<Option<Section>> {
    let of_type = types(plan);
    let of_table = |i: usize| {
        plan.section.filter(|section| {
            let sections = of_type(i).map_or(&[][..], cell::sections_of_type);
            sections.is_empty() || sections.contains(section)
        })
    };
    rows.iter()
        .enumerate()
        .map(|(i, row)| row.section.or(plan.given_section).or_else(|| of_table(i)))
        .collect()
}

/// Each row's school type.
pub fn types<'a>(plan: &'a Plan) -> impl Fn(usize) -> Option<&'a str> {
    let facts = Dictionary::get().facts();
    let types = plan.slots.iter().find(|s| facts[s.fact].id == "school_type").map(|s| &s.values);
    move |i| types.and_then(|types| types.text(i))
}

/// Takes the sections from rows of kindergartens, schools of adults and the like, and says how many there are.
pub fn leave_out_others(
    sheet: &Sheet,
    rows: &[Taken],
    plan: &Plan,
    of_rows: &mut [Vec<Section>],
    problems: &mut Vec<Problem>,
) {
    let of_type = types(plan);
    let facts = Dictionary::get().facts();
    let names = plan.slots.iter().find(|s| facts[s.fact].id == "school_name");
    let mut others: Vec<usize> = Vec::new();
    for (i, sections) in of_rows.iter_mut().enumerate() {
        if of_type(i).is_some_and(cell::is_outside) {
            sections.clear();
            others.push(i);
        }
    }
    let Some(&first) = others.first() else { return };
    let row = Place::cell(&sheet.file, &sheet.name, (rows[first].row + 1).to_string());
    let shown = others.iter().take(3).map(|&i| names.map_or(String::new(), |s| s.values.shown(i)));
    problems.push(
        Problem::note("rows_of_other_types", row)
            .with("count", others.len())
            .list("schools", shown.collect::<Vec<_>>()),
    );
}

/// The sections of each row: the one that is named; those with any figure of their own; those of its school type.
pub fn sections_of_rows(named: &[Option<Section>], plan: &Plan) -> Vec<Vec<Section>> {
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
                None => of_type(i)
                    .map_or(&[][..], cell::sections_of_type)
                    .iter()
                    .for_each(|s| given[*s as usize] = true),
            }
            Section::ALL.into_iter().filter(|s| given[*s as usize]).collect()
        })
        .collect()
}
