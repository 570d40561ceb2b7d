//! One district's stored year for its portrait: its parts and its gaps.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::{
    assess,
    ingest::Facts,
    panel::StudyOptions,
    problem::Result,
    standard::Standard,
    tables::{
        self, Table, gaps,
        years::{Region, StoredYear, YearSource},
    },
    words::Words,
};

/// The stored districts that are counted as each district of the report, in a year.
pub fn parts<'k>(
    years: &'k dyn YearSource,
    year: i32,
    asked: &StudyOptions,
    words: &Words,
) -> BTreeMap<String, Vec<&'k StoredYear>> {
    let mut parts: BTreeMap<String, Vec<&StoredYear>> = BTreeMap::new();
    for kept in years.kept().iter().filter(|kept| kept.of.year == year) {
        let region = asked.crosswalk.region(year, &kept.of.district_code, &kept.district_name, words);
        parts.entry(region.district_code).or_default().push(kept);
    }
    parts
}

/// The table [`mod@crate::tables::gaps`] of a district's year, sorted by relative distance, the largest first.
///
/// # Errors
/// Those of [`YearSource::facts`].
pub fn gaps(
    years: &dyn YearSource,
    parts: &[&StoredYear],
    region: &Region,
    standard: &Standard,
    reliefs: bool,
    words: &Words,
) -> Result<gaps::Frame> {
    use tables::facts::column;

    let mut facts = years.stacked(parts, &tables::facts::table())?;
    let rows = facts.height();
    for (name, value) in
        [(column::district_code, &region.district_code), (column::district_name, &region.district_name)]
    {
        facts.with_column(Column::new(name.into(), vec![value.as_str(); rows]))?;
    }
    // Facts of a whole district cannot be added up over merged districts.
    let one = |table: Table| -> Result<DataFrame> {
        let mut frame = match parts {
            [_] => years.stacked(parts, &table)?,
            _ => table.empty(),
        };
        let rows = frame.height();
        frame.with_column(Column::new(
            column::district_code.into(),
            vec![region.district_code.as_str(); rows],
        ))?;
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
