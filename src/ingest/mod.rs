//! Reads files into facts, each with its source cell, and reports findings on bad input. Nothing here judges.
//!
//! ```text
//! workbook, delimited ─▶ sheet ─▶ layout (wide, export, form, answers) with header and cell ─▶ assemble ─▶ examine
//! parquet ─────────────────────────────────────────────────────────────────────────────────▶
//! ```

pub mod assemble;
pub mod cell;
pub mod delimited;
pub mod examine;
pub mod file;
pub mod header;
pub mod layout;
pub mod ledger;
pub mod listing;
pub mod parquet;
pub mod scorebook;
pub mod sheet;
pub mod workbook;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use layout::FileRead;
pub use listing::{Input, Listing, is_parquet, list, shown};
use polars::prelude::PolarsResult;
use rayon::prelude::*;

use crate::{
    dictionary::{Dictionary, Section},
    file_name,
    problem::{Error, Level, Place, Problem, Result},
    tables::{
        answers,
        cells::{self, Cells},
        columns, district_facts, facts, record_sources, sources,
    },
};

/// The result of ingest: the tables of [`crate::tables`] with the same names, and the findings.
#[derive(Debug, Clone)]
pub struct Facts {
    pub facts: facts::Frame,
    pub district_facts: district_facts::Frame,
    pub answers: answers::Frame,
    pub sources: sources::Frame,
    pub columns: columns::Frame,
    pub record_sources: record_sources::Frame,
    pub findings: Vec<Problem>,
}

impl Facts {
    /// Traces a fact of a row to the cells that it was read from.
    ///
    /// # Errors
    /// A table lacks a column, which is a defect of this program.
    pub fn cells(&self) -> PolarsResult<Cells<'_>> {
        Cells::new(cells::Tables {
            facts: self.facts.frame(),
            sources: &self.sources,
            columns: &self.columns,
            record_sources: &self.record_sources,
            district_facts: &self.district_facts,
            answers: Some(&self.answers),
        })
    }
}

/// How to read. [`Default`] reads without any configuration.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The year, where the files name none.
    pub year: Option<i32>,
    /// The district's code and name, where the files name none.
    pub district: Option<(String, String)>,
    /// An encoding label for csv and tsv (`gbk`, `gb18030`, `big5`, `utf-8`); detected without it.
    pub encoding: Option<String>,
    /// Whether warnings stop the run as errors do.
    pub strict: bool,
    /// The maximum sizes of files.
    pub limits: Limits,
    /// Mappings from a pipeline file; the first whose `file` matches applies.
    pub mappings: Vec<Mapping>,
}

/// Limits on what a file may contain; an error names the limit and the option that raises it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries of a zip container.
    pub entries: usize,
    /// Uncompressed bytes of all entries.
    pub inflated: u64,
    /// Uncompressed over compressed bytes, for entries of more than a megabyte.
    pub ratio: u64,
    /// Non-empty cells per file.
    pub cells: usize,
    /// Bytes of one cell's text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { entries: 10_000, inflated: 2 << 30, ratio: 1_000, cells: 20_000_000, text: 65_536 }
    }
}

/// How to read a file whose headers do not match the dictionary.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// A file name, where `*` stands for any run of characters.
    pub file: String,
    pub sheet: Option<String>,
    pub encoding: Option<String>,
    /// 1-based first and last row of the header, which is searched for if this is `None`.
    pub header_rows: Option<(u32, u32)>,
    /// The section of all rows.
    pub section: Option<Section>,
    pub year: Option<i32>,
    /// Added to the year that was read or given (學年度 103 + 1911).
    pub year_offset: Option<i32>,
    /// Fact id (or `primary.<fact>`) → headers, as printed or as a path with `/`; several are added up.
    #[serde(default)]
    pub columns: BTreeMap<String, Headers>,
    /// Fact id → the value of every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Headers to ignore without a finding.
    #[serde(default)]
    pub ignore: Vec<String>,
}

impl Mapping {
    /// Whether it applies to `file`, by its name or by its path as it is shown.
    pub fn is_for(&self, file: &str) -> bool {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        file_name::fits(&self.file, name) || file_name::fits(&self.file, file)
    }
}

#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(untagged)]
pub enum Headers {
    One(String),
    Sum(Vec<String>),
}

/// The content of one file.
enum OneFile {
    Sheets(FileRead),
    Parquet(Option<Box<Facts>>, Vec<Problem>),
    Failed(Error),
}

/// Reads files and folders into facts; a folder stands for the files in it and in its subfolders. `watch` is called
/// after each file with its name, the number of files done, and their total number.
///
/// # Errors
/// [`Error::Input`] with every error of every file, followed by the warnings (and the notes of the examination); with
/// [`Options::strict`] warnings are errors. If there are no errors, the findings are in `Facts::findings`.
pub fn read(
    inputs: &[PathBuf],
    options: &Options,
    watch: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<Facts> {
    Dictionary::load()?;
    let Listing { files, mut problems } = list(inputs);
    let done = AtomicUsize::new(0);
    let read: Vec<OneFile> = files
        .par_iter()
        .map(|file| {
            let read = read_one(file, options);
            watch(&file.shown, done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            read
        })
        .collect();
    let (mut sheets, mut frames) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            OneFile::Sheets(read) => sheets.push(read),
            OneFile::Parquet(facts, mut said) => {
                problems.append(&mut said);
                frames.extend(facts);
            }
            OneFile::Failed(Error::Input(mut said)) => problems.append(&mut said),
            OneFile::Failed(other) => return Err(other),
        }
    }
    let mut facts = assemble::assemble(sheets, options, &mut problems)?;
    let tables = !frames.is_empty();
    for more in frames {
        facts = joined(facts, *more)?;
    }
    examined(facts, tables, problems, options)
}

/// Examines the facts that were read. `tables`: some of them came from Parquet.
fn examined(mut facts: Facts, tables: bool, mut problems: Vec<Problem>, options: &Options) -> Result<Facts> {
    if tables {
        for (first, second) in parquet::repeated_keys(facts.facts.frame(), 100)? {
            problems.extend(facts.facts.row(second).map(|row| repeated(row, first)));
        }
    }
    if facts.facts.height() == 0 && !problems.iter().any(|p| p.level == Level::Error) {
        problems.push(Problem::error("no_schools", Place::default()));
    }
    refuse(&mut problems, options, Level::Warning)?;
    facts.findings = problems;
    let examined = examine::examine(&facts);
    facts.findings.extend(examined);
    let mut problems = std::mem::take(&mut facts.findings);
    // Everything has been read, so the report includes the notes.
    refuse(&mut problems, options, Level::Note)?;
    facts.findings = problems;
    facts.facts = assemble::absent::with_absent_sections(facts.facts)?;
    Ok(facts)
}

/// Stops if there is an error: errors come first, then the rest down to `least`.
fn refuse(problems: &mut Vec<Problem>, options: &Options, least: Level) -> Result<()> {
    if options.strict {
        problems.iter_mut().filter(|p| p.level == Level::Warning).for_each(|p| p.level = Level::Error);
    }
    if !problems.iter().any(|p| p.level == Level::Error) {
        return Ok(());
    }
    let mut said = std::mem::take(problems);
    said.retain(|p| p.level >= least);
    said.sort_by_key(|p| std::cmp::Reverse(p.level));
    Err(Error::Input(said))
}

/// The sheets of one of the files that [`list`] finds, as [`read`] reads them.
///
/// # Errors
/// Those of [`file::sheets`].
pub fn sheets(file: &Input, options: &Options) -> Result<Vec<sheet::Sheet>> {
    let path = file.path.display().to_string();
    let encoding = layout::mappings_of(&path, options).into_iter().find_map(|m| m.encoding.as_deref());
    file::sheets(&file.path, &file.shown, encoding.or(options.encoding.as_deref()), &options.limits)
}

fn read_one(file: &Input, options: &Options) -> OneFile {
    if is_parquet(&file.path) {
        let mut problems = Vec::new();
        return match parquet::read(&file.path, &file.shown, options, &mut problems) {
            Ok(facts) => OneFile::Parquet(facts.map(Box::new), problems),
            Err(why) => OneFile::Failed(why.into()),
        };
    }
    match sheets(file, options) {
        Ok(sheets) => OneFile::Sheets(layout::read_file(&file.path.display().to_string(), &sheets, options)),
        Err(Error::Disk { path, source }) => OneFile::Failed(
            Problem::error("file_unreadable", Place::file(&file.shown))
                .with("path", path)
                .with("why", source)
                .into(),
        ),
        Err(other) => OneFile::Failed(other),
    }
}

/// Two sets of tables as one; the sources of the second are renumbered.
fn joined(first: Facts, second: Facts) -> PolarsResult<Facts> {
    if first.facts.height() == 0 && first.sources.height() == 0 {
        return Ok(second);
    }
    let offset = first.sources.rows().map(|source| source.source_id()).max().map_or(0, |last| last + 1);
    Ok(Facts {
        facts: first.facts.with_sources_of(&second.facts, offset)?,
        district_facts: first.district_facts.with_sources_of(&second.district_facts, offset)?,
        answers: first.answers.with_sources_of(&second.answers, offset)?,
        sources: first.sources.with_sources_of(&second.sources, offset)?,
        columns: first.columns.with_sources_of(&second.columns, offset)?,
        record_sources: first.record_sources.with_sources_of(&second.record_sources, offset)?,
        findings: Vec::new(),
    })
}

/// The error on a key that occurs twice, where Parquet is among the inputs.
fn repeated(row: facts::Row, first: usize) -> Problem {
    let school = row.school_code().unwrap_or_default();
    Problem::error("key_twice", Place::default())
        .school(school)
        .with("district", row.district_code().unwrap_or_default())
        .with("year", row.year().unwrap_or_default())
        .with("code", school)
        .with("section", row.text(facts::column::section).unwrap_or_default())
        .with("first", first + 1)
        .with("second", row.index() + 1)
}

#[cfg(test)]
mod tests;
