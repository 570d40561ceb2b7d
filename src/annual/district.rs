//! One district's year as it is kept, for its portrait: what it is made of, and its gaps.

use std::collections::BTreeMap;

use polars::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    assess,
    ingest::Facts,
    panel::Asked,
    problem::Result,
    report::csv,
    standard::Standard,
    tables::{
        self, Table, gaps,
        years::{Kept, Region, Years},
    },
    words::Words,
};

/// Which kept districts are counted as which district of the report, in a year.
pub fn parts<'k>(
    years: &'k dyn Years,
    year: i32,
    asked: &Asked,
    words: &Words,
) -> BTreeMap<String, Vec<&'k Kept>> {
    let mut parts: BTreeMap<String, Vec<&Kept>> = BTreeMap::new();
    for kept in years.kept().iter().filter(|kept| kept.of.year == year) {
        let region = asked.crosswalk.region(year, &kept.of.district_code, &kept.district_name, words);
        parts.entry(region.district_code).or_default().push(kept);
    }
    parts
}

/// A table of all parts, one after the other.
fn stacked(years: &dyn Years, parts: &[&Kept], table: &Table) -> Result<DataFrame> {
    let mut all: Option<DataFrame> = None;
    for kept in parts {
        let own = match table.name {
            "facts" => years.facts(kept, None)?,
            _ => years.table(kept, table)?,
        };
        all = Some(match all {
            Some(before) => before.vstack(&own)?,
            None => own,
        });
    }
    Ok(all.unwrap_or_else(|| table.empty()))
}

/// SHA-256 of everything that [`gaps`] reads: another one where a file was corrected.
///
/// # Errors
/// Those of [`Years::facts`].
pub fn identity(years: &dyn Years, parts: &[&Kept]) -> Result<String> {
    let mut hash = Sha256::new();
    for table in [tables::facts::table(), tables::district_facts::table(), tables::answers::table()] {
        let mut text = Vec::new();
        csv::write(&stacked(years, parts, &table)?, &mut text)?;
        hash.update(&text);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The table [`gaps`](tables::gaps) of a district's year, the most severe by its relative distance first.
///
/// # Errors
/// Those of [`Years::facts`].
pub fn gaps(
    years: &dyn Years,
    parts: &[&Kept],
    region: &Region,
    standard: &Standard,
    reliefs: bool,
    words: &Words,
) -> Result<gaps::Frame> {
    let mut facts = stacked(years, parts, &tables::facts::table())?;
    let rows = facts.height();
    for (name, value) in [("district_code", &region.district_code), ("district_name", &region.district_name)]
    {
        facts.with_column(Column::new(name.into(), vec![value.as_str(); rows]))?;
    }
    // What is said of a district as a whole does not add up over districts that were merged.
    let one = |table: Table| -> Result<DataFrame> {
        let mut frame = match parts {
            [_] => stacked(years, parts, &table)?,
            _ => table.empty(),
        };
        let rows = frame.height();
        frame.with_column(Column::new("district_code".into(), vec![region.district_code.as_str(); rows]))?;
        Ok(frame)
    };
    let read = Facts {
        facts: tables::facts::Frame::new(facts)?,
        district_facts: tables::district_facts::Frame::new(one(tables::district_facts::table())?)?,
        answers: tables::answers::Frame::new(one(tables::answers::table())?)?,
        sources: Default::default(),
        columns: Default::default(),
        record_sources: Default::default(),
        findings: Vec::new(),
    };
    Ok(assess::assess(&read, standard, reliefs, words)?.gaps)
}
