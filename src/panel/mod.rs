//! Many districts, many years: measured year by year in bounded memory, then told as tables ([`crate::tables::years`]).
//!
//! ```text
//! Years ──crosswalk──▶ one year's schools, measured and marked ──▶ panel, standings, coverage
//!                                                              ──▶ decomposition, influence, comparison, lorenz
//! panel, all years ──▶ changes, ranks ──▶ sigma, growth, convergence
//! ```

pub mod convergence;
pub mod crosswalk;
pub mod inquiry;
pub mod measured;

use polars::prelude::DataFrame;

use crate::{problem::Result, standard::Standard, tables::years::Years, words::Words};
use crosswalk::Crosswalk;

/// Whose schools are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    District,
    City,
    Province,
    All,
}

/// Which schools of a place stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grouping {
    Location,
    Ownership,
    Type,
}

/// A panel that is wanted: rows a place of this level, apart by this grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub level: Level,
    pub grouping: Option<Grouping>,
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

/// What a study is of and how it is done.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// First and last year, both in; all without it.
    pub years: Option<(i32, i32)>,
    /// Codes or names, after the crosswalk; all where there is none.
    pub districts: Vec<String>,
    pub reliefs: bool,
    pub resampling: Resampling,
    pub crosswalk: Crosswalk,
}

/// What one pass over the years gives.
#[derive(Debug, Clone)]
pub struct Found {
    /// One an entry of what was wanted, in its order.
    pub panels: Vec<DataFrame>,
    /// Levels of what was wanted, each once.
    pub standings: DataFrame,
    pub coverage: DataFrame,
    pub joined: DataFrame,
}

/// One pass over the years: a panel for each of `wanted`. `watch(done, all)` in districts' years.
///
/// # Errors
/// The disk; a district that is asked for and not there; the crosswalk leads to a code in a circle.
pub fn panel(
    _years: &dyn Years,
    _standard: &Standard,
    _asked: &Asked,
    _wanted: &[Wanted],
    _words: &Words,
    _watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Found> {
    todo!()
}
