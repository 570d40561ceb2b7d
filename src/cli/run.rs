//! `run`: `assess` with everything pinned in a file.

use super::{
    Exit, OUT, RunArguments, STANDARD,
    assess::{self, Plan},
};
use crate::{ingest::Options, pipeline, problem::Result, report::documents::Documents, words::Words};

pub fn execute(arguments: RunArguments, words: &Words) -> Result<Exit> {
    let pipeline = pipeline::load(&arguments.pipeline)?;
    let settings: Vec<(String, String)> = pipeline.settings.into_iter().collect();
    let standard = if pipeline.standard.is_empty() { STANDARD.into() } else { pipeline.standard };
    let asked = match (&pipeline.documents, &pipeline.tables) {
        (Some(names), _) => Documents::only(names),
        (None, Some(_)) => Documents::NONE,
        (None, None) => Documents::ALL,
    };
    let asked = Documents { templates: pipeline.templates, ..asked };
    let ledger = arguments.ledger.or(pipeline.ledger);
    let plan = Plan {
        inputs: pipeline.inputs,
        options: Options {
            year: pipeline.year,
            district: pipeline.district,
            strict: pipeline.strict,
            encoding: pipeline.encoding,
            mappings: pipeline.sources,
            ..Options::default()
        },
        standards: assess::standards(&[standard], &settings)?,
        reliefs: pipeline.reliefs,
        out: arguments.out.or(pipeline.out).unwrap_or_else(|| OUT.into()),
        documents: assess::documents(asked, arguments.documents, ledger.is_some())?,
        ledger,
        date: arguments.date,
        tables: assess::tables(pipeline.tables)?,
        json: arguments.json,
        fail_unless_ready: arguments.fail_unless_ready,
    };
    // The file's language holds where it names one: the result is pinned with the rest.
    match pipeline.language {
        Some(language) if language != words.language => match Words::load(language) {
            Ok(words) => assess::execute(plan, &words),
            Err(_) => assess::execute(plan, words),
        },
        _ => assess::execute(plan, words),
    }
}
