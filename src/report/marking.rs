//! The scoring workbook: what every office enters for every unit.

use std::path::Path;

use crate::{problem::Result, standard::Standard, tables::marks::Unit, words::Words};

/// Writes the workbook of a scoring standard for these units.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    _standard: &Standard,
    _units: &[Unit],
    _year: Option<i32>,
    _words: &Words,
    _path: &Path,
) -> Result<()> {
    todo!()
}
