//! What data give for the units: whose rows they are, the checks over them, the cells behind.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::{
    dictionary::Section,
    dictionary::{Dictionary, Grain},
    ingest::Facts,
    measure::{checks, rows::Rows},
    problem::{Place, Problem},
    score::{Computed, Data},
    standard::{Check, Over, Standard, UnitKind},
    tables::{
        Row,
        cells::{Cells, Tables},
        checks::CheckedRow,
        marks::Unit,
    },
    words::Words,
};

/// Years of the data, ascending.
pub fn years(facts: &DataFrame) -> PolarsResult<Vec<i32>> {
    let years: BTreeSet<i32> = facts.column("year")?.i32()?.iter().flatten().collect();
    Ok(years.into_iter().collect())
}

/// Where a unit's rows are: its district; and its school, where schools are scored.
type Home = (String, Option<String>);

/// What the data of a year settle, and the notes on units without data and data without a unit.
pub fn of(
    facts: &Facts,
    year: i32,
    standard: &Standard,
    units: &[Unit],
    words: &Words,
) -> PolarsResult<(Data, Vec<Problem>)> {
    let district_facts = with_last_year(&facts.district_facts)?;
    let (homes, findings) = homes(facts, year, standard, units, words);
    let rows = Rows::new(&facts.facts, &district_facts, standard)?;
    let cells = Cells::new(Tables {
        facts: &facts.facts,
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

/// District facts, with those of last year (`X_last_year`) that nobody gave but that are in the data as X of the
/// year before, with the cell they stand in.
fn with_last_year(table: &DataFrame) -> PolarsResult<DataFrame> {
    let rows: Vec<Row> = Row::all(table).collect();
    let key = |row: &Row, fact: &str, later: i64| {
        Some((row.said("district_code").to_string(), row.whole("year")? + later, fact.to_string()))
    };
    let given: BTreeSet<_> = rows
        .iter()
        .filter(|row| row.number("value").is_some())
        .filter_map(|row| key(row, row.said("fact"), 0))
        .collect();
    let dictionary = Dictionary::get();
    let mut from: Vec<IdxSize> = Vec::new();
    let (mut facts, mut years) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let name = format!("{}_last_year", row.said("fact"));
        if dictionary.fact(&name).is_none() || row.number("value").is_none() {
            continue;
        }
        if let Some(wanted) = key(row, &name, 1)
            && !given.contains(&wanted)
            && let (Ok(at), Ok(year)) = (IdxSize::try_from(at), i32::try_from(wanted.1))
        {
            from.push(at);
            years.push(year);
            facts.push(name);
        }
    }
    if from.is_empty() {
        return Ok(table.clone());
    }
    let mut more = table.take(&IdxCa::from_vec("row".into(), from))?;
    more.with_column(Column::new("year".into(), years))?;
    more.with_column(Column::new("fact".into(), facts))?;
    table.vstack(&more)
}

/// Whose rows are whose, and what was not found. The names of a district are those of all its rows.
fn homes(
    facts: &Facts,
    year: i32,
    standard: &Standard,
    units: &[Unit],
    words: &Words,
) -> (Vec<Option<Home>>, Vec<Problem>) {
    let kind = standard.units.as_ref().map_or(UnitKind::District, |units| units.kind);
    // (district, school of those that are scored) → names.
    let mut subjects: BTreeMap<Home, BTreeSet<String>> = BTreeMap::new();
    for row in Row::all(&facts.facts).filter(|row| row.whole("year") == Some(year.into())) {
        let district = row.said("district_code").to_string();
        let (key, name) = match kind {
            UnitKind::School => ((district, row.text("school_code").map(String::from)), "school_name"),
            _ => ((district, None), "district_name"),
        };
        subjects.entry(key).or_default().extend(row.text(name).map(String::from));
    }
    let comma = words.say("score.comma");
    let mut findings = Vec::new();
    if kind == UnitKind::Department {
        let home = subjects.keys().next().cloned();
        if subjects.len() > 1 {
            // Whose values a department of "the county" has cannot be told.
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

/// The cells behind the rows of checks.
struct Behind<'a> {
    cells: Cells<'a>,
    /// Records of the year in scope, by district.
    records: HashMap<&'a str, Vec<Row<'a>>>,
    year: i32,
}

impl<'a> Behind<'a> {
    fn new(facts: &'a DataFrame, year: i32, standard: &Standard, cells: Cells<'a>) -> Behind<'a> {
        let mut records: HashMap<&str, Vec<Row>> = HashMap::new();
        for row in Row::all(facts).filter(|row| row.whole("year") == Some(year.into())) {
            if standard.scope.sections.iter().any(|section| row.text("section") == Some(section.id())) {
                records.entry(row.said("district_code")).or_default().push(row);
            }
        }
        Behind { cells, records, year }
    }

    /// Where many rows are counted, those that do not reach it are what one looks at; all, where all do.
    fn places(&self, check: &Check, district: &str, counted: bool, rows: &[CheckedRow]) -> Vec<Place> {
        let columns: BTreeSet<String> = [&check.numerator, &check.required]
            .into_iter()
            .chain(&check.denominator)
            .flat_map(|formula| formula.columns())
            .collect();
        let short: Vec<&CheckedRow> =
            rows.iter().filter(|row| counted && row.met(check.compare) != Some(true)).collect();
        let shown: Vec<&CheckedRow> = if short.is_empty() { rows.iter().collect() } else { short };
        let of_rows = |record: &Row| match check.over {
            Over::District | Over::SumOfSections | Over::SumOfSchools => true,
            Over::School => shown.iter().any(|row| row.school_code.as_deref() == record.text("school_code")),
            Over::Section => shown.iter().any(|row| {
                row.school_code.as_deref() == record.text("school_code")
                    && row.section.map(Section::id) == record.text("section")
            }),
        };
        let records: Vec<&Row> =
            self.records.get(district).into_iter().flatten().filter(|record| of_rows(record)).collect();
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
                let found = self.cells.district_fact(district, self.year.into(), fact);
                found.into_iter().for_each(|(_, place)| add(place));
                continue;
            }
            for record in &records {
                if section.is_none_or(|section| record.text("section") == Some(section)) {
                    self.cells.cells(record, fact).into_iter().for_each(|(_, place)| add(place));
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
