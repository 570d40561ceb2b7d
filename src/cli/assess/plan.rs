//! A run of `assess`, resolved from arguments or from a pipeline file.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::AssessArguments;
use crate::{
    cli::{
        OUT, STANDARD,
        options::{settings, standards, tables},
    },
    ingest::Options,
    problem::{Problem, Result},
    report::{self, documents::Documents},
    standard::Standard,
};

/// What to read and how, by which rules, where to.
pub struct Plan {
    pub inputs: Vec<PathBuf>,
    /// What is known of the inputs before they are read.
    pub findings: Vec<Problem>,
    pub options: Options,
    /// As named, and loaded with its settings chosen. Never empty.
    pub standards: Vec<(String, Standard)>,
    pub reliefs: bool,
    pub out: PathBuf,
    pub tables: report::Tables,
    pub documents: Documents,
    /// Last time's `gaps.xlsx`, as people filled it in.
    pub ledger: Option<PathBuf>,
    /// The day of the report; today without it.
    pub date: Option<NaiveDate>,
    pub json: bool,
    pub fail_unless_ready: bool,
}

impl Plan {
    pub fn from_arguments(mut arguments: AssessArguments) -> Result<Plan> {
        if arguments.standard.is_empty() {
            arguments.standard.push(STANDARD.into());
        }
        // What is wrong with the call is said before any file is opened.
        let (tables, settings) = (tables(arguments.tables)?, settings(&arguments.set)?);
        // Who asks for some tables asks for no documents.
        let asked = if tables.is_some() { Documents::default() } else { Documents::all() };
        let documents = arguments.documents.resolve(asked, arguments.ledger.is_some())?;
        let (inputs, options) = arguments.reading.resolve();
        Ok(Plan {
            inputs,
            findings: Vec::new(),
            options,
            standards: standards(&arguments.standard, &settings)?,
            reliefs: arguments.reliefs,
            documents,
            ledger: arguments.ledger,
            date: arguments.date,
            out: arguments.out.unwrap_or_else(|| OUT.into()),
            tables,
            json: arguments.json,
            fail_unless_ready: arguments.fail_unless_ready,
        })
    }

    /// Where a standard's tables stand in the folder: a folder of their own where there are several standards.
    pub fn prefix(&self, standard: &Standard) -> String {
        if self.standards.len() > 1 { format!("{}/", standard.id) } else { String::new() }
    }
}
