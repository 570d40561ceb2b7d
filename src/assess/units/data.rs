//! What the data say about the units: the rows of each unit, the checks on them, and their cells.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::{
    dictionary::Section,
    dictionary::{Dictionary, Grain},
    ingest::Facts,
    measure::{checks, rows::Rows},
    problem::{Place, Problem},
    scoring::{Computed, Data},
    standard::{Check, Over, Standard, UnitKind},
    tables::{
        cells::{Cells, Tables},
        checks::CheckedRow,
        district_facts, facts,
        marks::Unit,
    },
    words::Words,
};

/// The years of the data, ascending.
pub fn years(facts: &facts::Frame) -> Vec<i32> {
    let years: BTreeSet<i32> = facts.rows().filter_map(facts::Row::year).collect();
    years.into_iter().collect()
}

/// Where a unit's rows are: its district and, if schools are scored, its school.
type Home = (String, Option<String>);

/// Computes the checks from the data of a year, with notes on units without data and data without a unit.
pub fn of(
    facts: &Facts,
    year: i32,
    standard: &Standard,
    units: &[Unit],
    words: &Words,
) -> PolarsResult<(Data, Vec<Problem>)> {
    let district_facts = with_last_year(&facts.district_facts);
    let (homes, findings) = homes(facts, year, standard, units, words);
    let rows = Rows::new(facts.facts.frame(), &district_facts, standard)?;
    let cells = Cells::new(Tables {
        facts: facts.facts.frame(),
        sources: &facts.sources,
        columns: &facts.columns,
        record_sources: &facts.record_sources,
        district_facts: &district_facts,
        answers: None,
    })?;
    let behind = Behind::new(&facts.facts, year, standard, cells);
    let mut data = Data::new();
    for checked in checks::checks(&rows, standard, false)? {
        let Some(check) = standard.items.get(checked.item).and_then(|item| item.checks().get(checked.check))
        else {
            continue;
        };
        if checked.year != year {
            continue;
        }
        for (unit, home) in homes.iter().enumerate() {
            let Some((district, school)) =
                home.as_ref().filter(|(district, _)| *district == checked.district_code)
            else {
                continue;
            };
            let own = |row: &&CheckedRow| match (school, check.over) {
                (Some(school), Over::School | Over::Section) => row.school_code.as_ref() == Some(school),
                _ => true,
            };
            let rows: Vec<CheckedRow> = checked.rows.iter().filter(own).cloned().collect();
            let places = behind.places(check, district, standard.counts_rows(check), &rows);
            data.insert((unit, checked.item, checked.check), Computed { rows, places });
        }
    }
    Ok((data, findings))
}

/// District facts, with those of last year (`X_last_year`) that were not entered but are in the data as X of the year
/// before, traced to the same cell.
fn with_last_year(table: &district_facts::Frame) -> district_facts::Frame {
    let known = || table.rows().filter(|row| row.value().is_some());
    let given: BTreeSet<(&str, i32, &str)> =
        known().map(|row| (row.district_code(), row.year(), row.fact())).collect();
    let dictionary = Dictionary::get();
    let mut more = district_facts::Builder::new(0);
    for row in known() {
        let (district_code, year) = (row.district_code(), row.year() + 1);
        let fact = format!("{}_last_year", row.fact());
        if dictionary.fact(&fact).is_some() && !given.contains(&(district_code, year, fact.as_str())) {
            more.push(district_facts::Values {
                district_code,
                year,
                fact: &fact,
                value: row.value(),
                source_id: row.source_id(),
                cell: row.cell(),
            });
        }
    }
    let mut all = table.clone();
    all.append(&more.finish());
    all
}

/// Assigns rows to units, and reports what was not found. A district has the names of all its rows.
fn homes(
    facts: &Facts,
    year: i32,
    standard: &Standard,
    units: &[Unit],
    words: &Words,
) -> (Vec<Option<Home>>, Vec<Problem>) {
    let kind = standard.units.as_ref().map_or(UnitKind::District, |units| units.kind);
    // (district, school if schools are scored) → names.
    let mut subjects: BTreeMap<Home, BTreeSet<String>> = BTreeMap::new();
    for row in facts.facts.rows().filter(|row| row.year() == Some(year)) {
        let district = row.district_code().unwrap_or_default().to_string();
        let (key, name) = match kind {
            UnitKind::School => ((district, row.school_code().map(String::from)), row.school_name()),
            _ => ((district, None), row.district_name()),
        };
        subjects.entry(key).or_default().extend(name.map(String::from));
    }
    let comma = words.say("score.comma");
    let mut findings = Vec::new();
    if kind == UnitKind::Department {
        let home = subjects.keys().next().cloned();
        if subjects.len() > 1 {
            // It is unknown which county the departments' values belong to.
            let known: Vec<&str> = subjects.keys().map(|(district, _)| district.as_str()).collect();
            findings.push(
                Problem::warning("scoring_several_counties", Place::default())
                    .with("known", known.join(&comma)),
            );
            return (vec![None; units.len()], findings);
        }
        return (vec![home; units.len()], findings);
    }
    let code = |(district, school): &Home| school.clone().unwrap_or_else(|| district.clone());
    let mut homes: Vec<Option<Home>> = Vec::new();
    let mut taken: BTreeSet<Home> = BTreeSet::new();
    for unit in units {
        let by_code: Vec<&Home> =
            subjects.keys().filter(|home| unit.code.as_deref() == Some(code(home).as_str())).collect();
        let found: Vec<&Home> = match by_code.is_empty() {
            false => by_code,
            true => subjects
                .iter()
                .filter(|(home, names)| {
                    unit.is_called(&code(home)) || names.iter().any(|name| unit.is_called(name))
                })
                .map(|(home, _)| home)
                .collect(),
        };
        match &found[..] {
            [home] => {
                taken.insert((*home).clone());
                homes.push(Some((*home).clone()));
            }
            [] => homes.push(None),
            several => {
                let codes: Vec<String> = several.iter().map(|home| code(home)).collect();
                findings.push(
                    Problem::warning("scoring_unit_ambiguous", Place::default())
                        .with("unit", &unit.name)
                        .with("codes", codes.join(&comma)),
                );
                homes.push(None);
            }
        }
    }
    let without: Vec<&str> = units
        .iter()
        .zip(&homes)
        .filter(|(_, home)| home.is_none())
        .map(|(unit, _)| unit.name.as_str())
        .collect();
    if !without.is_empty() {
        findings.push(
            Problem::note("scoring_unit_without_data", Place::default())
                .with("count", without.len())
                .with("units", without.join(&comma)),
        );
    }
    let strangers: Vec<String> = subjects
        .iter()
        .filter(|(home, _)| !taken.contains(*home))
        .map(|(home, names)| {
            names.first().map_or_else(|| code(home), |name| format!("{name} {}", code(home)))
        })
        .collect();
    if !strangers.is_empty() {
        findings.push(
            Problem::note("scoring_data_without_unit", Place::default())
                .with("count", strangers.len())
                .with("found", strangers.join(&comma)),
        );
    }
    (homes, findings)
}

/// The cells of the rows of checks.
struct Behind<'a> {
    cells: Cells<'a>,
    /// The records of the year in scope, by district.
    records: HashMap<&'a str, Vec<facts::Row<'a>>>,
    year: i32,
}

impl<'a> Behind<'a> {
    fn new(facts: &'a facts::Frame, year: i32, standard: &Standard, cells: Cells<'a>) -> Behind<'a> {
        let mut records: HashMap<&str, Vec<facts::Row>> = HashMap::new();
        for row in facts.rows().filter(|row| row.year() == Some(year)) {
            if row.section().is_some_and(|section| standard.scope.sections.contains(&section)) {
                records.entry(row.district_code().unwrap_or_default()).or_default().push(row);
            }
        }
        Behind { cells, records, year }
    }

    /// If a check counts rows, the cells of those that fail it; of all rows if none fails.
    fn places(&self, check: &Check, district: &str, counted: bool, rows: &[CheckedRow]) -> Vec<Place> {
        let columns: BTreeSet<String> = [&check.numerator, &check.required]
            .into_iter()
            .chain(&check.denominator)
            .flat_map(|formula| formula.columns())
            .collect();
        let short: Vec<&CheckedRow> =
            rows.iter().filter(|row| counted && row.met(check.compare) != Some(true)).collect();
        let shown: Vec<&CheckedRow> = if short.is_empty() { rows.iter().collect() } else { short };
        let of_rows = |record: &facts::Row| match check.over {
            Over::District | Over::SumOfSections | Over::SumOfSchools => true,
            Over::School => shown.iter().any(|row| row.school_code.as_deref() == record.school_code()),
            Over::Section => shown.iter().any(|row| {
                row.school_code.as_deref() == record.school_code() && row.section == record.section()
            }),
        };
        let records = self.records.get(district).into_iter().flatten();
        let records: Vec<&facts::Row> = records.filter(|record| of_rows(record)).collect();
        let mut places: Vec<Place> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut add = |place: Place| {
            if place != Place::default() && seen.insert(place.clone()) {
                places.push(place);
            }
        };
        for column in &columns {
            let (section, fact) =
                column.split_once('.').map_or((None, column.as_str()), |(s, f)| (Some(s), f));
            if Dictionary::get().fact(fact).is_some_and(|fact| fact.grain == Grain::District) {
                let found = self.cells.district_fact(district, self.year, fact);
                found.into_iter().for_each(|(_, place)| add(place));
                continue;
            }
            for record in &records {
                if section.is_none_or(|section| record.section() == Section::from_id(section)) {
                    self.cells.cells(**record, fact).into_iter().for_each(|(_, place)| add(place));
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
