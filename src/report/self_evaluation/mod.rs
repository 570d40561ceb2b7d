//! 自评报告: the self-evaluation report of one district, as docx to write on in and as pdf to hand in.

pub mod docx;
#[cfg(feature = "pdf")]
pub mod pdf;

use std::path::Path;

use crate::{chart::Picture, problem::Result, tables::district::District};

/// The report before it has a format.
pub struct Report {}

/// The report of a district. `templates`: a folder whose files stand for those of `data/templates`.
///
/// # Errors
/// A template cannot be read or filled; the problem names its file and line.
pub fn report(_district: &District, _pictures: &[Picture], _templates: Option<&Path>) -> Result<Report> {
    Ok(Report {})
}
