//! `NAME-批注.xlsx`: the user's own workbook with every finding as a coloured cell and a comment.

use std::path::PathBuf;

use crate::{
    ingest::Limits,
    problem::{Problem, Result},
    tables::made::Made,
    words::Words,
};

/// Name and content of one annotated copy for each input that has findings. `inputs` are files and folders as the
/// user gave them; a finding's `place.file` names one of the files in them.
pub fn copies(
    _inputs: &[PathBuf],
    _findings: &[Problem],
    _limits: &Limits,
    _made: &Made,
    _words: &Words,
) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(Vec::new())
}
