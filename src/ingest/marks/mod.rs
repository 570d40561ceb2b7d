//! Scoring workbooks, as offices send them back: read, checked and put together into [`Marks`].

use std::path::{Path, PathBuf};

use super::Options;
use crate::{
    problem::Result,
    standard::Standard,
    tables::marks::{Marks, Unit},
};

/// Whether a file is a scoring workbook: by the sheet that the template hides in it. Anything else is data.
pub fn is_scoring_workbook(_path: &Path, _options: &Options) -> bool {
    todo!()
}

/// All workbooks together.
///
/// # Errors
/// Every cell that cannot be: another standard's workbook, an item renamed or missing, a score above its points,
/// letters in a score, a unit under two names, two offices that differ.
pub fn read(_files: &[PathBuf], _standard: &Standard, _options: &Options) -> Result<Marks> {
    todo!()
}

/// The list of units: 名称, 代码, 别名, 分组.
///
/// # Errors
/// The file cannot be read, has no column of names, or a name stands twice.
pub fn units(_path: &Path, _options: &Options) -> Result<Vec<Unit>> {
    todo!()
}
