//! A run of `assess`, resolved from arguments or from a pipeline file.

use std::path::PathBuf;

use super::AssessArguments;
use crate::{
    cli::{
        OUT, STANDARD,
        options::{Reporting, settings, standards, tables},
    },
    ingest::Options,
    problem::{Problem, Result},
    report::{self, documents::Documents},
    standard::Standard,
};

/// What to read and how, by which rules, and where to write.
pub struct Plan {
    pub inputs: Vec<PathBuf>,
    /// Year, district and encoding given for the inputs.
    pub findings: Vec<Problem>,
    pub options: Options,
    /// Each standard's name as given, and the standard with its settings chosen. Never empty.
    pub standards: Vec<(String, Standard)>,
    pub reliefs: bool,
    pub out: PathBuf,
    pub tables: report::Tables,
    pub documents: Documents,
    pub reporting: Reporting,
}

impl Plan {
    pub fn from_arguments(mut arguments: AssessArguments) -> Result<Plan> {
        if arguments.standard.is_empty() {
            arguments.standard.push(STANDARD.into());
        }
        // Errors in the call are reported before any file is opened.
        let (tables, settings) = (tables(arguments.tables)?, settings(&arguments.set)?);
        // With `--tables`, no documents are written.
        let asked = if tables.is_some() { Documents::default() } else { Documents::all() };
        let documents = arguments.reporting.documents(asked)?;
        let (inputs, options) = arguments.reading.resolve();
        Ok(Plan {
            inputs,
            findings: Vec::new(),
            options,
            standards: standards(&arguments.standard, &settings)?,
            reliefs: arguments.reliefs,
            documents,
            reporting: arguments.reporting,
            out: arguments.out.unwrap_or_else(|| OUT.into()),
            tables,
        })
    }

    /// The prefix of a standard's tables in the folder: a folder of its own if there are several standards.
    pub fn prefix(&self, standard: &Standard) -> String {
        if self.standards.len() > 1 { format!("{}/", standard.id) } else { String::new() }
    }
}
