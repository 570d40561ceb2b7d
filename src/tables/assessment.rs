//! The result of the main job, for the reports.

use super::{dispersion, districts, gaps, items, measures, schools, shares, verdict::Verdict};
use crate::problem::Problem;

/// The result of the main job: the tables of [`crate::tables`] with the same names, and one verdict per district and
/// year.
#[derive(Debug, Clone)]
pub struct Assessment {
    pub measures: measures::Frame,
    pub schools: schools::Frame,
    pub districts: districts::Frame,
    pub dispersion: dispersion::Frame,
    pub items: items::Frame,
    pub gaps: gaps::Frame,
    pub shares: shares::Frame,
    pub verdicts: Vec<Verdict>,
    /// Measures that lack facts: the fact, the school and where it was looked for.
    pub missing: Vec<Problem>,
}
