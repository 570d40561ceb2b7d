//! One year of many districts, with the years before it: all that the annual report and its pictures are made of.

use super::{
    class_sizes, comparison, convergence, coverage, decomposition, derived, gaps, growth, joined, lorenz,
    outlook, panel, provenance::Provenance, sigma, standings, years::Region,
};
use crate::{standard::Standard, words::Words};

/// Tables of [`super::years`], of the year of the report and all kept years before it.
pub struct Annual<'a> {
    /// Of the report.
    pub year: i32,
    /// The districts that have that year, by code.
    pub regions: Vec<Region>,
    /// Level `district`, not grouped.
    pub panel: panel::Frame,
    /// Levels `city` and `province`; no rows where no district's region is known.
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
    /// Of the first kept year and of the report's.
    pub lorenz: lorenz::Frame,
    /// Level `all`, every year.
    pub class_sizes: class_sizes::Frame,
    /// Districts that have earlier years and not this one, by code.
    pub absent: Vec<Region>,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub made: &'a Provenance,
}

/// One district of an [`Annual`]: its portrait.
pub struct Portrait<'a> {
    pub annual: &'a Annual<'a>,
    pub region: Region,
    /// Of [`super::gaps`], this district and year; the report shows the worst ten.
    pub gaps: gaps::Frame,
    /// Level `district`, every indicator of the year's last projection; without rows where too few years are kept.
    pub outlook: outlook::Frame,
}

/// Both sections together, in the column `section`.
pub const TOGETHER: &str = "all";

/// What is counted and compared over the tables of [`Annual`], so that every number of a sentence is one cell of one
/// table.
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

/// What may be said of a CV against its limit: by its interval where there is one, else by the value compared exactly.
/// `certainty` and `met` are the columns of that name.
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
