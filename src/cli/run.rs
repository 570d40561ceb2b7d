//! `run`: `assess`, or `score` for a scoring standard, with everything pinned in a file.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{
    Exit, OUT, STANDARD,
    assess::{self, Plan},
    options::{Reporting, standard, tables},
    score, screen,
    store::{self, Addition, Unit},
};
use crate::{ingest::Options, pipeline, problem::Result, report::documents::Documents, words::Words};

#[derive(Debug, Args)]
pub struct RunArguments {
    #[arg(value_name = "PIPELINE.toml")]
    pipeline: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reporting: Reporting,
}

pub fn execute(arguments: RunArguments, words: &Words) -> Result<Exit> {
    let pipeline = pipeline::load(&arguments.pipeline)?;
    let settings: Vec<(String, String)> = pipeline.settings.into_iter().collect();
    let named = if pipeline.standard.is_empty() { STANDARD } else { &pipeline.standard };
    let standard = standard(named, &settings)?;
    let asked = match (&pipeline.documents, &pipeline.tables) {
        (Some(names), _) => Documents::only(names),
        (None, Some(_)) => Documents::default(),
        (None, None) => Documents::all(),
    };
    let asked = Documents { templates: pipeline.templates, ..asked };
    let mut reporting = arguments.reporting;
    reporting.ledger = reporting.ledger.or(pipeline.ledger);
    let options = Options {
        year: pipeline.year,
        district: pipeline.district,
        strict: pipeline.strict,
        encoding: pipeline.encoding,
        mappings: pipeline.sources,
        ..Options::default()
    };
    // A language named in the file takes precedence, because the result is pinned too.
    let own = pipeline.language.filter(|language| *language != words.language);
    let own = own.map(Words::load).transpose()?;
    let words = own.as_ref().unwrap_or(words);
    if standard.1.units.is_some() {
        let plan = score::Plan {
            inputs: pipeline.inputs,
            findings: pipeline.findings,
            options,
            standard,
            out: arguments.out.or(pipeline.out),
            documents: reporting.documents(asked)?,
            last_year: pipeline.last_year,
            ledger: reporting.ledger,
            date: reporting.date,
            json: reporting.json,
        };
        return score::execute(plan, words);
    }
    let addition = pipeline.store.map(|store| Addition {
        units: vec![Unit {
            inputs: pipeline.inputs.clone(),
            options: options.clone(),
            standard: standard.clone(),
            reliefs: pipeline.reliefs,
        }],
        findings: Vec::new(),
        store,
        wait: Duration::ZERO,
    });
    let plan = Plan {
        inputs: pipeline.inputs,
        findings: pipeline.findings,
        options,
        standards: vec![standard],
        reliefs: pipeline.reliefs,
        out: arguments.out.or(pipeline.out).unwrap_or_else(|| OUT.into()),
        documents: reporting.documents(asked)?,
        reporting,
        tables: tables(pipeline.tables)?,
    };
    let exit = assess::execute(&plan, words)?;
    if let Some(addition) = addition {
        let added = store::add(&addition, words)?;
        screen::tell(&format!("\n{}", store::summary(&addition.store, &added, words)));
    }
    Ok(exit)
}
