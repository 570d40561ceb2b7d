//! `run`: `assess`, or `score` by a scoring standard, with everything pinned in a file.

use super::{
    Exit, OUT, RunArguments, STANDARD,
    assess::{self, Plan},
    score, screen,
    store::{self, Addition, Unit},
};
use std::time::Duration;

use crate::{ingest::Options, pipeline, problem::Result, report::documents::Documents, words::Words};

pub fn execute(arguments: RunArguments, words: &Words) -> Result<Exit> {
    let pipeline = pipeline::load(&arguments.pipeline)?;
    let settings: Vec<(String, String)> = pipeline.settings.into_iter().collect();
    let standard = if pipeline.standard.is_empty() { STANDARD.into() } else { pipeline.standard };
    let asked = match (&pipeline.documents, &pipeline.tables) {
        (Some(names), _) => Documents::only(names),
        (None, Some(_)) => Documents::default(),
        (None, None) => Documents::all(),
    };
    let asked = Documents { templates: pipeline.templates, ..asked };
    let ledger = arguments.ledger.or(pipeline.ledger);
    let options = Options {
        year: pipeline.year,
        district: pipeline.district,
        strict: pipeline.strict,
        encoding: pipeline.encoding,
        mappings: pipeline.sources,
        ..Options::default()
    };
    let mut standards = assess::standards(&[standard], &settings)?;
    // The file's language holds where it names one: the result is pinned with the rest.
    let own = pipeline.language.filter(|language| *language != words.language);
    let own = own.map(Words::load).transpose()?;
    let words = own.as_ref().unwrap_or(words);
    if standards.first().is_some_and(|(_, standard)| standard.units.is_some()) {
        let plan = score::Plan {
            inputs: pipeline.inputs,
            options,
            standard: standards.remove(0),
            out: arguments.out.or(pipeline.out),
            documents: assess::documents(asked, arguments.documents, false)?,
            last_year: pipeline.last_year,
            date: arguments.date,
            json: arguments.json,
        };
        return score::execute(plan, words);
    }
    let addition = pipeline.store.zip(standards.first().cloned()).map(|(store, first)| Addition {
        units: vec![Unit {
            inputs: pipeline.inputs.clone(),
            options: options.clone(),
            standard: first,
            reliefs: pipeline.reliefs,
        }],
        store,
        wait: Duration::ZERO,
    });
    let plan = Plan {
        inputs: pipeline.inputs,
        options,
        standards,
        reliefs: pipeline.reliefs,
        out: arguments.out.or(pipeline.out).unwrap_or_else(|| OUT.into()),
        documents: assess::documents(asked, arguments.documents, ledger.is_some())?,
        ledger,
        date: arguments.date,
        tables: assess::tables(pipeline.tables)?,
        json: arguments.json,
        fail_unless_ready: arguments.fail_unless_ready,
    };
    let exit = assess::execute(plan, words)?;
    if let Some(addition) = addition {
        let added = store::add(&addition, words)?;
        screen::tell(&format!("\n{}", store::told(&addition.store, &added, words)));
    }
    Ok(exit)
}
