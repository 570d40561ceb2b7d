//! Early warning: trends carried on, and what a change of enrolment does. Calls measure, judge and equity in order.

use polars::prelude::DataFrame;

use crate::{panel::Asked, problem::Result, standard::Standard, tables::years::Years, words::Words};

/// [`crate::tables::years::outlook`] of the rows of a panel (any level, not grouped), carried on to `to_year`, with
/// intervals at `level` (0.95).
///
/// # Errors
/// Only the engine's.
pub fn outlook(_panel: &DataFrame, _standard: &Standard, _to_year: i32, _level: f64) -> Result<DataFrame> {
    todo!()
}

/// How pupils change.
#[derive(Debug, Clone)]
pub enum Enrolment {
    /// The same rate a year everywhere: −0.03, to that year.
    Rate { rate: f64, to_year: i32 },
    /// Read from a file.
    Given(Vec<Expected>),
}

/// A line of the enrolment file: a district, section or school, and its pupils (or their change) in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    pub district_code: String,
    pub section: Option<crate::dictionary::Section>,
    pub school_code: Option<String>,
    pub year: i32,
    /// Pupils, or the factor on those of the last year.
    pub students: Option<f64>,
    pub factor: Option<f64>,
    pub line: usize,
}

/// [`crate::tables::years::shocks`] on the last year asked for: pupils change, resources stay.
///
/// # Errors
/// The disk; a line speaks of a district or school that is not there.
pub fn shocks(
    _years: &dyn Years,
    _standard: &Standard,
    _asked: &Asked,
    _enrolment: &Enrolment,
    _words: &Words,
) -> Result<DataFrame> {
    todo!()
}
