//! A form: one row per fact, with 填报项目, 单位 and 填报值; one workbook per school.

use super::{
    Asked, Block, Content, Layout, Outcome, Spot, Value, Values, district,
    form_items::{Item, Items, is_empty, items},
    name_year, owner, place, position,
};
use crate::{
    dictionary::{Dictionary, Grain, Section},
    ingest::{cell, sheet::Sheet},
    problem::{Place, Problem},
};

/// The layout of a form, either a school's or the county's.
pub struct Form;

impl Layout for Form {
    fn read(&self, asked: &Asked<'_>, problems: &mut Vec<Problem>) -> Outcome {
        let Some(items) = items(asked.sheet) else { return Outcome::NotThisLayout };
        let content = if items.are_the_districts() {
            district::read(asked.sheet, &items, asked.source, problems).map(Content::District)
        } else {
            let block = read(asked.sheet, &items, asked.source, problems);
            block.map(|block| Content::Schools(Box::new(block)))
        };
        Outcome::Read(content.unwrap_or(Content::Nothing))
    }
}

/// Reads a school's form: one record per section.
fn read(sheet: &Sheet, items: &Items, source: usize, problems: &mut Vec<Problem>) -> Option<Block> {
    let facts = Dictionary::get().facts();
    if is_empty(sheet, items, problems) {
        return None;
    }
    let name = cell::text(items.cell("school_name"), false).0;
    let code = cell::text(items.cell("school_code"), true).0;
    let Some(school) = name.clone().or(code.clone()) else {
        problems.push(Problem::error("form_lacks_school", Place::sheet(&sheet.file, &sheet.name)));
        return None;
    };
    let found = items.values(sheet, code.as_deref().or(name.as_deref()), problems);
    let sections = sections(&found);
    if sections.is_empty() {
        problems.push(
            Problem::error("form_section_missing", Place::sheet(&sheet.file, &sheet.name))
                .with("school", &school),
        );
        return None;
    }
    let mut values: Vec<Option<Values>> = vec![None; facts.len()];
    let (mut spots, mut unnamed) = (Vec::new(), Vec::new());
    for (item, fact, value) in &found {
        let about_it = &facts[*fact];
        if about_it.grain == Grain::District {
            continue;
        }
        let belongs: &[Section] = match (about_it.grain, item.meaning.section) {
            (Grain::Section, Some(section)) => &[section],
            (Grain::Section, None) => match owner(about_it, &sections) {
                Some(section) => &[section],
                None => {
                    unnamed.push(*item);
                    continue;
                }
            },
            _ => &sections,
        };
        let target = values[*fact].get_or_insert_with(|| Values::missing(about_it.kind, sections.len()));
        for (k, _) in sections.iter().enumerate().filter(|(_, s)| belongs.contains(s)) {
            match (&mut *target, value) {
                (Values::Number(v), Value::Number(n)) => v[k] = Some(*n),
                (Values::Text(v), Value::Text(t)) => v[k] = Some(t.clone()),
                _ => {}
            }
        }
        spots.push(Spot {
            section: belongs.first().copied().filter(|_| about_it.grain == Grain::Section),
            fact: *fact,
            column: items.value_column(),
            row: Some(item.row),
        });
    }
    // A section fact may appear both with its section's name and without; the named one is used.
    unnamed.retain(|item| {
        !found.iter().any(|(i, f, _)| Some(f) == item.meaning.facts.first() && i.meaning.section.is_some())
    });
    if let Some(first) = unnamed.first() {
        let labels: Vec<&str> = unnamed.iter().map(|i| i.label.as_str()).collect();
        let names: Vec<&str> = sections.iter().map(|s| s.label_zh()).collect();
        let ids: Vec<&str> = sections.iter().map(|s| s.id()).collect();
        let mut problem =
            Problem::error("form_section_unnamed", place(sheet, first.row, items.value_column()))
                .with("school", &school)
                .list("items", &labels)
                .list("sections", &names)
                .with("sections_en", ids.join(", "))
                .with("example", format!("{}{}", names[0], labels[0]));
        problem.school_code = code.as_deref().map(str::to_string);
        problems.push(problem);
        return None;
    }
    if values[position("students")?].is_none() {
        problems.push(
            Problem::warning("form_lacks_students", Place::sheet(&sheet.file, &sheet.name))
                .with("school", &school),
        );
    }
    Some(Block {
        source,
        rows: vec![None; sections.len()],
        sections,
        values,
        spots,
        given_year: None,
        title_year: None,
        name_year: name_year(sheet),
    })
}

/// The sections of a school's form: those of its type, and those with a figure of their own.
fn sections(found: &[(&Item, usize, Value)]) -> Vec<Section> {
    let mut given = [false; 3];
    for (item, fact, value) in found {
        match (item.meaning.section, value) {
            (Some(section), Value::Number(n)) if *n != 0.0 => given[section as usize] = true,
            (_, Value::Text(text)) if Some(*fact) == position("school_type") => {
                cell::sections_of_type(text).iter().for_each(|s| given[*s as usize] = true)
            }
            _ => {}
        }
    }
    Section::ALL.into_iter().filter(|s| given[*s as usize]).collect()
}
