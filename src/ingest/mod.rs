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
pub mod header;
pub mod layout;
pub mod parquet;
pub mod sheet;
pub mod workbook;

use std::{collections::BTreeMap, path::PathBuf};

use polars::prelude::DataFrame;

use crate::{dictionary::Section, problem::Problem};

/// What ingest hands on: the tables of [`crate::tables`] named alike, and the findings.
#[derive(Debug, Clone)]
pub struct Facts {
    pub facts: DataFrame,
    pub district_facts: DataFrame,
    pub answers: DataFrame,
    pub sources: DataFrame,
    pub columns: DataFrame,
    pub record_sources: DataFrame,
    pub findings: Vec<Problem>,
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

#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(untagged)]
pub enum Headers {
    One(String),
    Sum(Vec<String>),
}

/// Files of the inputs: a folder is its files (and folders), sorted; lock files (`~$…`) and hidden ones are
/// passed over.
pub type Inputs = Vec<PathBuf>;
