//! One year's schools looked into: where the inequality lies, who makes it, and whether groups differ.

use polars::prelude::DataFrame;

use super::{Resampling, Wanted};
use crate::{problem::Result, standard::Standard, tables::years::Measured, words::Words};

/// [`crate::tables::years::decomposition`] of the places of a level: by location, ownership and type; by districts, cities and provinces,
/// and nested (`region`) where a level holds several.
///
/// # Errors
/// Only the engine's.
pub fn decomposition(
    _measured: &Measured,
    _level: super::Level,
    _standard: &Standard,
    _words: &Words,
) -> Result<DataFrame> {
    todo!()
}

/// [`crate::tables::years::influence`]: every school of the places of a level, the largest share of CV² first.
///
/// # Errors
/// Only the engine's.
pub fn influence(
    _measured: &Measured,
    _level: super::Level,
    _standard: &Standard,
    _words: &Words,
) -> Result<DataFrame> {
    todo!()
}

/// [`crate::tables::years::comparison`]: 城区 against 乡村 (against 镇区 where there is no 乡村).
///
/// # Errors
/// Only the engine's.
pub fn comparison(
    _measured: &Measured,
    _wanted: Wanted,
    _resampling: Resampling,
    _standard: &Standard,
    _words: &Words,
) -> Result<DataFrame> {
    todo!()
}

/// [`crate::tables::years::lorenz`] of everything together.
///
/// # Errors
/// Only the engine's.
pub fn lorenz(_measured: &Measured, _standard: &Standard) -> Result<DataFrame> {
    todo!()
}
