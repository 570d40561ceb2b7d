//! The results of judge, for gap and the tables.

use super::{
    Status,
    checks::CheckedRow,
    facts,
    measure_matrix::{Dispersion, Group, MeasureMatrix, Members},
};
use crate::{dictionary::Section, standard::Standard, words::Words};

/// A run as judge leaves it: what its verdicts and gaps are made from.
pub struct JudgedRun<'a> {
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub facts: &'a facts::Frame,
    pub matrix: &'a MeasureMatrix,
    pub groups: &'a [Group],
    pub members: &'a Members,
    /// The dispersions of each group.
    pub dispersions: &'a [Vec<JudgedDispersion>],
    /// The composites of each group.
    pub composites: &'a [Vec<JudgedComposite>],
}

impl<'a> JudgedRun<'a> {
    /// The rows of the matrix that belong to these groups.
    pub fn rows(&self, groups: &[usize]) -> impl Iterator<Item = usize> {
        groups.iter().flat_map(|&group| self.members.rows(group)).map(|&row| row as usize)
    }

    pub fn group(&self, row: usize) -> &'a Group {
        &self.groups[self.matrix.group[row] as usize]
    }

    /// The row of `facts` that a row of the matrix was measured from.
    pub fn facts(&self, row: usize) -> Option<facts::Row<'a>> {
        self.facts.row(self.matrix.row[row] as usize)
    }
}

/// One item in one district and year.
#[derive(Debug, Clone)]
pub struct JudgedItem {
    /// Index into the standard's items.
    pub item: usize,
    pub status: Status,
    /// The deciding value and its bound, if any.
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub points: Option<f64>,
    pub score: Option<f64>,
    /// What was decisive, in the run's language.
    pub detail: String,
    pub borderline: bool,
    pub checks: Vec<JudgedCheck>,
    /// Ids of answers that are missing: `8.1`, `G1`.
    pub unanswered: Vec<String>,
    /// The conclusion besides the data, if the item requires one.
    pub answer: Option<Status>,
}

/// One check of an item with its rows.
#[derive(Debug, Clone)]
pub struct JudgedCheck {
    /// Index into the item's checks.
    pub check: usize,
    pub status: Status,
    pub rows: Vec<(CheckedRow, Status)>,
}

/// A value that keeps a school from meeting the school rule.
#[derive(Debug, Clone, Copy)]
pub struct LackingValue {
    /// Row of the matrix.
    pub row: usize,
    /// Index into the standard's indicators.
    pub indicator: usize,
    /// `None` where a fact is missing.
    pub current: Option<f64>,
    pub required: Option<f64>,
    /// In the unit of the indicator's shortfall.
    pub shortfall: Option<f64>,
}

/// The dispersion of one indicator in one section of a district and year, judged.
#[derive(Debug, Clone, Copy)]
pub struct JudgedDispersion {
    pub section: Section,
    /// Index into the standard's indicators.
    pub indicator: usize,
    pub dispersion: Option<Dispersion>,
    pub limit: Option<f64>,
    pub status: Status,
    pub borderline: bool,
    /// The district's mean compared with the threshold, if the standard requires it.
    pub mean_status: Status,
    /// The number of sections with a threshold: met, unmet, missing.
    pub schools_met: usize,
    pub schools_unmet: usize,
    pub schools_missing: usize,
}

/// The mean of several indicators' CVs in one section of a district and year, judged.
#[derive(Debug, Clone)]
pub struct JudgedComposite {
    /// Index into the standard's items.
    pub item: usize,
    pub section: Section,
    /// The smallest number of schools in any of its dispersions.
    pub schools: usize,
    pub students: f64,
    /// Only of the schools with data if `missing` names an indicator; `None` if an indicator has no CV.
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub status: Status,
    pub borderline: bool,
    /// Indices of the indicators whose CV is unknown, or not that of every school.
    pub missing: Vec<usize>,
}
