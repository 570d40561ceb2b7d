//! Many districts and many years: where they come from, and the tables that come of them.
//!
//! A study reads [`Years`] (the store, or tables in memory) year by year, measures and marks what it reads
//! ([`Measured`]), and writes the tables below. Shares stand between 0 and 1; a number that does not exist (no school,
//! nothing to share, one school …) is null.

use polars::prelude::*;

use super::{Table, facts::column, measure_matrix::MeasureMatrix};
use crate::{dictionary::Section, problem::Result};

/// Names a district's year; ordered by year, then by code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DistrictYear {
    pub year: i32,
    pub district_code: String,
}

/// A district's year that is there to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredYear {
    pub of: DistrictYear,
    pub district_name: String,
    /// 1 for the first that was added; a corrected file makes the next.
    pub version: u32,
    /// Rows of `facts`.
    pub rows: usize,
}

/// Where districts' years come from.
pub trait YearSource: Sync {
    /// In the order of [`DistrictYear`], each once.
    fn kept(&self) -> &[StoredYear];

    /// The rows of `facts`; only `columns` where they are named, in that order, null where a fact is not kept.
    ///
    /// # Errors
    /// The disk, or a file that is damaged: named, with what to add again.
    fn facts(&self, of: &StoredYear, columns: Option<&[String]>) -> Result<DataFrame>;

    /// Another table of that year (`district_facts`, `sources`, `gaps` …); without rows where none is kept.
    ///
    /// # Errors
    /// As [`Self::facts`].
    fn table(&self, of: &StoredYear, table: &Table) -> Result<DataFrame>;
}

impl dyn YearSource + '_ {
    /// A table of all these parts, one after the other.
    ///
    /// # Errors
    /// As [`Years::facts`].
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

/// Facts in memory as a source of years.
#[derive(Debug, Clone)]
pub struct InMemoryYears {
    kept: Vec<StoredYear>,
    parts: Vec<DataFrame>,
}

impl InMemoryYears {
    /// Districts' years of a table of [`super::facts`].
    ///
    /// # Errors
    /// A column is not as [`super::facts`] has it.
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

/// Where a district lies. Codes of six digits (GB/T 2260) say it themselves: 4305 the city, 43 the province.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    pub district_code: String,
    pub district_name: String,
    /// Empty where it is not known.
    pub city_code: String,
    pub city_name: String,
    pub province_code: String,
    pub province_name: String,
}

/// How intervals are found: 0 replicates, none are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    pub replicates: usize,
    /// 0.95.
    pub level: f64,
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Resampling {
        Resampling { replicates: 1_000, level: 0.95, seed: 1 }
    }
}

/// Who a row of [`Measured::panel`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Index into [`Measured::regions`].
    pub district: u32,
    pub section: Section,
    pub school_code: String,
    pub school_name: String,
    /// 城区, 镇区, 乡村.
    pub location: Option<String>,
    /// 公办, 民办; the form's ten types are brought to these two.
    pub ownership: Option<String>,
    pub school_type: Option<String>,
}

/// One year's sections in scope, measured and marked, of all districts asked for; districts as the crosswalk has them.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub year: i32,
    /// By code.
    pub regions: Vec<Region>,
    /// One a row of the panel.
    pub rows: Vec<Identity>,
    pub panel: MeasureMatrix,
}
