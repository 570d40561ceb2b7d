//! Scoring workbooks, as offices send them back: read, checked and put together into [`Marks`].

mod units;

use std::path::{Path, PathBuf};

use super::Options;
use crate::{
    problem::Result,
    standard::Standard,
    tables::marks::{Marks, Unit},
    words::{Language, Words},
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
pub fn units(path: &Path, options: &Options) -> Result<Vec<Unit>> {
    units::read(path, options, &catalogues())
}

/// Headers and words may be in either language, whatever that of the run.
fn catalogues() -> Vec<Words> {
    [Language::Chinese, Language::English].into_iter().filter_map(|language| Words::load(language).ok()).collect()
}

/// All spellings that the catalogues have under a key, separated by 、.
fn said_in(catalogues: &[Words], key: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for words in catalogues.iter().filter(|words| words.has(key)) {
        for spelling in words.say(key).split('、').map(str::trim) {
            if !spelling.is_empty() && !all.iter().any(|one| one == spelling) {
                all.push(spelling.to_string());
            }
        }
    }
    all
}
