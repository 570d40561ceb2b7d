//! Splits the tables of one reading by district and year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::tables::{Row, Table, facts, sources, years::DistrictYear};

/// Everything that was read and judged of one district's year.
#[derive(Debug, Clone)]
pub struct Part {
    pub of: DistrictYear,
    /// The first name of the district, or its code if it has none.
    pub district_name: String,
    /// The tables that have rows, by name. Sources are numbered from 0 in their order.
    pub tables: BTreeMap<&'static str, DataFrame>,
    /// The name and SHA-256 of the input files, without repetition.
    pub inputs: Vec<(String, String)>,
}

/// Tables whose rows belong to a source rather than a district.
const BY_SOURCE: [&str; 2] = [SOURCES, "columns"];
const SOURCES: &str = "sources";
/// The column of tables that name the source of each row.
const SOURCE_ID: &str = sources::column::source_id.name();

/// Every district's year that has facts. `tables` are those of one reading; each is checked against its definition.
///
/// # Errors
/// Those of the engine: a table does not match its definition.
pub fn split(tables: &[(Table, &DataFrame)]) -> PolarsResult<Vec<Part>> {
    let mut parts: BTreeMap<DistrictYear, BTreeMap<&'static str, DataFrame>> = BTreeMap::new();
    for (table, frame) in tables {
        table.check(frame)?;
        if BY_SOURCE.contains(&table.name) {
            continue;
        }
        for (of, rows) in rows_by_key(frame)? {
            let part = frame.take(&IdxCa::from_vec("".into(), rows))?;
            parts.entry(of).or_default().insert(table.name, part);
        }
    }
    parts.retain(|_, tables| tables.contains_key("facts"));
    let named = |name: &str| tables.iter().find(|(table, _)| table.name == name).map(|(_, frame)| *frame);
    let mut by_source: HashMap<&'static str, HashMap<i32, Vec<IdxSize>>> = HashMap::new();
    for name in BY_SOURCE {
        let Some(frame) = named(name) else { continue };
        let mut rows: HashMap<i32, Vec<IdxSize>> = HashMap::new();
        for (row, id) in frame.column(SOURCE_ID)?.i32()?.iter().enumerate() {
            rows.entry(id.unwrap_or(-1)).or_default().push(row as IdxSize);
        }
        by_source.insert(name, rows);
    }
    let mut found = Vec::with_capacity(parts.len());
    for (of, mut tables) in parts {
        // Every source that a row of the year names.
        let mut used = BTreeSet::new();
        for frame in tables.values() {
            if let Ok(ids) = frame.column(SOURCE_ID) {
                used.extend(ids.i32()?.iter().flatten());
            }
        }
        for (name, rows) in &by_source {
            let Some(frame) = named(name) else { continue };
            let rows: Vec<IdxSize> = used.iter().filter_map(|id| rows.get(id)).flatten().copied().collect();
            if !rows.is_empty() {
                tables.insert(name, frame.take(&IdxCa::from_vec("".into(), rows))?);
            }
        }
        // Numbered separately, so that the same file gives the same rows whatever else was read.
        let numbers: HashMap<i32, i32> = used.iter().copied().zip(0..).collect();
        for frame in tables.values_mut() {
            if let Ok(ids) = frame.column(SOURCE_ID) {
                let ids: Int32Chunked = ids.i32()?.iter().map(|id| numbers.get(&id?).copied()).collect();
                frame.with_column(ids.with_name(SOURCE_ID.into()).into_column())?;
            }
        }
        let mut inputs = BTreeSet::new();
        if let Some(sources) = tables.get(SOURCES) {
            inputs.extend(Row::all(sources).map(|row| {
                let text = |name: &str| row.text_or_empty(name).to_string();
                (text(sources::column::file.name()), text(sources::column::sha256.name()))
            }));
        }
        let name = match tables.get("facts") {
            Some(facts) => {
                facts.column(facts::column::district_name)?.str()?.iter().flatten().next().map(str::to_string)
            }
            None => None,
        };
        found.push(Part {
            district_name: name.unwrap_or_else(|| of.district_code.clone()),
            of,
            tables,
            inputs: inputs.into_iter().collect(),
        });
    }
    Ok(found)
}

fn rows_by_key(frame: &DataFrame) -> PolarsResult<BTreeMap<DistrictYear, Vec<IdxSize>>> {
    let (codes, years) =
        (frame.column(facts::column::district_code)?.str()?, frame.column(facts::column::year)?.i32()?);
    let mut found: HashMap<(&str, i32), Vec<IdxSize>> = HashMap::new();
    for (row, (code, year)) in codes.iter().zip(years.iter()).enumerate() {
        if let (Some(code), Some(year)) = (code, year) {
            found.entry((code, year)).or_default().push(row as IdxSize);
        }
    }
    let own = |((code, year), rows): ((&str, i32), _)| {
        (DistrictYear { year, district_code: code.to_string() }, rows)
    };
    Ok(found.into_iter().map(own).collect())
}
