//! `check`: reads and examines only. Exit code 1 if there are errors. With `--out`, the findings and annotated copies
//! of the user's files are written whatever was found, because they are needed most when there are errors.

use std::path::PathBuf;

use clap::Args;

use super::{
    Exit,
    context::{self, RunContext},
    options::Reading,
    progress::Step,
    screen,
};
use crate::{
    ingest::{self, Options},
    number,
    problem::{Error, Level, Place, Problem, Result},
    report::{self, annotate, findings},
    sha256,
    tables::{
        Row,
        run::{Input, Run},
    },
    words::Words,
};

/// The folder for annotated copies that an error of `assess` suggests.
const OUT: &str = "junheng-check";
/// The suggestion repeats the inputs only up to this number.
const MAX_INPUTS: usize = 3;

#[derive(Debug, Args)]
pub struct CheckArguments {
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

pub fn execute(arguments: CheckArguments, words: &Words) -> Result<Exit> {
    let (inputs, options) = arguments.reading.resolve();
    // Before the work, so that a folder that cannot be written is reported at once.
    let context = match &arguments.out {
        Some(out) => {
            let mut context = RunContext::open(out)?;
            if !context.previous.0.standards.is_empty() {
                return Err(Problem::error("out_has_result", Place::file(out.display().to_string())).into());
            }
            let files = ingest::list(&inputs).files;
            context.protect(files.iter().map(|file| file.path.as_path()))?;
            Some(context)
        }
        None => None,
    };
    let step = Step::new(words.say("cli.doing.read"));
    let read = ingest::read(&inputs, &options, &|what, done, total| step.watch(what, done, total));
    drop(step);
    // An error that would stop a run is a finding like any other here.
    let (problems, schools) = match read {
        Ok(facts) => {
            let schools = facts.facts.height();
            (facts.findings, Some(schools))
        }
        Err(Error::Input(problems)) => (problems, None),
        Err(other) => return Err(other),
    };
    let finished = match context {
        Some(mut context) => {
            let _step = Step::new(words.say("cli.doing.write"));
            let run = write(&mut context, &inputs, &options, &problems, words)?;
            Some(context.commit(run, words)?)
        }
        None => None,
    };
    if arguments.json {
        screen::say(&json(&problems, words)?)?;
    } else {
        let mut parts = Vec::new();
        if let Some(sections) = schools {
            parts.push(words.fill("cli.check_done.read", &[("sections", number::count(sections as i64))]));
        }
        parts.push(match problems.is_empty() {
            true => words.say("cli.check_done.none"),
            false => screen::findings(&problems, usize::MAX, words),
        });
        parts.extend(finished.map(|finished| format!("\n{}", finished.files(screen::files, words))));
        screen::say(&parts.join("\n"))?;
    }
    let bad = problems.iter().any(|p| p.level == Level::Error);
    Ok(if bad { Exit::BadInput } else { Exit::Done })
}

/// Writes `findings` and the annotated copies; returns their provenance.
fn write(
    context: &mut RunContext,
    inputs: &[PathBuf],
    options: &Options,
    problems: &[Problem],
    words: &Words,
) -> Result<Run> {
    // A file that cannot be read is among the findings.
    let hashed = |file: ingest::Input| Input {
        sha256: sha256::of_file(&file.path).unwrap_or_default(),
        file: file.shown,
    };
    let read: Vec<Input> = ingest::list(inputs).files.into_iter().map(hashed).collect();
    report::table(&mut context.folder, "", "findings", findings(problems, words).frame())?;
    let made = context::made(None, &read);
    for (name, content) in annotate::copies(inputs, problems, options, &made, words)? {
        context.folder.put(&name, &content)?;
    }
    Ok(Run { inputs: read, ..context::run_of(options) })
}

/// How to see the errors that stopped `assess` in one's own files; nothing if no cell or sheet is at fault.
pub fn annotation_hint(error: &Error, inputs: &[PathBuf], words: &Words) -> Option<String> {
    let Error::Input(problems) = error else { return None };
    // A ledger is not an input, so there is nothing to check in it.
    let in_sheets = |problem: &Problem| problem.place.sheet.is_some() && !problem.code.starts_with("ledger_");
    let in_sheets = problems.iter().any(in_sheets);
    if inputs.is_empty() || !in_sheets {
        return None;
    }
    let shown: Vec<String> = inputs
        .iter()
        .map(|input| {
            let text = input.display().to_string();
            let plain = text.chars().all(|c| c.is_alphanumeric() || "/\\._-:".contains(c));
            if plain { text } else { format!("\"{text}\"") }
        })
        .collect();
    let shown = if shown.len() > MAX_INPUTS { "INPUT...".to_string() } else { shown.join(" ") };
    Some(words.fill("cli.check_done.annotate", &[("inputs", shown), ("folder", OUT.into())]))
}

/// The rows of `findings` as a list.
fn json(problems: &[Problem], words: &Words) -> Result<String> {
    let table = findings(problems, words);
    let names = table.frame().get_column_names();
    let rows: Vec<serde_json::Value> = Row::all(table.frame())
        .map(|row| {
            names.iter().map(|name| (name.to_string(), serde_json::Value::from(row.text(name)))).collect()
        })
        .collect();
    Ok(format!("{:#}", serde_json::Value::Array(rows)))
}
