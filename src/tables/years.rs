//! Many districts and years: their sources, and the tables made from them.
//!
//! A study reads a [`YearSource`] (the store, or tables in memory) year by year, measures and marks it ([`Measured`]),
//! and produces the tables below. Shares are between 0 and 1; an undefined number (no school, nothing to share, one
//! school …) is null.

use polars::prelude::*;

use super::{Table, facts::column, measure_matrix::MeasureMatrix};
use crate::{dictionary::Section, problem::Result};

/// Identifies a district's year; ordered by year, then by code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DistrictYear {
    pub year: i32,
    pub district_code: String,
}

/// A district's year that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredYear {
    /// The district and year.
    pub of: DistrictYear,
    /// The name of the district in that year.
    pub district_name: String,
    /// 1 for the first that was added; a corrected file makes the next one.
    pub version: u32,
    /// The number of rows of `facts`.
    pub rows: usize,
}

/// A source of districts' years.
pub trait YearSource: Sync {
    /// In the order of `DistrictYear`, without repetition.
    fn kept(&self) -> &[StoredYear];

    /// The rows of `facts`, with only `columns` if given, in that order, null if a fact is not stored.
    ///
    /// # Errors
    /// A file cannot be read or is damaged; the error names it, and the inputs to add again.
    fn facts(&self, of: &StoredYear, columns: Option<&[String]>) -> Result<DataFrame>;

    /// Another table of that year (`district_facts`, `sources`, `gaps` …); empty if none is stored.
    ///
    /// # Errors
    /// Those of [`Self::facts`].
    fn table(&self, of: &StoredYear, table: &Table) -> Result<DataFrame>;
}

impl dyn YearSource + '_ {
    /// A table of all these years, concatenated.
    ///
    /// # Errors
    /// Those of [`YearSource::facts`].
    pub fn stacked(&self, parts: &[&StoredYear], table: &Table) -> Result<DataFrame> {
        let mut all: Option<DataFrame> = None;
        for kept in parts {
            let own = match table.name {
                "facts" => self.facts(kept, None)?,
                _ => self.table(kept, table)?,
            };
            all = Some(match all {
                Some(before) => before.vstack(&own)?,
                None => own,
            });
        }
        Ok(all.unwrap_or_else(|| table.empty()))
    }
}

/// A source of years from facts in memory.
#[derive(Debug, Clone)]
pub struct InMemoryYears {
    kept: Vec<StoredYear>,
    parts: Vec<DataFrame>,
}

impl InMemoryYears {
    /// The district-years of a table of [`super::facts`].
    ///
    /// # Errors
    /// A column differs from [`super::facts`].
    pub fn of(facts: &DataFrame) -> PolarsResult<InMemoryYears> {
        super::facts::table().check(facts)?;
        let mut rows: std::collections::BTreeMap<DistrictYear, Vec<IdxSize>> = Default::default();
        let (code, years) = (facts.column(column::district_code)?.str()?, facts.column(column::year)?.i32()?);
        for row in 0..facts.height() {
            let of = DistrictYear {
                year: years.get(row).unwrap_or_default(),
                district_code: code.get(row).unwrap_or_default().to_string(),
            };
            rows.entry(of).or_default().push(row as IdxSize);
        }
        let names = facts.column(column::district_name)?.str()?;
        let (mut kept, mut parts) = (Vec::new(), Vec::new());
        for (of, rows) in rows {
            let name = rows.iter().find_map(|&row| names.get(row as usize)).unwrap_or(&of.district_code);
            kept.push(StoredYear { district_name: name.to_string(), version: 1, rows: rows.len(), of });
            parts.push(facts.take(&IdxCa::from_vec("".into(), rows))?);
        }
        Ok(InMemoryYears { kept, parts })
    }
}

impl YearSource for InMemoryYears {
    fn kept(&self) -> &[StoredYear] {
        &self.kept
    }

    fn facts(&self, of: &StoredYear, columns: Option<&[String]>) -> Result<DataFrame> {
        let Ok(at) = self.kept.binary_search_by(|kept| kept.of.cmp(&of.of)) else {
            return Ok(super::facts::table().empty());
        };
        match columns {
            None => Ok(self.parts[at].clone()),
            Some(names) => Ok(self.parts[at].select(names.iter().map(String::as_str))?),
        }
    }

    fn table(&self, _: &StoredYear, table: &Table) -> Result<DataFrame> {
        Ok(table.empty())
    }
}

/// The location of a district. Six-digit codes (GB/T 2260) contain it: 4305 is the city, 43 the province.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    pub district_code: String,
    pub district_name: String,
    /// Empty if unknown.
    pub city_code: String,
    pub city_name: String,
    pub province_code: String,
    pub province_name: String,
}

/// How intervals are calculated; 0 replicates for none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    pub replicates: usize,
    /// Such as 0.95.
    pub level: f64,
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Resampling {
        Resampling { replicates: 1_000, level: 0.95, seed: 1 }
    }
}

/// The identity of a row of [`Measured::panel`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Index into [`Measured::regions`].
    pub district: u32,
    pub section: Section,
    pub school_code: String,
    pub school_name: String,
    /// 城区, 镇区, 乡村.
    pub location: Option<String>,
    /// 公办 or 民办; the form's ten types are reduced to these two.
    pub ownership: Option<String>,
    pub school_type: Option<String>,
}

/// One year's sections in scope, measured and marked, of all requested districts after the crosswalk.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub year: i32,
    /// By code.
    pub regions: Vec<Region>,
    /// One entry per row of the matrix.
    pub rows: Vec<Identity>,
    pub panel: MeasureMatrix,
}
