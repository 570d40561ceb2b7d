//! What the main job hands on to the reports.

use super::{dispersion, districts, gaps, items, measures, schools, shares, verdict::Verdict};
use crate::problem::Problem;

/// What the main job gives: the tables of [`crate::tables`], named alike, and one verdict per district and year.
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
    /// Measures without their facts: the fact, the school and where it was looked for.
    pub missing: Vec<Problem>,
}
