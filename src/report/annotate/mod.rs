//! `NAME-批注.xlsx`: the user's own workbook with every finding as a coloured cell and a comment.
//!
//! An xlsx or xlsm is patched: its package is opened, cells get another format, comments and a sheet are added, and all
//! else is copied byte for byte ([`package`]). What is lost: a digital signature is no longer valid; a colour that
//! conditional formatting sets covers ours; under a threaded comment of Excel 365 ours is seen in the list alone (other
//! programs show it with the comment). Reading and writing the whole workbook by a library was weighed: rust_xlsxwriter
//! writes only what the program passes on (from calamine: values; no styles, widths, validations, charts, pictures),
//! umya-spreadsheet models most but drops what it has no model of (pivot tables, slicers, form controls, extensions,
//! threaded comments) and holds every cell in memory.
//!
//! For csv, tsv, xls and ods, an xlsx is built from the cells as they were read ([`rebuilt_copy`]), and its first sheet
//! says what is lost. The same holds for a package that does not conform to the format. Parquet has no cells and gets
//! no copy, nor does a file that could not be read.

mod book;
mod comments;
mod list;
mod marks;
mod name;
mod package;
mod rebuilt_copy;
mod relationships;
mod styles;
mod worksheet;
mod xml;

use std::path::PathBuf;

use rayon::prelude::*;

use self::{list::List, marks::Marks};
use crate::{
    ingest::{self, Options},
    problem::{Error, Problem, Result},
    tables::provenance::Provenance,
    words::Words,
};

/// The two spellings of the format: ECMA-376 as all programs write it, and ISO/IEC 29500 Strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Transitional,
    Strict,
}

impl Namespace {
    fn main(self) -> &'static str {
        match self {
            Namespace::Transitional => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            Namespace::Strict => "http://purl.oclc.org/ooxml/spreadsheetml/main",
        }
    }
    /// Of attributes that name a relationship.
    fn relationships(self) -> &'static str {
        match self {
            Namespace::Transitional => "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            Namespace::Strict => "http://purl.oclc.org/ooxml/officeDocument/relationships",
        }
    }
    /// A type of relationship: `comments`, `worksheet`.
    fn kind(self, name: &str) -> String {
        format!("{}/{name}", self.relationships())
    }
}

/// Name and content of one annotated copy for each input that has findings. `inputs` are files and folders as the
/// user gave them; a finding's `place.file` names one of the files in them. Names may have folders in them, with `/`.
///
/// # Errors
/// [`Error::Disk`] where a file that was read before cannot be read now.
pub fn copies(
    inputs: &[PathBuf],
    findings: &[Problem],
    options: &Options,
    made: &Provenance,
    words: &Words,
) -> Result<Vec<(String, Vec<u8>)>> {
    let files = ingest::list(inputs).files;
    let of = |shown: &str| -> Vec<&Problem> {
        // A finding without a place concerns the only file.
        let here = |p: &&Problem| match &p.place.file {
            Some(file) => file == shown,
            None => files.len() == 1,
        };
        findings.iter().filter(here).collect()
    };
    let made = made.line(None, words);
    let copies: Vec<Option<(usize, package::Copy)>> = files
        .par_iter()
        .enumerate()
        .map(|(at, file)| {
            let found = of(&file.shown);
            if found.is_empty() || ingest::is_parquet(&file.path) {
                return Ok(None);
            }
            Ok(copy(file, &found, options, &made, words)?.map(|copy| (at, copy)))
        })
        .collect::<Result<_>>()?;
    let copies: Vec<(usize, package::Copy)> = copies.into_iter().flatten().collect();
    let wanted: Vec<name::Wanted> = copies
        .iter()
        .filter_map(|(at, copy)| {
            let ending = if copy.macros { "xlsm" } else { "xlsx" };
            Some(name::Wanted { path: &files.get(*at)?.path, ending })
        })
        .collect();
    let names = name::of(&wanted, &words.say("annotate.suffix"));
    Ok(names.into_iter().zip(copies).map(|(name, (_, copy))| (name, copy.bytes)).collect())
}

/// The copy of one file; `None` for a file that cannot be read, which its findings already report.
fn copy(
    file: &ingest::Input,
    findings: &[&Problem],
    options: &Options,
    made: &str,
    words: &Words,
) -> Result<Option<package::Copy>> {
    let sheets = match ingest::sheets(file, options) {
        Ok(sheets) => sheets,
        Err(Error::Input(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let marks = Marks::new(findings, &sheets, words);
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = std::fs::read(&file.path).map_err(|why| Error::disk(&file.shown, why))?;
    let mut lost = words.say(match sheets.iter().all(|sheet| sheet.name.is_empty()) {
        true => "annotate.lost.delimited",
        false => "annotate.lost.workbook",
    });
    if package::fits(&bytes) {
        let list = List::new(&marks, &name, made, None, words);
        let source = (bytes.as_slice(), file.shown.as_str(), &options.limits);
        match package::patch(source, &marks, &list, words) {
            Ok(copy) => return Ok(Some(copy)),
            Err(xml::Broken(why)) => lost = words.fill("annotate.lost.package", &[("why", why)]),
        }
    }
    let list = List::new(&marks, &name, made, Some(lost), words);
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    let names = rebuilt_copy::names(&sheets, &stem, &list.title);
    let bytes = rebuilt_copy::write(&file.shown, &sheets, &names, &marks.sheets, &list, words)?;
    Ok(Some(package::Copy { bytes, macros: false }))
}
