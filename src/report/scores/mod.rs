//! The documents of a scoring: the comparison table and every unit's feedback (问题清单), as xlsx, html, docx and csv,
//! and the charts.

use crate::{
    problem::Result,
    report::documents::Documents,
    standard::Standard,
    store::Folder,
    tables::{made::Made, marks::Marks, scored::Scored},
    words::Words,
};

/// One scoring, as its documents see it.
#[derive(Clone, Copy)]
pub struct Scoring<'a> {
    pub standard: &'a Standard,
    pub marks: &'a Marks,
    pub scored: &'a Scored,
    pub made: &'a Made,
    pub words: &'a Words,
}

/// The tables, always: `scores.csv`, `parts.csv`, `totals.csv`, `standings.csv`, `marks.csv`, `unmarked.csv`,
/// `findings.csv`.
///
/// # Errors
/// A file cannot be written.
pub fn tables(_folder: &mut Folder, _scoring: Scoring<'_>) -> Result<()> {
    todo!()
}

/// The documents that are asked for (`gaps`: the xlsx; charts, html, docx).
///
/// # Errors
/// A template cannot be read or filled; a file cannot be written.
pub fn documents(_folder: &mut Folder, _scoring: Scoring<'_>, _asked: &Documents) -> Result<()> {
    todo!()
}
