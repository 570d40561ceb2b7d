//! Reads the scoring workbooks that offices return, checks them and merges them into [`Marks`].

mod dates;
mod find;
mod office;
mod points;
mod reading;
mod reasons;
mod roster;
mod self_assessment;
mod shares;
mod units;
mod values;
mod wrong;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{Input, Options};
use crate::{
    problem::{Error, Level, Place, Problem, Result},
    standard::Standard,
    tables::{
        marks::{Marks, Unit},
        scorebook::Kind,
    },
    words::{Language, Words},
};

pub use find::{is_scoring_workbook, lost_its_keys};
pub use units::{List, Listed};

/// Reads all workbooks together.
///
/// # Errors
/// Every invalid cell: another standard's workbook, an item renamed or missing, a score above its points, letters in a
/// score, a unit under two names, two offices that disagree. With `strict`, warnings too.
pub fn read(files: &[PathBuf], standard: &Standard, options: &Options) -> Result<Marks> {
    let catalogues = catalogues()?;
    let mut problems = Vec::new();
    let mut all = Vec::new();
    let mut listed = Vec::new();
    let mut known = HashSet::new();
    for (path, shown) in files.iter().zip(super::shown(files)) {
        let input = Input { path: path.clone(), shown: shown.clone() };
        match super::sheets(&input, options) {
            Ok(sheets) => {
                let sha256 = sheets.first().map(|sheet| sheet.sha256.clone()).unwrap_or_default();
                // The same file under two names is read once.
                if known.insert(sha256.clone()) {
                    listed.push((shown, sha256));
                    all.push(sheets);
                }
            }
            Err(Error::Input(found)) => problems.extend(found),
            Err(Error::Disk { path, source }) => {
                let problem = Problem::error("file_unreadable", Place::file(shown));
                problems.push(problem.with("path", path).with("why", source));
            }
            Err(other) => return Err(other),
        }
    }
    let mut reading = reading::Reading::new(standard, &catalogues);
    // First the sheets and units, then the points, then the marks, so that the order of the files does not matter.
    let found: Vec<find::Found> = all.iter().flat_map(|sheets| reading.file(sheets)).collect();
    for points in found.iter().filter(|found| found.anchor.kind == Kind::Points) {
        points::read(&mut reading, points);
    }
    points::complete(&mut reading);
    shares::complete(&mut reading);
    let offices = || found.iter().filter(|found| found.anchor.kind == Kind::Office);
    for office in offices() {
        office::read(&mut reading, office);
    }
    for reasons in found.iter().filter(|found| found.anchor.kind == Kind::Reasons) {
        reasons::read(&mut reading, reasons);
    }
    reading.sheets_removed(&found);
    let own: Vec<&find::Found> = found
        .iter()
        .filter(|found| matches!(found.anchor.kind, Kind::SelfMarks | Kind::SelfReport))
        .collect();
    self_assessment::read(&mut reading, &own);
    let (marks, found) = reading.finish(options.year, listed);
    problems.extend(found);
    if options.strict {
        problems.extend(marks.findings.iter().filter(|f| f.level == Level::Warning).cloned());
    }
    if problems.is_empty() { Ok(marks) } else { Err(Error::Input(problems)) }
}

/// Reads the list of units: 名称, 代码, 别名, 分组.
///
/// # Errors
/// The file cannot be read, has no column of names, or a name occurs twice.
pub fn units(path: &Path, options: &Options) -> Result<Vec<Unit>> {
    units::read(path, options, &catalogues()?)
}

/// Reads a list of people or places to draw from, with the columns that have these headers.
///
/// # Errors
/// As those of [`units`]; and there is no column with a header asked for.
pub fn list(path: &Path, options: &Options, headers: &[&str]) -> Result<List> {
    units::read_with(path, options, &catalogues()?, headers)
}

/// Headers and words may be in either language, whatever the run's.
fn catalogues() -> Result<Vec<Words>> {
    [Language::Chinese, Language::English].into_iter().map(Words::load).collect()
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

/// Names similar to an unknown one, for messages; a dash if there is none.
fn near(names: String) -> String {
    if names.is_empty() { "—".to_string() } else { names }
}

#[cfg(test)]
mod tests;
