//! Options that several commands share, and their resolution before anything is read.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{formats::NoFormats, usage};
use crate::{
    ingest::{Limits, Options},
    problem::Result,
    report::{self, documents::Documents},
    standard::Standard,
};

/// The inputs and how to read them.
#[derive(Debug, Args)]
pub struct Reading {
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    #[arg(long, num_args = 2, value_names = ["CODE", "NAME"])]
    district: Option<Vec<String>>,
    #[arg(long, value_name = "E")]
    encoding: Option<String>,
    #[arg(long)]
    strict: bool,
    #[arg(long, value_name = "N")]
    max_entries: Option<usize>,
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    #[arg(long, value_name = "N")]
    max_ratio: Option<u64>,
    #[arg(long, value_name = "N")]
    max_cells: Option<usize>,
    #[arg(long, value_name = "BYTES")]
    max_text: Option<usize>,
}

impl Reading {
    /// The inputs, and how to read them.
    pub fn resolve(self) -> (Vec<PathBuf>, Options) {
        let usual = Limits::default();
        let mut district = self.district.unwrap_or_default().into_iter();
        let options = Options {
            year: self.year,
            district: district.next().zip(district.next()),
            encoding: self.encoding,
            strict: self.strict,
            limits: Limits {
                entries: self.max_entries.unwrap_or(usual.entries),
                inflated: self.max_bytes.unwrap_or(usual.inflated),
                ratio: self.max_ratio.unwrap_or(usual.ratio),
                cells: self.max_cells.unwrap_or(usual.cells),
                text: self.max_text.unwrap_or(usual.text),
            },
            mappings: Vec::new(),
        };
        (self.inputs, options)
    }
}

/// Which documents to leave out, and what the others need.
#[derive(Debug, Args)]
pub struct LeftOut {
    #[arg(long = "no-documents")]
    documents: bool,
    #[arg(long = "no-form")]
    form: bool,
    #[arg(long = "no-annotated")]
    annotated: bool,
    #[arg(long = "no-gaps")]
    gaps: bool,
    #[arg(long = "no-charts")]
    charts: bool,
    #[command(flatten)]
    formats: NoFormats,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

impl LeftOut {
    /// The documents to write.
    pub fn resolve(&self, asked: Documents) -> Documents {
        let none = self.documents;
        Documents {
            form: asked.form && !self.form && !none,
            annotated: asked.annotated && !self.annotated && !none,
            gaps: asked.gaps && !self.gaps && !none,
            charts: asked.charts && !self.charts && !none,
            formats: if none { Vec::new() } else { self.formats.leave(asked.formats) },
            templates: self.templates.clone().or(asked.templates),
        }
    }
}

/// What `assess` and `run` write and show of a result.
#[derive(Debug, Args)]
pub struct Reporting {
    #[command(flatten)]
    pub left_out: LeftOut,
    /// The previous `gaps.xlsx`, as people filled it in.
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// The date of the report; by default today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<chrono::NaiveDate>,
    #[arg(long)]
    pub json: bool,
    #[arg(long)]
    pub fail_unless_ready: bool,
}

impl Reporting {
    /// The documents to write.
    ///
    /// # Errors
    /// `--ledger` is given, but no ledger is to be written.
    pub fn documents(&self, asked: Documents) -> Result<Documents> {
        let documents = self.left_out.resolve(asked);
        match &self.ledger {
            Some(_) if !documents.gaps => Err(usage("ledger_unwritten", &[])),
            _ => Ok(documents),
        }
    }
}

/// The location of the store.
#[derive(Debug, Args)]
pub struct StorePlace {
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
}

/// Splits `--set SETTING=VALUE`.
pub fn settings(given: &[String]) -> Result<Vec<(String, String)>> {
    let split = |text: &String| match text.split_once('=') {
        Some((setting, value)) if !setting.trim().is_empty() => {
            Ok((setting.trim().to_string(), value.trim().to_string()))
        }
        _ => Err(usage("set_without_value", &[("found", text.clone())])),
    };
    given.iter().map(split).collect()
}

/// Loads each named standard once. A setting is chosen in every standard that has it.
///
/// # Errors
/// No standard has one of the settings, or two standards have the same id.
pub fn standards(names: &[String], settings: &[(String, String)]) -> Result<Vec<(String, Standard)>> {
    let mut standards: Vec<(String, Standard)> = Vec::new();
    for name in names {
        let standard = Standard::load(name)?;
        // Each standard has a folder named by its id, and some file systems ignore case.
        match standards.iter().find(|(_, other)| other.id.eq_ignore_ascii_case(&standard.id)) {
            None => standards.push((name.clone(), standard)),
            Some((first, _)) if is_same_file(first, name) => {}
            Some((first, _)) => {
                let args = [("found", standard.id), ("first", first.clone()), ("second", name.clone())];
                return Err(usage("standard_id_twice", &args));
            }
        }
    }
    for (setting, value) in settings {
        let has = |standard: &Standard| standard.settings.iter().any(|s| s.id == *setting);
        let nobody = !standards.iter().any(|(_, standard)| has(standard));
        for (_, standard) in &mut standards {
            if nobody || has(standard) {
                standard.choose(setting, value)?;
            }
        }
    }
    Ok(standards)
}

/// The standard of this name with its settings chosen: the name as given, and the standard.
///
/// # Errors
/// There is no standard of this name, or it lacks one of the settings.
pub fn standard(name: &str, settings: &[(String, String)]) -> Result<(String, Standard)> {
    let mut standard = Standard::load(name)?;
    settings.iter().try_for_each(|(setting, value)| standard.choose(setting, value))?;
    Ok((name.to_string(), standard))
}

fn is_same_file(first: &str, second: &str) -> bool {
    let real = |name: &str| Path::new(name).canonicalize();
    first == second || real(first).is_ok_and(|first| real(second).is_ok_and(|second| first == second))
}

/// Parses names of tables.
///
/// # Errors
/// A name is unknown.
pub fn tables(given: Option<Vec<String>>) -> Result<report::Tables> {
    let known = || report::READ.iter().chain(&report::JUDGED);
    let Some(list) = given else { return Ok(None) };
    let list: Vec<String> = list.iter().map(|t| t.trim().to_string()).filter(|t| !t.is_empty()).collect();
    match list.iter().find(|table| !known().any(|k| k == table)) {
        Some(unknown) => {
            let allowed: Vec<&str> = known().copied().collect();
            Err(usage("unknown_table", &[("found", unknown.clone()), ("allowed", allowed.join(" "))]))
        }
        None => Ok(Some(list)),
    }
}
