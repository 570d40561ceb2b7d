//! One year of many districts with the years before it: the data of the annual report and its charts.

use super::{
    class_sizes, comparison, convergence, coverage, decomposition, derived, gaps, growth, joined, lorenz,
    outlook, panel, provenance::Provenance, sigma, standings, years::Region,
};
use crate::{standard::Standard, words::Words};

/// Tables of [`super::years`], for the year of the report and all stored years before it.
pub struct Annual<'a> {
    /// The year of the report.
    pub year: i32,
    /// The districts that have that year, by code.
    pub regions: Vec<Region>,
    /// Level `district`, not grouped.
    pub panel: panel::Frame,
    /// Levels `city` and `province`; empty if no district's region is known.
    pub regional: panel::Frame,
    /// Level `all`, not grouped.
    pub whole: panel::Frame,
    /// Level `all`, grouped by location.
    pub by_location: panel::Frame,
    /// Levels `district` and `all`.
    pub standings: standings::Frame,
    pub coverage: coverage::Frame,
    pub joined: joined::Frame,
    /// Level `all`: `by` location, ownership and region.
    pub decomposition: decomposition::Frame,
    /// Level `all`, 城区 against 乡村.
    pub comparison: comparison::Frame,
    pub sigma: sigma::Frame,
    pub convergence: convergence::Frame,
    pub growth: growth::Frame,
    /// For the first stored year and the report's.
    pub lorenz: lorenz::Frame,
    /// Level `all`, every year.
    pub class_sizes: class_sizes::Frame,
    /// Districts that have earlier years but not this one, by code.
    pub absent: Vec<Region>,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub made: &'a Provenance,
}

/// One district of an [`Annual`], for its portrait.
pub struct Portrait<'a> {
    pub annual: &'a Annual<'a>,
    pub region: Region,
    /// The rows of [`super::gaps`] of this district and year; the report shows the worst ten.
    pub gaps: gaps::Frame,
    /// Level `district`, every indicator of the year's last projection; empty if too few years are stored.
    pub outlook: outlook::Frame,
}

/// Both sections together, in the column `section`.
pub const TOGETHER: &str = "all";

/// Tables derived from those of [`Annual`] by counting and comparing, so that every number in a sentence is one cell of
/// one table.
pub struct Derived {
    /// One row per year and section (and one for both): districts, schools, pupils, and how many are up to standard.
    pub overview: derived::overview::Frame,
    /// One row per year and section: how many of the CVs of everything together keep their limits.
    pub limits: derived::limits::Frame,
    /// One row per district of the report's year, the one nearest to passing first.
    pub ranking: derived::ranking::Frame,
    /// Districts that pass now and did not the year before, or the other way round.
    pub changes: derived::changes::Frame,
    /// One row per section and fact of the report's year.
    pub facts: derived::facts_missing::Frame,
    /// One row per year, section and indicator: the two groups of schools that the comparison compares.
    pub location_gap: derived::location_gap::Frame,
    /// One row per year and section.
    pub classes: derived::classes::Frame,
}

/// How certain the comparison of a CV with its limit is: by its interval if there is one, otherwise by the exact
/// comparison. `certainty` and `met` are the columns of these names.
pub fn certainty(certainty: Option<&str>, met: Option<bool>) -> Option<&'static str> {
    match (certainty, met) {
        (Some("met"), _) => Some("met"),
        (Some("unmet"), _) => Some("unmet"),
        (Some("open"), Some(true)) => Some("open_met"),
        (Some("open"), Some(false)) => Some("open_unmet"),
        (_, Some(true)) => Some("met"),
        (_, Some(false)) => Some("unmet"),
        _ => None,
    }
}
