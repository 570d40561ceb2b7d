//! Assigns the columns of a table to facts, by their headers or by a mapping.

use std::collections::BTreeMap;

use super::{
    Value, Values, about, cell_problem,
    export::{self, Header},
    place, position, read_cell, unknown_header,
};
use crate::{
    dictionary::{Dictionary, Fact, Grain, Section},
    ingest::{
        Headers, Mapping,
        cell::{self, Unit, unit_of},
        header::{self, Fit, Meaning, mapping_lines},
        sheet::{Cell, Sheet, letters},
    },
    problem::{Place, Problem},
};

/// One fact (of one section) and the columns that give it; several columns are added up.
pub struct Slot {
    pub fact: usize,
    pub section: Option<Section>,
    pub wanted: Option<Unit>,
    pub columns: Vec<u32>,
    pub values: Values,
    /// The value of every row, from a mapping.
    pub constant: Option<Value>,
}

/// The purpose of each column of a sheet.
#[derive(Default)]
pub struct Plan {
    pub slots: Vec<Slot>,
    /// Slots and header units by column.
    pub targets: Vec<Vec<(usize, Option<Unit>)>>,
    pub section_column: Option<u32>,
    /// The section that the mapping gives to all rows.
    pub given_section: Option<Section>,
    /// That, or the one that the title or a name gives.
    pub section: Option<Section>,
    pub year_offset: Option<i32>,
}

/// The position of a header that names a fact, and the unit in the header.
type Claim = (usize, Option<Unit>);

/// The header row that contains what a mapping names; otherwise the one that the dictionary finds.
pub fn mapped_header(sheet: &Sheet, mapping: &Mapping) -> Option<Header> {
    let named: Vec<&String> = mapping.columns.values().flat_map(headers_of).collect();
    let fit = |h: &Header| {
        named
            .iter()
            .filter(|name| (0..h.columns.len()).any(|i| header::fits(bare(name).0, &h.path(i)) != Fit::Not))
            .count()
    };
    let mut best = export::find(sheet, None).map(|h| (fit(&h), h));
    for row in sheet.rows.iter().take(15) {
        let candidate = export::find(sheet, Some((row.index + 1, row.index + 1)))?;
        let count = fit(&candidate);
        if count > best.as_ref().map_or(0, |(n, _)| *n) {
            best = Some((count, candidate));
        }
    }
    best.map(|(_, h)| h).or_else(|| export::likely(sheet))
}

fn headers_of(headers: &Headers) -> &[String] {
    match headers {
        Headers::One(one) => std::slice::from_ref(one),
        Headers::Sum(several) => several,
    }
}

/// Splits `合计#2`, the second 合计 of a sheet whose headers have no distinct paths.
fn bare(reference: &str) -> (&str, Option<usize>) {
    match reference.rsplit_once('#') {
        Some((name, n)) if !name.is_empty() && !name.ends_with('/') => match n.trim().parse() {
            Ok(n) => (name, Some(n)),
            Err(_) => (reference, None),
        },
        _ => (reference, None),
    }
}

/// The column that a mapping's reference names.
fn column_of(
    reference: &str,
    header: &Header,
    sheet: &Sheet,
    problems: &mut Vec<Problem>,
) -> Result<Option<u32>, Box<Problem>> {
    let (name, nth) = bare(reference);
    let fits: Vec<(Fit, usize)> =
        (0..header.columns.len()).map(|i| (header::fits(name, &header.path(i)), i)).collect();
    let best = fits.iter().map(|(fit, _)| *fit).max().unwrap_or(Fit::Not);
    let found: Vec<usize> =
        fits.into_iter().filter(|(fit, _)| *fit == best && *fit != Fit::Not).map(|(_, i)| i).collect();
    let place = || Place::sheet(&sheet.file, &sheet.name);
    let picked = match nth {
        Some(n) => n.checked_sub(1).and_then(|n| found.get(n)).copied(),
        None if found.len() > 1 => {
            let all: Vec<String> = found
                .iter()
                .map(|&i| format!("{}: {}", letters(header.columns[i].0), header::shown(&header.path(i))))
                .collect();
            problems.push(
                Problem::error("mapping_header_twice", place())
                    .with("header", reference)
                    .list("headers", all),
            );
            return Ok(None);
        }
        None => found.first().copied(),
    };
    match picked {
        Some(i) => Ok(Some(header.columns[i].0)),
        None => Err(Box::new(
            Problem::error("mapping_header_missing", place())
                .with("header", reference)
                .with("headers", header.shown()),
        )),
    }
}

/// Assigns each column by the mapping and, for what the mapping does not name, by the dictionary.
pub fn plan(
    sheet: &Sheet,
    header: &Header,
    mapping: Option<&Mapping>,
    problems: &mut Vec<Problem>,
) -> Result<Plan, Box<Problem>> {
    let facts = Dictionary::get().facts();
    let mut plan = Plan { year_offset: mapping.and_then(|m| m.year_offset), ..Plan::default() };
    let width = header.columns.iter().map(|(c, _)| *c + 1).max().unwrap_or(0) as usize;
    plan.targets = vec![Vec::new(); width];
    let mut taken = Vec::new();
    if let Some(mapping) = mapping {
        mapped(sheet, header, mapping, &mut plan, &mut taken, problems)?;
    }
    // Columns that the mapping does not mention are recognized by their own words.
    let of_table = export::units_of_table(sheet, header.first);
    let mut claims: BTreeMap<(usize, Option<Section>), Vec<Claim>> = BTreeMap::new();
    for i in 0..header.columns.len() {
        let (column, path) = (header.columns[i].0, header.path(i));
        let ignored = || mapping.is_some_and(|m| m.ignore.iter().any(|h| header::fits(h, &path) != Fit::Not));
        if taken.contains(&column) || ignored() {
            continue;
        }
        let meaning = header::resolve(&path);
        if meaning.is_section {
            plan.section_column.get_or_insert(column);
            continue;
        }
        match meaning.facts.as_slice() {
            [] => unknown(sheet, header, i, problems),
            [fact] if facts[*fact].grain == Grain::District => problems.push(
                about(Problem::note("district_fact_in_table", column_place(sheet, header, i)), &facts[*fact])
                    .with("header", header::shown(&path)),
            ),
            [fact] if !unit_fits(&facts[*fact], &meaning) => unknown(sheet, header, i, problems),
            [fact] => {
                let section = meaning.section.filter(|_| facts[*fact].grain == Grain::Section);
                let unit =
                    meaning.unit.or_else(|| of_table.iter().copied().find(|u| fits_unit(&facts[*fact], *u)));
                claims.entry((*fact, section)).or_default().push((i, unit));
            }
            several => {
                let names: Vec<String> =
                    several.iter().map(|&f| format!("{}（{}）", facts[f].label_zh, facts[f].id)).collect();
                let shown = header::shown(&path);
                let lines: Vec<String> = several
                    .iter()
                    .map(|&f| {
                        mapping_lines(&sheet.file, &sheet.name, false, &[(&facts[f].id, &reference(&path))])
                    })
                    .collect();
                problems.push(
                    Problem::error("header_two_facts", column_place(sheet, header, i))
                        .with("header", shown)
                        .list("candidates", names)
                        .with("lines", lines[0].clone()),
                );
            }
        }
    }
    for ((fact, section), columns) in claims {
        if plan.slots.iter().any(|s| s.fact == fact && (s.section == section || s.constant.is_some())) {
            continue;
        }
        if let [(i, unit)] = columns.as_slice() {
            let column = header.columns[*i].0;
            add_slot(&mut plan, fact, section, vec![(column, *unit)], None);
            continue;
        }
        let shown: Vec<String> = columns
            .iter()
            .map(|(i, _)| format!("{}: {}", letters(header.columns[*i].0), header::shown(&header.path(*i))))
            .collect();
        let mut first = reference(&header.path(columns[0].0));
        if columns[1..].iter().any(|(i, _)| header::fits(&first, &header.path(*i)) != Fit::Not) {
            first.push_str("#1");
        }
        let key = section.map_or(facts[fact].id.clone(), |s| format!("\"{}.{}\"", s.id(), facts[fact].id));
        problems.push(
            about(
                Problem::error("fact_two_headers", column_place(sheet, header, columns[0].0)),
                &facts[fact],
            )
            .list("headers", shown)
            .with("lines", mapping_lines(&sheet.file, &sheet.name, false, &[(&key, &first)])),
        );
    }
    Ok(plan)
}

/// A path as a pipeline file writes it.
fn reference(path: &[&str]) -> String {
    path.iter().map(|p| p.trim()).collect::<Vec<_>>().join("/")
}

/// The columns and constants that a mapping names.
fn mapped(
    sheet: &Sheet,
    header: &Header,
    mapping: &Mapping,
    plan: &mut Plan,
    taken: &mut Vec<u32>,
    problems: &mut Vec<Problem>,
) -> Result<(), Box<Problem>> {
    let facts = Dictionary::get().facts();
    let place = || Place::sheet(&sheet.file, &sheet.name);
    let unknown = |key: &str| {
        let near = header::nearest_ids(key);
        Problem::error("mapping_fact_unknown", place()).with("fact", key).with("nearest", near.join(", "))
    };
    for (key, headers) in &mapping.columns {
        if key == "section" {
            for name in headers_of(headers) {
                plan.section_column = column_of(name, header, sheet, problems)?;
                taken.extend(plan.section_column);
            }
            continue;
        }
        let (section, id) = match key.split_once('.') {
            Some((section, id)) => (Section::from_id(section), id),
            None => (None, key.as_str()),
        };
        let Some(fact) = position(id).filter(|_| !key.contains('.') || section.is_some()) else {
            problems.push(unknown(key));
            continue;
        };
        let mut columns = Vec::new();
        for name in headers_of(headers) {
            let Some(column) = column_of(name, header, sheet, problems)? else { continue };
            let i = header.columns.iter().position(|(c, _)| *c == column).unwrap_or_default();
            let unit = header::resolve(&header.path(i)).unit;
            columns.push((column, unit.filter(|u| fits_unit(&facts[fact], *u))));
            taken.push(column);
        }
        add_slot(plan, fact, section, columns, None);
    }
    for (id, text) in &mapping.constants {
        let Some(fact) = position(id) else {
            problems.push(unknown(id));
            continue;
        };
        let cell = Cell::Text(text.as_str().into());
        let read = read_cell(&cell, &facts[fact], unit_of(&facts[fact]), None, plan.year_offset);
        if let (_, Some(trouble)) = read {
            problems.push(cell_problem(trouble, &cell, &facts[fact], place(), None));
        }
        add_slot(plan, fact, None, Vec::new(), read.0);
    }
    Ok(())
}

fn add_slot(
    plan: &mut Plan,
    fact: usize,
    section: Option<Section>,
    columns: Vec<(u32, Option<Unit>)>,
    constant: Option<Value>,
) {
    let slot = plan.slots.len();
    let about = &Dictionary::get().facts()[fact];
    for (column, unit) in &columns {
        if let Some(targets) = plan.targets.get_mut(*column as usize) {
            targets.push((slot, *unit));
        }
    }
    plan.slots.push(Slot {
        fact,
        section,
        wanted: unit_of(about),
        columns: columns.into_iter().map(|(c, _)| c).collect(),
        values: Values::missing(about.kind, 0),
        constant,
    });
}

fn fits_unit(fact: &Fact, unit: Unit) -> bool {
    unit_of(fact).is_none_or(|wanted| cell::convert(1.0, unit, wanted).is_some())
}

fn unit_fits(fact: &Fact, meaning: &Meaning) -> bool {
    meaning.unit.is_none_or(|unit| fits_unit(fact, unit))
}

fn column_place(sheet: &Sheet, header: &Header, i: usize) -> Place {
    place(sheet, header.last, header.columns[i].0)
}

fn unknown(sheet: &Sheet, header: &Header, i: usize, problems: &mut Vec<Problem>) {
    let shown = header::shown(&header.path(i));
    if matches!(header::key(&shown).as_str(), "序号" | "备注" | "备注说明" | "编号" | "no" | "no." | "")
    {
        return;
    }
    let leaf = header.columns[i].1.last().map_or("", String::as_str);
    problems.push(unknown_header(column_place(sheet, header, i), &shown, leaf));
}
