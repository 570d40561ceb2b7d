//! Files → facts, each with its source cell; findings on bad input. Nothing here judges.
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
pub mod marks;
pub mod parquet;
pub mod sheet;
pub mod workbook;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

pub use assemble::cells_of;
use layout::FileRead;
pub use listing::{Input, Listing, is_parquet, list, shown};
use polars::prelude::{DataFrame, PolarsResult};
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

/// What ingest hands on: the tables of [`crate::tables`] named alike, and the findings.
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
    /// From a fact of a row to the cells it was read from.
    ///
    /// # Errors
    /// A table lacks a column: a defect of ours.
    pub fn cells(&self) -> PolarsResult<Cells<'_>> {
        Cells::new(cells::Tables {
            facts: &self.facts,
            sources: &self.sources,
            columns: &self.columns,
            record_sources: &self.record_sources,
            district_facts: &self.district_facts,
            answers: Some(&self.answers),
        })
    }
}

/// How to read. [`Default`] reads everything without configuration.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Stands where the files name no year.
    pub year: Option<i32>,
    /// Code and name; stands where the files name no district.
    pub district: Option<(String, String)>,
    /// An encoding label for csv and tsv (`gbk`, `gb18030`, `big5`, `utf-8`); detected without it.
    pub encoding: Option<String>,
    /// Warnings stop the run as errors do.
    pub strict: bool,
    pub limits: Limits,
    /// Pinned readings from a pipeline file, the first whose `file` fits wins; none for plain runs.
    pub mappings: Vec<Mapping>,
}

/// Bounds on what a file may ask for; an error names the one that was crossed and the flag that raises it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries of a zip container.
    pub entries: usize,
    /// Inflated bytes of all entries.
    pub inflated: u64,
    /// Inflated over packed bytes, for entries over a megabyte.
    pub ratio: u64,
    /// Cells with a value, a file.
    pub cells: usize,
    /// Bytes of one cell's text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { entries: 10_000, inflated: 2 << 30, ratio: 1_000, cells: 20_000_000, text: 65_536 }
    }
}

/// How one file is to be read, where its headers say something else than the dictionary.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// A file name, `*` for any run of characters.
    pub file: String,
    pub sheet: Option<String>,
    pub encoding: Option<String>,
    /// 1-based first and last row of the header; found without it.
    pub header_rows: Option<(u32, u32)>,
    /// All rows are of this section.
    pub section: Option<Section>,
    pub year: Option<i32>,
    /// Added to the year read or given (學年度 103 + 1911).
    pub year_offset: Option<i32>,
    /// Fact id (or `primary.<fact>`) → headers, as printed or as a path with `/`; several are added up.
    #[serde(default)]
    pub columns: BTreeMap<String, Headers>,
    /// Fact id → a value for every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Headers to pass over without a finding.
    #[serde(default)]
    pub ignore: Vec<String>,
}

impl Mapping {
    /// Whether it speaks of `file`: by its name, or by its path as it is shown.
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

/// What one file gave.
enum OneFile {
    Sheets(FileRead),
    Parquet(Option<Box<Facts>>, Vec<Problem>),
    Failed(Error),
}

/// Reads files and folders (a folder is its files, and those of the folders in it) into facts. `watch` is
/// told of each file that is done: its name, how many are, of how many.
///
/// Errors: [`Error::Input`] with every error of every file, and the warnings (and, of what was examined, the notes) after
/// them; with
/// [`Options::strict`] warnings are errors. Without any error the findings are in [`Facts::findings`].
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

/// Facts that were read, with what there is to say of them; `tables` where some came from Parquet.
fn examined(mut facts: Facts, tables: bool, mut problems: Vec<Problem>, options: &Options) -> Result<Facts> {
    if tables {
        for (first, second) in parquet::repeated_keys(&facts.facts, 100)? {
            problems.push(repeated(&facts.facts, first, second)?);
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
    // All has been read: who checks is told of the rest too.
    refuse(&mut problems, options, Level::Note)?;
    facts.findings = problems;
    facts.facts = assemble::absent::with_absent_sections(facts.facts)?;
    Ok(facts)
}

/// Stops where there is an error: errors first, then the rest down to `least`.
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

/// Two sets of tables as one; the sources of the second are numbered on.
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

/// The error on a key that stands twice where Parquet is among the inputs.
fn repeated(frame: &DataFrame, first: usize, second: usize) -> PolarsResult<Problem> {
    let text = |name: &str| -> PolarsResult<String> {
        Ok(frame.column(name)?.str()?.get(second).unwrap_or_default().to_string())
    };
    let year = frame.column(facts::column::year)?.i32()?.get(second).unwrap_or_default();
    Ok(Problem::error("key_twice", Place::default())
        .school(text(facts::column::school_code)?)
        .with("district", text(facts::column::district_code)?)
        .with("year", year)
        .with("code", text(facts::column::school_code)?)
        .with("section", text(facts::column::section)?)
        .with("first", first + 1)
        .with("second", second + 1))
}
