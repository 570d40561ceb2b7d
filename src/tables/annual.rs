//! One year of many districts, with the years before it: all that the annual report and its pictures are made of.

#[cfg(test)]
pub mod sample;

use polars::prelude::DataFrame;

use super::{made::Made, years::Region};
use crate::{standard::Standard, words::Words};

/// Tables of [`super::years`], of the year of the report and all kept years before it.
pub struct Annual<'a> {
    /// Of the report.
    pub year: i32,
    /// The districts that have that year, by code.
    pub regions: Vec<Region>,
    /// Level `district`, not grouped.
    pub panel: DataFrame,
    /// Levels `city` and `province`; no rows where no district's region is known.
    pub regional: DataFrame,
    /// Level `all`, not grouped.
    pub whole: DataFrame,
    /// Level `all`, grouped by location.
    pub by_location: DataFrame,
    /// Levels `district` and `all`.
    pub standings: DataFrame,
    pub coverage: DataFrame,
    pub joined: DataFrame,
    /// Level `all`: `by` location, ownership and region.
    pub decomposition: DataFrame,
    /// Level `all`, 城区 against 乡村.
    pub comparison: DataFrame,
    pub sigma: DataFrame,
    pub convergence: DataFrame,
    pub growth: DataFrame,
    /// Of the first kept year and of the report's.
    pub lorenz: DataFrame,
    /// Level `all`, every year.
    pub class_sizes: DataFrame,
    /// Districts that have earlier years and not this one, by code.
    pub absent: Vec<Region>,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub made: &'a Made,
}

/// One district of an [`Annual`]: its portrait.
pub struct Portrait<'a> {
    pub annual: &'a Annual<'a>,
    pub region: Region,
    /// Of [`super::gaps`], this district and year; the report shows the worst ten.
    pub gaps: DataFrame,
    /// Level `district`, every indicator of the year's last projection; without rows where too few years are kept.
    pub outlook: DataFrame,
}
