//! Whether districts come closer to one another over the years.

use polars::prelude::DataFrame;

use crate::problem::Result;

/// [`crate::tables::years::sigma`], [`crate::tables::years::growth`] and [`crate::tables::years::convergence`] of a panel
/// of districts that are not grouped.
#[derive(Debug, Clone)]
pub struct Convergence {
    pub sigma: DataFrame,
    pub growth: DataFrame,
    pub lines: DataFrame,
}

/// # Errors
/// Only the engine's.
pub fn convergence(_panel: &DataFrame) -> Result<Convergence> {
    todo!()
}
