//! 年度监测报告: html, docx, pdf, xlsx, and a portrait page a district. Sentences are made of the tables' numbers.

use std::path::Path;

use crate::{
    chart::Picture,
    problem::Result,
    store::Folder,
    tables::annual::{Annual, Portrait},
};

/// Which files of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Files {
    pub html: bool,
    pub docx: bool,
    pub pdf: bool,
    pub xlsx: bool,
    pub charts: bool,
}

/// Writes the report and its pictures into the folder.
///
/// # Errors
/// The disk, or a template of the user's.
pub fn write(
    _folder: &mut Folder,
    _annual: &Annual,
    _pictures: &[Picture],
    _files: Files,
    _templates: Option<&Path>,
) -> Result<()> {
    todo!()
}

/// One district's page: a single html file.
///
/// # Errors
/// A template of the user's.
pub fn portrait(_portrait: &Portrait, _pictures: &[Picture], _templates: Option<&Path>) -> Result<Vec<u8>> {
    todo!()
}
